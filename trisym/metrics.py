"""How well a triangle came back, and how invariant a latent space is under rigid motions.

orbit_spread = sqrt(variance within orbits / total variance) = sqrt(1 - ICC), where an orbit is
the set of latent points of one triangle in many poses (ICC: the intraclass correlation).
"""

from __future__ import annotations

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

ENCODE_AT_ONCE = 2**14  # rows; 256 hidden nodes of them take 16 MB


def mse(
    target: Float[Tensor, "*batch vertex xyz"], output: Float[Tensor, "*batch vertex xyz"]
) -> Float[Tensor, ""]:
    """Mean squared error of the coordinates (eq. 2)."""
    return (target - output).square().mean()


def side_error(
    target: Float[Tensor, "*batch vertex xyz"], output: Float[Tensor, "*batch vertex xyz"]
) -> Float[Tensor, ""]:
    """mean |l - l'| over sides and triangles: the thesis's reconstruction error, a side."""
    return (side_lengths(target) - side_lengths(output)).abs().mean()


def perimeter_error(
    target: Float[Tensor, "*batch vertex xyz"], output: Float[Tensor, "*batch vertex xyz"]
) -> Float[Tensor, ""]:
    """mean |(l1 + l2 + l3) - (l1' + l2' + l3')| over triangles (eq. 5 as printed)."""
    return (side_lengths(target) - side_lengths(output)).sum(dim=-1).abs().mean()


METRICS: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = MappingProxyType(
    {"mse": mse, "side_error": side_error, "perimeter_error": perimeter_error}
)


def orbit_spread(latents: Float[Tensor, "batch count node"]) -> float:
    """sqrt(variance within orbits / total variance), the nodes summed; from 0 to 1.

    `latents[i, j]` is the latent point of triangle i in its pose j. 0: every pose of a triangle
    has one latent point. 1: the latent point says nothing about which triangle it is. A latent
    space in which nothing varies at all is 0/0; it says nothing about the shape, so it gets 1,
    lest a dead network pass for an invariant one. NaN in, NaN out. No latents: DataError.
    """
    if latents.numel() == 0:
        raise DataError(
            f"Orbits need triangles, poses and nodes; these are {tuple(latents.shape)}."
        )
    # Shifting by a latent point makes a constant space exactly 0, and keeps the digits of others.
    latents = latents.cpu().double()  # on the CPU, as not every device has double precision
    points = latents - latents[:1, :1]
    within = (points - points.mean(dim=1, keepdim=True)).square().mean(dim=(0, 1)).sum()
    total = (points - points.mean(dim=(0, 1), keepdim=True)).square().mean(dim=(0, 1)).sum()
    if total == 0:
        return 1.0
    return float((within / total).clamp(max=1).sqrt())  # 1 can be exceeded by rounding only


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
    """The orbit spread of `encode`: (batch, vertex, 3) -> (batch, node), for 5 ranges of motion.

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
