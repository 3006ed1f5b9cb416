"""Losses: what each one sees of a triangle, and what it can't see."""

from __future__ import annotations

import pytest
import torch

from tests.invariance import assert_invariant, rigid_motions
from trisym.geometry import triangle_from_sides
from trisym.losses import LOSSES

GENERATOR = torch.Generator().manual_seed(0)


def triangles(n: int = 20) -> torch.Tensor:
    return torch.rand(n, 3, 3, dtype=torch.float64, generator=GENERATOR)


@pytest.mark.parametrize("name", LOSSES)
def test_zero_for_the_same_triangle(name: str) -> None:
    x = triangles().flatten(1)
    assert LOSSES[name].per_sample(x, x).abs().max() == 0


@pytest.mark.parametrize(("name", "seen"), [("sides", False), ("perimeter", False), ("mse", True)])
def test_side_losses_do_not_see_a_rigid_motion(name: str, seen: bool) -> None:
    """L(y, R x + t) = L(y, x) for `sides` and `perimeter`; MSE sees it."""
    target = triangles().flatten(1)

    def loss(x: torch.Tensor) -> torch.Tensor:
        return LOSSES[name].per_sample(target, x.flatten(1))

    if seen:
        with pytest.raises(AssertionError, match="of its size"):
            assert_invariant(loss, rigid_motions, 0.1, triangles())
    else:
        assert_invariant(loss, rigid_motions, 1e-13, triangles())


def test_the_perimeter_can_not_tell_these_apart() -> None:
    """|Σl − Σl'| = 0 for sides (0.5, 0.6, 0.7) and (0.6, 0.6, 0.6); Σ|l − l'| = 0.2."""
    sides = torch.tensor([[0.5, 0.6, 0.7], [0.6, 0.6, 0.6]], dtype=torch.float64)
    one, other = triangle_from_sides(sides).flatten(1)
    assert LOSSES["perimeter"].per_sample(one, other) == pytest.approx(0, abs=1e-12)
    assert LOSSES["sides"].per_sample(one, other) == pytest.approx(0.2)


def test_mse_is_the_mean_over_coordinates() -> None:
    x = torch.zeros(1, 9, dtype=torch.float64)
    assert LOSSES["mse"].per_sample(x, x + 2).item() == 4


@pytest.mark.parametrize("name", LOSSES)
def test_gradients_are_finite_where_vertices_coincide(name: str) -> None:
    target, output = triangles(4).flatten(1), torch.full((4, 9), 0.5, dtype=torch.float64)
    output.requires_grad_()
    (gradient,) = torch.autograd.grad(LOSSES[name].per_sample(target, output).sum(), output)
    assert gradient.isfinite().all()
