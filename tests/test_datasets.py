from __future__ import annotations

import inspect
import math
from dataclasses import asdict

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor

from trisym.datasets import DATASETS, DIRECTIONS, DataConfig, Dataset, generate
from trisym.errors import ConfigError, DataError, TrisymError
from trisym.geometry import side_lengths

LIKELY = 1e-3  # p-values: what a right law must reach with these seeds,
IMPOSSIBLE = 1e-9  # and what a wrong one must fall below

# The mean distance of two points in the unit cube (Robbins, 1978).
ROBBINS = (
    4
    + 17 * math.sqrt(2)
    - 6 * math.sqrt(3)
    + 21 * math.log(1 + math.sqrt(2))
    + 42 * math.log(2 + math.sqrt(3))
    - 7 * math.pi
) / 105

AUTOENCODING = [name for name, entry in DATASETS.items() if entry.pairs is None]
TRANSLATIONS = [name for name in DATASETS if name not in AUTOENCODING]


def sides_of(name: str, **options: object) -> Tensor:
    return side_lengths(generate(name, dtype=torch.float64, **options).inputs)


# ---- every set


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_set_keeps_to_its_limits(name, dtype):
    data = generate(name, n=20_000, seed=1, dtype=dtype)
    assert data.inputs.shape == data.targets.shape == (20_000, 3, 3)
    assert data.inputs.dtype == data.targets.dtype == dtype
    defaults = DATASETS[name].defaults
    assert data.inputs.min() >= 0
    assert data.inputs.max() <= defaults.edge
    assert (side_lengths(data.inputs).double() > defaults.min_side).all()
    assert data.targets.isfinite().all()


@pytest.mark.parametrize("name", DATASETS)
def test_a_seed_means_one_set(name):
    first = generate(name, n=100, seed=5)
    again = generate(DataConfig(name, n=100, seed=5))
    other = generate(name, n=100, seed=6)
    assert torch.equal(first.inputs, again.inputs)
    assert torch.equal(first.targets, again.targets)
    assert not torch.equal(first.inputs, other.inputs)
    assert not torch.equal(first.targets, other.targets)


@pytest.mark.parametrize("name", DATASETS)
def test_a_smaller_set_is_the_beginning_of_a_larger_one(name):
    small, large = generate(name, n=17), generate(name, n=40_000)
    assert torch.equal(small.inputs, large.inputs[:17])
    assert torch.equal(small.targets, large.targets[:17])


@pytest.mark.parametrize("name", DATASETS)
def test_a_set_is_the_same_in_both_precisions_up_to_rounding(name):
    single = generate(name, n=5000)
    double = generate(name, n=5000, dtype=torch.float64)
    torch.testing.assert_close(single.inputs.double(), double.inputs, rtol=0, atol=1e-6)
    torch.testing.assert_close(single.targets.double(), double.targets, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", DATASETS)
def test_an_entry_says_what_it_is_in_a_title_and_a_sentence(name):
    entry = DATASETS[name]
    assert entry.title
    assert entry.description.endswith(".")
    assert entry.description.count(". ") == 0


@pytest.mark.parametrize("name", AUTOENCODING)
def test_the_target_of_an_autoencoding_set_is_its_input(name):
    data = generate(name, n=20)
    assert data.targets is data.inputs
    assert all(part.targets is part.inputs for part in data.split())


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_the_targets_of_a_translation_set_are_moved(name):
    data = generate(name, n=200, dtype=torch.float64)
    shift = data.targets - data.inputs
    torch.testing.assert_close(shift, shift[:, :1].expand(-1, 3, -1))  # the same for all vertices
    assert shift.abs().amax(dim=(1, 2)).min() > 0


# ---- the sides


def test_the_mean_side_of_random_triangles_is_the_robbins_constant():
    """E |v - w| = 0.6617 for v, w uniform in the unit cube."""
    assert pytest.approx(0.6617, abs=5e-5) == ROBBINS
    sides = sides_of("random", n=200_000).mean(dim=1)
    error = sides.std() / math.sqrt(len(sides))
    assert abs(sides.mean() - ROBBINS) < 4 * error
    # A cube one per cent smaller is told apart.
    smaller = sides_of("random", n=200_000, edge=0.99).mean()
    assert abs(smaller - ROBBINS) > 4 * error
    assert abs(smaller - 0.99 * ROBBINS) < 4 * error


@pytest.mark.parametrize("name", ["constant-side", "fixed-side"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("length", [0.68, 0.9])
def test_the_constant_side_is_constant(name, dtype, length):
    data = generate(name, n=5000, constant_side=length, dtype=dtype)
    sides = side_lengths(data.inputs.double())
    nearest = (sides - length).abs().amin(dim=1)
    assert nearest.max() < 1e-6
    # ... and the others are not.
    assert ((sides - length).abs() < 1e-4).sum(dim=1).double().mean() < 1.01


def places(name: str) -> np.ndarray:
    """How often the constant side is l1, l2 and l3."""
    sides = sides_of(name, n=30_000)
    return torch.bincount((sides - 0.68).abs().argmin(dim=1), minlength=3).numpy()


def test_the_constant_side_lies_between_two_random_vertices():
    counts = places("constant-side")
    assert stats.chisquare(counts).pvalue > LIKELY


def test_the_fixed_side_lies_between_vertices_1_and_2():
    counts = places("fixed-side")
    assert counts.tolist() == [30_000, 0, 0]
    assert stats.chisquare(counts).pvalue < IMPOSSIBLE


def test_renumbering_favours_no_vertex():
    """The law of constant-side is the same for all six orders of the vertices."""
    sides = sides_of("constant-side", n=60_000).numpy()
    first, second, third = np.array_split(sides, 3)
    assert stats.ks_2samp(first[:, 0], second[:, 1]).pvalue > LIKELY
    assert stats.ks_2samp(second[:, 1], third[:, 2]).pvalue > LIKELY
    vertices = generate("constant-side", n=60_000, seed=1).inputs[:, :, 0].numpy()
    first, second, third = np.array_split(vertices, 3)
    assert stats.ks_2samp(first[:, 0], second[:, 1]).pvalue > LIKELY
    assert stats.ks_2samp(second[:, 1], third[:, 2]).pvalue > LIKELY

    fixed = generate("fixed-side", n=60_000, seed=1).inputs[:, :, 0].numpy()
    first, _, third = np.array_split(fixed, 3)
    assert stats.ks_2samp(first[:, 0], third[:, 2]).pvalue < IMPOSSIBLE


def brute_force(shell: float) -> tuple[np.ndarray, np.ndarray]:
    """Random triangles with |l1 - 0.68| < shell and every side above 0.48: (vertices, sides)."""
    vertices = generate("random", n=1_000_000, seed=11).inputs
    sides = side_lengths(vertices)
    kept = ((sides[:, 0] - 0.68).abs() < shell) & (sides > 0.48).all(dim=1)
    return vertices[kept].numpy(), sides[kept].numpy()


def test_fixed_side_has_the_law_of_random_triangles_with_that_side():
    """The limit of conditioning uniform triangles on 0.68 - d < l1 < 0.68 + d."""
    vertices, sides = brute_force(shell=0.01)
    assert len(vertices) > 10_000
    drawn = generate("fixed-side", n=20_000, seed=1)

    def p_values(data: Dataset) -> list[float]:
        ours, lengths = data.inputs.numpy(), side_lengths(data.inputs).numpy()
        pairs = [(ours[:, v, x], vertices[:, v, x]) for v in range(3) for x in range(3)]
        pairs += [(lengths[:, side], sides[:, side]) for side in (1, 2)]
        pairs += [(ours[:, 0, 2] - ours[:, 1, 2], vertices[:, 0, 2] - vertices[:, 1, 2])]
        return [stats.ks_2samp(a, b).pvalue for a, b in pairs]

    assert min(p_values(drawn)) > LIKELY
    # Directions that crowd at the poles are another law.
    assert min(p_values(generate("fixed-side", n=20_000, directions="polar"))) < IMPOSSIBLE


def test_a_minimum_side_can_be_set_and_taken_away():
    assert sides_of("random", n=20_000, min_side=0.48).min() > 0.48
    assert sides_of("random", n=20_000).min() < 0.1
    assert sides_of("lennard-jones", n=20_000, min_side=0.0).min() < 0.1
    assert sides_of("translation-b", n=20_000, min_side=0.48).min() > 0.48


def test_a_cube_has_another_edge():
    data = generate("lennard-jones", n=20_000, edge=1.3)
    assert 1.2 < data.inputs.max() <= 1.3


# ---- the translations of table 2


def translations(name: str, **options: object) -> np.ndarray:
    data = generate(name, dtype=torch.float64, **options)
    return (data.targets - data.inputs)[:, 0].numpy()


def test_set_a_lifts_one_triangle_off_the_floor():
    data = generate("translation-a", n=5000, seed=2, dtype=torch.float64)
    assert (data.inputs == data.inputs[0]).all()
    assert (data.inputs[..., 2] == 0).all()
    shift = translations("translation-a", n=5000, seed=2)
    assert np.all(shift[:, :2] == 0)
    assert stats.kstest(shift[:, 2], stats.uniform(0, 1).cdf).pvalue > LIKELY


def test_set_b_moves_random_flat_triangles_alike():
    data = generate("translation-b", n=5000, seed=2, dtype=torch.float64)
    assert (data.inputs[..., 2] == 0).all()
    for column in data.inputs[..., :2].flatten(1).T.numpy():
        assert stats.kstest(column, stats.uniform(0, 1).cdf).pvalue > LIKELY
    shift = translations("translation-b", n=5000, seed=2)
    assert np.ptp(shift, axis=0).max() < 1e-15
    assert 0 < np.linalg.norm(shift[0]) < 1


def direction_p_values(shift: np.ndarray) -> dict[str, float]:
    unit = shift / np.linalg.norm(shift, axis=1, keepdims=True)
    cosine = stats.uniform(-1, 2).cdf
    angle = stats.uniform(0, np.pi).cdf
    return {
        "sphere": min(stats.kstest(unit[:, axis], cosine).pvalue for axis in range(3)),
        "polar": stats.kstest(np.arccos(unit[:, 2]), angle).pvalue,
    }


@pytest.mark.parametrize("directions", DIRECTIONS)
def test_set_c_moves_each_triangle_in_a_random_direction(directions):
    """sphere: every component uniform (Archimedes); polar: the angle from z uniform."""
    shift = translations("translation-c", n=20_000, seed=2, directions=directions)
    lengths = np.linalg.norm(shift, axis=1)
    assert lengths.max() < 1
    assert stats.kstest(lengths, stats.uniform(0, 1).cdf).pvalue > LIKELY
    azimuth = np.arctan2(shift[:, 1], shift[:, 0])
    assert stats.kstest(azimuth, stats.uniform(-np.pi, 2 * np.pi).cdf).pvalue > LIKELY

    found = direction_p_values(shift)
    (other,) = set(DIRECTIONS) - {directions}
    assert found[directions] > LIKELY
    assert found[other] < IMPOSSIBLE


def test_set_c_has_random_triangles_in_the_cube():
    moved = generate("translation-c", n=5000, seed=2)
    for column in moved.inputs.flatten(1).T.numpy():
        assert stats.kstest(column, stats.uniform(0, 1).cdf).pvalue > LIKELY


# ---- configurations


@pytest.mark.parametrize("name", DATASETS)
def test_a_config_says_in_full_what_is_drawn(name):
    config = DataConfig(name)
    defaults = DATASETS[name].defaults
    assert config.limits == defaults
    assert (config.n, config.seed) == (200_000, 0)
    assert DataConfig(**asdict(config)) == config


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "n must be a whole number from 1 to 10,000,000, not 0"),
        ({"n": -5}, "from 1"),
        ({"n": 10**12}, "10,000,000"),
        ({"n": 2.5}, "whole number"),
        ({"n": True}, "whole number"),
        ({"n": "many"}, "whole number"),
        ({"seed": -1}, "seed must be a whole number from 0"),
        ({"seed": 2**63}, "seed must be"),
        ({"name": "squares"}, "name must be one of random, constant-side"),
        ({"name": None}, "name must be one of"),
        ({"directions": "cube"}, "directions must be one of sphere, polar"),
        ({"edge": 0}, r"edge must be a number from 0\.001 to 1000"),
        ({"edge": math.nan}, "edge must be"),
        ({"edge": math.inf}, "edge must be"),
        ({"edge": "long"}, "edge must be"),
        ({"min_side": -0.1}, "min_side must be a number from 0"),
        ({"min_side": 2}, r"min_side must be below 1\.414"),
        ({"min_side": 1.4}, "Only 0 of 131,072 random triangles"),
        ({"name": "lennard-jones", "edge": 0.3}, r"must be below 0\.4243"),
        ({"name": "translation-a", "min_side": 1.1}, r"must be below 1\.035"),
        ({"constant_side": 0.5}, "take constant-side or fixed-side"),
        ({"name": "fixed-side", "constant_side": 0}, "constant_side must be"),
        ({"name": "fixed-side", "constant_side": 0.4}, r"above min_side = 0\.48"),
        ({"name": "fixed-side", "constant_side": 1.74}, r"diagonal 1\.732"),
        ({"name": "constant-side", "constant_side": 1.7}, "Only 0 of"),
        ({"name": "constant-side", "edge": 0.39}, "diagonal"),
    ],
)
def test_impossible_requests_fail_at_once_with_the_reason(options, message):
    # Unwrapped, as the types that this suite checks in signatures would be refused earlier.
    check = inspect.unwrap(DataConfig.__init__)
    with pytest.raises(TrisymError, match=message):
        check(object.__new__(DataConfig), **options)


def test_a_rare_set_can_be_drawn_if_it_is_small():
    with pytest.raises(DataError, match="smaller n"):
        DataConfig(min_side=1.05)
    assert len(generate("random", n=50, min_side=1.05).inputs) == 50


def test_the_longest_minimum_sides_are_those_of_equilateral_triangles():
    """sqrt(2) between corners of the cube; sqrt(6) - sqrt(2) inside a square."""
    corners = torch.tensor([[0.0, 0, 0], [1, 1, 0], [1, 0, 1]], dtype=torch.float64)
    longest = DATASETS["random"].largest_min_side
    torch.testing.assert_close(side_lengths(corners).min().item(), longest)
    t = 2 - math.sqrt(3)
    square = torch.tensor([[0.0, 0, 0], [1, t, 0], [t, 1, 0]], dtype=torch.float64)
    longest = DATASETS["translation-b"].largest_min_side
    torch.testing.assert_close(side_lengths(square).min().item(), longest)
    drawn = sides_of("translation-b", n=200_000).amin(dim=1)
    assert 0.9 * longest < drawn.max() < longest


def test_whole_numbers_are_lengths_too():
    config = object.__new__(DataConfig)
    inspect.unwrap(DataConfig.__init__)(config, edge=2)
    assert config == DataConfig(edge=2.0)


def test_a_config_comes_whole_or_as_a_name_with_options():
    with pytest.raises(ConfigError, match="Set n, edge in the DataConfig"):
        generate(DataConfig(), n=5, edge=0.5)


# ---- the split


@pytest.mark.parametrize("n", [10, 11, 19, 1000, 1237])
def test_the_split_is_80_10_10_in_order(n):
    data = generate("translation-c", n=n)
    split = data.split()
    sizes = [len(part.inputs) for part in split]
    assert sum(sizes) == n
    assert min(sizes) >= 1
    assert sizes == pytest.approx([0.8 * n, 0.1 * n, 0.1 * n], abs=1)
    assert torch.equal(torch.cat([part.inputs for part in split]), data.inputs)
    assert torch.equal(torch.cat([part.targets for part in split]), data.targets)


def test_ten_triangles_are_the_fewest_to_split():
    with pytest.raises(DataError, match="at least 10 triangles, not 9"):
        generate("random", n=9).split()
