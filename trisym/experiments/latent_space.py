"""Section 5.1: what the latent nodes of the invariant network say about the sides.

Fig. 16: node activation against its best linear combination of sides, found by least squares.
Fig. 17: the same triangles in side space, in latent space, and as rebuilt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import torch

from trisym import datasets
from trisym.config import PRESETS
from trisym.datasets import DataConfig
from trisym.evaluation import FRESH_SEED
from trisym.experiments.degrees_of_freedom import autoencoders, errors
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext
from trisym.geometry import side_lengths
from trisym.networks import Autoencoder
from trisym.sampling import Pairs
from trisym.storage import checkpoints

SHIPPED = "sides-h3"
SIDES = ("l1", "l2", "l3")
TRIANGLES = 20_000  # behind the coefficients
DRAWN = 2_500  # in the pictures


def side_combinations(latent: np.ndarray, sides: np.ndarray) -> pd.DataFrame:
    """Fit each node as a·l1 + b·l2 + c·l3 + d: coefficients, d, and r between node and fit.

    latent (n, h), sides (n, 3). A node that never changes has no r: it is NaN.
    """
    design = np.column_stack([sides, np.ones(len(sides))])
    solution, *_ = np.linalg.lstsq(design, latent, rcond=None)
    rows = []
    for node, (values, found) in enumerate(zip(latent.T, solution.T, strict=True)):
        spread = values.std()
        r = np.corrcoef(values, design @ found)[0, 1] if spread > 1e-9 else float("nan")
        coefficients = dict(zip((*SIDES, "constant"), found, strict=True))
        rows.append({"node": node + 1, **coefficients, "r": r})
    return pd.DataFrame(rows)


def _latent_axes(context: RecipeContext, n: int = 200_000) -> pd.DataFrame:
    """Make Fig. 16 for the shipped network, and for three of the fast preset: is it luck?"""
    configs = [replace(PRESETS["fast"], data=DataConfig("random", n=n), seed=s) for s in SEEDS]
    models: list[tuple[str, int | None, Autoencoder]] = [
        (SHIPPED, None, checkpoints.load_autoencoder(context.checkpoint(SHIPPED)))
    ]
    models += [("fast", c.seed, model) for c, model in autoencoders(configs, context.progress)]
    return axes_of(models)


def axes_of(models: Sequence[tuple[str, int | None, Autoencoder]]) -> pd.DataFrame:
    """Return each network's nodes as combinations of sides; a shipped one is of no seed."""
    fresh = datasets.generate("random", n=TRIANGLES, seed=FRESH_SEED).inputs
    sides = side_lengths(fresh).numpy()
    frames = []
    for name, seed, model in models:
        frame = side_combinations(model.encode(fresh).numpy(), sides)
        frame.insert(0, "seed", pd.array([seed] * len(frame), dtype="Int64"))
        frame.insert(0, "model", name)
        frames.append(frame.assign(side_error=errors(model, Pairs(fresh, fresh))["side_error"]))
    return pd.concat(frames, ignore_index=True)


def latent_cloud(context: RecipeContext, n: int = DRAWN, shipped: str = SHIPPED) -> pd.DataFrame:
    """Make Fig. 17: sides, latent nodes and rebuilt sides of held-out triangles, one row each."""
    model = checkpoints.load_autoencoder(context.checkpoint(shipped))
    triangles = datasets.generate("random", n=n, seed=FRESH_SEED).inputs
    latent = model.encode(triangles)
    parts = {
        "l": side_lengths(triangles),
        "N": latent,
        "rebuilt_l": side_lengths(model.decode(latent)),
    }
    columns = {
        f"{name}{i + 1}": column.numpy()
        for name, values in parts.items()
        for i, column in enumerate(torch.unbind(values, dim=1))
    }
    return pd.DataFrame(columns)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "latent-axes": Recipe(
            "Latent nodes as linear combinations of sides (Fig. 16)",
            "5.1",
            _latent_axes,
            (SHIPPED,),
        ),
        "latent-cloud": Recipe(
            "Side space, latent space, rebuilt side space (Fig. 17)",
            "5.1",
            latent_cloud,
            (SHIPPED,),
        ),
    }
)
