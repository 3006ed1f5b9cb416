"""The noise of Gaussian codes in training: each step has its own, so a resumed run draws it too."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.config import FitConfig
from trisym.networks import AutoencoderConfig
from trisym.training.idle_units import ROUNDS, generator


def code_noise(
    configs: Sequence[FitConfig],
    step: int,
    width: int,
    device: torch.device,
    dtype: torch.dtype,
) -> Float[Tensor, "*code"]:
    """Return standard normal noise (member, batch, width) for a step; nothing for plain networks.

    A member's noise depends on its own seed, step and latent size; it is 0 at nodes that only wider
    members have. A CPU draws it in float64 and rounds it; a GPU draws other numbers, on itself.
    """
    networks = [config.network for config in configs]
    codes = [n.latent for n in networks if isinstance(n, AutoencoderConfig) and n.variational]
    if len(codes) < len(configs):
        return torch.empty(0, device=device, dtype=dtype)
    noise = torch.zeros(len(configs), configs[0].batch, width, device=device, dtype=dtype)
    cuda = device.type == "cuda"
    for row, config, nodes in zip(noise, configs, codes, strict=True):
        random = generator(config.seed, ROUNDS + 1 + step, device if cuda else None)  # after those
        shape, precise = (config.batch, nodes), dtype if cuda else torch.float64
        row[:, :nodes] = torch.randn(shape, generator=random, device=random.device, dtype=precise)
    return noise
