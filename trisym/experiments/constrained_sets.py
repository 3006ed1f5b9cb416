"""The sets of section 3.5 and what a predictor of table 5 sees of them.

Sets i to iii are `random`, `constant-side` and `fixed-side`, every side above 0.48; row iv of table
5 is two random sides of a triangle of set ii, with no encoder.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from trisym import datasets
from trisym.datasets import MIN_SIDE, DataConfig, Split
from trisym.evaluation import FRESH_SEED
from trisym.geometry import side_lengths
from trisym.networks import Autoencoder
from trisym.potentials import energy_from_sides
from trisym.sampling import Pairs

ROWS = MappingProxyType({"random": "i", "constant-side": "ii", "fixed-side": "iii"})
TWO_SIDES = "two-sides"  # row iv


def data_config(name: str, n: int, seed: int) -> DataConfig:
    """A set of section 3.5: every side above 0.48, in the random set too."""
    return DataConfig(name, n=n, seed=seed, min_side=MIN_SIDE)


def fresh_triangles(name: str, n: int) -> Float[Tensor, "batch vertex xyz"]:
    """Triangles of a set that no training has seen."""
    return datasets.generate(data_config(name, n, FRESH_SEED)).inputs


def which_is_constant(
    sides: Float[Tensor, "batch side"], length: float | None
) -> Int64[Tensor, " batch"]:
    """Return 1, 2 or 3, the side that has the constant length; 0 where the set has none."""
    if length is None:
        return torch.zeros(len(sides), dtype=torch.int64)
    return (sides - length).abs().argmin(dim=1) + 1


def two_random_sides(
    sides: Float[Tensor, "batch side"], seed: int
) -> tuple[Float[Tensor, "batch 2"], Int64[Tensor, " batch"]]:
    """Row iv: each triangle's sides but for a random one, in their order; and which (1, 2, 3)."""
    generator = torch.Generator().manual_seed(seed)
    dropped = torch.randint(3, (len(sides),), generator=generator)
    kept = (dropped[:, None] + torch.tensor([1, 2])) % 3
    return sides.gather(1, kept.sort(dim=1).values), dropped + 1


def inputs_of(
    triangles: Float[Tensor, "batch vertex xyz"], encoder: Autoencoder | None, seed: int
) -> Float[Tensor, "batch 2"]:
    """What a predictor of table 5 sees: two latent nodes, or for row iv two random sides."""
    if encoder is None:
        return two_random_sides(side_lengths(triangles), seed)[0]
    return encoder.encode(triangles)


def energies_of(triangles: Float[Tensor, "batch vertex xyz"]) -> Float[Tensor, "batch 1"]:
    """Lennard-Jones energies (eqs. 9-11), not scaled."""
    return energy_from_sides(side_lengths(triangles))[:, None]


class Scale(NamedTuple):
    """Min-max scaling to 0…1 by the training part: lowest and highest of each column."""

    low: Tensor
    high: Tensor

    @classmethod
    def of(cls, values: Float[Tensor, "sample column"]) -> Scale:
        return cls(values.amin(dim=0), values.amax(dim=0))

    def __call__(self, values: Float[Tensor, "sample column"]) -> Float[Tensor, "sample column"]:
        return (values - self.low) / (self.high - self.low)


class EnergyTask(NamedTuple):
    """What a predictor sees and what it must say, scaled by its own training part."""

    inputs: Scale
    energies: Scale
    split: Split


def energy_task(data: DataConfig, encoder: Autoencoder | None) -> EnergyTask:
    """Latents (or two sides) and energies of a set, each min-max scaled, as the thesis did."""
    parts = [
        (inputs_of(part.inputs, encoder, data.seed + place), energies_of(part.inputs))
        for place, part in enumerate(datasets.generate(data).split())
    ]
    inputs, energies = (Scale.of(column) for column in parts[0])
    return EnergyTask(inputs, energies, Split(*(Pairs(inputs(x), energies(e)) for x, e in parts)))
