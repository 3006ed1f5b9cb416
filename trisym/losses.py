"""The losses: a network is asked to keep coordinates, three sides, the perimeter, or the energy.

Eq. 8 prints |Σ l − Σ l'|, one number; the thesis ran Σ_j |l_j − l_j'|, three. Only the second fixes
a triangle. For n points the sides are all n(n − 1)/2 pairs; POINT_LOSSES are for more than three.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.geometry import side_lengths
from trisym.points import distance_matrix, signed_volume

# Makes V, whose spread in the unit cube is 0.02, count like one of the six sides (0.25). With 36
# the sides get worse again in training: 0.029 after 10 epochs in place of 0.0067 (h = 6, a seed).
VOLUME_WEIGHT = 12.0
HASH, STIR = 12.9898, 437.585  # of a pseudo-random order of the pairs

PerSample = Callable[[Tensor, Tensor], Tensor]


def mse(
    target: Float[Tensor, "*batch value"], output: Float[Tensor, "*batch value"]
) -> Float[Tensor, "*batch"]:
    """Mean square difference of the values of one sample (eq. 2)."""
    return (target - output).square().mean(-1)


def sides(
    target: Float[Tensor, "*batch coordinate"], output: Float[Tensor, "*batch coordinate"]
) -> Float[Tensor, "*batch"]:
    """Σ_j |l_j − l_j'|: what the thesis's notebooks ran, and not its eq. 8."""
    return (_sides(target) - _sides(output)).abs().sum(-1)


def perimeter(
    target: Float[Tensor, "*batch coordinate"], output: Float[Tensor, "*batch coordinate"]
) -> Float[Tensor, "*batch"]:
    """|Σ_j l_j − Σ_j l_j'|, eq. 8 as printed: any triangle of the right perimeter scores 0."""
    return (_sides(target).sum(-1) - _sides(output).sum(-1)).abs()


def half_of_sides(
    target: Float[Tensor, "*batch coordinate"], output: Float[Tensor, "*batch coordinate"]
) -> Float[Tensor, "*batch"]:
    """Twice Σ |l − l'| over a random half of the pairs (rounded up), the same for a whole batch.

    Its mean over halves is that of `sides` where the number of pairs is even. Which half is drawn
    follows from the batch's first coordinate, so that a run repeats itself on any device.
    """
    a, b = (part.unflatten(-1, (-1, 3)) for part in (target, output))
    pairs = torch.triu_indices(a.shape[-2], a.shape[-2], offset=1, device=a.device)
    count = pairs.shape[1]
    seed = target.detach().flatten()[0].to(torch.float32)  # MPS has no float64
    places = torch.arange(1, count + 1, device=a.device)
    first, second = pairs[:, ((places * HASH + seed * STIR).sin() * STIR).frac().argsort()][
        :, : (count + 1) // 2
    ]
    lengths = [
        torch.linalg.vector_norm(part[..., first, :] - part[..., second, :], dim=-1)
        for part in (a, b)
    ]
    return (lengths[0] - lengths[1]).abs().sum(-1) * (count / len(first))


def sides_by_gram(
    target: Float[Tensor, "*batch coordinate"], output: Float[Tensor, "*batch coordinate"]
) -> Float[Tensor, "*batch"]:
    """Σ |l − l'| over all pairs, with the distances from a Gram matrix: quicker for many points."""
    a, b = (distance_matrix(part.unflatten(-1, (-1, 3))) for part in (target, output))
    return (a - b).abs().sum((-2, -1)) / 2


def sides_and_volume(
    target: Float[Tensor, "*batch 12"], output: Float[Tensor, "*batch 12"]
) -> Float[Tensor, "*batch"]:
    """Σ |l − l'| and VOLUME_WEIGHT |V − V'|, V the signed volume: a mirror image has another."""
    volumes = [signed_volume(part.unflatten(-1, (4, 3))) for part in (target, output)]
    return sides(target, output) + VOLUME_WEIGHT * (volumes[0] - volumes[1]).abs()


def _sides(coordinates: Tensor) -> Tensor:
    return side_lengths(coordinates.unflatten(-1, (-1, 3)))


@dataclass(frozen=True)
class Loss:
    """A loss by name: what it compares, in one line, and the function giving one value a sample.

    Unless it `teaches`, only the decoder descends on it, and the encoder does not hear of it.
    """

    title: str
    per_sample: PerSample
    teaches: bool = True
    points: int | None = None  # it is for so many points only


ENERGY = "energy"  # λ = ∞: the decoder learns coordinates beside, from a latent that is not its own
LOSSES = {
    "sides": Loss("each side, Σ|l − l'| (as the thesis ran it)", sides),
    "perimeter": Loss("the perimeter, |Σl − Σl'| (eq. 8 as printed)", perimeter),
    "mse": Loss("coordinates, mean square error (eq. 2)", mse),
    ENERGY: Loss("the energy alone, which a head reads off the latent (Fig. 15)", mse, False),
}

POINT_LOSSES = {  # of the recipe more-points; no form offers them for triangles
    "half": Loss("a random half of the distances, Σ|l − l'|", half_of_sides),
    "gram": Loss("each distance, Σ|l − l'|, by Gram matrix", sides_by_gram),
    "volume": Loss("each distance and the signed volume", sides_and_volume, points=4),
}
ALL_LOSSES = {**LOSSES, **POINT_LOSSES}
