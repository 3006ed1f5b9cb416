"""In which order a network finds its symmetries: the mean answers of its spectrum as it trains.

A kind of motion is found at the first record from which on, to the last, the mean answer to it is
at least GAP times weaker than that to strains. The sides are found likewise: from there on the side
error is GAP times smaller than that of the best constant answer. A lapse of a single record does
not count: idle units that are put to work shake a network for about so long.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig
from trisym.experiments.recipe import Recipe, RecipeContext
from trisym.geometry import side_lengths
from trisym.jacobians import of_encoder
from trisym.networks import Autoencoder
from trisym.spectrum import GAP, RIGID_KINDS
from trisym.storage import results
from trisym.symmetries import held_out, spectrum
from trisym.training.frames import ASKED
from trisym.training.sweeps import Progress
from trisym.training.trainer import Trainer

COURSES, ORDER = "discovery", "discovery-order"


@dataclass(frozen=True)
class Watch:
    """A preset that is watched as it begins: how many runs, how long, how closely."""

    preset: str
    seeds: int
    epochs: int
    records_per_epoch: int


@dataclass(frozen=True)
class Effort:
    """The size of the recipe; tests take less."""

    triangles: int = 200_000
    watches: Sequence[Watch] = (Watch("fast", 16, 3, 32), Watch("thesis", 8, 6, 20))


def _courses(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Train networks on sides from many seeds, and ask each at every record of its first epochs."""
    frames = []
    for done, watch in enumerate(effort.watches):

        def progress(share: float, what: str, done: int = done) -> None:
            context.progress((done + share) / len(effort.watches), what)

        config = replace(PRESETS[watch.preset], data=DataConfig(n=effort.triangles))
        frames.append(_watched(watch, config, progress))
    return pd.concat(frames, ignore_index=True)


def _watched(watch: Watch, config: FitConfig, progress: Progress) -> pd.DataFrame:
    asked = held_out(config.data, ASKED)
    configs = [replace(config, seed=seed) for seed in range(watch.seeds)]
    trainer = Trainer(configs, records_per_epoch=watch.records_per_epoch)
    rows = []
    for member, record in trainer:
        model = trainer.model(member)
        assert isinstance(model, Autoencoder)
        found = spectrum(of_encoder(model), asked)
        answers = {f"answer_{rank}": value for rank, value in enumerate(found.values, 1)}
        moment = {"epoch": record.epoch, "side_error": record.side_error}
        run = {"preset": watch.preset, "seed": member}
        rows.append({**run, **moment, **found.answers, **answers})
        progress(record.epoch / watch.epochs, f"{watch.preset}, epoch {record.epoch:.1f}")
        if len(rows) == watch.seeds * watch.epochs * watch.records_per_epoch:
            break  # the schedule is that of a whole run
    return pd.DataFrame(rows).sort_values(["seed", "epoch"], kind="stable")


def found_at(epochs: Float[np.ndarray, " record"], holds: Bool[np.ndarray, " record"]) -> float:
    """Return the first epoch from which on something holds to the end; NaN where it does not.

    A record that fails between two that hold is forgiven.
    """
    lapses = np.zeros_like(holds)
    lapses[1:-1] = ~holds[1:-1] & holds[:-2] & holds[2:]
    fails = np.flatnonzero(~holds & ~lapses)
    first = fails[-1] + 1 if len(fails) else 0
    return float(epochs[first]) if first < len(epochs) else math.nan


def guessing_error(triangles: int = 20_000) -> float:
    """Return the side error of the best constant answer, mean |l - median l|."""
    sides = side_lengths(held_out(DataConfig(), triangles))
    return (sides - sides.median()).abs().mean().item()


def order(course: pd.DataFrame, guess: float) -> dict[str, object]:
    """Return when one run found translations, rotations and the sides, in epochs, and the order.

    `course` has a row a record. NaN is what it did not find while it was watched. The step of the
    rotations comes "with" that of the sides where at most one record lies between them.
    """
    epochs = course["epoch"].to_numpy()
    holds = {kind: course[kind] * GAP < course["strain"] for kind in RIGID_KINDS}
    holds["sides"] = course["side_error"] * GAP < guess
    found = {name: found_at(epochs, held.to_numpy()) for name, held in holds.items()}
    translation, rotation, sides = (math.inf if math.isnan(at) else at for at in found.values())
    record = float(np.diff(epochs).max())
    step = math.nan if math.inf in (rotation, sides) else (rotation - sides) / record
    return {
        **found,
        "translation_first": _share(translation < rotation, math.isfinite(translation)),
        "together": _share(translation == rotation, math.isfinite(translation)),
        "records_after_sides": step,  # of the rotations; negative where they come before
        "with_sides": _share(abs(step) <= 1.001, not math.isnan(step)),
    }


def _share(yes: bool, known: bool) -> float:
    """Return 1 or 0, so that a mean over runs is how often; NaN where it can't be said."""
    return float(yes) if known else math.nan


def _orders(context: RecipeContext) -> pd.DataFrame:
    courses = results.load(COURSES, context.folder / "results")
    guess = guessing_error()
    return pd.DataFrame(
        [
            {"preset": preset, "seed": seed, **order(course, guess)}
            for (preset, seed), course in courses.groupby(["preset", "seed"])
        ]
    )


def recipes(effort: Effort) -> Mapping[str, Recipe]:
    """Return the recipes at some effort."""
    return MappingProxyType(
        {
            COURSES: Recipe(
                "Mean answers to translations, rotations and strains while networks train",
                "3.3",
                partial(_courses, effort=effort),
            ),
            ORDER: Recipe(
                "Which symmetry is found first, and when the sides come", "3.3", _orders, (COURSES,)
            ),
        }
    )


RECIPES = recipes(Effort())
