"""The linked views as a Streamlit component: weights and clouds go to the browser once, and nothing
comes back but the triangle that the hand let go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from trisym.errors import DataError
from trisym.ui.stage.component import join_modules
from trisym.ui.stage.model import StageModel, to_base64

WEB = Path(__file__).parent / "web"
# Each file uses only what stands above it; the last one has the default export.
SHARED_FILES = (
    *("base64", "encoder", "geometry", "camera", "motion", "theme", "surface", "cloud", "cube"),
    *("perimeters", "scene", "latent_track", "narrator", "world_view", "latent_view", "panel"),
    *("meter", "pointer", "world_hand"),
)
OWN_FILES = (
    *("obedience", "wander", "paints", "set_cloud", "linked_view", "set_panel"),
    *("cloud_hand", "picture", "planes_controls", "planes"),
)
MOST_POINTS = 20_000  # of a set: what still turns smoothly in three views without a GPU

# One side 0.68, between vertices 1 and 2: a triangle of all three sets, turned to the viewer.
START = ((0.22, 0.5, 0.28), (0.82, 0.5, 0.6), (0.34, 0.58, 0.92))


@dataclass(frozen=True)
class ConstrainedSet:
    """A set of triangles, its shipped cloud and the network with h = 2 that was trained on it.

    sides (n, 3) and latents (n, 2); constant (n,): which side is the constant one, 0 for none;
    movable: the constant side may lie between any two vertices. Raises DataError where these don't
    belong together.
    """

    name: str
    title: str
    short: str  # a word or two, for a button
    rule: str  # what the hand obeys, in one sentence
    min_side: float
    constant_side: float | None
    movable: bool
    model: StageModel
    sides: np.ndarray
    latents: np.ndarray
    constant: np.ndarray

    def __post_init__(self) -> None:
        n = len(self.sides)
        shapes = (self.sides.shape, self.latents.shape, self.constant.shape)
        if shapes != ((n, 3), (n, 2), (n,)) or not 2 <= n <= MOST_POINTS:
            raise DataError(
                f"A cloud has sides (n, 3), latents (n, 2) and constant sides (n,), n from 2 to "
                f"{MOST_POINTS:,}; got {shapes}."
            )
        if self.model.h != 2:
            raise DataError(f"The planes show networks with h = 2, not {self.model.h}.")

    def payload(self) -> dict[str, Any]:
        """JSON for the browser."""
        return {
            "name": self.name,
            "title": self.title,
            "short": self.short,
            "rule": self.rule,
            "minSide": self.min_side,
            "constantSide": self.constant_side,
            "movable": self.movable,
            "model": self.model.payload(),
            "sides": to_base64(self.sides),
            "latents": to_base64(self.latents),
            "constant": to_base64(self.constant),
        }


_planes = st.components.v2.component(
    "trisym_planes",
    html=(WEB / "planes.html").read_text(encoding="utf-8"),
    css=(WEB / "planes.css").read_text(encoding="utf-8"),
    js=join_modules(SHARED_FILES) + "\n" + join_modules(OWN_FILES, WEB),
)


def planes(sets: Sequence[ConstrainedSet], *, key: str, obeys: str) -> Mapping[str, Any]:
    """Show the sets side by side under one hand; return where the hand left things.

    obeys: the name of the set that the hand obeys at first. The answer has `pose`, nine numbers,
    and `set`, a name; both are the start's until the hand first let go.
    """
    start = {"pose": [c for vertex in START for c in vertex], "set": obeys}
    data = {"uid": key, "sets": [each.payload() for each in sets], "start": start}
    result = _planes(key=key, data=data, on_hand_change=lambda: None)
    return result.get("hand") or start
