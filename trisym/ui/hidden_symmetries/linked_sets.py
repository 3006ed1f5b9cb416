"""The linked views: weights and clouds go to the browser once; what comes back is the scene, when
the hand lets go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from trisym.errors import DataError
from trisym.ui.hidden_symmetries.scene import COLOURINGS, Scene
from trisym.ui.kit.arrays import to_base64
from trisym.ui.kit.browser_model import BrowserModel, InBrowser
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.live import LiveComponent
from trisym.ui.kit.saved_page import About, Cards, Shown, Taken
from trisym.ui.kit.served import JsonFile

WEB = Path(__file__).parent / "web"
MOST_POINTS = 20_000  # of a set: what still turns smoothly in three views without a GPU
TAKEN = 1_500  # of a set in a saved page
SHOWS = (
    "Three sets of triangles under one hand, and what a network with two latent nodes makes of "
    "each. In two of the sets one side never changes, and nobody told the network. Drag a vertex "
    "and see where the triangle lies among the sides, above, and in the latent plane, below."
)

_views = LiveComponent("trisym_linked_sets", WEB / "linked_sets.js", Scene)


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
    model: BrowserModel
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

    @cached_property
    def file(self) -> JsonFile:
        """The payload as browsers keep it."""
        return JsonFile(self.payload())

    @cached_property
    def taken(self) -> JsonFile:
        """The payload with as much of the cloud as a saved page holds."""
        parts = (self.sides, self.latents, self.constant)
        sides, latents, constant = (part[:TAKEN] for part in parts)
        thinned = replace(self, sides=sides, latents=latents, constant=constant)
        return JsonFile(thinned.payload())

    def obeyed(self) -> dict[str, Any]:
        """What the hand obeys and the visitor reads, as JSON for the browser."""
        return {
            "name": self.name,
            "title": self.title,
            "short": self.short,
            "rule": self.rule,
            "minSide": self.min_side,
            "constantSide": self.constant_side,
            "movable": self.movable,
        }

    def payload(self) -> dict[str, Any]:
        """JSON for the browser."""
        return {
            **self.obeyed(),
            "model": self.model.payload(),
            "sides": to_base64(self.sides),
            "latents": to_base64(self.latents),
            "constant": to_base64(self.constant),
        }


@dataclass(frozen=True)
class OtherNetwork:
    """A set with another network on it than the shipped one; the browser draws its triangles."""

    of: ConstrainedSet
    model: InBrowser

    @property
    def name(self) -> str:
        return self.of.name

    @property
    def file(self) -> OtherNetwork:
        return self

    def sent(self) -> dict[str, Any]:
        """JSON for the browser."""
        return {**self.of.obeyed(), "model": self.model.file.sent()}

    def value(self) -> dict[str, Any]:
        """JSON for a saved page."""
        return {**self.of.obeyed(), "model": self.model.file.value()}


AnySet = ConstrainedSet | OtherNetwork


def linked_sets(
    sets: Sequence[AnySet],
    *,
    key: str,
    link: SceneLink[Scene],
    cards: Cards | None = None,
) -> Scene:
    """Show the sets side by side under one hand; return where the hand left things.

    `link` keeps the scene in the page's link, and the views start from what that holds. cards: of
    the networks, to take the views away with.
    """
    data = {"sets": [each.file.sent() for each in sets]}
    return _views.show(
        data,
        key=key,
        start=Scene(),
        link=link,
        amend=lambda scene: known(scene, sets),
        taken=None if cards is None else _taken(sets, cards),
    ).scene


def exported(sets: Sequence[ConstrainedSet], scene: Scene, cards: Cards) -> Shown:
    """Return the views to be written as a file; arguments as in `linked_sets`."""
    return _views.exported({}, known(scene, sets), _taken(sets, cards))


def _taken(sets: Sequence[AnySet], cards: Cards) -> Taken:
    about = About("hidden_symmetries", "Will it find the hidden symmetry?", SHOWS, cards)
    thinner = [each.taken for each in sets if isinstance(each, ConstrainedSet)]
    return Taken(about, instead={"sets": thinner} if len(thinner) == len(sets) else {})


def known(scene: Scene, sets: Sequence[AnySet]) -> Scene:
    """Return what a scene asks for, as far as it is here."""
    names, chosen = [each.name for each in sets], (*scene.choice, "", "")[:2]
    obeys = chosen[0] if chosen[0] in names else names[-1]
    colouring = chosen[1] if chosen[1] in COLOURINGS else COLOURINGS[0]
    others = [each.model.name for each in sets if isinstance(each, OtherNetwork)]
    return replace(scene, choice=(obeys, colouring, *others))
