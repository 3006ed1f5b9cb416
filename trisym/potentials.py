"""The Lennard-Jones energy of a molecule, from its vertices or from its sides.

Thesis eqs. 9-11: V(r) = (sigma/r)^12 - (sigma/r)^6; eps_i = sum_{j != i} V(r_ij) and
E = 2 (eps_1 + eps_2 + eps_3).
"""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor

from trisym.errors import ConfigError
from trisym.geometry import side_lengths

SIGMA = 0.5


def lennard_jones(r: Float[Tensor, "*any"], sigma: float = SIGMA) -> Float[Tensor, "*any"]:
    """V(r) = (sigma/r)^12 - (sigma/r)^6, eq. 9 as printed: no factor 4, so the depth is 1/4.

    Zero at r = sigma, lowest at r = 2^(1/6) sigma. r = 0 gives +inf; nothing is clipped.
    `r` and `sigma` share a unit of length. Raises ConfigError unless sigma > 0.
    """
    sixth = _sixth_power(r, sigma)
    return sixth * (sixth - 1)  # and not s^12 - s^6, which is inf - inf = NaN at r = 0


def lennard_jones_force(r: Float[Tensor, "*any"], sigma: float = SIGMA) -> Float[Tensor, "*any"]:
    """-dV/dr = (12 (sigma/r)^12 - 6 (sigma/r)^6) / r; positive pushes the two atoms apart.

    This is the force of one V; the molecule's energy holds each pair 4 times. r = 0 gives +inf.
    """
    sixth = _sixth_power(r, sigma)
    return 6 * sixth * (2 * sixth - 1) / r


def _sixth_power(r: Float[Tensor, "*any"], sigma: float) -> Float[Tensor, "*any"]:
    if not sigma > 0:
        raise ConfigError(f"sigma must be a length above 0, not {sigma}.")
    # torch multiplies for ** 2 and ** 3, and calls the far slower pow for ** 6.
    return ((sigma / r) ** 2) ** 3


def energy_from_sides(
    sides: Float[Tensor, "*batch side"], sigma: float = SIGMA
) -> Float[Tensor, "*batch"]:
    """E = 4 sum over pairs of V(r), for molecules given by all their n(n-1)/2 sides, any n.

    E = 2 sum_i eps_i as printed in eqs. 10-11, and each pair is in two of the eps_i, hence the 4.
    The thesis's notebooks have V four times as deep and count each pair once:
    E_notebook = 2 sum over pairs of 4 V = 2 E, a factor that min-max scaling removes.
    """
    return 4 * lennard_jones(sides, sigma).sum(dim=-1)


def molecule_energy(
    vertices: Float[Tensor, "*batch vertex xyz"], sigma: float = SIGMA
) -> Float[Tensor, "*batch"]:
    """E = 2 (eps_1 + ... + eps_n) of atoms at the vertices (eqs. 10-11), any n >= 2.

    For n = 3 that is 2 (eps_1 + eps_2 + eps_3). Two atoms in one place: the energy is +inf.
    """
    return energy_from_sides(side_lengths(vertices), sigma)
