"""Triangles, their sides, and the rigid motions x -> R x + t that leave the sides alone.

Vertices are (..., vertex, 3); a motion is a rotation R in SO(3) and a translation t in R^3.
Random rotations follow the Haar measure (Shoemake, Graphics Gems III, 1992).
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from trisym.errors import ConfigError, DataError

# Work bounds of the rejection in `random_motions_inside`, in candidate motions.
ROUND = 2**18
ROUND_OF_ONE = 2**16
TRIES = 200_000
TRIES_A_MOTION = 5_000

# Relative slack of the triangle inequality: measured sides of a flat triangle break it by rounding.
SLACK = 1e-6


def side_lengths(vertices: Float[Tensor, "*batch vertex xyz"]) -> Float[Tensor, "*batch side"]:
    """Distances between vertices: cyclic for triangles, else all pairs i < j in row order.

    For three vertices the order is l1 = |v1 - v2|, l2 = |v2 - v3|, l3 = |v3 - v1|. Where two
    vertices coincide the gradient is 0, a subgradient, and never NaN. Fewer than two vertices
    raise DataError.
    """
    count = vertices.shape[-2]
    if count < 2:
        raise DataError(f"Sides need at least 2 vertices, and these points have {count}.")
    if count == 3:
        edges = vertices - vertices.roll(-1, dims=-2)
    else:
        first, second = torch.triu_indices(count, count, offset=1, device=vertices.device)
        edges = vertices[..., first, :] - vertices[..., second, :]
    # vector_norm's backward is defined as 0 at 0, where sqrt of a sum would give 0 * inf.
    return torch.linalg.vector_norm(edges, dim=-1)


def triangle_from_sides(sides: Float[Tensor, "*batch side"]) -> Float[Tensor, "*batch vertex xyz"]:
    """Triangles with the sides (l1, l2, l3), centroid at (0.5, 0.5, 0.5), in the plane z = 0.5.

    The side l1 points along x. A triangle longer than the unit cube sticks out of it. Sides that
    no triangle has (negative, not finite, one longer than the other two together) raise
    DataError with the first such triple.
    """
    if sides.shape[-1] != 3:
        raise DataError(f"A triangle has 3 sides, not {sides.shape[-1]}.")
    _check_sides(sides)
    first, second, third = sides.unbind(-1)
    # Law of cosines for v3 seen from v1, factored to keep its digits; with l1 = 0 the direction of
    # v3 is free, and is y. The height is twice the area over l1, the area by Kahan's order of
    # Heron's formula ("Miscalculating Area and Angles of a Needle-like Triangle", 2014).
    base = torch.where(first > 0, first, 1)
    along = (first + (third - second) * (third + second) / base) / 2
    a, b, c = sides.sort(dim=-1, descending=True).values.unbind(-1)
    area16 = (a + (b + c)) * (c - (a - b)) * (c + (a - b)) * (a + (b - c))
    height = torch.where(first > 0, area16.clamp(min=0).sqrt() / (2 * base), third)
    zero = torch.zeros_like(first)
    vertices = torch.stack(
        [zero, zero, zero, first, zero, zero, along, height, zero], dim=-1
    ).unflatten(-1, (3, 3))
    return vertices - vertices.mean(dim=-2, keepdim=True) + 0.5


def _check_sides(sides: Float[Tensor, "*batch 3"]) -> None:
    longest = sides.amax(dim=-1)
    others = sides.sum(dim=-1) - longest
    possible = (
        sides.isfinite().all(dim=-1)
        & (sides >= 0).all(dim=-1)
        & (longest <= others + SLACK * longest)
    )
    if not bool(possible.all()):
        worst = sides[~possible][0].tolist()
        raise DataError(
            f"No triangle has the sides {_readable(worst)}: each must be a number, at least 0, "
            "and at most as long as the other two together."
        )


def _readable(values: list[float]) -> str:
    return ", ".join(f"{value:.4g}" for value in values)


def random_rotations(
    count: int,
    generator: torch.Generator,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
) -> Float[Tensor, "{count} 3 3"]:
    """Rotation matrices, uniform over SO(3) (Haar measure).

    The random numbers come from the generator's own device, so a CPU generator gives the same
    rotations on every device.
    """
    first, second, third = (
        torch.rand(count, dtype=dtype, device=generator.device, generator=generator)
        for _ in range(3)
    )
    one, other = (1 - first).sqrt(), first.sqrt()
    angle, turn = 2 * math.pi * second, 2 * math.pi * third
    # A uniform unit quaternion, and its matrix.
    x, y, z, w = one * angle.sin(), one * angle.cos(), other * turn.sin(), other * turn.cos()
    entries = [
        *(x * x - y * y - z * z + w * w, 2 * (x * y - z * w), 2 * (x * z + y * w)),
        *(2 * (x * y + z * w), -x * x + y * y - z * z + w * w, 2 * (y * z - x * w)),
        *(2 * (x * z - y * w), 2 * (y * z + x * w), -x * x - y * y + z * z + w * w),
    ]
    return torch.stack(entries, dim=-1).unflatten(-1, (3, 3)).to(device)


def rotate(
    vertices: Float[Tensor, "*batch vertex xyz"], rotations: Float[Tensor, "*#batch 3 3"]
) -> Float[Tensor, "*batch vertex xyz"]:
    """Rotate each set of vertices about its own centroid."""
    centroid = vertices.mean(dim=-2, keepdim=True)
    return (vertices - centroid) @ rotations.mT + centroid


def random_motions(
    triangles: Float[Tensor, "batch vertex xyz"],
    count: int,
    generator: torch.Generator,
    lowest: tuple[float, float],
) -> Float[Tensor, "batch {count} vertex xyz"]:
    """Each triangle `count` times: rotated (Haar), then put anywhere in a range.

    Along each axis the lowest coordinate of a pose is uniform in `lowest`, from .. to; where the
    triangle stood does not matter, and the pose may leave the cube. Raises ConfigError unless
    count >= 1 and the range is finite and in order.
    """
    _check_count(count)
    start, end = lowest
    if not (math.isfinite(start) and math.isfinite(end) and start <= end):
        raise ConfigError(f"The lowest coordinates must go from a number up to one, not {lowest}.")
    shape = (len(triangles), count)
    rotations = random_rotations(
        math.prod(shape), generator, triangles.dtype, triangles.device
    ).unflatten(0, shape)
    turned = rotate(triangles[:, None].expand(*shape, *triangles.shape[1:]), rotations)
    place = start + (end - start) * _uniform((*shape, 1, 3), triangles, generator)
    return turned - turned.amin(dim=-2, keepdim=True) + place


def random_motions_inside(
    triangles: Float[Tensor, "batch vertex xyz"],
    count: int,
    generator: torch.Generator,
    edge: float = 1.0,
) -> Float[Tensor, "batch {count} vertex xyz"]:
    """Each triangle `count` times, in uniformly random poses inside the cube [0, edge]^3.

    The law is Haar measure x Lebesgue measure, conditional on lying inside, exactly: a rotation
    whose bounding box leaves room r = (rx, ry, rz) is accepted with probability
    rx ry rz / bound, and then translated uniformly within its room. Where the triangle stood does
    not matter. Raises DataError, naming the triangle, when one is too large to find enough.
    """
    _check_count(count)
    diameter = _checked_diameter(triangles, edge)
    bound = edge**3 * _largest_room(diameter / edge)
    centred = triangles - triangles.mean(dim=-2, keepdim=True)
    moved = triangles.new_empty((len(triangles), count, *triangles.shape[1:]))
    found = torch.zeros(len(triangles), dtype=torch.long, device=triangles.device)
    tried = torch.zeros_like(found)
    while bool((found < count).any()):
        owner = _next_candidates(count - found, found, tried)
        tried += torch.bincount(owner, minlength=len(tried))
        rotations = random_rotations(len(owner), generator, triangles.dtype, triangles.device)
        turned = centred[owner] @ rotations.mT
        low, high = turned.amin(dim=-2), turned.amax(dim=-2)
        room = (edge - (high - low)).clamp(min=0)
        chance = _uniform((len(owner),), triangles, generator)
        (accepted,) = torch.nonzero(chance * bound[owner] < room.prod(dim=-1), as_tuple=True)
        owner, slot = _slots(owner[accepted], found)
        accepted, owner, slot = (part[slot < count] for part in (accepted, owner, slot))
        place = room[accepted] * _uniform((len(accepted), 3), triangles, generator)
        moved[owner, slot] = turned[accepted] + (place - low[accepted])[:, None]
        found += torch.bincount(owner, minlength=len(found))
        _check_progress(triangles, found, tried, count)
    return moved


def _uniform(shape: tuple[int, ...], like: Tensor, generator: torch.Generator) -> Tensor:
    values = torch.rand(shape, dtype=like.dtype, device=generator.device, generator=generator)
    return values.to(like.device)


def _check_count(count: int) -> None:
    if count < 1:
        raise ConfigError(f"The number of motions must be at least 1, not {count}.")


def _checked_diameter(
    triangles: Float[Tensor, "batch vertex xyz"], edge: float
) -> Float[Tensor, " batch"]:
    diameter = side_lengths(triangles).amax(dim=-1)
    impossible = ~(diameter < edge * math.sqrt(3))  # true for NaN too
    if bool(impossible.any()):
        _refuse(triangles, impossible, f"does not fit into a cube of edge {edge:g}")
    return diameter


def _largest_room(diameter: Float[Tensor, " batch"]) -> Float[Tensor, " batch"]:
    """An upper bound of the room a rotation leaves in the unit cube, given the longest side d.

    The bounding box contains that side's |components| x, so the room is at most the maximum of
    (1 - x1)(1 - x2)(1 - x3) over |x| = d, 0 <= x <= 1. Lagrange: x_i (1 - x_i) is the same for
    all nonzero x_i, so two of them are equal or add up to 1. The candidates follow.
    """
    zero = torch.zeros_like(diameter)
    split = ((2 * diameter**2 - 1).clamp(min=0).sqrt() + 1) / 2  # x^2 + (1 - x)^2 = d^2
    root = (3 * diameter**2 - 2).clamp(min=0).sqrt()  # 2 x^2 + (1 - x)^2 = d^2
    above, below = (1 + root) / 3, (1 - root) / 3
    pair, triple = diameter / math.sqrt(2), diameter / math.sqrt(3)
    candidates = torch.stack(
        [
            torch.stack([diameter, zero, zero]),
            torch.stack([pair, pair, zero]),
            torch.stack([triple, triple, triple]),
            torch.stack([split, 1 - split, zero]),
            torch.stack([above, above, 1 - above]),
            torch.stack([below, below, 1 - below]),
        ]
    )
    # A clamped root belongs to no point of the sphere |x| = d: leave such candidates out.
    on_sphere = (candidates.square().sum(dim=1) - diameter**2).abs() < 1e-5
    inside = (candidates >= 0).all(dim=1) & (candidates <= 1).all(dim=1)
    room = torch.where(on_sphere & inside, (1 - candidates).prod(dim=1), 0)
    return room.amax(dim=0) * (1 + 1e-4) + 1e-7  # rounding must not make the bound too low


def _next_candidates(
    missing: Int[Tensor, " batch"], found: Int[Tensor, " batch"], tried: Int[Tensor, " batch"]
) -> Int[Tensor, " candidate"]:
    """The triangles to try next, sorted, each as often as its acceptance so far suggests."""
    share = (found + 1) / (tried + 2)
    plan = (1.1 * missing / share + 4).clamp(max=ROUND_OF_ONE).long() * (missing > 0)
    # First come, first served: a triangle that can't be placed is found out early.
    plan = plan * (plan.cumsum(dim=0) <= ROUND)
    return torch.repeat_interleave(plan)


def _slots(
    owner: Int[Tensor, " accepted"], found: Int[Tensor, " batch"]
) -> tuple[Int[Tensor, " accepted"], Int[Tensor, " accepted"]]:
    """For accepted candidates sorted by owner: the owner, and which of its motions each one is."""
    counts = torch.bincount(owner, minlength=len(found))
    before = counts.cumsum(dim=0) - counts
    rank = torch.arange(len(owner), device=owner.device) - before[owner]
    return owner, found[owner] + rank


def _check_progress(
    triangles: Float[Tensor, "batch vertex xyz"],
    found: Int[Tensor, " batch"],
    tried: Int[Tensor, " batch"],
    count: int,
) -> None:
    stuck = (found < count) & (tried > TRIES + TRIES_A_MOTION * count)
    if bool(stuck.any()):
        few = f"{int(found[stuck][0])} of {int(tried[stuck][0])} random poses fitted"
        _refuse(triangles, stuck, f"is too large to find {count} motions inside the cube ({few})")


def _refuse(
    triangles: Float[Tensor, "batch vertex xyz"], which: Bool[Tensor, " batch"], why: str
) -> None:
    index = int(which.nonzero()[0])
    sides = _readable(side_lengths(triangles[index]).tolist())
    raise DataError(f"Triangle {index}, with the sides {sides}, {why}. Take a smaller triangle.")


def kabsch(
    source: Float[Tensor, "*batch vertex xyz"], target: Float[Tensor, "*batch vertex xyz"]
) -> tuple[Float[Tensor, "*batch 3 3"], Float[Tensor, "*batch 3"]]:
    """The rigid motion (R, t), det R = +1 always, that minimises sum_i |R x_i + t - y_i|^2.

    Source: Kabsch, Acta Cryst. A32 (1976); Umeyama, IEEE PAMI 13 (1991). A mirror image is
    matched as well as a rotation can. Where the best rotation is not unique (vertices on a line),
    one of the best is returned.
    """
    source_centroid = source.mean(dim=-2, keepdim=True)
    target_centroid = target.mean(dim=-2, keepdim=True)
    covariance = (target - target_centroid).mT @ (source - source_centroid)
    left, _, right = torch.linalg.svd(covariance)
    # The least of the three directions is turned round where the best match is a mirror image.
    sign = torch.linalg.det(left @ right).sign()
    rotation = torch.cat([left[..., :2], left[..., 2:] * sign[..., None, None]], dim=-1) @ right
    translation = target_centroid - source_centroid @ rotation.mT
    return rotation, translation.squeeze(-2)


def align(
    source: Float[Tensor, "*batch vertex xyz"], target: Float[Tensor, "*batch vertex xyz"]
) -> Float[Tensor, "*batch vertex xyz"]:
    """`source`, moved rigidly as close to `target` as it gets (least squares)."""
    rotation, translation = kabsch(source, target)
    return source @ rotation.mT + translation.unsqueeze(-2)
