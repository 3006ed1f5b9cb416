"""Source of our number for a claim: a result table, its rows, a column, a statistic.

And how sure it is: intervals of means, paired tests of ratios, and what a seed decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from trisym.errors import DataError
from trisym.storage import results
from trisym.thesis.plateau import plateau
from trisym.validation import check_choice

SEEDS = ("seed", "round")  # the column that tells runs apart; a timing has rounds

Statistic = Callable[[pd.DataFrame, str], float]  # of one seed's rows


def _of(function: Callable[[pd.Series], float]) -> Statistic:
    return lambda rows, column: function(rows[column])


def _relative_range(values: pd.Series) -> float:
    return (values.max() - values.min()) / abs(values.mean())


def _plateau(rows: pd.DataFrame, column: str) -> float:
    return float(plateau(rows["h"].tolist(), rows[column].tolist()))


def _straightness(rows: pd.DataFrame, column: str) -> float:
    """Return r² of a straight line through the column against h."""
    return rows["h"].corr(rows[column]) ** 2


def _exponent(rows: pd.DataFrame, column: str) -> float:
    """Return the k of column ~ points^k, by least squares on logarithms."""
    return np.polyfit(np.log(rows["points"]), np.log(rows[column]), 1)[0]


def _decay(rows: pd.DataFrame, column: str) -> float:
    """The k of column ~ units^-k, by least squares on logarithms."""
    return -np.polyfit(np.log(rows["units"]), np.log(rows[column]), 1)[0]


def _plateau_of_sizes(rows: pd.DataFrame, column: str) -> float:
    """Return the size of the set from which on the column is level, by the plateau rule."""
    return float(plateau(rows["n"].tolist(), rows[column].tolist()))


def _over_pca(rows: pd.DataFrame, column: str) -> float:
    """Return the mean loss over what h principal components leave of nine variances of 1/12."""
    return (rows[column] * 108 / (9 - rows["h"])).mean()


def _weighted(rows: pd.DataFrame, column: str) -> float:
    """Return the mean of a binned column over the molecules of the bins."""
    return float(np.average(rows[column], weights=rows["molecules"]))


def _rank_agreement(rows: pd.DataFrame, column: str) -> float:
    """Return Spearman's rank correlation of the column with the side error."""
    return rows[column].rank().corr(rows["side_error"].rank())


def _rebuilt(rows: pd.DataFrame, column: str) -> float:
    """Return Pearson's r between a column and the one of the same name after the network."""
    return rows[column].corr(rows[f"rebuilt_{column}"])


def _relative_rms(rows: pd.DataFrame, column: str) -> float:
    """Return the RMS distance of a column from the exact value, over the range of that."""
    rms = np.sqrt((rows[column] - rows["exact"]).pow(2).mean())
    return float(rms / (rows["exact"].max() - rows["exact"].min()))


STATISTICS: Mapping[str, Statistic] = MappingProxyType(
    {
        "mean": _of(lambda values: values.mean()),
        "lowest": _of(lambda values: values.min()),
        "highest": _of(lambda values: values.max()),
        "relative range": _of(_relative_range),
        "plateau": _plateau,
        "straightness": _straightness,
        "exponent": _exponent,
        "decay": _decay,
        "plateau of sizes": _plateau_of_sizes,
        "over the PCA loss": _over_pca,
        "mean over molecules": _weighted,
        "rank agreement": _rank_agreement,
        "correlation with rebuilt": _rebuilt,
        "relative rms error": _relative_rms,
    }
)


@dataclass(frozen=True)
class Measure:
    """Source of our number: a table, its rows, a column, a statistic for each seed.

    `where` is a pandas query ("" takes all rows). With `over`, each seed's value is divided by the
    other measure's of the same seed; seeds that only one of the two has are left out.
    """

    table: str
    column: str
    where: str = ""
    statistic: str = "mean"
    over: Measure | None = None

    def __post_init__(self) -> None:
        check_choice("statistic", self.statistic, STATISTICS)

    def values(self, folder: Path = results.RESULTS) -> list[float]:
        """Return one number a seed; TrisymError when the table, a column or a row is missing."""
        return list(self._by_seed(folder).values())

    def _by_seed(self, folder: Path) -> dict[object, float]:
        rows = _table(self.table, folder, results.stamp(self.table, folder))
        try:
            rows = rows.query(self.where) if self.where else rows
            if rows.empty:
                raise DataError(f"The result '{self.table}' has no rows where {self.where}.")
            found = {
                seed: float(STATISTICS[self.statistic](part, self.column))
                for seed, part in _parts(rows)
            }
        except (KeyError, pd.errors.UndefinedVariableError) as error:
            raise DataError(f"The result '{self.table}' has no column {error}.") from error
        if self.over is None:
            return found
        below = self.over._by_seed(folder)
        return {seed: found[seed] / below[seed] for seed in found if seed in below}

    def __str__(self) -> str:
        text = f"{self.statistic} of {self.column} in {self.table}"
        text += f" where {self.where}" if self.where else ""
        return f"{text}, over {self.over}" if self.over else text

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the result tables it reads."""
        below = self.over.tables if self.over else ()
        return (self.table, *(name for name in below if name != self.table))


@lru_cache(maxsize=8)  # claims that follow each other often read one table
def _table(name: str, folder: Path, stamp: results.Stamp) -> pd.DataFrame:
    """Read a table, which nobody may change, again only when it was written since."""
    return results.load(name, folder)


def _parts(rows: pd.DataFrame) -> list[tuple[object, pd.DataFrame]]:
    """Split a table by seed; without seeds it is one piece."""
    key = next((name for name in SEEDS if name in rows), None)
    return [(None, rows)] if key is None else list(rows.groupby(key, sort=True))


LEVEL = 0.95  # of intervals


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of the mean by Student's t: mean ± t s/√n with n − 1 degrees.

    Source: Student, "The probable error of a mean", Biometrika 6 (1908). It takes the seeds for a
    sample of a normal distribution. NaN for fewer than two values, or where one is not finite.
    """
    if len(values) < 2 or not all(map(math.isfinite, values)):
        return math.nan, math.nan
    half = stdtrit(len(values) - 1, (1 + LEVEL) / 2) * np.std(values, ddof=1) / len(values) ** 0.5
    mean = float(np.mean(values))
    return mean - float(half), mean + float(half)


@dataclass(frozen=True)
class Paired:
    """A ratio over pairs of runs: its geometric mean, the 95 % interval of that, and p of 1."""

    ratio: float
    low: float
    high: float
    p: float
    pairs: int


def paired(ratios: Sequence[float]) -> Paired | None:
    """Return the paired t test, two-sided, of the logarithms of two runs' numbers.

    `ratios` are one number over the other, of runs of one seed each: the difference of their
    logarithms is tested against 0 as Student (1908) does with pairs. None where there are fewer
    than three pairs, or one ratio is not above 0, or all are one.
    """
    if len(ratios) < 3 or not all(math.isfinite(r) and r > 0 for r in ratios):
        return None
    logs = np.log(ratios)
    error = float(logs.std(ddof=1)) / len(logs) ** 0.5
    if not error:
        return None
    degrees = len(logs) - 1
    p = 2 * float(stdtr(degrees, -abs(float(logs.mean())) / error))
    low, high = interval(logs.tolist())
    return Paired(math.exp(logs.mean()), math.exp(low), math.exp(high), p, len(logs))


@dataclass(frozen=True)
class VarianceParts:
    """Variance of one number over a grid of seeds: of the rows, of the columns, of the rest.

    Each is a share of their sum; `sd` is the root of the sum, and `mean` what it varies about.
    """

    mean: float
    sd: float
    rows: float
    columns: float
    rest: float


def variance_parts(table: pd.DataFrame, column: str, rows: str, columns: str) -> VarianceParts:
    """Split a variance between two seeds, each pair of which has one number.

    The components of a two-way random-effects analysis of variance without replication, by its
    expected mean squares; one that comes out below 0 counts as 0. Source: Searle, Casella &
    McCulloch, "Variance Components" (1992), section 4.3. Raises DataError where a pair is missing.
    """
    grid = table.pivot_table(index=rows, columns=columns, values=column).to_numpy(dtype=float)
    if min(grid.shape) < 2 or not np.isfinite(grid).all():
        raise DataError("A split variance needs a number for each pair of at least two seeds.")
    count, across = grid.shape
    mean = grid.mean()
    by_row, by_column = grid.mean(1) - mean, grid.mean(0) - mean
    rest = grid - mean - by_row[:, None] - by_column
    of_rest = (rest**2).sum() / ((count - 1) * (across - 1))
    of_rows = max(0.0, (by_row**2).sum() / (count - 1) - of_rest / across)
    of_columns = max(0.0, (by_column**2).sum() / (across - 1) - of_rest / count)
    whole = of_rows + of_columns + of_rest
    shares = [float(part / whole) if whole else 0.0 for part in (of_rows, of_columns, of_rest)]
    return VarianceParts(float(mean), float(whole**0.5), *shares)
