"""Forces −∂E/∂x of a learned energy, and how far they are from the exact ones.

The exact energy is the Lennard-Jones energy of a molecule (trisym.potentials). It is the same in
every pose, so its forces add up to 0 and turn nothing: an energy that sees poses fails at both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.energy import MinMax, Scaled
from trisym.jacobians import Function, by_autograd, of_coordinates, of_predictor
from trisym.networks import Autoencoder, Predictor
from trisym.potentials import molecule_energy

Vertices = Float[Tensor, "batch vertex xyz"]
Forces = Float[Tensor, "batch vertex xyz"]


@dataclass(frozen=True)
class Energy:
    """A learned energy as a function of molecules, float64, scaled to 0..1; and its scaling."""

    function: Function  # one node, the scaled energy
    scaling: MinMax

    @classmethod
    def of_head(cls, model: Autoencoder, scaling: MinMax) -> Energy:
        """Return the energy that an autoencoder's head reads; ConfigError where it has none."""
        exact = type(model)(model.config).double()
        exact.load_state_dict(model.state_dict())
        exact.requires_grad_(False)
        return cls(by_autograd(lambda x: exact.scaled_energy(x)[:, None]), scaling)

    @classmethod
    def of_predictor(cls, model: Predictor, scaled: Scaled) -> Energy:
        """Return the energy of a predictor on coordinates."""
        return cls(of_predictor(model, scaled.inputs, of_coordinates()), scaled.energies)

    def __call__(self, vertices: Vertices) -> Float[Tensor, " batch"]:
        """Return the scaled energies."""
        return self.function(vertices.double()).values[:, 0]

    def scaled(self, energies: Float[Tensor, " batch"]) -> Float[Tensor, " batch"]:
        """Return exact energies on the scale of the learned ones."""
        return self.scaling.scaled(energies.double()[:, None])[:, 0]

    def forces(self, vertices: Vertices) -> Forces:
        """Return −∂E/∂x in the units of `molecule_energy`, by length."""
        jacobian = self.function(vertices.double()).jacobian[:, 0]
        return -jacobian.unflatten(-1, (-1, 3)) * self.scaling.widths[0]


def exact_forces(vertices: Vertices) -> Forces:
    """Return −∂E/∂x of the Lennard-Jones energy."""
    exact = by_autograd(lambda x: molecule_energy(x)[:, None])
    return -exact(vertices.double()).jacobian[:, 0].unflatten(-1, (-1, 3))


def compared(learned: Energy, vertices: Vertices) -> dict[str, float]:
    """Return the errors of learned forces on molecules.

    force_error: rms difference over the rms force. force_angle: the median angle between learned
    and exact force of an atom, in degrees, 90 for a guess. force_size_error: the mean difference of
    sizes over the mean size. net_force and net_torque: rms of what should be 0, over rms force and
    rms force times distance from the centre.
    """
    exact, found = exact_forces(vertices), learned.forces(vertices)
    arms = vertices.double() - vertices.double().mean(-2, keepdim=True)
    sizes, exact_sizes = found.norm(dim=-1), exact.norm(dim=-1)
    torque = torch.linalg.cross(arms, found).sum(-2)
    return {
        "force_error": _rms(found - exact) / _rms(exact),
        "force_angle": angles(found, exact).median().item(),
        "force_size_error": ((sizes - exact_sizes).abs().mean() / exact_sizes.mean()).item(),
        "net_force": _rms(found.sum(-2)) / _rms(exact),
        "net_torque": _rms(torque) / (_rms(exact) * _rms(arms)),
    }


def angles(found: Forces, exact: Forces) -> Float[Tensor, "batch vertex"]:
    """Return the angle between two forces on each atom, in degrees."""
    across = torch.linalg.cross(found, exact).norm(dim=-1)
    return torch.atan2(across, (found * exact).sum(-1)) * (180 / math.pi)


def _rms(vectors: Float[Tensor, "*batch xyz"]) -> float:
    return vectors.square().sum(-1).mean().sqrt().item()
