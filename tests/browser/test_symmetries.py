"""Unseen motions in a real browser: what is drawn is what torch and SciPy say, by any hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from playwright.sync_api import Locator, Page, expect
from scipy.linalg import expm

from tests.browser import server, visit
from tests.browser.probe import Probe
from tests.browser.tabs import Tabs
from tests.model_files import network
from trisym.config import FitConfig
from trisym.datasets import DataConfig
from trisym.jacobians import of_encoder
from trisym.networks import AutoencoderConfig
from trisym.spectrum import MOTIONS, Spectrum
from trisym.storage import checkpoints, saved_runs
from trisym.storage.cards import Card
from trisym.symmetries import held_out, spectrum
from trisym.ui.symmetries.scene import Scene
from trisym.ui.symmetries.spectra import FIRST

RANKS = range(1, MOTIONS + 1)


@cache
def spectrum_of(name: str) -> Spectrum:
    card = checkpoints.load_card(name)
    function = of_encoder(checkpoints.load_autoencoder(name))
    assert card.config.data.edge is not None
    return spectrum(function, held_out(card.config.data), card.config.data.edge)


def probe(page: Page) -> Probe:
    return Probe(page, "symmetries")


@pytest.fixture
def view(open_page: Callable[..., Page]) -> Page:
    """On a page of its own: to start anew keeps a play that was stopped stopped."""
    return ready(open_page("symmetries", viewport=visit.PROJECTOR))


def ready(page: Page) -> Page:
    probe(page).ready()
    return page


def dot(page: Page, row: int, rank: int) -> Locator:
    return page.locator(".row").nth(row).locator(f".motion[data-rank='{rank}']")


def stop(page: Page) -> dict[str, Any]:
    """Stop the play, if it plays, and return what holds then."""
    if probe(page).state()["playing"]:
        page.get_by_role("button", name="Stop", exact=True).click()
    return probe(page).settled()


def largest_drift(page: Page) -> float:
    """Let the motion swing to both ends, and return how far the latent point went."""
    probe(page).until("state.swings >= it", probe(page).state()["swings"] + 1)
    return float(probe(page).state()["farthest"])


def carried(state: dict[str, Any]) -> np.ndarray:
    """exp(t (A, b)) of the triangle at rest, by SciPy's matrix exponential."""
    motion = np.array(state["motion"])
    field = np.zeros((4, 4))
    field[:3, :3], field[:3, 3] = motion[:9].reshape(3, 3), motion[9:]
    flow = expm(state["part"] * field)
    base = np.array(state["base"]).reshape(3, 3)
    return (base - 0.5) @ flow[:3, :3].T + flow[:3, 3] + 0.5


# ---- at zero clicks


def test_three_networks_show_twelve_motions_each(view: Page) -> None:
    counts = view.locator(".row .count").all_inner_texts()
    assert counts == ["6 not seen", "6 not seen", "sees all 12"]
    for row in range(3):
        expect(view.locator(".row").nth(row).locator(".motion")).to_have_count(MOTIONS)
    state = probe(view).state()
    assert (state["row"], state["rank"], state["playing"]) == (0, 7, True)
    bottom = view.locator(".player").bounding_box()
    assert bottom
    assert bottom["y"] + bottom["height"] <= visit.PROJECTOR["height"], "below the first screen"


def test_each_dot_stands_at_the_answer_that_the_library_finds(view: Page) -> None:
    ticks = view.locator(".axis span")
    places = {float(t.inner_text()): left(t) for t in ticks.all()}
    (low, at_low), *_, (high, at_high) = sorted(places.items())
    per_decade = (at_high - at_low) / np.log10(high / low)
    for row, name in enumerate(FIRST):
        for rank, value in enumerate(spectrum_of(name).values, 1):
            expected = at_low + per_decade * np.log10(value / low)
            assert left(dot(view, row, rank)) == pytest.approx(expected, abs=0.2)


def left(element: Locator) -> float:
    return float(element.evaluate("each => parseFloat(each.style.left)"))


def test_translations_rotations_and_strains_have_shapes(view: Page) -> None:
    kinds = [dot(view, 0, rank).get_attribute("data-kind") for rank in RANKS]
    assert kinds == ["strain"] * 6 + ["rotation"] * 3 + ["translation"] * 3
    shapes = {dot(view, 0, rank).evaluate(SHAPE) for rank in (1, 7, 10)}
    assert len(shapes) == 3


SHAPE = "dot => getComputedStyle(dot, '::before').clipPath"


# ---- one motion


def test_the_triangle_is_carried_by_the_exponential(view: Page) -> None:
    for row, rank in [(0, 7), (0, 1), (2, 4)]:
        dot(view, row, rank).click()
        state = stop(view)
        assert (state["row"], state["rank"]) == (row, rank)
        own = spectrum_of(FIRST[row]).motions[rank - 1]
        np.testing.assert_allclose(state["motion"], state["size"] * own, atol=1e-6)
        assert abs(state["part"]) > 0.01 or state["part"] == 0
        np.testing.assert_allclose(np.reshape(state["vertices"], (3, 3)), carried(state), atol=1e-9)
        view.get_by_role("button", name="Play", exact=True).click()


def test_for_the_invariant_network_the_unseen_six_stay_and_the_others_run(view: Page) -> None:
    for rank in (1, 6, 7, 12):  # the ends of both groups; a swing takes its time
        dot(view, 0, rank).dispatch_event("click")  # dots of one answer lie on each other
        drift = largest_drift(view)
        if rank <= 6:
            assert drift > 0.25
        else:
            assert drift < 0.1
    expect(view.locator(".latent .word")).to_have_text("stays")


def test_the_drift_that_is_shown_is_torchs(view: Page) -> None:
    dot(view, 0, 2).click()
    largest_drift(view)
    state = stop(view)
    model = checkpoints.load_autoencoder("sides-h3")
    both = torch.tensor([state["base"], state["vertices"]])
    before, after = model.encode(both)
    expected = (after - before).norm().item() / spectrum_of("sides-h3").spread
    shown = float(view.locator(".drift .value").inner_text())
    assert shown == pytest.approx(expected, abs=0.006)


def test_pointing_shows_a_motion_and_leaving_gives_back_the_chosen_one(view: Page) -> None:
    dot(view, 2, 12).hover()
    probe(view).until("state.row === 2 && state.rank === 12")
    expect(view.locator(".latent .title")).to_have_text("Trained on coordinates")
    view.mouse.move(5, 5)
    probe(view).until("state.row === 0 && state.rank === 7")


def test_another_networks_answer_to_the_same_motion_is_marked(view: Page) -> None:
    dot(view, 0, 8).click()
    expect(view.locator(".mine")).to_have_count(3)
    state = stop(view)
    marks = [left(each) for each in view.locator(".mine").all()]
    assert marks[0] == pytest.approx(left(dot(view, 0, 8)), abs=0.3)
    found = spectrum_of("mse-h3")
    motion = np.array(state["motion"])
    answer = found.answer(motion) / found.displacement(motion)
    places = [left(dot(view, 2, rank)) for rank in (1, 12)]
    share = np.log(answer / found.values[11]) / np.log(found.values[0] / found.values[11])
    assert marks[2] == pytest.approx(places[1] + share * (places[0] - places[1]), abs=0.3)


# ---- combined


def fader(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True)


def test_sliders_make_a_motion_and_its_drift_is_predicted(view: Page) -> None:
    view.get_by_role("button", name="All to zero").click()
    expect(view.locator(".words")).to_contain_text("no motion")
    fader(view, "Rotation about z").fill("0.3")
    fader(view, "Stretch along x").fill("-0.2")
    state = stop(view)
    assert state["rank"] is None
    motion = np.array(state["motion"])
    assert motion[3] == -motion[1] != 0
    assert motion[0] < 0
    found = spectrum_of("sides-h3")
    turn = np.where(np.isin(np.arange(MOTIONS), [1, 3]), motion, 0)
    assert found.displacement(turn) == pytest.approx(0.3)
    assert number(view, "predicted") == pytest.approx(found.answer(motion), rel=0.06)
    expect(view.locator(".happens")).not_to_contain_text("…")
    happens = number(view, "happens")
    assert happens == pytest.approx(real_drift("sides-h3", motion), rel=0.15)  # other triangles


def number(page: Page, name: str) -> float:
    return float(page.locator(f".{name}").inner_text().removeprefix(name))


def real_drift(name: str, motion: np.ndarray) -> float:
    """What 3,000 held-out triangles do in this motion, rms in spreads."""
    model = checkpoints.load_autoencoder(name).double()
    triangles = held_out(DataConfig())
    field = np.zeros((4, 4))
    field[:3, :3], field[:3, 3] = motion[:9].reshape(3, 3), motion[9:]
    flow = torch.tensor(expm(field))
    moved = (triangles - 0.5) @ flow[:3, :3].T + flow[:3, 3] + 0.5
    apart = model.encode(moved) - model.encode(triangles)
    return float(apart.square().sum(1).mean().sqrt()) / spectrum_of(name).spread


def test_the_linear_answer_ends_in_large_motions(view: Page) -> None:
    """For the network trained on coordinates, a fifth of an edge is far beyond it."""
    dot(view, 2, 3).dispatch_event("click")  # dots of nearly one answer lie on each other
    curve = probe(view).until("state.curve !== null")["curve"]
    value = spectrum_of("mse-h3").values[2]
    small = [drift / abs(size) for size, drift in curve if 0 < abs(size) < 0.07]
    large = [drift / abs(size) for size, drift in curve if abs(size) > 0.9]
    assert min(small) > 2 * max(large)
    assert max(small) < 1.1 * value


def test_size_scales_the_motion_and_keeps_its_direction(view: Page) -> None:
    before = stop(view)
    view.get_by_label("Size of the motion", exact=False).fill("0.6")
    after = probe(view).until("Math.abs(state.size - 0.6) < 1e-6")
    ratio = np.array(after["motion"]) / np.array(before["motion"])
    np.testing.assert_allclose(ratio, 0.6 / before["size"], rtol=1e-6)
    assert after["rank"] == 7


# ---- keys, links, bad input


def test_keys_do_what_buttons_do(view: Page) -> None:
    stop(view)
    dot(view, 0, 7).focus()
    view.keyboard.press("ArrowRight")
    assert probe(view).settled()["rank"] == 6
    view.keyboard.press("ArrowLeft")
    view.keyboard.press("ArrowLeft")
    assert probe(view).settled()["rank"] == 8
    base = probe(view).state()["base"]
    view.keyboard.press("a")
    assert probe(view).settled()["base"] != base
    view.keyboard.press("0")
    assert probe(view).settled()["size"] == 0
    camera = probe(view).state()["camera"]
    view.locator(".world-canvas").press("ArrowLeft")
    assert probe(view).settled()["camera"]["yaw"] != camera["yaw"]
    view.locator(".world-canvas").press("p")
    assert probe(view).state()["playing"]


def test_what_was_chosen_is_said_once_and_read_aloud(view: Page) -> None:
    dot(view, 1, 3).click()
    sentence = re.compile(r"^Motion 3, a strain.*: Trained on perimeters answers 4\.\d\.$")
    expect(view.locator(".player p.status")).to_have_text(sentence)
    expect(view.locator(".player .status + [role=status]")).to_have_text(sentence)


def test_a_link_opens_the_same_motion(
    view: Page, open_page: Callable[..., Page], app_url: str
) -> None:
    view.get_by_role("button", name="All to zero").click()
    fader(view, "Shear in xy").fill("0.25")
    stop(view)
    view.wait_for_url(re.compile("scene=v1"))
    visit.wait_until_idle(view)
    before, path = probe(view).settled(), view.url.removeprefix(f"{app_url}/")
    view.goto("about:blank")
    again = ready(open_page(path, viewport=visit.PROJECTOR))
    after = stop(again)
    np.testing.assert_allclose(after["motion"], before["motion"], atol=1e-6)
    assert after["rank"] is None


def test_a_link_opens_its_networks(open_page: Callable[..., Page]) -> None:
    scene = Scene(rank="12", shown="2", models=("fixed-side-h2", "random-h2"))
    page = ready(open_page(f"symmetries?scene={scene.to_text()}"))
    expect(page.locator(".row")).to_have_count(2)
    assert page.locator(".row .count").all_inner_texts() == ["6 not seen", "6 not seen"]
    state = stop(page)
    assert (state["row"], state["rank"]) == (1, 12)


def test_garbage_in_the_link_is_a_sentence(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("symmetries?scene=v1.AAAA"))
    expect(page.locator(".fault")).to_have_text(re.compile("damaged or cut off"))


# ---- phones, dark, reduced motion, what is taken away


def test_on_a_phone_it_fits_and_a_tap_chooses(tabs: Tabs, app_url: str) -> None:
    with tabs.lent(viewport=visit.PHONE, has_touch=True, is_mobile=True) as page:
        page.goto(f"{app_url}/symmetries")
        ready(page)
        visit.wait_until_idle(page)
        assert visit.overflow_px(page) == 0
        dot(page, 1, 1).tap()
        probe(page).until("state.row === 1 && state.rank === 1")
        assert not visit.exception_boxes(page)


def test_who_wants_nothing_to_move_sees_the_motions_end(page: Page, app_url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{app_url}/symmetries")
    ready(page)
    state = probe(page).settled()
    assert not state["playing"]
    assert state["part"] == 1
    np.testing.assert_allclose(np.reshape(state["vertices"], (3, 3)), carried(state), atol=1e-9)


def test_the_tables_can_be_taken_away(view: Page, tmp_path: Path) -> None:
    for fold in ("The numbers behind the dots", "For researchers"):
        view.get_by_text(fold).click()
        visit.wait_until_idle(view)
    for name, columns in [
        ("own-motions", {"model", "rank", "value", "a_xx", "b_z", "share_rotation"}),
        ("spectrum", {"model", "seed", "rank", "value", "translation", "rotation", "strain"}),
        ("discovery-order", {"preset", "seed", "translation", "rotation", "sides"}),
    ]:
        with view.expect_download() as waiting:
            view.get_by_role("button", name=f"{name}.csv").click()
        file = tmp_path / f"{name}.csv"
        waiting.value.save_as(file)
        assert columns <= set(pd.read_csv(file).columns)


# ---- own models


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """A server with a library of its own: a network with one node, and a dead one; their ids."""
    home = tmp_path_factory.mktemp("library")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(saved_runs.HOME, str(home))
        ids = {name: kept(name, latent) for name, latent in [("one node", 1), ("dead", 3)]}
        with server.running() as running:
            yield running.url, ids
            assert not running.faults()


def kept(name: str, latent: int) -> str:
    """Keep a random network in the library; a dead one gives every triangle one latent point."""
    config = FitConfig(network=AutoencoderConfig(hidden=(8,), latent=latent))
    model = network(config.network)
    if name == "dead":
        for parameter in model.parameters():
            parameter.zero_()
    card = Card(name, config, 1.0, 10, 0.1, "CPU", {}, {})
    path = saved_runs.home() / f"{name}.safetensors"
    checkpoints.save(model, card, path)
    run = saved_runs.new_id()
    entry = saved_runs.Entry(run, name, "finished", saved_runs.now(), config)
    saved_runs.add(entry, path.read_bytes())
    return run


def test_own_models_of_any_latent_size_are_asked(
    own: tuple[str, dict[str, str]], page: Page
) -> None:
    url, ids = own
    scene = Scene(models=(ids["one node"], "sides-h3"))
    page.goto(f"{url}/symmetries?scene={scene.to_text()}")
    ready(page)
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator(".row .title").first).to_contain_text("one node")
    expect(page.locator(".row .count").first).to_have_text(
        re.compile(r"^(sees all 12|\d+ not seen)$")
    )


def test_a_network_that_tells_nothing_apart_gets_a_sentence(
    own: tuple[str, dict[str, str]], page: Page
) -> None:
    url, ids = own
    scene = Scene(models=(ids["dead"], "sides-h3"))
    page.goto(f"{url}/symmetries?scene={scene.to_text()}")
    ready(page)
    expect(page.get_by_text("All triangles have one latent point here")).to_be_visible()
    expect(page.locator(".row")).to_have_count(1)
