"""Lengths from bent lines: sums over directions, |v| ≈ Σ a|n·v| (the width of a zonotope near a
ball), and, to compare, by Pythagoras.

The mean of |n·v| over all unit vectors n is |v|/2 (Cauchy's formula), so weights that add up to 2
on evenly spread directions do. The best choice of N in space errs by order N^(-5/4): J. Bourgain
and J. Lindenstrauss, Israel J. Math. 64 (1988); J. Matoušek, Discrete Comput. Geom. 16 (1996).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.networks import AutoencoderConfig

TOTAL = 2.0  # what the weights of a length add up to
GOLDEN_TURN = math.pi * (3 - math.sqrt(5))  # radians between neighbours of the spiral
BATCH, RATE = 1024, 0.03  # of `optimised`; the rate in weights of a direction


def spiral(count: int) -> Float[Tensor, "{count} xyz"]:
    """Return unit vectors spread evenly over a half sphere: Fibonacci's spiral, no two opposite.

    The k-th of N is at the height (k + 1/2)/N, a golden turn after the one before.
    """
    k = torch.arange(count, dtype=torch.float64)
    height, turn = (k + 0.5) / count, k * GOLDEN_TURN
    radius = (1 - height.square()).sqrt()
    return torch.stack([radius * turn.cos(), radius * turn.sin(), height], dim=1)


def length(
    vectors: Float[Tensor, "batch xyz"], weighted: Float[Tensor, "direction xyz"], slope: float
) -> Float[Tensor, " batch"]:
    """Return what leaky ReLUs of this slope add up to: Σ |w·v| + (1 + s)/(1 - s) Σ w·v.

    w = a n is a direction times its weight. The second sum is 0 for weights that are `balanced`.
    """
    seen = vectors @ weighted.T
    return seen.abs().sum(dim=1) + (1 + slope) / (1 - slope) * seen.sum(dim=1)


def by_formula(count: int) -> Float[Tensor, "{count} xyz"]:
    """Return the spiral's directions with the weight 2/N each, balanced."""
    return balanced(TOTAL / count * spiral(count))


def balanced(weighted: Float[Tensor, "direction xyz"]) -> Float[Tensor, "direction xyz"]:
    """Return the same axes with other signs and weights a little changed, so that Σ w = 0.

    |w·v| does not know the sign of w, but the linear part of a leaky ReLU does. What signs leave
    of the sum, the smallest relative change of the weights takes away; they still add up to what
    they did before.
    """
    rows = _signed(weighted)
    change = torch.linalg.pinv(rows.T) @ rows.sum(dim=0)
    rows = rows * (1 - change[:, None])
    return rows * weighted.norm(dim=1).sum() / rows.norm(dim=1).sum()


def _signed(weighted: Float[Tensor, "direction xyz"]) -> Float[Tensor, "direction xyz"]:
    """Turn vectors round until turning one more, or two, makes their sum no shorter."""
    rows = weighted.clone()
    for row in range(1, len(rows)):  # each against the sum so far
        if torch.dot(rows[row], rows[:row].sum(dim=0)) > 0:
            rows[row] *= -1
    pairs = torch.combinations(torch.arange(len(rows)), with_replacement=True)
    alone = (pairs[:, 0] == pairs[:, 1])[:, None]
    while True:
        turned = rows[pairs[:, 0]] + torch.where(alone, 0, rows[pairs[:, 1]])
        lengths = (rows.sum(dim=0) - 2 * turned).norm(dim=1)
        if lengths.min() >= rows.sum(dim=0).norm() * (1 - 1e-9):
            return rows
        rows[pairs[lengths.argmin()].unique()] *= -1


def optimised(
    count: int,
    sides: Float[Tensor, "batch xyz"],
    slope: float,
    steps: int,
    seed: int = 0,
) -> Float[Tensor, "{count} xyz"]:
    """Return directions times weights that err least on these vectors, from the formula's on.

    Adam with a cosine schedule on the mean of |length - |v||; the seed draws the batches.
    """
    weighted = by_formula(count).requires_grad_()
    optimizer = torch.optim.Adam([weighted], lr=RATE * TOTAL / count)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        vectors = sides[torch.randint(len(sides), (BATCH,), generator=generator)]
        loss = (length(vectors, weighted, slope) - vectors.norm(dim=1)).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return weighted.detach()


def pythagoras(
    count: int, known: Float[Tensor, "edge xyz"]
) -> Callable[[Float[Tensor, "batch xyz"]], Float[Tensor, " batch"]]:
    """Return |v| = √(q(x) + q(y) + q(z)) from as many ReLUs: q is t², as well as bent lines can.

    The kinks of the three q are spread evenly over -1 to 1, and their heights fitted to the known
    vectors by least squares. It errs by order N^-2, and leaves a root for the decoder to take.
    """
    kinks = torch.linspace(-1, 1, count // 3 + 2, dtype=known.dtype)[1:-1]

    def bent(t: Tensor) -> Tensor:
        lines = torch.stack([torch.ones_like(t), t], dim=-1)
        return torch.cat([lines, torch.relu(t[..., None] - kinks)], dim=-1)

    components = known.flatten()
    heights = torch.linalg.lstsq(bent(components), components.square()[:, None]).solution
    return lambda v: (bent(v) @ heights).squeeze(-1).sum(dim=-1).clamp(min=0).sqrt()


def shares(hidden: int) -> tuple[int, int, int]:
    """Return how many of the hidden units each of three sides gets: 256 -> 85, 85, 86."""
    return hidden // 3, (hidden + 1) // 3, (hidden + 2) // 3


def written_encoder(config: AutoencoderConfig) -> dict[str, Tensor]:
    """Return the encoder's weights, float64, whose latent nodes are the three sides.

    Each hidden unit watches one side, along one of the spiral's directions; nothing is trained.
    """
    (hidden,) = config.hidden
    weights = {
        name: torch.zeros(shape, dtype=torch.float64)
        for name, shape in config.tensor_shapes().items()
        if name.startswith("encoder")
    }
    start = 0
    for side, count in enumerate(shares(hidden)):
        rows = slice(start, start + count)
        vectors = by_formula(count)
        weights["encoder.0.weight"][rows, 3 * side : 3 * side + 3] = vectors
        after = 3 * ((side + 1) % 3)
        weights["encoder.0.weight"][rows, after : after + 3] = -vectors
        # σ(p) = (1 + s)/2 p + (1 - s)/2 |p|, and the first part cancels.
        weights["encoder.1.weight"][side, rows] = 2 / (1 - config.slope)
        start += count
    return weights
