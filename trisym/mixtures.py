"""Molecules of two kinds of atom: Ne₂Kr, two neons and one krypton, in the Lennard-Jones model.

    E = Σ over pairs of 4 ε [(σ/r)¹² − (σ/r)⁶],   σ = (σ₁ + σ₂)/2,   ε = √(ε₁ ε₂)

with each pair's own σ and ε, mixed by the rules of Lorentz and Berthelot; numbers from M. P. Allen
and D. J. Tildesley, Computer Simulation of Liquids (Oxford 1987), table 1.1. Which atom is the
krypton is an input of its own: atoms have numbers and kinds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from trisym.errors import ConfigError
from trisym.geometry import side_lengths
from trisym.sampling import Limits, in_cube, uniform_stream
from trisym.validation import check_whole


@dataclass(frozen=True)
class Kind:
    """A kind of atom: σ in nm and ε/k in K; ConfigError unless both are above 0."""

    name: str
    sigma: float
    epsilon: float

    def __post_init__(self) -> None:
        if not (self.sigma > 0 and self.epsilon > 0):
            raise ConfigError(f"σ and ε of {self.name} must be above 0.")


NEON = Kind("neon", 0.272, 47.0)
KRYPTON = Kind("krypton", 0.383, 164.0)

# The mean σ is 0.5 in the unit of the unit cube, as the thesis's one σ is; so are its box of 0.7
# and its shortest side of 0.48, 0.96 σ.
UNIT_NM = (NEON.sigma + KRYPTON.sigma) / 2 / 0.5
EDGE = 0.7
CLOSEST = 0.96  # in σ of the pair: nearer, the energy rises without bound
SIDES = ((0, 1), (1, 2), (2, 0))  # the atoms of l1, l2, l3


class Molecules(NamedTuple):
    """Ne₂Kr molecules: where the atoms are, and which of the three is the krypton."""

    vertices: Float[Tensor, "batch 3 xyz"]
    krypton: Int[Tensor, " batch"]


def mixed(one: Kind, other: Kind) -> Kind:
    """Return what a pair of two kinds has for σ and ε (Lorentz and Berthelot)."""
    sigma = (one.sigma + other.sigma) / 2
    return Kind(f"{one.name}-{other.name}", sigma, math.sqrt(one.epsilon * other.epsilon))


def unlike(krypton: Int[Tensor, "*batch"]) -> Bool[Tensor, "*batch 3"]:
    """Which of the sides l1, l2, l3 lie between neon and krypton."""
    ends = torch.tensor(SIDES, device=krypton.device)
    return (ends == krypton[..., None, None]).any(-1)


def _of_sides(krypton: Int[Tensor, "*batch"], like: Tensor) -> tuple[Tensor, Tensor]:
    """Return σ in the unit of the cube, and ε in K, of each side."""
    alike, other = mixed(NEON, NEON), mixed(NEON, KRYPTON)
    which = unlike(krypton).long()
    sigmas = torch.tensor([alike.sigma, other.sigma], dtype=like.dtype, device=like.device)
    epsilons = torch.tensor([alike.epsilon, other.epsilon], dtype=like.dtype, device=like.device)
    return sigmas[which] / UNIT_NM, epsilons[which]


def energy(molecules: Molecules) -> Float[Tensor, " batch"]:
    """Return E in K (as E/k): each pair once, and 4 ε deep factors as printed above."""
    sigma, epsilon = _of_sides(molecules.krypton, molecules.vertices)
    sixth = (sigma / side_lengths(molecules.vertices)) ** 6
    return (4 * epsilon * sixth * (sixth - 1)).sum(-1)


def draw(n: int, seed: int, dtype: torch.dtype = torch.float32) -> Molecules:
    """Draw n molecules: uniform in the box [0, 0.7]³, no two atoms nearer than 0.96 of their σ.

    Each of the three atoms is the krypton with equal chances. Raises ConfigError unless n is 1 to
    1,000,000.
    """
    check_whole("n", n, 1, 1_000_000)
    uniform = uniform_stream(seed, dtype=dtype)
    least = CLOSEST * NEON.sigma / UNIT_NM
    places, which, missing = [], [], n
    for vertices in in_cube(Limits(EDGE, least), uniform):
        krypton = (3 * uniform(len(vertices))).long().clamp(max=2)
        sigma, _ = _of_sides(krypton, vertices)
        apart = (side_lengths(vertices) > CLOSEST * sigma).all(-1)
        places.append(vertices[apart][:missing])
        which.append(krypton[apart][:missing])
        missing -= len(places[-1])
        if missing <= 0:
            break
    return Molecules(torch.cat(places), torch.cat(which))


def one_hot(krypton: Int[Tensor, " batch"], like: Tensor) -> Float[Tensor, "batch 3"]:
    """Return the kinds as three inputs: 1 for the krypton, 0 for a neon."""
    return torch.nn.functional.one_hot(krypton, 3).to(like)


def sorted_by_kind(molecules: Molecules) -> Float[Tensor, "batch 3"]:
    """Return the distance of the two neons, and theirs from the krypton, the shorter first.

    These three do not change with the numbers of the atoms, and fix the energy.
    """
    sides, which = side_lengths(molecules.vertices), unlike(molecules.krypton)
    alike = sides[~which][:, None]
    others = sides[which].unflatten(0, (-1, 2)).sort(-1).values
    return torch.cat([alike, others], dim=1)


def renumbered(molecules: Molecules, order: tuple[int, ...]) -> Molecules:
    """Return the same molecules with other numbers: atom order[i] becomes atom i."""
    index = torch.tensor(order)
    return Molecules(molecules.vertices[:, index], index.argsort()[molecules.krypton])


def neons_swapped(molecules: Molecules) -> Molecules:
    """Return the molecules whose two neons have changed places: the same molecules."""
    return _swapped(molecules, (molecules.krypton + 1) % 3, (molecules.krypton + 2) % 3)


def kinds_exchanged(molecules: Molecules) -> Molecules:
    """Return the krypton and the next atom in each other's places: other molecules."""
    return _swapped(molecules, molecules.krypton, (molecules.krypton + 1) % 3)


def _swapped(molecules: Molecules, one: Tensor, other: Tensor) -> Molecules:
    vertices, rows = molecules.vertices.clone(), torch.arange(len(molecules.vertices))
    vertices[rows, one] = molecules.vertices[rows, other]
    vertices[rows, other] = molecules.vertices[rows, one]
    return Molecules(vertices, molecules.krypton)
