"""Optimisers over stacked weights (K, P): K members, each with a learning rate of its own.

`torch.optim` gives a parameter tensor one learning rate; here a member has its own, and one step is
a handful of elementwise operations for all members and layers together. Every rule is tested
against torch.optim, and SOAP (trisym.training.soap) against a transcription of its paper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.networks import Layout
from trisym.training.soap import SoapRule

Stacked = Float[Tensor, "member weight"]
Rates = Float[Tensor, "member 1"]
State = dict[str, Tensor]


class Rule(Protocol):
    """An optimiser: `init` makes a state, `step` changes it and the weights.

    Every `refresh_every` steps (0: never) the trainer calls `refresh`.
    """

    @property
    def refresh_every(self) -> int: ...

    def init(self, weights: Stacked) -> State: ...

    def step(self, weights: Stacked, grads: Stacked, rates: Rates, state: State) -> None: ...

    def refresh(self, state: State) -> None: ...


@dataclass(frozen=True)
class AdamRule:
    """Adam (Kingma & Ba 2015); with AMSGrad's running maximum, or with AdamW's decoupled decay."""

    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    amsgrad: bool = False
    weight_decay: float = 0.0
    refresh_every: int = 0

    def init(self, weights: Stacked) -> State:
        names = ("mean", "square", "square_max") if self.amsgrad else ("mean", "square")
        return {
            "count": weights.new_zeros(()),
            **{name: torch.zeros_like(weights) for name in names},
        }

    def step(self, weights: Stacked, grads: Stacked, rates: Rates, state: State) -> None:
        first, second = self.betas
        count = state["count"].add_(1)
        if self.weight_decay:
            weights.mul_(1 - rates * self.weight_decay)
        mean = state["mean"].lerp_(grads, 1 - first)
        square = state["square"].mul_(second).addcmul_(grads, grads, value=1 - second)
        if self.amsgrad:
            square = torch.maximum(state["square_max"], square, out=state["square_max"])
        scale = (square / (1 - second**count)).sqrt_().add_(self.eps)
        weights.sub_(torch.div(mean, scale, out=scale).mul_(rates / (1 - first**count)))

    def refresh(self, state: State) -> None:
        """Do nothing: Adam has nothing to refresh."""


@dataclass(frozen=True)
class AdagradRule:
    """Adagrad (Duchi et al. 2011), the optimiser that the thesis's text names."""

    eps: float = 1e-7
    initial: float = 0.1  # where Keras starts the sum of squares; PyTorch starts at 0
    refresh_every: int = 0

    def init(self, weights: Stacked) -> State:
        return {"square": torch.full_like(weights, self.initial)}

    def step(self, weights: Stacked, grads: Stacked, rates: Rates, state: State) -> None:
        square = state["square"].addcmul_(grads, grads)
        weights.sub_(grads / square.sqrt().add_(self.eps) * rates)

    def refresh(self, state: State) -> None:
        """Do nothing: Adagrad has nothing to refresh."""


RULES: dict[str, Callable[[Layout, tuple[float, float]], Rule]] = {  # by their name in config
    "soap": SoapRule,
    "adam": lambda _, betas: AdamRule(betas),
    "adam-amsgrad": lambda _, betas: AdamRule(betas, amsgrad=True),
    "adamw": lambda _, betas: AdamRule(betas, weight_decay=1e-2),
    "adagrad": lambda _, __: AdagradRule(),
}
