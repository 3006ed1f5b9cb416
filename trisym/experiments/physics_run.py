"""Section 3.6: what a network that is asked for the energy alone finds, and when.

Runs as those of `physics` at λ = ∞, h = 3, of more seeds, watched from the first step to the last:
mean answers to translations, rotations and strains, and of the run that ended lowest its film. A
seed is no promise here: in a batch of another size rounding leads it elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd

from trisym import datasets
from trisym.experiments.discovery import found_at
from trisym.experiments.physics import Asked, Effort, config_of
from trisym.experiments.recipe import Recipe, RecipeContext
from trisym.film import MOST_FRAMES, NUMBERS, Film, Sampler, curve
from trisym.losses import ENERGY
from trisym.networks import Autoencoder
from trisym.spectrum import GAP, KINDS, RIGID_KINDS
from trisym.storage import results
from trisym.storage.files import write_atomically
from trisym.training.frames import HeldOut
from trisym.training.trainer import Record, Trainer

NAME, ORDER = "physics-run", "physics-order"
ALONE = Asked(ENERGY, float("inf"), 3)
RECORDS_AN_EPOCH = 25
LOSS = "validation_loss"
COLUMNS = ("epoch", "step", "train_loss", LOSS, "orbit_spread", *KINDS)


@dataclass
class _Reel:
    """The film of one run, and which moments of it are due."""

    film: Film = field(default_factory=Film)
    due: Sampler = field(default_factory=lambda: Sampler(MOST_FRAMES))


def _run(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Train from every seed, with films; keep the film of the run that ended lowest."""
    configs = [config_of(ALONE, seed, effort) for seed in effort.watched]
    split = datasets.generate(configs[0].data).split()
    trainer = Trainer(configs, [split] * len(configs), RECORDS_AN_EPOCH)
    held_out = HeldOut.of(split, configs[0])
    reels = [_Reel() for _ in configs]

    def look(member: int, record: Record | None, rate: float) -> None:
        model = trainer.model(member)
        assert isinstance(model, Autoencoder)
        if record:  # the decoder learns beside, for its own sake: its sides say nothing of the run
            record = replace(record, side_error=None)
        reels[member].film.frames.append(held_out.frame(model, record, rate).pack())

    for member, reel in enumerate(reels):
        if reel.due.due(0.0):
            look(member, None, trainer.rate(member))
    for member, record in trainer:
        share = min(trainer.progress(member), 1.0)
        context.progress(share, f"epoch {record.epoch:.1f}")
        if reels[member].due.due(share):
            look(member, record, record.lr)
    for failure in trainer.failures.values():
        raise failure
    courses = [curve(reel.film.frames) for reel in reels]
    best = min(range(len(reels)), key=lambda run: courses[run][-1, NUMBERS.index(LOSS)])
    content = reels[best].film.to_bytes()
    write_atomically(context.folder / "results" / f"{NAME}.safetensors", content)
    frames = []
    for run, (seed, course) in enumerate(zip(effort.watched, courses, strict=True)):
        frame = pd.DataFrame(course, columns=list(NUMBERS))[list(COLUMNS)]
        frame.insert(0, "filmed", run == best)
        frame.insert(0, "seed", seed)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def order(course: pd.DataFrame) -> dict[str, float]:
    """Return when one run found translations, rotations and the energy, in epochs.

    `course` has a row a moment. NaN is what it did not find. The energy is found where its error is
    GAP² times smaller than the run's first: a size GAP times smaller.
    """
    asked = course[course["step"] > 0]
    epochs = asked["epoch"].to_numpy()
    holds = {kind: asked[kind] * GAP < asked["strain"] for kind in RIGID_KINDS}
    losses = asked["validation_loss"]
    holds["energy"] = losses * GAP**2 < losses.iloc[0]
    found = {name: found_at(epochs, held.to_numpy()) for name, held in holds.items()}
    known = np.isfinite(found["translation"])
    rotation = found["rotation"] if np.isfinite(found["rotation"]) else np.inf
    first = float(found["translation"] < rotation) if known else np.nan
    return {
        **found,
        "translation_first": first,
        "last_spread": float(asked["orbit_spread"].iloc[-1]),
        "last_loss": float(losses.iloc[-1]),
    }


def _order(context: RecipeContext) -> pd.DataFrame:
    courses = results.load(NAME, context.folder / "results")
    return pd.DataFrame(
        [{"seed": seed, **order(course)} for seed, course in courses.groupby("seed")]
    )


def recipes(effort: Effort) -> Mapping[str, Recipe]:
    """Return the recipes at some effort."""
    return MappingProxyType(
        {
            NAME: Recipe(
                "Asked for the energy alone: symmetry spectra as it trains, frame by frame",
                "3.6",
                partial(_run, effort=effort),
            ),
            ORDER: Recipe(
                "Asked for the energy alone: which symmetry is found first", "3.6", _order, (NAME,)
            ),
        }
    )


RECIPES = recipes(Effort())
