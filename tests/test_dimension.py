"""The local dimension of clouds whose dimension is known, and of those that have none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trisym.dimension import NEIGHBOURS, intrinsic_dimension, local_dimensions
from trisym.errors import ConfigError, DataError

POINTS = 3000


def flat_cloud(dimension: int, within: int, seed: int = 0) -> np.ndarray:
    """A cube of a dimension, turned into a space of more dimensions by a random rotation."""
    rng = np.random.default_rng(seed)
    cube = rng.random((POINTS, dimension))
    axes = np.linalg.qr(rng.normal(size=(within, within)))[0][:, :dimension]
    return cube @ axes.T


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_a_flat_cloud_has_the_dimension_it_was_drawn_in(dimension: int) -> None:
    """d = dim of the cube, wherever it lies; edges take a few hundredths a dimension."""
    found = intrinsic_dimension(flat_cloud(dimension, within=6))
    assert found == pytest.approx(dimension, rel=0.06)


def test_a_bent_cloud_counts_its_own_dimension_not_that_of_its_space() -> None:
    """A sphere's surface is two-dimensional, a solid ball is not: the negative control."""
    rng = np.random.default_rng(1)
    surface = rng.normal(size=(POINTS, 3))
    surface /= np.linalg.norm(surface, axis=1, keepdims=True)
    ball = surface * rng.random((POINTS, 1)) ** (1 / 3)
    assert intrinsic_dimension(surface) == pytest.approx(2.0, abs=0.06)
    assert intrinsic_dimension(ball) > 2.7


def test_three_crossing_planes_are_two_dimensional_nearly_everywhere() -> None:
    rng = np.random.default_rng(2)
    points = rng.random((POINTS, 3))
    points[np.arange(POINTS), rng.integers(3, size=POINTS)] = 0.5
    assert intrinsic_dimension(points) == pytest.approx(2.0, abs=0.15)
    assert np.median(local_dimensions(points)) == pytest.approx(2.0, abs=0.15)


def test_the_cloud_estimate_is_the_harmonic_mean_of_the_local_ones() -> None:
    """d = (k - 1) / (k - 2) · [mean over x of 1 / d(x)]^-1, from the two definitions."""
    points = flat_cloud(2, within=3)
    local = local_dimensions(points)
    k = NEIGHBOURS
    expected = (k - 1) / (k - 2) / np.mean(1 / local)
    assert intrinsic_dimension(points) == pytest.approx(expected, rel=1e-12)


@given(scale=st.floats(1e-6, 1e6), shift=st.floats(-10, 10))
def test_units_and_place_do_not_matter(scale: float, shift: float) -> None:
    points = flat_cloud(2, within=3)[:300]
    moved = intrinsic_dimension(scale * (points + shift), neighbours=10)
    assert moved == pytest.approx(intrinsic_dimension(points, neighbours=10), rel=1e-6)


def test_fewer_questions_are_answered_from_the_same_neighbours() -> None:
    points = flat_cloud(3, within=3)
    every = local_dimensions(points, every=10)
    assert np.array_equal(every, local_dimensions(points)[::10])


def test_two_points_in_one_place_do_not_break_the_estimate() -> None:
    points = np.concatenate([flat_cloud(2, within=2)[:500], flat_cloud(2, within=2)[:5]])
    assert np.isfinite(local_dimensions(points)).all()


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (np.zeros((5, 2)), "need at least 21 points"),
        (np.zeros((50, 2)), "in its very place"),
        (np.full((50, 2), np.nan), "finite"),
    ],
)
def test_clouds_without_a_dimension_are_refused(points: np.ndarray, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        intrinsic_dimension(points)


def test_the_number_of_neighbours_has_bounds() -> None:
    with pytest.raises(ConfigError, match="neighbours must be a whole number from 3"):
        intrinsic_dimension(flat_cloud(2, within=2), neighbours=2)
