"""The figures of sections 3.1, 3.2 and Fig. 8: errors against sizes, pairs of triangles, costs.

Tables as the recipes wrote them in; Altair charts, or Plotly where it is three-dimensional, out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from trisym.figures.common import INK

Chart = alt.LayerChart | alt.FacetChart  # what Altair says that it returns

BLUE = {False: "#0072B2", True: "#3FA7E0"}
VERMILION = {False: "#D55E00", True: "#F0762B"}
GREEN = {False: "#009E73", True: "#22B98C"}
LEGEND = alt.Legend(
    title=None, orient="top", direction="horizontal", labelLimit=400, columns=2, symbolOpacity=1
)
HEIGHT = 320
YOURS = "diamond"

# Fig. 7's red, black and green; red and green differ in lightness and in dash.
INPUT = VERMILION
TARGET = INK
PREDICTION = GREEN
CUBE = [(a, b) for a in range(8) for b in range(a) if bin(a ^ b).count("1") == 1]


def dataset_sizes(table: pd.DataFrame, dark: bool) -> Chart:
    """Draw Fig. 4: training and test loss against the number of triangles, both axes log.

    `table` has n, seed, train_mse and mse, of one budget; bands reach from seed to seed.
    """
    long = table.melt(["n", "seed"], ["train_mse", "mse"], var_name="set", value_name="loss")
    long["set"] = long["set"].map({"train_mse": "training", "mse": "test"})
    x = alt.X("n:Q", title="triangles", scale=alt.Scale(type="log"), axis=_powers())
    y = alt.Y("mean:Q", title="loss (MSE)", scale=alt.Scale(type="log"), axis=_powers("e"))
    colour = _colours({"training": VERMILION[dark], "test": BLUE[dark]}, "set")
    curves = _curves(long, ["set", "n"], "loss", x, y, colour)
    chosen = _rule("n", 200_000, dark).encode(alt.X("n:Q"))  # the thesis's choice
    return _layers(*curves, chosen)


def error_against_h(
    table: pd.DataFrame,
    column: str,
    colours: Mapping[str, str],
    dark: bool,
    *,
    expected: int | None = None,
    floor: float | None = None,
    log: bool = False,
    yours: pd.DataFrame | None = None,
) -> Chart:
    """Draw an error against h: a curve for each `kind` of the table, a band from seed to seed.

    `expected` degrees of freedom and the `floor` of the best possible guess are dashed lines;
    `yours` has h and the column, of runs that a visitor just made.
    """
    titles = {"mse": "loss (MSE)", "side_error": "side error", "share": "share of its range"}
    x = alt.X("h:O", title="latent size h", axis=alt.Axis(labelAngle=0))
    scale = alt.Scale(type="log" if log else "linear", zero=not log)
    axis = _powers("e") if log else alt.Axis(format="~g", tickCount=6)
    y = alt.Y("mean:Q", title=titles[column], scale=scale, axis=axis)
    layers = list(_curves(table, ["kind", "h"], column, x, y, _colours(colours, "kind")))
    if floor is not None:
        layers.insert(0, _rule("floor", floor, dark).encode(alt.Y("floor:Q")))
    if expected is not None:
        layers.insert(0, _rule("h", expected, dark).encode(alt.X("h:O")))
    if yours is not None and len(yours):
        stars = alt.Chart(yours).mark_point(
            shape=YOURS, size=220, filled=True, color=INK[dark], stroke=VERMILION[dark]
        )
        layers.append(stars.encode(x, alt.Y(f"{column}:Q")))
    return _layers(*layers)


def counts(points: int, most: int, crossing: int, dark: bool) -> Chart:
    """Draw Fig. 8b: distances and coordinates of n points, where they cross, and the chosen n."""
    n = np.arange(2, most + 1)
    table = pd.DataFrame({"n": n, "distances": n * (n - 1) // 2, "coordinates": 3 * n})
    long = table.melt("n", var_name="what", value_name="count")
    colour = _colours({"distances": BLUE[dark], "coordinates": VERMILION[dark]}, "what")
    x = alt.X("n:Q", title="points n", scale=alt.Scale(nice=False))
    y = alt.Y("count:Q", title="numbers")
    tooltip = ["n:Q", "what:N", "count:Q"]
    lines = alt.Chart(long).mark_line(strokeWidth=3).encode(x, y, colour, tooltip=tooltip)
    dots = alt.Chart(long[long["n"] == points]).mark_circle(size=130, opacity=1)
    rule = _rule("n", crossing, dark).encode(alt.X("n:Q"))
    return _layers(rule, lines, dots.encode(x, y, colour))


def complete_graph(points: int, dark: bool) -> go.Figure:
    """Draw Fig. 8a: n points on a circle; the outer sides in ink, the inner distances in blue."""
    angle = np.pi / 2 - 2 * np.pi * np.arange(points) / points
    at = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    pairs = [(i, j) for j in range(points) for i in range(j)]
    outer = [(i, j) for i, j in pairs if j - i in (1, points - 1)]
    inner = [pair for pair in pairs if pair not in outer]
    figure = go.Figure()
    for edges, colour, width in ((inner, BLUE[dark], 1.4), (outer, INK[dark], 2.6)):
        path = np.array([[*at[[i, j]].tolist(), [None, None]] for i, j in edges], dtype=float)
        x, y = path.reshape(-1, 2).T if len(path) else (np.array([]), np.array([]))
        figure.add_scatter(x=x, y=y, mode="lines", line={"color": colour, "width": width})
    marker = {"size": 11, "color": VERMILION[dark], "line": {"color": INK[dark], "width": 1.5}}
    figure.add_scatter(x=at[:, 0], y=at[:, 1], mode="markers", marker=marker)
    hidden = {"visible": False, "range": [-1.15, 1.15]}
    return figure.update_layout(
        height=HEIGHT,
        showlegend=False,
        hovermode=False,
        dragmode=False,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        xaxis=hidden | {"scaleanchor": "y"},
        yaxis=hidden,
    )


def cost(table: pd.DataFrame, dark: bool) -> Chart:
    """Draw what losses and network cost against n; `table` has points, round and times in ms."""
    kinds = {"sides_ms": "side loss", "network_ms": "network", "mse_ms": "MSE"}
    long = table.melt(["points", "round"], list(kinds), var_name="kind", value_name="ms")
    long["kind"] = long["kind"].map(kinds)
    x = alt.X("points:Q", title="points n", scale=alt.Scale(type="log", domain=[3, 64], nice=False))
    x = x.axis(values=[3, 4, 6, 8, 12, 16, 24, 32, 48, 64], format="d")
    y = alt.Y(
        "mean:Q", title="milliseconds a batch", scale=alt.Scale(type="log"), axis=_powers("g")
    )
    palette = dict(zip(kinds.values(), (BLUE[dark], INK[dark], VERMILION[dark]), strict=True))
    return _layers(*_curves(long, ["kind", "points"], "ms", x, y, _colours(palette, "kind")))


def translated(
    triangles: Mapping[str, np.ndarray], also: Sequence[np.ndarray], dark: bool
) -> go.Figure:
    """Draw Fig. 7: input, target and prediction (3, 3) in the cube; faint: other targets."""
    traces = [_cube(dark), *(_faint(vertices, dark) for vertices in also)]
    colours = {"input": INPUT, "target": TARGET, "prediction": PREDICTION}
    dashes = {"input": "solid", "target": "dash", "prediction": "solid"}
    for name, vertices in triangles.items():
        traces += _triangle(name, vertices, colours[name][dark], dashes[name])
    faint = "rgba(237,241,247,0.22)" if dark else "rgba(27,34,48,0.18)"
    axis = {
        "showbackground": False,
        "gridcolor": faint,
        "zeroline": False,
        "showspikes": False,
        "tickfont": {"size": 14, "color": INK[dark]},
        "tickvals": [0, 0.5, 1],
    }
    axes = {
        f"{name}axis": axis | {"title": {"text": name, "font": {"size": 16, "color": INK[dark]}}}
        for name in "xyz"
    }
    layout = {
        "height": 430,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "legend": {"x": 0, "y": 1, "bgcolor": "rgba(0,0,0,0)", "font": {"size": 16}},
        "scene": {
            **axes,
            "aspectmode": "data",
            "camera": {"eye": {"x": 1.35, "y": -1.35, "z": 0.75}},
            "bgcolor": "rgba(0,0,0,0)",
        },
        "uirevision": "translated",
    }
    return go.Figure(traces, layout)


def _triangle(
    name: str, vertices: np.ndarray, colour: str, dash: str
) -> list[go.Mesh3d | go.Scatter3d]:
    face = go.Mesh3d(**_xyz(vertices), i=[0], j=[1], k=[2], color=colour, opacity=0.22)
    face.update(hoverinfo="skip", showlegend=False)
    outline = go.Scatter3d(
        **_xyz(vertices[[0, 1, 2, 0]]),
        mode="lines+markers",
        name=name,
        line={"color": colour, "width": 7, "dash": dash},
        marker={"color": colour, "size": 4},
        hovertemplate="(%{x:.3f}, %{y:.3f}, %{z:.3f})",
    )
    return [face, outline]


def _faint(vertices: np.ndarray, dark: bool) -> go.Scatter3d:
    line = {"color": INK[dark], "width": 2}
    path = _xyz(vertices[[0, 1, 2, 0]])
    return go.Scatter3d(
        **path, mode="lines", line=line, opacity=0.16, hoverinfo="skip", showlegend=False
    )


def _cube(dark: bool) -> go.Scatter3d:
    corners = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)], dtype=float)
    gap = np.full(3, np.nan)
    path = np.array([point for a, b in CUBE for point in (corners[a], corners[b], gap)])
    line = {"color": INK[dark], "width": 2}
    return go.Scatter3d(
        **_xyz(path), mode="lines", line=line, opacity=0.3, hoverinfo="skip", showlegend=False
    )


def _xyz(points: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip("xyz", points.T.astype(np.float32), strict=True))


def _curves(
    table: pd.DataFrame, by: list[str], column: str, x: alt.X, y: alt.Y, colour: alt.Color
) -> tuple[alt.Chart, alt.Chart]:
    """Return a band from the lowest seed to the highest, and the mean as a line with dots."""
    ends = table.groupby(by)[column].agg(["min", "mean", "max"]).reset_index()
    band = alt.Chart(ends).mark_area(opacity=0.22)
    tooltip = [
        *(alt.Tooltip(name) for name in by),
        *(alt.Tooltip(f"{name}:Q", format=".3~g") for name in ("min", "mean", "max")),
    ]
    line = alt.Chart(ends).mark_line(strokeWidth=3, point=alt.OverlayMarkDef(size=55))
    low = y.copy()
    low["shorthand"] = "min:Q"
    return band.encode(x, low, alt.Y2("max"), colour), line.encode(x, y, colour, tooltip=tooltip)


def _rule(name: str, value: int | float, dark: bool) -> alt.Chart:
    """Return a dashed line for what is expected."""
    mark = alt.Chart(pd.DataFrame({name: [value]}))
    return mark.mark_rule(strokeDash=[2, 4], strokeWidth=2, color=INK[dark])


def _colours(colours: Mapping[str, str], field: str) -> alt.Color:
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{field}:N", scale=scale, legend=LEGEND if len(colours) > 1 else None)


def _powers(form: str = "~s") -> alt.Axis:
    return alt.Axis(format=form, tickCount=5, labelOverlap=True)


def _layers(*layers: alt.Chart) -> Chart:
    return alt.layer(*layers).properties(height=HEIGHT)
