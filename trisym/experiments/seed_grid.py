"""What a seed decides: five sets of triangles by five initial weights, each pair trained once.

Elsewhere one seed a model stands for its initial weights and the order of its batches, and in
section 3.5 for its triangles as well. Here the two are drawn apart, so that the variance of an
error can be split between them (thesis.statistics.variance_parts).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from types import MappingProxyType

import pandas as pd

from trisym import datasets, energy
from trisym.config import PRESETS
from trisym.datasets import DataConfig
from trisym.evaluation import FRESH_SEED, evaluate
from trisym.experiments.degrees_of_freedom import part_of
from trisym.experiments.energy import errors
from trisym.experiments.recipe import Recipe, RecipeContext, trained
from trisym.networks import Predictor, PredictorConfig
from trisym.storage.energy_models import EnergyModel

LOSSES = ("sides", "mse")  # the network of section 3.3 and its control
INPUTS = ("sides", "coordinates")  # of the predictors of section 3.4
MEASURES = ("side_error", "mse", "orbit_spread_inside", "orbit_spread_whitened")


@dataclass(frozen=True)
class Effort:
    """Effort of the recipe; tests take less. Epochs are the fast preset's."""

    triangles: int = 200_000
    epochs: int = 16
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)  # of either


def grid(context: RecipeContext, effort: Effort = Effort()) -> pd.DataFrame:
    """Train every pair of seeds with both losses, and measure all on the same fresh triangles."""
    rows = []
    for done, loss in enumerate(LOSSES):
        base = replace(PRESETS["fast"], loss=loss, epochs=effort.epochs)
        configs = [
            replace(base, data=DataConfig(n=effort.triangles, seed=data), seed=seed)
            for data, seed in product(effort.seeds, effort.seeds)
        ]
        members = trained(configs, part_of(context.progress, done, len(LOSSES)))
        for config, member in zip(configs, members, strict=True):
            found = evaluate(member.model, config, seed=FRESH_SEED)
            measured = {name: found[name] for name in MEASURES}
            seeds = {"data_seed": config.data.seed, "seed": config.seed}
            rows.append({"loss": loss, **seeds, **measured})
    return pd.DataFrame(rows)


def energy_grid(context: RecipeContext, effort: Effort = Effort()) -> pd.DataFrame:
    """Train every pair of seeds on energies, and measure all on the same fresh molecules.

    Energies are scaled by each pair's own training part, as everywhere.
    """
    molecules = DataConfig("lennard-jones", n=effort.triangles)
    fresh = datasets.generate(replace(molecules, seed=FRESH_SEED)).split().test.inputs
    rows = []
    for done, kind in enumerate(INPUTS):
        sets = {seed: datasets.generate(replace(molecules, seed=seed)) for seed in effort.seeds}
        scalings = {seed: energy.scaled(kind, found.split()) for seed, found in sets.items()}
        columns = len(scalings[effort.seeds[0]].inputs.low)
        base = replace(
            PRESETS["fast"],
            network=PredictorConfig(inputs=columns),
            loss="mse",
            epochs=effort.epochs,
        )
        configs = [
            replace(base, data=replace(molecules, seed=data), seed=seed)
            for data, seed in product(effort.seeds, effort.seeds)
        ]
        splits = [scalings[config.data.seed].split for config in configs]
        members = trained(configs, part_of(context.progress, done, len(INPUTS)), splits)
        for config, member in zip(configs, members, strict=True):
            scaling = scalings[config.data.seed]
            assert isinstance(member.model, Predictor)
            model = EnergyModel(kind, member.model, scaling.inputs, scaling.energies)
            seeds = {"data_seed": config.data.seed, "seed": config.seed}
            rows.append({"input": kind, **seeds, **errors(model, fresh)})
    return pd.DataFrame(rows)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "seed-grid": Recipe("Five sets of triangles by five initial weights", "3.3", grid),
        "seed-grid-energy": Recipe(
            "Five sets of molecules by five initial weights", "3.4", energy_grid
        ),
    }
)
