"""The decoder by hand: three linked spaces and a latent point that a hand carries.

Weights and cloud go to the browser once; what comes back is the scene, when the hand lets go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from trisym.errors import DataError
from trisym.storage import results
from trisym.ui.kit.arrays import to_base64
from trisym.ui.kit.browser_model import InBrowser, Payload
from trisym.ui.kit.laws import Law
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.link_codec import rounded
from trisym.ui.kit.live import LiveComponent
from trisym.ui.kit.local import LocalModel
from trisym.ui.kit.saved_page import About, Cards, Shown, Taken
from trisym.ui.kit.served import JsonFile
from trisym.ui.latent_space.scene import UNPLACED, Scene

WEB = Path(__file__).parent / "web"
MOST_POINTS = 10_000  # of the cloud: what still turns smoothly in three views without a GPU
NODES = 3
CLOUD = "latent-cloud"
SHOWS = (
    "A network keeps three numbers of a triangle, whatever its pose. Drag the latent point and see "
    "which triangle it stands for. One colour is one perimeter in all three spaces: the sides of "
    "many triangles, their latent points, and the sides that come back."
)

_view = LiveComponent("trisym_decoder", WEB / "decoder.js", Scene)


@dataclass(frozen=True)
class SpaceCloud:
    """The same triangles in three spaces: sides, latents and rebuilt sides, (n, 3) each.

    Raises DataError where these don't belong together.
    """

    sides: np.ndarray
    latents: np.ndarray
    rebuilt: np.ndarray

    def __post_init__(self) -> None:
        n = len(self.sides)
        shapes = (self.sides.shape, self.latents.shape, self.rebuilt.shape)
        if set(shapes) != {(n, NODES)} or not 2 <= n <= MOST_POINTS:
            raise DataError(
                f"A cloud has sides, latents and rebuilt sides (n, 3), n from 2 to "
                f"{MOST_POINTS:,}; got {shapes}."
            )
        if not all(np.isfinite(part).all() for part in (self.sides, self.latents, self.rebuilt)):
            raise DataError("The points of a cloud must be finite numbers.")

    @cached_property
    def file(self) -> JsonFile:
        """The payload as browsers keep it."""
        return JsonFile(self.payload())

    def payload(self) -> dict[str, str]:
        """JSON for the browser."""
        parts = {"sides": self.sides, "latents": self.latents, "rebuilt": self.rebuilt}
        return {name: to_base64(part) for name, part in parts.items()}

    def middle(self) -> Scene:
        """Return the scene at the latent point of the triangle nearest to the mean.

        A mean of points may lie off a hollow cloud.
        """
        away = np.linalg.norm(self.latents - self.latents.mean(axis=0), axis=1)
        return Scene(rounded(self.latents[away.argmin()]))


def shipped_cloud() -> SpaceCloud:
    """Return the cloud of the shipped result, for all visitors; TrisymError where it is missing."""
    return _shipped_cloud(results.stamp(CLOUD))


@st.cache_resource(show_spinner=False, max_entries=2)
def _shipped_cloud(stamp: results.Stamp) -> SpaceCloud:
    table = results.load(CLOUD)
    spaces = ("l", "N", "rebuilt_l")
    columns = ([f"{space}{i}" for i in (1, 2, 3)] for space in spaces)
    return SpaceCloud(*(table[each].to_numpy(dtype=float) for each in columns))


def decoder(
    model: InBrowser,
    cloud: SpaceCloud | Law,
    *,
    key: str,
    link: SceneLink[Scene] | None = None,
    cards: Cards | None = None,
) -> Scene:
    """Show the spaces and return where the hand left things; at first the cloud's middle.

    cloud: of a network that is not the page's own, held-out triangles, which the browser puts into
    the spaces by itself. link: keeps the scene in the page's link. cards: of the model, to take
    the view away with. Raises DataError for a model without three nodes.
    """
    _check(model)
    start = first(model, cloud)
    return _view.show(
        _data(model, cloud, lambda each: each.sent()),
        key=key,
        start=start,
        link=link,
        amend=lambda scene: scene if scene.models == start.models else start,
        taken=None if cards is None else _taken(cards),
    ).scene


def first(model: InBrowser, cloud: SpaceCloud | Law) -> Scene:
    """Return the scene that a network is first seen at."""
    if isinstance(cloud, SpaceCloud):
        return cloud.middle()
    return Scene(UNPLACED, models=(model.name,))


def exported(model: InBrowser, cloud: SpaceCloud | Law, scene: Scene, cards: Cards) -> Shown:
    """Return the spaces to be written as a file; arguments as in `decoder`."""
    _check(model)
    return _view.exported(_data(model, cloud, lambda each: each.value()), scene, _taken(cards))


def _data(
    model: InBrowser, cloud: SpaceCloud | Law, value: Callable[[Payload], Any]
) -> dict[str, Any]:
    shipped = isinstance(cloud, SpaceCloud)
    return {
        "model": value(model.file),
        "models": [] if shipped else [model.name],
        "cloud": value(cloud.file) if shipped else None,
        "triangles": None if shipped else value(cloud.file),
    }


def _taken(cards: Cards) -> Taken:
    return Taken(About("latent_space", "What do the three numbers mean?", SHOWS, cards))


def _check(model: InBrowser) -> None:
    nodes = model.latent if isinstance(model, LocalModel) else getattr(model, "h", NODES)
    if nodes != NODES:
        raise DataError(f"The decoder by hand shows networks with h = 3, not {nodes}.")
