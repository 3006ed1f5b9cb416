"""The live view of three to six points: a shape in the hand, and its latent point in networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import trisym  # its modules come when they are used: torch takes two seconds
from trisym.ui.kit.about import of_models
from trisym.ui.kit.browser_model import BrowserModel
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.live import LiveComponent
from trisym.ui.kit.saved_page import About, Cards, Shown, Taken
from trisym.ui.kit.served import JsonFile
from trisym.ui.more_points.scene import Scene

WEB = Path(__file__).parent / "web"
# The shipped networks, in the order in which they are drawn, by what a visitor reads.
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "sides-h3": "Trained on the 3 sides",
        "points-4": "Trained on the 6 distances",
        "points-4-volume": "Trained on distances and signed volume",
        "points-5": "Trained on the 10 distances",
        "points-6": "Trained on the 15 distances",
    }
)
SHOWS = (
    "Three to six points in your hand, and where they lie in the latent space of networks that "
    "were trained on all their distances. Turn the shape and the latent point stays; mirror four "
    "points and only a network that was trained on the signed volume, too, sees it."
)
_view = LiveComponent("trisym_points", WEB / "points.js", Scene)


def points_stage(*, key: str, link: SceneLink[Scene] | None = None) -> Scene:
    """Show the view of the shipped networks and return where the hand left things.

    link: keeps the scene in the page's link. Raises TrisymError where a network is missing.
    """
    return _view.show(
        _data(JsonFile.sent), key=key, start=Scene(), link=link, taken=_taken(cards())
    ).scene


def exported(scene: Scene) -> Shown:
    """Return the view to be written as a file."""
    return _view.exported(_data(JsonFile.value), scene, _taken(cards()))


def cards() -> Cards:
    """Return what the cards of the networks say."""
    told = of_models(list(TITLES))
    return [(title, card) for title, (_, card) in zip(TITLES.values(), told, strict=True)]


def _taken(told: Cards) -> Taken:
    return Taken(About("more_points", "More points: how many numbers?", SHOWS, told))


def _data(value: Callable[[JsonFile], Any]) -> dict[str, Any]:
    return {"models": [value(_file(name, trisym.checkpoints.sha256(name))) for name in TITLES]}


@lru_cache(maxsize=2 * len(TITLES))
def _file(name: str, digest: str) -> JsonFile:
    model = trisym.checkpoints.load_autoencoder(name)
    arrays = {key: tensor.numpy() for key, tensor in model.state_dict().items()}
    return BrowserModel.from_arrays(
        name,
        arrays,
        slope=model.config.slope,
        title=TITLES[name],
        input_activation=model.config.input_activation,
        points=model.config.vertices,
    ).file
