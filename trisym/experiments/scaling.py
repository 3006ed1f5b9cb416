"""Fig. 8: n points have n(n - 1)/2 distances and 3n coordinates; what the distances cost; and the
rest of what the thesis states that takes no training, only arithmetic.

Timed: one evaluation with its gradient, as a training step needs it, in batches of the fast preset.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd
import torch

from trisym import datasets
from trisym.config import PRESETS
from trisym.experiments.recipe import Recipe, RecipeContext
from trisym.geometry import triangle_from_sides
from trisym.losses import LOSSES, perimeter
from trisym.metrics import side_error
from trisym.networks import (
    Autoencoder,
    AutoencoderConfig,
    NetworkConfig,
    PredictorConfig,
    initial_weights,
)

COUNTS = (3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64)
ROUNDS = 3  # the spread between them is the machine's
REPEATS = 20  # in a round: the quickest counts, as other programs can only slow one down


IDENTITY_TRIANGLES = 10_000
GROWN_FROM = 10  # points, where the text's "n more sides for every increase of n" is tried


def distances(points: int) -> int:
    """Return n(n - 1)/2."""
    return points * (points - 1) // 2


def crossing(most: int = 64) -> int:
    """Return the first n with more distances than coordinates: n(n - 1)/2 > 3n."""
    return next(n for n in range(2, most) if distances(n) > 3 * n)


def _scaling(
    context: RecipeContext, counts: Sequence[int] = COUNTS, repeats: int = REPEATS
) -> pd.DataFrame:
    """Time the losses and the network for each number of points, a few rounds of each."""
    rows = []
    for round_number in range(ROUNDS):
        for place, points in enumerate(counts):
            share = (round_number + place / len(counts)) / ROUNDS
            context.progress(share, f"{points} points, round {round_number + 1} of {ROUNDS}")
            rows.append(
                {
                    "points": points,
                    "distances": distances(points),
                    "coordinates": 3 * points,
                    "round": round_number,
                    **_times(points, repeats),
                }
            )
    return pd.DataFrame(rows)


def _times(points: int, repeats: int) -> dict[str, float]:
    generator = torch.Generator().manual_seed(0)
    batch = PRESETS["fast"].batch
    target = torch.rand(batch, 3 * points, generator=generator)
    output = torch.rand(batch, 3 * points, generator=generator).requires_grad_()
    network = Autoencoder(AutoencoderConfig(vertices=points, latent=min(3 * points - 6, 64)))
    network.load_state_dict(initial_weights(network.config, generator))
    upstream = torch.ones(batch, 3 * points)
    tasks: dict[str, Callable[[], object]] = {
        f"{loss}_ms": lambda loss=loss: torch.autograd.grad(  # type: ignore[misc]
            LOSSES[loss].per_sample(target, output).mean(), output
        )
        for loss in ("sides", "mse")
    }
    weights = list(network.parameters())
    tasks["network_ms"] = lambda: torch.autograd.grad(network(target), weights, upstream)
    return {name: _milliseconds(task, repeats) for name, task in tasks.items()}


def _milliseconds(task: Callable[[], object], repeats: int) -> float:
    task()  # the first call allocates
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        seconds.append(time.perf_counter() - start)
    return 1e3 * min(seconds)


def _exact(context: RecipeContext) -> pd.DataFrame:
    """Compute what needs no network: counts, sizes, and what eqs. 5 and 8 can't see."""
    # Two triangles of perimeter 1.2, which eqs. 5 and 8 as printed hold for the same.
    sides = torch.tensor([[0.3, 0.4, 0.5], [0.4, 0.4, 0.4]], dtype=torch.float64)
    target, other = triangle_from_sides(sides)[:, None]
    values = {
        "distances of 5 points": distances(5),
        "distances that a point adds to 10": distances(GROWN_FROM + 1) - distances(GROWN_FROM),
        "first n with more distances than coordinates": crossing(),
        "256 as a power of four": math.log(256, 4),
        "parameters of table 1 at h = 9": _parameters(AutoencoderConfig(hidden=(), latent=9)),
        "parameters of table 3 at h = 3": _parameters(AutoencoderConfig()),
        "parameters of table 4 on three inputs": _parameters(PredictorConfig()),
        "perimeter loss of a wrong triangle": perimeter(target.flatten(1), other.flatten(1)).item(),
        "side error of the same triangle": side_error(target, other).item(),
        "side error of table 1 at h = 9 with W = I, b = 0": _identity_error(),
    }
    return pd.DataFrame({"quantity": list(values), "value": list(values.values())})


def _identity_error() -> float:
    """Return the side error of the network of table 1 whose weights are those of the identity."""
    network = Autoencoder(AutoencoderConfig(hidden=(), latent=9)).double()
    identity = {
        name: torch.eye(9) if name.endswith("weight") else torch.zeros(9)
        for name in network.state_dict()
    }
    network.load_state_dict(identity)
    triangles = datasets.generate("random", n=IDENTITY_TRIANGLES, dtype=torch.float64).inputs
    with torch.no_grad():
        return side_error(triangles, network(triangles)).item()


def _parameters(config: NetworkConfig) -> int:
    return sum(math.prod(shape) for shape in config.tensor_shapes().values())


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "scaling": Recipe("What the side loss costs for n points (Fig. 8)", "3.3", _scaling),
        "exact": Recipe("What arithmetic settles: counts, sizes, eq. 8 as printed", "3.3", _exact),
    }
)
