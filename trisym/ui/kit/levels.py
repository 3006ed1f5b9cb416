"""Side errors that any picture of side errors is held against: the floor and the thesis's."""

from __future__ import annotations

from trisym.thesis import claims
from trisym.ui.kit.tables import errors_as_sentences

FLOOR = "floor of adding up |n·v|"
THESIS = "the thesis's network"


def floor() -> float:
    """Return the side error of 85 directions a side at their best, table 3's share of 256 units.

    Raises TrisymError when it is not measured.
    """
    return claims.measured("floor")


def floor_line() -> dict[str, float]:
    """Return the floor by its name, to be drawn; or nothing, and say so on the page."""
    line = {}
    with errors_as_sentences("The floor is not drawn"):
        line[FLOOR] = floor()
    return line


def side_errors() -> dict[str, float]:
    """Return by name the side errors to draw where table 3's network errs."""
    return {**floor_line(), THESIS: claims.aim("sides-error")}
