"""Recipes: their form and what all of them use, seeds, a folder, training at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from trisym.config import FitConfig
from trisym.datasets import Split
from trisym.storage import checkpoints
from trisym.training.sweeps import Member, Progress, sweep

SEEDS = (0, 1, 2)  # one seed is luck; three show a spread


@dataclass(frozen=True)
class RecipeContext:
    """The folder that a recipe writes to, and who is told how far it is."""

    folder: Path
    progress: Progress

    def checkpoint(self, name: str) -> Path:
        return self.folder / f"{name}.safetensors"


def seed_name(name: str, seed: int) -> str:
    """Return what one seed's model is called, a folder deeper: tables need all, visitors one."""
    return f"seeds/{name}-{seed}"


def kept(context: RecipeContext, name: str) -> list[tuple[int, Path]]:
    """Return seed and file of every model that is kept of a network; the shipped one without."""
    shipped = context.checkpoint(name)
    paths = list((shipped.parent / "seeds").glob(f"{name}-*{shipped.suffix}")) or [shipped]
    return sorted((checkpoints.load_card(path).config.seed, path) for path in paths)


@dataclass(frozen=True)
class Recipe:
    """A run by name: its title, its section of the thesis, how to run it, what it stands on."""

    title: str
    section: str
    run: Callable[[RecipeContext], pd.DataFrame]
    needs: tuple[str, ...] = ()


# What trains models at once: `trained`, or storage.sweep_states.resumable_sweep.
Train = Callable[[Sequence[FitConfig], Progress, Sequence[Split] | None], list[Member]]


def trained(
    configs: Sequence[FitConfig], progress: Progress, splits: Sequence[Split] | None = None
) -> list[Member]:
    """Train models at once; the first whose loss stopped being finite raises its TrainingError."""
    members = sweep(configs, progress, splits)
    for member in members:
        if member.failure:
            raise member.failure
    return members
