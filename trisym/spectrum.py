"""A symmetry spectrum: twelve answers to small motions of space, and the motions themselves.

A motion is p = (A, b), v -> v + ε (A (v - c) + b) for every vertex alike; its size is the rms
displacement sqrt(pᵀ G p) of the vertices. trisym.symmetries asks a function for its spectrum. No
torch here: pages read spectra before they need it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

if TYPE_CHECKING:
    import pandas

MOTIONS = 12
AXES = "xyz"
ENTRIES = (*(f"a_{i}{j}" for i in AXES for j in AXES), *(f"b_{i}" for i in AXES))  # of A and b

# A motion is not seen where the answer to it is this many times weaker than to the next one: random
# networks of table 3 have no such gap (none of 300), trained on sides they have one of 7 to 15.
GAP = 5.0


def _basis() -> Mapping[str, Float[np.ndarray, "motion 12"]]:
    """Return the motions of each kind, (motion, 12): A row by row, then b."""
    unit = np.eye(MOTIONS)
    pairs = [(3 * i + j, 3 * j + i) for i, j in ((2, 1), (0, 2), (1, 0))]  # about x, y, z
    turns = np.stack([unit[a] - unit[b] for a, b in pairs])
    shears = np.stack([unit[a] + unit[b] for a, b in pairs])
    stretches = unit[[0, 4, 8]]
    return MappingProxyType(
        {
            "translation": unit[9:],
            "rotation": turns,
            "strain": np.concatenate([stretches, shears]),
        }
    )


KINDS = _basis()
RIGID_KINDS = ("translation", "rotation")
RIGID = np.concatenate([KINDS[kind] for kind in RIGID_KINDS])  # se(3)


@dataclass(frozen=True)
class Spectrum:
    """A function's answers to the 12 motions, the largest first.

    values: (12,), in spreads per unit of rms displacement. motions: (12, 12), a motion a row, A row
    by row and then b, rms displacement 1. metric: G (12, 12). answers: the rms answer over all
    translations, rotations and strains of rms displacement 1. spread: s.
    """

    values: np.ndarray
    motions: np.ndarray
    metric: np.ndarray
    answers: Mapping[str, float]
    spread: float

    @property
    def gaps(self) -> np.ndarray:
        """Return how many times weaker than the one before each answer is, (11,)."""
        return self.values[:-1] / np.maximum(self.values[1:], np.finfo(float).tiny)

    @property
    def found(self) -> int:
        """Return how many motions lie below the first gap of at least GAP: the unseen ones."""
        wide = np.flatnonzero(self.gaps >= GAP)
        return MOTIONS - 1 - int(wide[0]) if len(wide) else 0

    @property
    def gap(self) -> float:
        """Return the gap above the motions that were found, or the widest where none were."""
        place = MOTIONS - 1 - self.found
        return float(self.gaps[place] if self.found else self.gaps.max())

    @property
    def threshold(self) -> float:
        """Return below which answer a motion would count as not seen: a GAP under those seen."""
        return float(self.values[MOTIONS - 1 - self.found] / GAP)

    @property
    def unseen(self) -> tuple[str, ...]:
        """Return the kinds whose mean answer is at least GAP times weaker than that to strains."""
        return unseen(self.answers)

    @property
    def shares(self) -> dict[str, np.ndarray]:
        """Return each kind's share of each motion's displacement², (12,) each; they add up to 1."""
        squares = {kind: self._squares(self._part(kind)) for kind in KINDS}
        total = sum(squares.values())
        return {kind: square / total for kind, square in squares.items()}

    def _part(self, kind: str) -> np.ndarray:
        basis = KINDS[kind] / np.linalg.norm(KINDS[kind], axis=1, keepdims=True)
        return self.motions @ basis.T @ basis

    def _squares(self, motions: np.ndarray) -> np.ndarray:
        return np.einsum("ij,jk,ik->i", motions, self.metric, motions)

    def angles(self, lowest: int | None = None, to: np.ndarray = RIGID) -> np.ndarray:
        """Return the principal angles of two spaces of motions, in radians, the largest first.

        The first is spanned by the `lowest` motions (those found, where it is None), the second by
        the rows of `to`; right angles are those of G. No motions have no angles.
        """
        count = self.found if lowest is None else lowest
        if count == 0:
            return np.empty(0)
        from scipy.linalg import subspace_angles  # here, because it is slow to import

        whiten = np.linalg.cholesky(self.metric).T
        return subspace_angles(whiten @ self.motions[-count:].T, whiten @ to.T)

    def inside(self, lowest: int | None = None, to: np.ndarray = RIGID) -> float:
        """Return how much of the lowest motions lies in the other space, 0 to 1: mean cos²."""
        angles = self.angles(lowest, to)
        return float((np.cos(angles) ** 2).mean()) if len(angles) else math.nan

    def displacement(self, motion: np.ndarray) -> float:
        """Return the rms displacement of a motion (12,), over vertices and triangles."""
        return float(np.sqrt(motion @ self.metric @ motion))

    def answer(self, motion: np.ndarray) -> float:
        """Return the rms drift, in spreads, that a motion (12,) would cause were f linear."""
        return float(np.linalg.norm(self.values * (self.motions @ self.metric @ motion)))


def unseen(answers: Mapping[str, float]) -> tuple[str, ...]:
    """Return the kinds of motion whose mean answer is at least GAP times weaker than to strains."""
    return tuple(kind for kind in RIGID_KINDS if answers[kind] * GAP < answers["strain"])


def as_table(found: Spectrum) -> pandas.DataFrame:
    """Return a spectrum as a table: a row a motion, the strongest answer first."""
    import pandas as pd  # here, because a worker reads spectra and makes no tables: 70 MB

    table = pd.DataFrame({"rank": range(1, MOTIONS + 1), "value": found.values})
    for kind in KINDS:
        table[kind] = found.answers[kind]
    table["found"], table["gap"] = found.found, found.gap
    table["inside_se3"] = found.inside()
    for kind, share in found.shares.items():
        table[f"share_{kind}"] = share
    return table.join(pd.DataFrame(found.motions, columns=list(ENTRIES)))
