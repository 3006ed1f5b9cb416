"""Laws of triangles inside a cube, and of translations, drawn exactly by rejecting whole triangles.

Each law yields blocks of accepted triangles for as long as somebody asks. The vertices are uniform
in the cube [0, edge]^3, conditional on the sides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

# Candidates come in blocks of one size, however many are wanted: a smaller set is then the
# beginning of a larger one with the same seed. This size stays inside a core's cache.
BLOCK = 2**14

Uniform = Callable[..., Tensor]  # uniform(*shape): numbers in [0, 1)


class Pairs(NamedTuple):
    """Inputs and targets, (batch, vertex, 3) each; one and the same tensor when autoencoding."""

    inputs: Tensor
    targets: Tensor


class Limits(NamedTuple):
    """Lengths of a set of triangles: every side > min_side, one = constant_side (None: any).

    points: how many a sample has; three make a triangle, and the sides of more are all pairs.
    """

    edge: float = 1.0
    min_side: float = 0.0
    constant_side: float | None = None
    directions: str = "sphere"
    points: int = 3


def uniform_stream(
    seed: int, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
) -> Uniform:
    """Return a stream of float32 numbers from a CPU generator, whatever the device and the dtype.

    So a seed means one set everywhere, up to rounding; all the arithmetic is on the device.
    """
    generator = torch.Generator().manual_seed(seed)

    def uniform(*shape: int) -> Tensor:
        return torch.rand(shape, generator=generator).to(device=device, dtype=dtype)

    return uniform


def _directions(kind: str, uniform: Uniform, count: int) -> Float[Tensor, "batch 3"]:
    """Return unit vectors: `sphere` has uniform cos(theta) (Archimedes), `polar` uniform theta."""
    phi, height = 2 * math.pi * uniform(count), uniform(count)
    cosine = torch.cos(math.pi * height) if kind == "polar" else 2 * height - 1
    sine = (1 - cosine.square()).sqrt()
    return torch.stack([sine * phi.cos(), sine * phi.sin(), cosine], dim=-1)


def _apart(a: Tensor, b: Tensor, min_side: float) -> Bool[Tensor, "*batch"]:
    # A millionth more, lest a side measured in another order of operations round below the limit.
    return torch.linalg.vector_norm(a - b, dim=-1) > min_side * (1 + 1e-6)


def _first_two(limits: Limits, uniform: Uniform) -> Float[Tensor, "batch 2 xyz"]:
    """Return vertices 1 and 2 of the candidates whose side l1 is as it must be."""
    if limits.constant_side is None:
        two = limits.edge * uniform(BLOCK, 2, 3)
        return two[_apart(two[:, 0], two[:, 1], limits.min_side)] if limits.min_side else two
    first = limits.edge * uniform(BLOCK, 3)
    second = first + limits.constant_side * _directions(limits.directions, uniform, BLOCK)
    inside = ((second > 0) & (second < limits.edge)).all(dim=-1)
    return torch.stack([first, second], dim=1)[inside]


def in_cube(limits: Limits, uniform: Uniform) -> Iterator[Float[Tensor, "batch vertex xyz"]]:
    """Yield triangles uniform in the cube; a constant side is l1. Survivors get further vertices.

    Sets of more points are drawn alike, one point after the other.
    """
    while True:
        found = _first_two(limits, uniform)
        for _ in range(2, limits.points):
            another = limits.edge * uniform(len(found), 1, 3)
            joined = torch.cat([found, another], dim=1)
            if limits.min_side:
                joined = joined[_apart(found, another, limits.min_side).all(dim=-1)]
            found = joined
        yield found


def in_cube_turned(limits: Limits, uniform: Uniform) -> Iterator[Float[Tensor, "batch vertex xyz"]]:
    """Yield the same renumbered: the constant side is l1, l2 or l3 with equal chances.

    Vertices 1 and 2 are drawn alike, so the three cyclic orders give the law of all six.
    """
    for triangles in in_cube(limits, uniform):
        start = (3 * uniform(len(triangles))).long().clamp(max=2)
        order = (start[:, None] + torch.arange(3, device=start.device)) % 3
        yield triangles.gather(1, order[:, :, None].expand(-1, -1, 3))


def on_floor(limits: Limits, uniform: Uniform) -> Iterator[Float[Tensor, "batch vertex xyz"]]:
    """Yield triangles uniform in the square [0, edge]^2 of the plane z = 0."""
    while True:
        triangles = limits.edge * uniform(BLOCK, 3, 3)
        triangles[..., 2] = 0
        if limits.min_side:
            sides = _apart(triangles, triangles.roll(-1, dims=1), limits.min_side)
            triangles = triangles[sides.all(dim=-1)]
        yield triangles


# Table 2: from a law of triangles to pairs. A translation's norm is uniform in [0, 1): the thesis
# says "less than one" and no more.


def _translations(limits: Limits, uniform: Uniform, count: int) -> Float[Tensor, "batch 1 xyz"]:
    return (uniform(count, 1) * _directions(limits.directions, uniform, count))[:, None]


def one_lifted(blocks: Iterator[Tensor], limits: Limits, uniform: Uniform) -> Iterator[Pairs]:
    """Set a: one same triangle -> the same, raised by a height uniform in [0, 1)."""
    triangle = next(block[0] for block in blocks if len(block))
    while True:
        lift = torch.zeros(BLOCK, 1, 3, dtype=triangle.dtype, device=triangle.device)
        lift[..., 2] = uniform(BLOCK, 1)
        yield Pairs(triangle.expand(BLOCK, 3, 3), triangle + lift)


def moved_alike(blocks: Iterator[Tensor], limits: Limits, uniform: Uniform) -> Iterator[Pairs]:
    """Set b: each triangle -> the same, moved by one translation for all."""
    translation = _translations(limits, uniform, 1)
    for triangles in blocks:
        yield Pairs(triangles, triangles + translation)


def moved_anyhow(blocks: Iterator[Tensor], limits: Limits, uniform: Uniform) -> Iterator[Pairs]:
    """Set c: each triangle -> the same, moved by a translation of its own."""
    for triangles in blocks:
        yield Pairs(triangles, triangles + _translations(limits, uniform, len(triangles)))
