"""Sets of n points: distances, signed volumes, mirror images, and what distances confuse.

The n(n − 1)/2 distances of labelled points fix them up to rigid motions and mirror images; 3n − 6
numbers are free. A signed volume tells a set of four from its mirror image; without labels,
distances do not even fix four points of a plane (`homometric_pair`).
"""

from __future__ import annotations

import math
from itertools import permutations

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.datasets import FEWEST_POINTS, MOST_POINTS
from trisym.errors import DataError
from trisym.geometry import side_lengths
from trisym.validation import check_whole

CLOSEST = 1e-6  # points nearer than this are one: what tells them apart is rounding
TINY = 1e-12  # of a squared distance, under the root: its derivative stays finite
EIGHTHS = ((0, 1, 3, 4), (0, 1, 2, 5))  # of a turn
MOST_ORDERS = 7  # points whose orders are all tried: 5,040


def check_points(vertices: Float[Tensor, "*batch vertex xyz"]) -> None:
    """Raise ConfigError for another number of points than 2 to 16, DataError for ones that meet."""
    check_whole("The number of points", vertices.shape[-2], FEWEST_POINTS, MOST_POINTS)
    if not vertices.isfinite().all():
        raise DataError("Points must be finite numbers.")
    closest = side_lengths(vertices).amin(-1)
    if bool((closest < CLOSEST).any()):
        raise DataError(f"Two points coincide: they must lie at least {CLOSEST:g} apart.")


def freedoms(points: int) -> int:
    """Return 3n − 6, the degrees of freedom of a shape of n points in space; one for a pair.

    Raises ConfigError for another number of points than 2 to 16.
    """
    check_whole("The number of points", points, FEWEST_POINTS, MOST_POINTS)
    return max(3 * points - 6, 1)


def pairs(points: int) -> int:
    """Return n(n − 1)/2, how many distances n points have."""
    return points * (points - 1) // 2


def distance_matrix(
    vertices: Float[Tensor, "*batch vertex xyz"],
) -> Float[Tensor, "*batch vertex vertex"]:
    """All distances by the Gram matrix, d²ᵢⱼ = gᵢᵢ + gⱼⱼ − 2 gᵢⱼ of the centred points.

    One matrix product in place of a difference a pair. In float32 it errs by up to 1e-3 where
    points nearly meet; on the diagonal it is 1e-6, not 0, so that it has a derivative.
    """
    centred = vertices - vertices.mean(-2, keepdim=True)
    gram = centred @ centred.mT
    squares = gram.diagonal(dim1=-2, dim2=-1)
    squared = squares[..., :, None] + squares[..., None, :] - 2 * gram
    return squared.clamp(min=TINY).sqrt()


def signed_volume(vertices: Float[Tensor, "*batch 4 xyz"]) -> Float[Tensor, "*batch"]:
    """The volume of a tetrahedron, (v₂ − v₁) · ((v₃ − v₁) × (v₄ − v₁)) / 6.

    Rigid motions keep it, a mirror turns its sign. Raises DataError unless there are four points.
    """
    if vertices.shape[-2] != 4:
        raise DataError(f"A signed volume is one of 4 points, not {vertices.shape[-2]}.")
    a, b, c = (vertices[..., 1:, :] - vertices[..., :1, :]).unbind(-2)
    return (a * torch.linalg.cross(b, c)).sum(-1) / 6


def mirrored(
    vertices: Float[Tensor, "*batch vertex xyz"], edge: float = 1.0
) -> Float[Tensor, "*batch vertex xyz"]:
    """The mirror image in the plane x = edge / 2: it keeps each distance, and stays in the cube."""
    image = vertices.clone()
    image[..., 0] = edge - image[..., 0]
    return image


def homometric_pair() -> Float[Tensor, "2 4 xyz"]:
    """Two different sets of four points whose six distances are the same but for their labels.

    On a circle about the cube's middle, at the eighths 0, 1, 3, 4 and 0, 1, 2, 5 of a turn: both
    have the angles 45°, 45°, 90°, 135°, 135°, 180°. As neighbours of an atom in the middle they
    are what Pozdnyakov et al. show first (Phys. Rev. Lett. 125, 166001, 2020): the same for any
    descriptor made of distances and angles at that atom. As sets of numbers round a circle they
    are Patterson's (Phys. Rev. 65, 195, 1944).
    """
    angles = torch.tensor(EIGHTHS, dtype=torch.float64) * (math.pi / 4)
    level = torch.zeros_like(angles)
    return 0.5 + 0.4 * torch.stack([angles.cos(), angles.sin(), level], dim=-1)


def unordered(vertices: Float[Tensor, "*batch vertex xyz"]) -> Float[Tensor, "*batch pair"]:
    """The distances without labels: sorted, so that renumbering the points changes nothing."""
    return side_lengths(vertices).sort(dim=-1).values


def labelled_gap(one: Float[Tensor, "vertex xyz"], other: Float[Tensor, "vertex xyz"]) -> float:
    """Return the largest difference of a distance in the best of all numberings of the other.

    0 where the sets are the same up to rigid motions, mirror images and numbering. Raises DataError
    for sets of different sizes, or more than 7 points.
    """
    count = len(one)
    if len(other) != count or not 2 <= count <= MOST_ORDERS:
        raise DataError(f"Two sets of as many points are compared, 2 to {MOST_ORDERS} each.")
    orders = torch.tensor(list(permutations(range(count))))
    gaps = (side_lengths(other[orders]) - side_lengths(one)).abs().amax(-1)
    return float(gaps.amin())
