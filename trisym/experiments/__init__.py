"""RECIPES: every model and table that the app shows, each a named run that `reproduce` repeats.

A recipe returns a tidy table, and may save models on the way. Nothing else writes to `pretrained/`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from trisym import devices, results
from trisym.cards import versions
from trisym.errors import ConfigError
from trisym.experiments import (
    degrees_of_freedom,
    energy,
    energy_lines,
    hidden_symmetries,
    invariance,
    latent_space,
    recorded,
    scaling,
    translation,
)
from trisym.experiments.recipe import Progress, Recipe, Workshop

SECTIONS = (
    degrees_of_freedom,
    translation,
    invariance,
    recorded,
    scaling,
    latent_space,
    energy,
    energy_lines,
    hidden_symmetries,
)
RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {name: recipe for section in SECTIONS for name, recipe in section.RECIPES.items()}
)


def reproduce(
    name: str, folder: Path = results.PRETRAINED, progress: Progress = lambda share, what: None
) -> pd.DataFrame:
    """Run a recipe, write its table and card under `folder`, and return the table.

    Raises ConfigError for a name that is not in RECIPES.
    """
    if name not in RECIPES:
        raise ConfigError(f"There is no recipe '{name}'; there are: {', '.join(RECIPES)}.")
    recipe = RECIPES[name]
    start = time.perf_counter()
    table = recipe.run(Workshop(folder, progress))
    card = {
        "title": recipe.title,
        "section": recipe.section,
        "command": f"python -m trisym reproduce {name}",
        "seconds": round(time.perf_counter() - start, 1),
        "device": devices.describe(),
        "created": datetime.now(UTC).date().isoformat(),
        "versions": versions(),
    }
    results.save(name, table, card, folder / "results")
    return table
