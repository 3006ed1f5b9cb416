"""The stage as a Streamlit component: weights and the reference set go to the browser once.

The scene comes back when the hand lets go, never during a drag.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from trisym.errors import DataError
from trisym.ui.kit.browser_model import COORDINATES, StageModel, to_base64
from trisym.ui.kit.component import registered
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.scene import MAX_MODELS, Scene

WEB = Path(__file__).parent / "web"
MAX_REFERENCE = 50_000  # triangles: what still turns smoothly without a GPU


_stage = registered("trisym_stage", WEB / "stage.js")
_reference = registered("trisym_reference", WEB / "reference.js")


@dataclass(frozen=True)
class StageState:
    """Where the hand left things; without drifts until it first let go.

    Drifts are in spreads of each model's cloud, by the model's name; None where there is none to
    tell: the cloud was not encoded yet.
    """

    scene: Scene
    drift: Mapping[str, float | None] = field(default_factory=dict)
    largest: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def pose(self) -> np.ndarray:
        """Vertices (3, 3), float64, edge of the training cube = 1."""
        return np.array(self.scene.pose)

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any], models: tuple[str, ...]) -> StageState:
        """From what the browser sent; raises DataError for what no hand could have made."""
        try:
            pose, camera, latent_camera = (
                [float(number) for number in payload[name]]
                for name in ("pose", "camera", "latentCamera")
            )
            scene = Scene.from_numbers(pose, camera, latent_camera, str(payload["tool"]), models)
            return cls(scene, _drifts(payload["drift"]), _drifts(payload["largest"]))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError("The stage sent a scene that can't be read.") from error


def _drifts(values: Mapping[str, Any]) -> dict[str, float | None]:
    return {str(name): None if value is None else float(value) for name, value in values.items()}


def stage(
    models: Sequence[StageModel],
    reference: np.ndarray,
    *,
    key: str,
    link: SceneLink | None = None,
    start: Scene | None = None,
    fault: str | None = None,
    on_change: Callable[[], None] | None = None,
) -> StageState:
    """Show the stage and return where the hand left things.

    models: one to three, drawn side by side under the same hand.
    reference: (n, 3, 3) or (n, 9) triangles whose latents make the clouds, n from 2 to 50,000.
    link: keeps the scene in the page's link and starts from the scene it holds.
    start: where to start without a link. fault: a sentence to show on the stage.
    on_change: called, as every Streamlit callback, before the rerun after a release.
    """
    _check(models, reference)
    names = tuple(model.name for model in models)
    kept = f"{key}:kept"
    before: _Kept | None = st.session_state.get(kept)
    if before is None or before.revision != _revision(link):
        scene = (link.scene if link else None) or start or Scene()
        heard = before.payload if before else None
        st.session_state[kept] = _Kept(_revision(link), scene, StageState(scene), heard)
    fault = fault or (link.fault if link else None)
    _mount(st.session_state[kept], models, reference, key, fault, on_change)
    _take(key, names)
    held: _Kept = st.session_state[kept]
    if link and (held.payload or (link.scene and link.scene.models != names)):
        link.write(replace(held.state.scene, models=names))
    return held.state


@dataclass(frozen=True)
class _Kept:
    """What a rerun needs: Streamlit drops the component's own value when the visitor leaves."""

    revision: int
    start: Scene  # sent again at each rerun, unchanged: changed data would restart the stage
    state: StageState
    payload: Mapping[str, Any] | None = None  # what the browser sent last


def _revision(link: SceneLink | None) -> int:
    return link.revision if link else 0


def _check(models: Sequence[StageModel], reference: np.ndarray) -> None:
    if not 1 <= len(models) <= MAX_MODELS:
        raise DataError(f"The stage shows one to {MAX_MODELS} models, not {len(models)}.")
    if len({model.name for model in models}) < len(models):
        raise DataError("Each model on the stage needs a name of its own.")
    count = len(reference)
    if math.prod(reference.shape[1:]) != COORDINATES or not 2 <= count <= MAX_REFERENCE:
        raise DataError(f"The reference set must be 2 to {MAX_REFERENCE} triangles (n, 3, 3).")
    if not np.isfinite(reference).all():
        raise DataError("The reference set must be finite numbers.")


def _mount(
    held: _Kept,
    models: Sequence[StageModel],
    reference: np.ndarray,
    key: str,
    fault: str | None,
    on_change: Callable[[], None] | None,
) -> None:
    names = tuple(model.name for model in models)
    triangles = to_base64(reference)
    digest = hashlib.sha256(triangles.encode()).hexdigest()[:16]
    data = {
        "uid": key,
        "revision": str(held.revision),
        "start": _scene_payload(held.start),
        "models": [model.payload() for model in models],
        "reference": digest,
        "fault": fault,
    }
    with st.container(gap=None):
        _reference(key=f"{key}-reference", data={"id": digest, "triangles": triangles})
        _stage(key=key, data=data, on_scene_change=lambda: _take(key, names, on_change))


def _scene_payload(scene: Scene) -> dict[str, Any]:
    return {
        "pose": [value for vertex in scene.pose for value in vertex],
        "camera": list(scene.camera),
        "latentCamera": list(scene.latent_camera),
        "tool": scene.tool,
    }


def _take(key: str, names: tuple[str, ...], on_change: Callable[[], None] | None = None) -> None:
    """Copy what the browser sent to where it outlives the component."""
    payload = st.session_state[key].get("scene")
    held: _Kept = st.session_state[f"{key}:kept"]
    if payload is None or payload == held.payload:
        return
    state = StageState.from_payload(payload, names)
    st.session_state[f"{key}:kept"] = replace(held, state=state, payload=payload)
    if on_change:
        on_change()
