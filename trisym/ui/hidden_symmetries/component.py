"""The linked views as a Streamlit component: weights and clouds go to the browser once; what
comes back is the scene, when the hand lets go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from trisym.errors import DataError
from trisym.ui.kit.browser_model import StageModel, to_base64
from trisym.ui.kit.component import registered
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.scene import Scene

WEB = Path(__file__).parent / "web"
MOST_POINTS = 20_000  # of a set: what still turns smoothly in three views without a GPU

COLOURINGS = ("perimeter", "constant")
# One side 0.68, between vertices 1 and 2: a triangle of all three sets, and one whose errors are
# about the mean ones of the three networks shipped here.
START = Scene(
    pose=((0.22, 0.35, 0.28), (0.82, 0.35, 0.6), (0.1, 0.9, 0.65)),
    camera=(0.62, 0.36, 1.0),
    latent_camera=(0.9, 0.42, 1.0),
    models=("fixed-side", COLOURINGS[0]),  # the set that the hand obeys, and the colours
)


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


_planes = registered("trisym_planes", WEB / "planes.js")


def planes(sets: Sequence[ConstrainedSet], *, key: str, link: SceneLink) -> Scene:
    """Show the sets side by side under one hand; return where the hand left things.

    The scene's `models` are the name of the set that the hand obeys and one of COLOURINGS. `link`
    keeps it in the page's link, and the views start from what that holds.
    """
    scene = link.scene or START
    kept = f"{key}:start"
    # Changed data would restart the views: what they started from is sent again at each rerun.
    if kept not in st.session_state or st.session_state[kept][0] != link.revision:
        st.session_state[kept] = (link.revision, _known(scene, sets))
    start: Scene = st.session_state[kept][1]
    data = {
        "uid": key,
        "revision": str(link.revision),
        "sets": [each.payload() for each in sets],
        "start": _payload(start),
    }
    result = _planes(key=key, data=data, on_hand_change=lambda: None)
    if (hand := result.get("hand")) is None:
        return start
    left = _received(hand)
    link.write(left)
    return left


def _known(scene: Scene, sets: Sequence[ConstrainedSet]) -> Scene:
    """What a link asks for, as far as it is here."""
    names, chosen = [each.name for each in sets], (*scene.models, "", "")[:2]
    obeys = chosen[0] if chosen[0] in names else names[-1]
    colouring = chosen[1] if chosen[1] in COLOURINGS else COLOURINGS[0]
    return replace(scene, models=(obeys, colouring))


def _payload(scene: Scene) -> dict[str, Any]:
    return {
        "pose": [value for vertex in scene.pose for value in vertex],
        "camera": list(scene.camera),
        "sideCamera": list(scene.latent_camera),
        "set": scene.models[0],
        "colouring": scene.models[1],
    }


def _received(hand: Mapping[str, Any]) -> Scene:
    """From what the browser sent; raises DataError for what no hand could have made."""
    try:
        models = (str(hand["set"]), str(hand["colouring"]))
        return Scene.from_numbers(
            hand["pose"], hand["camera"], hand["sideCamera"], "rotate", models
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataError("The linked views sent a scene that can't be read.") from error
