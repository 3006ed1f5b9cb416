"""The latent size from which on a curve of errors is level: the network's count of freedoms.

The rule. Let D be the fall from the first value of the curve to its lowest. A curve with
D <= 5 % of its first value never fell: its plateau begins at the first h. Otherwise it begins at
the smallest h from which on every value lies within 5 % of D above the lowest. (One of nine degrees
of freedom is worth a ninth of D or more, so that 5 % can't hide one.) A curve of which only the
largest h is within the tolerance is never level: one point can't show that it stays.

TOLERANCES are others that the 5 % could have been, for a page to show what hangs on the choice.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trisym.errors import DataError

TOLERANCE = 0.05
TOLERANCES = (0.01, 0.02, TOLERANCE, 0.1, 0.2)


def plateau(sizes: Sequence[int], errors: Sequence[float], tolerance: float = TOLERANCE) -> int:
    """Return the latent size at which one curve becomes level; the largest where it never is.

    Raises DataError as `level_from` does.
    """
    level = level_from(sizes, errors, tolerance)
    return max(sizes) if level is None else level


def level_from(
    sizes: Sequence[int], errors: Sequence[float], tolerance: float = TOLERANCE
) -> int | None:
    """Return the latent size from which on one curve is level; None where it never is.

    `sizes` may come in any order. Raises DataError for fewer than two points, sizes given twice,
    errors that are not finite, or not as many errors as sizes.
    """
    values = np.asarray(errors, dtype=float)
    if len(sizes) != len(values) or len(values) < 2 or len(set(sizes)) < len(sizes):
        raise DataError("A plateau needs one error for each of at least two latent sizes.")
    if not np.isfinite(values).all():
        raise DataError("A plateau needs finite errors.")
    order = np.argsort(sizes)
    ordered, values = np.asarray(sizes)[order], values[order]
    fall = values[0] - values.min()
    if fall <= tolerance * values[0]:
        return int(ordered[0])
    first = int(np.flatnonzero(values - values.min() > tolerance * fall)[-1]) + 1
    return int(ordered[first]) if first < len(ordered) - 1 else None


@dataclass(frozen=True)
class Plateau:
    """Latent sizes at which the curves of several seeds become level: the middle one, the ends.

    `never` is of how many of the seeds the curve is never level; the largest h stands for it.
    """

    median: int
    low: int
    high: int
    never: int = 0

    def __str__(self) -> str:
        return f"h = {self.median} ({self.seeds})"

    @property
    def seeds(self) -> str:
        """How far the seeds agree, in words."""
        found = "every seed" if self.low == self.high else f"seeds from {self.low} to {self.high}"
        return f"{found}; {self.never} never level" if self.never else found


def plateaus(table: pd.DataFrame, column: str, size: str = "h", seed: str = "seed") -> list[int]:
    """Return each seed's plateau, in the order of the seeds, from a table with a row a model."""
    largest = int(table[size].max())
    found = _levels(table, column, size, seed, TOLERANCE)
    return [largest if level is None else level for level in found]


def over_seeds(
    table: pd.DataFrame,
    column: str,
    size: str = "h",
    seed: str = "seed",
    tolerance: float = TOLERANCE,
) -> Plateau:
    """Return the plateau with its interval over seeds."""
    levels = _levels(table, column, size, seed, tolerance)
    if not levels:
        raise DataError("A plateau needs at least one seed.")
    largest = int(table[size].max())
    found = [largest if level is None else level for level in levels]
    return Plateau(statistics.median_low(found), min(found), max(found), levels.count(None))


def by_tolerance(
    table: pd.DataFrame, column: str, size: str = "h", seed: str = "seed"
) -> Mapping[float, Plateau]:
    """Return the plateau over seeds with each of TOLERANCES in the place of the rule's 5 %."""
    return {each: over_seeds(table, column, size, seed, each) for each in TOLERANCES}


def _levels(
    table: pd.DataFrame, column: str, size: str, seed: str, tolerance: float
) -> list[int | None]:
    return [
        level_from(group[size].tolist(), group[column].tolist(), tolerance)
        for _, group in table.groupby(seed, sort=True)
    ]
