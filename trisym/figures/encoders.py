"""The figures of the page inside the encoder: errors of N directions a side, and of shifts.

Tables as the recipes `handmade` and `shift` wrote them in, Altair charts out.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from trisym.figures.common import INK, level_lines
from trisym.figures.degrees import BLUE, GREEN, VERMILION, Chart

BEST_SLOPE = -5 / 4  # of the error against N, for the best directions
WAYS: Mapping[str, str] = {
    "formula": "by the formula",
    "trained": "by training",
    "optimised": "directions at their best",
    "pythagoras": "by Pythagoras",
}
AS_TRAINED, WITHOUT, RETRAINED = (
    "leaky ReLU on the input",
    "same weights, without it",
    "trained without it",
)
PURPLE = {False: "#A8558A", True: "#D98CBC"}
HEIGHT = 380
LEGEND = alt.Legend(
    title=None, orient="top", direction="horizontal", labelLimit=400, columns=2, symbolOpacity=1
)


def slopes(table: pd.DataFrame) -> dict[str, float]:
    """Return by way the k of error ~ N^k, by least squares on logarithms of all seeds."""
    found = {}
    for way, rows in errors(table).groupby("way"):
        logs = np.log(rows["units"]), np.log(rows["error"])
        found[str(way)] = float(np.polyfit(*logs, 1)[0])
    return found


def errors(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the `error` to draw: of trained networks that of the whole network.

    Their latent nodes are bent functions of the sides, which a decoder reads better than a line.
    """
    return table.assign(error=table["side_error"].fillna(table["encoder_side_error"]))


def error_against_units(table: pd.DataFrame, levels: Mapping[str, float], dark: bool) -> Chart:
    """Draw the side error against units a side, both axes log: a curve a way, a band over seeds.

    `levels` are side errors by what to call them, dashed lines; a thin one is the best slope that
    adding up |n·v| can have.
    """
    ends = errors(table).groupby(["way", "units"])["error"].agg(["min", "mean", "max"])
    ends = ends.reset_index().assign(kind=lambda rows: rows["way"].map(WAYS))
    x = alt.X(
        "units:Q",
        title="units a side, N",
        scale=alt.Scale(type="log", nice=False, padding=12),
        axis=alt.Axis(values=sorted(table["units"].unique().tolist()), format="d"),
    )
    y = alt.Y(
        "mean:Q",
        title="side error",
        scale=alt.Scale(type="log", nice=False, padding=12),
        axis=alt.Axis(values=[0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03], format="~g"),
    )
    inks = (BLUE[dark], VERMILION[dark], GREEN[dark], PURPLE[dark])
    colours = dict(zip(WAYS.values(), inks, strict=True))
    band, line = _banded(ends, x, y, "kind", colours)
    layers = [_best(ends, x, dark), band, line, *level_lines(levels, dark)]
    return alt.layer(*layers).properties(height=HEIGHT)


def _best(ends: pd.DataFrame, x: alt.X, dark: bool) -> alt.Chart:
    """N^(-5/4) through the optimised directions, in the middle of the range."""
    rows = ends[ends["way"] == "optimised"]
    n = rows["units"].to_numpy(dtype=float)
    middle = np.exp(np.mean(np.log(rows["mean"]) - BEST_SLOPE * np.log(n)))
    guide = pd.DataFrame({"units": n, "mean": middle * n**BEST_SLOPE})
    mark = alt.Chart(guide).mark_line(strokeDash=[2, 5], strokeWidth=1.5, color=INK[dark])
    return mark.encode(x, alt.Y("mean:Q"))


def shift_curves(
    table: pd.DataFrame, column: str, title: str, levels: Mapping[str, float], dark: bool
) -> Chart:
    """Draw side error or drift against the shift of all coordinates, as far as 10 edges.

    Both axes grow by factors away from 0, the shift on either side. `table` has kind, seed, shift
    and the column; a band reaches from seed to seed. `levels` as in `error_against_units`.
    """
    ends = table.groupby(["kind", "shift"])[column].agg(["min", "mean", "max"]).reset_index()
    ticks = [-10, -1, -0.1, 0, 0.1, 1, 10]
    x = alt.X(
        "shift:Q",
        title="shift along every axis, in edges of the cube",
        scale=alt.Scale(type="symlog", constant=0.03, nice=False),
        axis=alt.Axis(values=ticks, labelExpr="format(datum.value, '~g')"),  # Vega would round
    )
    y = alt.Y(
        "mean:Q",
        title=title,
        scale=alt.Scale(type="log", nice=False, padding=8),
        axis=alt.Axis(values=[1e-4, 1e-3, 0.01, 0.1, 1], format="~g"),
    )
    colours = {AS_TRAINED: VERMILION[dark], WITHOUT: BLUE[dark], RETRAINED: GREEN[dark]}
    band, line = _banded(ends[ends["mean"] > 0], x, y, "kind", colours)
    zero = alt.Chart(pd.DataFrame({"shift": [0.0]}))
    rule = zero.mark_rule(strokeDash=[2, 4], strokeWidth=2, color=INK[dark])
    layers = [rule.encode(alt.X("shift:Q")), band, line, *level_lines(levels, dark)]
    return alt.layer(*layers).properties(height=HEIGHT)


def shift_kinds(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the recipe `shift` that are drawn, with the `kind` of each."""
    shipped = table["model"] == "sides-h3"
    retrained = (table["model"] == "retrained") & ~table["input_activation"]
    kinds = np.select(
        [shipped & table["input_activation"], shipped, retrained],
        [AS_TRAINED, WITHOUT, RETRAINED],
        "",
    )
    return table.assign(kind=kinds)[kinds != ""]


def _banded(
    ends: pd.DataFrame, x: alt.X, y: alt.Y, field: str, colours: Mapping[str, str]
) -> tuple[alt.Chart, alt.Chart]:
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    colour = alt.Color(f"{field}:N", scale=scale, legend=LEGEND)
    low = y.copy()
    low["shorthand"] = "min:Q"
    numbers = [alt.Tooltip(f"{name}:Q", format=".3~g") for name in ("min", "mean", "max")]
    tooltip = [alt.Tooltip(f"{field}:N"), alt.Tooltip(x["shorthand"]), *numbers]
    band = alt.Chart(ends).mark_area(opacity=0.22).encode(x, low, alt.Y2("max"), colour)
    line = alt.Chart(ends).mark_line(strokeWidth=3, point=alt.OverlayMarkDef(size=45))
    return band, line.encode(x, y, colour, tooltip=tooltip)
