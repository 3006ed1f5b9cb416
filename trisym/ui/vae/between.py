"""The path between two triangles by hand, through a plain network and through a variational one.

Weights go to the browser once; what comes back is the scene, when the hand lets go.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from trisym.ui.kit import models
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.live import LiveComponent
from trisym.ui.kit.saved_page import About, Cards, Shown, Taken
from trisym.ui.kit.served import JsonFile
from trisym.ui.vae.scene import Scene

PAIR = ("sides-h6", "vae-h6")  # with as many nodes, trained on the same triangles and loss
HEADINGS = ("Plain", "Variational (VAE)")
TITLE = "Can a price make it forget the pose?"
SHOWS = (
    "Two triangles, and the straight path between their six latent numbers: what a plain network "
    "and a variational one decode on it. Turn the triangle in your hand: its sides stay, so the "
    "sides on the path should stay, too."
)

_view = LiveComponent("trisym_between", Path(__file__).parent / "web" / "between.js", Scene)


def between(*, key: str, link: SceneLink[Scene] | None = None, cards: Cards | None = None) -> Scene:
    """Show the view and return where the hand left things.

    link: keeps the scene in the page's link. cards: of PAIR, to take the view away with.
    """
    taken = None if cards is None else _taken(cards)
    return _view.show(_data(JsonFile.sent), key=key, start=Scene(), link=link, taken=taken).scene


def exported(scene: Scene, cards: Cards) -> Shown:
    """Return the view to be written as a file; arguments as in `between`."""
    return _view.exported(_data(JsonFile.value), scene, _taken(cards))


def _taken(cards: Cards) -> Taken:
    return Taken(About("vae", TITLE, SHOWS, cards))


def _data(value: Callable[[JsonFile], Any]) -> dict[str, Any]:
    files = (models.in_browser(name).file for name in PAIR)
    return {
        "models": [
            {"heading": heading, "network": value(file)}
            for heading, file in zip(HEADINGS, files, strict=True)
        ]
    }
