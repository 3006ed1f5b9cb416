"""Errors of rebuilt triangles, and the invariance of a latent space under rigid motions.

orbit_spread = sqrt(variance within orbits / total variance) = sqrt(1 - ICC), where an orbit is
the set of latent points of one triangle in many poses and ICC is the intraclass correlation ICC(1)
(Shrout & Fleiss 1979), estimated without bias from any number of poses. With infinitely many it is
sqrt(1 - eta^2), eta^2 the share of the variance that the triangle explains.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.errors import DataError
from trisym.geometry import random_motions, random_motions_inside, side_lengths

# Where the motions of `orbit_spreads` put a triangle's lowest coordinates, in edges of the cube. On
# which side of 0 matters: a leaky ReLU on the input has its kink there.
NEAR = 0.5
FAR = 10.0
OUTSIDE: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "near_above": (0.0, NEAR),
        "near_below": (-NEAR, 0.0),
        "far_above": (0.0, FAR),
        "far_below": (-FAR, 0.0),
    }
)

# The usual size of a report: this many held-out triangles, each in this many poses.
ORBITS = 100
POSES = 100

WHITENED_RANK = 1e-9  # directions of less than this share of the largest scale are dead

ENCODE_AT_ONCE = 2**14  # rows; 256 hidden nodes of them take 16 MB


def mse(
    target: Float[Tensor, "*batch vertex xyz"], output: Float[Tensor, "*batch vertex xyz"]
) -> Float[Tensor, ""]:
    """Return the mean squared error of the coordinates (eq. 2)."""
    return (target - output).square().mean()


def side_error(
    target: Float[Tensor, "*batch vertex xyz"], output: Float[Tensor, "*batch vertex xyz"]
) -> Float[Tensor, ""]:
    """Return mean |l - l'| over sides and triangles: the thesis's reconstruction error, a side."""
    return (side_lengths(target) - side_lengths(output)).abs().mean()


def perimeter_error(
    target: Float[Tensor, "*batch vertex xyz"], output: Float[Tensor, "*batch vertex xyz"]
) -> Float[Tensor, ""]:
    """Return mean |(l1 + l2 + l3) - (l1' + l2' + l3')| over triangles (eq. 5 as printed)."""
    return (side_lengths(target) - side_lengths(output)).sum(dim=-1).abs().mean()


METRICS: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = MappingProxyType(
    {"mse": mse, "side_error": side_error, "perimeter_error": perimeter_error}
)


def orbit_spread(latents: Float[Tensor, "batch count node"]) -> float:
    """Return sqrt(variance within orbits / total variance), the nodes summed; from 0 to 1.

    `latents[i, j]` is the latent point of triangle i in its pose j. 0: every pose of a triangle
    has one latent point. 1: the latent point says nothing about which triangle it is. A latent
    space in which nothing varies at all is 0/0; it says nothing about the shape, so it gets 1,
    lest a dead network pass for an invariant one. NaN in, NaN out. Raises DataError for fewer than
    two triangles or poses: they have no variance.
    """
    within, between = _mean_squares(latents)
    count = latents.shape[1]
    if between + within == 0:
        return 1.0
    return float((count * within / (between + (count - 1) * within)).clamp(max=1).sqrt())


def whitened(latents: Float[Tensor, "batch count node"]) -> Float[Tensor, "batch count alive"]:
    """Return the latents turned and stretched to unit covariance, without directions that are dead.

    A node counts in `orbit_spread` by how much it varies. After whitening each direction of the
    cloud counts alike, so that a small node that follows the pose can't hide behind a large one.
    """
    points = latents.cpu().double().flatten(0, 1)
    if not points.isfinite().all():
        return torch.full_like(latents, math.nan, dtype=torch.float64)
    points = points - points.mean(0)
    _, scales, directions = torch.linalg.svd(points, full_matrices=False)
    alive = scales > WHITENED_RANK * scales.amax()
    if not scales.any():
        return torch.zeros_like(latents, dtype=torch.float64)
    turned = points @ directions[alive].mT / scales[alive] * math.sqrt(len(points))
    return turned.unflatten(0, latents.shape[:2])


def _mean_squares(latents: Float[Tensor, "batch count node"]) -> tuple[Tensor, Tensor]:
    """Return the mean squares within and between orbits of a one-way analysis of variance."""
    triangles, count, nodes = latents.shape
    if triangles < 2 or count < 2 or nodes < 1:
        raise DataError(
            f"Orbits need two triangles, two poses and a node at least; these are "
            f"{tuple(latents.shape)}."
        )
    # Shifting by a latent point makes a constant space exactly 0, and keeps the digits of others.
    latents = latents.cpu().double()  # on the CPU, as not every device has double precision
    points = latents - latents[:1, :1]
    centres = points.mean(dim=1, keepdim=True)
    within = (points - centres).square().sum() / (triangles * (count - 1))
    between = count * (centres - centres.mean(dim=0)).square().sum() / (triangles - 1)
    return within, between


@dataclass(frozen=True)
class OrbitSpread:
    """orbit_spread over motions inside the cube, and over each range of OUTSIDE."""

    inside: float
    near_above: float
    near_below: float
    far_above: float
    far_below: float


def orbit_spreads(
    encode: Callable[[Tensor], Tensor],
    triangles: Float[Tensor, "batch vertex xyz"],
    count: int,
    generator: torch.Generator,
    edge: float = 1.0,
) -> OrbitSpread:
    """Return the orbit spread of `encode`, (batch, vertex, 3) -> (batch, node), in 5 ranges.

    Use held-out triangles, usually ORBITS of them, with count = POSES. Raises DataError when one
    is too large for the cube.
    """
    motions = motions_by_range(triangles, count, generator, edge)
    return OrbitSpread(**{name: orbit_spread(_encode(encode, m)) for name, m in motions.items()})


def motions_by_range(
    triangles: Float[Tensor, "batch vertex xyz"],
    count: int,
    generator: torch.Generator,
    edge: float = 1.0,
) -> dict[str, Float[Tensor, "batch {count} vertex xyz"]]:
    """Return each triangle in `count` random poses of each range.

    `inside`: anywhere inside the cube [0, edge]^3. The ranges of OUTSIDE: any rotation, each of the
    lowest coordinates up to 0.5 or 10 edges above 0 (no coordinate is ever below) or below 0. Where
    a triangle stood says nothing about which one it is. Raises DataError when one is too large for
    the cube.
    """
    found = {"inside": random_motions_inside(triangles, count, generator, edge)}
    for name, (start, end) in OUTSIDE.items():
        found[name] = random_motions(triangles, count, generator, (start * edge, end * edge))
    return found


def _encode(
    encode: Callable[[Tensor], Tensor], poses: Float[Tensor, "batch count vertex xyz"]
) -> Float[Tensor, "batch count node"]:
    with torch.no_grad():
        parts = [encode(part) for part in poses.flatten(0, 1).split(ENCODE_AT_ONCE)]
    return torch.cat(parts).unflatten(0, poses.shape[:2])
