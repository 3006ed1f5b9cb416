"""Read-outs of the latents of the networks of section 3.3, and PCA (2.3).

Least squares from coordinates or sides to the latent says what it is made of; least squares, the
nearest neighbour and the decoder, from the latent to the sides, say what can be got back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from types import MappingProxyType

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float
from scipy.linalg import subspace_angles
from scipy.spatial import cKDTree
from torch import Tensor

from trisym import datasets
from trisym.config import FitConfig
from trisym.datasets import DataConfig
from trisym.evaluation import FRESH_SEED
from trisym.experiments.constrained_sets import data_config
from trisym.experiments.degrees_of_freedom import autoencoders, table1_fit
from trisym.experiments.invariance import CONTROLS
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, kept
from trisym.geometry import side_lengths
from trisym.metrics import orbit_spread
from trisym.networks import Autoencoder
from trisym.storage import checkpoints

TRIANGLES = 20_000  # half of them to fit or to look among, half to judge by
PERMUTED = 2_000  # triangles whose six orders are encoded
PCA_LATENTS = tuple(range(1, 9))
PCA_EPOCHS = 16


def explained(of: np.ndarray, by: np.ndarray) -> float:
    """Return R²: the share of the variance of `of` (n, k) that least squares on `by` (n, m) gets.

    Fitted on the first half, judged on the second; the variances of the columns are summed.
    """
    left = _residuals(of, by)
    judged = of[len(of) // 2 :]
    return float(1 - left.square().sum() / torch.tensor(judged - judged.mean(0)).square().sum())


def _residuals(of: np.ndarray, by: np.ndarray) -> Float[Tensor, "batch column"]:
    design = np.column_stack([by, np.ones(len(by))])
    half = len(of) // 2
    solution, *_ = np.linalg.lstsq(design[:half], of[:half], rcond=None)
    return torch.tensor(of[half:] - design[half:] @ solution)


def linear_side_error(latent: np.ndarray, sides: np.ndarray) -> float:
    """Return the mean error of sides by least squares on the latent, judged on the second half."""
    return float(_residuals(sides, latent).abs().mean())


def _neighbours(latent: np.ndarray, sides: np.ndarray, rebuilt: np.ndarray) -> dict[str, float]:
    """Read the sides off the nearest latent point, and compare what neighbours decode to."""
    half = len(latent) // 2
    near = cKDTree(latent[:half]).query(latent[half:])[1]
    near_in_sides = cKDTree(sides[:half]).query(sides[half:])[1]
    apart = np.abs(rebuilt[half:] - rebuilt[:half][near]).mean()
    strangers = np.abs(rebuilt[half:] - rebuilt[:half]).mean()
    return {
        "neighbour_side_error": float(np.abs(sides[half:] - sides[:half][near]).mean()),
        "side_space_neighbour_error": float(np.abs(sides[half:] - sides[near_in_sides]).mean()),
        "neighbours_apart": float(apart / strangers) if strangers else 1.0,  # a dead decoder
    }


def _permutation_spread(model: Autoencoder, triangles: Float[Tensor, "batch 3 3"]) -> float:
    """Return the orbit spread over the six orders of the vertices: no rigid motion relabels."""
    orders = torch.stack([triangles[:, list(order)] for order in permutations(range(3))], 1)
    return orbit_spread(model.encode(orders.flatten(0, 1)).unflatten(0, orders.shape[:2]))


@torch.no_grad()
def readout(model: Autoencoder, triangles: Float[Tensor, "batch 3 3"]) -> dict[str, float]:
    """Return all read-outs of one network on triangles that it has not seen."""
    sides = side_lengths(triangles).double().numpy()
    latent_points = model.encode(triangles)
    latent = latent_points.double().numpy()
    rebuilt = side_lengths(model.decode(latent_points)).double().numpy()
    half = len(triangles) // 2
    return {
        "coordinates_r2": explained(latent, triangles.flatten(1).double().numpy()),
        "sides_r2": explained(latent, sides),
        "linear_side_error": linear_side_error(latent, sides),
        "decoder_side_error": float(np.abs(rebuilt - sides)[half:].mean()),
        **_neighbours(latent, sides, rebuilt),
        "permutation_spread": _permutation_spread(model, triangles[:PERMUTED]),
    }


def readouts(context: RecipeContext, names: Sequence[str] = CONTROLS) -> pd.DataFrame:
    """Ask the invariant network, the MSE's, and that of eq. 8 as printed: all seeds of each."""
    triangles = datasets.generate("random", n=TRIANGLES, seed=FRESH_SEED).inputs
    rows = [
        {"model": name, "seed": seed, **readout(checkpoints.load_autoencoder(path), triangles)}
        for name in names
        for seed, path in kept(context, name)
    ]
    return pd.DataFrame(rows)


def _pca(context: RecipeContext, n: int = 200_000, epochs: int = PCA_EPOCHS) -> pd.DataFrame:
    """Compare linear networks of table 1 with principal components, on the fixed-side set.

    `loss_over_pca` is the training loss over what h components leave; `angle` the largest angle
    between the decoder's columns and those components, in degrees.
    """
    configs = [
        _linear_fit(data_config("fixed-side", n, seed), h, epochs)
        for h in PCA_LATENTS
        for seed in SEEDS
    ]
    rows = []
    for config, model in autoencoders(configs, context.progress):
        train = datasets.generate(config.data).split().train.inputs.flatten(1).double()
        h = model.config.latent
        values, vectors = torch.linalg.eigh(torch.cov(train.T))
        with torch.no_grad():
            loss = (model.double()(train) - train).square().mean().item()
        components = vectors[:, -h:].numpy()
        columns = model.state_dict()[f"decoder.{len(model.decoder) - 1}.weight"].numpy()
        angles = subspace_angles(columns, components)
        rows.append(
            {
                "h": h,
                "seed": config.seed,
                "loss_over_pca": loss / (values[:-h].sum().item() / len(values)),
                "angle": math.degrees(angles.max()),
                # Directions of one variance have no order: only a gap makes the subspace unique.
                "gap": (values[-h] / values[-h - 1]).item(),
            }
        )
    return pd.DataFrame(rows)


def _linear_fit(data: DataConfig, h: int, epochs: int) -> FitConfig:
    fit = table1_fit("fast", h, data, data.seed)
    return replace(fit, network=replace(fit.network, activation="linear"), epochs=epochs)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "readouts": Recipe(
            "What the latent says of coordinates and of sides", "5.1", readouts, CONTROLS
        ),
        "pca": Recipe("Linear networks against principal components (2.3)", "2.3", _pca),
    }
)
