from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tests.invariance import assert_invariant, rigid_motions
from trisym import metrics
from trisym.datasets import generate
from trisym.errors import DataError
from trisym.geometry import side_lengths, triangle_from_sides
from trisym.metrics import (
    METRICS,
    mse,
    orbit_spread,
    orbit_spreads,
    perimeter_error,
    side_error,
    whitened,
)

seeds = st.integers(0, 2**32 - 1)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def points(seed: int, *shape: int) -> Tensor:
    return torch.rand(shape, dtype=torch.float64, generator=generator(seed))


def triangles_of(*sides: tuple[float, float, float]) -> Tensor:
    return triangle_from_sides(torch.tensor(sides, dtype=torch.float64))


# ---- reconstruction


@pytest.mark.parametrize("name", METRICS)
def test_a_perfect_output_scores_zero_and_another_does_not(name):
    target = points(0, 10, 3, 3)
    assert METRICS[name](target, target).item() == 0
    assert METRICS[name](target, points(1, 10, 3, 3)).item() > 0.01


def test_the_metrics_of_two_triangles_by_hand():
    target = triangles_of((0.3, 0.4, 0.5), (0.6, 0.6, 0.6))
    output = triangles_of((0.4, 0.4, 0.4), (0.6, 0.6, 0.9))
    assert side_error(target, output).item() == pytest.approx((0.1 + 0.1 + 0.3) / 6)
    assert perimeter_error(target, output).item() == pytest.approx((0.0 + 0.3) / 2)
    shifted = target + 0.1
    assert mse(target, shifted).item() == pytest.approx(0.01)


@given(seed=seeds)
def test_side_errors_do_not_see_a_rigid_motion(seed):
    """d(x, g y) = d(x, y) for the errors of sides and perimeter; not for the coordinates."""
    target, output = points(seed, 6, 3, 3), points(seed + 1, 6, 3, 3)

    def one_by_one(metric):
        return lambda x: torch.stack(
            [metric(y[None], z[None]) for y, z in zip(target, x, strict=True)]
        )

    for metric in (side_error, perimeter_error):
        assert_invariant(one_by_one(metric), rigid_motions, 1e-12, output, seed)
    with pytest.raises(AssertionError, match="of its size"):
        assert_invariant(one_by_one(mse), rigid_motions, 0.1, output, seed)


def test_the_perimeter_says_less_than_the_sides():
    """Eq. 8 as printed: 0.3 + 0.4 + 0.5 = 0.4 + 0.4 + 0.4."""
    target, output = triangles_of((0.3, 0.4, 0.5)), triangles_of((0.4, 0.4, 0.4))
    assert perimeter_error(target, output).item() == pytest.approx(0, abs=1e-15)
    assert side_error(target, output).item() > 0.06


# ---- the orbit spread


def test_an_invariant_latent_has_no_spread():
    shapes = points(0, 50, 1, 3).expand(50, 20, 3)
    assert orbit_spread(shapes) == pytest.approx(0, abs=1e-12)


def test_a_latent_that_ignores_the_shape_has_spread_one():
    poses = points(0, 1, 500, 3).expand(50, 500, 3)
    assert orbit_spread(poses) == 1
    assert orbit_spread(points(0, 50, 500, 3)) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("value", [0.0, 0.3, 123.456, 1e6])
def test_a_dead_latent_does_not_pass_for_an_invariant_one(dtype, value):
    """0/0: nothing varies, so nothing tells the shapes apart."""
    assert orbit_spread(torch.full((7, 10, 3), value, dtype=dtype)) == 1


@pytest.mark.parametrize(("between", "within"), [(1.0, 0.1), (1.0, 1.0), (0.2, 2.0)])
def test_the_spread_is_the_root_of_one_minus_the_intraclass_correlation(between, within):
    """sqrt(within^2 / (between^2 + within^2)) = sqrt(1 - ICC) for z = between a_i + within b_ij."""
    stream = generator(4)
    shape = torch.randn(2000, 1, 3, dtype=torch.float64, generator=stream)
    noise = torch.randn(2000, 50, 3, dtype=torch.float64, generator=stream)
    expected = math.sqrt(within**2 / (between**2 + within**2))
    for count in (2, 5, 50):  # without bias, however few the poses
        measured = orbit_spread(between * shape + within * noise[:, :count])
        assert measured == pytest.approx(expected, rel=0.03)


def test_a_share_of_the_pose_counts_as_spread():
    """s^2 = var b / (var a + var b) for z_ij = a_i + b_j, up to 1/poses and 1/triangles."""
    shape, pose = 2 * points(0, 4000, 1, 2), points(1, 1, 3000, 2)
    var_shape, var_pose = (each.flatten(0, 1).var(dim=0, correction=0) for each in (shape, pose))
    expected = (var_pose.sum() / (var_shape + var_pose).sum()).sqrt().item()
    assert orbit_spread(shape + pose) == pytest.approx(expected, rel=1e-3)


def test_whitening_finds_the_small_node_that_follows_the_pose():
    """One node in two is noise: s = 0 raw, sqrt(1/2) whitened, however the nodes are turned."""
    shape, noise = points(0, 500, 1, 1).expand(500, 40, 1), 1e-4 * points(1, 500, 40, 1)
    latents = torch.cat([shape, noise], dim=-1)
    assert orbit_spread(latents) < 1e-3
    assert orbit_spread(whitened(latents)) == pytest.approx(math.sqrt(0.5), rel=0.01)
    turn = torch.linalg.qr(points(2, 2, 2)).Q
    assert orbit_spread(whitened(latents @ turn)) == pytest.approx(math.sqrt(0.5), rel=0.01)


def test_whitened_latents_have_unit_covariance_and_dead_nodes_drop_out():
    latents = torch.cat([points(0, 30, 20, 2) * 7 + 3, torch.full((30, 20, 1), 4.0)], dim=-1)
    covariance = torch.cov(whitened(latents).flatten(0, 1).T, correction=0)
    assert torch.allclose(covariance, torch.eye(2, dtype=torch.float64), atol=1e-9)
    assert orbit_spread(whitened(torch.full((5, 4, 3), 2.0))) == 1
    assert math.isnan(orbit_spread(whitened(torch.full((5, 4, 3), math.nan))))


def test_the_nodes_are_summed_and_not_averaged_one_by_one():
    """A node that hardly varies counts for little."""
    good = points(0, 50, 1, 1).expand(50, 40, 1)
    noise = 1e-6 * points(1, 50, 40, 1)
    assert orbit_spread(torch.cat([good, noise], dim=-1)) < 1e-5
    assert orbit_spread(noise) > 0.9


@given(seed=seeds, scale=st.floats(1e-3, 1e3), shift=st.floats(-100, 100))
def test_the_spread_is_a_share_without_unit_or_origin(seed, scale, shift):
    """s(a z + b) = s(z), and 0 <= s <= 1."""
    latents = points(seed, 6, 5, 2) + 3 * points(seed + 1, 6, 1, 2)
    spread = orbit_spread(latents)
    assert 0 < spread < 1
    assert orbit_spread(scale * latents + shift) == pytest.approx(spread, rel=1e-6)


def test_a_small_spread_survives_a_far_origin_in_float32():
    shape, noise = points(0, 50, 1, 3), 1e-2 * points(1, 50, 20, 3)
    near = orbit_spread(shape + noise)
    assert orbit_spread((shape + noise + 100).float()) == pytest.approx(near, rel=1e-3)


def test_a_latent_that_is_not_a_number_gives_not_a_number():
    latents = points(0, 4, 5, 3)
    latents[1, 1, 1] = math.nan
    assert math.isnan(orbit_spread(latents))


@pytest.mark.parametrize("shape", [(1, 5, 3), (5, 1, 3), (0, 5, 3), (5, 0, 3), (5, 5, 0)])
def test_too_few_latents_have_no_spread(shape):
    with pytest.raises(DataError, match="two triangles, two poses and a node"):
        orbit_spread(torch.zeros(shape))


# ---- three ranges of motion


HELD_OUT = generate("random", n=metrics.ORBITS, seed=9, dtype=torch.float64).inputs


def test_the_sides_are_invariant_wherever_the_triangle_goes():
    """s = 0 for z = l(x)."""
    spreads = orbit_spreads(side_lengths, HELD_OUT, metrics.POSES, generator())
    assert max(vars(spreads).values()) < 1e-12


def test_the_coordinates_are_not_invariant_anywhere():
    """s near 1 for z = x."""
    spreads = orbit_spreads(lambda x: x.flatten(1), HELD_OUT, metrics.POSES, generator())
    assert min(vars(spreads).values()) > 0.9


def test_a_latent_that_is_invariant_inside_only_is_found_out():
    def encode(vertices: Tensor) -> Tensor:
        outside = torch.relu((vertices - 0.5).abs() - 0.5).sum(dim=(1, 2))
        return side_lengths(vertices) + 0.1 * outside[:, None]

    spreads = orbit_spreads(encode, HELD_OUT, metrics.POSES, generator())
    assert spreads.inside < 1e-6
    assert 0.01 < spreads.near_above < 0.9 * spreads.far_above
    assert 0.01 < spreads.near_below < 0.9 * spreads.far_below


def test_a_kink_at_0_is_seen_below_0_only():
    """z = l(σ(x)) is invariant wherever σ is the identity: where every coordinate is above 0."""
    spreads = orbit_spreads(
        lambda x: side_lengths(torch.where(x < 0, 0.3 * x, x)),
        HELD_OUT,
        metrics.POSES,
        generator(),
    )
    assert max(spreads.inside, spreads.near_above, spreads.far_above) < 1e-12
    assert min(spreads.near_below, spreads.far_below) > 0.2


def test_the_poses_are_where_they_should_be():
    poses = metrics.motions_by_range(HELD_OUT, 10, generator())
    assert list(poses) == list(vars(orbit_spreads(side_lengths, HELD_OUT, 2, generator())))
    assert poses["inside"].min() >= 0
    assert poses["inside"].max() <= 1
    for name, reach in (("near", 0.5), ("far", 10.0)):
        above, below = (poses[f"{name}_{side}"].amin(dim=2) for side in ("above", "below"))
        assert 0 <= above.min() < 0.05 * reach
        assert 0.95 * reach < above.max() <= reach
        assert -reach <= below.min() < -0.95 * reach
        assert -0.05 * reach < below.max() <= 1e-12
    assert poses["near_above"].max() > 1


def test_where_a_triangle_stood_is_no_part_of_its_shape():
    """s(z) near 1 for z = centroid, even if each triangle comes from a place of its own.

    Not quite 1 near 0: a large triangle's centroid is farther from its lowest coordinates.
    """
    apart = HELD_OUT + 20 * points(3, len(HELD_OUT), 1, 3)
    spreads = orbit_spreads(lambda x: x.mean(dim=1), apart, metrics.POSES, generator())
    assert min(vars(spreads).values()) > 0.9


def test_long_orbits_are_encoded_in_parts_and_without_gradients(monkeypatch):
    scale = torch.ones(3, dtype=torch.float64, requires_grad=True)
    rows: list[int] = []

    def encode(vertices: Tensor) -> Tensor:
        rows.append(len(vertices))
        latent = scale * vertices.mean(dim=1)
        assert not latent.requires_grad
        return latent

    whole = orbit_spreads(encode, HELD_OUT, 10, generator(3))
    assert rows == [1000] * 5
    monkeypatch.setattr(metrics, "ENCODE_AT_ONCE", 300)
    assert orbit_spreads(encode, HELD_OUT, 10, generator(3)) == whole
    assert rows[5:] == [300, 300, 300, 100] * 5


def test_the_cube_may_have_another_edge():
    small = generate("lennard-jones", n=20, seed=1, dtype=torch.float64).inputs
    spreads = orbit_spreads(lambda x: torch.relu(x - 0.7).sum(dim=1), small, 10, generator(), 0.7)
    assert spreads.inside == 1  # nothing is outside, so nothing varies
