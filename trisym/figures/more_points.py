"""The figures of more points: errors against h for each n, and what the losses cost.

Tables as the recipes of `experiments.more_points`, `chirality` and `kinds` wrote them in, Altair
charts out.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from trisym.figures.common import INK

# Okabe and Ito's blue, vermilion, green and purple, darker on paper than at night.
COLOURS = {
    False: ("#0072B2", "#D55E00", "#009E73", "#A6527F"),
    True: ("#3FA7E0", "#F0762B", "#22B98C", "#D98CB9"),
}
Chart = alt.LayerChart | alt.FacetChart  # what Altair says that it returns
HEIGHT = 300
LOWEST, HIGHEST = 5e-4, 0.4  # of the error a distance: one axis for all n


def error_against_h(sweep: pd.DataFrame, points: int, dark: bool) -> Chart:
    """Draw the error a distance of n points against h: every seed, and the best of them joined.

    `sweep` has points, freedoms, pairs, h, width, seed and pair_error. Dashed: 3n − 6;
    dotted: the number of distances. Diamonds: twice as wide a network.
    """
    own = sweep[sweep["points"] == points]
    narrow, wide = own[own["width"] == own["width"].min()], own[own["width"] > own["width"].min()]
    colour = COLOURS[dark][list(sweep["points"].unique()).index(points) % len(COLOURS[dark])]
    first = own.iloc[0]
    sizes = sorted(narrow["h"].unique().tolist())
    x = alt.X(
        "h:O", title="latent size h", axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=sizes)
    )
    scale = alt.Scale(type="log", domain=[LOWEST, HIGHEST], clamp=True, nice=False)
    y = alt.Y(
        "pair_error:Q",
        title="error a distance",
        scale=scale,
        axis=alt.Axis(values=[0.001, 0.01, 0.1], format="~g"),
    )
    best = narrow.groupby("h", as_index=False)["pair_error"].min()
    tooltip = ["h:O", "width:Q", "seed:O", alt.Tooltip("pair_error:Q", format=".4f")]
    marks: list[alt.Chart | Chart] = [
        _rule(int(first["freedoms"]), [6, 4], x, dark),
        alt.Chart(best).mark_line(color=colour, strokeWidth=3).encode(x, y),
        alt.Chart(narrow)
        .mark_circle(color=colour, size=55, opacity=0.9)
        .encode(x, y, tooltip=tooltip),
        alt.Chart(wide.groupby("h", as_index=False)["pair_error"].min())
        .mark_line(color=INK[dark], strokeWidth=1.5, strokeDash=[2, 2])
        .encode(x, y),
        alt.Chart(wide)
        .mark_point(color=INK[dark], size=110, shape="diamond")
        .encode(x, y, tooltip=tooltip),
    ]
    if first["pairs"] != first["freedoms"]:
        marks.insert(1, _rule(int(first["pairs"]), [2, 3], x, dark))
    return alt.layer(*marks).properties(height=HEIGHT)


def _rule(h: int, dash: list[int], x: alt.X, dark: bool) -> alt.Chart:
    at = alt.Chart(pd.DataFrame({"h": [h]}))
    return at.mark_rule(strokeDash=dash, strokeWidth=1.8, color=INK[dark]).encode(x)


def unexplained(
    table: pd.DataFrame, inputs: Mapping[str, str], dark: bool, floor: float | None = None
) -> Chart:
    """Draw the unexplained share of an energy's variance by input, every seed a dot.

    `table` has input, seed and unexplained; `inputs` gives each input's name, in the order drawn.
    floor: a share that no function of the distances can come below, a dashed line.
    """
    drawn = table[table["input"].isin(inputs)].assign(named=table["input"].map(inputs))
    dots = (
        alt.Chart(drawn)
        .mark_circle(size=90, opacity=0.85, color=COLOURS[dark][0])
        .encode(
            alt.X(
                "unexplained:Q",
                title="variance left unexplained",
                scale=alt.Scale(type="log", nice=True),
                axis=alt.Axis(format="~g", tickCount=5),
            ),
            alt.Y(
                "named:N",
                title=None,
                sort=list(inputs.values()),
                axis=alt.Axis(labelLimit=260),
            ),
            tooltip=["named:N", "seed:O", alt.Tooltip("unexplained:Q", format=".3g")],
        )
    )
    layers: list[alt.Chart] = [dots]
    if floor is not None:
        at = alt.Chart(pd.DataFrame({"floor": [floor], "name": ["floor of distances"]}))
        layers.append(at.mark_rule(strokeDash=[6, 4], color=INK[dark]).encode(alt.X("floor:Q")))
    return alt.layer(*layers).properties(height=60 + 38 * len(inputs))


def costs(table: pd.DataFrame, losses: Mapping[str, str], dark: bool) -> Chart:
    """Draw milliseconds for a batch's loss and gradient against the number of points.

    `table` has points, loss, round and milliseconds; `losses` gives each loss's name.
    """
    quickest = table.groupby(["points", "loss"], as_index=False)["loss_ms"].min()
    named = quickest.assign(named=quickest["loss"].map(losses))
    colours = alt.Scale(domain=list(losses.values()), range=list(COLOURS[dark][: len(losses)]))
    return alt.layer(
        alt.Chart(named)
        .mark_line(strokeWidth=3, point=alt.OverlayMarkDef(size=60))
        .encode(
            alt.X("points:Q", title="points", scale=alt.Scale(type="log", base=2, nice=False)),
            alt.Y("loss_ms:Q", title="ms a batch", scale=alt.Scale(type="log")),
            alt.Color(
                "named:N",
                scale=colours,
                legend=alt.Legend(title=None, orient="top", labelLimit=300, columns=1),
            ),
            tooltip=["points:Q", "named:N", alt.Tooltip("loss_ms:Q", format=".2f")],
        )
    ).properties(height=HEIGHT + 60)
