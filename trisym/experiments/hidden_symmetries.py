"""Section 3.5: what a few latent nodes make of a constant side (table 5 and Figs. 12 to 14).

A seed decides all of a run: its triangles, its initial weights and the order of its batches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from trisym import devices
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig
from trisym.dimension import intrinsic_dimension
from trisym.energy import MinMax, Scaled
from trisym.evaluation import FRESH_SEED, ORBITS, POSES, evaluate
from trisym.experiments.constrained_sets import (
    ROWS,
    TWO_SIDES,
    data_config,
    energies_of,
    fresh_triangles,
    inputs_of,
    scaled_task,
    two_random_sides,
    which_is_constant,
)
from trisym.experiments.degrees_of_freedom import part_of
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, Train, trained
from trisym.geometry import random_motions_inside, side_lengths
from trisym.metrics import orbit_spread, side_error, whitened
from trisym.networks import Autoencoder, AutoencoderConfig, Predictor, PredictorConfig
from trisym.storage import checkpoints
from trisym.storage.cards import make_card
from trisym.storage.energy_models import notes
from trisym.training.sweeps import Member, Progress
from trisym.training.trainer import Record

PERMUTED = "constant-side"  # set ii: the constant side may lie between any two vertices


@dataclass(frozen=True)
class Effort:
    """Effort of the recipes; tests take less. An epoch is the training part, 160,000."""

    triangles: int = 200_000
    fresh: int = 20_000  # to measure on: the thesis's test set
    shown: int = 3000  # of each set, in the pictures
    queries: int = 2000  # points where a dimension is estimated; neighbours are among all fresh
    batch: int = 256
    epochs: int = 32
    energy_epochs: int = 24
    sweep_batch: int = 512
    sweep_epochs: int = 10
    latents: tuple[int, ...] = tuple(range(1, 10))
    preset: str = "fast"
    train: Train = trained
    prefix: str = ""  # of the names of recipes and models
    apart: bool = False  # a program for each latent size: table 5 takes that of h = 2 over


class Predicted(NamedTuple):
    """A predictor with what it stands on: its set, its scalings, its encoder if it has one."""

    name: str  # of the row
    data: DataConfig
    inputs: MinMax
    energies: MinMax
    encoder: Autoencoder | None
    model: Predictor

    def on(self, triangles: Float[Tensor, "batch vertex xyz"]) -> tuple[Tensor, Tensor]:
        """Return actual and predicted energies of fresh triangles, scaled, (batch,) each."""
        columns = inputs_of(triangles, self.encoder, FRESH_SEED)
        actual = self.energies.scaled(energies_of(triangles))
        return actual[:, 0], self.model(self.inputs.scaled(columns))[:, 0]

    def measured(self, n: int) -> dict[str, float]:
        """Return the error of the scaled energy on n fresh triangles, and what Fig. 13 shows of it.

        energy_r2: the share of the energy's variance that is predicted; lowest_predicted: below
        which 1 in 1000 predictions lie (the cut-off); sum_r2: r^2 of the summed inputs with the
        perimeter.
        """
        triangles = fresh_triangles(self.data.name, n)
        actual, predicted = (energy.double() for energy in self.on(triangles))
        sides = side_lengths(triangles)
        sums = inputs_of(triangles, self.encoder, FRESH_SEED).double().sum(1)
        mse = (predicted - actual).square().mean()
        found = {
            "energy_mse": mse,
            "energy_r2": 1 - mse / actual.var(correction=0),
            "lowest_predicted": predicted.quantile(0.001),
            "sum_r2": torch.corrcoef(torch.stack([sums, sides.double().sum(1)]))[0, 1].square(),
        }
        if self.encoder is None:
            found |= self._by_what_is_seen(sides, (predicted - actual).square())
        return {name: value.item() for name, value in found.items()}

    def _by_what_is_seen(
        self, sides: Float[Tensor, "batch side"], squares: Float[Tensor, " batch"]
    ) -> dict[str, Tensor]:
        """Return the MSE where both free sides are seen, and where only one of them is."""
        dropped = two_random_sides(sides, FRESH_SEED)[1]
        free = dropped == which_is_constant(sides, self.data.constant_side)
        return {"free_sides_mse": squares[free].mean(), "one_free_mse": squares[~free].mean()}


class Table5Run(NamedTuple):
    """One row of table 5 with one seed: an autoencoder, but in row iv, and a predictor."""

    member: Member | None
    predicted: Predicted
    task: Scaled
    config: FitConfig  # of the predictor
    last: Record  # of the predictor

    @property
    def encoder(self) -> Autoencoder | None:
        return self.predicted.encoder


def shipped_names(name: str, prefix: str = "") -> tuple[str, str]:
    """Return what the autoencoder and the predictor of a row are called in `pretrained/`."""
    return f"{prefix}{name}-h2", f"{prefix}{name}-h2-energy"


def autoencoder_fits(
    effort: Effort, latent: int, batch: int, epochs: int, names: Sequence[str] = tuple(ROWS)
) -> list[FitConfig]:
    """Return fits of table 3 with the `sides` loss: one latent size, these sets, all of SEEDS."""
    base = replace(
        PRESETS[effort.preset],
        batch=batch,
        epochs=epochs,
        network=AutoencoderConfig(latent=latent),
    )
    return [
        replace(base, data=data_config(name, effort.triangles, seed), seed=seed)
        for name in names
        for seed in SEEDS
    ]


def _runs(members: Sequence[Member], effort: Effort, progress: Progress) -> list[Table5Run]:
    """Train table 4 on each member's latents, and on two random sides; all as one program."""
    jobs: list[tuple[str, DataConfig, Member | None]] = [
        (member.config.data.name, member.config.data, member) for member in members
    ]
    jobs += [(TWO_SIDES, data_config(PERMUTED, effort.triangles, seed), None) for seed in SEEDS]
    encoders = [_encoder(member) if member else None for _, _, member in jobs]
    tasks = [scaled_task(job[1], encoder) for job, encoder in zip(jobs, encoders, strict=True)]
    base = replace(
        PRESETS[effort.preset],
        network=PredictorConfig(inputs=2),
        loss="mse",
        batch=effort.batch,
        epochs=effort.energy_epochs,
    )
    configs = [replace(base, data=data, seed=data.seed) for _, data, _ in jobs]
    predictors = effort.train(configs, progress, [task.split for task in tasks])
    runs = []
    for i, (name, data, member) in enumerate(jobs):
        model = predictors[i].model
        assert isinstance(model, Predictor)
        task = tasks[i]
        predicted = Predicted(name, data, task.inputs, task.energies, encoders[i], model)
        runs.append(Table5Run(member, predicted, task, configs[i], predictors[i].records[-1]))
    return runs


def _encoder(member: Member) -> Autoencoder:
    assert isinstance(member.model, Autoencoder)
    return member.model


def _table_5(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Train and measure all four rows; ship each row's best run by validation loss."""
    first, second = _shares(context.progress, 0.8)
    members = effort.train(autoencoder_fits(effort, 2, effort.batch, effort.epochs), first, None)
    runs = _runs(members, effort, second)
    table = pd.DataFrame([_row(run, effort) for run in runs])
    best = table.groupby("set")["validation_loss"].transform("min") == table["validation_loss"]
    for place in table.index[best]:
        _ship(context, runs[place], table.loc[place], effort.prefix)
    table.insert(3, "shipped", best)
    return table


def table_5_sides(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Train and measure the autoencoders of table 5 alone, before its predictors."""
    fits = autoencoder_fits(effort, 2, effort.batch, effort.epochs)
    rows = [
        {
            "row": ROWS[member.config.data.name],
            "set": member.config.data.name,
            "seed": member.config.seed,
            "validation_loss": member.records[-1].validation_loss,
            **_errors(member, effort),
        }
        for member in effort.train(fits, context.progress, None)
    ]
    return pd.DataFrame(rows)


def _errors(member: Member, effort: Effort) -> dict[str, float]:
    model, config = _encoder(member), member.config
    errors = evaluate(model, config, seed=FRESH_SEED)
    return errors | _dimensions(model, config.data.name, effort)


def _shares(progress: Progress, part: float) -> tuple[Progress, Progress]:
    """Split one progress bar between two jobs, of which the first takes `part`."""
    return (
        lambda share, what: progress(part * share, what),
        lambda share, what: progress(part + (1 - part) * share, what),
    )


def _row(run: Table5Run, effort: Effort) -> dict[str, object]:
    """Return one line of table 5: one row, one seed. Row iv has no autoencoder, no side error."""
    errors = _errors(run.member, effort) if run.member else {}
    last = run.member.records[-1] if run.member else run.last
    return {
        "row": ROWS.get(run.predicted.name, "iv"),
        "set": run.predicted.name,
        "seed": run.config.seed,
        "validation_loss": last.validation_loss,
        **errors,
        "energy_mse": run.predicted.measured(effort.fresh)["energy_mse"],
    }


def _dimensions(model: Autoencoder, name: str, effort: Effort) -> dict[str, float]:
    """Return the local dimensions of fresh triangles as side lengths, and as latent points."""
    triangles = fresh_triangles(name, effort.fresh)
    every = max(1, effort.fresh // effort.queries)
    clouds = {"sides": side_lengths(triangles), "latent": model.encode(triangles)}
    return {
        f"{cloud}_dimension": intrinsic_dimension(points.double().numpy(), every=every)
        for cloud, points in clouds.items()
    }


def _ship(context: RecipeContext, run: Table5Run, row: pd.Series, prefix: str) -> None:
    origin = {"command": f"python -m trisym reproduce {prefix}hidden-h2"}
    device = devices.describe(run.config.device)
    autoencoder, predictor = shipped_names(run.predicted.name, prefix)
    scalings = {
        "input_scaling": run.task.inputs.as_text(),
        "energy_scaling": run.task.energies.as_text(),
    }
    if run.member:
        names = ("mse", "side_error", "perimeter_error", "orbit_spread_inside")
        metrics = {name: float(row[name]) for name in names}
        config, last = run.member.config, run.member.records[-1]
        card = make_card(autoencoder, config, last, metrics, device, origin)
        path = context.checkpoint(autoencoder)
        checkpoints.save(run.member.model, card, path)
        scalings = notes("latent", run.task, autoencoder, checkpoints.sha256(path))
    metrics = {"energy_mse": float(row["energy_mse"])}
    card = make_card(predictor, run.config, run.last, metrics, device, origin | scalings)
    checkpoints.save(run.predicted.model, card, context.checkpoint(predictor))


def _sweep_h(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Make Fig. 12: side error against h, and the local dimension of each latent cloud."""
    members = _sweep_members(effort, context.progress)
    fresh = {name: fresh_triangles(name, effort.fresh) for name in ROWS}
    rows = []
    for member in members:
        model, triangles = _encoder(member), fresh[member.config.data.name]
        rows.append(
            {
                "row": ROWS[member.config.data.name],
                "set": member.config.data.name,
                "h": model.config.latent,
                "seed": member.config.seed,
                "side_error": side_error(triangles, model(triangles)).item(),
                **_spreads(model, triangles, member.config.data),
                **_dimensions(model, member.config.data.name, effort),
            }
        )
    return pd.DataFrame(rows)


def _sweep_members(effort: Effort, progress: Progress) -> list[Member]:
    """Train every latent size; a resumable sweep has each of them as a program of its own."""
    fits = [
        autoencoder_fits(effort, h, effort.sweep_batch, effort.sweep_epochs) for h in effort.latents
    ]
    if not effort.apart:
        return effort.train([fit for each in fits for fit in each], progress, None)
    members = []
    for done, each in enumerate(fits):
        members += effort.train(each, part_of(progress, done, len(fits)), None)
    return members


def _spreads(
    model: Autoencoder, triangles: Float[Tensor, "batch vertex xyz"], data: DataConfig
) -> dict[str, float]:
    """Return the orbit spread inside the cube, raw and whitened: the loss alone can't lower it."""
    generator = torch.Generator().manual_seed(FRESH_SEED)
    poses = random_motions_inside(triangles[:ORBITS], POSES, generator, data.limits.edge)
    latents = model.encode(poses.flatten(0, 1)).unflatten(0, poses.shape[:2])
    return {
        "orbit_spread_inside": orbit_spread(latents),
        "orbit_spread_whitened": orbit_spread(whitened(latents)),
    }


def _shipped(context: RecipeContext, name: str, prefix: str) -> Predicted:
    """Return a row's shipped predictor, with its encoder and the scalings in its card."""
    autoencoder, predictor = (context.checkpoint(each) for each in shipped_names(name, prefix))
    encoder = None if name == TWO_SIDES else checkpoints.load_autoencoder(autoencoder)
    model, card = checkpoints.read(predictor)
    assert isinstance(model, Predictor)
    inputs, energies = (
        MinMax.from_text(card.notes[f"{each}_scaling"]) for each in ("input", "energy")
    )
    return Predicted(name, card.config.data, inputs, energies, encoder, model)


def _cloud(predicted: Predicted, effort: Effort) -> pd.DataFrame:
    """Return fresh triangles for the pictures: sides, energies, and the constant side's number."""
    triangles = fresh_triangles(predicted.data.name, effort.shown)
    sides = side_lengths(triangles)
    cloud = pd.DataFrame(sides.numpy(), columns=["l1", "l2", "l3"])
    cloud["constant"] = which_is_constant(sides, predicted.data.constant_side).numpy()
    cloud["energy"], cloud["predicted"] = (each.numpy() for each in predicted.on(triangles))
    cloud.insert(0, "set", predicted.name)
    return cloud


def _clouds(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Make Fig. 13: side space, latent space, actual and predicted energies of sets i to iii."""
    frames = []
    for name in ROWS:
        predicted = _shipped(context, name, effort.prefix)
        inputs = inputs_of(fresh_triangles(name, effort.shown), predicted.encoder, FRESH_SEED)
        latent = pd.DataFrame(inputs.numpy(), columns=["N1", "N2"])
        frames.append(_cloud(predicted, effort).join(latent))
    return pd.concat(frames, ignore_index=True)


def _predictions(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Measure what Figs. 13 and 14 show, on the shipped predictor of each row."""
    rows = {
        name: _shipped(context, name, effort.prefix).measured(effort.fresh)
        for name in (*ROWS, TWO_SIDES)
    }
    return pd.DataFrame([{"set": name, **found} for name, found in rows.items()])


def _two_sides(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Make Fig. 14: the same of row iv, and which side the predictor did not see."""
    predicted = _shipped(context, TWO_SIDES, effort.prefix)
    cloud = _cloud(predicted, effort)
    sides = side_lengths(fresh_triangles(predicted.data.name, effort.shown))
    return cloud.assign(dropped=two_random_sides(sides, FRESH_SEED)[1].numpy())


def recipes(effort: Effort) -> Mapping[str, Recipe]:
    """Return the recipes of section 3.5 at some effort."""
    jobs = {
        "hidden-h2": ("Two latent nodes: sides and energies (table 5)", _table_5, ()),
        "hidden-h": ("Side error against h for the three sets (Fig. 12)", _sweep_h, ()),
        "hidden-clouds": ("From sides to latents to energies (Fig. 13)", _clouds, ("hidden-h2",)),
        "hidden-predictions": (
            "How good the energies of Figs. 13 and 14 are",
            _predictions,
            ("hidden-h2",),
        ),
        "hidden-two-sides": ("Two sides and no encoder (Fig. 14)", _two_sides, ("hidden-h2",)),
    }
    named = {
        f"{effort.prefix}{name}": Recipe(
            title, "3.5", partial(run, effort=effort), tuple(f"{effort.prefix}{n}" for n in needs)
        )
        for name, (title, run, needs) in jobs.items()
    }
    return MappingProxyType(named)


RECIPES = recipes(Effort())
