"""The Python side of the stage: the scene in a link, models as arrays, what a page gets back."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from tests.name_strategies import allowed_names
from trisym.errors import DataError
from trisym.ui.kit.browser_model import BrowserModel
from trisym.ui.kit.link_codec import rounded
from trisym.ui.kit.triangle_scene import HOME_POSE, TOOLS, Pose
from trisym.ui.symmetry.scene import Scene

coordinates = st.floats(-2, 3, width=32)
cameras = st.tuples(
    st.floats(-6, 6, width=32), st.floats(-1.5, 1.5, width=32), st.floats(0.5, 6, width=32)
)
names = st.lists(allowed_names(), max_size=3)


def posed(coordinates: list[float]) -> Pose:
    return rounded(np.reshape(coordinates, (3, 3)))  # type: ignore[no-any-return]


# The scene in a link


@given(
    st.lists(coordinates, min_size=9, max_size=9), cameras, cameras, st.sampled_from(TOOLS), names
)
def test_a_link_opens_the_same_scene(
    pose: list[float],
    camera: tuple[float, float, float],
    latent_camera: tuple[float, float, float],
    tool: str,
    models: list[str],
) -> None:
    """from_text(to_text(scene)) = scene: float32 numbers come back to the bit."""
    try:
        scene = Scene(posed(pose), camera, latent_camera, tool, tuple(models))
    except DataError:
        return  # two of the vertices coincide
    text = scene.to_text()
    assert Scene.from_text(text) == scene
    assert len(text) < 1200
    assert text.isascii()


def test_the_default_scene_is_allowed() -> None:
    found = Scene.from_text(Scene().to_text())
    assert np.allclose(found.pose, HOME_POSE, atol=1e-7)


@given(
    st.text(max_size=500)
    | st.binary(max_size=200).map(lambda b: "v1." + base64.urlsafe_b64encode(b).decode())
)
def test_garbage_in_a_link_is_told(text: str) -> None:
    """Any other text raises DataError with a sentence, never another exception."""
    with pytest.raises(DataError, match=r"\.$"):
        Scene.from_text(text)


@given(st.integers(0, 10_000), st.sampled_from("AZaz09-_"))
def test_a_damaged_link_is_told(place: int, letter: str) -> None:
    """One wrong character is noticed: the scene is the same or refused, never another one."""
    text = Scene(models=("sides-h3", "mse-h3", "untrained")).to_text()
    at = 3 + place % (len(text) - 3)
    damaged = text[:at] + letter + text[at + 1 :]
    try:
        assert Scene.from_text(damaged) == Scene.from_text(text)
    except DataError:
        assert damaged != text


@pytest.mark.parametrize("cut", [1, 5, 50, 80])
def test_a_link_cut_off_is_told(cut: int) -> None:
    with pytest.raises(DataError, match="damaged or cut off"):
        Scene.from_text(Scene().to_text()[:-cut])


@pytest.mark.parametrize(
    ("pose", "told"),
    [
        ([float("nan")] + [0.1] * 8, "finite"),
        ([float("inf")] + [0.1] * 8, "finite"),
        ([0.1] * 9, "coincide"),
        ([0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0], "coincide"),
        ([99.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0], "at most 5"),
    ],
)
def test_impossible_poses_are_told(pose: list[float], told: str) -> None:
    with pytest.raises(DataError, match=told):
        Scene(posed(pose))


@pytest.mark.parametrize(
    "camera", [(0.0, 0.0, 0.0), (0.0, 9.0, 1.0), (float("nan"), 0.0, 1.0), (0.0, 0.0, 99.0)]
)
def test_impossible_cameras_are_told(camera: tuple[float, float, float]) -> None:
    with pytest.raises(DataError, match="camera"):
        Scene(camera=camera)


def test_other_tools_and_names_are_told() -> None:
    with pytest.raises(DataError, match="rotate, move, reshape, camera"):
        Scene(tool="hammer")
    with pytest.raises(DataError, match="at most 3 models"):
        Scene(models=("a", "b", "c", "d"))
    with pytest.raises(DataError, match="starts with a letter"):
        Scene(models=("<script>",))


# Models as arrays


def arrays(h: int = 3) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    shapes = {
        "encoder.0": (16, 9),
        "encoder.1": (h, 16),
        "decoder.0": (16, h),
        "decoder.1": (9, 16),
    }
    weights = {f"{name}.weight": random.normal(size=shape) for name, shape in shapes.items()}
    return weights | {
        f"{name}.bias": random.normal(size=shape[0]) for name, shape in shapes.items()
    }


def test_a_model_travels_as_float32() -> None:
    model = BrowserModel.from_arrays("m", arrays(), slope=0.3)
    layer = model.payload()["encoder"][0]
    sent = np.frombuffer(base64.b64decode(layer["weights"]), dtype="<f4")
    expected = np.concatenate([arrays()["encoder.0.weight"].ravel(), arrays()["encoder.0.bias"]])
    assert (layer["rows"], layer["columns"]) == (16, 9)
    assert np.array_equal(sent, expected.astype(np.float32))
    assert model.h == 3


def test_the_id_names_what_decides_the_latent() -> None:
    model = BrowserModel.from_arrays("m", arrays(), slope=0.3)
    assert replace(model, title="other words").payload()["id"] == model.payload()["id"]
    assert replace(model, slope=0.01).payload()["id"] != model.payload()["id"]


Change = Callable[[dict[str, np.ndarray]], object]
WRONG: dict[str, tuple[Change, str]] = {
    "no decoder": (lambda a: [a.pop(k) for k in list(a) if k.startswith("d")], "a decoder"),
    "no bias": (lambda a: a.pop("encoder.1.bias"), "encoder.1.bias is missing"),
    "other shape": (lambda a: a.update({"encoder.1.weight": np.zeros((3, 5))}), "9 coordinates"),
    "eight inputs": (lambda a: a.update({"encoder.0.weight": np.zeros((16, 8))}), "9 coordinates"),
    "not finite": (lambda a: a["decoder.1.bias"].fill(np.nan), "finite"),
}


@pytest.mark.parametrize(("change", "told"), WRONG.values(), ids=WRONG)
def test_a_model_that_cannot_be_is_told(change: Change, told: str) -> None:
    found = arrays()
    change(found)
    with pytest.raises(DataError, match=told):
        BrowserModel.from_arrays("m", found, slope=0.3)


MOVED = [0.1, 0.1, 0.1, 0.9, 0.1, 0.1, 0.1, 0.9, 0.1]
LEFT = Scene(posed(MOVED), (0.0, 0.0, 1.0), (0.0, 0.0, 1.0), "move", ("m0",))
PAYLOAD = {
    "text": LEFT.to_text(),
    "drift": {"m0": 0.5},
    "largest": {"m0": None},
}


# On a page


def page() -> None:
    """A page with the stage, as AppTest runs it."""
    import json

    import numpy as np
    import streamlit as st

    from tests.test_stage import arrays
    from trisym.errors import TrisymError
    from trisym.ui.kit.browser_model import BrowserModel
    from trisym.ui.kit.link import SceneLink
    from trisym.ui.symmetry.scene import Scene
    from trisym.ui.symmetry.stage import stage

    count = st.session_state.get("models", 1)
    models = [BrowserModel.from_arrays(f"m{i}", arrays(), slope=0.3) for i in range(count)]
    reference = np.random.default_rng(0).uniform(size=st.session_state.get("shape", (9, 3, 3)))
    try:
        link = SceneLink(Scene)
        state = stage(models, reference, key="stage", link=link)
        st.code(json.dumps([state.pose.tolist(), dict(state.drift), link.fault, link.revision]))
    except TrisymError as error:
        st.error(str(error))


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page, default_timeout=30)


def test_a_page_starts_without_a_message(app: AppTest) -> None:
    app.run()
    assert not app.exception
    pose, drift, fault, _ = told(app)
    assert pose == [list(vertex) for vertex in HOME_POSE]
    assert (drift, fault) == ({}, None)
    assert "scene" not in app.query_params


def told(app: AppTest) -> Any:
    return json.loads(app.code[0].value)


def test_a_link_sets_the_pose(app: AppTest) -> None:
    pose = ((0.5, 0.5, 0.25), (0.75, 0.5, 0.25), (0.5, 0.875, 0.25))
    app.query_params["scene"] = Scene(pose=pose, models=("m0",)).to_text()
    app.run()
    assert np.array_equal(told(app)[0], pose)


def test_a_garbled_link_is_a_sentence(app: AppTest) -> None:
    app.query_params["scene"] = "v1.garbage"
    app.run()
    pose, _, fault, _ = told(app)
    assert "damaged" in fault
    assert pose == [list(vertex) for vertex in HOME_POSE]


@pytest.mark.parametrize("models", [0, 4])
def test_one_to_three_models(app: AppTest, models: int) -> None:
    app.session_state["models"] = models
    app.run()
    assert "one to 3 models" in app.error[0].value


@pytest.mark.parametrize("shape", [(1, 9), (9, 4), (50_001, 9)])
def test_other_reference_sets_are_told(app: AppTest, shape: tuple[int, ...]) -> None:
    app.session_state["shape"] = shape
    app.run()
    assert "2 to 50000 triangles" in app.error[0].value


def test_letting_go_reaches_the_page_and_the_link(app: AppTest) -> None:
    app.run()
    app.session_state["stage"] = {"scene": PAYLOAD}
    app.run()
    pose, drift, _, revision = told(app)
    assert np.array_equal(np.ravel(pose), np.float32(MOVED))
    assert drift == {"m0": 0.5}
    linked = Scene.from_text(app.query_params["scene"])
    assert np.array_equal(linked.pose, pose), "whoever opens the link sees the same numbers"
    assert linked.models == ("m0",)
    app.run()
    assert told(app)[3] == revision, "the stage's own link must not restart it"


def test_a_link_that_lags_behind_does_not_restart(app: AppTest) -> None:
    """The browser may still send the value before last with its next message."""
    first = Scene(camera=(0.1, 0.1, 1.0)).to_text()
    app.query_params["scene"] = first
    app.run()
    app.session_state["stage"] = {"scene": PAYLOAD}
    app.run()
    app.query_params["scene"] = first
    app.run()
    pose, _, _, revision = told(app)
    assert np.array_equal(np.ravel(pose), np.float32(MOVED))
    assert revision == 1
    app.query_params["scene"] = Scene(camera=(0.2, 0.1, 1.0)).to_text()  # the control: a new link
    app.run()
    assert told(app)[3] == 2
    assert np.allclose(told(app)[0], HOME_POSE)


@pytest.mark.parametrize("field", list(PAYLOAD))
@pytest.mark.parametrize("value", [None, "x", 1.5, [1.0], {"m0": "no number"}])
def test_what_the_browser_sends_is_not_trusted(app: AppTest, field: str, value: Any) -> None:
    """What no hand can make is one sentence on the page, never a traceback."""
    app.run()
    app.session_state["stage"] = {"scene": {**PAYLOAD, field: value}}
    app.run()
    assert not app.exception
    assert [error.value[-1] for error in app.error] == ["."]
