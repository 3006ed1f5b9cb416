"""Fig. 8 as a visitor explores it: distances against coordinates, and what they cost."""

from __future__ import annotations

import streamlit as st

from trisym.figures import degrees as figures
from trisym.outside_text import in_markdown
from trisym.storage import results
from trisym.thesis import claims
from trisym.ui.kit import charts
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.tables import errors_as_sentences, short

MOST = 24


def show() -> None:
    """Show the counts with a slider, and the measured cost."""
    _counts()
    st.subheader("What it really costs", anchor=False)
    with errors_as_sentences():
        _cost()


@st.fragment
def _counts() -> None:
    st.markdown(
        f"n points have n(n − 1)/2 distances and 3n coordinates. There are more distances from "
        f"**n = {_crossing()}** on; the thesis says n = {claims.aim('fig8-crossing'):.0f}."
    )
    _graph(st.slider("Points n", 2, MOST, 5, key="points"))


@drawn_once()
def _graph(dark: bool, points: int) -> None:
    graph, curve = st.columns([2, 3])
    with graph:
        charts.figure(
            figures.complete_graph(points, dark),
            key="graph",
            config={"displayModeBar": False, "scrollZoom": False},
            alt=f"{points} points, each joined with every other.",
        )
    distances, crossing = points * (points - 1) // 2, _crossing()
    graph.markdown(f"**{distances}** distances, **{3 * points}** coordinates")
    with curve:
        charts.show(
            figures.counts(points, MOST, crossing, dark),
            key="counts",
            alt="Distances grow as a square, coordinates in a line; they cross before "
            f"n = {crossing}.",
        )


def _crossing() -> int:
    """The first n with n(n - 1)/2 > 3n."""
    return next(n for n in range(2, MOST) if n * (n - 1) // 2 > 3 * n)


@drawn_once("scaling")
def _cost(dark: bool) -> None:
    table = results.load("scaling")
    means = table.groupby("points")[["sides_ms", "network_ms"]].mean()
    most, least = means.index.max(), means.index.min()
    dearer = means.index[means["sides_ms"] > means["network_ms"]]
    device = str(results.load_card("scaling").get("device", "this machine"))
    st.markdown(
        f"Measured on {in_markdown(device)}: one batch of "
        f"256 with its gradient. At {least} points the side loss takes "
        f"{short(means['sides_ms'][least])} ms beside {short(means['network_ms'][least])} ms for "
        f"the network; at {most} it takes {short(means['sides_ms'][most])} ms beside "
        f"{short(means['network_ms'][most])} ms."
        + (f" It is the dearer of the two from n = {dearer.min()} on." if len(dearer) else "")
    )
    charts.show(
        figures.cost(table, dark),
        key="cost",
        alt="Time of the side loss, the MSE and the network against the number of points.",
    )
