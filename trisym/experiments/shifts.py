"""Where invariance ends: triangles shifted by the same amount along every axis, and what it costs.

Table 3's first layer is a leaky ReLU on the coordinates. Each network is measured with and without
it, the weights being the same; and three are trained without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import pandas as pd
from jaxtyping import Float
from torch import Tensor

from trisym import datasets
from trisym.config import PRESETS
from trisym.evaluation import FRESH_SEED
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, trained
from trisym.metrics import side_error
from trisym.networks import Autoencoder, AutoencoderConfig
from trisym.storage import checkpoints

SHIPPED = ("sides-h3", "handmade-h3")
RETRAINED = "retrained"  # without the activation of the input
FIT = replace(PRESETS["fast"], network=AutoencoderConfig(input_activation=False))
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
SHIFTS = (*(-step for step in reversed(STEPS)), 0.0, *STEPS)  # of every coordinate, in edges
TRIANGLES = 5_000


def switched(model: Autoencoder, input_activation: bool) -> Autoencoder:
    """Return a network with the same weights, with or without the activation of its input."""
    twin = Autoencoder(replace(model.config, input_activation=input_activation))
    twin = twin.to(next(model.parameters()).dtype)
    twin.load_state_dict(model.state_dict())
    return twin.eval().requires_grad_(False)


def curve(
    model: Autoencoder, triangles: Float[Tensor, "batch vertex xyz"]
) -> Iterator[dict[str, float]]:
    """Yield, for each of SHIFTS, the side error and the drift of the latent point.

    Drift is the mean distance from the latent point of the triangle where it stood, in spreads of
    the latent cloud (the root of its total variance), as on the stage.
    """
    stood = model.encode(triangles)
    spread = stood.var(dim=0, correction=0).sum().sqrt()
    for shift in SHIFTS:
        moved = triangles + shift
        latent = model.encode(moved)
        yield {
            "shift": shift,
            "side_error": side_error(moved, model.decode(latent)).item(),
            "drift": ((latent - stood).norm(dim=1).mean() / spread).item(),
        }


def _shift(context: RecipeContext) -> pd.DataFrame:
    fresh = datasets.generate("random", n=TRIANGLES, seed=FRESH_SEED).inputs
    members = trained([replace(FIT, seed=seed) for seed in SEEDS], context.progress)
    models: list[tuple[str, int, Autoencoder]] = []
    for name in SHIPPED:
        model, card = checkpoints.read(context.checkpoint(name))
        assert isinstance(model, Autoencoder)
        models.append((name, card.config.seed, model))
    for member in members:
        assert isinstance(member.model, Autoencoder)
        models.append((RETRAINED, member.config.seed, member.model))
    rows = [
        {"model": name, "seed": seed, "input_activation": active, **row}
        for name, seed, model in models
        for active in (True, False)
        for row in curve(switched(model, active), fresh)
    ]
    return pd.DataFrame(rows)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "shift": Recipe(
            "Triangles shifted out of the cube, with and without the activation of the input",
            "3.3",
            _shift,
            SHIPPED,
        )
    }
)
