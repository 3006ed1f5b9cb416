"""The symmetry spectrum: which small motions of space does a function of triangles not see?

A motion moves all vertices alike, v -> v + ε (A (v - c) + b), c the cube's centre: 12 numbers
p = (A, b). With J(x) the function's Jacobian (trisym.jacobians), D(x) p the displacement of all
vertices, and s the spread of the values (their rms distance from their mean),

    answer²(p)       = mean_x |J(x) D(x) p|² / s²       = |M p|²
    displacement²(p) = mean_x,i |A (v_i - c) + b|²      = pᵀ G p,    G = L Lᵀ.

The spectrum is the generalised singular values of (M, G): the singular values of M L⁻ᵀ. Each is
the drift, in spreads, for a small motion, per unit of its rms displacement; the vectors are the
function's own motions. A value near 0 is a symmetry. Rigid motions (A antisymmetric) are se(3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import torch
from jaxtyping import Float
from scipy.linalg import subspace_angles
from torch import Tensor

from trisym import datasets
from trisym.datasets import DATASETS, DataConfig
from trisym.errors import DataError
from trisym.evaluation import fresh_seed
from trisym.jacobians import Function

MOTIONS = 12
TRIANGLES = 3_000  # behind a spectrum: another 3,000 move its values by about 1 %

# A motion is not seen where the answer to it is this many times weaker than to the next one: random
# networks of table 3 have no such gap (none of 300), trained on sides they have one of 7 to 15.
GAP = 5.0

FLAT = 1e-9  # of G's largest eigenvalue: below it the vertices fill no space


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
    """What a function answers to the 12 motions, the largest first.

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
        """How much of each motion's displacement² is of each kind, (12,) each; they add up to 1."""
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


def spectrum(
    function: Function, triangles: Float[Tensor, "batch vertex xyz"], edge: float = 1.0
) -> Spectrum:
    """Return the symmetry spectrum of a function on held-out triangles in the cube [0, edge]³.

    Raises DataError for fewer than 12 answers, a function that is constant or not finite there, or
    triangles whose vertices all lie in one plane.
    """
    vertices = triangles.detach().cpu().double()
    values, jacobian = function(vertices)
    if values.numel() < MOTIONS:
        raise DataError(
            f"{MOTIONS} motions need at least {MOTIONS} answers; {len(vertices)} triangles with "
            f"{values.shape[1]} nodes give only {values.numel()}. Take more triangles."
        )
    spread = _spread(values)
    moved = _displacements(vertices - edge / 2)
    metric = _metric(moved)
    answers = (jacobian @ moved.flatten(1, 2)).flatten(0, 1) / (spread * math.sqrt(len(vertices)))
    if not answers.isfinite().all():
        raise DataError("The network's answer to some motions is not a finite number.")
    lower = torch.linalg.cholesky(metric)
    # M L⁻ᵀ, by QR first: its 12 columns are many rows long.
    whitened = torch.linalg.solve_triangular(lower, torch.linalg.qr(answers).R.mT, upper=False).mT
    _, found, right = torch.linalg.svd(whitened)
    motions = torch.linalg.solve_triangular(lower.mT, right.mT, upper=True).mT
    return Spectrum(
        found.numpy(), motions.numpy(), metric.numpy(), _mean_answers(whitened, lower), spread
    )


def _spread(values: Float[Tensor, "batch node"]) -> float:
    if not values.isfinite().all():
        raise DataError("The network gives values that are not finite numbers.")
    # From the first point: a constant function is exactly 0 then.
    points = values - values[:1]
    variance = (points - points.mean(0)).square().sum(1).mean().item()
    if not math.isfinite(variance):
        raise DataError("The network's values are too large to compare.")
    if variance == 0:
        raise DataError(
            "All triangles have one latent point here: a network that tells nothing apart sees no "
            "motion at all. Train it longer, or take another one."
        )
    return math.sqrt(variance)


def _displacements(
    centred: Float[Tensor, "batch vertex xyz"],
) -> Float[Tensor, "batch vertex xyz 12"]:
    """D(x): how each vertex moves with each of the 12 numbers."""
    moved = centred.new_zeros(*centred.shape, MOTIONS)
    for axis in range(3):
        moved[:, :, axis, 3 * axis : 3 * axis + 3] = centred
        moved[:, :, axis, 9 + axis] = 1
    return moved


def _metric(moved: Float[Tensor, "batch vertex xyz 12"]) -> Float[Tensor, "12 12"]:
    rows = moved.flatten(0, 2)
    metric = 3 * rows.T @ rows / len(rows)  # a vertex has three rows
    eigenvalues = torch.linalg.eigvalsh(metric)
    if not eigenvalues[0] > FLAT * eigenvalues[-1]:
        raise DataError(
            "The vertices of these triangles fill no space, so some motions are the same for them. "
            "Take triangles that do not all lie in one plane."
        )
    return metric


def _mean_answers(
    whitened: Float[Tensor, "12 12"], lower: Float[Tensor, "12 12"]
) -> Mapping[str, float]:
    """The rms of |M p| over the motions of each kind, p of rms displacement 1."""
    found = {}
    for kind, basis in KINDS.items():
        directions = torch.linalg.qr(lower.mT @ torch.from_numpy(basis.T.copy())).Q
        found[kind] = ((whitened @ directions).square().sum() / len(basis)).sqrt().item()
    return MappingProxyType(found)


def held_out(data: DataConfig, n: int = TRIANGLES) -> Float[Tensor, "batch vertex xyz"]:
    """Draw triangles to ask a network about: of the law it was trained on, from another seed.

    The sets of table 2 are flat, or a single triangle; a network that was trained on one of them is
    asked about random triangles in the same cube.
    """
    name = data.name if DATASETS[data.name].pairs is None else "random"
    fresh = replace(data, name=name, n=n, seed=fresh_seed(data))
    return datasets.generate(fresh, dtype=torch.float64).inputs
