"""What K members of one program descend on: a loss of triangles, and the energy of Fig. 15.

    loss = L(x, decoder(z)) + λ · (head(z₁…) − E(x))²,    z = encoder(x),

E the Lennard-Jones energy, scaled to 0..1 on the training set. At λ = 0 the head learns all the
same, and at λ = ∞ (the loss `energy`) the decoder does, each from a latent whose gradient ends
there: what a network was not asked for is read off its latent without a word to the encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.config import FitConfig
from trisym.losses import ENERGY, LOSSES, mse
from trisym.networks import (
    AutoencoderConfig,
    NetworkConfig,
    encoded_stacked,
    forward_stacked,
    read_stacked,
)
from trisym.potentials import molecule_energy

Samples = Float[Tensor, "member batch _"]  # inputs, targets or outputs


@dataclass(frozen=True)
class Losses:
    """Of each member: what its encoder is asked for, and what all its parts descend on."""

    asked: Float[Tensor, " member"]
    descended: Float[Tensor, " member"]
    output: Samples


@dataclass(frozen=True)
class Objective:
    """The losses of K members of one shape; weights are None where no member has any."""

    loss: str
    mse_weights: Float[Tensor, " member"] | None
    energy_weights: Float[Tensor, " member"] | None  # None without a head
    energy_range: Float[Tensor, "member 2"] | None  # lowest and highest of the training part

    @classmethod
    def of(
        cls, configs: Sequence[FitConfig], energy_range: Tensor | None, like: Tensor
    ) -> Objective:
        """Return the objective of these members; `energy_range` as `energy_ranges` gives it."""
        weights = [config.mse_weight for config in configs]
        lambdas = [1.0 if c.loss == ENERGY else c.energy_weight for c in configs]
        return cls(
            configs[0].loss,
            like.new_tensor(weights) if any(weights) else None,
            None if energy_range is None else like.new_tensor(lambdas),
            energy_range,
        )

    def __call__(
        self, network: NetworkConfig, weights: list[Tensor], inputs: Samples, targets: Samples
    ) -> Losses:
        """Return the members' losses on a batch each, and what their decoders make of it."""
        if self.energy_weights is None or self.energy_range is None:
            output = forward_stacked(network, weights, inputs)
            loss = self._of_coordinates(targets, output)
            return Losses(loss, loss, output)
        assert isinstance(network, AutoencoderConfig)
        latent = encoded_stacked(network, weights, inputs)
        apart = latent.detach()
        teaches = LOSSES[self.loss].teaches
        told = self.energy_weights > 0
        seen = torch.where(told[:, None, None], latent, apart)
        output, energy = read_stacked(network, weights, latent if teaches else apart, seen)
        low, high = self.energy_range[:, None].unbind(-1)
        actual = (molecule_energy(targets.unflatten(-1, (-1, 3))) - low) / (high - low)
        coordinates = self._of_coordinates(targets, output)
        energies = (energy[..., 0] - actual).square().mean(-1)
        weighted = self.energy_weights * energies
        return Losses(
            coordinates + weighted if teaches else weighted,
            coordinates + torch.where(told, weighted, energies),
            output,
        )

    def _of_coordinates(self, targets: Samples, output: Samples) -> Float[Tensor, " member"]:
        loss = LOSSES[self.loss].per_sample(targets, output).mean(-1)
        if self.mse_weights is None:
            return loss
        return loss + self.mse_weights * mse(targets, output).mean(-1)


def energy_ranges(molecules: Float[Tensor, "set sample value"]) -> Float[Tensor, "set 2"]:
    """Return the lowest and the highest energy of each set."""
    energies = molecule_energy(molecules.unflatten(-1, (-1, 3)))
    return torch.stack([energies.amin(-1), energies.amax(-1)], -1)
