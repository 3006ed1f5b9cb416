"""Section 3.6: atoms of two kinds. The energy of Ne₂Kr from what a network may see of it.

Kinds are inputs: three numbers, 1 for the krypton. Distances sorted within their kinds are the
baseline that no renumbering can change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, permutations
from types import MappingProxyType

import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from trisym.datasets import DataConfig, Split
from trisym.experiments.chirality import Task
from trisym.experiments.more_points import part_of
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, trained
from trisym.geometry import side_lengths
from trisym.mixtures import (
    CLOSEST,
    KRYPTON,
    NEON,
    UNIT_NM,
    Molecules,
    draw,
    energy,
    kinds_exchanged,
    mixed,
    neons_swapped,
    one_hot,
    renumbered,
    sorted_by_kind,
    unlike,
)
from trisym.sampling import Pairs
from trisym.storage import checkpoints
from trisym.training.sweeps import Member

ENCODER = "sides-h3"  # the boxes of the molecules lie in the cube that it was trained in
KRYPTON_COLUMN = 9  # of a molecule as one row: nine coordinates, then which atom is the krypton


@dataclass(frozen=True)
class Effort:
    """Effort of the recipe; tests take less."""

    molecules: int = 200_000
    epochs: int = 8


def as_rows(molecules: Molecules) -> Float[Tensor, "batch 10"]:
    """Return molecules as rows, which a `Task` takes; `of_rows` is its inverse."""
    krypton = molecules.krypton[:, None].to(molecules.vertices)
    return torch.cat([molecules.vertices.flatten(1), krypton], dim=1)


def of_rows(rows: Float[Tensor, "batch 10"]) -> Molecules:
    """Return the molecules that rows stand for."""
    vertices = rows[:, :KRYPTON_COLUMN].unflatten(1, (3, 3))
    return Molecules(vertices, rows[:, KRYPTON_COLUMN].round().long())


def _inputs(context: RecipeContext) -> Mapping[str, Callable[[Molecules], Tensor]]:
    """Return what predictors see of a molecule."""
    encoder = checkpoints.load_autoencoder(context.checkpoint(ENCODER))

    def with_kinds(columns: Tensor, molecules: Molecules) -> Tensor:
        return torch.cat([columns, one_hot(molecules.krypton, columns)], dim=1)

    return {
        "sorted by kind": sorted_by_kind,
        "distances and kinds": lambda m: with_kinds(side_lengths(m.vertices), m),
        "latent and kinds": lambda m: with_kinds(encoder.encode(m.vertices), m),
        "coordinates and kinds": lambda m: with_kinds(m.vertices.flatten(1), m),
        "distances, kinds unknown": lambda m: side_lengths(m.vertices),
        "sorted, kinds unknown": lambda m: side_lengths(m.vertices).sort(-1).values,
    }


def _kinds(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Train table 4 on each input from three seeds, and renumber what it sees."""
    rows = as_rows(draw(effort.molecules, seed=0))
    data = DataConfig(n=effort.molecules)  # of this size; the molecules are Ne₂Kr, drawn here
    ends = [0, data.trained_on, effort.molecules * 9 // 10, effort.molecules]
    parts = [rows[start:stop] for start, stop in pairwise(ends)]
    split = Split(*(Pairs(part, part) for part in parts))
    inputs, found = _inputs(context), []
    for done, (name, features) in enumerate(inputs.items()):
        with torch.no_grad():
            task = Task.of(split, _seeing(features), lambda rows: energy(of_rows(rows)))
        members = trained(
            [task.fit(data, seed, effort.epochs) for seed in SEEDS],
            part_of(context.progress, done, len(inputs)),
            [task.split] * len(SEEDS),
        )
        test = of_rows(split.test.inputs)
        found += [
            {"input": name, "seed": member.config.seed, **_measured(task, member, test)}
            for member in members
        ]
    return pd.DataFrame(found)


def _seeing(features: Callable[[Molecules], Tensor]) -> Callable[[Tensor], Tensor]:
    return lambda rows: features(of_rows(rows))


def _measured(task: Task, member: Member, test: Molecules) -> dict[str, float]:
    """Return the error in kelvin and as a share of the variance, and what renumbering does.

    swapped: how far the prediction goes when the two neons change places; renumbered: when all
    three atoms change their numbers, kinds along; both rms over the energy's sd, and the energy
    stays. exchanged_r2: how much of the energy's change it predicts when krypton and a neon change
    places, over molecules that may stand so.
    """

    def predict(molecules: Molecules) -> Tensor:
        return task.predict(member, as_rows(molecules))

    actual, predicted = energy(test), predict(test)
    sd = actual.std()
    mse = (predicted - actual).square().mean()
    orders = list(permutations(range(3)))
    moved = torch.stack([predict(renumbered(test, order)) for order in orders])
    exchanged = kinds_exchanged(test)
    allowed = _allowed(exchanged)
    change = (energy(exchanged) - actual)[allowed]
    told = (predict(exchanged) - predicted)[allowed]
    return {
        "error_kelvin": mse.sqrt().item(),
        "unexplained": (mse / sd.square()).item(),
        "swapped": ((predict(neons_swapped(test)) - predicted).square().mean().sqrt() / sd).item(),
        "renumbered": (moved.var(0).mean().sqrt() / sd).item(),
        "exchanged_r2": (1 - (told - change).square().mean() / change.square().mean()).item(),
    }


def _allowed(molecules: Molecules) -> Tensor:
    """Which molecules have no two atoms nearer than the set's own law allows."""
    alike, other = mixed(NEON, NEON).sigma, mixed(NEON, KRYPTON).sigma
    sigma = torch.where(unlike(molecules.krypton), other, alike) / UNIT_NM
    return (side_lengths(molecules.vertices) > CLOSEST * sigma).all(-1)


def recipes(effort: Effort) -> Mapping[str, Recipe]:
    """Return the recipe at some effort."""
    title = "Two kinds of atom: the energy of Ne₂Kr, and what renumbering does"
    return MappingProxyType(
        {"kinds": Recipe(title, "3.6", partial(_kinds, effort=effort), (ENCODER,))}
    )


RECIPES = recipes(Effort())
