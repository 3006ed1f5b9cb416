"""The losses: a network is asked to keep coordinates, three sides, the perimeter, or the energy.

Eq. 8 prints |Σ l − Σ l'|, one number; the thesis ran Σ_j |l_j − l_j'|, three. Only the second fixes
a triangle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from trisym.geometry import side_lengths

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


ENERGY = "energy"  # λ = ∞: the decoder learns coordinates beside, from a latent that is not its own
LOSSES = {
    "sides": Loss("each side, Σ|l − l'| (as the thesis ran it)", sides),
    "perimeter": Loss("the perimeter, |Σl − Σl'| (eq. 8 as printed)", perimeter),
    "mse": Loss("coordinates, mean square error (eq. 2)", mse),
    ENERGY: Loss("the energy alone, which a head reads off the latent (Fig. 15)", mse, False),
}
