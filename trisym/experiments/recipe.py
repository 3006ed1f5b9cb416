"""What a recipe is, and what all use: seeds, a folder to write to, training in a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from trisym import datasets
from trisym.config import FitConfig
from trisym.training import Record, Trainer

Progress = Callable[[float, str], None]  # share done from 0 to 1, and what is being done

SEEDS = (0, 1, 2)  # one seed is luck; three show a spread


@dataclass(frozen=True)
class Workshop:
    """Where a recipe puts things, and whom it tells how far it is."""

    folder: Path
    progress: Progress

    def checkpoint(self, name: str) -> Path:
        return self.folder / f"{name}.safetensors"


@dataclass(frozen=True)
class Recipe:
    """A run by name: its title, its section of the thesis, how to run it, what it stands on."""

    title: str
    section: str
    run: Callable[[Workshop], pd.DataFrame]
    needs: tuple[str, ...] = ()


def train_members(
    configs: Sequence[FitConfig], progress: Progress
) -> tuple[Trainer, list[list[Record]]]:
    """Train models as one batched program; return the trainer and each member's records."""
    drawn = {config.data: datasets.generate(config.data).split() for config in configs}
    trainer = Trainer(configs, [drawn[config.data] for config in configs])
    history: list[list[Record]] = [[] for _ in configs]
    for member, record in trainer:
        history[member].append(record)
        epochs = configs[member].epochs or record.epoch
        progress(record.epoch / epochs, f"epoch {record.epoch:.0f} of {epochs:.0f}")
    for failure in trainer.failures.values():
        raise failure
    return trainer, history
