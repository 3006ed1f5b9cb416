"""The figure of section 5.1: latent nodes against the sums of sides that fit them best (Fig. 16).

Tables as the recipes wrote them in, Altair charts out.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from trisym.figures.common import INK, sheer, subscripted

SIDES = ("l1", "l2", "l3")
DRAWN = 1500  # points of a picture


def node_against_sides(
    cloud: pd.DataFrame, fit: pd.Series, dark: bool
) -> alt.LayerChart | alt.FacetChart:
    """Draw one node against its fit, coloured by perimeter; the line is a perfect fit.

    `cloud` has l1 l2 l3 and N1 N2 N3; `fit` has node, l1 l2 l3, constant and r.
    """
    shown = cloud.head(DRAWN)
    node = f"N{int(fit['node'])}"
    dots = pd.DataFrame(
        {
            "fit": fitted(shown, fit).round(4),
            "node": shown[node].round(4),
            "perimeter": shown[list(SIDES)].sum(axis=1).round(3),
        }
    )
    ends = dots["fit"].agg(["min", "max"]).to_numpy()
    line = alt.Chart(pd.DataFrame({"fit": ends, "node": ends})).mark_line(
        color=INK[dark], strokeWidth=1.5, strokeDash=[5, 4]
    )
    scale = alt.Scale(zero=False)
    x = alt.X("fit:Q", title=in_words(fit), scale=scale)
    y = alt.Y("node:Q", title=subscripted(node), scale=scale)
    colour = alt.Color("perimeter:Q", scale=alt.Scale(scheme="viridis"), legend=None)
    points = alt.Chart(dots).mark_circle(size=20, **sheer(0.75)).encode(x, y, colour)
    return alt.layer(points, line.encode(alt.X("fit:Q"), alt.Y("node:Q"))).properties(height=280)


def fitted(cloud: pd.DataFrame, fit: pd.Series) -> pd.Series:
    """Return a·l1 + b·l2 + c·l3 + d for each triangle."""
    total = pd.Series(float(fit["constant"]), index=cloud.index)
    for side in SIDES:
        total = total + float(fit[side]) * cloud[side]
    return total


def in_words(fit: pd.Series) -> str:
    """Return the combination as it is read: 1.76 l₁ + 1.72 l₂ − 1.71 l₃ − 0.01."""
    text = ""
    for name, value in (*((subscripted(s), fit[s]) for s in SIDES), ("", fit["constant"])):
        sign = "−" if value < 0 else "+" if text else ""
        text += f" {sign} {abs(value):.2f} {name}" if text else f"{sign}{abs(value):.2f} {name}"
    return text.strip()
