"""The figures of section 3.5: error against h (Fig. 12), energies from two numbers (Figs. 13, 14).

Tables as the recipes of `experiments.hidden_symmetries` wrote them in, Altair charts out.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

# Okabe and Ito's blue, vermilion and green: the app's first three, darker on paper than at night.
SET_COLOURS = {
    False: {"random": "#0072B2", "constant-side": "#D55E00", "fixed-side": "#009E73"},
    True: {"random": "#3FA7E0", "constant-side": "#F0762B", "fixed-side": "#22B98C"},
}
ACTUAL = {False: "#1B2230", True: "#EDF1F7"}
PREDICTED = {False: "#D58A00", True: "#F0B429"}  # the thesis's black and yellow, readable on paper
WITHOUT, WITH = "one side is the constant one", "both sides are free"
LOWEST, HIGHEST = 8e-4, 0.2  # of side errors: all curves on one axis, so that columns compare


def error_against_h(
    sweep: pd.DataFrame, own: str, shown: list[str], dark: bool, plateau: int | None = None
) -> alt.LayerChart:
    """Draw one set's side errors: every seed, their mean, and the band between them; others faint.

    `sweep` has set, h, seed and side_error; `shown` names the sets that may be seen: of one that is
    not, only its first value, h = 1.
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
        scale=alt.Scale(type="log", domain=[LOWEST, HIGHEST], clamp=True),
        axis=alt.Axis(values=[0.001, 0.01, 0.1], format="~g"),
    )
    faint = alt.Chart(others).mark_line(color=ACTUAL[dark], opacity=0.22).encode(x, y, detail="set")
    band = alt.Chart(mine).mark_area(color=colour, opacity=0.25).encode(x, alt.Y("min:Q"), y2="max")
    tooltip = [alt.Tooltip("h:O"), *(alt.Tooltip(f"{c}:Q", format=".4f") for c in ends.columns[2:])]
    line = (
        alt.Chart(mine)
        .mark_line(color=colour, strokeWidth=3, point=alt.OverlayMarkDef(color=colour, size=60))
        .encode(x, y, tooltip=tooltip)
    )
    seeds = (
        alt.Chart(curves[curves["set"] == own])
        .mark_circle(color=colour, size=22, opacity=0.8)
        .encode(x, alt.Y("side_error:Q"))
    )
    layers = [faint, band, seeds, line]
    if plateau is not None and own in shown:
        rule = alt.Chart(pd.DataFrame({"h": [plateau]}))
        layers.insert(0, rule.mark_rule(color=colour, strokeDash=[5, 4], strokeWidth=2).encode(x))
    return alt.layer(*layers).properties(height=270)


def energy_against_inputs(cloud: pd.DataFrame, title: str, dark: bool) -> alt.LayerChart:
    """Draw actual and predicted energies against a sum of what the predictor saw.

    `cloud` has summed, energy and predicted; a predictor that knows the energy covers the actual.
    """
    both = cloud.melt("summed", ["energy", "predicted"], "which", "value")
    both["which"] = both["which"].replace({"energy": "actual"})
    colours = alt.Scale(domain=["actual", "predicted"], range=[ACTUAL[dark], PREDICTED[dark]])
    return alt.layer(
        *(
            alt.Chart(both[both["which"] == which])
            .mark_circle(size=size, opacity=opacity)
            .encode(
                alt.X("summed:Q", title=title, scale=alt.Scale(zero=False)),
                alt.Y("value:Q", title="scaled energy", scale=alt.Scale(domain=[0, 1], clamp=True)),
                alt.Color("which:N", scale=colours, legend=_legend()),
            )
            for which, size, opacity in (("actual", 14, 0.45), ("predicted", 10, 0.6))
        )
    ).properties(height=260)


def energy_against_sides(cloud: pd.DataFrame, dark: bool) -> alt.Chart:
    """Draw Fig. 14a: energies against the total side, l1 + l2 + l3."""
    return (
        alt.Chart(cloud.assign(total=cloud[["l1", "l2", "l3"]].sum(axis=1)))
        .mark_circle(size=12, opacity=0.5, color=ACTUAL[dark])
        .encode(
            alt.X("total:Q", title="total side", scale=alt.Scale(zero=False)),
            alt.Y("energy:Q", title="scaled energy", scale=alt.Scale(domain=[0, 1], clamp=True)),
        )
        .properties(height=260)
    )


def actual_against_predicted(cloud: pd.DataFrame, colour: str, dark: bool) -> alt.LayerChart:
    """Draw predicted over actual energies and the diagonal that a perfect predictor keeps to."""
    return _against(cloud, alt.value(colour), dark)


def two_sides(cloud: pd.DataFrame, dark: bool) -> alt.LayerChart:
    """Draw Fig. 14c: the same, coloured by whether one of the two sides was the constant one."""
    seen = cloud.assign(
        seen=(cloud["dropped"] == cloud["constant"]).map({True: WITH, False: WITHOUT})
    )
    colours = alt.Scale(
        domain=[WITH, WITHOUT],
        range=[SET_COLOURS[dark]["fixed-side"], SET_COLOURS[dark]["constant-side"]],
    )
    return _against(seen, alt.Color("seen:N", scale=colours, legend=_legend()), dark)


def _against(cloud: pd.DataFrame, colour: alt.Color | alt.Value, dark: bool) -> alt.LayerChart:
    scale = alt.Scale(domain=[0, 1], clamp=True)
    dots = (
        alt.Chart(cloud)
        .mark_circle(size=12, opacity=0.5)
        .encode(
            alt.X("energy:Q", title="actual energy", scale=scale),
            alt.Y("predicted:Q", title="predicted energy", scale=scale),
            color=colour,
        )
    )
    ends = pd.DataFrame({"energy": [0, 1], "predicted": [0, 1]})
    diagonal = (
        alt.Chart(ends)
        .mark_line(color=ACTUAL[dark], strokeDash=[5, 4], opacity=0.6)
        .encode(x="energy:Q", y="predicted:Q")
    )
    return alt.layer(dots, diagonal).properties(height=260)


def _legend() -> alt.Legend:
    return alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        symbolOpacity=1,
        symbolSize=90,
        labelLimit=260,
    )
