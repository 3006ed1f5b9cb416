"""The figures of section 3.6's variational autoencoders: against β, and what each node says.

The table of the recipe `vae` in, Altair charts out. β = 0 is the plain network.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from trisym.figures.common import INK, palette, sheer
from trisym.figures.degrees import BLUE, GREEN, VERMILION, Chart

HEIGHT = 300
PLAIN = "plain"
LEGEND = alt.Legend(title=None, orient="top", direction="horizontal", symbolOpacity=1)
DODGE = {3: -9, 6: 0, 9: 9}  # pixels: three curves that lie on each other are still three


def price(beta: float) -> str:
    """Return what stands on the axis for a β."""
    return f"{beta:g}" if beta else PLAIN


def against_beta(
    table: pd.DataFrame,
    column: str,
    title: str,
    dark: bool,
    *,
    log: bool = False,
    level: float | int | None = None,
) -> Chart:
    """Draw a column against β: a curve for each h through the seeds' means, and every seed.

    Seeds that have no such number are left out; `level` is a dashed line.
    """
    shown = table.dropna(subset=[column])
    shown = shown.assign(price=shown["beta"].map(price), size="h = " + shown["h"].astype(str))
    keys = ["price", "size", "h"]
    means = shown.groupby(keys, sort=False)[column].agg(["min", "mean", "max", "count"])
    means = means.reset_index()
    order = [price(beta) for beta in sorted(table["beta"].unique())]
    x = alt.X("price:O", title="β, the price of a nat", sort=order)
    x = x.axis(labelAngle=0).scale(domain=order)
    scale = alt.Scale(type="log" if log else "linear", zero=not log, nice=not log)
    axis = alt.Axis(format="~g", tickCount=5)
    y = alt.Y("mean:Q", title=title, scale=scale, axis=axis)
    sizes = [f"h = {h}" for h in sorted(table["h"].unique())]
    colours = alt.Scale(domain=sizes, range=[BLUE[dark], VERMILION[dark], GREEN[dark]])
    colour = alt.Color("size:N", scale=colours, legend=LEGEND)
    tooltip = [
        alt.Tooltip("price:O", title="β"),
        alt.Tooltip("size:N", title=" "),
        *(alt.Tooltip(f"{name}:Q", format=".3~g") for name in ("min", "mean", "max")),
        alt.Tooltip("count:Q", title="seeds"),
    ]
    layers: list[alt.Chart] = []
    if level is not None:
        rule = alt.Chart(pd.DataFrame({"level": [level]}))
        rule = rule.mark_rule(strokeDash=[7, 4], strokeWidth=1.5, color=INK[dark])
        layers.append(rule.encode(alt.Y("level:Q")))
    for h in sorted(table["h"].unique()):
        aside = DODGE.get(h, 0)
        seeds = alt.Chart(shown[shown["h"] == h]).mark_circle(size=34, **sheer(0.6), xOffset=aside)
        line = alt.Chart(means[means["h"] == h]).mark_line(strokeWidth=3, xOffset=aside)
        points = alt.Chart(means[means["h"] == h]).mark_point(
            size=90, filled=True, opacity=1, xOffset=aside
        )
        layers += [
            line.encode(x, y, colour),
            seeds.encode(x, alt.Y(f"{column}:Q"), colour),
            points.encode(x, y, colour, tooltip=tooltip),
        ]
    return alt.layer(*layers).properties(height=HEIGHT)


def nats_by_node(table: pd.DataFrame, h: int, dark: bool) -> Chart:
    """Draw what each node says, in nats, the largest first: a curve for each β, seeds' means."""
    rows = table[(table["h"] == h) & (table["beta"] > 0)]
    names = [f"nats_{node}" for node in range(1, h + 1)]
    means = rows.groupby("beta")[names].mean().reset_index()
    long = means.melt("beta", names, var_name="node", value_name="nats")
    long = long.assign(price=long["beta"].map(price), node=long["node"].str[5:].astype(int))
    order = [price(beta) for beta in sorted(rows["beta"].unique())]
    tones = palette(dark)
    chosen = [tones[round(i * (len(tones) - 1) / (len(order) - 1))] for i in range(len(order))]
    colour = alt.Color(
        "price:N",
        scale=alt.Scale(domain=order, range=chosen),
        legend=alt.Legend(title="β", orient="right", symbolOpacity=1),
    )
    x = alt.X("node:O", title="node, the one that says most first", axis=alt.Axis(labelAngle=0))
    y = alt.Y("nats:Q", title="nats that it says")
    tooltip = [
        alt.Tooltip("price:N", title="β"),
        "node:O",
        alt.Tooltip("nats:Q", format=".2f"),
    ]
    line = alt.Chart(long).mark_line(strokeWidth=3, point=alt.OverlayMarkDef(size=60, opacity=1))
    return alt.layer(line.encode(x, y, colour, tooltip=tooltip)).properties(height=HEIGHT)
