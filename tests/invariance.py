"""What every claim of a symmetry is tested with: f(g x) = f(x) for all g of a group, to a bound."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from trisym.geometry import random_rotations

# Moves each of (batch, vertex, 3) by an element of its own.
Group = Callable[[Tensor, torch.Generator], Tensor]

REACH = 5.0  # of a translation, in edges of the unit cube that the points lie in
TOLD_APART = 1e-3  # of its size: a function that varies less from x to x proves nothing


def translations(x: Tensor, random: torch.Generator) -> Tensor:
    """x + t."""
    return x + REACH * torch.rand(len(x), 1, 3, dtype=x.dtype, generator=random)


def rotations(x: Tensor, random: torch.Generator) -> Tensor:
    """R x, about the origin, by Haar's measure."""
    return x @ random_rotations(len(x), random, x.dtype).mT


def rigid_motions(x: Tensor, random: torch.Generator) -> Tensor:
    """R x + t."""
    return translations(rotations(x, random), random)


def exchanges(x: Tensor, random: torch.Generator) -> Tensor:
    """P x: the vertices in another order."""
    order = torch.rand(x.shape[:2], generator=random).argsort(dim=1)
    return x.gather(1, order[..., None].expand_as(x))


def assert_invariant(
    f: Callable[[Tensor], Tensor], group: Group, bound: float, x: Tensor, seed: int = 0
) -> None:
    """Assert |f(g x) − f(x)| ≤ bound · max |f(x)| for one random g an x, and that f is no constant.

    x: (batch, vertex, 3) in float64; f: (batch, …).
    """
    value = f(x)
    size = value.abs().max()
    assert (value - value[:1]).abs().max() > TOLD_APART * size, "a constant is always invariant"
    change = (f(group(x, torch.Generator().manual_seed(seed))) - value).abs().max()
    assert change <= bound * size, f"f(g x) is {change / size:.3g} of its size from f(x)"
