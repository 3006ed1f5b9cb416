"""Fig. 16 as a table: which sums of sides nodes stand for, seed by seed, and in the thesis."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from trisym.figures import latent as figures
from trisym.figures.common import subscripted
from trisym.thesis import claims
from trisym.ui.kit.tables import short

# Read in the thesis's notebooks: nodes N1, N2, N3 against these sums.
THESIS = (
    ("N₁", "l₁ + l₂ − l₃", claims.aim("fig16-highest")),
    ("N₂", "−l₁ + l₂ + l₃", claims.aim("fig16-lowest")),
    ("N₃", "l₁ − l₂ + l₃", 0.996),
)


def table(axes: pd.DataFrame) -> None:
    """Show every network's nodes: combination, r, and the network's side error."""
    rows = [
        {
            "network": "thesis",
            "node": node,
            "combination": words,
            "r": f"{r:.3f}",
            "side error": short(claims.aim("sides-error")),
        }
        for node, words, r in THESIS
    ]
    rows += [
        {
            "network": fit["model"]
            if pd.isna(fit["seed"])
            else f"fast preset, seed {fit['seed']:.0f}",
            "node": subscripted(f"N{fit['node']}"),
            "combination": figures.in_words(fit),
            "r": f"{fit['r']:.5f}",
            "side error": short(fit["side_error"]),
        }
        for _, fit in axes.iterrows()
    ]
    st.table(
        pd.DataFrame(rows),
        border="horizontal",
        hide_index=True,
        alt="Linear combinations of sides that latent nodes stand for.",
    )
