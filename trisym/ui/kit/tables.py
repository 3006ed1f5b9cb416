"""Tables as a visitor reads them and takes them away, and errors as sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import streamlit as st

from trisym.errors import TrisymError


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


def scientific(value: float) -> str:
    """Return 1.6 × 10⁻⁴, or 0 for what is rounding."""
    if value < 1e-10:
        return "0"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(SUPERSCRIPTS)}"


SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


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
