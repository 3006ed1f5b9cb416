"""The decoder by hand in a real browser: what it draws is what torch decodes, and it says where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from tests.browser import visit
from tests.browser.probe import Probe
from trisym.geometry import side_lengths
from trisym.storage import checkpoints
from trisym.ui.latent_space.scene import Scene
from trisym.ui.latent_space.vocabulary import VOCABULARY


@pytest.fixture(scope="module")
def opened(shared_page: Page, app_url: str) -> Page:
    shared_page.goto(f"{app_url}/latent_space")
    return ready(shared_page)


@pytest.fixture
def spaces(opened: Page) -> Iterator[Page]:
    with Probe(opened, "decoder").afresh() as page:
        yield page


def ready(page: Page) -> Page:
    Probe(page, "decoder").ready()
    return page


def state(page: Page) -> dict[str, Any]:
    return Probe(page, "decoder").until("state.settled")


def corner(page: Page, space: str) -> tuple[float, float]:
    """Bring a cloud into view and return where its canvas begins."""
    canvas = page.locator(f".plot.{space} canvas").last
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    return box["x"], box["y"]


def drag_point(page: Page, dx: float, dy: float) -> None:
    left, top = corner(page, "latents")
    x, y, _ = state(page)["spot"]
    page.mouse.move(left + x, top + y)
    page.mouse.down()
    page.mouse.move(left + x + dx, top + y + dy, steps=6)
    page.mouse.up()


def test_the_triangle_under_the_hand_is_the_one_torch_decodes(spaces: Page) -> None:
    """|Δl| < 1e-5 after each of several pulls, and the way back through the encoder agrees too."""
    model = checkpoints.load_autoencoder("sides-h3")
    seen = []
    for dx, dy in [(25.0, 0.0), (-10.0, 20.0), (-30.0, -30.0)]:
        drag_point(spaces, dx, dy)
        now = state(spaces)
        latent = torch.tensor([now["latent"]], dtype=torch.float32)
        triangle = model.decode(latent)
        np.testing.assert_allclose(now["sides"], side_lengths(triangle)[0], atol=1e-5)
        middle = triangle - triangle.mean(dim=1, keepdim=True) + 0.5
        returned = (model.encode(middle) - latent).norm().item() / now["spread"]
        assert now["returned"] == pytest.approx(returned, abs=1e-4)
        seen.append(now["latent"])
    assert len({tuple(latent) for latent in seen}) == 3, "the hand moved nothing"


def test_a_lesson_hears_what_the_hand_did(spaces: Page) -> None:
    spaces.evaluate("""() => {
      window.testHappened = [];
      addEventListener("trisym-happened", ({ detail }) => testHappened.push(detail));
    }""")
    drag_point(spaces, 30.0, 5.0)
    spaces.wait_for_function("() => testHappened.length")
    (told,) = spaces.evaluate("testHappened")
    assert told["view"] == "decoder"
    assert told["amounts"].keys() == VOCABULARY.events.keys()
    assert told["amounts"]["carried"] > 0.05
    assert told["amounts"]["longest"] == pytest.approx(max(state(spaces)["sides"]))


def test_off_the_cloud_is_said(spaces: Page) -> None:
    decoder = spaces.locator(".decoder")
    expect(decoder).to_have_attribute("data-cloud", "on")
    slider = spaces.get_by_label("Latent node 1")
    slider.fill(slider.get_attribute("max") or "")
    expect(decoder).to_have_attribute("data-cloud", "off")
    expect(decoder.locator(".where")).to_contain_text("no triangle was ever encoded here")
    spaces.get_by_role("button", name="Another triangle").click()
    expect(decoder).to_have_attribute("data-cloud", "on")


def test_a_brush_and_a_turn_beside_the_point(spaces: Page) -> None:
    left, top = corner(spaces, "sides")
    spaces.mouse.move(left + 110, top + 110)
    assert state(spaces)["brushed"] > 0
    expect(spaces.locator(".decoder .status")).to_contain_text("triangles under the brush")
    before = state(spaces)["camera"]
    spaces.mouse.down()
    spaces.mouse.move(left + 150, top + 110, steps=4)
    spaces.mouse.up()
    assert state(spaces)["camera"] != before


def test_keys_move_the_point(spaces: Page) -> None:
    before = state(spaces)["latent"]
    spaces.locator(".plot.latents canvas").last.press("ArrowRight")
    assert state(spaces)["latent"] != before


def test_a_link_opens_the_same_point(
    spaces: Page, open_page: Callable[..., Page], app_url: str
) -> None:
    drag_point(spaces, 30.0, 10.0)
    latent = state(spaces)["latent"]
    address = visit.wait_for_link(
        spaces, Scene, "latent", lambda scene: np.allclose(scene.latent, latent, atol=1e-5)
    )
    again = ready(open_page(address.removeprefix(f"{app_url}/")))
    assert state(again)["latent"] == pytest.approx(latent, abs=1e-4)


def test_garbage_in_the_link_is_a_sentence(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("latent_space?latent=1,2,nan"))
    expect(page.get_by_text("The link's latent point must be three numbers")).to_be_visible()


def test_on_a_phone_it_fits(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("latent_space", viewport=visit.PHONE))
    assert visit.overflow_px(page) == 0
    before = state(page)["latent"]
    drag_point(page, 20.0, 0.0)
    assert state(page)["latent"] != before
