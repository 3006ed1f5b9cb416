"""Section 3.6: n points in place of three. How many numbers does the network need for a shape?

n points have 3n − 6 degrees of freedom and n(n − 1)/2 distances: 3, 6, 9, 12 against 3, 6, 10, 15.
The network of table 3 with 3n inputs is trained on all distances, at latent sizes around 3n − 6.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from trisym import datasets, devices
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig
from trisym.evaluation import FRESH_SEED, evaluate
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, trained
from trisym.geometry import random_motions_inside, side_lengths
from trisym.jacobians import of_encoder
from trisym.losses import ALL_LOSSES
from trisym.metrics import orbit_spread, whitened
from trisym.networks import Autoencoder, AutoencoderConfig
from trisym.points import freedoms, mirrored, pairs
from trisym.storage import checkpoints, results
from trisym.storage.cards import Card
from trisym.symmetries import held_out, spectrum
from trisym.training.sweeps import Member, Progress

LOSSES = ("sides", "half", "gram")  # that are timed and trained
AROUND = 3  # latent sizes on either side of 3n − 6, and one more: n = 6 has 15 distances
WIDE = 512
WIDE_AROUND = (-1, 1)  # from 3n − 6, which the sweep has: a network takes three times as long
# By name: points, latent nodes, loss. The hand of four points is learned with a node of its own.
SHIPPED = {
    "points-4-volume": (4, freedoms(4) + 1, "volume"),
    "points-5": (5, freedoms(5), "sides"),
    "points-6": (6, freedoms(6), "sides"),
}
NEEDS = {"more-points-pairs": ("more-points",), "more-points-wide": ("more-points",)}


@dataclass(frozen=True)
class Effort:
    """Effort of the recipes; tests take less. An epoch is the training part, 160,000."""

    samples: int = 200_000
    points: tuple[int, ...] = (3, 4, 5, 6)
    epochs: int = 10  # as Fig. 12's: what is compared is the same number of steps
    batch: int = 512
    shipped_epochs: int = 12
    fresh: int = 20_000
    orbits: int = 100
    poses: int = 50
    costs: tuple[int, ...] = (3, 4, 6, 8, 16, 32, 64)
    repeats: int = 20


def fit(points: int, h: int, effort: Effort, width: int = 256, loss: str = "sides") -> FitConfig:
    """Return how a network of n points is trained: table 3 with 3n inputs."""
    return replace(
        PRESETS["fast"],
        loss=loss,
        network=AutoencoderConfig(hidden=(width,), latent=h, vertices=points),
        data=DataConfig(n=effort.samples, points=points),
        batch=effort.batch,
        epochs=effort.epochs,
    )


def sizes(points: int) -> list[int]:
    """Return the latent sizes of the sweep: 1, and those around 3n − 6."""
    free = freedoms(points)
    return sorted({1, *range(max(1, free - AROUND), free + AROUND + 2)})


def wide_sizes(points: int) -> list[int]:
    """Return the latent sizes that only `more-points-wide` trains: one node less, and one more."""
    return [freedoms(points) + step for step in WIDE_AROUND]


class Probe(NamedTuple):
    """Fresh sets of n points, and the same moved: what every network of n points is asked with."""

    samples: Float[Tensor, "batch point xyz"]
    poses: Float[Tensor, "shape pose point xyz"]

    @classmethod
    def of(cls, points: int, effort: Effort) -> Probe:
        """Draw them from a seed that no training has."""
        drawn = datasets.generate("random", n=effort.fresh, seed=FRESH_SEED, points=points).inputs
        generator = torch.Generator().manual_seed(FRESH_SEED)
        return cls(drawn, random_motions_inside(drawn[: effort.orbits], effort.poses, generator))


@torch.no_grad()
def measured(model: Autoencoder, data: DataConfig, probe: Probe) -> dict[str, float]:
    """Return the error of a distance, orbit spreads, drifts of mirror images and the spectrum.

    mirror_drift: how far a set's latent point lies from its mirror image's, rms, in spreads; found:
    how many small motions of space the encoder does not see, and its mean answer to each kind.
    """
    rebuilt = model(probe.samples)
    latents = model.encode(probe.samples).double()
    drift = model.encode(mirrored(probe.samples)).double() - latents
    spread = latents.var(0, correction=0).sum()
    orbits = model.encode(probe.poses.flatten(0, 1)).unflatten(0, probe.poses.shape[:2])
    seen = spectrum(of_encoder(model), held_out(data))
    return {
        "pair_error": (side_lengths(rebuilt) - side_lengths(probe.samples)).abs().mean().item(),
        "orbit_spread": orbit_spread(orbits),
        "orbit_spread_whitened": orbit_spread(whitened(orbits)),
        "mirror_drift": (drift.square().sum(1).mean() / spread).sqrt().item(),
        "found": seen.found,
        "gap": seen.gap,
        **seen.answers,
    }


def _rows(members: Sequence[Member], seconds: float, effort: Effort) -> Iterator[dict[str, object]]:
    """Yield a row for each model; seconds: what one took of a batched run."""
    probes = {m.config.data.points: None for m in members}
    found = {points: Probe.of(points, effort) for points in probes}
    for member in members:
        config, network = member.config, member.config.network
        assert isinstance(network, AutoencoderConfig)
        assert isinstance(member.model, Autoencoder)
        points = network.vertices
        yield {
            "points": points,
            "freedoms": freedoms(points),
            "pairs": pairs(points),
            "h": network.latent,
            "width": network.hidden[0],
            "loss": config.loss,
            "seed": config.seed,
            **measured(member.model, config.data, found[points]),
            "seconds": round(seconds, 1),
        }


def _sweep(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Train every latent size of every n at width 256, and 3n − 6 at width 512; three seeds."""
    programs = [
        *([fit(n, h, effort) for h in sizes(n)] for n in effort.points),
        *([fit(n, freedoms(n), effort, WIDE)] for n in effort.points),
    ]
    rows: list[dict[str, object]] = []
    for done, configs in enumerate(programs):
        members, seconds = train(configs, part_of(context.progress, done, len(programs)))
        rows += _rows(members, seconds, effort)
    return pd.DataFrame(rows)


def train(
    configs: Sequence[FitConfig], progress: Progress, seeds: Sequence[int] = SEEDS
) -> tuple[list[Member], float]:
    """Train from each seed, at once; return the models, and the seconds that one of them took."""
    begun = time.perf_counter()
    members = trained([replace(c, seed=seed) for c in configs for seed in seeds], progress)
    return members, (time.perf_counter() - begun) / len(members)


def part_of(progress: Progress, done: int, of: int) -> Progress:
    """Return who is told of one part of a recipe."""
    return lambda share, what: progress((done + share) / of, what)


def _wide(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Train one node less and one more than 3n − 6 at width 512; 3n − 6 itself is the sweep's.

    One latent size after the other: on a CPU more networks of this width at once are slower each.
    """
    sweep = results.load("more-points", context.folder / "results")
    programs = [
        [fit(points, h, effort, WIDE)] for points in effort.points for h in wide_sizes(points)
    ]
    return _beside(sweep.query(f"width == {WIDE}"), programs, context, effort)


def _pairs(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Train on half of the pairs, and by Gram matrix, as many steps as the sweep's on all pairs."""
    sweep = results.load("more-points", context.folder / "results")
    programs = [
        [fit(points, freedoms(points), effort, loss=loss)]
        for points in effort.points
        for loss in LOSSES
        if loss != "sides"
    ]
    whole = sweep.query(f"h == freedoms and width < {WIDE}")
    return _beside(whole, programs, context, effort)


def _beside(
    known: pd.DataFrame,
    programs: Sequence[Sequence[FitConfig]],
    context: RecipeContext,
    effort: Effort,
) -> pd.DataFrame:
    """Train one program after the other; return their rows and those known, by n and h."""
    rows: list[dict[str, object]] = []
    for done, configs in enumerate(programs):
        members, seconds = train(configs, part_of(context.progress, done, len(programs)))
        rows += _rows(members, seconds, effort)
    table = pd.concat([known, pd.DataFrame(rows)], ignore_index=True)
    return table.sort_values(["points", "h"], kind="stable", ignore_index=True)


def _costs(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Time the three losses with their gradients, a few rounds each, for up to 64 points."""
    rows = []
    generator = torch.Generator().manual_seed(0)
    for place, (points, number) in enumerate((n, r) for n in effort.costs for r in range(3)):
        context.progress(place / (3 * len(effort.costs)), f"{points} points, round {number + 1}")
        target = torch.rand(effort.batch, 3 * points, generator=generator)
        output = torch.rand(effort.batch, 3 * points, generator=generator).requires_grad_()
        rows += [
            {
                "points": points,
                "pairs": pairs(points),
                "loss": loss,
                "round": number,
                "loss_ms": _milliseconds(loss, target, output, effort.repeats),
            }
            for loss in LOSSES
        ]
    return pd.DataFrame(rows)


def _milliseconds(loss: str, target: Tensor, output: Tensor, repeats: int) -> float:
    """Return the quickest of some evaluations with gradient: others only slow one down."""
    quickest = math.inf
    for _ in range(repeats + 1):
        begun = time.perf_counter()
        torch.autograd.grad(ALL_LOSSES[loss].per_sample(target, output).mean(), output)
        quickest = min(quickest, time.perf_counter() - begun)
    return 1e3 * quickest


def ship(context: RecipeContext, name: str, members: Sequence[Member], by: str) -> None:
    """Save the best of some seeds by validation loss; `by`: the recipe that makes it."""
    member = min(members, key=lambda each: each.records[-1].validation_loss)
    last = member.records[-1]
    card = Card(
        name=name,
        config=member.config,
        epochs=last.epoch,
        steps=last.step,
        seconds=round(last.seconds / len(members), 1),
        device=devices.describe(member.config.device),
        metrics=evaluate(member.model, member.config, seed=FRESH_SEED),
        notes={"command": f"python -m trisym reproduce {by}"},
    )
    checkpoints.save(member.model, card, context.checkpoint(name))


def _shipped(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Train the networks of the live view from three seeds each, and keep the best.

    Four points on distances alone are of `chirality`, three are sides-h3.
    """
    rows: list[dict[str, object]] = []
    for done, (name, (points, h, loss)) in enumerate(SHIPPED.items()):
        config = replace(fit(points, h, effort, loss=loss), epochs=effort.shipped_epochs)
        members, seconds = train([config], part_of(context.progress, done, len(SHIPPED)))
        ship(context, name, members, "points-networks")
        rows += _rows(members, seconds, effort)
    return pd.DataFrame(rows)


def recipes(effort: Effort) -> Mapping[str, Recipe]:
    """Return the recipes at some effort."""
    titles = {
        "more-points": ("How many numbers n points need: error and spread against h", _sweep),
        "more-points-wide": ("The sweep around 3n − 6 with twice as many hidden units", _wide),
        "more-points-pairs": ("n points by all pairs, half of them, and Gram matrix", _pairs),
        "more-points-costs": ("What the loss of n points costs: all pairs, half, Gram", _costs),
        "points-networks": (
            "Networks of the live view: four points with their volume, five, six",
            _shipped,
        ),
    }
    return MappingProxyType(
        {
            name: Recipe(title, "3.6", partial(run, effort=effort), NEEDS.get(name, ()))
            for name, (title, run) in titles.items()
        }
    )


RECIPES = recipes(Effort())
