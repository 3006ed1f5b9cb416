"""Sweeps: many small models trained at once, each batch of them as one program (training.Trainer).

Members may differ in seed, data, learning rate, weight of the MSE, revival of idle units, latent
size and budget. Models of different shapes, losses, batches or set sizes are trained one program
after the other.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch

from trisym import datasets, devices
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig, Split
from trisym.errors import TrainingError
from trisym.networks import Autoencoder, AutoencoderConfig, Predictor
from trisym.training.trainer import Record, Trainer, shape_key

Progress = Callable[[float, str], None]  # share done from 0 to 1, and what is being done

TRIAL_MEMBERS, TRIAL_STEPS = 9, 20
MOST_THREADS = 4
WORTH = 0.9
MOST_AT_ONCE = 32  # at batch 512 their activations take 300 MB; more is no faster a model


@dataclass(frozen=True)
class Member:
    """A trained model of a sweep; `failure` says why a loss stopped being finite."""

    config: FitConfig
    model: Autoencoder | Predictor
    records: tuple[Record, ...]
    failure: TrainingError | None = None


def sweep(
    configs: Sequence[FitConfig],
    progress: Progress = lambda share, what: None,
    splits: Sequence[Split] | None = None,
) -> list[Member]:
    """Train a model for each configuration, and return them in the same order.

    `splits` take the place of the sets that the configurations describe.
    """
    return by_programs(configs, progress, splits, _trained)


Program = Callable[[Sequence[FitConfig], Sequence[Split], Progress], list[Member]]


def by_programs(
    configs: Sequence[FitConfig],
    progress: Progress,
    splits: Sequence[Split] | None,
    train: Program,
) -> list[Member]:
    """Train models, as many at once as can be one program; return them in the same order."""
    members: dict[int, Member] = {}
    programs = list(_programs(configs))
    for number, program in enumerate(programs):
        chosen = [configs[index] for index in program]
        sets = [splits[index] for index in program] if splits else _splits(chosen)
        tell = _part_of(progress, number, len(programs))
        members |= zip(program, train(chosen, sets, tell), strict=True)
    return [members[index] for index in range(len(configs))]


def _part_of(progress: Progress, done: int, parts: int) -> Progress:
    return lambda share, what: progress((done + share) / parts, what)


def _trained(
    configs: Sequence[FitConfig], splits: Sequence[Split], progress: Progress
) -> list[Member]:
    trainer = Trainer(configs, splits)
    history: list[list[Record]] = [[] for _ in configs]
    for place, record in trainer:
        history[place].append(record)
        progress(trainer.progress(place), told(len(configs), record))
    return [
        Member(config, trainer.model(place), tuple(history[place]), trainer.failures.get(place))
        for place, config in enumerate(configs)
    ]


def told(models: int, record: Record) -> str:
    """Say how far a program is."""
    return f"{models} models at once, epoch {record.epoch:.0f}"


def fastest_threads() -> int:
    """Return with how many threads a CPU trains many models fastest, by a trial of a second.

    More than one only where it gains a tenth: threads that wait for each other on a busy machine
    spin, and get slower than one alone.
    """
    before = torch.get_num_threads()
    config = replace(PRESETS["fast"], data=DataConfig(n=4_000), device="cpu")
    trainer = Trainer([replace(config, seed=seed) for seed in range(TRIAL_MEMBERS)])
    best, least = 1, math.inf
    try:
        for threads in range(1, min(devices.cores(), MOST_THREADS) + 1):
            torch.set_num_threads(threads)
            trainer.advance(TRIAL_STEPS)  # the first ones set things up
            begun = time.perf_counter()
            trainer.advance(TRIAL_STEPS)
            seconds = time.perf_counter() - begun
            if seconds < WORTH * least:
                best, least = threads, seconds
    finally:
        torch.set_num_threads(before)
    return best


def _programs(configs: Sequence[FitConfig]) -> Iterator[list[int]]:
    """Yield the indices of models that can be trained as one program."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for index, config in enumerate(configs):
        alike.setdefault(shape_key(config), []).append(index)
    for indices in alike.values():
        indices.sort(key=lambda index: _latent(configs[index]))  # little padding in each program
        for start in range(0, len(indices), MOST_AT_ONCE):
            yield indices[start : start + MOST_AT_ONCE]


def _latent(config: FitConfig) -> int:
    return config.network.latent if isinstance(config.network, AutoencoderConfig) else 0


def _splits(configs: Sequence[FitConfig]) -> list[Split]:
    """Draw each different set once."""
    drawn = {config.data: datasets.generate(config.data).split() for config in configs}
    return [drawn[config.data] for config in configs]
