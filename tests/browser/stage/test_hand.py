"""The live stage under a hand: what each gesture, key, button and bad input does."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser import visit
from tests.browser.stage.driver import StageDriver, touch, websocket_frames
from trisym.ui.symmetry.scene import Scene


def same_sides(stage: StageDriver, sides: np.ndarray) -> bool:
    return bool(np.allclose(stage.sides, sides, atol=1e-9))


# The hand


def test_dragging_the_face_rotates(stage: StageDriver) -> None:
    pose, sides, camera = stage.pose, stage.sides, stage.camera
    stage.drag("face", 60, 25)
    assert same_sides(stage, sides)
    assert np.abs(stage.pose - pose).max() > 0.05
    assert np.allclose(stage.pose.mean(axis=0), pose.mean(axis=0))
    assert stage.camera == camera


def test_dragging_with_shift_moves(stage: StageDriver) -> None:
    pose = stage.pose
    stage.page.keyboard.down("Shift")
    stage.drag("face", 30, -10)
    stage.page.keyboard.up("Shift")
    shifts = stage.pose - pose
    assert np.allclose(shifts, shifts[0])
    assert np.linalg.norm(shifts[0]) > 0.02


def test_the_move_tool_moves_even_by_a_vertex(stage: StageDriver) -> None:
    pose = stage.pose
    stage.tool("Move")
    stage.drag("v2", 20, 20)
    shifts = stage.pose - pose
    assert np.allclose(shifts, shifts[0])
    assert np.linalg.norm(shifts[0]) > 0.02


@pytest.mark.parametrize("tool", ["Rotate", "Reshape"])
def test_dragging_a_vertex_reshapes(stage: StageDriver, tool: str) -> None:
    """Only that vertex moves, and in the plane of the screen it follows the hand exactly."""
    stage.tool(tool)
    pose, (x, y) = stage.pose, stage.spot("v3")
    stage.drag("v3", -25, 30)
    assert np.array_equal(stage.pose[:2], pose[:2])
    assert stage.spot("v3") == pytest.approx((x - 25, y + 30), abs=1e-6)
    assert "New shape" in stage.status


def test_dragging_empty_space_turns_the_camera(stage: StageDriver) -> None:
    pose, camera = stage.pose, stage.camera
    stage.drag("space", 50, -20)
    assert np.array_equal(stage.pose, pose)
    assert stage.camera["yaw"] != camera["yaw"]
    assert stage.camera["pitch"] != camera["pitch"]


def test_the_camera_tool_leaves_the_triangle(stage: StageDriver) -> None:
    pose = stage.pose
    stage.tool("Camera")
    stage.drag("face", 50, 20)
    assert np.array_equal(stage.pose, pose)


def test_the_wheel_zooms(stage: StageDriver) -> None:
    stage.page.mouse.move(*stage.spot("face"))
    stage.page.mouse.wheel(0, -300)
    stage.settle()
    assert stage.camera["zoom"] > 1.2
    assert stage.told["camera"][2] == pytest.approx(stage.camera["zoom"])


def test_latent_cameras_are_linked(stage: StageDriver) -> None:
    before = stage.state()["latentCamera"]["yaw"]
    box = stage.page.locator(".point-canvas").nth(1).bounding_box()
    assert box
    stage.page.mouse.move(box["x"] + 60, box["y"] + 60)
    stage.page.mouse.down()
    stage.page.mouse.move(box["x"] + 120, box["y"] + 80, steps=4)
    stage.page.mouse.up()
    stage.settle()
    after = stage.state()
    assert after["latentCamera"]["yaw"] != before
    assert len({tuple(right) for right in after["rights"]}) == 1, "all views turn alike"


# The buttons


def test_a_random_motion_is_rigid_and_inside(stage: StageDriver) -> None:
    pose, sides = stage.pose, stage.sides
    stage.click("Random motion")
    assert same_sides(stage, sides)
    assert np.abs(stage.pose - pose).max() > 0.02
    assert stage.pose.min() > -1e-9
    assert stage.pose.max() < 1 + 1e-9


def test_tumbling_goes_on_until_stopped(stage: StageDriver) -> None:
    sides = stage.sides
    stage.page.get_by_role("button", name="Tumble").click()
    first = stage.state()["vertices"]
    stage.until("state.vertices.some((c, i) => Math.abs(c - it[i]) > 0.01)", first)
    stage.page.get_by_role("button", name="Stop").click()
    stage.settle()
    assert not stage.state()["moving"]
    assert same_sides(stage, sides)
    assert np.allclose(stage.told["pose"], stage.pose)


def test_a_new_triangle_starts_a_new_measurement(stage: StageDriver) -> None:
    stage.drag("face", 60, 25)
    assert stage.told["drift"]["h3"] > 0
    sides = stage.sides
    stage.click("New triangle")
    assert not same_sides(stage, sides)
    assert stage.told["drift"]["h3"] == 0
    assert "New triangle" in stage.status


def test_swapping_permutes_the_sides_and_is_told(stage: StageDriver) -> None:
    l1, l2, l3 = stage.sides
    stage.click("1⇄2")
    assert stage.sides == pytest.approx([l1, l3, l2])
    assert "trade places" in stage.status
    stage.click("2⇄3")
    assert stage.sides == pytest.approx([l2, l3, l1])


def test_mirroring_keeps_the_sides_and_the_reference(stage: StageDriver) -> None:
    pose, sides = stage.pose, stage.sides
    stage.click("Mirror")
    assert same_sides(stage, sides)
    assert np.abs(stage.pose - pose).max() > 0.01
    assert stage.told["drift"]["h3"] > 0
    stage.click("Mirror")
    assert np.allclose(stage.pose, pose)


def test_reset_brings_the_triangle_back(stage: StageDriver) -> None:
    pose = stage.pose
    stage.drag("face", 60, 25)
    stage.drag("space", 60, 25)
    assert stage.told["largest"]["h3"] > 0
    stage.click("Reset")
    assert np.allclose(stage.pose, pose)
    assert stage.told["drift"]["h3"] == stage.told["largest"]["h3"] == 0
    assert stage.camera == {"yaw": 0.62, "pitch": 0.36, "zoom": 1}


def test_zero_drift_measures_from_here(stage: StageDriver) -> None:
    stage.drag("face", 60, 25)
    pose = stage.pose
    stage.click("Zero drift")
    assert stage.told["drift"]["h3"] == 0
    assert np.array_equal(stage.pose, pose)


def test_what_is_rebuilt_is_drawn_onto_the_triangle(stage: StageDriver) -> None:
    assert stage.state()["ghosts"] == []
    stage.click("Rebuilt")
    ghosts = np.array(stage.state()["ghosts"])
    assert len(ghosts) == 3
    assert np.allclose(ghosts.reshape(3, 3, 3).mean(axis=1), stage.pose.mean(axis=0))
    stage.click("Rebuilt")
    assert stage.state()["ghosts"] == []


def test_the_numbers_are_those_of_the_model(stage: StageDriver) -> None:
    stage.drag("face", 60, 25)
    row = stage.page.locator(".latent").first
    expect(row.locator(".drift .value")).to_have_text(f"{stage.drift:.3f}")
    rebuilt = np.array(stage.state()["rebuiltSides"][0])
    text = row.locator(".rebuilt dd").inner_text().split()
    assert [float(number) for number in text] == pytest.approx(rebuilt, abs=6e-4)
    errors = [float(e.replace("−", "-")) for e in row.locator(".errors dd").inner_text().split()]
    assert errors == pytest.approx(rebuilt - stage.sides, abs=6e-4)


# Typed sides and other bad input


def test_sides_can_be_typed(stage: StageDriver) -> None:
    stage.type_sides(0.3, "0,4", " 0.5 ")
    assert stage.sides == pytest.approx([0.3, 0.4, 0.5])
    assert stage.told["sides"] == pytest.approx([0.3, 0.4, 0.5])
    assert stage.fault == ""


def test_sides_are_taken_by_a_button_that_gets_no_focus(stage: StageDriver) -> None:
    """As Safari's: the box loses the focus to nothing, and the press still counts."""
    stage.page.get_by_role("button", name="Set sides").evaluate("""button =>
      button.addEventListener("mousedown", (event) => {
        event.preventDefault();
        button.getRootNode().activeElement.blur();
        button.closest(".stage").trisymProbe.frame(performance.now());
      }, { once: true })""")
    stage.type_sides(0.3, 0.4, 0.5)
    assert stage.sides == pytest.approx([0.3, 0.4, 0.5])


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        (("NaN", 0.5, 0.5), "Side l1 must be a number"),
        (("", 0.5, 0.5), "Side l1 must be a number"),
        ((0.5, "wide", 0.5), "Side l2 must be a number"),
        ((0.5, 0.5, -1), "Side l3 must be a number"),
        ((0.5, 0.5, 1e9), "Side l3 must be at most 3"),
        ((0.2, 0.3, 0.6), "l3 must be shorter than the other two together"),
        ((0, 0.5, 0.5), "Side l1 must be a number from 0.01"),
    ],
)
def test_bad_sides_are_a_sentence_and_change_nothing(
    stage: StageDriver, sides: tuple[object, ...], told: str
) -> None:
    pose = stage.pose
    stage.type_sides(*sides)
    assert told in stage.fault
    assert np.array_equal(stage.pose, pose)
    boxes = stage.page.locator(".sides input").all()
    assert [box.input_value() for box in boxes] == [str(side) for side in sides], "typing is lost"
    stage.drag("face", 20, 5)
    assert stage.fault == "", "the sentence goes with the next gesture"


def test_vertices_never_coincide(page: Page, stage_url: str) -> None:
    """A vertex dragged onto another stops short of it, with a sentence."""
    # Seen from the front the three have the same depth: one can be dragged onto another.
    pose = ((0.5, 0.2, 0.2), (0.5, 0.8, 0.2), (0.5, 0.5, 0.8))
    scene = Scene(pose, camera=(0.0, 0.0, 1.0), models=("h3",))
    stage = StageDriver(page, stage_url).open(f"?models=h3&scene={scene.to_text()}")
    (x, y), (to_x, to_y) = stage.spot("v3"), stage.spot("v1")
    stage.drag("v3", to_x - x, to_y - y, release=False)
    assert "must stay at least 0.01 apart" in stage.fault
    stage.page.mouse.up()
    stage.settle()
    assert stage.sides.min() >= 0.01


def test_leaving_the_cube_is_shown(stage: StageDriver) -> None:
    band = stage.page.locator(".band")
    expect(band).to_be_hidden()
    stage.tool("Move")
    told = set()
    for way in (150, -150):
        stage.drag("face", way, 0)
        expect(band).to_be_visible()
        below = bool(stage.pose.min() < 0)
        expect(band).to_contain_text("Below 0" if below else "Outside the training cube")
        assert ("partly below 0" if below else "outside the training cube") in stage.status
        told.add(below)
        stage.click("Reset")
        expect(band).to_be_hidden()
    assert True in told, "no way led below 0"


# Keys


def test_everything_by_keys(stage: StageDriver) -> None:
    stage.world.focus()
    pose, sides = stage.pose, stage.sides
    stage.press("ArrowRight", "ArrowUp", "PageUp")
    assert same_sides(stage, sides)
    assert np.abs(stage.pose - pose).max() > 0.02
    pose = stage.pose
    stage.press("Shift+ArrowRight")
    assert np.allclose(stage.pose - pose, (stage.pose - pose)[0])
    pose = stage.pose
    stage.press("2", "ArrowUp")
    assert np.array_equal(stage.pose[[0, 2]], pose[[0, 2]])
    assert not np.array_equal(stage.pose[1], pose[1])
    stage.press("Escape")
    for key, tool in [("m", "move"), ("s", "reshape"), ("v", "camera"), ("r", "rotate")]:
        stage.press(key)
        assert stage.state()["tool"] == tool
    camera = stage.camera
    stage.press("v", "ArrowLeft", "+")
    assert stage.camera["yaw"] != camera["yaw"]
    assert stage.camera["zoom"] > camera["zoom"]
    stage.press("r", "n")
    stage.press("g")
    assert len(stage.state()["ghosts"]) == 3
    sides = stage.sides
    stage.press("i")
    assert same_sides(stage, sides)
    stage.press("x")
    assert sorted(stage.sides) == pytest.approx(sorted(sides))
    stage.press("a")
    assert not same_sides(stage, sides)
    stage.press("ArrowDown", "z")
    assert stage.drift == 0
    stage.press("ArrowDown")
    assert stage.drift > 0
    stage.press("0")
    assert stage.drift == 0
    stage.page.keyboard.press("t")
    assert stage.state()["moving"]
    stage.press("t")
    assert not stage.state()["moving"]


def test_keys_of_the_stage_are_not_streamlit_s(stage: StageDriver) -> None:
    """R reruns a Streamlit app; what the stage understands does not get that far."""
    stage.page.evaluate(
        "() => { window.heard = []; onkeydown = (event) => window.heard.push(event.key); }"
    )
    stage.world.focus()
    stage.press("r", "ArrowLeft", "0", "q")
    assert stage.page.evaluate("window.heard") == ["q"]


def test_focus_is_visible_and_reaches_everything(stage: StageDriver) -> None:
    stage.world.focus()
    stage.page.keyboard.press("ArrowRight")
    active = "const active = root.getRootNode().activeElement"
    style = stage.root.evaluate(f"root => {{ {active}; return getComputedStyle(active).outline; }}")
    assert "solid" in style
    reached = set()
    for _ in range(40):
        stage.page.keyboard.press("Tab")
        reached.add(
            stage.root.evaluate(
                f"root => {{ {active}; if (!active) return 'out';"
                " return active.dataset.act || active.name || active.type || active.className; }"
            )
        )
    acts = {"tumble", "motion", "mirror", "ghost", "zero", "reset", "triangle", "swap"}
    assert acts | {"l1", "l2", "l3", "point-canvas", "range"} <= reached
    assert "out" in reached, "the focus is trapped"


def test_help_opens_and_closes(stage: StageDriver) -> None:
    panel = stage.page.locator("#help")
    expect(panel).to_be_hidden()
    stage.world.focus()
    stage.page.keyboard.press("?")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("drag a vertex")
    stage.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    stage.page.get_by_role("button", name="Help").click()
    expect(panel).to_be_visible()
    stage.page.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()


def test_words_say_what_happened(stage: StageDriver) -> None:
    stage.world.focus()
    stage.press(*["ArrowRight"] * 6)
    live = stage.page.locator("[aria-live=polite]")
    expect(live).to_contain_text("Rotated 30°. Latent point: h3")
    expect(live).to_contain_text(f"({stage.drift:.3f})")
    text = stage.page.locator("#description").text_content()
    assert text
    assert "A triangle with sides 0.549, 0.799, 0.700" in text
    expect(stage.world).to_have_attribute("aria-describedby", "description")


def test_reduced_motion_stops_tumbling(stage: StageDriver) -> None:
    stage.page.get_by_role("button", name="Tumble").click()
    stage.until("state.moving")
    stage.page.emulate_media(reduced_motion="reduce")
    stage.settle()
    assert not stage.state()["moving"]
    pose, sides = stage.pose, stage.sides
    stage.click("Tumble")  # a single motion, at once
    assert not stage.state()["moving"]
    assert not np.allclose(stage.pose, pose)
    assert same_sides(stage, sides)


# Fingers


SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"


def test_a_finger_turns_the_triangle_and_does_not_scroll(phone: StageDriver) -> None:
    pose, sides = phone.pose, phone.sides
    x, y = phone.spot("face")
    touch(phone.page.context.new_cdp_session(phone.page), ((x, y), (x + 40, y + 90)))
    phone.settle()
    assert same_sides(phone, sides)
    assert np.abs(phone.pose - pose).max() > 0.05
    assert phone.page.evaluate(SCROLLED) == 0


def test_two_fingers_carry_pinch_and_twist(phone: StageDriver) -> None:
    pose, sides, zoom = phone.pose, phone.sides, phone.camera["zoom"]
    x, y = phone.spot("face")
    ways = (((x - 20, y), (x - 30, y - 40)), ((x + 20, y), (x + 50, y - 40)))
    touch(phone.page.context.new_cdp_session(phone.page), *ways)
    phone.settle()
    assert same_sides(phone, sides)
    assert np.linalg.norm(phone.pose.mean(axis=0) - pose.mean(axis=0)) > 0.02
    assert phone.camera["zoom"] == pytest.approx(zoom * 2, rel=0.05)


@pytest.mark.parametrize("place", [".numbers", ".point-canvas", ".below"])
def test_the_page_scrolls_beside_the_canvas(phone: StageDriver, place: str) -> None:
    """A latent view, too, lets a finger scroll the page up and down."""
    phone.page.locator(place).first.scroll_into_view_if_needed()
    box = phone.page.locator(place).first.bounding_box()
    assert box
    before = phone.page.evaluate(SCROLLED)
    x, y = box["x"] + 30, box["y"] + min(20, box["height"] / 2)
    touch(phone.page.context.new_cdp_session(phone.page), ((x, y), (x, y - 200)))
    phone.page.wait_for_function(f"before => ({SCROLLED})() > before + 50", arg=before)


# What Python hears


def test_nothing_is_sent_during_a_drag(stage: StageDriver) -> None:
    """Not one message until the hand lets go; then the pose arrives."""
    sent = websocket_frames(stage.page)
    stage.drag("face", 80, 30, release=False)
    visit.wait_for_frames(stage.page, 50)
    assert sent == []
    stage.page.mouse.up()
    stage.settle()
    assert len(sent) >= 1
    assert np.allclose(stage.told["pose"], stage.pose)
    assert stage.told["drift"]["h3"] == pytest.approx(stage.drift)


def test_nothing_is_sent_while_tumbling(stage: StageDriver) -> None:
    sent = websocket_frames(stage.page)
    stage.page.get_by_role("button", name="Tumble").click()
    visit.wait_for_frames(stage.page, 90)
    assert sent == []
    stage.page.get_by_role("button", name="Stop").click()
    stage.settle()
    assert len(sent) >= 1


def test_a_reference_set_is_sent_once(page: Page, stage_url: str) -> None:
    """Another model on the stage does not send the triangles again: 720 KB at 20,000."""
    stage = StageDriver(page, stage_url).open("?n=20000")
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    received: list[int] = []
    cdp.on(
        "Network.webSocketFrameReceived",
        lambda event: received.append(len(event["response"]["payloadData"])),
    )
    page.get_by_text("Another model").click()
    stage.until("state.models[0] === 'another'")
    stage.wait()
    assert 30_000 < sum(received) < 500_000
