"""The sets of section 3.5 and the inputs of the predictors of table 5.

Sets i to iii are `random`, `constant-side` and `fixed-side`, every side above 0.48; row iv of table
5 is two random sides of a triangle of set ii, with no encoder.
"""

from __future__ import annotations

from types import MappingProxyType

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from trisym import datasets
from trisym.datasets import MIN_SIDE, DataConfig, Split
from trisym.energy import MinMax, Scaled, features
from trisym.evaluation import FRESH_SEED
from trisym.geometry import side_lengths
from trisym.networks import Autoencoder
from trisym.potentials import molecule_energy
from trisym.sampling import Pairs

ROWS = MappingProxyType({"random": "i", "constant-side": "ii", "fixed-side": "iii"})
TWO_SIDES = "two-sides"  # row iv


def data_config(name: str, n: int, seed: int) -> DataConfig:
    """Return a set of section 3.5: every side above 0.48, in the random set too."""
    return DataConfig(name, n=n, seed=seed, min_side=MIN_SIDE)


def fresh_triangles(name: str, n: int) -> Float[Tensor, "batch vertex xyz"]:
    """Return triangles of a set that no training has seen."""
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
    """Return row iv: each triangle's sides but for a random one, in order; and which (1, 2, 3)."""
    generator = torch.Generator().manual_seed(seed)
    dropped = torch.randint(3, (len(sides),), generator=generator)
    kept = (dropped[:, None] + torch.tensor([1, 2])) % 3
    return sides.gather(1, kept.sort(dim=1).values), dropped + 1


def inputs_of(
    triangles: Float[Tensor, "batch vertex xyz"], encoder: Autoencoder | None, seed: int
) -> Float[Tensor, "batch 2"]:
    """Return the inputs of a predictor of table 5: two latent nodes, or for row iv two sides."""
    if encoder is None:
        return two_random_sides(side_lengths(triangles), seed)[0]
    return features("latent", triangles, encoder)


def scaled_task(data: DataConfig, encoder: Autoencoder | None) -> Scaled:
    """Draw a set as its predictor is trained on it: latents (or two sides) and energies, 0 to 1."""
    parts = [
        (inputs_of(part.inputs, encoder, data.seed + place), energies_of(part.inputs))
        for place, part in enumerate(datasets.generate(data).split())
    ]
    inputs, energies = (MinMax.of(column) for column in parts[0])
    pairs = [Pairs(inputs.scaled(x), energies.scaled(e)) for x, e in parts]
    return Scaled(Split(*pairs), inputs, energies)


def energies_of(triangles: Float[Tensor, "batch vertex xyz"]) -> Float[Tensor, "batch 1"]:
    """Return Lennard-Jones energies (eqs. 9-11), not scaled."""
    return molecule_energy(triangles)[:, None]
