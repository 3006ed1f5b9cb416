"""Section 3.3: the invariant network, its controls, and how invariant each of them is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import torch

from trisym import datasets, devices
from trisym.config import PRESETS, FitConfig
from trisym.evaluation import FRESH_SEED, evaluate, untrained
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, Train, seed_name, trained
from trisym.geometry import random_motions_inside, side_lengths
from trisym.networks import Autoencoder
from trisym.storage import checkpoints
from trisym.storage.cards import Card

PRETRAINED_FIT = replace(PRESETS["fast"], epochs=40)
# 56,250 steps; the controls are level before. A slower mean of the gradient learns later and ends
# lower: after 7,500 steps by 8 %, after 2,000 it is still behind.
# One long cosine: with as many steps, 24,000, four warm restarts end 7 to 11 % higher (8,000 steps,
# then 4,000 each from a rate of 6e-3 or 3e-3, idle units put to work in each; four seeds).
SIDES_FIT = replace(PRETRAINED_FIT, epochs=90, betas=(0.95, 0.99))
SIDES_SEEDS = (*SEEDS, 3, 4)


def pretrained(
    name: str, fit: FitConfig, seeds: Sequence[int] = SEEDS, train: Train = trained
) -> Callable[[RecipeContext], pd.DataFrame]:
    """Train the network of table 3 from each seed; keep all, ship the best by validation loss."""

    def run(context: RecipeContext) -> pd.DataFrame:
        configs = [replace(fit, seed=seed) for seed in seeds]
        members = train(configs, context.progress, None)
        validation = [member.records[-1].validation_loss for member in members]
        best = validation.index(min(validation))
        rows = []
        for place, (config, member) in enumerate(zip(configs, members, strict=True)):
            model, last = member.model, member.records[-1]
            metrics = evaluate(model, config, seed=FRESH_SEED)
            card = Card(
                name=name,
                config=config,
                epochs=last.epoch,
                steps=last.step,
                seconds=round(last.seconds / len(seeds), 1),  # its share of the batched run
                device=devices.describe(config.device),
                metrics=metrics,
                notes={"command": f"python -m trisym reproduce {name}"},
            )
            checkpoints.save(model, card, context.checkpoint(seed_name(name, config.seed)))
            if place == best:
                checkpoints.save(model, card, context.checkpoint(name))
            rows.append(
                {
                    "seed": config.seed,
                    "shipped": place == best,
                    "validation_loss": last.validation_loss,
                    **metrics,
                }
            )
        return pd.DataFrame(rows)

    return run


def _autoencoder(context: RecipeContext, name: str) -> Autoencoder:
    model = checkpoints.load(context.checkpoint(name))
    assert isinstance(model, Autoencoder)
    return model


CONTROLS = ("sides-h3", "mse-h3", "perimeter-h3")


def _invariance(context: RecipeContext) -> pd.DataFrame:
    """Measure the pretrained networks and the untrained one on the same fresh triangles."""
    models = {name: _autoencoder(context, name) for name in CONTROLS}
    models["untrained"] = untrained()
    rows = [
        {"model": name, **evaluate(model, PRETRAINED_FIT, seed=FRESH_SEED)}
        for name, model in models.items()
    ]
    return pd.DataFrame(rows)


def _orbits(context: RecipeContext, triangles: int = 40, poses: int = 60) -> pd.DataFrame:
    """Encode few triangles in many poses: Fig. 9 as the home page opens with it."""
    generator = torch.Generator().manual_seed(FRESH_SEED)
    shapes = datasets.generate("random", n=triangles, seed=FRESH_SEED).inputs
    moved = random_motions_inside(shapes, poses, generator).flatten(0, 1)
    perimeters = side_lengths(shapes).sum(-1).repeat_interleave(poses)
    frames = []
    for name in ("sides-h3", "mse-h3"):
        latent = _autoencoder(context, name).encode(moved)
        frame = pd.DataFrame(latent.numpy(), columns=["N1", "N2", "N3"])
        frame.insert(0, "triangle", torch.arange(triangles).repeat_interleave(poses).numpy())
        frame.insert(0, "model", name)
        frames.append(frame.assign(perimeter=perimeters.numpy()))
    return pd.concat(frames, ignore_index=True)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "sides-h3": Recipe(
            "Side loss, h = 3: the invariant network",
            "3.3",
            pretrained("sides-h3", SIDES_FIT, SIDES_SEEDS),
        ),
        "mse-h3": Recipe(
            "MSE, h = 3: the control",
            "3.3",
            pretrained("mse-h3", replace(PRETRAINED_FIT, loss="mse")),
        ),
        "perimeter-h3": Recipe(
            "Eq. 8 as printed, h = 3: only the perimeter",
            "3.3",
            pretrained("perimeter-h3", replace(PRETRAINED_FIT, loss="perimeter")),
        ),
        "invariance": Recipe(
            "Side errors and orbit spreads of the pretrained networks", "3.3", _invariance, CONTROLS
        ),
        "orbits": Recipe(
            "Orbits of 40 triangles in latent space (Fig. 9)", "3.3", _orbits, CONTROLS[:2]
        ),
    }
)
