"""Tables as a visitor reads them and takes them away, and errors as sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from trisym.errors import TrisymError

if TYPE_CHECKING:
    from trisym.ui.orbits import Orbits, Passage

# Section 3.3 of the thesis: the mean error of a side with each loss.
THESIS_SIDE_ERROR: Mapping[str, float] = {"sides-h3": 0.0020, "mse-h3": 0.16}

INVARIANCE = {  # columns of the result, as a visitor reads them
    "side_error": "side error",
    "perimeter_error": "perimeter error",
    "orbit_spread_inside": "orbit spread, inside the cube",
    "orbit_spread_near": "a little outside",
    "orbit_spread_far": "far outside",
}


@contextmanager
def errors_as_sentences() -> Iterator[None]:
    """Show what a visitor or a missing file caused as one sentence; what follows goes on."""
    try:
        yield
    except TrisymError as error:
        st.error(str(error))


def short(value: float) -> str:
    """A number to read aloud: two significant digits, no exponent where it can be helped."""
    rounded = float(f"{value:.1e}")
    if not 1e-4 <= abs(rounded) < 1e6:
        return "0" if rounded == 0 else f"{value:.1e}"
    decimals = max(0, 1 - math.floor(math.log10(abs(rounded))))
    return f"{value:,.{decimals}f}"


def show(texts: pd.DataFrame, numbers: pd.DataFrame, name: str, alt: str) -> None:
    """Show a table of texts, and offer its numbers as NAME.csv."""
    st.table(texts, border="horizontal", hide_index=True, alt=alt)
    csv(numbers, name, "Download this table")


def csv(
    numbers: pd.DataFrame, name: str, about: str = "Download the numbers of these figures"
) -> None:
    """Offer numbers, in full, as NAME.csv."""
    st.download_button(
        f"{name}.csv",
        numbers.to_csv(index=False, lineterminator="\n"),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help=about,
    )


def sides(poses: Mapping[str, np.ndarray]) -> None:
    """Show side triples (3,) by the name of their pose."""
    numbers = pd.DataFrame(
        [
            {"pose": name, **dict(zip(("l1", "l2", "l3"), row, strict=True))}
            for name, row in poses.items()
        ]
    )
    texts = numbers.assign(
        **{side: numbers[side].map("{:.4f}".format) for side in ("l1", "l2", "l3")}
    )
    show(texts, numbers, "sides", "The three sides before and after the motion.")


def passages(found: Sequence[Passage], titles: Mapping[str, str]) -> None:
    """Show latent points before and after, and their distance beside the spread of the cloud."""
    texts = pd.DataFrame(
        {
            "network": titles[p.name],
            "latent before": _point(p.before),
            "latent after": _point(p.after),
            "distance": short(p.distance),
            "spread of the cloud": short(p.spread),
            "drift, in spreads": f"**{short(p.drift)}**",
        }
        for p in found
    )
    numbers = pd.DataFrame(
        {
            "model": p.name,
            **{f"N{i + 1} before": value for i, value in enumerate(p.before)},
            **{f"N{i + 1} after": value for i, value in enumerate(p.after)},
            "distance": p.distance,
            "spread": p.spread,
            "drift": p.drift,
        }
        for p in found
    )
    show(texts, numbers, "drift", "Latent points before and after the motion, and the drift.")


def _point(latent: np.ndarray) -> str:
    return ", ".join(f"{value:.3f}" for value in latent).replace("-", "−")


def spreads(
    found: Mapping[str, Mapping[str, Orbits]], titles: Mapping[str, str], ranges: Mapping[str, str]
) -> None:
    """Show the orbit spread of each model over each range of motions."""
    measured = {name: {r: each.spread for r, each in of.items()} for name, of in found.items()}
    numbers = pd.DataFrame({"model": name, **of} for name, of in measured.items())
    texts = pd.DataFrame(
        {"orbit spread": titles[name], **{ranges[r]: short(value) for r, value in of.items()}}
        for name, of in measured.items()
    )
    show(
        texts, numbers, "orbit-spread", "Orbit spread of each network over three ranges of motion."
    )


def invariance(result: pd.DataFrame, titles: Mapping[str, str]) -> None:
    """Show the result `invariance`, the thesis's side errors beside ours."""
    thesis = result["model"].map(THESIS_SIDE_ERROR)
    texts = pd.DataFrame({"network": result["model"].map(lambda name: titles.get(name, name))})
    for column, heading in INVARIANCE.items():
        texts[heading] = result[column].map(short)
        if column == "side_error":
            texts["thesis: side error"] = thesis.map(
                lambda value: short(value) if value > 0 else "–"
            )
    numbers = result.assign(thesis_side_error=thesis)
    show(texts, numbers, "invariance", "Errors and orbit spreads of the shipped networks.")
