"""The rule that says where a curve of errors becomes level."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trisym.errors import DataError
from trisym.thesis.plateau import (
    TOLERANCE,
    TOLERANCES,
    by_tolerance,
    level_from,
    over_seeds,
    plateau,
    plateaus,
)
from trisym.ui.kit import tolerances

SIZES = list(range(1, 11))


def falling(freedoms: int, floor: float = 0.0) -> list[float]:
    """(d - h) / d up to h = d, and nothing from there on: linear networks on d free numbers."""
    return [floor + max(0.0, (freedoms - h) / freedoms) for h in SIZES]


@pytest.mark.parametrize("freedoms", range(2, 11))
def test_counts_degrees_of_freedom(freedoms: int) -> None:
    assert plateau(SIZES, falling(freedoms)) == freedoms


@pytest.mark.parametrize("freedoms", [6, 9])
def test_a_floor_under_the_curve_changes_nothing(freedoms: int) -> None:
    assert plateau(SIZES, falling(freedoms, floor=1.5)) == freedoms


@given(st.integers(2, 10), st.floats(1e-6, 1e6), st.permutations(SIZES))
def test_neither_units_nor_order_matter(freedoms: int, unit: float, order: list[int]) -> None:
    curve = dict(zip(SIZES, falling(freedoms), strict=True))
    assert plateau(order, [unit * curve[h] for h in order]) == freedoms


def test_a_curve_that_never_fell_is_level_from_the_start() -> None:
    assert plateau(SIZES, [1.0, 0.99, 1.0, 0.98, 1.0, 0.99, 0.97, 1.0, 0.99, 1.0]) == 1


def test_one_bad_run_after_the_plateau_moves_it() -> None:
    curve = falling(3)
    curve[6] = 0.4
    assert plateau(SIZES, curve) == 8


def test_a_curve_that_is_still_falling_has_its_plateau_at_the_end() -> None:
    assert plateau(SIZES, [1 - 0.09 * h for h in SIZES]) == 10


def test_a_curve_that_is_still_falling_is_never_level() -> None:
    assert level_from(SIZES, [1 - 0.09 * h for h in SIZES]) is None
    assert level_from([1, 2, 3, 4], [1.0, 0.1, 0.1, 0.9]) is None  # nor one that rises at the end
    assert level_from(SIZES, falling(9)) == 9  # two points are the least that can be level


def test_a_small_tolerance_takes_luck_for_a_fall() -> None:
    """Falls of 4 %, 1.5 % and 0.5 % of D after h = 3: each tolerance ignores what is below it."""
    curve = [1.0, 0.5, 0.06, 0.02, 0.005, 0.005]
    found = {each: level_from(SIZES[:6], curve, each) for each in (*TOLERANCES, 1e-9)}
    assert found == {0.01: 5, 0.02: 4, TOLERANCE: 4, 0.1: 3, 0.2: 3, 1e-9: 5}


def test_never_level_is_counted_over_seeds_and_said() -> None:
    curves = {0: falling(6), 1: [1 - 0.09 * h for h in SIZES]}
    rows = [
        {"seed": seed, "h": h, "mse": value}
        for seed, curve in curves.items()
        for h, value in zip(SIZES, curve, strict=True)
    ]
    table = pd.DataFrame(rows)
    found = over_seeds(table, "mse")
    assert (found.low, found.high, found.never) == (6, 10, 1)
    assert str(found) == "h = 6 (seeds from 6 to 10; 1 never level)"
    assert by_tolerance(table, "mse").keys() == set(TOLERANCES)
    shown = tolerances.table(
        {
            "both": (table, "mse"),
            "one": (table[table["seed"] == 1], "mse"),
            "level": (table[table["seed"] == 0], "mse"),
        }
    ).set_index("curve")["5%"]
    assert shown.tolist() == ["**h = 6 to never**", "**never**", "**h = 6**"]


def test_a_curve_that_rises_again_at_the_end_is_level_at_the_end_only() -> None:
    assert plateau([1, 2, 3, 4], [1.0, 0.1, 0.1, 0.9]) == 4


def test_the_thesis_curves_of_fig_12() -> None:
    """Side errors of the notebooks at h = 1…6: random triangles, and one side always the same."""
    assert plateau(SIZES[:6], [0.410, 0.185, 0.0106, 0.0097, 0.0106, 0.0066]) == 3
    assert plateau(SIZES[:6], [0.157, 0.0051, 0.0059, 0.0061, 0.0071, 0.0103]) == 2


@pytest.mark.parametrize(
    ("sizes", "errors"),
    [([1], [1.0]), ([], []), ([1, 2], [1.0]), ([1, 1], [1.0, 0.5]), ([1, 2], [1.0, math.nan])],
)
def test_refuses_what_is_no_curve(sizes: list[int], errors: list[float]) -> None:
    with pytest.raises(DataError, match="A plateau needs"):
        plateau(sizes, errors)


def test_interval_over_seeds() -> None:
    curves = {0: falling(6), 1: falling(7), 2: falling(6)}
    table = pd.DataFrame(
        {"seed": seed, "h": h, "mse": value}
        for seed, curve in curves.items()
        for h, value in zip(SIZES, curve, strict=True)
    )
    assert plateaus(table, "mse") == [6, 7, 6]
    found = over_seeds(table, "mse")
    assert (found.median, found.low, found.high) == (6, 6, 7)
    assert str(found) == "h = 6 (seeds from 6 to 7)"
    assert str(over_seeds(table[table["seed"] == 1], "mse")) == "h = 7 (every seed)"
