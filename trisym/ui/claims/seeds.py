"""What a seed decides: the grid of data seeds and weight seeds, its variances split, in a table."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from trisym.storage import results
from trisym.thesis.statistics import interval, variance_parts
from trisym.ui.kit.tables import csv_of, errors_as_sentences, short, show

TABLE, ENERGIES = "seed-grid", "seed-grid-energy"
DATA, WEIGHTS = "data_seed", "seed"
MEASURED = {  # what a row of the table is of: loss or input, and column
    "side error, side loss": ("sides", "side_error"),
    "orbit spread, side loss": ("sides", "orbit_spread_inside"),
    "orbit spread whitened, side loss": ("sides", "orbit_spread_whitened"),
    "side error, MSE": ("mse", "side_error"),
    "MSE, MSE": ("mse", "mse"),
    "orbit spread, MSE": ("mse", "orbit_spread_inside"),
}
OF_ENERGIES = {
    "energy MSE, from sides": ("sides", "test_mse"),
    "energy MSE, from coordinates": ("coordinates", "test_mse"),
}


def part() -> None:
    """Show the split variances, and say how they were made; nothing before the recipe has run."""
    if TABLE not in results.names():
        return
    st.header("What a seed decides", anchor="seeds")
    with errors_as_sentences():
        grid = results.load(TABLE)
        data, weights = grid[DATA].nunique(), grid[WEIGHTS].nunique()
        st.markdown(
            f"The network of section 3.3 by the fast preset, {data} sets of triangles by {weights} "
            "initial weights (with the order of the batches), each pair once with the side loss "
            "and once with the MSE; all are measured on the same fresh triangles. The shares are "
            "variance components of a two-way analysis (random effects, no replication): what the "
            "triangles decide, what the weights decide, and the rest, which neither decides alone."
        )
        show(split(grid, "loss", MEASURED), "Variance split between seeds")
        csv_of(TABLE)
    if ENERGIES in results.names():
        with errors_as_sentences():
            _energies(results.load(ENERGIES))


def _energies(grid: pd.DataFrame) -> None:
    st.markdown(
        "The predictors of section 3.4, trained as long, on as many sets of molecules; energies "
        "are scaled to 0 to 1 by each set's own, and all are measured on the same fresh molecules."
    )
    show(split(grid, "input", OF_ENERGIES), "Variance of the energies' errors split between seeds")
    csv_of(ENERGIES)


def split(grid: pd.DataFrame, key: str, measured: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Return a row a number: its mean over all pairs of seeds, its interval, and the shares.

    measured: by its name, the value of the column `key` that chooses rows, and what is measured.
    """
    return pd.DataFrame(
        [
            {"number": name, **_row(grid[grid[key] == chosen], column)}
            for name, (chosen, column) in measured.items()
        ]
    )


def _row(chosen: pd.DataFrame, column: str) -> dict[str, str]:
    parts = variance_parts(chosen, column, DATA, WEIGHTS)
    low, high = interval(chosen.groupby(DATA)[column].mean().tolist())
    return {
        "mean": short(parts.mean),
        "95 % over sets": f"{short(low)} to {short(high)}",
        "standard deviation": short(parts.sd),
        "triangles": f"{parts.rows:.0%}",
        "weights": f"{parts.columns:.0%}",
        "rest": f"{parts.rest:.0%}",
    }
