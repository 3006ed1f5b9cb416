"""The energy view under hand, keys and touch."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from tests.browser import visit
from tests.browser.probe import Probe
from tests.browser.tabs import Tabs
from trisym.geometry import side_lengths
from trisym.potentials import molecule_energy
from trisym.storage.energy_models import KINDS
from trisym.ui.energy.scene import Scene


@pytest.fixture(scope="module")
def shared(shared_page: Page, app_url: str) -> Page:
    """One page for the tests below: opening it takes longer than most of them."""
    shared_page.goto(f"{app_url}/energy")
    return shared_page


@pytest.fixture
def energy_page(shared: Page) -> Iterator[Page]:
    errors: list[str] = []
    visit.watch(shared, errors)
    opened(shared)
    shared.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    Probe(shared, "energy").restart()
    settle(shared)
    yield shared
    assert not [*errors, *visit.exception_boxes(shared)]


def opened(page: Page) -> Page:
    Probe(page, "energy").ready()
    visit.wait_until_idle(page)
    return page


def settle(page: Page) -> None:
    Probe(page, "energy").settled()
    visit.wait_until_idle(page)


def state(page: Page) -> dict[str, Any]:
    return Probe(page, "energy").state()


def boxes(page: Page) -> list[str]:
    return [box.input_value() for box in page.locator("form.sides input").all()]


def plot_x(page: Page, t: float) -> float:
    """Where on the page the plots show a t."""
    plot, box = state(page)["plot"], page.locator(".plot-canvas").bounding_box()
    assert box
    part = (t - plot["low"]) / (plot["high"] - plot["low"])
    return float(box["x"] + plot["left"] + part * (plot["right"] - plot["left"]))


def card(page: Page, kind: str) -> float:
    text = page.locator(f".card.{kind} .value").inner_text()
    return float(text.replace("−", "-"))


def drag(page: Page, x0: float, y0: float, x1: float, y1: float) -> None:
    page.mouse.move(x0, y0)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x0 + (x1 - x0) * step / 8, y0 + (y1 - y0) * step / 8)
    page.mouse.up()


def test_a_curve_is_drawn_at_no_click(energy_page: Page) -> None:
    assert state(energy_page)["curve"]["points"] > 100
    assert state(energy_page)["bandsDone"]
    values = "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, 400, 300).data).size"
    assert energy_page.locator(".plot-canvas").evaluate(values) > 20


def test_the_cards_are_the_models(energy_page: Page) -> None:
    atoms = 0.7 * torch.tensor(state(energy_page)["vertices"])
    exact = molecule_energy(atoms.double().reshape(1, 3, 3)).item()
    assert card(energy_page, "exact") == pytest.approx(exact, abs=6e-4)


def test_dragging_an_atom_runs_along_the_line(energy_page: Page) -> None:
    """Both arms stay; the pulled side and the energy change; the server hears of it once."""
    page = energy_page
    box = page.locator(".world-canvas").bounding_box()
    assert box
    spot = state(page)["spots"][2]
    before = boxes(page)
    x, y = box["x"] + spot[0], box["y"] + spot[1]
    drag(page, x, y, x + 60, y - 10)
    settle(page)
    after = boxes(page)
    assert (before[0], before[2]) == (after[0], after[2])
    assert before[1] != after[1]
    assert "molecule=" in page.url


def test_dragging_the_dot_pulls_the_side(energy_page: Page) -> None:
    page = energy_page
    box = page.locator(".plot-canvas").bounding_box()
    assert box
    drag(page, box["x"] + 100, box["y"] + 120, plot_x(page, 0.7), box["y"] + 120)
    settle(page)
    assert state(page)["now"]["t"] == pytest.approx(0.7, abs=0.01)
    expect(page.locator(".status")).to_contain_text("exact energy")


def test_turning_keeps_exact_and_sides_and_moves_the_others(energy_page: Page) -> None:
    """E(R x) = E(x) for exact and sides; coordinates give something else."""
    page = energy_page
    before = {kind: card(page, kind) for kind in ("exact", "from-sides")}
    coordinates = state(page)["now"]["predicted"][2]
    canvas = page.locator(".world-canvas")
    canvas.focus()
    for _ in range(5):
        canvas.press("ArrowRight")
    settle(page)
    for kind, energy in before.items():
        assert card(page, kind) == pytest.approx(energy, abs=1.1e-3)
    assert abs(state(page)["now"]["predicted"][2] - coordinates) > 1e-3


def test_keys_pull_choose_and_free_sigma(energy_page: Page) -> None:
    page = energy_page
    plot = page.locator(".plot-canvas")
    plot.focus()
    before = state(page)["now"]["t"]
    plot.press("ArrowRight")
    assert state(page)["now"]["t"] == pytest.approx(before + 0.005, abs=1e-6)
    plot.press("3")
    assert state(page)["line"] == "l3"
    plot.press("e")
    settle(page)
    expect(page.get_by_label("Sigma")).to_be_visible()
    expect(page.locator(".card.from-sides")).to_be_hidden()
    page.get_by_label("Sigma").fill("0.6")
    settle(page)
    sides = side_lengths(torch.tensor(state(page)["vertices"]).reshape(3, 3)) * 0.7
    expected = sum(4 * ((0.6 / r) ** 12 - (0.6 / r) ** 6) for r in sides.tolist())
    assert card(page, "exact") == pytest.approx(expected, abs=2e-3)
    plot.press("e")
    settle(page)
    assert state(page)["sigma"] == 0.5


def test_out_of_the_box_is_said(energy_page: Page) -> None:
    page = energy_page
    band = page.locator(".energy .band")
    expect(band).to_be_hidden()
    page.get_by_role("radio", name="Fig. 18").click()
    settle(page)
    expect(band).to_contain_text("out of the training box")
    assert all(state(page)["curve"]["outside"])


def push(page: Page, key: str, times: int) -> np.ndarray:
    canvas = page.locator(".world-canvas")
    canvas.focus()
    for _ in range(times):
        canvas.press(key)
    settle(page)
    return np.array(state(page)["vertices"])


def test_turned_and_carried_it_stays_in_the_box(energy_page: Page) -> None:
    page = energy_page
    sides = boxes(page)
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowUp", "PageUp"):
        atoms = push(page, key, 20)
        assert ((atoms >= 0) & (atoms <= 1)).all()
    assert boxes(page) == sides
    expect(page.locator(".energy .band")).to_be_hidden()


def test_it_leaves_the_box_where_it_may_and_the_banner_covers_nothing(energy_page: Page) -> None:
    page = energy_page
    page.get_by_role("button", name="May leave the box").click()
    assert push(page, "Shift+ArrowUp", 20).max() > 1
    band = page.locator(".energy .band")
    expect(band).to_be_visible()
    banner = band.bounding_box()
    assert banner
    for canvas in page.locator(".energy canvas").all():
        picture = canvas.bounding_box()
        assert picture
        assert banner["y"] >= picture["y"] + picture["height"]
    page.get_by_role("button", name="May leave the box").click()
    expect(band).to_be_hidden()


def test_three_four_five_at_a_scale_that_fits(energy_page: Page) -> None:
    page = energy_page
    page.get_by_role("button", name="3 : 4 : 5").click()
    settle(page)
    assert boxes(page) == ["0.495", "0.660", "0.825"]
    expect(page.locator(".energy .band")).to_be_hidden()


def test_typed_sides(energy_page: Page) -> None:
    page = energy_page
    sides = [page.get_by_label(f"Side l{i}, ") for i in (1, 2, 3)]
    for box, text in zip(sides, ("0.5", "0,6", "0.7"), strict=True):
        box.fill(text)
    page.get_by_role("button", name="Set sides").click()
    settle(page)
    assert boxes(page) == ["0.500", "0.600", "0.700"]
    sides[2].fill("1.2")
    page.get_by_role("button", name="Set sides").click()
    expect(page.locator(".energy .fault")).to_contain_text("No such molecule")
    assert state(page)["now"]["exact"] < 0


def test_a_huge_energy_is_no_infinity(energy_page: Page) -> None:
    page = energy_page
    sides = [page.get_by_label(f"Side l{i}, ") for i in (1, 2, 3)]
    for box, text in zip(sides, ("0.05", "0.6", "0.6"), strict=True):
        box.fill(text)
    page.get_by_role("button", name="Set sides").click()
    settle(page)
    expect(page.locator(".card.exact .value")).to_contain_text("e+12")
    expect(page.locator(".energy .band")).to_contain_text("a side is under 0.48")


def test_the_curve_can_be_taken_away(energy_page: Page) -> None:
    page = energy_page
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
    assert len(rows) == 121
    assert {"l2", "exact", *KINDS, "coordinates_low", "short_side"} <= set(rows[0])
    assert all(np.isfinite(float(row["exact"])) for row in rows)
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG", exact=True).click()
    assert Path(download.value.path()).read_bytes()[:4] == b"\x89PNG"


def test_a_link_opens_the_same_molecule(energy_page: Page, tabs: Tabs) -> None:
    page = energy_page
    plot = page.locator(".plot-canvas")
    plot.focus()
    plot.press("1")
    plot.press("PageUp")
    settle(page)
    sides = boxes(page)
    address = visit.wait_for_link(
        page,
        Scene,
        "molecule",
        lambda scene: scene.line == ("l1",) and scene.pose != Scene().pose,
    )
    with tabs.lent() as other:
        other.goto(address)
        opened(other)
        assert boxes(other) == sides
        assert state(other)["line"] == "l1"


def test_a_phone_pulls_with_a_finger(tabs: Tabs, app_url: str) -> None:
    with tabs.lent(viewport=visit.PHONE, has_touch=True, is_mobile=True) as page:
        page.goto(f"{app_url}/energy")
        opened(page)
        assert visit.overflow_px(page) == 0
        plot = page.locator(".plot-canvas")
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        assert box
        page.touchscreen.tap(plot_x(page, 0.8), box["y"] + 100)
        settle(page)
        assert state(page)["now"]["t"] == pytest.approx(0.8, abs=0.02)
