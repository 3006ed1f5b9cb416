"""Trained energy predictors (section 3.4), with the scaling and the encoder that they stand on.

Vertices -> features -> table 4 -> scaled energy -> energy: the card holds all but the encoder.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.energy import KINDS, MinMax, Scaled, features
from trisym.errors import CheckpointError, ConfigError
from trisym.networks import Autoencoder, Predictor
from trisym.storage import checkpoints
from trisym.validation import check_choice


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
