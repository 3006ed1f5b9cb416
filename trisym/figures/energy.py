"""Figures of section 3.4: tables of the energy recipes in, Plotly figures out; no Streamlit here.

One colour and one dash a kind of input, the same in every figure and in the live view.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from trisym.figures.common import INK

# Okabe and Ito's blue, bluish green and vermilion, a little lighter on a dark page.
COLOURS: Mapping[bool, Mapping[str, str]] = MappingProxyType(
    {
        False: {"sides": "#0072B2", "latent": "#00805E", "coordinates": "#D55E00"},
        True: {"sides": "#3FA7E0", "latent": "#22B98C", "coordinates": "#F0762B"},
    }
)
DASHES = {"sides": "solid", "latent": "dash", "coordinates": "dot"}
OUTSIDE = {False: "rgba(176,88,0,0.10)", True: "rgba(255,190,90,0.13)"}
FEWEST = 5  # molecules in a bin whose mean error is shown
ENERGIES = [-3.3, 4.4]  # from -3, where all sides are 2^(1/6) sigma, to what is in the training set
OFF = [-0.25, 0.25]  # a few times the widest band
DECADES: Mapping[str, object] = {"type": "log", "dtick": 1, "exponentformat": "power"}
GRID = {False: "rgba(27,34,48,0.12)", True: "rgba(237,241,247,0.16)"}


def actual_against_predicted(counts: pd.DataFrame, line: pd.Series, dark: bool) -> go.Figure:
    """Draw one panel of Fig. 11: how many molecules lie where, and the line fitted to them.

    counts: columns actual, predicted, molecules (bins of scaled energy) of one kind of input.
    line: slope and intercept.
    """
    kind = str(counts["input"].iloc[0])
    ends = np.array([0.0, 1.0])
    cells = go.Scatter(
        x=_short(counts["actual"]),
        y=_short(counts["predicted"]),
        mode="markers",
        customdata=counts["molecules"],
        hovertemplate="actual %{x:.2f}, predicted %{y:.2f}: %{customdata} molecules<extra></extra>",
        marker={
            "symbol": "square",
            "size": 4.6,
            "color": _short(np.log10(counts["molecules"])),
            "colorscale": _density(COLOURS[dark][kind], dark),
            "line": {"width": 0},
        },
        showlegend=False,
    )
    perfect = _straight(ends, ends, "perfect", INK[dark], "dot", 1.5)
    fitted = _straight(
        ends, line["intercept"] + line["slope"] * ends, "fitted", INK[dark], "solid", 2.0
    )
    figure = go.Figure([cells, perfect, fitted])
    square = {"range": [-0.06, 1.06], "dtick": 0.25}
    return _styled(figure, dark, 400, "actual energy, scaled", "predicted", square, square)


def _density(colour: str, dark: bool) -> list[list[float | str]]:
    """Return a scale from a wash of the colour for one molecule to near the ink for hundreds."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    deep = "#FFFFFF" if dark else "#101820"
    return [[0.0, f"rgba({red},{green},{blue},0.35)"], [0.55, colour], [1.0, deep]]


def _straight(
    x: np.ndarray, y: np.ndarray, name: str, colour: str, dash: str, width: float
) -> go.Scatter:
    return go.Scatter(
        x=_short(x),
        y=_short(y),
        mode="lines",
        name=name,
        line={"color": colour, "dash": dash, "width": width},
    )


def _short(numbers: np.ndarray | pd.Series) -> np.ndarray:
    """Return numbers as precise as a screen shows them: half of what has to be sent."""
    return np.asarray(numbers, dtype=np.float32)


def error_against(errors: pd.DataFrame, against: str, dark: bool) -> go.Figure:
    """Draw the error of the kinds against the energy or the shortest side, and how many there are.

    errors: columns input, against, value, molecules, mse.
    """
    figure = make_subplots(rows=2, shared_xaxes=True, row_heights=[0.68, 0.32])
    seen = errors[errors["against"] == against]
    for kind, colour in COLOURS[dark].items():
        rows = seen[(seen["input"] == kind) & (seen["molecules"] >= FEWEST)]
        line = go.Scatter(
            x=rows["value"],
            y=np.sqrt(rows["mse"]),
            mode="lines",
            name=kind,
            line={"color": colour, "dash": DASHES[kind], "width": 3},
        )
        figure.add_trace(line, row=1, col=1)
    rows = seen[seen["input"] == "sides"]
    bars = go.Bar(
        x=rows["value"],
        y=rows["molecules"],
        marker={"color": INK[dark], "opacity": 0.45, "line": {"width": 0}},
        showlegend=False,
        hovertemplate="%{y} molecules<extra></extra>",
    )
    figure.add_trace(bars, row=2, col=1)
    title = "actual energy, scaled" if against == "energy" else "shortest side"
    _styled(figure, dark, 460, "", "error (RMS), scaled", {}, {})
    figure.update_layout(bargap=0, hovermode="x unified")
    figure.update_xaxes(title_text=title, row=2, col=1)
    figure.update_yaxes(**DECADES, row=1, col=1)
    figure.update_yaxes(title_text="molecules", row=2, col=1)
    return figure


def varied_side(line: pd.DataFrame, dark: bool) -> go.Figure:
    """Draw Fig. 18: the exact curve and each kind's prediction, seeds as a band.

    line: columns x, exact, long_sides, in_box, input, seed, predicted of one place.
    """
    figure = go.Figure()
    for kind in COLOURS[dark]:
        rows = line[line["input"] == kind].groupby("x")["predicted"]
        stats = rows.agg(["min", "mean", "max"]).reset_index()
        _band(figure, stats["x"], stats["min"], stats["mean"], stats["max"], kind, dark)
    one = line[(line["input"] == "sides") & (line["seed"] == line["seed"].min())]
    figure.add_trace(_exact(one["x"], one["exact"], dark))
    _shade(figure, one, dark)
    return _styled(figure, dark, 420, "x", "energy E", {"range": [0, 1.3]}, {"range": ENERGIES})


def pose_bands(bands: pd.DataFrame, title: str, dark: bool) -> go.Figure:
    """Draw the exact curve, and below it how far the kinds are off in many poses.

    bands: columns x, exact, input, low, middle, high of one line of molecules; 90 % of the poses
    lie between low and high.
    """
    figure = make_subplots(rows=2, shared_xaxes=True, row_heights=[0.42, 0.58])
    one = bands[bands["input"] == "sides"]
    figure.add_trace(_exact(one["x"], one["exact"], dark), row=1, col=1)
    for kind in reversed(list(COLOURS[dark])):  # the widest first
        rows = bands[bands["input"] == kind]
        off = rows[["low", "middle", "high"]].sub(rows["exact"], axis=0)
        _band(figure, rows["x"], off["low"], off["middle"], off["high"], kind, dark, row=2)
    _styled(figure, dark, 520, "", "energy E", {}, {})
    figure.update_xaxes(title_text=title, row=2, col=1)
    figure.update_yaxes(range=ENERGIES, dtick=1, row=1, col=1)
    figure.update_yaxes(title_text="prediction − exact", range=OFF, row=2, col=1)
    return figure.update_layout(legend={"traceorder": "reversed"})


def _band(
    figure: go.Figure,
    x: pd.Series,
    low: pd.Series,
    middle: pd.Series,
    high: pd.Series,
    kind: str,
    dark: bool,
    row: int | None = None,
) -> None:
    colour = COLOURS[dark][kind]
    there_and_back = (np.r_[x, x[::-1]], np.r_[high, low[::-1]])
    outline = go.Scatter(
        x=_short(there_and_back[0]),
        y=_short(there_and_back[1]),
        fill="toself",
        fillcolor=colour,
        opacity=0.22,
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
        legendgroup=kind,
    )
    line = go.Scatter(
        x=_short(x),
        y=_short(middle),
        mode="lines",
        name=kind,
        legendgroup=kind,
        line={"color": colour, "dash": DASHES[kind], "width": 3},
    )
    for trace in (outline, line):
        figure.add_trace(trace, row=row, col=row and 1)


def _exact(x: pd.Series, energy: pd.Series, dark: bool) -> go.Scatter:
    return _straight(x.to_numpy(), energy.to_numpy(), "exact", INK[dark], "solid", 2.0)


def _shade(figure: go.Figure, line: pd.DataFrame, dark: bool) -> None:
    """Shade the runs of x where a molecule is unlike all that the predictors were trained on."""
    unlike = ~(line["long_sides"] & line["in_box"]).to_numpy()
    x = line["x"].to_numpy()
    starts = np.flatnonzero(unlike & ~np.r_[False, unlike[:-1]])
    ends = np.flatnonzero(unlike & ~np.r_[unlike[1:], False])
    for start, end in zip(starts, ends, strict=True):
        figure.add_vrect(x[start], x[end], fillcolor=OUTSIDE[dark], line_width=0, layer="below")


def training_curves(history: pd.DataFrame, dark: bool) -> go.Figure:
    """Draw validation error against epochs, seeds as bands.

    history: columns input, seed, epoch, validation_mse.
    """
    figure = go.Figure()
    for kind in COLOURS[dark]:
        rows = history[history["input"] == kind].groupby("epoch")["validation_mse"]
        stats = rows.agg(["min", "median", "max"]).reset_index()
        _band(figure, stats["epoch"], stats["min"], stats["median"], stats["max"], kind, dark)
    return _styled(figure, dark, 400, "epoch", "validation MSE", {}, DECADES)


def _styled(
    figure: go.Figure,
    dark: bool,
    height: int,
    x_title: str,
    y_title: str,
    x_axis: Mapping[str, object],
    y_axis: Mapping[str, object],
) -> go.Figure:
    """Give a figure the look of all: clear background, large type, the legend on top."""
    ink = {"color": INK[dark], "size": 15}
    axis = {"gridcolor": GRID[dark], "zerolinecolor": GRID[dark], "tickfont": ink}
    figure.update_layout(
        overwrite=True,  # of these keys: to merge them with what there is takes far longer
        height=height,
        margin={"l": 10, "r": 10, "t": 64, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font=ink,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": ink},
    )
    for update, title, own in (
        (figure.update_xaxes, x_title, x_axis),
        (figure.update_yaxes, y_title, y_axis),
    ):
        update(overwrite=True, title={"text": title, "font": ink}, **axis, **own)
    return figure
