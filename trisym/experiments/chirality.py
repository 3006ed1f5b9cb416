"""Section 3.6: four points and their mirror image. What distances cannot know, a volume can.

A tetrahedron and its mirror image share all six distances, and no rotation carries one onto the
other. For three points a mirror image is a rotation: chirality begins at four.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from trisym import datasets
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig, Split
from trisym.energy import MinMax
from trisym.experiments import more_points
from trisym.experiments.more_points import Probe, measured, part_of, ship, train
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, trained
from trisym.geometry import side_lengths
from trisym.networks import Autoencoder, PredictorConfig
from trisym.points import (
    freedoms,
    homometric_pair,
    labelled_gap,
    mirrored,
    signed_volume,
    unordered,
)
from trisym.potentials import molecule_energy
from trisym.sampling import Pairs
from trisym.storage import checkpoints
from trisym.training.sweeps import Member

POINTS = 4
DISTANCES, CHIRAL = "points-4", "points-4-volume"
FLAT = 0.005  # in edges³: a set of less volume is nearly its own mirror image
NEIGHBOURS = 15  # whose majority says which hand a latent point has
ASKED = 4_000  # latent points whose hand is asked for, among as many known ones

# The molecules of `chiral-energy`: four atoms, close enough for Lennard-Jones to matter.
MOLECULES = DataConfig("random", points=POINTS, edge=0.85, min_side=0.48)
CHI = 16.0  # E = E_LJ + CHI V: then the chiral term has about a fifth of the energy's variance


LONG = more_points.Effort(epochs=40)


@dataclass(frozen=True)
class Effort:
    """Effort of the recipes; tests take less."""

    networks: more_points.Effort = LONG
    molecules: int = 200_000
    epochs: int = 8


class Code(NamedTuple):
    """One latent code of four points: what its network is trained on, and its nodes."""

    name: str
    loss: str
    h: int


CODES = (
    Code("distances", "sides", freedoms(POINTS)),
    Code("distances and volume, 6 nodes", "volume", freedoms(POINTS)),
    Code("distances and volume, 7 nodes", "volume", freedoms(POINTS) + 1),
    Code("coordinates", "mse", freedoms(POINTS)),
)


def _chirality(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Train each code from three seeds; ask whether it tells a set from its mirror image."""
    probe = Probe.of(POINTS, effort.networks)
    rows = []
    for done, code in enumerate(CODES):
        config = more_points.fit(POINTS, code.h, effort.networks, loss=code.loss)
        members, _ = train([config], part_of(context.progress, done, len(CODES)))
        found = [_told(autoencoder(member), probe) for member in members]
        if code.name == CODES[0].name:
            ship(context, DISTANCES, members, "chirality")
        rows += [
            {"code": code.name, "h": code.h, "seed": member.config.seed, **numbers}
            for member, numbers in zip(members, found, strict=True)
        ]
    return pd.DataFrame(rows)


def autoencoder(member: Member) -> Autoencoder:
    """Return a member's network, which is an autoencoder."""
    assert isinstance(member.model, Autoencoder)
    return member.model


@torch.no_grad()
def _told(model: Autoencoder, probe: Probe) -> dict[str, float]:
    """Return what `measured` does, the error of the volume, and how often the hand is told.

    handedness: the share of fresh sets, none nearly flat, whose hand the majority of their nearest
    neighbours in latent space has; 0.5 is a coin's.
    """
    actual, rebuilt = signed_volume(probe.samples), signed_volume(model(probe.samples))
    solid = probe.samples[actual.abs() > FLAT]
    known, asked = solid[:ASKED], solid[ASKED : 2 * ASKED]
    near = torch.cdist(model.encode(asked), model.encode(known)).topk(NEIGHBOURS, largest=False)
    right = signed_volume(known) > 0
    majority = right[near.indices].float().mean(1) > 0.5
    return {
        **measured(model, DataConfig(points=POINTS), probe),
        "volume_error": (rebuilt - actual).abs().mean().item(),
        "volume_mean": actual.abs().mean().item(),
        "handedness": (majority == (signed_volume(asked) > 0)).float().mean().item(),
    }


Features = Callable[[Tensor], Tensor]


def _inputs(context: RecipeContext) -> Mapping[str, Features]:
    """Return what predictors of the chiral energy see of four atoms."""
    codes = {
        name: checkpoints.load_autoencoder(context.checkpoint(name)) for name in (DISTANCES, CHIRAL)
    }

    def with_volume(x: Tensor) -> Tensor:
        return torch.cat([side_lengths(x), signed_volume(x)[:, None]], dim=1)

    return {
        "six distances": side_lengths,
        "latent of distances": codes[DISTANCES].encode,
        "distances and volume": with_volume,
        "latent of distances and volume": codes[CHIRAL].encode,
        "coordinates": lambda x: x.flatten(1),
    }


def chiral_energy(vertices: Float[Tensor, "batch 4 xyz"]) -> Float[Tensor, " batch"]:
    """E = E_LJ + CHI V: Lennard-Jones, and a term that is another for the mirror image."""
    return molecule_energy(vertices) + CHI * signed_volume(vertices)


def _energy(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Train table 4 on each input from three seeds; unexplained: MSE over the energy's variance.

    floor: the share of the chiral term, below which no function of distances can come (the law of
    the molecules is its own mirror image); chiral_r2: how much of the chiral term the odd part of
    the prediction, [f(x) − f(mirror image)] / 2, explains.
    """
    config = replace(MOLECULES, n=effort.molecules)
    split = datasets.generate(config).split()
    edge = MOLECULES.limits.edge
    inputs, rows = _inputs(context), []
    for done, (name, features) in enumerate(inputs.items()):
        with torch.no_grad():
            task = Task.of(split, features, chiral_energy)
        members = trained(
            [task.fit(config, seed, effort.epochs) for seed in SEEDS],
            part_of(context.progress, done, len(inputs)),
            [task.split] * len(SEEDS),
        )
        test = split.test.inputs
        actual, odd = chiral_energy(test), CHI * signed_volume(test)
        for member in members:
            predicted = task.predict(member, test)
            half = (predicted - task.predict(member, mirrored(test, edge))) / 2
            rows.append(
                {
                    "input": name,
                    "seed": member.config.seed,
                    "unexplained": _share((predicted - actual).square().mean(), actual),
                    "floor": _share(odd.square().mean(), actual),
                    "chiral_r2": 1 - ((half - odd).square().sum() / odd.square().sum()).item(),
                }
            )
    return pd.DataFrame(rows)


def _share(error: Tensor, of: Tensor) -> float:
    return (error / of.var(correction=0)).item()


class Task(NamedTuple):
    """Features of samples and a number to predict from them, 0..1 on the training part."""

    features: Features
    inputs: MinMax
    target: MinMax
    split: Split

    @classmethod
    def of(cls, split: Split, features: Features, target: Features) -> Task:
        """Return the task; samples are the split's inputs, the targets in it are not used."""
        columns = [(features(part.inputs), target(part.inputs)[:, None]) for part in split]
        scales = [MinMax.of(values) for values in columns[0]]
        parts = [Pairs(scales[0].scaled(x), scales[1].scaled(y)) for x, y in columns]
        return cls(features, scales[0], scales[1], Split(*parts))

    def fit(self, data: DataConfig, seed: int, epochs: int) -> FitConfig:
        """Return how table 4 is trained on it; its batch is the fast preset's."""
        network = PredictorConfig(inputs=len(self.inputs.low))
        return replace(
            PRESETS["fast"], network=network, data=data, loss="mse", epochs=epochs, seed=seed
        )

    @torch.no_grad()
    def predict(self, member: Member, samples: Tensor) -> Float[Tensor, " batch"]:
        """Return a member's prediction in the target's own unit."""
        scaled = member.model(self.inputs.scaled(self.features(samples)))
        return self.target.restored(scaled)[:, 0]


def _homometric(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Compare the pair that unordered distances confuse, and what the kept network says of it.

    apart: in the best of the 24 numberings, in the unit of the row.
    """
    one, other = homometric_pair()
    model = checkpoints.load_autoencoder(context.checkpoint(DISTANCES)).double()
    spread = model.encode(Probe.of(POINTS, effort.networks).samples.double()).var(0).sum().sqrt()
    orders = [
        list(order) for order in torch.cartesian_prod(*[torch.arange(POINTS)] * POINTS).tolist()
    ]
    orders = [order for order in orders if len(set(order)) == POINTS]
    latents = model.encode(other[torch.tensor(orders)])
    drift = (latents - model.encode(one[None])).square().sum(1).sqrt().amin() / spread
    gap = (unordered(one) - unordered(other)).abs().amax().item()
    rows = [
        ("distances, sorted", "edges", gap),
        ("distances, labelled", "edges", labelled_gap(one, other)),
        ("latent of distances", "spreads", drift.item()),
    ]
    return pd.DataFrame(rows, columns=["seen", "unit", "apart"])


def recipes(effort: Effort) -> Mapping[str, Recipe]:
    """Return the recipes at some effort."""
    return MappingProxyType(
        {
            "chirality": Recipe(
                "Four points and their mirror image, in four latent codes",
                "3.6",
                partial(_chirality, effort=effort),
            ),
            "chiral-energy": Recipe(
                "An energy with a chiral term, from distances and from more",
                "3.6",
                partial(_energy, effort=effort),
                ("chirality", "points-networks"),
            ),
            "homometric": Recipe(
                "Two sets of four points with the same unordered distances",
                "3.6",
                partial(_homometric, effort=effort),
                ("chirality",),
            ),
        }
    )


RECIPES = recipes(Effort())
