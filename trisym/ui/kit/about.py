"""What the card of a model says, in a few lines: for pages that are read far from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import trisym  # its modules come when they are used: torch takes two seconds
from trisym.film import epochs_shown
from trisym.names import UNTRAINED
from trisym.outside_text import shortened
from trisym.ui.kit import local, models
from trisym.ui.kit.saved_page import Cards
from trisym.ui.kit.tables import short

METRICS = {"side_error": "side error", "orbit_spread_inside": "orbit spread inside the cube"}
SHOWN = 16  # letters of a digest


def of_models(names: Sequence[str]) -> Cards:
    """Return for each model, by its id, its title and its card in a few lines of plain text."""
    return [(shortened(models.title(name)), _card(name, models.digest(name))) for name in names]


@lru_cache(maxsize=100)
def _card(name: str, digest: str) -> Mapping[str, str]:
    if local.is_local(name):
        return MappingProxyType({"trained": "in a browser"})
    if name == UNTRAINED:
        return MappingProxyType({"trained": "never: random weights"})
    card = trisym.load_card(models.file_of(name))
    config = card.config
    points = config.data.points
    lines = {
        "model": card.name,
        "triangles"
        if points == 3
        else f"sets of {points} points": f"{config.data.n:,} of the set {config.data.name}",
        "loss": config.loss + (f" + {config.kl_weight:g} · KL" if config.kl_weight else ""),
        "trained": f"{epochs_shown(card.epochs)} epochs in {card.seconds:,.0f} s on {card.device}",
        **{
            text: short(card.metrics[name])
            for name, text in METRICS.items()
            if name in card.metrics
        },
        "made": f"{card.created} with trisym {card.versions.get('trisym', '?')}",
        "sha256": f"{digest[:SHOWN]}…",
    }
    return MappingProxyType({name: shortened(text) for name, text in lines.items()})
