"""Hidden units of the networks of section 3.3: what each watches, and its share of a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pandas as pd
import torch

from trisym import datasets
from trisym.encoder_units import Explanation, SideReading, read_sides, tell
from trisym.evaluation import FRESH_SEED, untrained
from trisym.experiments import handmade
from trisym.experiments.invariance import CONTROLS
from trisym.experiments.recipe import Recipe, RecipeContext, kept
from trisym.networks import Autoencoder
from trisym.storage import checkpoints

TRIANGLES = 20_000  # to read the sides on; and as many fresh ones to judge on


def _models(context: RecipeContext) -> Iterator[tuple[str, int, Autoencoder]]:
    """Every seed that is kept of the trained networks, the shipped one where none is."""
    for name in CONTROLS:
        for seed, path in kept(context, name):
            yield name, seed, checkpoints.load_autoencoder(path)
    yield handmade.NAME, 0, checkpoints.load_autoencoder(context.checkpoint(handmade.NAME))
    yield "untrained", 0, untrained()


def _row(reading: SideReading, story: Explanation) -> dict[str, object]:
    units = reading.units()
    vertices = reading.weight.unflatten(1, (3, 3)).norm(dim=2)[units.strong]
    smallest = vertices.amin(dim=1) / vertices.amax(dim=1)
    by_side = {
        f"{name}_{side + 1}": values[side]
        for name, values in (
            ("directions", story.directions),
            ("weight", story.weights),
            ("explained", story.explained),
        )
        for side in range(3)
    }
    return {
        "holds": story.holds,
        "units": story.units,
        "strong": story.strong,
        "watching": story.watching,
        "translation": float(units.translation[units.strong].median()),
        "smallest_vertex": float(smallest.median()),
        "weight": sum(story.weights) / len(story.weights),
        "explained": min(story.explained),
        "sums_error": story.sums_error,
        "encoder_side_error": story.error,
        **by_side,
    }


@torch.no_grad()
def _encoder_units(context: RecipeContext) -> pd.DataFrame:
    known = datasets.generate("random", n=TRIANGLES, seed=FRESH_SEED + 1).inputs
    fresh = datasets.generate("random", n=TRIANGLES, seed=FRESH_SEED).inputs
    rows = []
    for name, seed, model in _models(context):
        reading = read_sides(model, known)
        rows.append({"model": name, "seed": seed, **_row(reading, tell(reading, fresh))})
    return pd.DataFrame(rows)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "encoder-units": Recipe(
            "What the hidden units of each encoder watch",
            "3.3",
            _encoder_units,
            (*CONTROLS, handmade.NAME),
        )
    }
)
