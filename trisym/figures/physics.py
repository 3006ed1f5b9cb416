"""Figures of section 3.6, Fig. 15: what each network learned, and forces on one molecule."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from trisym.figures.common import GREY, INK
from trisym.figures.energy import COLOURS
from trisym.figures.spectrum import Chart

ROW = 40  # pixels a network, its name in two lines
FRAME = 60
ARROW = 0.55  # the longest exact force, in the molecule's width
REACH = 0.95  # half of what is shown, in the molecule's width
BESIDE = 0.2  # how far outside its atom a number stands, in the molecule's width
# An axis of a phone has no room for a network's name in one line.
TWO_LINES = "split(replace(datum.label, /( \\+ | alone| on )/, '\\n$1'), '\\n')"
UP = -8  # half a line: Vega sets the first of them level with the dots


def seeds(
    rows: pd.DataFrame, column: str, title: str, dark: bool, level: float | None = None
) -> Chart:
    """Draw a measure of every network, a dot a seed and a tick at the mean, on a logarithmic axis.

    `rows` has label, seed and the column, in the order of the rows; level: a dashed line.
    """
    shown = rows[["label", "seed", column]].dropna()
    order = list(dict.fromkeys(rows["label"]))
    x = alt.X(
        f"{column}:Q",
        title=title,
        scale=alt.Scale(type="log", nice=True),
        axis=alt.Axis(format="~g", tickCount=5, labelOverlap="greedy"),
    )
    names = alt.Axis(labelLimit=230, labelOverlap=False, labelExpr=TWO_LINES, labelOffset=UP)
    y = alt.Y("label:N", title=None, sort=order, axis=names)
    chart = alt.Chart(shown)
    tip = [alt.Tooltip("label:N"), alt.Tooltip("seed:Q"), alt.Tooltip(f"{column}:Q", format=".2~g")]
    dots = chart.mark_circle(size=80, opacity=0.75, color=COLOURS[dark]["sides"]).encode(x, y, tip)
    mean = alt.X(f"mean({column}):Q")
    means = chart.mark_tick(thickness=3, size=20, color=INK[dark]).encode(mean, y)
    layers: list[alt.Chart] = [dots, means]
    if level is not None:
        rule = alt.Chart(pd.DataFrame({"level": [level]})).mark_rule(
            strokeDash=[6, 4], strokeWidth=2, color=GREY
        )
        layers.insert(0, rule.encode(alt.X("level:Q")))
    return alt.layer(*layers).properties(height=ROW * len(order) + FRAME)


def forces(
    atoms: np.ndarray, exact: np.ndarray, learned: np.ndarray, dark: bool, height: int = 260
) -> go.Figure:
    """Draw exact and learned forces (atom, 2) on a molecule's atoms (atom, 2), in its plane."""
    width = np.linalg.norm(atoms[:, None] - atoms[None], axis=-1).max()
    scale = ARROW * width / max(np.linalg.norm(exact, axis=1).max(), 1e-12)
    closed = atoms[[0, 1, 2, 0]]
    molecule = go.Scatter(
        x=closed[:, 0],
        y=closed[:, 1],
        mode="lines+markers",
        line={"color": GREY, "width": 2},
        marker={"size": 14, "color": GREY},
        hoverinfo="skip",
        showlegend=False,
    )
    outwards = atoms / np.maximum(np.linalg.norm(atoms, axis=1, keepdims=True), 1e-12)
    numbers = atoms + BESIDE * width * outwards  # where no arrow covers them
    labels = go.Scatter(
        x=numbers[:, 0],
        y=numbers[:, 1],
        mode="text",
        text=["1", "2", "3"],
        textfont={"size": 16, "color": INK[dark]},
        hoverinfo="skip",
        showlegend=False,
    )
    figure = go.Figure([molecule, labels])
    kinds = ((exact, INK[dark], 5.0), (learned, COLOURS[dark]["coordinates"], 2.5))
    for vectors, colour, thick in kinds:
        for atom, vector in zip(atoms, vectors * scale, strict=True):
            tip = atom + np.clip(vector, -width, width)
            figure.add_annotation(
                x=tip[0],
                y=tip[1],
                ax=atom[0],
                ay=atom[1],
                xref="x",
                yref="y",
                axref="x",
                ayref="y",
                showarrow=True,
                text="",
                arrowhead=2,
                arrowsize=0.6,
                arrowwidth=thick,
                arrowcolor=colour,
            )
    reach = REACH * width
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        xaxis={"range": [-reach, reach], "visible": False, "fixedrange": True},
        yaxis={
            "range": [-reach * 0.8, reach * 0.8],
            "visible": False,
            "scaleanchor": "x",
            "fixedrange": True,
        },
    )
    return figure
