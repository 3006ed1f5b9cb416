"""The path between two triangles in a real browser: torch's numbers, a hand, a link, a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from tests.browser import visit
from tests.browser.probe import Probe
from tests.browser.saved_hands import sides_on_path
from trisym.geometry import side_lengths
from trisym.ui.vae.between import PAIR
from trisym.ui.vae.scene import Scene


@pytest.fixture(scope="module")
def opened(shared_page: Page, app_url: str) -> Page:
    shared_page.goto(f"{app_url}/vae")
    Probe(shared_page, "between").ready()
    return shared_page


@pytest.fixture
def paths(opened: Page) -> Iterator[Page]:
    with Probe(opened, "between").afresh() as page:
        yield page


def state(page: Page) -> dict[str, Any]:
    return Probe(page, "between").until("state.settled")


def test_the_paths_are_torch_s_and_a_turn_moves_the_plain_one_more(paths: Page) -> None:
    before = state(paths)
    assert before["changed"] == [0, 0]
    paths.get_by_role("button", name="Random motion").click()
    now = state(paths)
    assert now["vertices"] != before["vertices"]
    np.testing.assert_allclose(
        side_lengths(torch.tensor(now["vertices"]).reshape(1, 3, 3)),
        side_lengths(torch.tensor(before["vertices"]).reshape(1, 3, 3)),
        atol=1e-5,
    )
    for name, way, old, changed in zip(
        PAIR, now["ways"], before["ways"], now["changed"], strict=True
    ):
        np.testing.assert_allclose(way, sides_on_path(name, now), atol=1e-5)
        assert changed == pytest.approx(np.abs(np.array(way) - old).mean(), abs=1e-9)
        assert changed > 0
    numbers = paths.locator(".between .value").all_inner_texts()
    assert numbers == [f"{changed:.3f}" for changed in now["changed"]]
    expect(paths.locator(".between .status")).to_contain_text("The sides on the path have moved")
    paths.get_by_role("button", name="Measure from here").click()
    assert state(paths)["changed"] == [0, 0]


def test_keys_and_the_slider_move_it_and_the_link_keeps_it(paths: Page) -> None:
    before = state(paths)
    paths.locator(".between .world-canvas").press("ArrowRight")
    paths.get_by_label("How far along the path").fill("0.25")
    now = state(paths)
    assert now["share"] == 0.25
    assert now["vertices"] != before["vertices"]
    visit.wait_for_link(
        paths,
        Scene,
        "between",
        lambda scene: (
            scene.share == (0.25,) and np.allclose(np.ravel(scene.pose), now["vertices"], atol=1e-5)
        ),
    )
    paths.get_by_role("button", name="Another pair").click()
    assert state(paths)["end"] != now["end"]


def test_walking_goes_on_until_it_is_stopped(paths: Page) -> None:
    paths.get_by_role("button", name="Walk").click()
    Probe(paths, "between").until("state.moving && state.share !== 0.5")
    paths.get_by_role("button", name="Stop").click()
    assert not state(paths)["moving"]


def test_on_a_phone_it_fits_and_a_damaged_link_is_a_sentence(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("vae?between=v1.AAAA", viewport=visit.PHONE)
    Probe(page, "between").ready()
    assert visit.overflow_px(page) == 0
    expect(page.locator(".between .fault")).to_contain_text("damaged or cut off")
    assert state(page)["share"] == 0.5
