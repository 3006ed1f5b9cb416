"""Errors and orbit spreads of a trained network on triangles that it has never seen."""

from __future__ import annotations

from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from trisym import datasets
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DATASETS, DataConfig
from trisym.errors import ConfigError, DataError
from trisym.geometry import random_motions_inside, side_lengths
from trisym.metrics import METRICS, orbit_spread, orbit_spreads, whitened
from trisym.networks import Autoencoder, Predictor, build, initial_weights
from trisym.sampling import Pairs

FRESH_SEED = 2021  # of held-out triangles; trainings usually draw from seeds 0, 1, …
TRIANGLES = 20_000  # the thesis's test set
ORBITS = 200  # of these triangles,
POSES = 100  # each moved rigidly so many times
UNTRAINED_SEED = 0  # of the weights of a network that has learned nothing


def evaluate(
    model: Autoencoder | Predictor, config: FitConfig, seed: int | None = None
) -> dict[str, float]:
    """Measure an autoencoder on 20,000 fresh triangles of the set it was trained on.

    Returns mse, side_error (a side), perimeter_error, and orbit_spread_inside, _near_above,
    _near_below, _far_above, _far_below: the orbit spread over 200 triangles x 100 motions
    (trisym.metrics); orbit_spread_whitened, in which every direction of the latent counts alike,
    and pose_side_sd, the standard deviation of a rebuilt side that the pose alone causes, both
    inside the cube. The same seed gives the same numbers; None takes one that the training did not
    use. Where one of more than three points has no room to turn in the cube, sets that are longer
    than its edge are shrunk to it. Raises ConfigError for a predictor, or for the seed of the
    training set.
    """
    if not isinstance(model, Autoencoder):
        raise ConfigError("Only autoencoders return triangles; an energy predictor has no sides.")
    first = next(model.parameters())
    fresh = held_out(config.data, fresh_seed(config.data, seed))
    inputs, targets = (part.to(first.device, first.dtype) for part in fresh)
    with torch.no_grad():
        outputs = model(inputs)
    errors = {name: measure(targets, outputs).item() for name, measure in METRICS.items()}
    edge = _edge(config.data)
    try:
        return errors | _under_motions(model, inputs[:ORBITS], edge)
    except DataError:
        if config.data.points == 3:
            raise
        return errors | _under_motions(model, shrunk(inputs[:ORBITS], edge), edge)


def _under_motions(
    model: Autoencoder, triangles: Float[Tensor, "batch vertex xyz"], edge: float
) -> dict[str, float]:
    generator = torch.Generator().manual_seed(FRESH_SEED)
    spreads = orbit_spreads(model.encode, triangles, POSES, generator, edge)
    ranges = {f"orbit_spread_{name}": spread for name, spread in vars(spreads).items()}
    return ranges | pose_effects(model, triangles, edge)


def shrunk(
    samples: Float[Tensor, "batch vertex xyz"], edge: float
) -> Float[Tensor, "batch vertex xyz"]:
    """Return samples, those longer than the edge shrunk to it about their centroids."""
    centroids = samples.mean(1, keepdim=True)
    longest = side_lengths(samples).amax(-1)[:, None, None]
    return centroids + (samples - centroids) * (edge / longest).clamp(max=1)


@torch.no_grad()
def pose_effects(
    model: Autoencoder, triangles: Float[Tensor, "batch vertex xyz"], edge: float
) -> dict[str, float]:
    """Return what poses inside the cube do to whitened latents, and to the rebuilt sides."""
    generator = torch.Generator().manual_seed(FRESH_SEED)
    poses = random_motions_inside(triangles, POSES, generator, edge)
    latents = model.encode(poses.flatten(0, 1))
    sides = side_lengths(model.decode(latents)).unflatten(0, poses.shape[:2])
    return {
        "orbit_spread_whitened": orbit_spread(whitened(latents.unflatten(0, poses.shape[:2]))),
        "pose_side_sd": sides.var(dim=1).mean().sqrt().item(),
    }


def fresh_seed(data: DataConfig, seed: int | None = None) -> int:
    """Return a seed for triangles that are not the training set's: this one, or one of ours.

    Raises ConfigError for the seed of the training set.
    """
    if seed is None:
        return FRESH_SEED if data.seed != FRESH_SEED else FRESH_SEED + 1
    if seed == data.seed:
        raise ConfigError(f"The seed {seed} drew the training set: take another for fresh ones.")
    return seed


def held_out(data: DataConfig, seed: int) -> Pairs:
    """Draw triangles of the same law; for pairs, what follows the training set in its own stream.

    A seed also decides what the pairs of table 2 share (the one triangle of set a, the one
    translation of set b), so that with another seed they would be another task.
    """
    if DATASETS[data.name].pairs is None:
        fresh = datasets.generate(replace(data, n=TRIANGLES, seed=seed))
        return Pairs(fresh.inputs, fresh.targets)
    longer = datasets.generate(replace(data, n=data.n + TRIANGLES))
    return Pairs(longer.inputs[data.n :], longer.targets[data.n :])


def _edge(data: DataConfig) -> float:
    assert data.edge is not None  # DataConfig puts the set's own edge in the place of None
    return data.edge


def untrained() -> Autoencoder:
    """Return the network of table 3 as it is before training: the control that learned nothing."""
    network = build(PRESETS["fast"].network)
    assert isinstance(network, Autoencoder)
    network.load_state_dict(
        initial_weights(network.config, torch.Generator().manual_seed(UNTRAINED_SEED))
    )
    return network.eval().requires_grad_(False)
