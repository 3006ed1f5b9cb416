"""Section 3.4 beside the thesis: the table of errors; figures and their numbers to take away."""

from __future__ import annotations

import pandas as pd
from plotly.graph_objects import Figure

from trisym.thesis import claims
from trisym.ui.kit import charts, tables
from trisym.ui.kit.tables import scientific, short

INPUTS = {
    "sides": "three sides",
    "latent": "latent of sides-h3",
    "coordinates": "nine coordinates",
}


def compared(measured: pd.DataFrame) -> pd.DataFrame:
    """Return thesis and ours by input: mean over seeds, half the range of the seeds, ratio."""
    rows = []
    for kind in INPUTS:
        thesis = claims.aim(f"energy-{kind}")
        errors = measured.loc[measured["input"] == kind]
        ours = errors["test_mse"]
        rows.append(
            {
                "input": kind,
                "thesis_mse": thesis,
                "mse": ours.mean(),
                "plus_minus": (ours.max() - ours.min()) / 2,
                "seeds": len(ours),
                "r2": errors["test_r2"].mean(),
                "ratio": thesis / ours.mean(),
                "pose_mse": errors["pose_mse"].mean(),
                "six_orders": (errors["test_mse"] / errors["six_orders_mse"]).mean(),
            }
        )
    return pd.DataFrame(rows)


def errors(measured: pd.DataFrame) -> None:
    """Show the errors of the thesis and ours."""
    numbers = compared(measured)
    texts = pd.DataFrame(
        {
            "input": numbers["input"].map(INPUTS),
            "thesis": numbers["thesis_mse"].map(scientific),
            "ours (mean ± half the range)": [
                f"**{scientific(m)}** ± {scientific(s)}"
                for m, s in zip(numbers["mse"], numbers["plus_minus"], strict=True)
            ],
            "R²": numbers["r2"].map("{:.5f}".format),
            "thesis ÷ ours": numbers["ratio"].map(short),
            "of it from the pose": numbers["pose_mse"].map(scientific),
            "÷ mean of six orders": numbers["six_orders"].map(short),
        }
    )
    tables.show(texts, "Test errors of the energy predictors, thesis and ours.")


def chart(figure: Figure, name: str, alt: str) -> None:
    """Show a figure that the camera in its corner saves as NAME.svg."""
    config = {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "svg", "filename": name},
    }
    charts.figure(figure, key=name, alt=alt, config=config)
