from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tests.invariance import assert_invariant, exchanges, rigid_motions
from trisym.errors import ConfigError
from trisym.geometry import side_lengths
from trisym.potentials import (
    energy_from_sides,
    lennard_jones,
    lennard_jones_force,
    molecule_energy,
)

seeds = st.integers(0, 2**32 - 1)
sigmas = st.floats(0.1, 2)


def length(value: float) -> Tensor:
    return torch.tensor(value, dtype=torch.float64)


def molecules(seed: int, batch: int, atoms: int) -> Tensor:
    """Atoms about a unit apart, none close to another: jittered points of a grid."""
    grid = torch.cartesian_prod(*3 * [torch.arange(2.0, dtype=torch.float64)])
    generator = torch.Generator().manual_seed(seed)
    jitter = torch.rand(batch, atoms, 3, dtype=torch.float64, generator=generator)
    return grid[:atoms] + 0.4 * jitter


@given(sigma=sigmas)
def test_the_potential_crosses_zero_at_sigma_and_is_lowest_beyond(sigma):
    """V(sigma) = 0; V'(2^(1/6) sigma) = 0, where V = -1/4."""
    lowest = length(2 ** (1 / 6) * sigma)
    assert lennard_jones(length(sigma), sigma).item() == pytest.approx(0, abs=1e-14)
    assert lennard_jones(lowest, sigma).item() == pytest.approx(-0.25)
    assert lennard_jones_force(lowest, sigma).item() == pytest.approx(0, abs=1e-12)
    assert lennard_jones(0.99 * lowest, sigma) > -0.25
    assert lennard_jones(1.01 * lowest, sigma) > -0.25


def test_sigma_is_one_half_unless_said_otherwise():
    assert lennard_jones(length(0.5)).item() == 0
    assert lennard_jones(length(1.0)).item() == 2.0**-12 - 2.0**-6


@given(r=st.floats(0.2, 3), sigma=sigmas)
def test_the_force_is_minus_the_slope(r, sigma):
    """F(r) = -dV/dr."""
    place = length(r).requires_grad_()
    (slope,) = torch.autograd.grad(lennard_jones(place, sigma), place)
    force = lennard_jones_force(length(r), sigma).item()
    assert force == pytest.approx(-slope.item(), rel=1e-9, abs=1e-12)


def test_the_force_pushes_close_atoms_apart_and_pulls_far_ones():
    assert lennard_jones_force(length(0.5)) > 0
    assert lennard_jones_force(length(0.8)) < 0


def energy_by_the_text(vertices: Tensor) -> float:
    """eps_i = sum over j != i of V(r_ij); E = 2 sum of eps_i (eqs. 10-11)."""
    atoms = vertices.tolist()
    epsilon = [
        sum((0.5 / math.dist(a, b)) ** 12 - (0.5 / math.dist(a, b)) ** 6 for b in atoms if b != a)
        for a in atoms
    ]
    return 2 * sum(epsilon)


@pytest.mark.parametrize("atoms", [2, 3, 4, 7])
def test_the_energy_is_that_of_the_text(atoms):
    batch = molecules(0, 5, atoms)
    expected = torch.tensor([energy_by_the_text(each) for each in batch], dtype=torch.float64)
    torch.testing.assert_close(molecule_energy(batch), expected)
    torch.testing.assert_close(energy_from_sides(side_lengths(batch)), expected)
    # Each pair is in two of the eps, so E = 4 sum of V, half of what the notebooks computed.
    pairs = lennard_jones(side_lengths(batch)).sum(dim=-1)
    torch.testing.assert_close(4 * pairs, expected)
    torch.testing.assert_close((2 * 4 * pairs) / expected, torch.full_like(expected, 2))


@given(seed=seeds, atoms=st.integers(2, 6))
def test_the_energy_is_invariant_under_rigid_motions_and_exchange(seed, atoms):
    """E(R x + t) = E(x), E(P x) = E(x); E(S x) != E(x) for a stretch S."""
    batch = molecules(seed, 3, atoms)
    assert_invariant(molecule_energy, rigid_motions, 1e-9, batch, seed)
    assert_invariant(molecule_energy, exchanges, 1e-9, batch, seed)
    with pytest.raises(AssertionError, match="of its size"):
        assert_invariant(molecule_energy, lambda x, _: 1.05 * x, 1e-4, batch)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_two_atoms_in_one_place_have_infinite_energy(dtype):
    vertices = molecules(0, 2, 3).to(dtype)
    vertices[0, 1] = vertices[0, 0]
    energy = molecule_energy(vertices)
    assert energy.dtype == dtype
    assert energy[0] == math.inf
    assert energy[1].isfinite()
    zero = torch.zeros(1, dtype=dtype)
    assert lennard_jones(zero) == math.inf
    assert lennard_jones_force(zero) == math.inf


@pytest.mark.parametrize("sigma", [0.0, -0.5, math.nan])
def test_sigma_must_be_a_length(sigma):
    with pytest.raises(ConfigError, match="sigma must be a length above 0"):
        lennard_jones(length(1.0), sigma)
    with pytest.raises(ConfigError, match="sigma must be a length above 0"):
        molecule_energy(molecules(0, 1, 3), sigma)
