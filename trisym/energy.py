"""Energy from sides, from a latent or from coordinates: features, scaling, trained predictors.

Section 3.4: molecule -> features -> table 4 -> scaled energy. Features and energies are scaled to
0..1 by the lowest and highest values of the training set, so MSEs compare with the thesis's.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from trisym import checkpoints
from trisym.datasets import Split
from trisym.errors import CheckpointError, ConfigError
from trisym.geometry import side_lengths
from trisym.networks import Autoencoder, Predictor
from trisym.potentials import molecule_energy
from trisym.sampling import Pairs
from trisym.validation import check_choice

KINDS = ("sides", "latent", "coordinates")  # what a predictor may see of a molecule


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
        """What one scaled unit is; a column that never varies (a dead node) is not stretched."""
        return tuple(
            high - low if high > low else 1.0 for low, high in zip(self.low, self.high, strict=True)
        )

    def _width(self, like: Tensor) -> Tensor:
        return like.new_tensor(self.widths)


def features(
    kind: str, vertices: Float[Tensor, "batch vertex xyz"], encoder: Autoencoder | None = None
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


def scaled(kind: str, split: Split, encoder: Autoencoder | None = None) -> Scaled:
    """Return features and Lennard-Jones energies of molecules, scaled by the training part."""
    columns = [features(kind, part.inputs, encoder) for part in split]
    energies = [molecule_energy(part.inputs)[:, None] for part in split]
    inputs, energy = MinMax.of(columns[0]), MinMax.of(energies[0])
    parts = [
        Pairs(inputs.scaled(x), energy.scaled(e)) for x, e in zip(columns, energies, strict=True)
    ]
    return Scaled(Split(*parts), inputs, energy)


@dataclass(frozen=True)
class EnergyModel:
    """A trained predictor with all that leads from vertices to an energy, scaling included."""

    kind: str
    predictor: Predictor
    inputs: MinMax
    energies: MinMax
    encoder: Autoencoder | None = None

    def __post_init__(self) -> None:
        check_choice("The kind of input", self.kind, KINDS)
        if (self.kind == "latent") != (self.encoder is not None):
            raise ConfigError("A latent predictor has an encoder, and no other kind has one.")
        columns = {"sides": 3, "coordinates": 9}.get(self.kind) or self.encoder_size
        if not columns == len(self.inputs.low) == self.predictor.config.inputs:
            raise ConfigError(f"A predictor on {self.kind} must have {columns} scaled inputs.")
        if len(self.energies.low) != 1:
            raise ConfigError("The scaling of the energy must have one column.")

    @property
    def encoder_size(self) -> int:
        """The number of latent nodes; 0 without an encoder."""
        return self.encoder.config.latent if self.encoder else 0

    def scaled_energy(self, vertices: Float[Tensor, "batch vertex xyz"]) -> Float[Tensor, " batch"]:
        """Return the predicted energy as the network gives it: 0..1 on the training set."""
        columns = features(self.kind, vertices, self.encoder)
        with torch.no_grad():
            return self.predictor(self.inputs.scaled(columns))[:, 0]

    def energy(self, vertices: Float[Tensor, "batch vertex xyz"]) -> Float[Tensor, " batch"]:
        """Return the predicted energy in the units of `molecule_energy`."""
        return self.energies.restored(self.scaled_energy(vertices)[:, None])[:, 0]


def notes(
    kind: str, scaling: Scaled, encoder_name: str = "", encoder_sha256: str = ""
) -> dict[str, str]:
    """Return what a predictor's card must say, so that `load` can rebuild the EnergyModel."""
    written = {
        "input": kind,
        "input_scaling": scaling.inputs.as_text(),
        "energy_scaling": scaling.energies.as_text(),
    }
    if kind == "latent":
        written |= {"encoder": encoder_name, "encoder_sha256": encoder_sha256}
    return written


def load(name_or_path: str | Path, encoder: str | Path | None = None) -> EnergyModel:
    """Return an energy predictor with its scaling and, for a latent, its encoder.

    `encoder` is looked up by the name in the card if it is not given. Raises CheckpointError when
    the card lacks the scaling, or when the predictor was trained on the latent of another encoder.
    """
    model, card = checkpoints.read(name_or_path)
    if not isinstance(model, Predictor) or "input" not in card.notes:
        raise CheckpointError(f"{card.name} is not an energy predictor with a scaling in its card.")
    missing = {"input_scaling", "energy_scaling"} - card.notes.keys()
    if missing:
        raise CheckpointError(f"The card of {card.name} lacks {', '.join(sorted(missing))}.")
    kind = card.notes["input"]
    try:
        return EnergyModel(
            kind,
            model,
            MinMax.from_text(card.notes["input_scaling"]),
            MinMax.from_text(card.notes["energy_scaling"]),
            _encoder(card, encoder) if kind == "latent" else None,
        )
    except ConfigError as error:
        raise CheckpointError(f"{card.name}: {error}") from error


def _encoder(card: checkpoints.Card, where: str | Path | None) -> Autoencoder:
    where = where or card.notes.get("encoder", "")
    if checkpoints.sha256(where) != card.notes.get("encoder_sha256"):
        raise CheckpointError(
            f"{card.name} was trained on the latent of another {card.notes.get('encoder')}; "
            "`python -m trisym reproduce energy-history` trains it anew."
        )
    return checkpoints.load_autoencoder(where)
