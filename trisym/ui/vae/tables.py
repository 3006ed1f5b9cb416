"""The table of the recipe `vae` in words and rows: which nodes remain, and at what price."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from trisym.errors import DataError
from trisym.figures.vae import PLAIN, price
from trisym.storage import results
from trisym.ui.kit.tables import mean_and_spread, short, show

TABLE = "vae"
NODES = 6  # of the question: with three too many
NEEDED = 3  # numbers that fix a triangle's sides
TIGHT = 0.05  # orbit spread: the ledger's bound for an invariant code
COLUMNS = {  # of the page's table, in its order
    "side_error": "side error",
    "side_error_noisy": "with noise",
    "active": "active nodes",
    "nats": "nats",
    "orbit_spread": "orbit spread",
    "orbit_spread_active": "of the active nodes, whitened",
    "orbit_spread_whitened": "of all nodes, whitened",
}
GENERATED = {
    "samples_in_range": "samples in the range",
    "samples_cover": "of the range covered",
    "between_in_range": "between two in the range",
    "between_off_straight": "between two, off the even path",
    "poses_between_error": "between two poses, side error",
}


def table() -> pd.DataFrame:
    """Return the result; DataError where it has no plain network to compare with."""
    found = results.load(TABLE)
    if found[(found["h"] == NODES) & (found["beta"] == 0)].empty:
        raise DataError(f"The result '{TABLE}' has no plain network with {NODES} nodes.")
    return found


def forgotten(rows: pd.DataFrame, h: int) -> list[float]:
    """Return each β at which every seed with h nodes keeps exactly three, none of the pose."""
    of_h = rows[(rows["h"] == h) & (rows["beta"] > 0)]
    good = (of_h["active"] == NEEDED) & (of_h["orbit_spread_active"] <= TIGHT)
    every = good.groupby(of_h["beta"]).all()
    return [float(beta) for beta in every[every].index]


def answer(rows: pd.DataFrame) -> str:
    """Say in a few sentences whether the price makes a network forget the pose."""
    betas = forgotten(rows, NODES)
    plain = rows[(rows["h"] == NODES) & (rows["beta"] == 0)]
    before = (
        f"With {NODES} nodes the plain network keeps the pose: orbit spread "
        f"{_over_seeds(plain, 'orbit_spread')}."
    )
    if not betas:
        return f"**No.** {before} At no β of the table do all seeds keep three nodes and drop it."
    best = betas[0]
    there = rows[(rows["h"] == NODES) & (rows["beta"] == best)]
    cost = there["side_error"].mean() / plain["side_error"].mean()
    wide = set(betas) & set(forgotten(rows, 9))
    others = ", ".join(price(beta) for beta in betas)
    also = (
        f"with nine nodes too at β = {', '.join(price(b) for b in sorted(wide))}"
        if wide
        else ("but not with nine nodes")
    )
    return (
        f"**Yes, at the right price.** {before} At β = {others} every seed keeps exactly three "
        f"nodes, {also}, and the orbit spread is {_over_seeds(there, 'orbit_spread')} at β = "
        f"{price(best)}. Nobody told it that h = 3 is enough. It costs precision: the side error "
        f"grows from {short(plain['side_error'].mean())} to {short(there['side_error'].mean())}, "
        f"{short(cost)} times."
    )


def limits(rows: pd.DataFrame) -> str:
    """Say what happens at lower and at higher prices, and what the answer does not say."""
    of_h = rows[(rows["h"] == NODES) & (rows["beta"] > 0)].groupby("beta").mean(numeric_only=True)
    betas = forgotten(rows, NODES)
    if not betas:
        return ""
    below, above = of_h[of_h.index < betas[0]], of_h[of_h.index > betas[-1]]
    parts = []
    if not below.empty:
        beta, row = below.index[-1], below.iloc[-1]
        parts.append(
            f"A lower price is too low: at β = {price(beta)} {row['active']:.1f} nodes stay, and "
            f"the orbit spread is {short(row['orbit_spread'])}."
        )
    if not above.empty:
        beta, row = above.index[0], above.iloc[0]
        parts.append(
            f"A higher one takes the shape too: at β = {price(beta)} {row['active']:.1f} nodes "
            f"stay, with a side error of {short(row['side_error'])}; at β = "
            f"{price(above.index[-1])}, {above['active'].iloc[-1]:.1f}."
        )
    parts.append(
        "So β takes the place of h: it is chosen by what a side may err, not by counting degrees "
        "of freedom."
    )
    return " ".join(parts)


def _over_seeds(rows: pd.DataFrame, column: str) -> str:
    values = rows[column].dropna().astype(float).tolist()
    return mean_and_spread(values) if len(values) > 1 else (short(values[0]) if values else "–")


def by_price(rows: pd.DataFrame, columns: dict[str, str]) -> None:
    """Show columns of every h and β, over the seeds."""
    texts = pd.DataFrame(
        {
            "h": str(h),
            "β": price(float(beta)),
            **{title: _over_seeds(part, name) for name, title in columns.items()},
        }
        for (h, beta), part in rows.groupby(["h", "beta"])
    )
    show(texts, f"{', '.join(columns.values())}, for each h and β.")


def numbers(rows: pd.DataFrame) -> None:
    """Show the answer's four numbers side by side: plain, and at the lowest β that forgets."""
    betas = forgotten(rows, NODES) or [float(rows["beta"].max())]
    of_h = rows[rows["h"] == NODES]
    plain, there = (of_h[of_h["beta"] == beta] for beta in (0.0, betas[0]))
    titles = (
        ("orbit_spread", "Orbit spread"),
        ("active", "Nodes in use"),
        ("side_error", "Side error"),
    )
    for column, (name, title) in zip(st.columns(len(titles)), titles, strict=True):
        column.metric(
            f"{title}, h = {NODES}: {PLAIN} → β = {price(betas[0])}",
            f"{short(plain[name].mean())} → {short(there[name].mean())}",
        )
