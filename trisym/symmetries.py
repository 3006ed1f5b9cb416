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
from dataclasses import replace
from types import MappingProxyType

import torch
from jaxtyping import Float
from torch import Tensor

from trisym import datasets
from trisym.datasets import DATASETS, DataConfig
from trisym.errors import DataError
from trisym.evaluation import fresh_seed
from trisym.jacobians import Function
from trisym.spectrum import KINDS, MOTIONS, Spectrum

TRIANGLES = 3_000  # behind a spectrum: another 3,000 move its values by about 1 %
FLAT = 1e-9  # of G's largest eigenvalue: below it the vertices fill no space


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
