"""Fig. 8: n points have n(n - 1)/2 distances and 3n coordinates; and what the distances cost.

Timed: one evaluation with its gradient, as a training step needs it, in batches of the fast preset.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd
import torch

from trisym.config import PRESETS
from trisym.experiments.recipe import Recipe, Workshop
from trisym.losses import LOSSES
from trisym.networks import Autoencoder, AutoencoderConfig, initial_weights

COUNTS = (3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64)
ROUNDS = 3  # the spread between them is the machine's
REPEATS = 20  # in a round: their median is taken


def distances(points: int) -> int:
    """Return n(n - 1)/2."""
    return points * (points - 1) // 2


def crossing(most: int = 64) -> int:
    """Return the first n with more distances than coordinates: n(n - 1)/2 > 3n."""
    return next(n for n in range(2, most) if distances(n) > 3 * n)


def _scaling(
    workshop: Workshop, counts: Sequence[int] = COUNTS, repeats: int = REPEATS
) -> pd.DataFrame:
    """Time the losses and the network for each number of points, a few rounds of each."""
    rows = []
    for round_number in range(ROUNDS):
        for place, points in enumerate(counts):
            share = (round_number + place / len(counts)) / ROUNDS
            workshop.progress(share, f"{points} points, round {round_number + 1} of {ROUNDS}")
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
    return 1e3 * statistics.median(seconds)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {"scaling": Recipe("What the side loss costs for n points (Fig. 8)", "3.3", _scaling)}
)
