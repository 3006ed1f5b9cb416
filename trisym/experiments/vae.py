"""Section 3.6: variational autoencoders. Does the price of a Gaussian code drop the pose?

At h = 6 a plain network keeps the pose of a triangle, though its loss never asks for it. Each node
of a variational one costs β for every nat that it says, so a node that only knows the pose costs
and gains nothing. The recipe trains both, at each β and h, and looks which nodes remain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from trisym import datasets, devices
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig
from trisym.evaluation import FRESH_SEED, ORBITS, POSES, evaluate
from trisym.experiments.readouts import readout
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, trained
from trisym.gaussian_code import active_nodes
from trisym.generation import SideRange, normal_of, sides_between, straight_between
from trisym.geometry import random_motions_inside, side_lengths
from trisym.metrics import orbit_spread, whitened
from trisym.networks import Autoencoder, AutoencoderConfig
from trisym.storage import checkpoints
from trisym.storage.cards import Card
from trisym.training.sweeps import Member

LATENTS = (3, 6, 9)
# Powers of ten, and half of one around where the pose is dropped.
BETAS = (1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 1.0)
EPOCHS = 12  # of the fast preset's 16: all 72 networks take a quarter of an hour
MEASURED = 20_000  # held-out triangles: codes, and the range; as many training triangles, samples
JUDGED = 5_000  # of them, where the nearest of MEASURED others is looked up
PAIRS = 1_000  # between whose codes ways are walked
NEIGHBOURS = 4_000  # held-out triangles, half of them looked among
SHIPPED = {"sides-h6": (6, 0.0), "vae-h6": (6, 1e-2)}  # by their h and β; 0 is the plain one


def configs(
    n: int = 200_000, epochs: int = EPOCHS, seeds: Sequence[int] = SEEDS
) -> list[FitConfig]:
    """Return the fast preset for every h, β and seed; β = 0 is the plain network."""
    base = replace(PRESETS["fast"], data=DataConfig("random", n=n), epochs=epochs)
    return [
        replace(
            base,
            network=AutoencoderConfig(latent=h, variational=beta > 0),
            kl_weight=beta,
            seed=seed,
        )
        for beta in (0.0, *BETAS)
        for h in LATENTS
        for seed in seeds
    ]


class Asked:
    """The triangles that all networks are asked about, none of them trained on but for `range`."""

    def __init__(self, config: FitConfig) -> None:
        train = datasets.generate(config.data).split().train.inputs[:MEASURED]
        fresh = datasets.generate("random", n=MEASURED + JUDGED, seed=FRESH_SEED).inputs
        self.triangles, judged = fresh[:MEASURED], fresh[MEASURED:]
        self.range = SideRange.of(train, judged)
        self.first, self.second = fresh[:PAIRS], fresh[PAIRS : 2 * PAIRS]
        generator = torch.Generator().manual_seed(FRESH_SEED)
        self.poses = random_motions_inside(fresh[:ORBITS], POSES, generator)
        self.turned = random_motions_inside(self.first, 1, generator)[:, 0]


def measured(member: Member, asked: Asked) -> dict[str, int | float]:
    """Return all that the table says of one network."""
    model, config = member.model, member.config
    assert isinstance(model, Autoencoder)
    metrics = evaluate(model, config, seed=FRESH_SEED)
    return {
        "h": config.network.latent,  # type: ignore[union-attr]
        "beta": config.kl_weight,
        "seed": config.seed,
        "side_error": metrics["side_error"],
        "pose_side_sd": metrics["pose_side_sd"],
        "orbit_spread": metrics["orbit_spread_inside"],
        "orbit_spread_whitened": metrics["orbit_spread_whitened"],
        **_nodes(model, asked),
        **_samples(model, asked),
        **_ways(model, asked),
        "neighbours_apart": readout(model, asked.triangles[:NEIGHBOURS])["neighbours_apart"],
    }


@torch.no_grad()
def _nodes(model: Autoencoder, asked: Asked) -> dict[str, float]:
    """Return what each node says, in nats, the largest first, and how many say anything.

    `orbit_spread_active`: whitened, of the active nodes alone. A node that was dropped keeps a
    trace of the pose, which whitening without this blows up. A plain network's are all active.
    """
    poses = asked.poses.flatten(0, 1)
    orbits = model.encode(poses).unflatten(0, asked.poses.shape[:2])
    if not model.config.variational:
        spread = orbit_spread(whitened(orbits))
        return {"active": float(model.config.latent), "orbit_spread_active": spread}
    code = model.code(asked.triangles)
    active = active_nodes(code.mean)
    nats = code.nats().mean(dim=0).sort(descending=True).values.tolist()
    drawn = torch.Generator().manual_seed(FRESH_SEED)
    noise = torch.randn(code.mean.shape, generator=drawn, dtype=code.mean.dtype)
    noisy = side_lengths(model.decode(code.sampled(noise)))
    spread = orbit_spread(whitened(orbits[..., active])) if active.any() else math.nan
    return {
        "active": float(active.sum()),
        "orbit_spread_active": spread,
        "side_error_noisy": (noisy - side_lengths(asked.triangles)).abs().mean().item(),
        "nats": sum(nats),
        **{f"nats_{i + 1}": value for i, value in enumerate(nats)},
    }


@torch.no_grad()
def _samples(model: Autoencoder, asked: Asked) -> dict[str, float]:
    """Decode as many samples as there are training triangles.

    From the prior; a plain network has none: from the normal law with its codes' own moments.
    """
    generator = torch.Generator().manual_seed(FRESH_SEED)
    if model.config.variational:
        codes = torch.randn(MEASURED, model.config.latent, generator=generator)
    else:
        codes = normal_of(model.encode(asked.triangles), MEASURED, generator)
    sides = _numbers(side_lengths(model.decode(codes)))
    return {
        "samples_in_range": asked.range.holds(sides[:JUDGED]),
        "samples_cover": asked.range.covered_by(sides),
    }


def _ways(model: Autoencoder, asked: Asked) -> dict[str, float]:
    """Walk between the codes of two triangles, and between two poses of one."""
    between = sides_between(model, asked.first, asked.second)
    turning = sides_between(model, asked.first, asked.turned)
    straight = straight_between(asked.first, asked.second)
    return {
        "between_in_range": asked.range.holds(_numbers(between.flatten(0, 1))),
        "between_off_straight": (between - straight).abs().mean().item(),
        "poses_between_error": (turning - side_lengths(asked.first)).abs().mean().item(),
    }


def _numbers(sides: Float[Tensor, "batch 3"]) -> np.ndarray:
    return np.asarray(sides.double())


def _vae(context: RecipeContext, n: int = 200_000, epochs: int = EPOCHS) -> pd.DataFrame:
    """Train plain and variational networks at each h and β, measure all, and ship a pair."""
    members = trained(configs(n, epochs), context.progress)
    asked = Asked(members[0].config)
    rows = [measured(member, asked) for member in members]
    for name, (h, beta) in SHIPPED.items():
        alike = [m for m in members if (m.config.network.latent, m.config.kl_weight) == (h, beta)]  # type: ignore[union-attr]
        _ship(context, name, alike, members)
    return pd.DataFrame(rows)


def _ship(
    context: RecipeContext, name: str, members: Sequence[Member], trained_too: Sequence[Member]
) -> None:
    """Save the network that rebuilds held-out triangles best."""
    best = min(members, key=lambda member: member.records[-1].validation_loss)
    last = best.records[-1]
    at_once = sum(member.records[-1].seconds == last.seconds for member in trained_too)
    card = Card(
        name=name,
        config=best.config,
        epochs=last.epoch,
        steps=last.step,
        seconds=round(last.seconds / at_once, 1),  # its share of the batched run
        device=devices.describe(best.config.device),
        metrics=evaluate(best.model, best.config, seed=FRESH_SEED),
        notes={"command": "python -m trisym reproduce vae"},
    )
    checkpoints.save(best.model, card, context.checkpoint(name))


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {"vae": Recipe("Variational autoencoders at h = 3, 6, 9: is the pose dropped?", "3.6", _vae)}
)
