"""Section 3.2: the network of table 1 asked to translate triangles: the sets a, b, c of table 2.

A translation that the input does not show can't be predicted: the best output is the mean
translation, and the loss can't fall below the variance of what is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd
import torch

from trisym import datasets, devices
from trisym.config import FitConfig
from trisym.datasets import DataConfig
from trisym.experiments.degrees_of_freedom import (
    LATENTS,
    errors,
    measured,
    part_of,
    table1_fit,
)
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, Train, trained
from trisym.networks import Autoencoder
from trisym.sampling import Pairs
from trisym.storage import checkpoints
from trisym.storage.cards import make_card

SETS = ("translation-a", "translation-b", "translation-c")
EXPECTED = MappingProxyType(dict(zip(SETS, (1, 6, 9), strict=True)))  # the thesis's plateaus
EXAMPLES = 12  # pairs of each set, for Fig. 7


@dataclass(frozen=True)
class Effort:
    """Effort of Fig. 6; tests take less, and the thesis's own protocol more."""

    pairs: int = 200_000
    preset: str = "fast"
    epochs: int = 16
    train: Train = trained


def fits(effort: Effort) -> list[FitConfig]:
    """Return every set, h = 1…10, three seeds."""
    return [
        replace(
            table1_fit(effort.preset, h, DataConfig(name, n=effort.pairs), seed),
            epochs=effort.epochs,
        )
        for name in SETS
        for h in LATENTS
        for seed in SEEDS
    ]


def translation_sizes(context: RecipeContext, effort: Effort = Effort()) -> pd.DataFrame:
    """Make Fig. 6: every set, h = 1…10, three seeds; the floor is the loss of the best guess."""
    table = measured(fits(effort), context.progress, _errors_and_lift, effort.train)
    floors = {name: _floor(DataConfig(name, n=effort.pairs)) for name in SETS}
    return table.drop(columns="activation").assign(floor=table["dataset"].map(floors))


def _errors_and_lift(model: Autoencoder, pairs: Pairs) -> dict[str, float]:
    """Return the errors, and how far up the network moves its inputs."""
    with torch.no_grad():
        moved = model(pairs.inputs) - pairs.inputs
    return {**errors(model, pairs), "lift": moved[..., 2].mean().item()}


def _floor(data: DataConfig) -> float:
    """Return the MSE of moving every input by the mean translation of the training set."""
    split = datasets.generate(data).split()
    mean = (split.train.targets - split.train.inputs).mean(dim=(0, 1))
    return (split.test.inputs + mean - split.test.targets).square().mean().item()


def _translation_examples(context: RecipeContext, n: int = 200_000) -> pd.DataFrame:
    """Make Fig. 7: for each set three networks of its own h; the best is kept, with pairs."""
    frames = []
    for done, name in enumerate(SETS):
        data = DataConfig(name, n=n)
        configs = [table1_fit("fast", EXPECTED[name], data, seed) for seed in SEEDS]
        members = trained(configs, part_of(context.progress, done, len(SETS)))
        best = min(members, key=lambda member: member.records[-1].validation_loss)
        model, test = best.model, datasets.generate(data).split().test
        assert isinstance(model, Autoencoder)
        # The seconds are its share of the batched run.
        last = replace(best.records[-1], seconds=best.records[-1].seconds / len(SEEDS))
        notes = {"command": "python -m trisym reproduce translation-examples"}
        device = devices.describe(best.config.device)
        card = make_card(name, best.config, last, errors(model, test), device, notes)
        checkpoints.save(model, card, context.checkpoint(name))
        frames.append(examples(name, model, test.inputs[:EXAMPLES], test.targets[:EXAMPLES]))
    return pd.concat(frames, ignore_index=True)


def examples(
    name: str, model: Autoencoder, inputs: torch.Tensor, targets: torch.Tensor
) -> pd.DataFrame:
    """Return one row a vertex: its place in the input, the target and the prediction."""
    parts = {"input": inputs, "target": targets, "prediction": model(inputs)}
    count = len(inputs)
    frame = pd.DataFrame(
        {
            "dataset": name,
            "example": torch.arange(count).repeat_interleave(3).numpy(),
            "vertex": torch.arange(1, 4).repeat(count).numpy(),
        }
    )
    for part, vertices in parts.items():
        for axis, values in zip("xyz", vertices.flatten(0, 1).T.numpy(), strict=True):
            frame[f"{part}_{axis}"] = values
    return frame


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "translation-sizes": Recipe(
            "Error against latent size for translated pairs (Fig. 6)", "3.2", translation_sizes
        ),
        "translation-examples": Recipe(
            "Inputs, targets and predictions of translated pairs (Fig. 7)",
            "3.2",
            _translation_examples,
        ),
    }
)
