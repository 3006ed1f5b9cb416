"""Section 3.1: the network of table 1 on random triangles, by latent size and by dataset size.

Nine coordinates in a cube are nine independent numbers of variance 1/12, so what h linear nodes
leave over is (9 - h) / 9 / 12: the straight line of Fig. 5a.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import torch

from trisym import datasets
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, Train, trained
from trisym.metrics import mse, side_error
from trisym.networks import Autoencoder, AutoencoderConfig
from trisym.sampling import Pairs
from trisym.training.sweeps import Progress

LATENTS = tuple(range(1, 11))
COORDINATES = 9  # the h of Fig. 4
SIZES = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000)
EPOCHS = 120  # the thesis's, for Figs. 4 and 5
EQUAL_STEPS = 20_000  # of batch 32: what 120 epochs of about 6,700 triangles take
MOST_MEASURED = 20_000  # training triangles behind the training loss of Fig. 4


def table1_fit(preset: str, latent: int, data: DataConfig, seed: int) -> FitConfig:
    """Return a preset applied to the network of table 1 with the loss of eq. 2."""
    network = AutoencoderConfig(hidden=(), latent=latent)
    return replace(PRESETS[preset], network=network, loss="mse", data=data, seed=seed)


def errors(model: Autoencoder, pairs: Pairs) -> dict[str, float]:
    """Return the coordinates' mean square error and the side error."""
    with torch.no_grad():
        outputs = model(pairs.inputs)
    return {
        "mse": mse(pairs.targets, outputs).item(),
        "side_error": side_error(pairs.targets, outputs).item(),
    }


def part_of(progress: Progress, done: int, parts: int) -> Progress:
    """Return the progress of one part of several, of which `done` are over."""

    def report(share: float, what: str) -> None:
        progress((done + share) / parts, what)

    return report


def autoencoders(
    configs: Sequence[FitConfig], progress: Progress, train: Train = trained
) -> list[tuple[FitConfig, Autoencoder]]:
    """Train autoencoders at once; return each with its configuration, in order."""
    members = train(configs, progress, None)
    return [(m.config, m.model) for m in members if isinstance(m.model, Autoencoder)]


def measured(
    configs: Sequence[FitConfig],
    progress: Progress,
    measure: Callable[[Autoencoder, Pairs], dict[str, float]] = errors,
    train: Train = trained,
) -> pd.DataFrame:
    """Train and measure on the last tenth of each set: one row a model."""
    tests = {data: datasets.generate(data).split().test for data in {c.data for c in configs}}
    rows = [
        {
            "dataset": config.data.name,
            "activation": model.config.activation,
            "h": model.config.latent,
            "seed": config.seed,
            **measure(model, tests[config.data]),
        }
        for config, model in autoencoders(configs, progress, train)
    ]
    return pd.DataFrame(rows)


def _latent_sizes(context: RecipeContext, n: int = 200_000) -> pd.DataFrame:
    """Make Fig. 5 with the fast preset, and its twin without activations: does eq. 6 limit it?"""
    configs = [
        table1_fit("fast", h, DataConfig("random", n=n), seed) for h in LATENTS for seed in SEEDS
    ]
    linear = [replace(c, network=replace(c.network, activation="linear")) for c in configs]
    return measured([*configs, *linear], context.progress).drop(columns="dataset")


def _latent_sizes_thesis(context: RecipeContext, n: int = 200_000) -> pd.DataFrame:
    """Make Fig. 5 as the thesis ran it: 120 epochs, Adam with AMSGrad, batches of 32."""
    data = DataConfig("random", n=n)
    configs = [
        replace(table1_fit("thesis", h, data, seed), epochs=EPOCHS)
        for h in LATENTS
        for seed in SEEDS
    ]
    return measured(configs, context.progress).drop(columns="dataset")


def _dataset_sizes(context: RecipeContext, sizes: Sequence[int] = SIZES) -> pd.DataFrame:
    """Make Fig. 4 twice: 120 epochs for every size as printed, and equal steps for every size.

    With epochs equal, a larger set also means more steps; the second run takes that out.
    """
    # All are measured on the same triangles, which no training set contains.
    fresh = datasets.generate("random", n=MOST_MEASURED, seed=2021).inputs
    test = Pairs(fresh, fresh)
    rows = []
    runs = [(budget, n) for n in sizes for budget in ("epochs", "steps")]
    for done, (budget, n) in enumerate(runs):
        data = DataConfig("random", n=n)
        configs = [
            replace(table1_fit("thesis", COORDINATES, data, seed), epochs=_epochs(budget, n))
            for seed in SEEDS
        ]
        train = Pairs(*(part[:MOST_MEASURED] for part in datasets.generate(data).split().train))
        for config, model in autoencoders(configs, part_of(context.progress, done, len(runs))):
            measures = {"train_mse": errors(model, train)["mse"], **errors(model, test)}
            rows.append({"budget": budget, "n": n, "seed": config.seed, **measures})
    return pd.DataFrame(rows)


def _epochs(budget: str, n: int) -> int:
    if budget == "epochs":
        return EPOCHS
    fit = table1_fit("thesis", COORDINATES, DataConfig(n=n), seed=0)
    return max(1, round(EQUAL_STEPS / fit.steps_per_epoch))


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "latent-sizes": Recipe(
            "Error against latent size, with and without activations (Fig. 5)", "3.1", _latent_sizes
        ),
        "latent-sizes-thesis": Recipe(
            "Error against latent size with the thesis's optimiser (Fig. 5)",
            "3.1",
            _latent_sizes_thesis,
        ),
        "dataset-sizes": Recipe("Error against dataset size (Fig. 4)", "3.1", _dataset_sizes),
    }
)
