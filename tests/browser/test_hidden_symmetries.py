"""The linked views in a real browser: a hand that obeys, points that follow, brushes that link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from tests.browser import visit
from tests.browser.probe import Probe
from trisym.datasets import CONSTANT_SIDE, MIN_SIDE
from trisym.geometry import side_lengths
from trisym.storage import checkpoints
from trisym.ui.hidden_symmetries.scene import Scene
from trisym.ui.hidden_symmetries.sets import SETS

NAMES = list(SETS)
VIEW = "linked-sets"


@pytest.fixture(scope="module")
def shared_views(shared_page: Page, app_url: str) -> Page:
    """One page for a module's tests: opening it takes longer than most of them."""
    shared_page.goto(f"{app_url}/hidden_symmetries")
    visit.wait_until_idle(shared_page)
    return shared_page


@pytest.fixture
def views(shared_views: Page) -> Iterator[Page]:
    """The views afresh; an error on the console or an exception box fails the test."""
    errors: list[str] = []
    visit.watch(shared_views, errors)
    ready(shared_views)
    shared_views.mouse.move(5, 5)
    Probe(shared_views, VIEW).restart()
    visit.wait_until_idle(shared_views)
    yield shared_views
    assert not [*errors, *visit.exception_boxes(shared_views)]


def ready(page: Page) -> None:
    Probe(page, VIEW).ready()


def state(page: Page) -> dict[str, Any]:
    return Probe(page, VIEW).state()


def vertices(page: Page) -> np.ndarray:
    return np.array(state(page)["vertices"]).reshape(3, 3)


def sides(page: Page) -> np.ndarray:
    return side_lengths(torch.tensor(vertices(page))).numpy()


def pull(page: Page, vertex: int, dx: float, dy: float, steps: int = 12) -> list[np.ndarray]:
    """Drag a vertex over the canvas; return the vertices after each step."""
    world = page.locator(".linked-sets .world-canvas")
    world.scroll_into_view_if_needed()
    box = world.bounding_box()
    assert box
    x, y, _ = state(page)["spots"][vertex]
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    seen = []
    for step in range(1, steps + 1):
        share = step / steps
        page.mouse.move(box["x"] + x + share * dx, box["y"] + y + share * dy)
        seen.append(vertices(page))
    page.mouse.up()
    return seen


def cloud(page: Page, name: str, space: str) -> Locator:
    return page.locator(f".set[data-set={name}] .{space} canvas").last


def point_at(page: Page, name: str, space: str, x: float, y: float) -> tuple[float, float]:
    """Move the mouse to a part of a cloud's canvas; return where that is."""
    canvas = cloud(page, name, space)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    at = (box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.mouse.move(*at)
    return at


def settled(page: Page) -> None:
    Probe(page, VIEW).settled()


@pytest.mark.parametrize("vertex", [0, 1, 2])
@pytest.mark.parametrize(("dx", "dy"), [(90.0, -60.0), (-400.0, 300.0)])
def test_in_set_iii_vertices_1_and_2_keep_their_distance_however_one_drags(
    views: Page, vertex: int, dx: float, dy: float
) -> None:
    before = vertices(views)
    seen = pull(views, vertex, dx, dy)
    assert any(not np.allclose(before, each) for each in seen), "the hand moved nothing"
    for each in seen:
        lengths = side_lengths(torch.tensor(each)).numpy()
        assert lengths[0] == pytest.approx(CONSTANT_SIDE, abs=1e-5)
        assert lengths.min() >= MIN_SIDE - 1e-5
        assert each.min() >= -1e-5
        assert each.max() <= 1 + 1e-5


def test_in_the_random_set_the_same_drag_changes_that_side(views: Page) -> None:
    """The control: it is the set that keeps the side, not the hand."""
    views.locator("[data-rule=random]").click()
    pull(views, 1, 60.0, -60.0)
    assert abs(sides(views)[0] - CONSTANT_SIDE) > 0.01
    assert sides(views).min() >= MIN_SIDE - 1e-5


def test_renumbering_leaves_the_triangle_and_jumps_to_another_sheet(views: Page) -> None:
    views.locator("[data-rule=constant-side]").click()
    before, jumps = vertices(views), state(views)["panels"][1]["jumps"]
    views.get_by_role("button", name="Renumber").click()
    settled(views)
    assert np.allclose(vertices(views), np.roll(before, 1, axis=0))
    assert sides(views)[1] == pytest.approx(CONSTANT_SIDE, abs=1e-5)
    assert state(views)["panels"][1]["jumps"] > jumps
    assert [panel["member"] for panel in state(views)["panels"]] == [True, True, False]


def test_the_browser_encodes_as_torch_does(views: Page) -> None:
    pull(views, 2, 40.0, 30.0)
    settled(views)
    now = state(views)
    triangle = torch.tensor(now["vertices"], dtype=torch.float32).reshape(1, 3, 3)
    for name, panel in zip(NAMES, now["panels"], strict=True):
        model = checkpoints.load_autoencoder(f"{name}-h2")
        np.testing.assert_allclose(panel["latent"], model.encode(triangle)[0], atol=1e-5)
        rebuilt = side_lengths(model(triangle))
        error = (rebuilt - side_lengths(triangle)).abs().mean().item()
        assert panel["error"] == pytest.approx(error, abs=1e-5)


@pytest.mark.parametrize("space", ["side", "plane"])
@pytest.mark.parametrize("name", NAMES)
def test_a_brush_marks_the_same_triangles_in_both_spaces(
    views: Page, name: str, space: str
) -> None:
    index = NAMES.index(name)
    point_at(views, name, space, 0.45, 0.5)
    settled(views)
    brushed = [panel["brushed"] for panel in state(views)["panels"]]
    assert brushed[index] > 0
    assert sum(brushed) == brushed[index], "a brush is of its own set"
    expect(views.locator(".linked-sets .status")).to_contain_text(
        f"{brushed[index]} triangles under the brush"
    )
    views.mouse.move(5, 5)
    settled(views)
    assert state(views)["panels"][index]["brushed"] == 0


def test_a_click_keeps_the_brush(views: Page) -> None:
    at = point_at(views, "constant-side", "plane", 0.5, 0.5)
    views.mouse.click(*at)
    views.mouse.move(5, 5)
    settled(views)
    assert state(views)["panels"][1]["brushed"] > 0


def test_the_three_side_spaces_turn_together(views: Page) -> None:
    before = state(views)["sideCamera"]
    x, y = point_at(views, "random", "side", 0.5, 0.5)
    views.mouse.down()
    views.mouse.move(x + 60, y + 10, steps=4)
    views.mouse.up()
    assert state(views)["sideCamera"]["yaw"] != before["yaw"]


def test_keys_turn_move_and_colour(views: Page) -> None:
    views.locator(".linked-sets .world-canvas").focus()
    before = vertices(views)
    views.keyboard.press("ArrowRight")
    turned = vertices(views)
    assert not np.allclose(turned, before)
    assert np.allclose(side_lengths(torch.tensor(turned)), side_lengths(torch.tensor(before)))
    views.keyboard.press("3")
    views.keyboard.press("ArrowUp")
    assert not np.allclose(sides(views)[1:], side_lengths(torch.tensor(turned))[1:])
    views.locator("[data-colouring=perimeter]").focus()
    views.keyboard.press("ArrowRight")
    assert state(views)["colouring"] == "constant"


def test_a_link_opens_the_same_hand(
    views: Page, open_page: Callable[..., Page], app_url: str
) -> None:
    pull(views, 2, -50.0, 20.0)
    views.locator("[data-colouring=constant]").click()
    settled(views)
    before = state(views)
    pose = np.array(before["vertices"]).reshape(3, 3)
    address = visit.wait_for_link(
        views,
        Scene,
        "hand",
        lambda scene: scene.choice[1] == "constant" and np.allclose(scene.pose, pose, atol=1e-6),
    )
    page = open_page(address.removeprefix(f"{app_url}/"))
    ready(page)
    after = state(page)
    assert after["vertices"] == pytest.approx(before["vertices"], abs=1e-5)
    assert (after["rule"], after["colouring"]) == (before["rule"], "constant")


def test_the_picture_is_a_png(views: Page) -> None:
    with views.expect_download() as download:
        views.get_by_role("button", name="Take away").click()
        views.get_by_role("button", name="Picture", exact=True).click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) > 20_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_fits_and_answers(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page("hidden_symmetries", viewport=visit.PHONE, colour_scheme=scheme)
    ready(page)
    assert visit.overflow_px(page) == 0
    before = vertices(page)
    pull(page, 2, 20.0, 20.0, steps=4)
    assert not np.allclose(vertices(page), before)
