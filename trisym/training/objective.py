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
from trisym.losses import ALL_LOSSES, ENERGY, mse
from trisym.networks import (
    AutoencoderConfig,
    NetworkConfig,
    encoded_stacked,
    forward_stacked,
    forward_variational,
    read_stacked,
)
from trisym.potentials import molecule_energy

Samples = Float[Tensor, "member batch _"]  # inputs, targets or outputs


@dataclass(frozen=True)
class Losses:
    """Losses of each member: what all its parts descend on, and what of that its encoder hears.

    rebuilt: the latter alone, no weight of MSE or KL in it; output: what the decoder makes.
    """

    descended: Float[Tensor, " member"]
    asked: Float[Tensor, " member"]
    rebuilt: Float[Tensor, " member"]
    output: Samples


@dataclass(frozen=True)
class Objective:
    """The losses of K members of one shape; weights are None where no member has any."""

    loss: str
    mse_weights: Float[Tensor, " member"] | None
    kl_weights: Float[Tensor, " member"] | None
    energy_weights: Float[Tensor, " member"] | None  # None without a head
    energy_range: Float[Tensor, "member 2"] | None  # lowest and highest of the training part

    @classmethod
    def of(
        cls, configs: Sequence[FitConfig], energy_range: Tensor | None, like: Tensor
    ) -> Objective:
        """Return the objective of these members; `energy_range` as `energy_ranges` gives it."""

        def weighed(weights: list[float]) -> Tensor | None:
            return like.new_tensor(weights) if any(weights) else None

        lambdas = [1.0 if c.loss == ENERGY else c.energy_weight for c in configs]
        return cls(
            configs[0].loss,
            weighed([config.mse_weight for config in configs]),
            weighed([config.kl_weight for config in configs]),
            None if energy_range is None else like.new_tensor(lambdas),
            energy_range,
        )

    def __call__(
        self,
        network: NetworkConfig,
        weights: list[Tensor],
        inputs: Samples,
        targets: Samples,
        noise: Tensor | None = None,
    ) -> Losses:
        """Return the members' losses on a batch each, and what their decoders make of it.

        noise: of the codes of variational members; None for their means, and no price.
        """
        if self.energy_weights is not None:
            return self._with_energy(network, weights, inputs, targets)
        price = None
        if self.kl_weights is None or noise is None:
            output = forward_stacked(network, weights, inputs)
        else:
            assert isinstance(network, AutoencoderConfig)  # only these are variational
            output, code = forward_variational(network, weights, inputs, noise)
            price = self.kl_weights * code.nats().sum(-1).mean(-1)
        rebuilt = self._rebuilt(targets, output)
        asked = rebuilt if price is None else rebuilt + price
        asked = self._pinned(asked, targets, output)
        return Losses(asked, asked, rebuilt, output)

    def _with_energy(
        self, network: NetworkConfig, weights: list[Tensor], inputs: Samples, targets: Samples
    ) -> Losses:
        assert isinstance(network, AutoencoderConfig)
        assert self.energy_weights is not None
        assert self.energy_range is not None  # both belong to a head
        latent = encoded_stacked(network, weights, inputs)
        apart = latent.detach()
        teaches = ALL_LOSSES[self.loss].teaches
        told = self.energy_weights > 0
        seen = torch.where(told[:, None, None], latent, apart)
        output, energy = read_stacked(network, weights, latent if teaches else apart, seen)
        low, high = self.energy_range[:, None].unbind(-1)
        actual = (molecule_energy(targets.unflatten(-1, (-1, 3))) - low) / (high - low)
        energies = (energy[..., 0] - actual).square().mean(-1)
        weighted = self.energy_weights * energies
        coordinates = self._rebuilt(targets, output)
        pinned = self._pinned(coordinates, targets, output)
        return Losses(
            pinned + torch.where(told, weighted, energies),
            pinned + weighted if teaches else weighted,
            coordinates + weighted if teaches else weighted,
            output,
        )

    def _rebuilt(self, targets: Samples, output: Samples) -> Float[Tensor, " member"]:
        return ALL_LOSSES[self.loss].per_sample(targets, output).mean(-1)

    def _pinned(self, loss: Tensor, targets: Samples, output: Samples) -> Float[Tensor, " member"]:
        """Return a loss with the weight of eq. 2 added, which pins the pose."""
        if self.mse_weights is None:
            return loss
        return loss + self.mse_weights * mse(targets, output).mean(-1)


def energy_ranges(molecules: Float[Tensor, "set sample value"]) -> Float[Tensor, "set 2"]:
    """Return the lowest and the highest energy of each set."""
    energies = molecule_energy(molecules.unflatten(-1, (-1, 3)))
    return torch.stack([energies.amin(-1), energies.amax(-1)], -1)
