"""The live view of the symmetry spectra: dots, a triangle in a motion, its latent point."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trisym.errors import DataError
from trisym.spectrum import GAP
from trisym.ui.kit import laws, models
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.live import LiveComponent
from trisym.ui.kit.model_choice import MAX_MODELS
from trisym.ui.kit.saved_page import About, Cards, Shown, Taken
from trisym.ui.kit.served import JsonFile
from trisym.ui.symmetries.scene import Scene

if TYPE_CHECKING:
    from trisym.spectrum import Spectrum

_view = LiveComponent("trisym_symmetries", Path(__file__).parent / "web" / "symmetries.js", Scene)


SHOWS = (
    "Each dot is one of a network's own twelve small motions of space: far left are those that it "
    "does not see, its symmetries, which nobody told it. Choose a dot and watch the triangle in "
    "that motion, and how far the latent point goes, in spreads of its cloud."
)


def spectrum_view(
    found: Mapping[str, Spectrum | None],
    *,
    key: str,
    link: SceneLink[Scene] | None = None,
    fault: str | None = None,
    cards: Cards | None = None,
) -> Scene:
    """Show one to three models with their spectra, by id; return where the hand left things.

    A model without one is in the visitor's browser, which asks it for its own. cards: of the
    models, to take the view away with.
    """
    names = tuple(found)
    held = _view.show(
        _data(found, JsonFile.sent),
        key=key,
        start=Scene(models=names),
        link=link,
        fault=fault,
        amend=lambda scene: replace(scene, models=names),
        taken=None if cards is None else _taken(cards),
    )
    return held.scene


def exported(found: Mapping[str, Spectrum | None], scene: Scene, cards: Cards) -> Shown:
    """Return the view to be written as a file; arguments as in `spectrum_view`."""
    shown = replace(scene, models=tuple(found))
    return _view.exported(_data(found, JsonFile.value), shown, _taken(cards))


def _taken(cards: Cards) -> Taken:
    return Taken(About("symmetries", "Which motions does it not see?", SHOWS, cards))


def _data(found: Mapping[str, Spectrum | None], value: Callable[[JsonFile], Any]) -> dict[str, Any]:
    if not 1 <= len(found) <= MAX_MODELS:
        raise DataError(f"The view shows one to {MAX_MODELS} networks, not {len(found)}.")
    shown = {name: laws.law(name) for name in found}
    return {
        "models": [
            {
                "network": value(models.in_browser(name).file) if spectrum else _here(name),
                "law": shown[name].id,
                "asked": _payload(spectrum) if spectrum else None,
            }
            for name, spectrum in found.items()
        ],
        "gap": GAP,
        "laws": {
            law.id: {"edge": law.edge, "triangles": value(law.file)} for law in shown.values()
        },
    }


def _here(name: str) -> Any:
    return models.shown(name).file.sent()


def _payload(found: Spectrum) -> dict[str, Any]:
    return {
        "spread": found.spread,
        "values": found.values.tolist(),
        "motions": found.motions.tolist(),
        "metric": found.metric.ravel().tolist(),
        "found": found.found,
        "gap": found.gap if math.isfinite(found.gap) else 1e9,
        "threshold": found.threshold,
    }
