"""FIGURES: tables and arrays in, Plotly or Altair figures out; no Streamlit here.

Backgrounds are clear and text is left to the page's theme; `dark` says which of the two it is, so
that no colour sinks into the background.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

# Plasma rises evenly in lightness, so that colour-blind eyes tell its steps too. One of its ends
# is left out: the one that is as dark, or as light, as the page.
LIGHT_PAGE, DARK_PAGE = (0.0, 0.8), (0.22, 1.0)
STEPS = 16

INK = {False: "#1B2230", True: "#EDF1F7"}
PAPER = {False: "#FCFBF8", True: "#10151F"}
FAINT = {False: "#DEDBD3", True: "#2C3547"}  # Plotly draws grids of 3D scenes opaque
GREY = "#7C8594"  # shows on both pages: the theme may change with no new run of the page
BEFORE, AFTER = "#0072B2", "#D55E00"  # Okabe and Ito's blue and vermilion

# Of marks, in their order: told apart in grey, too, and where one lies on the other.
MARKS = "marks"
SYMBOLS, SIZES = ("circle", "diamond"), (9, 6)
SYMBOLS_3D = ("circle-open", "diamond")  # a ball would hide the diamond inside it

LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

View = tuple[float, float]  # yaw and pitch in radians, as on the stage
WORLD_VIEW: View = (0.62, 0.36)
LATENT_VIEW: View = (0.75, 0.42)
FROM_ABOVE: View = (-1.57, 1.5)  # for a plane or a line
DISTANCE = 2.1  # of the eye, in sizes of what is shown


@dataclass(frozen=True)
class Mark:
    """A point to be found in a cloud: what to call it, where it is (node,), and its colour."""

    name: str
    at: np.ndarray
    colour: str


def subscripted(name: str) -> str:
    """Return a column's name as it is read: l₁ for l1, N₂ for N2."""
    return name.translate(LOWERED)


def palette(dark: bool) -> list[str]:
    """Return one even run of colours, dark to light, each of which shows on the page."""
    low, high = DARK_PAGE if dark else LIGHT_PAGE
    return list(sample_colorscale("Plasma", np.linspace(low, high, STEPS).tolist()))


def colourscale(dark: bool) -> list[list[float | str]]:
    """Return the palette as Plotly takes it."""
    return [[i / (STEPS - 1), colour] for i, colour in enumerate(palette(dark))]


def level_lines(levels: Mapping[str, float], dark: bool) -> list[alt.Chart]:
    """Return a dashed line across a chart at each level, its name and value above its start."""
    layers = []
    for text, value in levels.items():
        at = alt.Chart(pd.DataFrame({"level": [value], "text": [f"{text}: {value:#.2g}"]}))
        rule = at.mark_rule(strokeDash=[7, 4], strokeWidth=1.5, color=INK[dark])
        words = at.mark_text(align="left", dx=6, dy=-8, fontSize=14, color=INK[dark])
        y = alt.Y("level:Q")
        layers += [rule.encode(y), words.encode(alt.X(value=0), y, alt.Text("text:N"))]
    return layers


def sheer(opacity: float) -> dict[str, Any]:
    """Return the mark properties by which the dots of a cloud let each other through.

    By their fill: of a dot with an opacity of its own a browser makes a layer, and a page with
    thousands of them is slow in every frame.
    """
    return {"opacity": 1, "fillOpacity": opacity}


def orbit_view(orbits: pd.DataFrame, dark: bool, height: int = 280) -> alt.Chart:
    """Draw the orbits of one model as seen from where its cloud is widest, one colour a triangle.

    `orbits` has the columns triangle, N1, N2, …; nearer dots are larger. Flat, so it paints at once
    and a finger can scroll over it.
    """
    latents = orbits.filter(regex=r"^N\d+$").to_numpy(dtype=float)
    dots = _seen(latents, principal_view(latents)).assign(triangle=orbits["triangle"].to_numpy())
    chart = alt.Chart(dots.sort_values("near")).mark_circle(
        **sheer(0.8), stroke=PAPER[dark], strokeWidth=0.3
    )
    coloured = chart.encode(
        *_sideways(),
        alt.Color("triangle:Q").scale(range=palette(dark)).legend(None),
        alt.Size("near:Q").scale(range=[18, 60]).legend(None),
    )
    return coloured.properties(height=height).configure_view(stroke=None)


def latent_view(
    latents: np.ndarray, colours: Mapping[str, str], dark: bool, height: int = 260
) -> alt.LayerChart:
    """Draw a latent cloud (points, node) in grey as `orbit_view` does, and joined marks in it.

    The marks are the dataset MARKS, which `seen_marks` makes; `colours` are theirs by name.
    """
    cloud = alt.Chart(_seen(latents, principal_view(latents))).mark_circle(
        size=9, **sheer(0.45), color=GREY
    )
    names = list(colours)
    tones = alt.Scale(domain=names, range=list(colours.values()))
    symbols = alt.Scale(domain=names, range=list(SYMBOLS))
    sizes = alt.Scale(domain=names, range=[6 * size**2 for size in SIZES])
    at = alt.Chart(alt.NamedData(MARKS))
    line = at.mark_line(color=GREY, strokeWidth=2)
    points = at.mark_point(filled=True, opacity=1, stroke=PAPER[dark], strokeWidth=1.5)
    layers = [
        cloud.encode(*_sideways()),
        line.encode(*_sideways()),
        points.encode(
            *_sideways(),
            alt.Color("mark:N", scale=tones, legend=None),
            alt.Shape("mark:N", scale=symbols, legend=None),
            alt.Size("mark:N", scale=sizes, legend=None),
            alt.Tooltip("mark:N", title=None),
        ),
    ]
    return alt.layer(*layers).properties(height=height).configure_view(stroke=None)


def seen_marks(latents: np.ndarray, marks: Sequence[Mark]) -> pd.DataFrame:
    """Return where marks lie in the `latent_view` of a cloud (points, node)."""
    points = np.stack([mark.at for mark in marks])
    at = _seen(points, principal_view(latents), latents.mean(axis=0))
    return at.assign(mark=[mark.name for mark in marks])


def principal_view(latents: np.ndarray) -> np.ndarray:
    """Return the principal axes of points (count, node) as columns, widest first, facing up."""
    _, _, axes = np.linalg.svd(latents - latents.mean(axis=0), full_matrices=False)
    largest = np.abs(axes).argmax(axis=1)
    return (axes * np.sign(axes[np.arange(len(axes)), largest])[:, None]).T


def _seen(points: np.ndarray, view: np.ndarray, middle: np.ndarray | None = None) -> pd.DataFrame:
    """Return points as seen along the third axis of a view; an axis that is missing is 0."""
    middle = points.mean(axis=0) if middle is None else middle
    columns = np.zeros((len(points), 3))
    columns[:, : view.shape[1]] = ((points - middle) @ view)[:, :3]
    return pd.DataFrame(columns.round(4), columns=["right", "up", "near"])


def _sideways() -> tuple[alt.X, alt.Y]:
    scale = alt.Scale(zero=False, nice=False, padding=12)
    return alt.X("right:Q", scale=scale, axis=None), alt.Y("up:Q", scale=scale, axis=None)


def orbit_cloud(
    latents: np.ndarray,
    triangle: np.ndarray,
    marks: Sequence[Mark] = (),
    dark: bool = False,
    height: int = 600,
) -> go.Figure:
    """Draw Fig. 9: latent points (points, node), one colour a triangle, in 3D.

    More than three nodes: the first three are drawn. `marks` are drawn over them, with a legend.
    """
    cloud = go.Scatter3d(
        **_xyz(latents),
        mode="markers",
        showlegend=False,
        hovertemplate="triangle %{marker.color}<extra></extra>",
        marker={
            "size": 2.6 if len(latents) <= 4000 else 1.9,
            "color": triangle.astype(np.uint16),
            "colorscale": colourscale(dark),
            "opacity": 0.85,
            "line": {"width": 0},
        },
    )
    return _latent_figure([cloud, *_marked(marks)], latents.shape[1], height, dark)


def poses(
    triangles: Mapping[str, np.ndarray],
    dark: bool = False,
    view: View = WORLD_VIEW,
    height: int = 400,
) -> go.Figure:
    """Draw two triangles (3, 3) by name in the training cube: in blue and in vermilion."""
    traces = [_cube()]
    for (name, vertices), colour in zip(triangles.items(), (BEFORE, AFTER), strict=False):
        traces.extend(_triangle(name, vertices, colour))
    inside = all(((v >= 0) & (v <= 1)).all() for v in triangles.values())
    ticks = {"tickvals": [0, 0.5, 1], "range": [-0.05, 1.05] if inside else None}
    axes = {f"{axis}axis": _axis(axis, dark) | ticks for axis in "xyz"}
    return _framed(traces, axes, height, view)


def _triangle(name: str, vertices: np.ndarray, colour: str) -> tuple[go.Mesh3d, go.Scatter3d]:
    closed = vertices[[0, 1, 2, 0]]
    face = go.Mesh3d(
        **_xyz(vertices),
        i=[0],
        j=[1],
        k=[2],
        color=colour,
        opacity=0.25,
        hoverinfo="skip",
        showlegend=False,
    )
    outline = go.Scatter3d(
        **_xyz(closed),
        mode="lines+markers+text",
        name=name,
        text=["1", "2", "3", ""],
        textposition="top center",
        textfont={"size": 15},
        line={"color": colour, "width": 7},
        marker={"color": colour, "size": 4},
        hovertemplate="(%{x:.3f}, %{y:.3f}, %{z:.3f})",
    )
    return face, outline


def _cube() -> go.Scatter3d:
    """Return the edges of the unit cube as one line, lifted between its strokes by gaps."""
    corners = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)], dtype=float)
    pairs = [(a, b) for a in range(8) for b in range(a) if (corners[a] != corners[b]).sum() == 1]
    gap = np.full(3, np.nan)
    path = np.array([point for a, b in pairs for point in (corners[a], corners[b], gap)])
    return go.Scatter3d(
        **_xyz(path),
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
        line={"color": GREY, "width": 2},
    )


def _marked(marks: Sequence[Mark]) -> list[go.Scatter3d]:
    return [
        go.Scatter3d(
            **_xyz(mark.at[None]),
            mode="markers",
            name=mark.name,
            hovertemplate=f"{mark.name}<extra></extra>",
            marker={
                "size": size,
                "symbol": symbol,
                "color": mark.colour,
                "opacity": 1,
                "line": {"color": mark.colour, "width": 2},
            },
        )
        for mark, symbol, size in zip(marks, SYMBOLS_3D, SIZES, strict=False)
    ]


def _xyz(points: np.ndarray) -> dict[str, np.ndarray]:
    """Return three columns for Plotly: the first three, 0 for missing ones."""
    columns = np.zeros((len(points), 3), dtype=np.float32)
    columns[:, : points.shape[1]] = points[:, :3]
    return dict(zip("xyz", columns.T, strict=True))


def _latent_figure(
    traces: Sequence[go.Scatter3d], nodes: int, height: int, dark: bool
) -> go.Figure:
    axes = {
        f"{axis}axis": _axis(subscripted(f"N{i + 1}"), dark)
        | {"showticklabels": False, "visible": i < nodes}
        for i, axis in enumerate("xyz")
    }
    view = LATENT_VIEW if nodes >= 3 else FROM_ABOVE
    return _framed(traces, axes, height, view)


def _axis(name: str, dark: bool) -> dict[str, object]:
    return {
        "title": {"text": name, "font": {"size": 16}},
        "tickfont": {"size": 14},
        "showbackground": False,
        "gridcolor": FAINT[dark],
        "linecolor": FAINT[dark],
        "zeroline": False,
        "showspikes": False,
    }


def _framed(
    traces: Sequence[go.Scatter3d | go.Mesh3d],
    axes: dict[str, dict[str, object]],
    height: int,
    view: View,
) -> go.Figure:
    yaw, pitch = view
    level = DISTANCE * np.cos(pitch)
    eye = {"x": level * np.cos(yaw), "y": level * np.sin(yaw), "z": DISTANCE * np.sin(pitch)}
    layout = {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "legend": {
            "x": 0,
            "y": 1,
            "bgcolor": "rgba(0,0,0,0)",
            "font": {"size": 16},
            "itemsizing": "constant",
        },
        "scene": {
            **axes,
            "aspectmode": "data",
            "camera": {"eye": eye, "center": {"x": 0, "y": 0, "z": -0.08}},
            "bgcolor": "rgba(0,0,0,0)",
            "dragmode": "orbit",
        },
    }
    return go.Figure(traces, layout)  # update_layout takes several times as long
