"""SOAP (Vyas et al. 2024, arXiv:2409.11321): Adam in the eigenbasis of Shampoo's preconditioner.

For a weight matrix with gradient G (out, in):  L ← βL + (1−β) G Gᵀ,  R ← βR + (1−β) Gᵀ G;  with
eigenvectors Q_L, Q_R, Adam runs on G' = Q_Lᵀ G Q_R, and its step N' is turned back: Q_L N' Q_Rᵀ.
Biases get plain Adam.

Two differences from the authors' program. The mean of G is kept in the eigenbasis and turned when
the basis changes (the same numbers, one product less a step). A trace-sized ε is added to L and R
when the basis is refreshed: where G has not been seen, the basis is then the old one and not
rounding noise, so that a run can be repeated in a batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.networks import Layout

State = dict[str, Tensor]
Matrix = Float[Tensor, "member row column"]


@dataclass(frozen=True)
class SoapRule:
    """SOAP over stacked weights (K, P); call `refresh` after every `refresh_every` steps."""

    layout: Layout
    betas: tuple[float, float] = (0.9, 0.99)
    eps: float = 1e-8
    refresh_every: int = 50  # a QR of 256x256 costs 3 steps; every 20, 40 or 100 learned alike
    damping: float = 1e-6

    def init(self, weights: Float[Tensor, "member weight"]) -> State:
        state = {
            "count": weights.new_zeros(()),
            "mean": torch.zeros_like(weights),  # in the eigenbasis, as is the next
            "square": torch.zeros_like(weights),
        }
        for name, shape, _ in self._matrices():
            for side, size in zip(("left", "right"), shape, strict=True):
                identity = torch.eye(size, dtype=weights.dtype, device=weights.device)
                state[f"{name}.{side}"] = weights.new_zeros(len(weights), size, size)
                state[f"{name}.{side}_basis"] = identity.repeat(len(weights), 1, 1)
        return state

    def step(
        self,
        weights: Float[Tensor, "member weight"],
        grads: Float[Tensor, "member weight"],
        rates: Float[Tensor, "member 1"],
        state: State,
    ) -> None:
        """Change weights and state in place; `rates` are the members' learning rates."""
        first, second = self.betas
        count = state["count"].add_(1)
        turned = grads.clone()
        for name, shape, where in self._matrices():
            gradient = grads[:, where].unflatten(1, shape)
            turned[:, where] = self._turn(gradient, name, state).flatten(1)
            state[f"{name}.left"].mul_(second).baddbmm_(gradient, gradient.mT, alpha=1 - second)
            state[f"{name}.right"].mul_(second).baddbmm_(gradient.mT, gradient, alpha=1 - second)
        mean = state["mean"].lerp_(turned, 1 - first)
        square = state["square"].mul_(second).addcmul_(turned, turned, value=1 - second)
        scale = (square / (1 - second**count)).sqrt_().add_(self.eps)
        change = torch.div(mean, scale, out=scale).mul_(rates / (1 - first**count))
        for name, shape, where in self._matrices():
            back = self._turn_back(change[:, where].unflatten(1, shape), name, state)
            change[:, where] = back.flatten(1)
        weights.sub_(change)

    def refresh(self, state: State) -> None:
        """Bring the eigenbases up to date by one step of the QR power iteration."""
        for name, shape, where in self._matrices():
            mean = self._turn_back(state["mean"][:, where].unflatten(1, shape), name, state)
            square = state["square"][:, where].unflatten(1, shape)
            square = self._refresh_side(f"{name}.left", square, state)
            square = self._refresh_side(f"{name}.right", square.mT, state).mT
            state["square"][:, where] = square.flatten(1)
            state["mean"][:, where] = self._turn(mean, name, state).flatten(1)

    def _refresh_side(self, side: str, square: Matrix, state: State) -> Matrix:
        """Replace one basis; return `square` with its rows in the order of the new one."""
        matrix, basis = state[side], state[f"{side}_basis"]
        product = matrix @ basis
        order = (basis * product).sum(1).argsort(dim=-1, descending=True, stable=True)
        columns = order[:, None].expand_as(basis)
        trace = matrix.diagonal(dim1=1, dim2=2).sum(-1)[:, None, None]
        # The tiny floor keeps the basis where no gradient has come yet.
        damped = product + (self.damping * trace + torch.finfo(matrix.dtype).tiny) * basis
        basis.copy_(_orthogonal(damped.gather(2, columns)))
        return square.gather(1, order[:, :, None].expand_as(square))

    def _turn(self, matrix: Matrix, name: str, state: State) -> Matrix:
        return state[f"{name}.left_basis"].mT @ matrix @ state[f"{name}.right_basis"]

    def _turn_back(self, matrix: Matrix, name: str, state: State) -> Matrix:
        return state[f"{name}.left_basis"] @ matrix @ state[f"{name}.right_basis"].mT

    def _matrices(self) -> Iterator[tuple[str, tuple[int, ...], slice]]:
        for name, shape in self.layout.config.tensor_shapes().items():
            if len(shape) == 2:
                yield name, shape, self.layout.slices[name]


def _orthogonal(matrix: Matrix) -> Matrix:
    """Return Q of the QR decomposition; on the CPU for Apple's MPS, which has none."""
    if matrix.device.type == "mps":
        return torch.linalg.qr(matrix.cpu()).Q.to(matrix.device)
    if matrix.device.type == "cuda":  # its QR takes one matrix of a batch after the other
        return cholesky_orthogonal(matrix)
    return torch.linalg.qr(matrix).Q


def cholesky_orthogonal(matrix: Matrix) -> Matrix:
    """Return Q with R's diagonal positive, by CholeskyQR2 in float64: matrix products all through.

    A = QR with RᵀR = AᵀA, and once more with Q for A, so that Q is orthogonal to rounding; columns
    are scaled first, which leaves Q as it is. Condition numbers up to about 1e7, and here they are
    at most 1/damping. Source: Fukaya et al. 2014, doi:10.1109/ScalA.2014.11.
    """
    found = matrix.double()
    found = found / found.abs().amax(-2, keepdim=True)
    for _ in range(2):
        lower = torch.linalg.cholesky_ex(found.mT @ found).L
        found = torch.linalg.solve_triangular(lower.mT, found, upper=True, left=False)
    return found.to(matrix.dtype)
