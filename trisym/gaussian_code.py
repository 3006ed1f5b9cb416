"""The Gaussian code of a variational autoencoder: a mean and a variance for each latent node.

z = μ + σ·ε, ε ~ N(0, 1) (the reparametrisation), and KL(N(μ, σ²) ‖ N(0, 1)), the price of what the
code says (Kingma & Welling 2014, arXiv:1312.6114, eq. 10 and appendix B). With the weight β of
Higgins et al. 2017 the loss is Σ|l − l'| + β·KL: that of sides with Laplace noise of scale β.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

# A node is active whose mean varies: Var μ > 0.01 (Burda et al. 2016, arXiv:1509.00519, sec. 5.2).
ACTIVE = 0.01


class GaussianCode(NamedTuple):
    """Means and log variances of latent nodes, alike in shape (…, node)."""

    mean: Tensor
    log_variance: Tensor

    def sampled(self, noise: Float[Tensor, "*batch node"]) -> Float[Tensor, "*batch node"]:
        """Return μ + σ·ε for a standard normal ε."""
        return self.mean + noise * (0.5 * self.log_variance).exp()

    def nats(self) -> Float[Tensor, "*batch node"]:
        """Return KL(N(μ, σ²) ‖ N(0, 1)) of each node: what it says, in nats."""
        variance = self.log_variance.exp()
        return 0.5 * (self.mean.square() + variance - 1 - self.log_variance)


def active_nodes(means: Float[Tensor, "batch node"]) -> torch.Tensor:
    """Say of each node whether its mean varies by more than ACTIVE over a batch."""
    return means.var(dim=0) > ACTIVE
