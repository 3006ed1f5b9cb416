"""The latent size from which on a curve of errors is level: the network's count of freedoms.

The rule. Let D be the fall from the first value of the curve to its lowest. A curve with
D <= 5 % of its first value never fell: its plateau begins at the first h. Otherwise it begins at
the smallest h from which on every value lies within 5 % of D above the lowest. (One of nine degrees
of freedom is worth a ninth of D or more, so that 5 % can't hide one.)
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trisym.errors import DataError

TOLERANCE = 0.05


def plateau(sizes: Sequence[int], errors: Sequence[float], tolerance: float = TOLERANCE) -> int:
    """Return the latent size at which one curve becomes level.

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
    above = np.flatnonzero(values - values.min() > tolerance * fall)
    return int(ordered[min(above[-1] + 1, len(ordered) - 1)])


@dataclass(frozen=True)
class Plateau:
    """Latent sizes at which the curves of several seeds become level: the middle one, the ends."""

    median: int
    low: int
    high: int

    def __str__(self) -> str:
        seeds = "every seed" if self.low == self.high else f"seeds from {self.low} to {self.high}"
        return f"h = {self.median} ({seeds})"


def plateaus(table: pd.DataFrame, column: str, size: str = "h", seed: str = "seed") -> list[int]:
    """Return each seed's plateau, in the order of the seeds, from a table with a row a model."""
    return [
        plateau(group[size].tolist(), group[column].tolist())
        for _, group in table.groupby(seed, sort=True)
    ]


def over_seeds(table: pd.DataFrame, column: str, size: str = "h", seed: str = "seed") -> Plateau:
    """Return the plateau with its interval over seeds."""
    found = plateaus(table, column, size, seed)
    if not found:
        raise DataError("A plateau needs at least one seed.")
    return Plateau(statistics.median_low(found), min(found), max(found))
