"""Sentences and tables about curves of error against h: kinds, plateaus, floors; from the results
alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
import streamlit as st

from trisym.figures import degrees as figures
from trisym.figures.common import INK
from trisym.storage import results
from trisym.thesis import claims
from trisym.thesis.plateau import over_seeds
from trisym.ui.kit.tables import scientific, short, show
from trisym.ui.kit.tolerances import show_tolerances

COORDINATES = 9
ERRORS = {"mse": "loss", "side_error": "side error"}
NORMALISED = "share"


@dataclass(frozen=True)
class TranslationSet:
    """A set of table 2 in words, and what the thesis claims of it."""

    letter: str
    about: str
    claim: str  # of its plateau

    @property
    def thesis(self) -> int:
        """The degrees of freedom that the thesis counts."""
        return round(claims.aim(self.claim))


TRANSLATIONS: Mapping[str, TranslationSet] = MappingProxyType(
    {
        "translation-a": TranslationSet(
            "a", "One same triangle, lifted by a random height from 0 to 1.", "fig6a-best"
        ),
        "translation-b": TranslationSet(
            "b", "Random triangles on the plane z = 0, one translation for all.", "fig6b-plateau"
        ),
        "translation-c": TranslationSet(
            "c", "Random triangles in the cube, each with a random translation.", "fig6c-plateau"
        ),
    }
)

PLATEAU_RULE = (
    "The plateau begins at the smallest h from which on the error stays within 5 % of its whole "
    "fall above its lowest value; a curve that falls by less than 5 % is level from h = 1."
)


THESIS_RUN, FAST, LINEAR = "thesis: Adam, 120 epochs", "SOAP", "SOAP, no activation"


TABLES = ("latent-sizes", "latent-sizes-thesis")


def protocols() -> pd.DataFrame:
    """Return the curves of Fig. 5 by `kind`, those of the thesis's own protocol where they are.

    Raises TrisymError when the fast ones are missing.
    """
    fast = results.load("latent-sizes")
    kinds = fast["activation"].map({"leaky-relu": FAST, "linear": LINEAR})
    curves = [fast.assign(kind=kinds)]
    if "latent-sizes-thesis" in results.names():
        curves.insert(0, results.load("latent-sizes-thesis").assign(kind=THESIS_RUN))
    return pd.concat(curves, ignore_index=True)


def normalised(rows: pd.DataFrame) -> pd.DataFrame:
    """Return Fig. 6: loss and side error as `kind`, each a `share` of the range of its means."""
    parts = []
    for error, title in ERRORS.items():
        means = rows.groupby("h")[error].mean()
        share = (rows[error] - means.min()) / (means.max() - means.min())
        parts.append(rows[["h", "seed"]].assign(kind=title, share=share))
    return pd.concat(parts, ignore_index=True)


def colours(table: pd.DataFrame, dark: bool) -> dict[str, str]:
    """Return the colour of each kind of curve that is in the table."""
    palette = {THESIS_RUN: figures.BLUE, FAST: figures.GREEN, LINEAR: figures.VERMILION}
    return {kind: colour[dark] for kind, colour in palette.items() if kind in set(table["kind"])}


def fig6_colours(dark: bool) -> dict[str, str]:
    """Return black for the loss and green for the side error, as the thesis draws them."""
    return dict(zip(ERRORS.values(), (INK[dark], figures.GREEN[dark]), strict=True))


def level_from(table: pd.DataFrame, column: str, thesis: int) -> None:
    """Show the h from which on a curve is level, its interval over seeds, and the thesis's."""
    found = over_seeds(table, column)
    st.metric("Level from", f"h = {found.median}", help=PLATEAU_RULE)
    seeds = table["seed"].nunique()
    apart = f"between {found.low} and {found.high}" if found.low < found.high else "in every one"
    never = f"; {found.never} never level" if found.never else ""
    st.caption(f"of {seeds} seeds the middle one; {apart}{never}. Thesis: h = {thesis}")


def by_tolerance() -> None:
    """Show where each curve of the page becomes level, with other tolerances than the rule's."""
    curves = protocols()
    shown = {
        f"{kind}, {title}": (curves[curves["kind"] == kind], error)
        for kind in curves["kind"].unique()
        for error, title in ERRORS.items()
    }
    sets = results.load("translation-sizes")
    shown |= {
        f"set {about.letter}, loss": (sets[sets["dataset"] == name], "mse")
        for name, about in TRANSLATIONS.items()
    }
    show_tolerances(shown)


def told(table: pd.DataFrame, column: str) -> str:
    """Say a curve in words, for those who do not see it."""
    means = table.groupby("h")[column].mean()
    found = over_seeds(table, column)
    return (
        f"{ERRORS[column]} against h: {short(means.iloc[0])} at h = {means.index[0]}, "
        f"{short(means.iloc[-1])} at h = {means.index[-1]}, level from h = {found.median}."
    )


def floors(table: pd.DataFrame) -> pd.DataFrame:
    """Return the side errors at h = 9 of each kind: mean, lowest and highest seed."""
    rows = table[table["h"] == COORDINATES].groupby("kind", sort=False)["side_error"]
    return rows.agg(["mean", "min", "max"]).reset_index()


def show_floors(numbers: pd.DataFrame) -> None:
    """Show them as a table."""
    texts = pd.DataFrame(
        {
            "network with h = 9": numbers["kind"],
            "side error": numbers["mean"].map(scientific),
            "lowest seed": numbers["min"].map(scientific),
            "highest seed": numbers["max"].map(scientific),
        }
    )
    show(texts, "Side errors at h = 9 with and without activations.")
