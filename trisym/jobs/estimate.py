"""Roughly how long a step takes on this machine: a few steps of a throwaway run, timed once."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import torch

from trisym.config import FitConfig
from trisym.datasets import Split
from trisym.networks import AutoencoderConfig
from trisym.sampling import Pairs
from trisym.training.fit import Fit

STEPS, TIMES = 6, 4  # so many steps, so many times: the quickest counts
MOST_WORK = 2e8  # multiply-adds of a step that is timed; a larger one is scaled up from smaller


def parameters(config: FitConfig) -> int:
    """Return how many numbers a network learns."""
    return sum(math.prod(shape) for shape in config.network.tensor_shapes().values())


def seconds(config: FitConfig) -> float:
    """Return how long a run trains, or about how long where its budget is in epochs."""
    if config.seconds is not None:
        return config.seconds
    assert config.epochs is not None  # a FitConfig has one of the two
    return config.epochs * config.steps_per_epoch * seconds_a_step(config)


def seconds_a_step(config: FitConfig) -> float:
    """Return about how long a step takes here; measured once for each shape, in some 100 ms."""
    batch = config.batch
    while batch > 1 and parameters(config) * batch > MOST_WORK:
        batch //= 2
    timed = replace(
        _headless(config), batch=batch, seed=0, lr=1e-3, epochs=1, seconds=None, device="auto"
    )
    data = replace(timed.data, name="random", min_side=None, constant_side=None, n=config.data.n)
    return _timed(replace(timed, data=data)) * config.batch / batch


def _headless(config: FitConfig) -> FitConfig:
    """Leave out an energy head, which adds a few per cent: random triangles have no energy."""
    network = config.network
    if not isinstance(network, AutoencoderConfig) or not network.sees:
        return config
    return replace(config, network=replace(network, sees=0), loss="mse", energy_weight=0.0)


@lru_cache(maxsize=256)
def _timed(config: FitConfig) -> float:
    vertices = torch.rand(config.batch * STEPS * TIMES, 3, 3)
    pairs = Pairs(vertices, vertices)
    run = Fit(config, Split(pairs, pairs, pairs), records_per_epoch=TIMES)
    taken, seconds = [], 0.0
    for record in run:
        taken.append(record.seconds - seconds)
        seconds = record.seconds
    return min(taken) / STEPS


def in_words(seconds: float) -> str:
    """Return a time as it is spoken: 20 s, 3 minutes, 2 days."""
    for unit, size in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:.0f} s"
