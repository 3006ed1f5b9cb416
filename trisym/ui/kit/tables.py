"""Tables as a visitor reads them and takes them away, and errors as sentences.

Each part of a page and each row of a table stands in a guard of its own: what fails there hides
itself behind a sentence, and nothing below it.
"""

from __future__ import annotations

import logging
import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import pandas as pd
import streamlit as st

from trisym.errors import TrisymError
from trisym.outside_text import QUOTED, in_cell, in_markdown, sentence, shortened
from trisym.storage import results
from trisym.ui.kit import offered

T = TypeVar("T")
R = TypeVar("R")
MOST_NAMED = 5

log = logging.getLogger(__name__)


@contextmanager
def errors_as_sentences(what: str = "") -> Iterator[None]:
    """Show whatever fails inside as one sentence, with `what` it is about; what follows goes on.

    A TrisymError says itself what a visitor or a missing file caused. Anything else is a file that
    holds something else than it should, or a fault of ours: the server's log has it in full.
    """
    try:
        yield
    except TrisymError as error:
        st.error(sentence(f"{shortened(what)}: {error}" if what else str(error)))
    except Exception:
        log.exception("A part of a page can't be shown")
        st.error(
            f"{in_markdown(what) or 'This part'} can't be shown: a file behind it is damaged, or "
            "the fault is ours. The server's log says which. Everything else on this page goes on."
        )


def rows_of(items: Iterable[T], row: Callable[[T], R], name: Callable[[T], str]) -> list[R]:
    """Return a row for each item; name in one sentence the items that can't have one."""
    rows, left_out = [], []
    for item in items:
        try:
            rows.append(row(item))
        except Exception:
            log.exception("A row of a table can't be shown")
            left_out.append(shortened(name(item), QUOTED))
    if left_out:
        st.warning(sentence(f"Not shown, as what is kept of it is damaged: {listed(left_out)}."))
    return rows


def listed(names: Sequence[str]) -> str:
    """Return the first few of some names, and how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def short(value: float) -> str:
    """A number to read aloud: two significant digits, no exponent where it can be helped."""
    rounded = float(f"{value:.1e}")
    if not 1e-4 <= abs(rounded) < 1e6:
        return "0" if rounded == 0 else f"{value:.1e}"
    decimals = max(0, 1 - math.floor(math.log10(abs(rounded))))
    return f"{value:,.{decimals}f}"


def mean_and_spread(values: Sequence[float]) -> str:
    """Return "0.0031 ± 0.0004": the mean of two values and more, and their standard deviation."""
    mean, spread = statistics.fmean(values), statistics.stdev(values)
    if not 1e-4 <= spread < 1e6:
        texts = (scientific(x) if 0 < x < 1e-4 else short(x) for x in (mean, spread))
        return " ± ".join(texts)
    decimals = max(0, 1 - math.floor(math.log10(spread)) - 1)
    return f"{mean:,.{decimals}f} ± {spread:,.{decimals}f}"


def scientific(value: float) -> str:
    """Return 1.6 × 10⁻⁴, or 0 for what is rounding."""
    if value < 1e-10:
        return "0"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(SUPERSCRIPTS)}"


SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


TABLE = "Download this table"


def show(texts: pd.DataFrame, alt: str) -> None:
    """Show a table of texts."""
    st.table(texts, border="horizontal", hide_index=True, alt=alt)


def harmless(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which no text, in a cell or a heading, begins like a formula."""
    texts = numbers.select_dtypes(exclude="number").columns
    cells = {name: numbers[name].map(_in_cell) for name in texts}
    return numbers.assign(**cells).rename(columns=_in_cell)


def _in_cell(value: object) -> object:
    return in_cell(value) if isinstance(value, str) else value


def csv(
    numbers: Callable[[], pd.DataFrame],
    name: str,
    about: str = "Download the numbers of these figures",
    of: Sequence[str] = (),
) -> None:
    """Offer numbers, in full, as NAME.csv; they are made when somebody asks for them.

    No text in it is a formula to a spreadsheet. of: the shipped results that they are made of,
    where their names are others.
    """

    def content() -> str:
        return harmless(numbers()).to_csv(index=False, lineterminator="\n")

    offered.table(name, content, of or ([name] if results.stamp(name) != (None, None) else []))
    st.download_button(
        f"{name}.csv",
        content,
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help=about,
    )


def csv_of(name: str) -> None:
    """Offer a shipped result as NAME.csv; raises TrisymError where there is none."""
    results.check(name)
    csv(lambda: results.load(name), name)
