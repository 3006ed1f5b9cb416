"""What the stage keeps over reruns, themes, other pages, sizes, links; it leaks nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser import visit
from tests.browser.stage.driver import StageDriver
from tests.browser.tabs import Tabs
from trisym.ui.symmetry.scene import Scene

MB = 1e6


@pytest.fixture
def moved(stage: StageDriver) -> StageDriver:
    """A stage that someone has used: another pose, camera and tool than at the start."""
    stage.drag("face", 50, 30)
    stage.drag("space", 40, -10)
    stage.tool("Move")
    stage.page.get_by_test_id("stCode").get_by_text('"tool": "move"').wait_for()
    return stage


def holdings(stage: StageDriver) -> tuple[object, ...]:
    """Pose, camera, latent camera, tool, and the largest drift of the first model."""
    state = stage.state()
    kept = (state[name] for name in ("vertices", "camera", "latentCamera", "tool"))
    return (*kept, state["largest"][0])


def test_fifty_reruns_change_nothing(moved: StageDriver) -> None:
    before, runs = holdings(moved), moved.told["runs"]
    button = moved.page.get_by_role("button", name="Rerun")
    for run in range(1, 51):
        button.click()
        moved.page.get_by_test_id("stCode").get_by_text(f'"runs": {runs + run},').wait_for()
    assert holdings(moved) == before


def test_a_theme_switch_changes_only_colours(moved: StageDriver) -> None:
    before, light = holdings(moved), moved.world.screenshot()
    try:
        moved.page.emulate_media(color_scheme="dark")
        moved.until("state.dark && state.settled")
        moved.wait()
        assert moved.world.screenshot() != light
        assert holdings(moved) == before
    finally:
        moved.page.emulate_media(color_scheme="light")
        moved.until("!state.dark")


def test_leaving_the_page_and_coming_back(moved: StageDriver) -> None:
    before, pose = holdings(moved), moved.told["pose"]
    moved.page.get_by_role("link", name="Elsewhere").click()
    expect(moved.page.get_by_role("heading", name="Elsewhere")).to_be_visible()
    moved.page.wait_for_function("() => trisym.views.size === 0")
    moved.page.get_by_role("link", name="Live").click()
    moved.wait()
    assert holdings(moved) == before
    assert moved.told["pose"] == pose
    visit.wait_for_link(
        moved.page, Scene, "scene", lambda scene: np.allclose(scene.pose, pose, atol=1e-6)
    )


SIZE = "canvas => [canvas.clientWidth, canvas.clientHeight]"


def test_a_resize_to_a_phone_and_back(moved: StageDriver) -> None:
    before = holdings(moved)
    size = moved.world.evaluate(SIZE)
    try:
        moved.page.set_viewport_size(visit.PHONE)
        moved.wait()
        assert visit.overflow_px(moved.page) == 0
        assert moved.world.evaluate(SIZE)[0] < 390
        assert moved.world.evaluate("canvas => canvas.width / canvas.clientWidth") == 1
    finally:
        moved.page.set_viewport_size(visit.DESKTOP)
        moved.wait()
    assert moved.world.evaluate(SIZE) == size
    assert holdings(moved) == before


def test_another_model_keeps_the_pose(moved: StageDriver) -> None:
    """The new model's drift is measured from the same pose as the others'."""
    *before, _ = holdings(moved)
    moved.page.get_by_text("Another model").click()
    try:
        moved.until("state.models[0] === 'another'")
        moved.wait()
        assert moved.state()["models"] == ["another", "other", "slope001"]
        *after, _ = holdings(moved)
        assert after == before
        assert moved.drift > 0
        moved.drag("face", 10, 0)
        assert set(moved.told["drift"]) == {"another", "other", "slope001"}
    finally:
        moved.page.get_by_text("Another model").click()
        moved.wait()


# Links


@pytest.fixture
def tab(tabs: Tabs, stage_url: str) -> Iterator[StageDriver]:
    with tabs.lent() as page:
        yield StageDriver(page, stage_url)


def test_a_link_opens_the_same_picture(moved: StageDriver, tab: StageDriver) -> None:
    tab.page.goto(moved.page.url)
    tab.wait()
    assert np.allclose(tab.pose, moved.pose, atol=1e-6)
    assert tab.camera == pytest.approx(moved.camera, abs=1e-6)
    assert tab.state()["tool"] == moved.state()["tool"]
    assert moved.drift > 0.01
    assert tab.state()["drift"] == pytest.approx(moved.state()["drift"], abs=1e-4)
    shown = [
        driver.page.locator(".latent .drift .value").all_inner_texts() for driver in (moved, tab)
    ]
    assert shown[0] == shown[1] != ["0.000"] * 3
    linked = re.search(r"scene=([^&]+)", moved.page.url)
    assert linked
    assert Scene.from_text(linked[1]).models == ("h3", "other", "slope001")


@pytest.mark.parametrize(
    ("scene", "told"),
    [
        ("garbage", "must begin with v1"),
        ("v1.AAAA", "damaged or cut off"),
        ("v1.%00%F0", "damaged"),
    ],
)
def test_a_garbled_link_is_a_sentence_on_the_stage(tab: StageDriver, scene: str, told: str) -> None:
    errors: list[str] = []
    visit.watch(tab.page, errors)
    tab.open(f"?scene={scene}")
    assert told in tab.fault
    assert tab.page.locator(".fault").get_attribute("role") == "alert"
    assert np.allclose(tab.sides, [0.549, 0.8, 0.7], atol=1e-3)
    tab.drag("face", 30, 10)
    assert tab.fault == ""
    assert "scene=v2." in tab.page.url
    assert not [*errors, *visit.exception_boxes(tab.page)]


# Layout


@pytest.mark.parametrize("models", ["h3,other,slope001", "h3,h5", "h2", "h1"])
def test_nothing_is_cut_off(tab: StageDriver, models: str) -> None:
    tab.open(f"?models={models}")
    for viewport in (visit.DESKTOP, visit.PROJECTOR, visit.PHONE):
        tab.page.set_viewport_size(viewport)
        tab.wait()
        assert visit.overflow_px(tab.page) == 0, viewport
        assert tab.root.evaluate(CUT_OFF) == [], viewport
        tools = tab.page.locator(".tools").bounding_box()
        corner = tab.page.locator(".corner").bounding_box()
        assert tools
        assert corner
        assert tools["x"] + tools["width"] < corner["x"], viewport


CUT_OFF = """
root => [...root.querySelectorAll('.numbers, .tools, button')]
  .filter((e) => e.offsetParent)
  .filter((e) => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.className || e.textContent)
"""


def test_more_than_three_nodes_are_a_choice(tab: StageDriver) -> None:
    tab.open("?models=h5")
    boxes = tab.page.get_by_label("Latent node on axis")
    expect(boxes).to_have_count(3)
    before = tab.state()["firstPoints"][0]
    boxes.nth(0).select_option("N₅")
    after = tab.until("state.firstPoints[0][0] !== it", before[0])["firstPoints"][0]
    assert after[0] != before[0]
    assert after[1:] == before[1:]


# Ten minutes


def heap(page: Page) -> float:
    cdp = page.context.new_cdp_session(page)
    cdp.send("HeapProfiler.enable")
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    used = float(cdp.send("Runtime.getHeapUsage")["usedSize"])
    cdp.detach()
    return used


TUMBLE = """
async (root, frames) => {
  for (let i = 0; i < frames; i += 1) {
    root.trisymProbe.frame(performance.now() + i * 17);
    if (i % 200 === 0) await new Promise((done) => setTimeout(done));
  }
}
"""
TEN_MINUTES = 36_000  # frames
FRAMES = 1_000
STRETCHES = 3


def growth(page: Page, stretch: Callable[[], object]) -> float:
    """Return the least growth of the heap, in bytes, over a few like stretches.

    A leak grows in each of them; caches, compiled code and what is not yet collected come and go
    by 0.2 MB either way.
    """
    used = [heap(page)]
    for _ in range(STRETCHES):
        stretch()
        used.append(heap(page))
    return float(np.diff(used).min())


def test_tumbling_leaks_nothing(tab: StageDriver) -> None:
    """Under 5 MB in ten minutes: here 50 s of frames, as fast as they draw, and the same slope."""
    tab.open()
    tab.page.get_by_role("button", name="Tumble").click()
    tab.root.evaluate(TUMBLE, 600)  # until everything is compiled and the trail is long
    grown = growth(tab.page, lambda: tab.root.evaluate(TUMBLE, FRAMES))
    assert tab.state()["moving"]
    assert grown < 5 * MB * FRAMES / TEN_MINUTES


LEAK = """
(n) => {
  (window.kept ??= []).push(Array.from({ length: n }, () => new Array(100).fill(0.5)));
}
"""


def test_a_leak_would_be_noticed(tab: StageDriver) -> None:
    """The control: 800 bytes a frame, 29 MB in ten minutes."""
    tab.open()
    tab.root.evaluate(TUMBLE, 100)

    def stretch() -> None:
        tab.root.evaluate(TUMBLE, FRAMES)
        tab.page.evaluate(LEAK, FRAMES)

    assert growth(tab.page, stretch) > 5 * MB * FRAMES / TEN_MINUTES


def test_coming_and_going_leaves_nothing_behind(stage: StageDriver) -> None:
    """No listener, observer or frame of a stage that is gone."""
    for _ in range(2):
        stage.page.get_by_role("link", name="Elsewhere").click()
        stage.page.wait_for_function("() => trisym.views.size === 0")
        stage.page.get_by_role("link", name="Live").click()
        stage.wait()
    counts = "() => [trisym.views.size, trisym.kept.size, trisym.arrivals.get('reference').size]"
    assert stage.page.evaluate(counts) == [1, 2, 1], "the scene and its tracks, one reference set"
