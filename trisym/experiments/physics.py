"""Section 3.6, Fig. 15: one network, coordinates -> latent -> (reconstruction, energy).

Is invariance learned from the physics? Table 3 with table 4 as a head on its latent, on the
molecules of section 3.4: λ weighs the energy against the coordinates, from 0 to the energy alone;
a head sees all of 3 nodes, or 3 of 9. Beside them table 4 on coordinates, as many weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float
from scipy.spatial import cKDTree
from torch import Tensor

from trisym import datasets, devices, energy
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig, Split
from trisym.energy import MinMax
from trisym.evaluation import FRESH_SEED
from trisym.experiments.readouts import linear_side_error
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, seed_name, trained
from trisym.forces import Energy, compared
from trisym.geometry import random_motions_inside, side_lengths
from trisym.jacobians import of_nodes
from trisym.losses import ENERGY
from trisym.metrics import mse, orbit_spread, side_error, whitened
from trisym.networks import Autoencoder, AutoencoderConfig, Predictor, PredictorConfig
from trisym.potentials import molecule_energy
from trisym.spectrum import KINDS
from trisym.storage import checkpoints, energy_models
from trisym.storage.cards import make_card
from trisym.symmetries import TRIANGLES as ASKED
from trisym.symmetries import held_out, spectrum
from trisym.training.sweeps import Member

NETWORKS, NAME = "physics-networks", "physics"
SEEN = 3  # nodes that the head sees: as many as a molecule has sides
LAMBDAS = (0.0, 1.0, 100.0)
LATENTS = (3, 9)
BASELINE = "physics-baseline"
# 6,247 weights, beside the 6,212 on the way from coordinates through 3 nodes to an energy.
BASELINE_HIDDEN = (91, 46, 23)
NEIGHBOURS = 5  # whose sides are averaged
SHIPPED = (
    "physics-energy-h3",
    "physics-mse-1-h3",
    "physics-mse-1-h9",
    "physics-mse-100-h9",
    "physics-sides-1-h3",
)


@dataclass(frozen=True)
class Effort:
    """Effort of the recipe; tests take less."""

    molecules: int = 200_000
    epochs: int = 40
    seeds: Sequence[int] = SEEDS
    watched: Sequence[int] = range(6)  # seeds of the energy alone whose trainings are watched
    orbits: int = 300  # molecules,
    poses: int = 50  # each moved rigidly so many times
    asked: int = ASKED  # behind a spectrum
    pulled: int = 4_000  # whose forces are compared


class Asked(NamedTuple):
    """What a network of Fig. 15 was trained for: its loss of triangles, λ, and its latent size."""

    loss: str
    weight: float  # infinite for the energy alone
    h: int

    @property
    def name(self) -> str:
        weight = f"-{self.weight:g}" if math.isfinite(self.weight) else ""
        return f"{NAME}-{self.loss}{weight}-h{self.h}"


def networks() -> list[Asked]:
    """Return the networks of the table: λ from 0 to infinity, h = 3 and 9; and sides + energy."""
    return [
        *(Asked("mse", weight, h) for h in LATENTS for weight in LAMBDAS),
        *(Asked(ENERGY, math.inf, h) for h in LATENTS),
        Asked("sides", 1.0, 3),
    ]


def config_of(asked: Asked, seed: int, effort: Effort = Effort()) -> FitConfig:
    """Return the fit of a network of Fig. 15."""
    return replace(
        _base(effort),
        network=AutoencoderConfig(latent=asked.h, sees=SEEN),
        loss=asked.loss,
        energy_weight=asked.weight if math.isfinite(asked.weight) else 0.0,
        seed=seed,
    )


def _base(effort: Effort) -> FitConfig:
    data = DataConfig("lennard-jones", n=effort.molecules)
    return replace(PRESETS["fast"], data=data, epochs=effort.epochs)


class Molecules(NamedTuple):
    """What all networks are measured on: none of it was trained on."""

    test: Float[Tensor, "batch vertex xyz"]
    poses: Float[Tensor, "orbit pose vertex xyz"]
    asked: Float[Tensor, "asked vertex xyz"]
    edge: float

    @classmethod
    def of(cls, split: Split, config: FitConfig, effort: Effort) -> Molecules:
        edge, test = config.data.limits.edge, split.test.inputs
        generator = torch.Generator().manual_seed(FRESH_SEED)
        poses = random_motions_inside(test[: effort.orbits], effort.poses, generator, edge)
        return cls(test, poses, held_out(config.data, effort.asked), edge)


def _networks(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Train all networks and the baseline, and keep every seed."""
    base = _base(effort)
    split = datasets.generate(base.data).split()
    scaling = energy.scaled("coordinates", split)
    asked = [(each.name, seed) for each in networks() for seed in effort.seeds]
    configs = [config_of(each, seed, effort) for each in networks() for seed in effort.seeds]
    tell = context.progress
    members = trained(configs, lambda share, what: tell(0.95 * share, what), [split] * len(asked))
    wide = replace(base, network=PredictorConfig(9, BASELINE_HIDDEN), loss="mse")
    asked += [(BASELINE, seed) for seed in effort.seeds]
    members += trained(
        [replace(wide, seed=seed) for seed in effort.seeds],
        lambda share, what: tell(0.95 + 0.05 * share, what),
        [scaling.split] * len(effort.seeds),
    )
    named = dict(zip(asked, members, strict=True))
    whole = energy_models.notes("coordinates", scaling)
    energies = {"energy_scaling": scaling.energies.as_text()}
    for (name, seed), member in named.items():
        notes = whole if name == BASELINE else energies
        _save(context, seed_name(name, seed), member, len(named), notes)
    rows = [
        (name, seed, member.records[-1].validation_loss) for (name, seed), member in named.items()
    ]
    return pd.DataFrame(rows, columns=["model", "seed", "validation_loss"])


def _save(
    context: RecipeContext, name: str, member: Member, at_once: int, notes: Mapping[str, str]
) -> None:
    last = member.records[-1]
    card = make_card(
        name.removeprefix("seeds/"),
        member.config,
        replace(last, seconds=round(last.seconds / at_once, 1)),
        {"validation_loss": last.validation_loss},
        devices.describe(member.config.device),
        {**notes, "command": f"python -m trisym reproduce {NETWORKS}"},
    )
    checkpoints.save(member.model, card, context.checkpoint(name))


def _ship(context: RecipeContext, seeds: Sequence[int]) -> None:
    """Write what pages show once more: of each network the seed of the lowest validation loss."""
    for name in SHIPPED:
        kept = [checkpoints.read(context.checkpoint(seed_name(name, seed))) for seed in seeds]
        best = min(kept, key=lambda each: each.card.metrics["validation_loss"])
        checkpoints.save(best.model, replace(best.card, name=name), context.checkpoint(name))


def _physics(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Measure every network and the baseline on molecules that none was trained on; ship some."""
    _ship(context, effort.seeds)
    base = _base(effort)
    split = datasets.generate(base.data).split()
    scaling = energy.scaled("coordinates", split)
    molecules = Molecules.of(split, base, effort)
    rows: list[dict[str, Any]] = []
    for asked in networks():
        for seed in effort.seeds:
            at = context.checkpoint(seed_name(asked.name, seed))
            model = checkpoints.load_autoencoder(at)
            found = _measured(model, scaling.energies, molecules, effort)
            rows.append({"model": asked.name, **asked._asdict(), "seed": seed, **found})
    for seed in effort.seeds:
        predictor = checkpoints.load(context.checkpoint(seed_name(BASELINE, seed)))
        assert isinstance(predictor, Predictor)
        read = Energy.of_predictor(predictor, scaling)
        found = _of_energy(read, molecules, effort) | _spectrum(read.function, molecules)
        rows.append({"model": BASELINE, "seed": seed, **found})
    return pd.DataFrame(rows)


def _measured(
    model: Autoencoder, energies: MinMax, molecules: Molecules, effort: Effort
) -> dict[str, Any]:
    """Return all that the table says of one network of Fig. 15."""
    read = Energy.of_head(model, energies)
    with torch.no_grad():
        rebuilt = model(molecules.test)
        latents = model.encode(molecules.test)
        orbits = model.encode(molecules.poses.flatten(0, 1)).unflatten(0, molecules.poses.shape[:2])
    sides = side_lengths(molecules.test)
    seen = slice(None, model.config.sees)
    return {
        **_of_energy(read, molecules, effort),
        "coordinate_mse": mse(molecules.test, rebuilt).item(),
        "side_error": side_error(molecules.test, rebuilt).item(),
        "spread": orbit_spread(orbits[..., seen]),
        "spread_whitened": orbit_spread(whitened(orbits[..., seen])),
        "spread_all": orbit_spread(orbits),
        **read_sides(latents[:, seen], sides),
        **_spectrum(of_nodes(model, model.config.sees), molecules),
    }


def _of_energy(read: Energy, molecules: Molecules, effort: Effort) -> dict[str, float]:
    """Return the error of the scaled energy, its part from the pose, and the errors of forces."""
    actual = read.scaled(molecule_energy(molecules.test))
    predicted = read(molecules.test)
    over_poses = read(molecules.poses.flatten(0, 1)).unflatten(0, molecules.poses.shape[:2])
    return {
        "energy_mse": (predicted - actual).square().mean().item(),
        "pose_mse": over_poses.var(dim=1).mean().item(),
        "energy_variance": actual.var().item(),  # the error of the best constant
        **compared(read, molecules.test[: effort.pulled]),
    }


def _spectrum(function: Callable[[Tensor], Any], molecules: Molecules) -> dict[str, float]:
    found = spectrum(function, molecules.asked, molecules.edge)
    answers = {f"answer_{rank}": value for rank, value in enumerate(found.values, 1)}
    return {
        "found": float(found.found),
        "inside_se3": found.inside(),
        **{kind: found.answers[kind] for kind in KINDS},
        **answers,
    }


def read_sides(
    latents: Float[Tensor, "batch node"], sides: Float[Tensor, "batch side"]
) -> dict[str, float]:
    """Return the mean error of a side read off latent points, fitted on half, judged on the other.

    linear: least squares. neighbour: the mean sides of the nearest points; floor: of the nearest
    in the space of sides itself, which no latent of as few points can better by much.
    """
    points, lengths = latents.double().numpy(), sides.double().numpy()
    return {
        "linear_side_error": linear_side_error(points, lengths),
        "neighbour_side_error": _near(points, lengths),
        "neighbour_floor": _near(lengths, lengths),
    }


def _near(points: np.ndarray, sides: np.ndarray) -> float:
    half = len(points) // 2
    near = cKDTree(points[:half]).query(points[half:], NEIGHBOURS)[1]
    return float(np.abs(sides[:half][near].mean(1) - sides[half:]).mean())


def recipes(effort: Effort) -> Mapping[str, Recipe]:
    """Return the recipes at some effort."""
    return MappingProxyType(
        {
            NETWORKS: Recipe(
                "Fig. 15: networks for coordinates and energy, and for the energy alone",
                "3.6",
                partial(_networks, effort=effort),
            ),
            NAME: Recipe(
                "Fig. 15: is invariance learned from the physics?",
                "3.6",
                partial(_physics, effort=effort),
                (NETWORKS,),
            ),
        }
    )


RECIPES = recipes(Effort())
