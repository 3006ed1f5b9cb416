"""Molecules of two kinds of atom: their law, their energy, and what renumbering does."""

from __future__ import annotations

from itertools import permutations

import pytest
import torch

from trisym import mixtures
from trisym.errors import ConfigError
from trisym.geometry import side_lengths
from trisym.mixtures import KRYPTON, NEON, UNIT_NM, Kind, Molecules, draw, energy

MOLECULES = draw(2_000, seed=1, dtype=torch.float64)


def test_the_energy_is_the_sum_of_its_pairs() -> None:
    """Written out atom by atom for some molecules, in nm and K."""
    for vertices, which in zip(MOLECULES.vertices[:20], MOLECULES.krypton[:20], strict=True):
        kinds = [KRYPTON if atom == which else NEON for atom in range(3)]
        total = 0.0
        for i in range(3):
            for j in range(i):
                pair = mixtures.mixed(kinds[i], kinds[j])
                r = float((vertices[i] - vertices[j]).norm()) * UNIT_NM
                total += 4 * pair.epsilon * ((pair.sigma / r) ** 12 - (pair.sigma / r) ** 6)
        found = energy(Molecules(vertices[None], which[None]))
        assert float(found[0]) == pytest.approx(total)


def test_the_law_of_the_molecules() -> None:
    vertices, krypton = MOLECULES
    assert vertices.min() >= 0
    assert vertices.max() <= mixtures.EDGE
    shares = torch.bincount(krypton, minlength=3) / len(krypton)
    assert torch.allclose(shares, torch.full((3,), 1 / 3), atol=0.04)
    sigma = torch.where(mixtures.unlike(krypton), mixtures.mixed(NEON, KRYPTON).sigma, NEON.sigma)
    assert (side_lengths(vertices) * UNIT_NM > mixtures.CLOSEST * sigma * (1 - 1e-9)).all()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_numbers_change_no_energy(order: tuple[int, int, int]) -> None:
    other = mixtures.renumbered(MOLECULES, order)
    assert torch.allclose(energy(other), energy(MOLECULES))
    assert torch.allclose(mixtures.sorted_by_kind(other), mixtures.sorted_by_kind(MOLECULES))


def test_two_neons_may_change_places_a_neon_and_the_krypton_may_not() -> None:
    swapped, exchanged = (
        change(MOLECULES) for change in (mixtures.neons_swapped, mixtures.kinds_exchanged)
    )
    assert torch.allclose(energy(swapped), energy(MOLECULES))
    assert (swapped.vertices != MOLECULES.vertices).any()
    assert (energy(exchanged) - energy(MOLECULES)).abs().median() > 1  # kelvin: the control
    assert torch.equal(mixtures.kinds_exchanged(exchanged).krypton, MOLECULES.krypton)


def test_sorted_by_kind_fixes_the_energy() -> None:
    alike, near, far = mixtures.sorted_by_kind(MOLECULES).unbind(1)
    assert (near <= far).all()
    pairs = [(alike, mixtures.mixed(NEON, NEON)), (near, None), (far, None)]
    total = torch.zeros_like(alike)
    for length, kind in pairs:
        pair = kind or mixtures.mixed(NEON, KRYPTON)
        sixth = (pair.sigma / (length * UNIT_NM)) ** 6
        total += 4 * pair.epsilon * sixth * (sixth - 1)
    assert torch.allclose(total, energy(MOLECULES))


def test_bad_input_is_a_sentence() -> None:
    with pytest.raises(ConfigError, match="must be above 0"):
        Kind("nothing", 0.0, 1.0)
    with pytest.raises(ConfigError, match="n must be a whole number from 1"):
        draw(0, seed=0)
