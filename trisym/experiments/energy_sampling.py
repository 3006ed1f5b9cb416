"""Section 3.4: are high energies predicted worse because short sides are rare, as it says?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import torch

from trisym import energy
from trisym.datasets import Split
from trisym.experiments import energy as recipes
from trisym.experiments.energy import ENERGY_BIN, Effort
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, trained
from trisym.networks import Predictor
from trisym.sampling import Pairs

EFFORT = Effort(epochs=20)  # on sides the error is level by then


def _sampling(context: RecipeContext, effort: Effort = EFFORT) -> pd.DataFrame:
    """Train on as many of each energy, too: is it the sampling that makes high energies worse?

    Predictors on sides, three seeds: on the set as it is, and on one drawn from it (with repeats)
    with all bins of the scaled energy equally full. Both are measured on the same test set.
    """
    split = recipes.split_of(effort)
    natural = energy.scaled("sides", split)
    flat = replace(natural, split=flattened(natural.split))
    configs = [*recipes.configs(natural, effort), *recipes.configs(flat, effort)]
    splits = [natural.split] * len(SEEDS) + [flat.split] * len(SEEDS)
    rows = []
    for place, member in enumerate(trained(configs, context.progress, splits)):
        actual = natural.split.test.targets[:, 0]
        assert isinstance(member.model, Predictor)
        squares = (member.model(natural.split.test.inputs)[:, 0] - actual).square()
        drawn = "as it is" if place < len(SEEDS) else "flat"
        for part, where in (("above 0.5", actual > 0.5), ("below 0.1", actual < 0.1)):
            mse = squares[where].mean().item()
            rows.append(
                {"sampling": drawn, "seed": member.config.seed, "energies": part, "mse": mse}
            )
    return pd.DataFrame(rows)


def flattened(split: Split) -> Split:
    """Return a split whose training part holds as many samples of each bin of the energy."""
    energies = split.train.targets[:, 0].double()
    bins = (energies / ENERGY_BIN).long().clamp(min=0)
    weights = 1 / bins.bincount()[bins].double()
    chosen = torch.multinomial(
        weights, len(energies), replacement=True, generator=torch.Generator().manual_seed(0)
    )
    return split._replace(train=Pairs(*(part[chosen] for part in split.train)))


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "energy-sampling": Recipe(
            "Is it the sampling that makes high energies worse?", "3.4", _sampling
        )
    }
)
