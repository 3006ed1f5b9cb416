"""The table of the recipe `vae` in words and rows: which nodes remain, and at what price."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from trisym.errors import DataError
from trisym.figures.vae import PLAIN, price
from trisym.storage import results
from trisym.ui.kit.tables import mean_and_spread, short, show

TABLE = "vae"
TRAINING = {"preset": "vae"}  # asked of the lab, which sends it to the server
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
    plain = _at(rows, 0.0)
    before = (
        f"With {NODES} nodes every plain network keeps the pose, some in large nodes, some in "
        f"small ones: orbit spread {_ends(plain, 'orbit_spread')} as it is, "
        f"{_ends(plain, 'orbit_spread_active')} with every direction counted alike."
    )
    if not betas:
        return f"**No.** {before} At no β of the table do all seeds keep three nodes and drop it."
    there = _at(rows, betas[0])
    cost = there["side_error"].mean() / plain["side_error"].mean()
    wide = sorted(set(betas) & set(forgotten(rows, 9)))
    also = f"and with nine nodes too at {_listed(wide)}" if wide else "but not with nine nodes"
    return (
        f"**Yes, at the right price.** {before} At β = {_listed(betas)} every seed keeps exactly "
        f"three nodes, {also}; at β = {price(betas[0])} their orbit spread is "
        f"{_ends(there, 'orbit_spread_active')}, counted so. Nobody told it that h = 3 is enough. "
        f"It costs precision: the side error grows from {short(plain['side_error'].mean())} to "
        f"{short(there['side_error'].mean())}, {short(cost)} times."
    )


def limits(rows: pd.DataFrame) -> str:
    """Say what happens at lower and at higher prices."""
    betas = forgotten(rows, NODES)
    if not betas:
        return ""
    priced = sorted(beta for beta in rows["beta"].unique() if beta > 0)
    below = [beta for beta in priced if beta < betas[0]]
    above = [beta for beta in priced if beta > betas[-1]]
    parts = []
    if below:
        lower = _at(rows, below[-1])
        kept = int((lower["active"] > NEEDED).sum())
        parts.append(
            f"A lower price is not enough: at β = {price(below[-1])}, {kept} of {len(lower)} seeds "
            f"{'keeps' if kept == 1 else 'keep'} more nodes, and the pose in them."
        )
    if above:
        higher, highest = _at(rows, above[0]), _at(rows, above[-1])
        parts.append(
            f"A higher one takes the shape too: a side error of "
            f"{short(higher['side_error'].mean())} at β = {price(above[0])}, and "
            f"{short(highest['active'].mean())} active nodes at β = {price(above[-1])}."
        )
    parts.append("So β takes the place of h: one says what a side may err, not how many count.")
    return " ".join(parts)


def as_generator(rows: pd.DataFrame) -> str:
    """Say how samples compare with those of a plain network, where the pose is forgotten."""
    betas = forgotten(rows, NODES)
    if not betas:
        return ""
    plain, there = _at(rows, 0.0), _at(rows, betas[0])
    shares = [
        f"{part['samples_in_range'].mean():.0%} in the range, "
        f"{part['samples_cover'].mean():.0%} of it covered"
        for part in (there, plain)
    ]
    return (
        f"At h = {NODES}, β = {price(betas[0])}: {shares[0]}. The plain network, with a normal law "
        f"fitted to its codes: {shares[1]}."
    )


def _at(rows: pd.DataFrame, beta: float) -> pd.DataFrame:
    return rows[(rows["h"] == NODES) & (rows["beta"] == beta)]


def _listed(betas: list[float]) -> str:
    return ", ".join(price(beta) for beta in betas)


def _ends(rows: pd.DataFrame, column: str) -> str:
    """Return the lowest and the highest seed's value."""
    low, high = (short(value) for value in (rows[column].min(), rows[column].max()))
    return low if low == high else f"{low} to {high}"


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
    """Show the answer's three numbers side by side: plain, and at the lowest β that forgets."""
    betas = forgotten(rows, NODES) or [float(rows["beta"].max())]
    plain, there = (_at(rows, beta) for beta in (0.0, betas[0]))
    titles = (
        ("orbit_spread_active", "Orbit spread, whitened"),
        ("active", "Nodes in use"),
        ("side_error", "Side error"),
    )
    found = {
        f"{title}: {PLAIN} → β = {price(betas[0])}": (
            f"{short(plain[name].mean())} → {short(there[name].mean())}"
        )
        for name, title in titles
    }
    # As wide as what they say: a projector's third is too narrow for the longest.
    widths = [len(text) for text in found.values()]
    for column, (label, text) in zip(st.columns(widths), found.items(), strict=True):
        column.metric(label, text)
