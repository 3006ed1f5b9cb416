"""Idle hidden units, put to work: in training each becomes a copy of the unit that does most.

A unit of a hidden layer matters by what comes in times what goes out, ‖w_in‖·‖w_out‖. A fast
optimiser leaves many units near zero, where they stay. So in each of ROUNDS rounds, EVERY share of
the budget, a unit below a given share of its layer's mean is started again: it takes the strongest
unit's bias and incoming weights, these times 1 + NOISE·normal, and both take half of its outgoing
weights. The network's answer stays nearly the same; the strongest counts half from then on. What
the optimiser knows is left as it was.

With it and without, the same steps and seeds, means of three (`reproduce hidden-h energy-history`,
and `revive=0`):

    side error, 3,120 steps of 512        without   with
    h = 3, random triangles                0.0033   0.0022
    h = 2, random triangles                0.0532   0.0528
    h = 2, a constant side anywhere        0.0358   0.0353
    h = 2, a constant side in its place    0.0016   0.0010
    h = 9, random triangles                0.0026   0.0027
    MSE of energies, 50,000 steps of 256
    from sides                             6.1e-7   2.4e-7
    from coordinates                       4.1e-4   3.1e-4

Where the latent has too few nodes, or many to spare, there is little to gain. Table 1 has no hidden
layer, so nothing changes there.

Splitting a unit is Net2Net's widening (Chen et al. 2016, arXiv:1511.05641); starting idle ones
again is ReDo's idea (Sokar et al. 2023, arXiv:2302.12902), there with fresh random weights.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.networks import NetworkConfig

EVERY, ROUNDS = 0.05, 12  # of the budget: up to 60 % of it; then the copies need time to part
NOISE = 0.1
TURN = 0x9E3779B97F4A7C15  # 2^64 over the golden ratio: seeds of rounds that lie far apart


class HiddenLayer(NamedTuple):
    """Names of the weights before and behind a hidden layer, as Layout has them.

    Behind the last one of a variational encoder are two: for the mean and for the log variance.
    """

    incoming: str
    bias: str
    outgoing: tuple[str, ...]


class Revival(NamedTuple):
    """A unit that was put to work, before which step, and the unit that it copied."""

    step: int
    layer: int  # of `hidden_layers`
    unit: int
    like: int


def hidden_layers(config: NetworkConfig) -> list[HiddenLayer]:
    """Return the hidden layers in order; the latent is none: how many nodes it has is a choice."""
    names = [name for name, shape in config.tensor_shapes().items() if len(shape) == 2]
    heads = [name for name in names if name.startswith("log_variance")]
    latent = [name for name in names if name.startswith("encoder")][-1:]
    return [
        HiddenLayer(
            incoming,
            incoming.replace("weight", "bias"),
            (outgoing, *heads) if outgoing in latent else (outgoing,),
        )
        for incoming, outgoing in pairwise(names)
        if incoming.split(".")[0] == outgoing.split(".")[0]
    ]


def rounds_due(progress: float) -> int:
    """Return how many rounds a run has had when this share of its budget is spent."""
    return min(int(progress / EVERY + 1e-9), ROUNDS)  # 0.15 / 0.05 is a little below 3


def generator(seed: int, number: int, device: torch.device | None = None) -> torch.Generator:
    """Return the random numbers of a run's round: the same in a batch, alone or resumed."""
    return torch.Generator(device or "cpu").manual_seed((seed + TURN * number) % 2**63)


def importance(
    incoming: Float[Tensor, "unit input"], outgoing: Float[Tensor, "output unit"]
) -> Float[Tensor, " unit"]:
    """Return ‖w_in‖·‖w_out‖ of each unit of a layer."""
    return incoming.norm(dim=1) * outgoing.norm(dim=0)


@torch.no_grad()
def put_to_work(
    weights: dict[str, Tensor], config: NetworkConfig, below: float, random: torch.Generator
) -> list[tuple[int, int, int]]:
    """Change one network's weights (on the CPU) in place; return (layer, unit, like) of each.

    `config` is the network's own: weights padded for a batch give the same units and numbers.
    """
    revived = []
    for place, (incoming, bias, outgoing) in enumerate(hidden_layers(config)):
        before, behind = weights[incoming], [weights[name] for name in outgoing]
        inputs = config.tensor_shapes()[incoming][1]
        strength = importance(before, torch.cat(behind))
        for unit in (strength < below * strength.mean()).nonzero().flatten().tolist():
            like = int(strength.argmax())
            noise = torch.randn(inputs, generator=random, dtype=torch.float64) * NOISE
            before[unit] = before[like]
            before[unit, :inputs] *= 1 + noise.to(before)
            weights[bias][unit] = weights[bias][like]
            for each in behind:
                each[:, like] /= 2
                each[:, unit] = each[:, like]
            strength[like] /= 2
            strength[unit] = strength[like]
            revived.append((place, unit, like))
    return revived
