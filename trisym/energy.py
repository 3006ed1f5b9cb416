"""Inputs of an energy predictor, sides, a latent or coordinates, and their scaling.

Section 3.4: molecule -> features -> table 4 -> scaled energy. Features and energies are scaled to
0..1 by the lowest and highest values of the training set, so MSEs compare with the thesis's.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.datasets import Split
from trisym.errors import ConfigError
from trisym.geometry import side_lengths
from trisym.potentials import molecule_energy
from trisym.sampling import Pairs
from trisym.validation import check_choice

Vertices = Float[Tensor, "batch vertex xyz"]
KINDS = ("sides", "latent", "coordinates")  # what a predictor may see of a molecule


@runtime_checkable
class Encoder(Protocol):
    """An autoencoder, as far as predictors use it: it gives molecules a latent point."""

    def encode(self, vertices: Vertices) -> Float[Tensor, "batch node"]: ...


@dataclass(frozen=True)
class MinMax:
    """(x - low) / (high - low), column by column: 0 to 1 on the set that it was taken from."""

    low: tuple[float, ...]
    high: tuple[float, ...]

    def __post_init__(self) -> None:
        values = (*self.low, *self.high)
        if not self.low or len(self.low) != len(self.high) or not all(map(math.isfinite, values)):
            raise ConfigError("A scaling has a finite lowest and highest value for each column.")
        if any(low > high for low, high in zip(self.low, self.high, strict=True)):
            raise ConfigError("The lowest value of a scaling must not be above its highest.")

    @classmethod
    def of(cls, values: Float[Tensor, "batch column"]) -> MinMax:
        """Return the scaling that takes these values to 0..1."""
        return cls(tuple(values.amin(0).tolist()), tuple(values.amax(0).tolist()))

    @classmethod
    def from_text(cls, text: str) -> MinMax:
        """Return what `as_text` wrote; ConfigError for anything else."""
        try:
            low, high = json.loads(text)
            return cls(tuple(map(float, low)), tuple(map(float, high)))
        except (TypeError, ValueError) as error:
            raise ConfigError(f"A scaling is written [[low, …], [high, …]], not {text}.") from error

    def as_text(self) -> str:
        return json.dumps([list(self.low), list(self.high)])

    def scaled(self, values: Float[Tensor, "*batch column"]) -> Float[Tensor, "*batch column"]:
        return (values - values.new_tensor(self.low)) / self._width(values)

    def restored(self, scaled: Float[Tensor, "*batch column"]) -> Float[Tensor, "*batch column"]:
        return scaled * self._width(scaled) + scaled.new_tensor(self.low)

    @property
    def widths(self) -> tuple[float, ...]:
        """Size of one scaled unit; a column that never varies (a dead node) is not stretched."""
        return tuple(
            high - low if high > low else 1.0 for low, high in zip(self.low, self.high, strict=True)
        )

    def _width(self, like: Tensor) -> Tensor:
        return like.new_tensor(self.widths)


def features(
    kind: str, vertices: Vertices, encoder: Encoder | None = None
) -> Float[Tensor, "batch column"]:
    """Return what a predictor of this kind sees, not scaled: 3 sides, h nodes or 9 coordinates.

    Raises ConfigError for a kind that is not in KINDS, or a latent without its encoder.
    """
    check_choice("The kind of input", kind, KINDS)
    if kind == "sides":
        return side_lengths(vertices)
    if kind == "coordinates":
        return vertices.flatten(1)
    if encoder is None:
        raise ConfigError("The latent needs the encoder that it is the latent of.")
    with torch.no_grad():
        return encoder.encode(vertices)


@dataclass(frozen=True)
class Scaled:
    """A set of molecules as a predictor is trained on it, and how it was scaled."""

    split: Split  # inputs (batch, column), targets (batch, 1), all 0..1 on the training part
    inputs: MinMax
    energies: MinMax


def scaled(kind: str, split: Split, encoder: Encoder | None = None) -> Scaled:
    """Return features and Lennard-Jones energies of molecules, scaled by the training part."""
    columns = [features(kind, part.inputs, encoder) for part in split]
    energies = [molecule_energy(part.inputs)[:, None] for part in split]
    inputs, energy = MinMax.of(columns[0]), MinMax.of(energies[0])
    parts = [
        Pairs(inputs.scaled(x), energy.scaled(e)) for x, e in zip(columns, energies, strict=True)
    ]
    return Scaled(Split(*parts), inputs, energy)
