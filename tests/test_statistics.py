"""Numbers looked up in result tables, one a seed."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from trisym.errors import ConfigError, DataError, TrisymError
from trisym.storage import results
from trisym.thesis.statistics import STATISTICS, Measure, interval, paired, variance_parts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    table = pd.DataFrame(
        [
            {"set": name, "h": h, "seed": seed, "mse": (10 - h + 0.1 * seed) * scale}
            for name, scale in (("one", 1.0), ("two", 2.0))
            for h in range(1, 11)
            for seed in (0, 1, 2)
        ]
    )
    results.save("sizes", table, {}, tmp_path)
    results.save("exact", pd.DataFrame({"quantity": ["n"], "value": [8]}), {}, tmp_path)
    return tmp_path


def test_one_number_a_seed(folder: Path) -> None:
    found = Measure("sizes", "mse", "set == 'one' and h == 4").values(folder)
    assert found == pytest.approx([6.0, 6.1, 6.2])


def test_one_number_without_seeds(folder: Path) -> None:
    assert Measure("exact", "value", "quantity == 'n'").values(folder) == [8.0]


def test_ratio_is_taken_seed_by_seed(folder: Path) -> None:
    below = Measure("sizes", "mse", "set == 'one' and h == 4")
    assert Measure("sizes", "mse", "set == 'two' and h == 4", over=below).values(
        folder
    ) == pytest.approx([2.0, 2.0, 2.0])


def test_seeds_that_only_one_of_two_tables_has_are_left_out(folder: Path) -> None:
    results.save("few", pd.DataFrame({"seed": [2, 0], "x": [2.0, 4.0]}), {}, folder)
    above = Measure("sizes", "mse", "set == 'one' and h == 9", over=Measure("few", "x"))
    assert above.values(folder) == pytest.approx([1.0 / 4, 1.2 / 2])


def test_tables_are_named_once(folder: Path) -> None:
    assert Measure("a", "x", over=Measure("b", "x")).tables == ("a", "b")
    assert Measure("a", "x", over=Measure("a", "y")).tables == ("a",)


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("lowest", 0.0),
        ("highest", 9.0),
        ("mean", 4.5),
        ("relative range", 2.0),
        ("plateau", 10.0),
        ("straightness", 1.0),
    ],
)
def test_statistics_of_a_straight_fall(folder: Path, statistic: str, expected: float) -> None:
    first, *_ = Measure("sizes", "mse", "set == 'one'", statistic).values(folder)
    assert first == pytest.approx(expected)


def test_exponent_of_a_power() -> None:
    rows = pd.DataFrame({"points": [2, 4, 8], "ms": [3 * n**1.5 for n in (2, 4, 8)]})
    assert STATISTICS["exponent"](rows, "ms") == pytest.approx(1.5)


def test_the_plateau_of_sizes_does_not_mind_the_order() -> None:
    rows = pd.DataFrame({"n": [200, 50, 100, 400], "mse": [1.01, 7.0, 1.5, 1.0]})
    assert STATISTICS["plateau of sizes"](rows, "mse") == 200


def test_principal_components_leave_an_equal_part_of_each_variance() -> None:
    rows = pd.DataFrame({"h": [1, 8], "mse": [8 / 108, 1 / 108]})
    assert STATISTICS["over the PCA loss"](rows, "mse") == pytest.approx(1)
    assert STATISTICS["over the PCA loss"](rows.assign(mse=2 / 108), "mse") != pytest.approx(1)


def test_a_bin_counts_by_its_molecules() -> None:
    rows = pd.DataFrame({"mse": [1.0, 4.0], "molecules": [2, 1]})
    assert STATISTICS["mean over molecules"](rows, "mse") == 2


def test_the_relative_error_is_one_of_the_range() -> None:
    rows = pd.DataFrame({"exact": [0.0, 10.0], "predicted": [1.0, 11.0]})
    assert STATISTICS["relative rms error"](rows, "predicted") == pytest.approx(0.1)


def test_rank_agreement_tells_agreement_from_its_opposite() -> None:
    rows = pd.DataFrame({"side_error": [1.0, 2.0, 3.0], "same": [2, 4, 9], "opposite": [3, 2, 1]})
    assert STATISTICS["rank agreement"](rows, "same") == pytest.approx(1.0)
    assert STATISTICS["rank agreement"](rows, "opposite") == pytest.approx(-1.0)


@pytest.mark.parametrize(
    "measure",
    [
        Measure("sizes", "no such column"),
        Measure("sizes", "mse", "no_such_column == 1"),
        Measure("sizes", "mse", "h == 99"),
        Measure("no such table", "mse"),
    ],
    ids=["column", "condition", "rows", "table"],
)
def test_what_is_missing_is_said(folder: Path, measure: Measure) -> None:
    with pytest.raises(TrisymError, match="result"):
        measure.values(folder)


def test_an_unknown_statistic_is_refused() -> None:
    with pytest.raises(ConfigError, match="statistic must be one of mean"):
        Measure("sizes", "mse", statistic="median")


def test_intervals_are_student_s() -> None:
    """Student's own sleep data (1908): ten differences, mean 1.58, 95 % from 0.70 to 2.46."""
    gained = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    low, high = interval(gained)
    assert (low, high) == (pytest.approx(0.7001142, abs=1e-6), pytest.approx(2.4598858, abs=1e-6))
    assert all(math.isnan(end) for end in (*interval([1.0]), *interval([1.0, math.inf])))


def test_a_paired_test_is_scipy_s() -> None:
    a, b = np.array([3.0, 4.0, 5.5, 4.2]), np.array([1.0, 1.6, 1.5, 1.7])
    found = paired((a / b).tolist())
    expected = stats.ttest_rel(np.log(a), np.log(b))
    assert found is not None
    assert found.p == pytest.approx(expected.pvalue)
    ends = expected.confidence_interval(0.95)
    assert np.log([found.low, found.high]) == pytest.approx([ends.low, ends.high])
    assert found.ratio == pytest.approx(stats.gmean(a / b))


@pytest.mark.parametrize(
    "ratios", [[], [2.0, 3.0], [1.0, -1.0, 2.0], [1.0, math.nan, 2.0], [2.0] * 3]
)
def test_what_has_no_paired_test(ratios: list[float]) -> None:
    assert paired(ratios) is None


def test_equal_networks_are_not_told_apart() -> None:
    """Negative control: pairs drawn alike have p below 0.05 in one case of twenty."""
    random = np.random.default_rng(0)
    tests = [paired(np.exp(random.normal(size=5)).tolist()) for _ in range(2000)]
    below = np.mean([test.p < 0.05 for test in tests if test])
    assert below == pytest.approx(0.05, abs=0.015)


def seed_grid(of_rows: float, of_columns: float, rest: float, seeds: int = 40) -> pd.DataFrame:
    random = np.random.default_rng(1)
    data, weights = (random.normal(size=seeds) * sd for sd in (of_rows, of_columns))
    values = 7 + data[:, None] + weights + random.normal(size=(seeds, seeds)) * rest
    rows, columns = np.indices(values.shape)
    flat = {"data_seed": rows.ravel(), "seed": columns.ravel(), "error": values.ravel()}
    return pd.DataFrame(flat)


def test_variance_is_split_as_it_was_made() -> None:
    parts = variance_parts(seed_grid(2.0, 1.0, 0.5), "error", "data_seed", "seed")
    whole = 4 + 1 + 0.25
    assert parts.rows == pytest.approx(4 / whole, abs=0.1)
    assert parts.columns == pytest.approx(1 / whole, abs=0.1)
    assert parts.rest == pytest.approx(0.25 / whole, abs=0.02)
    assert parts.rows + parts.columns + parts.rest == pytest.approx(1)
    assert parts.mean == pytest.approx(7, abs=1)


def test_what_no_seed_decides_is_the_rest() -> None:
    """Negative control: with no effect of either, all is the rest; a part below 0 counts as 0."""
    parts = variance_parts(seed_grid(0.0, 0.0, 1.0), "error", "data_seed", "seed")
    assert parts.rest > 0.95
    assert min(parts.rows, parts.columns) >= 0


def test_a_grid_with_a_hole_is_refused() -> None:
    with pytest.raises(DataError, match="each pair"):
        variance_parts(seed_grid(1, 1, 1, seeds=3)[1:], "error", "data_seed", "seed")
