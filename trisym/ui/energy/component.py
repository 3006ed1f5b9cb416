"""The energy view as a Streamlit component: it reuses the stage's modules, and adds its own.

The scene comes back when the hand lets go, never during a drag. Poses are in box units: the edge
of the box that the training molecules lie in is 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from trisym.errors import DataError
from trisym.ui.kit.browser_model import to_base64
from trisym.ui.kit.component import registered
from trisym.ui.symmetry import Scene, SceneLink, StageModel
from trisym.ui.symmetry.component import WEB as STAGE_WEB

if TYPE_CHECKING:
    from trisym.energy import MinMax
    from trisym.storage.energy_models import EnergyModel

WEB = Path(__file__).parent / "web"
LINES = ("l1", "l2", "l3", "fig18")
EDGE, MIN_SIDE, SIGMA = 0.7, 0.48, 0.5

# Sides 0.62, 0.56 and 0.62: the second is near the lowest energy, and can be pulled from 0.48 to
# 1.06 inside the box; turned to the viewer.
HOME_POSE = ((0.4858, 0.7496, 0.0821), (0.9882, 0.0225, 0.1408), (0.5633, 0.2213, 0.7888))


_energy_stage = registered("trisym_energy_stage", WEB / "energy_stage.js", STAGE_WEB / "stage.css")


@dataclass(frozen=True)
class _Kept:
    """What a rerun needs: Streamlit drops the component's own value when the visitor leaves."""

    revision: int
    start: Scene  # sent again at each rerun, unchanged: changed data would restart the view
    now: Scene
    moved: bool = False


def energy_stage(
    models: Sequence[EnergyModel], *, key: str, link: SceneLink | None = None
) -> Scene:
    """Show the energy view and return where the hand left things, in box units.

    models: one a kind of input, in the order shown; one of them has an encoder, whose latent is
    also what the others are seen beside. link: keeps the molecule and the line in the page's link;
    the line takes the place of the models' names there. Raises DataError without an encoder.
    """
    kept = f"{key}:kept"
    revision = link.revision if link else 0
    if kept not in st.session_state or st.session_state[kept].revision != revision:
        start = (link.scene if link else None) or Scene(pose=HOME_POSE, models=(LINES[1],))
        st.session_state[kept] = _Kept(revision, start, start)
    held: _Kept = st.session_state[kept]
    data = {
        "uid": key,
        "revision": str(held.revision),
        "start": {
            "pose": [value for vertex in held.start.pose for value in vertex],
            "camera": list(held.start.camera),
            "latentCamera": None,
            "tool": held.start.tool,
        },
        "line": _line_of(held.start),
        "edge": EDGE,
        "minSide": MIN_SIDE,
        "sigma": SIGMA,
        "encoder": encoder_payload(models),
        "predictors": [predictor_payload(model) for model in models],
        "fault": link.fault if link else None,
    }
    _energy_stage(key=key, data=data, on_scene_change=lambda: _receive(key))
    held = st.session_state[kept]
    if link and held.moved:
        link.write(held.now)
    return held.now


def _line_of(scene: Scene) -> str:
    return scene.models[0] if scene.models and scene.models[0] in LINES else LINES[1]


def _receive(key: str) -> None:
    """Before the rerun: copy what the browser sent to where it outlives the component."""
    payload = st.session_state[key].get("scene")
    if payload is None:
        return
    held: _Kept = st.session_state[f"{key}:kept"]
    st.session_state[f"{key}:kept"] = replace(held, now=scene_from(payload), moved=True)


def scene_from(payload: Mapping[str, Any]) -> Scene:
    """Return what the browser sent; raises DataError for what no hand could have made."""
    try:
        line = payload["line"]
        if line not in LINES:
            raise DataError(f"The line must be one of {', '.join(LINES)}.")
        return Scene.from_numbers(
            payload["pose"], payload["camera"], payload["latentCamera"], payload["tool"], (line,)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataError("The energy view sent a scene that can't be read.") from error


def predictor_payload(model: EnergyModel) -> dict[str, Any]:
    """Return a predictor and its scaling as JSON for the browser."""
    weights = {name: tensor.numpy() for name, tensor in model.predictor.state_dict().items()}
    count = len(model.predictor.config.sizes) - 1
    names = [(f"layers.{i}.weight", f"layers.{i}.bias") for i in range(count)]
    return {
        "kind": model.kind,
        "slope": model.predictor.config.slope,
        "layers": [_layer(weights[weight], weights[bias]) for weight, bias in names],
        "inputs": _scaling(model.inputs),
        "energy": _scaling(model.energies),
    }


def _layer(weight: np.ndarray, bias: np.ndarray) -> dict[str, Any]:
    rows, columns = weight.shape
    weights = to_base64(np.concatenate([weight.ravel(), bias]))
    return {"rows": rows, "columns": columns, "weights": weights}


def _scaling(scaling: MinMax) -> dict[str, Any]:
    return {"low": list(scaling.low), "widths": list(scaling.widths)}


def encoder_payload(models: Sequence[EnergyModel]) -> dict[str, Any]:
    """Return the encoder of the first model that has one; DataError where none has."""
    encoders = [model.encoder for model in models if model.encoder is not None]
    if not encoders:
        raise DataError("The energy view needs a predictor that has an encoder.")
    encoder = encoders[0]
    arrays = {name: tensor.numpy() for name, tensor in encoder.state_dict().items()}
    return StageModel.from_arrays(
        "encoder",
        arrays,
        slope=1.0 if encoder.config.activation == "linear" else encoder.config.slope,
        input_activation=encoder.config.input_activation,
    ).payload()
