"""RECIPES: every model and table that the app shows, each a named run that `reproduce` repeats.

A recipe returns a tidy table, and may save models on the way. Nothing else writes to `pretrained/`.
BEYOND are those of them that the thesis has no counterpart of, its section 3.6 and what a seed
decides; THESIS those of its own protocol. Both take hours, so they are asked for apart.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType, ModuleType

import pandas as pd

from trisym import devices
from trisym.errors import ConfigError
from trisym.experiments import (
    chirality,
    degrees_of_freedom,
    discovery,
    encoders,
    energy,
    energy_lines,
    energy_sampling,
    handmade,
    hidden_symmetries,
    invariance,
    kinds,
    latent_space,
    more_points,
    physics,
    physics_run,
    readouts,
    recorded,
    scaling,
    seed_grid,
    shifts,
    spectrum,
    thesis_protocol,
    translation,
    vae,
)
from trisym.experiments.recipe import Recipe, RecipeContext
from trisym.storage import results
from trisym.storage.cards import versions
from trisym.training.sweeps import Progress

SECTIONS = (
    degrees_of_freedom,
    translation,
    invariance,
    recorded,
    handmade,
    encoders,
    shifts,
    scaling,
    latent_space,
    readouts,
    energy,
    energy_lines,
    energy_sampling,
    hidden_symmetries,
    spectrum,
    discovery,
)
SECTIONS_BEYOND = (
    seed_grid,
    more_points,
    chirality,
    kinds,
    physics,
    physics_run,
    vae,
)


def _of(sections: Iterable[ModuleType]) -> dict[str, Recipe]:
    return {name: recipe for section in sections for name, recipe in section.RECIPES.items()}


BEYOND: Mapping[str, Recipe] = MappingProxyType(_of(SECTIONS_BEYOND))
RECIPES: Mapping[str, Recipe] = MappingProxyType({**_of(SECTIONS), **BEYOND})

THESIS: Mapping[str, Recipe] = thesis_protocol.RECIPES


def in_order(names: Sequence[str]) -> list[str]:
    """Return the recipes and all that they stand on, each after what it needs.

    Raises ConfigError for a name that is not in RECIPES or THESIS.
    """
    ordered: dict[str, None] = {}
    for name in names:
        for need in in_order(named(name).needs):
            ordered[need] = None
        ordered[name] = None
    return list(ordered)


def is_current(name: str, folder: Path = results.PRETRAINED) -> bool:
    """Say whether a recipe's table is there, made from the tables that it needs as they are now."""
    made, recipe = folder / "results", named(name)
    if not {name, *recipe.needs} <= set(results.names(made)):
        return False
    return bool(results.load_card(name, made).get("needs", {}) == _digests(recipe, made))


def reproduce(
    name: str, folder: Path = results.PRETRAINED, progress: Progress = lambda share, what: None
) -> pd.DataFrame:
    """Run a recipe, write its table and card under `folder`, and return the table.

    Raises ConfigError for an unknown name, TrisymError when what it needs is missing.
    """
    recipe = named(name)
    needs = _digests(recipe, folder / "results")
    start = time.perf_counter()
    table = recipe.run(RecipeContext(folder, progress))
    card = {
        "title": recipe.title,
        "section": recipe.section,
        "command": f"python -m trisym reproduce {name}",
        "seconds": round(time.perf_counter() - start, 1),
        "device": devices.describe(),
        "created": datetime.now(UTC).date().isoformat(),
        "versions": versions(),
        "needs": needs,  # as they were: when one changes, this table is out of date
    }
    results.save(name, table, card, folder / "results")
    return table


def named(name: str) -> Recipe:
    """Return the recipe of that name; ConfigError when it is in neither RECIPES nor THESIS."""
    known = {**RECIPES, **THESIS}
    if name not in known:
        raise ConfigError(f"There is no recipe '{name}'; there are: {', '.join(known)}.")
    return known[name]


def _digests(recipe: Recipe, folder: Path) -> dict[str, str]:
    return {need: results.digest(need, folder) for need in recipe.needs}
