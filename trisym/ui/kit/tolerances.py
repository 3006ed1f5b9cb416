"""What hangs on the plateau rule's 5 %: where curves become level with other tolerances."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from trisym.thesis.plateau import TOLERANCE, Plateau, by_tolerance
from trisym.ui.kit.tables import show

ABOUT = (
    "The rule's 5 % is a choice of ours. With less, rounding and luck among runs count as a fall; "
    "with more, a small last step may hide. *Never* is a curve of which only the largest h is "
    "within the tolerance: it may still be falling."
)


def table(curves: Mapping[str, tuple[pd.DataFrame, str]]) -> pd.DataFrame:
    """Return a row of texts for each curve: by its title, its rows and the column of errors."""
    rows = []
    for title, (part, column) in curves.items():
        found = by_tolerance(part, column)
        seeds = part["seed"].nunique()
        texts = {f"{each:.0%}": in_words(level, seeds) for each, level in found.items()}
        texts[f"{TOLERANCE:.0%}"] = f"**{texts[f'{TOLERANCE:.0%}']}**"
        rows.append({"curve": title, **texts})
    return pd.DataFrame(rows)


def in_words(found: Plateau, seeds: int) -> str:
    """Return "h = 3", "h = 3 to 5" where seeds differ, and "never" for those never level."""
    if found.never == seeds:
        return "never"
    ends = "" if found.low == found.high else f" to {'never' if found.never else found.high}"
    return f"h = {found.low}{ends}"


def show_tolerances(curves: Mapping[str, tuple[pd.DataFrame, str]]) -> None:
    """Show where each curve is level from, with each tolerance; the rule's own in bold."""
    show(table(curves), "Where each curve becomes level, with tolerances from 1 to 20 %.")
    st.caption(ABOUT)
