"""Figures of the symmetry spectrum: all networks on one axis, a training, and the order of finds.

Tables as the recipes `spectrum` and `discovery` wrote them in, Altair charts out.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from trisym.figures.common import INK, sheer
from trisym.spectrum import KINDS, RIGID_KINDS

# Okabe and Ito's blue and vermilion, and a purple between; the same as in the live view.
KIND_COLOURS = {
    False: {"translation": "#0072B2", "rotation": "#963A82", "strain": "#D55E00"},
    True: {"translation": "#59ACCD", "rotation": "#BB7EAE", "strain": "#E49659"},
}
SHAPES = {"translation": "circle", "rotation": "triangle-up", "strain": "square"}
Chart = alt.LayerChart | alt.FacetChart  # what Altair says that it returns
LEAST = 1e-4  # an answer below is rounding, and drawn here
ROW = 44  # pixels a network: its name, which is too long for the side of a phone, and its dots
NAME_ABOVE, DOTS_BELOW = 12, 8  # pixels from the middle of a row
RUN = 18  # pixels a run
FRAME = 110  # pixels for what stands around the rows
HEIGHT = 330
# Three entries side by side are wider than a phone's chart, which cuts off the last.
LEGEND = alt.Legend(title=None, orient="top", symbolOpacity=1, symbolSize=110, columns=2)


def _by_kind(column: str, dark: bool) -> tuple[alt.Color, alt.Shape]:
    """Colour and shape of a kind of motion."""
    colours = KIND_COLOURS[dark]
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    shapes = alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    return (
        alt.Color(column, scale=scale, legend=LEGEND),
        alt.Shape(column, scale=shapes, legend=LEGEND),
    )


def spectra(table: pd.DataFrame, dark: bool) -> Chart:
    """Draw twelve marks for each seed of each network, one row a network, below its name.

    `table` has label, seed, rank, value and the share_ columns; its order is that of the rows.
    """
    shares = table[[f"share_{kind}" for kind in KINDS]]
    dots = pd.DataFrame(
        {
            "network": table["label"],
            "seed": table["seed"],
            "motion": table["rank"],
            "answer": table["value"].clip(lower=LEAST),
            "kind": shares.idxmax(axis=1).str.removeprefix("share_"),
        }
    )
    order = list(dict.fromkeys(dots["network"]))
    colour, shape = _by_kind("kind:N", dark)
    row = alt.Y("network:N", title=None, sort=order, axis=None)
    marks = (
        alt.Chart(dots)
        .mark_point(filled=True, size=70, **sheer(0.72), yOffset=DOTS_BELOW)
        .encode(
            alt.X(
                "answer:Q",
                title="answer, in spreads for each edge of motion",
                scale=alt.Scale(type="log", domainMin=LEAST),
                axis=alt.Axis(format="~g"),
            ),
            row,
            colour,
            shape,
            [alt.Tooltip(f"{name}:Q") for name in ("motion", "seed")]
            + [alt.Tooltip("kind:N"), alt.Tooltip("answer:Q", format=".2~g")],
        )
    )
    names = (
        alt.Chart(pd.DataFrame({"network": order}))
        .mark_text(align="left", fontSize=14, color=INK[dark], yOffset=-NAME_ABOVE)
        .encode(row, x=alt.value(0), text="network:N")
    )
    return alt.layer(marks, names).properties(height=ROW * len(order) + FRAME)


def course(
    run: pd.DataFrame,
    found: pd.Series,
    dark: bool,
    title: str = "mean answer; side error dashed",
) -> Chart:
    """Draw the mean answers of one training against epochs, its side error, and what was found.

    `run` has epoch, side_error and the kinds; `found` the epochs of translation, rotation, sides.
    """
    lines = run.melt("epoch", list(KINDS), "kind", "answer")
    colour, _ = _by_kind("kind:N", dark)
    x = alt.X("epoch:Q", title="epochs")
    y = alt.Y(
        "answer:Q",
        title=title,
        scale=alt.Scale(type="log"),
        axis=alt.Axis(format="~g"),
    )
    answers = alt.Chart(lines).mark_line(strokeWidth=3).encode(x, y, colour)
    error = (
        alt.Chart(run)
        .mark_line(strokeWidth=2, strokeDash=[6, 4], color=INK[dark])
        .encode(x, alt.Y("side_error:Q"))
    )
    kinds = [kind for kind in RIGID_KINDS if pd.notna(found[kind])]
    marks = pd.DataFrame({"epoch": [found[kind] for kind in kinds], "kind": kinds})
    rules = alt.Chart(marks).mark_rule(strokeWidth=2, strokeDash=[3, 3]).encode(x, colour)
    return alt.layer(rules, answers, error).properties(height=HEIGHT)


def order(orders: pd.DataFrame, dark: bool, task: str = "sides") -> Chart:
    """Draw when each run found translations, rotations and what it was asked for, one row a run.

    `orders` has seed, translation, rotation and the task; what was not found is left out.
    """
    finds = orders.melt("seed", [*RIGID_KINDS, task], "what", "epoch").dropna()
    colours = KIND_COLOURS[dark]
    names = {
        "translation": (colours["translation"], SHAPES["translation"]),
        "rotation": (colours["rotation"], SHAPES["rotation"]),
        task: (INK[dark], "cross"),
    }
    ends = finds.groupby("seed")["epoch"].agg(["min", "max"]).reset_index()
    y = alt.Y("seed:O", title="run", axis=alt.Axis(labelOverlap=False, labelFlush=False))
    x = alt.X(
        "epoch:Q",
        title="found in epoch",
        scale=alt.Scale(type="log", nice=False, padding=12),
        axis=alt.Axis(format="~g"),
    )
    lines = alt.Chart(ends).mark_rule(opacity=0.4).encode(alt.X("min:Q"), y, x2="max")
    marks = (
        alt.Chart(finds)
        .mark_point(filled=True, size=95, opacity=1)
        .encode(
            x,
            y,
            alt.Color(
                "what:N",
                scale=alt.Scale(domain=list(names), range=[c for c, _ in names.values()]),
                legend=LEGEND,
            ),
            alt.Shape(
                "what:N",
                scale=alt.Scale(domain=list(names), range=[s for _, s in names.values()]),
                legend=LEGEND,
            ),
            [alt.Tooltip("what:N"), alt.Tooltip("epoch:Q", format=".2f")],
        )
    )
    height = max(HEIGHT, RUN * len(ends) + FRAME)  # or the numbers of the runs would overlap
    return alt.layer(lines, marks).properties(height=height)
