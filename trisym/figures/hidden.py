"""The figures of section 3.5: error against h (Fig. 12), energies from two numbers (Figs. 13, 14).

Tables as the recipes of `experiments.hidden_symmetries` wrote them in, Altair charts out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from trisym.figures.common import INK, level_lines, sheer

# Okabe and Ito's blue, vermilion and green: the app's first three, darker on paper than at night.
SET_COLOURS = {
    False: {"random": "#0072B2", "constant-side": "#D55E00", "fixed-side": "#009E73"},
    True: {"random": "#3FA7E0", "constant-side": "#F0762B", "fixed-side": "#22B98C"},
}
PREDICTED = {False: "#D58A00", True: "#F0B429"}  # the thesis's black and yellow, readable on paper
FREE, ONE_CONSTANT = "both free", "one is constant"
ENERGIES = alt.Scale(domain=[0, 1], clamp=True)
LEGEND = alt.Legend(
    columns=1,  # three figures stand side by side
    title=None,
    orient="top",
    direction="horizontal",
    symbolOpacity=1,
    symbolSize=90,
)
DRAWN = 2000  # points of a picture
HEIGHT = 320  # axes and legend included
LOWEST, HIGHEST = 5e-4, 0.2  # of side errors: all curves on one axis, so that columns compare


Chart = alt.LayerChart | alt.FacetChart  # what Altair says that it returns


def error_against_h(
    sweep: pd.DataFrame,
    own: str,
    shown: Sequence[str],
    dark: bool,
    plateau: int | None = None,
    thesis: Sequence[float] = (),
    levels: Mapping[str, float] | None = None,
) -> Chart:
    """Draw one set's side errors: every seed, their mean, and the band between them; others faint.

    `sweep` has set, h, seed and side_error; `shown` names the sets that may be seen: of one that is
    not, only its first value, h = 1. `thesis`: what the thesis ran for h = 1, 2, …, as diamonds.
    `levels` are side errors by what to call them, dashed lines.
    """
    curves = sweep[sweep["set"].isin(shown) | ((sweep["set"] == own) & (sweep["h"] == 1))]
    ends = curves.groupby(["set", "h"])["side_error"].agg(["min", "mean", "max"]).reset_index()
    mine, others = ends[ends["set"] == own], ends[ends["set"] != own]
    colour = SET_COLOURS[dark][own]
    x = alt.X(
        "h:O",
        title="latent size h",
        axis=alt.Axis(labelAngle=0),
        scale=alt.Scale(domain=sorted(sweep["h"].unique())),
    )
    y = alt.Y(
        "mean:Q",
        title="side error",
        scale=alt.Scale(type="log", domain=[LOWEST, HIGHEST], clamp=True, nice=False),
        axis=alt.Axis(values=[0.001, 0.01, 0.1], format="~g"),
    )
    faint = alt.Chart(others).mark_line(color=INK[dark], opacity=0.22).encode(x, y, detail="set")
    band = alt.Chart(mine).mark_area(color=colour, opacity=0.25).encode(x, alt.Y("min:Q"), y2="max")
    tooltip = [alt.Tooltip("h:O"), *(alt.Tooltip(f"{c}:Q", format=".4f") for c in ends.columns[2:])]
    line = (
        alt.Chart(mine)
        .mark_line(color=colour, strokeWidth=3, point=alt.OverlayMarkDef(color=colour, size=60))
        .encode(x, y, tooltip=tooltip)
    )
    seeds = (
        alt.Chart(curves[curves["set"] == own])
        .mark_circle(color=colour, size=22, **sheer(0.8))
        .encode(x, alt.Y("side_error:Q"))
    )
    layers = [faint, band, seeds, line, *level_lines(levels or {}, dark)]
    if thesis and own in shown:
        run = pd.DataFrame({"h": range(1, len(thesis) + 1), "thesis": list(thesis)})
        diamond = alt.Chart(run).mark_point(shape="diamond", size=90, color=INK[dark])
        layers.append(diamond.encode(x, alt.Y("thesis:Q"), tooltip=["h:O", "thesis:Q"]))
    if plateau is not None and own in shown:
        rule = alt.Chart(pd.DataFrame({"h": [plateau]}))
        layers.insert(0, rule.mark_rule(color=colour, strokeDash=[5, 4], strokeWidth=2).encode(x))
    return alt.layer(*layers).properties(height=HEIGHT)


def spread_against_h(sweep: pd.DataFrame, dark: bool) -> Chart:
    """Draw the orbit spread of each set's latents against h: as they are, and whitened (dashed).

    `sweep` has set, h, seed, orbit_spread_inside and orbit_spread_whitened: 0 where all poses of a
    triangle have one latent point, 1 where the point says nothing of the triangle.
    """
    kinds = {"orbit_spread_inside": "as they are", "orbit_spread_whitened": "whitened"}
    means = sweep.groupby(["set", "h"])[list(kinds)].mean().rename(columns=kinds)
    lines = means.melt(ignore_index=False, var_name="kind", value_name="spread").reset_index()
    colours = SET_COLOURS[dark]
    return _layered(
        alt.Chart(lines)
        .mark_line(strokeWidth=3, point=alt.OverlayMarkDef(size=50))
        .encode(
            alt.X("h:O", title="latent size h", axis=alt.Axis(labelAngle=0)),
            alt.Y("spread:Q", title="orbit spread", scale=alt.Scale(domain=[0, 1])),
            alt.Color(
                "set:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=alt.Legend(title=None, orient="top", symbolType="stroke", symbolSize=500),
            ),
            alt.StrokeDash(
                "kind:N",
                scale=alt.Scale(domain=list(kinds.values()), range=[[1, 0], [6, 5]]),
                legend=None,
            ),
            tooltip=["set:N", "kind:N", "h:O", alt.Tooltip("spread:Q", format=".3f")],
        )
    )


def energy_against_inputs(cloud: pd.DataFrame, title: str, dark: bool) -> Chart:
    """Draw actual and predicted energies against a sum of what the predictor saw.

    `cloud` has summed, energy and predicted; a predictor that knows the energy covers the actual.
    """
    dots = alt.Chart(_thin(cloud, ["summed", "energy", "predicted"]))
    colours = alt.Scale(domain=["actual", "predicted"], range=[INK[dark], PREDICTED[dark]])
    layers = [
        dots.transform_calculate(which=f"'{which}'")
        .mark_circle(size=size, **sheer(opacity))
        .encode(
            alt.X("summed:Q", title=title, scale=alt.Scale(zero=False)),
            alt.Y(f"{column}:Q", title="scaled energy", scale=ENERGIES),
            alt.Color("which:N", scale=colours, legend=LEGEND),
        )
        for column, which, size, opacity in (
            ("energy", "actual", 16, 0.45),
            ("predicted", "predicted", 12, 0.7),
        )
    ]
    return _layered(*layers)


def energy_against_sides(cloud: pd.DataFrame, dark: bool) -> Chart:
    """Draw Fig. 14a: energies against the total side, l1 + l2 + l3."""
    total = cloud.assign(total=cloud[["l1", "l2", "l3"]].sum(axis=1))
    dots = alt.Chart(_thin(total, ["total", "energy"])).mark_circle(
        size=16, **sheer(0.5), color=INK[dark]
    )
    x = alt.X("total:Q", title="total side", scale=alt.Scale(zero=False))
    return _layered(dots.encode(x, alt.Y("energy:Q", title="scaled energy", scale=ENERGIES)))


def actual_against_predicted(cloud: pd.DataFrame, colour: str, dark: bool) -> Chart:
    """Draw predicted over actual energies and the diagonal that a perfect predictor keeps to."""
    return _against(_thin(cloud, ["energy", "predicted"]), alt.value(colour), dark)


def two_sides(cloud: pd.DataFrame, dark: bool) -> Chart:
    """Draw Fig. 14c: the same, coloured by whether one of the two sides was the constant one."""
    free = cloud["dropped"] == cloud["constant"]
    seen = cloud.assign(seen=free.map({True: FREE, False: ONE_CONSTANT}))
    colours = alt.Scale(
        domain=[FREE, ONE_CONSTANT],
        range=[SET_COLOURS[dark]["fixed-side"], SET_COLOURS[dark]["constant-side"]],
    )
    colour = alt.Color("seen:N", scale=colours, legend=LEGEND)
    return _against(_thin(seen, ["energy", "predicted", "seen"]), colour, dark)


def _against(cloud: pd.DataFrame, colour: alt.Color | alt.Value, dark: bool) -> Chart:
    x = alt.X("energy:Q", title="actual energy", scale=ENERGIES)
    y = alt.Y("predicted:Q", title="predicted energy", scale=ENERGIES)
    dots = alt.Chart(cloud).mark_circle(size=16, **sheer(0.5)).encode(x, y, color=colour)
    ends = pd.DataFrame({"energy": [0, 1], "predicted": [0, 1]})
    diagonal = alt.Chart(ends).mark_line(color=INK[dark], strokeDash=[5, 4], opacity=0.6)
    return _layered(dots, diagonal.encode(x, y))


def _thin(cloud: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return as many points as a small picture shows, without the columns that it does not."""
    return cloud[columns].head(DRAWN).round(4)


def _layered(*layers: alt.Chart) -> Chart:
    # A canvas: thousands of circles as SVG elements make a page slow to scroll.
    chart = alt.layer(*layers).properties(height=HEIGHT)
    chart.usermeta = {"embedOptions": {"renderer": "canvas"}}
    return chart
