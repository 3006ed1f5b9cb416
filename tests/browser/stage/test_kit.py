"""What the kit promises every live view, tried on the stage: hands, keys, pixels, preferences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import visit
from tests.browser.stage.driver import StageDriver

PRESS = """(canvas, [key, code]) => {
  const event = { key, code, bubbles: true, composed: true, cancelable: true };
  canvas.dispatchEvent(new KeyboardEvent("keydown", event));
}"""
LOST = {
    "another window": "() => dispatchEvent(new Event('blur'))",
    "no button": """canvas => canvas.dispatchEvent(
      new PointerEvent('pointermove', { pointerId: 1, buttons: 0 }))""",
}
LETTERS = [("м", "KeyV", "camera"), ("ь", "KeyM", "move"), ("ρ", "KeyR", "rotate")]


@pytest.fixture
def unzoomed(stage: StageDriver) -> Iterator[StageDriver]:
    yield stage
    stage.page.evaluate("() => { document.body.style.zoom = 1; }")


def test_a_vertex_follows_the_hand_on_a_zoomed_page(unzoomed: StageDriver) -> None:
    stage = unzoomed
    stage.page.evaluate("() => { document.body.style.zoom = 1.25; }")
    stage.settle()
    x, y = stage.spot("v3")
    stage.drag("v3", -30, 40)
    assert stage.spot("v3") == pytest.approx((x - 30, y + 40), abs=0.1)


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
def test_a_release_that_nobody_heard_ends_the_gesture(stage: StageDriver, lost: str) -> None:
    stage.drag("face", 40, 10, release=False)
    assert not stage.state()["settled"]
    stage.world.evaluate(lost)
    stage.settled()
    pose = stage.pose
    x, y = stage.spot("face")
    stage.page.mouse.move(x + 90, y + 60)
    assert np.array_equal(stage.pose, pose), "the triangle is let go"
    stage.page.mouse.up()


def test_more_pixels_make_finer_canvases(page: Page, stage_url: str) -> None:
    """As after a move to another screen: as large, with twice the pixels each way."""
    stage = StageDriver(page, stage_url).open("?models=h3")
    before = stage.settled()["pixels"]
    cdp = page.context.new_cdp_session(page)
    size = {**visit.DESKTOP, "deviceScaleFactor": 2, "mobile": False}
    cdp.send("Emulation.setDeviceMetricsOverride", size)
    # The page hears of it when it is drawn the next time; a real screen has that done by itself.
    page.emulate_media(contrast="more")
    doubled = [[2 * side for side in canvas] for canvas in before]
    stage.until("JSON.stringify(state.pixels) === JSON.stringify(it)", doubled)
    cdp.detach()  # ends the emulation


def test_letters_are_taken_by_their_place_where_the_layout_has_others(stage: StageDriver) -> None:
    stage.world.focus()
    for key, code, tool in LETTERS:
        stage.world.evaluate(PRESS, [key, code])
        assert stage.state()["tool"] == tool


def test_a_key_event_without_a_key_does_nothing(stage: StageDriver) -> None:
    """As autofill sends them."""
    stage.world.focus()
    before = stage.state()
    stage.world.evaluate(PRESS, ["", ""])
    assert {**stage.state(), "drawn": 0} == {**before, "drawn": 0}


def test_full_screen_that_is_refused_is_no_error(stage: StageDriver) -> None:
    """The page's errors would fail this test."""
    refuse = "root => { root.requestFullscreen = () => Promise.reject(new TypeError('no')); }"
    stage.root.evaluate(refuse)
    stage.click("Full screen")
    stage.root.evaluate("root => { delete root.requestFullscreen; }")


def test_full_screen_is_offered_only_where_it_is_allowed(browser: Browser, stage_url: str) -> None:
    with browser.new_context(viewport=visit.DESKTOP) as context:
        context.add_init_script(
            "Object.defineProperty(Document.prototype, 'fullscreenEnabled', { get: () => false });"
        )
        stage = StageDriver(context.new_page(), stage_url).open("?models=h3")
        expect(stage.page.get_by_role("button", name="Full screen")).to_be_hidden()


def test_what_is_on_shows_in_forced_colours(stage: StageDriver) -> None:
    stage.page.emulate_media(forced_colors="active")
    try:
        colour = "button => getComputedStyle(button).backgroundColor"
        on, off = (
            stage.page.get_by_role("radio", name=name).evaluate(colour)
            for name in ("Rotate", "Move")
        )
        assert on != off
    finally:
        stage.page.emulate_media(forced_colors="none")


LARGER = (
    """() => { document.documentElement.style.setProperty("font-size", "27px", "important"); }"""
)
TYPE = "text => parseFloat(getComputedStyle(text).fontSize)"
LEAST = 0.77  # of the page's type, as far as rounding goes
CANVAS_TYPE = (
    """canvas => Math.max(...window.drawn.filter(([at]) => at === canvas).map(([, px]) => px))"""
)
DRAWN = """(() => {
  window.drawn = [];
  const plain = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (...told) {
    window.drawn.push([this.canvas, parseFloat(/([\\d.]+)px/.exec(this.font)[1])]);
    return plain.apply(this, told);
  };
})();"""


def test_type_follows_the_page_s(browser: Browser, stage_url: str) -> None:
    """As for a reader whose browser is set to larger type: in words and on canvases."""
    with browser.new_context(viewport=visit.DESKTOP) as context:
        context.add_init_script(DRAWN)
        stage = StageDriver(context.new_page(), stage_url).open("?models=h3")
        status = stage.page.locator(".status")
        words, names = status.evaluate(TYPE), stage.world.evaluate(CANVAS_TYPE)
        stage.page.evaluate(f"() => {{ ({LARGER})(); window.drawn = []; }}")
        stage.press("ArrowLeft")
        stage.world.focus()
        stage.press("ArrowLeft")
        assert status.evaluate(TYPE) > max(words, LEAST * 27)
        assert stage.world.evaluate(CANVAS_TYPE) > 1.4 * names
