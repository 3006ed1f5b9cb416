"""Section 3.4: the Lennard-Jones energy from sides, from the latent of sides-h3, from coordinates.

Nine predictors of table 4, three seeds a kind: trained, measured, and compared (Fig. 11).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import permutations, product
from types import MappingProxyType

import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from trisym import datasets, devices, energy
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig, Split
from trisym.energy import KINDS, Scaled
from trisym.evaluation import FRESH_SEED
from trisym.experiments.degrees_of_freedom import part_of
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, Train, seed_name, trained
from trisym.geometry import random_motions_inside, side_lengths
from trisym.networks import PredictorConfig
from trisym.potentials import molecule_energy
from trisym.storage import checkpoints, energy_models
from trisym.storage.cards import make_card
from trisym.storage.energy_models import EnergyModel
from trisym.training.sweeps import Member, Progress
from trisym.training.trainer import Record

ENCODER = "sides-h3"
ENERGY_BIN, SIDE_BIN = 0.02, 0.02  # of the scaled energy; of the shortest side


@dataclass(frozen=True)
class Effort:
    """Effort of the recipes; tests take less."""

    molecules: int = 200_000
    epochs: int = 80  # sides and latents are done after a few; coordinates go on falling
    orbits: int = 300  # molecules behind pose_mse,
    poses: int = 50  # each moved rigidly so many times
    preset: str = "fast"
    train: Train = trained
    kinds: tuple[str, ...] = KINDS
    prefix: str = ""  # of the names of models, the encoder's included
    recipe: str = "energy-history"  # which trains them

    @property
    def encoder(self) -> str:
        return self.prefix + ENCODER


def shipped_name(kind: str, prefix: str = "") -> str:
    """Return what the best predictor of a kind is called in `pretrained/`."""
    return f"{prefix}energy-{kind}"


def predictor(
    context: RecipeContext, kind: str, seed: int | None = None, prefix: str = ""
) -> EnergyModel:
    """Return the predictor of a seed, or the shipped one, with the encoder that lies beside it."""
    name = shipped_name(kind, prefix)
    if seed is not None:
        name = seed_name(name, seed)
    return energy_models.load(context.checkpoint(name), context.checkpoint(prefix + ENCODER))


def _data(effort: Effort) -> DataConfig:
    return DataConfig("lennard-jones", n=effort.molecules)


def split_of(effort: Effort) -> Split:
    """Return the molecules of section 3.4, split as the thesis splits them."""
    return datasets.generate(_data(effort)).split()


def history(context: RecipeContext, effort: Effort = Effort()) -> pd.DataFrame:
    """Train all predictors and save them, each kind's best twice; return the training curves."""
    split = split_of(effort)
    curves = []
    for done, kind in enumerate(effort.kinds):
        encoder, digest = None, ""
        if kind == "latent":
            at = context.checkpoint(effort.encoder)
            encoder, digest = checkpoints.load_autoencoder(at), checkpoints.sha256(at)
        scaling = energy.scaled(kind, split, encoder)
        part = part_of(context.progress, done, len(effort.kinds))
        fits = configs(scaling, effort)
        members = effort.train(fits, partial(_tell, part, kind), [scaling.split] * len(SEEDS))
        notes = energy_models.notes(kind, scaling, effort.encoder, digest)
        _save(context, members, kind, effort, notes)
        curves += [_curve(kind, member.config.seed, member.records) for member in members]
    return pd.concat(curves, ignore_index=True)


def _tell(progress: Progress, kind: str, share: float, what: str) -> None:
    progress(share, f"{kind}: {what}")


def configs(scaling: Scaled, effort: Effort) -> list[FitConfig]:
    """Return the fits of table 4 on these inputs, one a seed."""
    base = replace(
        PRESETS[effort.preset],
        network=PredictorConfig(inputs=len(scaling.inputs.low)),
        data=_data(effort),
        loss="mse",
        epochs=effort.epochs,
    )
    return [replace(base, seed=seed) for seed in SEEDS]


def _save(
    context: RecipeContext,
    members: Sequence[Member],
    kind: str,
    effort: Effort,
    notes: dict[str, str],
) -> None:
    """Write the predictor of every seed, and the one of the lowest validation loss once more."""
    shipped = shipped_name(kind, effort.prefix)
    best = min(members, key=lambda member: member.records[-1].validation_loss)
    for member in members:
        names = [seed_name(shipped, member.config.seed)]
        if member is best:
            names.append(shipped)
        last = member.records[-1]
        share = replace(last, seconds=round(last.seconds / len(members), 1))
        for name in names:
            card = make_card(
                name.removeprefix("seeds/"),
                member.config,
                share,
                {"validation_mse": share.validation_loss},
                devices.describe(member.config.device),
                notes | {"command": f"python -m trisym reproduce {effort.recipe}"},
            )
            checkpoints.save(member.model, card, context.checkpoint(name))


def _curve(kind: str, seed: int, records: Sequence[Record]) -> pd.DataFrame:
    rows = [(kind, seed, r.epoch, r.train_loss, r.validation_loss) for r in records]
    return pd.DataFrame(rows, columns=["input", "seed", "epoch", "train_mse", "validation_mse"])


def errors_on_test(context: RecipeContext, effort: Effort = Effort()) -> pd.DataFrame:
    """Measure the test error of all predictors, its part from the pose, and what an average mends.

    `pose_share`: the standard deviation that the pose alone causes, over the energies' own;
    `six_orders_mse`: the error of the prediction averaged over the six orders of the atoms.
    """
    test = split_of(effort).test.inputs
    poses = _poses(test[: effort.orbits], effort)
    rows = []
    for kind in effort.kinds:
        shipped = shipped_name(kind, effort.prefix)
        names = {seed: seed_name(shipped, seed) for seed in SEEDS}
        validation = {
            seed: checkpoints.load_card(context.checkpoint(name)).metrics
            for seed, name in names.items()
        }
        best = min(SEEDS, key=lambda seed: validation[seed]["validation_mse"])
        for seed in SEEDS:
            model = predictor(context, kind, seed, effort.prefix)
            row = {"input": kind, "seed": seed, "shipped": seed == best, **validation[seed]}
            pose_mse = _pose_mse(model, poses)
            actual, _ = _scaled_energies(model, test)
            causes = {
                "pose_mse": pose_mse,
                "pose_share": math.sqrt(pose_mse) / actual.std().item(),
                "six_orders_mse": _six_orders_mse(model, test),
            }
            rows.append(row | errors(model, test) | causes)
    return pd.DataFrame(rows)


def errors(model: EnergyModel, molecules: Float[Tensor, "batch 3 3"]) -> dict[str, float]:
    """Return the MSE of the scaled energy, and the line of predicted against actual (Fig. 11).

    `test_r2`: the share of the energies' variance that is predicted, which no scaling changes.
    """
    actual, predicted = _scaled_energies(model, molecules)
    centred = actual - actual.mean()
    slope = (centred * predicted).sum() / centred.square().sum()
    mse = (predicted - actual).square().mean()
    return {
        "test_mse": mse.item(),
        "test_r2": (1 - mse / centred.square().mean()).item(),
        "slope": slope.item(),
        "intercept": (predicted.mean() - slope * actual.mean()).item(),
    }


def _scaled_energies(
    model: EnergyModel, molecules: Float[Tensor, "batch 3 3"]
) -> tuple[Float[Tensor, " batch"], Float[Tensor, " batch"]]:
    """Return actual and predicted energies, 0..1 on the training set, in double precision."""
    actual = model.energies.scaled(molecule_energy(molecules)[:, None])[:, 0]
    return actual.double(), model.scaled_energy(molecules).double()


def _poses(
    molecules: Float[Tensor, "batch 3 3"], effort: Effort
) -> Float[Tensor, "batch pose 3 3"]:
    """Return molecules in random poses inside the box that they were drawn in."""
    generator = torch.Generator().manual_seed(FRESH_SEED)
    edge = _data(effort).limits.edge
    return random_motions_inside(molecules, effort.poses, generator, edge)


def _pose_mse(model: EnergyModel, poses: Float[Tensor, "batch pose 3 3"]) -> float:
    """Return the variance of the prediction over a molecule's poses, averaged over molecules.

    The energy is the same in all of them, so test_mse = pose_mse + (error of the mean over poses)².
    """
    predicted = model.scaled_energy(poses.flatten(0, 1)).double().unflatten(0, poses.shape[:2])
    return predicted.var(dim=1).mean().item()


def _six_orders_mse(model: EnergyModel, molecules: Float[Tensor, "batch 3 3"]) -> float:
    """Return the test error of the mean over the orders of the atoms, which change no energy."""
    actual, _ = _scaled_energies(model, molecules)
    orders = [model.scaled_energy(molecules[:, list(o)]).double() for o in permutations(range(3))]
    return (torch.stack(orders).mean(0) - actual).square().mean().item()


def _scatter(context: RecipeContext, effort: Effort = Effort()) -> pd.DataFrame:
    """Count Fig. 11: the shipped predictors on the test set, in bins of the scaled energy."""
    test = split_of(effort).test.inputs
    frames = []
    for kind in KINDS:
        actual, predicted = _scaled_energies(predictor(context, kind), test)
        pairs = {"actual": _bin(actual, ENERGY_BIN), "predicted": _bin(predicted, ENERGY_BIN)}
        bins = pd.DataFrame(pairs)
        counts = bins.value_counts(sort=False).rename("molecules").reset_index()
        frames.append(counts.assign(input=kind))
    return pd.concat(frames, ignore_index=True)[["input", "actual", "predicted", "molecules"]]


def _bin(values: Float[Tensor, " batch"], width: float) -> list[float]:
    """Return the middle of each value's bin."""
    return (((values / width).floor() + 0.5) * width).round(decimals=6).tolist()


def errors_by_energy(context: RecipeContext, effort: Effort = Effort()) -> pd.DataFrame:
    """Measure each seed's error against energy and shortest side, with the number of molecules."""
    test = split_of(effort).test.inputs
    shortest = side_lengths(test).amin(-1)
    frames = []
    for kind, seed in product(effort.kinds, SEEDS):
        model = predictor(context, kind, seed, effort.prefix)
        actual, predicted = _scaled_energies(model, test)
        squares = (predicted - actual).square().tolist()
        for against, values, width in (
            ("energy", actual, ENERGY_BIN),
            ("shortest side", shortest.double(), SIDE_BIN),
        ):
            binned = pd.DataFrame({"value": _bin(values, width), "mse": squares})
            means = binned.groupby("value").mse.agg(["size", "mean"]).reset_index()
            means = means.rename(columns={"size": "molecules", "mean": "mse"})
            frames.append(means.assign(input=kind, seed=seed, against=against))
    columns = ["input", "seed", "against", "value", "molecules", "mse"]
    return pd.concat(frames, ignore_index=True)[columns]


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "energy-history": Recipe(
            "Training curves of nine energy predictors", "3.4", history, (ENCODER,)
        ),
        "energy": Recipe(
            "Test error of the energy predictors", "3.4", errors_on_test, ("energy-history",)
        ),
        "energy-scatter": Recipe(
            "Actual against predicted energy (Fig. 11)", "3.4", _scatter, ("energy-history",)
        ),
        "energy-error": Recipe(
            "Where the energy predictors err", "3.4", errors_by_energy, ("energy-history",)
        ),
    }
)
