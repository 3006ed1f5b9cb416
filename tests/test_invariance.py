"""The test of the symmetry tests: what is invariant passes, and what is not can't."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from tests.invariance import (
    Group,
    assert_invariant,
    exchanges,
    rigid_motions,
    rotations,
    translations,
)
from trisym.geometry import side_lengths

X = torch.rand(20, 3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
GROUPS = (translations, rotations, rigid_motions, exchanges)
FUNCTIONS: dict[str, tuple[Callable[[Tensor], Tensor], set[Group]]] = {  # and what keeps them
    "sides": (side_lengths, {translations, rotations, rigid_motions}),
    "perimeter": (lambda x: side_lengths(x).sum(-1), set(GROUPS)),
    "edge vectors": (lambda x: x[:, 1:] - x[:, :1], {translations}),
    "distances from 0": (lambda x: x.norm(dim=-1), {rotations}),
    "centroid": (lambda x: x.mean(dim=1), {exchanges}),
    "coordinates": (lambda x: x, set()),
    "nearly the sides": (lambda x: side_lengths(x) + 1e-6 * x[:, 0], set()),
}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_what_is_invariant_passes(name: str, group: Group) -> None:
    f, groups = FUNCTIONS[name]
    if group in groups:
        assert_invariant(f, group, 1e-13, X)
    else:
        with pytest.raises(AssertionError, match="of its size from"):
            assert_invariant(f, group, 1e-8, X)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_constant_and_what_is_no_number_prove_nothing(value: float) -> None:
    with pytest.raises(AssertionError, match="constant"):
        assert_invariant(lambda x: torch.full((len(x), 2), value), rigid_motions, 1e-3, X)
    with pytest.raises(AssertionError):
        assert_invariant(lambda x: side_lengths(x) / value * torch.nan, rigid_motions, 1e-3, X)


def test_every_element_moves_something() -> None:
    """No group is the identity; P keeps the vertices but for their order."""
    random = torch.Generator().manual_seed(1)
    for group in (translations, rotations, rigid_motions):
        moved = group(X, random)
        assert (moved - X).abs().amax(dim=(1, 2)).min() > 1e-3
        assert len(moved.flatten(1).unique(dim=0)) == len(X)
    shuffled = exchanges(X, random)
    assert torch.equal(shuffled.sort(dim=1).values, X.sort(dim=1).values)
    assert not torch.equal(shuffled, X)
