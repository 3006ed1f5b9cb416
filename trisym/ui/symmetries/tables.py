"""The tables of the symmetry spectra as a visitor reads them: in words, means and spreads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd
import streamlit as st

from trisym.outside_text import in_markdown
from trisym.spectrum import KINDS, Spectrum, as_table
from trisym.thesis import claims
from trisym.thesis.claims import HOLDS, Judged
from trisym.ui.kit.tables import TABLE, csv, short, show

FITS: Mapping[str, str] = MappingProxyType(
    {"exact": "exact", "untrained": "untrained", "shipped": "shipped", "trained": "8 epochs"}
)
# In the order in which they are read: what is exact, what the side loss makes, and the rest.
MODELS: Mapping[str, str] = MappingProxyType(
    {
        "sides": "the three sides",
        "perimeter": "the perimeter",
        "coordinates": "the nine coordinates",
        "untrained": "table 3",
        "sides-h3": "trained on sides",
        "perimeter-h3": "trained on perimeters",
        "mse-h3": "trained on coordinates",
        "random-h2": "sides, two nodes",
        "constant-side-h2": "sides, two nodes, a constant side anywhere",
        "fixed-side-h2": "sides, two nodes, a constant side in its place",
        "table1-h3": "table 1, h = 3",
        "table1-h6": "table 1, h = 6",
        "table1-h9": "table 1, h = 9",
        "translation-a": "one triangle, lifted",
        "translation-b": "flat triangles, one translation",
        "translation-c": "random translations",
        "energy-sides": "energy from sides",
        "energy-latent": "energy from the latent",
        "energy-coordinates": "energy from coordinates",
        "random-h2-energy": "energy from two nodes",
        "constant-side-h2-energy": "energy, a constant side anywhere",
        "fixed-side-h2-energy": "energy, a constant side in its place",
    }
)
GROUPS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "h3": tuple(MODELS)[:7],
        "h2": ("random-h2", "constant-side-h2", "fixed-side-h2"),
        "table-1": tuple(MODELS)[10:16],
        "energies": tuple(MODELS)[16:],
    }
)

GROUP_TITLES: Mapping[str, str] = MappingProxyType(
    {"h3": "h = 3", "h2": "h = 2", "table-1": "table 1", "energies": "energies"}
)
NOT_IN_TABLE = (
    "A network of your browser is asked there, on the 1,500 triangles of the view; the server has "
    "its numbers for the table once you send it."
)
PRESETS: Mapping[str, str] = MappingProxyType({"fast": "fast", "thesis": "the thesis's notebooks"})


def labelled(table: pd.DataFrame, models: Sequence[str]) -> pd.DataFrame:
    """Return the rows of these models, in this order, each with its label."""
    rows = table[table["model"].isin(models)]
    places = {model: place for place, model in enumerate(models)}
    fits = {fit: place for place, fit in enumerate(FITS)}
    keys = rows["model"].map(places) * len(fits) + rows["fit"].map(fits)
    texts = rows["model"].map(MODELS) + ", " + rows["fit"].map(FITS)
    ordered = rows.assign(label=texts, key=keys).sort_values(["key", "seed", "rank"])
    return ordered.drop(columns="key")


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a network: motions not seen, mean answers and the gap, over seeds."""
    runs = rows[rows["rank"] == 1]
    texts = []
    for label, seeds in runs.groupby("label", sort=False):
        found = sorted({int(count) for count in seeds["found"]})
        texts.append(
            {
                "network": label,
                "seeds": str(max(seeds["seed"].nunique(), 1)),
                "not seen": " or ".join(map(str, found)),
                **{f"answer to {kind}s": over_seeds(seeds[kind]) for kind in KINDS},
                "gap": over_seeds(seeds["gap"]),
            }
        )
    return pd.DataFrame(texts)


def over_seeds(values: pd.Series) -> str:
    """Return the mean with its spread over seeds, as far as there is one."""
    if values.max() > 1e6:  # a gap to what is exactly 0
        return "∞"
    if values.max() < 1e-6:
        return "0"
    text = short(values.mean())
    return text if len(values) == 1 else f"{text} ± {short(values.std())}"


def every_network(rows: pd.DataFrame) -> None:
    """Show the summary."""
    alt = "Motions that each network does not see, and its mean answers to the three kinds."
    show(summary(rows), alt)


def own_motions(found: Mapping[str, Spectrum], titles: Mapping[str, str]) -> None:
    """Show the spectra of the networks in the view, and offer them with their motions."""
    numbers = pd.concat(
        [as_table(spectrum).assign(model=titles[name]) for name, spectrum in found.items()]
    )
    texts = pd.DataFrame(
        {
            "network": in_markdown(titles[name]),
            "not seen": str(spectrum.found),
            "answers, the strongest first": " ".join(short(value) for value in spectrum.values),
            **{f"{kind}s": short(spectrum.answers[kind]) for kind in KINDS},
        }
        for name, spectrum in found.items()
    )
    show(texts, "The twelve answers of each network in the view.")
    csv(lambda: numbers, "own-motions", TABLE)


def told(rows: pd.DataFrame) -> list[str]:
    """Return in words how many motions each network does not see."""
    seen = summary(rows)
    return [f"{a}: {b}" for a, b in zip(seen["network"], seen["not seen"], strict=True)]


def told_course(found: pd.Series) -> str:
    """Return in words when one run found what."""
    parts = [
        f"{what} in epoch {found[what]:.2f}" if found[what] > 0 else f"{what} not yet"
        for what in ("translation", "rotation", "sides")
    ]
    return f"Mean answers of one training against epochs; found: {', '.join(parts)}."


def typical(runs: pd.DataFrame) -> int:
    """Return the run in which the rotations come after the translations by the middle time."""
    later = (runs["rotation"] - runs["translation"]).dropna().sort_values(kind="stable")
    return int(later.index[len(later) // 2])


def orders(table: pd.DataFrame) -> str:
    """Say in a sentence how often translations come first, and how the sides come."""
    known = table[table["translation_first"].notna()]
    first = int(known["translation_first"].sum())
    together = int(known["together"].sum())
    late = int(table["rotation"].isna().sum())
    stepped = table[table["with_sides"].notna()]
    beside = int(stepped["with_sides"].sum())
    after = int((stepped["records_after_sides"].gt(0) & stepped["with_sides"].eq(0)).sum())
    parts = [
        f"Translations first in **{first} of {len(known)}** runs, both at once in {together}, "
        f"rotations first in {len(known) - first - together}."
    ]
    if late:
        parts.append(f"{late} of them had not found the rotations when the watch ended.")
    before = len(stepped) - beside - after
    parts.append(
        f"The rotations came with the fall of the side error, within one record, in **{beside} of "
        f"{len(stepped)}**, before it in {before}, after it in {after}."
    )
    return " ".join(parts)


def claims_of_ours() -> None:
    """Show what this page states, with our numbers and the verdict by the ledger's rule."""
    judged = claims.judge_all_shipped(c for c in claims.claims() if c.page == "symmetries")
    texts = pd.DataFrame(
        {
            "statement of ours": row.claim.states,
            "measured": _number(row),
            "": f"**{row.verdict}**" if row.verdict == HOLDS else row.verdict,
        }
        for row in judged
    )
    show(texts, "What we state of the spectrum.")
    csv(lambda: claims.as_table(judged), "claims-of-ours", TABLE)


def _number(row: Judged) -> str:
    if not row.ours:
        return "–"
    values = pd.Series(row.ours)
    return f"{over_seeds(values)} ({len(values)} runs)"


def offer(courses: pd.DataFrame, finds: pd.DataFrame) -> None:
    """Offer the trainings and when each found what."""
    first, second, _ = st.columns([1, 1, 3])
    with first:
        csv(lambda: courses, "discovery")
    with second:
        csv(lambda: finds, "discovery-order")
