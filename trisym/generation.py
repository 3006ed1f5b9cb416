"""What comes out of a latent space where no triangle was encoded: samples, and ways between two.

A triangle is of the training range where its sides lie as near to those of a training triangle as
those of 99 in 100 held-out ones do. So a perfect generator is in the range at 0.99, and covers it
at 0.99: precision and recall by nearest neighbours, after Kynkäänniemi et al. 2019
(arXiv:1904.06991), in the space of the three sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from scipy.spatial import cKDTree
from torch import Tensor

from trisym.geometry import side_lengths
from trisym.networks import Autoencoder

SHARE = 0.99  # of held-out triangles that are of the range
STEPS = 9  # on a way between two codes, its ends left out


@dataclass(frozen=True)
class SideRange:
    """The range of training triangles: their sides (n, 3), and how far from them it reaches."""

    train: np.ndarray
    held_out: np.ndarray
    radius: float

    @classmethod
    def of(
        cls, train: Float[Tensor, "batch 3 3"], held_out: Float[Tensor, "fresh 3 3"]
    ) -> SideRange:
        """Take the radius from triangles that the network has not seen."""
        sides, fresh = (side_lengths(each).double().numpy() for each in (train, held_out))
        return cls(sides, fresh, float(np.quantile(_nearest(sides, fresh), SHARE)))

    def holds(self, sides: np.ndarray) -> float:
        """Return which share of triangles, by their sides (n, 3), is of the range."""
        return float((_nearest(self.train, sides) <= self.radius).mean())

    def covered_by(self, sides: np.ndarray) -> float:
        """Return the share of held-out triangles that have one of these as near as the radius.

        Take as many as there are training triangles: then a perfect generator covers 0.99.
        """
        return float((_nearest(sides, self.held_out) <= self.radius).mean())


def _nearest(among: np.ndarray, of: np.ndarray) -> np.ndarray:
    return cKDTree(among).query(of)[0]


def normal_of(
    latents: Float[Tensor, "batch node"], count: int, generator: torch.Generator
) -> Float[Tensor, "count node"]:
    """Draw from the normal law with the latent points' mean and covariance.

    A plain network has no prior; this is the nearest thing.
    """
    points = latents.double()
    _, scales, directions = torch.linalg.svd(points - points.mean(0), full_matrices=False)
    drawn = torch.randn(count, len(scales), generator=generator, dtype=torch.float64)
    law = drawn * scales / len(points) ** 0.5 @ directions + points.mean(0)
    return law.to(latents.dtype)


@torch.no_grad()
def sides_between(
    model: Autoencoder, first: Float[Tensor, "batch 3 3"], second: Float[Tensor, "batch 3 3"]
) -> Float[Tensor, "step batch 3"]:
    """Return the sides decoded at STEPS even steps of the straight way between two codes."""
    codes = model.encode(first), model.encode(second)
    ways = [torch.lerp(*codes, share) for share in _shares()]
    return torch.stack([side_lengths(model.decode(way)) for way in ways])


def straight_between(
    first: Float[Tensor, "batch 3 3"], second: Float[Tensor, "batch 3 3"]
) -> Float[Tensor, "step batch 3"]:
    """Return the sides on the straight way between two triangles' own."""
    ends = side_lengths(first), side_lengths(second)
    return torch.stack([torch.lerp(*ends, share) for share in _shares()])


def _shares() -> list[float]:
    return [step / (STEPS + 1) for step in range(1, STEPS + 1)]
