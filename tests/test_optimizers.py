"""The stacked rules against torch.optim, and SOAP against a transcription of its paper."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from trisym.networks import AutoencoderConfig, Layout, PredictorConfig
from trisym.training.optimizers import AdagradRule, AdamRule
from trisym.training.soap import SoapRule, cholesky_orthogonal

LAYOUT = Layout(AutoencoderConfig(hidden=(5,), latent=2))


def quadratic(weights: Tensor, curvature: Tensor) -> Tensor:
    """Gradient of w·A·w/2 + Σ w⁴/4: neither separable nor linear."""
    return weights @ curvature + weights**3


def problem(members: int = 1) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    weights = torch.randn(members, LAYOUT.size, generator=generator, dtype=torch.float64)
    root = torch.randn(LAYOUT.size, LAYOUT.size, generator=generator, dtype=torch.float64)
    return weights, root @ root.T / LAYOUT.size


TORCH = {
    "adam": (AdamRule(), lambda p: torch.optim.Adam(p, lr=0.01)),
    "amsgrad": (AdamRule(amsgrad=True), lambda p: torch.optim.Adam(p, lr=0.01, amsgrad=True)),
    "adamw": (
        AdamRule(weight_decay=0.1),
        lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
    ),
    "adagrad": (
        AdagradRule(initial=0.1, eps=1e-7),
        lambda p: torch.optim.Adagrad(p, lr=0.01, initial_accumulator_value=0.1, eps=1e-7),
    ),
}


@pytest.mark.parametrize("name", TORCH)
def test_rule_equals_torch_optim(name: str) -> None:
    rule, make = TORCH[name]
    weights, curvature = problem(members=2)
    reference = weights.clone().requires_grad_()
    optimizer: torch.optim.Optimizer = make([reference])
    state, rates = rule.init(weights), torch.full((2, 1), 0.01, dtype=torch.float64)
    for _ in range(50):
        rule.step(weights, quadratic(weights, curvature), rates, state)
        reference.grad = quadratic(reference.detach(), curvature)
        optimizer.step()
    torch.testing.assert_close(weights, reference.detach(), rtol=1e-10, atol=1e-12)


def test_members_have_rates_of_their_own() -> None:
    weights, curvature = problem(members=2)
    weights[1] = weights[0]
    rates = torch.tensor([[0.01], [0.02]], dtype=torch.float64)
    rule = AdamRule()
    state = rule.init(weights)
    before = weights.clone()
    rule.step(weights, quadratic(weights, curvature), rates, state)
    torch.testing.assert_close(2 * (weights[0] - before[0]), weights[1] - before[1])


class TranscribedSoap:
    """Algorithms 3 and 4 (power iteration by QR) of arXiv:2409.11321 for one matrix, in numpy.

    M is kept in the space of the weights and turned at every step, as the paper writes it.
    """

    def __init__(self, shape: tuple[int, int], every: int, damping: float) -> None:
        rows, columns = shape
        self.L, self.R = np.zeros((rows, rows)), np.zeros((columns, columns))
        self.QL, self.QR = np.eye(rows), np.eye(columns)
        self.M, self.V = np.zeros(shape), np.zeros(shape)
        self.t, self.every, self.damping = 0, every, damping

    def step(self, G: np.ndarray, lr: float, b1: float = 0.9, b2: float = 0.99) -> np.ndarray:
        self.t += 1
        self.M = b1 * self.M + (1 - b1) * G
        turned = self.QL.T @ G @ self.QR
        self.V = b2 * self.V + (1 - b2) * turned**2
        mean = self.QL.T @ self.M @ self.QR / (1 - b1**self.t)
        change = self.QL @ (mean / (np.sqrt(self.V / (1 - b2**self.t)) + 1e-8)) @ self.QR.T
        self.L = b2 * self.L + (1 - b2) * G @ G.T
        self.R = b2 * self.R + (1 - b2) * G.T @ G
        if self.t % self.every == 0:
            self.QL, order = self.eigenvectors(self.L, self.QL)
            self.V = self.V[order]
            self.QR, order = self.eigenvectors(self.R, self.QR)
            self.V = self.V[:, order]
        return lr * change

    def eigenvectors(self, P: np.ndarray, Q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        order = np.argsort(-np.diag(Q.T @ P @ Q), kind="stable")
        S = (P @ Q + self.damping * np.trace(P) * Q)[:, order]
        return np.linalg.qr(S)[0], order


def test_soap_equals_its_paper() -> None:
    """W ← W − η Q_L N' Q_Rᵀ for matrices, Adam for biases."""
    layout = Layout(PredictorConfig(inputs=4, hidden=(3,)))
    rule = SoapRule(layout, refresh_every=5)
    generator = torch.Generator().manual_seed(0)
    weights = torch.randn(1, layout.size, generator=generator, dtype=torch.float64)
    root = torch.randn(layout.size, layout.size, generator=generator, dtype=torch.float64)
    curvature = root @ root.T / layout.size
    shapes = layout.config.tensor_shapes()
    papers = {n: TranscribedSoap(s, 5, 1e-6) for n, s in shapes.items() if len(s) == 2}
    mine, theirs = weights.clone(), weights.clone()
    state, adam = rule.init(mine), AdamRule(betas=(0.9, 0.99))
    adam_state = adam.init(theirs)
    rate = torch.full((1, 1), 0.01, dtype=torch.float64)
    for step in range(1, 61):
        rule.step(mine, quadratic(mine, curvature), rate, state)
        if step % rule.refresh_every == 0:
            rule.refresh(state)
        gradient = quadratic(theirs, curvature)
        after = theirs.clone()
        adam.step(after, gradient, rate, adam_state)
        for name, paper in papers.items():
            where, shape = layout.slices[name], shapes[name]
            change = paper.step(gradient[0, where].reshape(shape).numpy(), 0.01)
            after[0, where] = theirs[0, where] - torch.from_numpy(change).flatten()
        theirs = after
        torch.testing.assert_close(mine, theirs, rtol=1e-8, atol=1e-10)
    assert not torch.allclose(
        state["layers.0.weight.left_basis"][0], torch.eye(3, dtype=torch.float64)
    )


@pytest.mark.parametrize("condition", [1.0, 1e6])
@pytest.mark.parametrize("size", [1.0, 1e-30])
def test_cholesky_finds_the_q_that_householder_finds(condition: float, size: float) -> None:
    """But for signs, which both may choose: of an ill-conditioned batch, and of tiny numbers."""
    generator = torch.Generator().manual_seed(0)
    left, right = torch.linalg.qr(torch.randn(2, 3, 9, 9, generator=generator).double()).Q
    values = torch.logspace(0, -np.log10(condition), 9, dtype=torch.float64)
    matrix = (left * values @ right.mT * size).float()
    found, expected = cholesky_orthogonal(matrix), torch.linalg.qr(matrix.double()).Q.float()
    torch.testing.assert_close(found.mT @ found, torch.eye(9).expand(3, 9, 9), atol=1e-6, rtol=0)
    signs = (found * expected).sum(-2, keepdim=True).sign()
    torch.testing.assert_close(found, expected * signs, atol=1e-5, rtol=0)


def test_soap_basis_turns_to_the_eigenvectors() -> None:
    """Q_Lᵀ L Q_L is diagonal once the power iteration has settled."""
    layout = Layout(PredictorConfig(inputs=6, hidden=(4,)))
    rule = SoapRule(layout, refresh_every=1)
    weights = torch.zeros(1, layout.size, dtype=torch.float64)
    state = rule.init(weights)
    generator = torch.Generator().manual_seed(0)
    scale = torch.logspace(0, 2, layout.size, dtype=torch.float64)
    fixed = [
        torch.randn(1, layout.size, generator=generator, dtype=torch.float64) * scale
        for _ in range(8)
    ]
    for step in range(400):
        rule.step(weights, fixed[step % 8], torch.zeros(1, 1, dtype=torch.float64), state)
        rule.refresh(state)
    basis, matrix = state["layers.0.weight.right_basis"][0], state["layers.0.weight.right"][0]
    turned = basis.T @ matrix @ basis
    off_diagonal = (turned - torch.diag(turned.diag())).norm() / turned.norm()
    assert off_diagonal < 0.05
    start = (matrix - torch.diag(matrix.diag())).norm() / matrix.norm()
    assert start > 2 * off_diagonal  # negative control: the identity is no such basis


@pytest.mark.parametrize("rule", [AdamRule(), SoapRule(LAYOUT, refresh_every=10)])
def test_rules_find_the_minimum(rule: AdamRule | SoapRule) -> None:
    weights, curvature = problem()
    state, rate = rule.init(weights), torch.full((1, 1), 0.02, dtype=torch.float64)
    start = weights.norm()
    for step in range(1, 1501):
        rule.step(weights, quadratic(weights, curvature), rate * (1 - step / 1501), state)
        if rule.refresh_every and step % rule.refresh_every == 0:
            rule.refresh(state)
    assert weights.norm() < 0.3 * start  # the minimum is at 0; flat directions come in slowly
