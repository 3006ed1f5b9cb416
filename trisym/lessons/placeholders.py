"""Measured numbers in a lesson's texts: `{invariance.sides-h3.side_error}`, `{claim.floor}`.

{TABLE.ROWS.COLUMN}   the mean of a column of pretrained/results/TABLE.csv over the rows named:
values of its first column, or COLUMN=VALUE, joined by commas
{claim.ID}            our mean for a claim of trisym/thesis/claims.toml
{thesis.ID}           the number that the thesis prints there
{…:N}, {…:%}          with N significant digits (2 unless said), or as a whole percentage
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from trisym.errors import DataError
from trisym.outside_text import quoted
from trisym.storage import results
from trisym.storage.results import Stamp
from trisym.thesis import claims

if TYPE_CHECKING:
    import pandas

PLACEHOLDER = re.compile(r"\{([^{}]{1,200})\}")
CLAIM, THESIS = "claim", "thesis"
COMMA = ("de", "fr")  # languages that write 0,5
TABLE = re.compile(r"[a-z0-9-]+")


def fill(text: str, language: str = "en") -> str:
    """Return a text with its numbers in place of the placeholders.

    Raises DataError for one that names no number, TrisymError where its table is missing.
    """
    return PLACEHOLDER.sub(lambda found: written(found[1], language), text)


def placeholders(text: str) -> list[str]:
    """Return the placeholders of a text, without their braces."""
    return PLACEHOLDER.findall(text)


def written(placeholder: str, language: str) -> str:
    """Return the number of a placeholder as a reader of a language sees it."""
    body, _, style = placeholder.partition(":")
    number = value(body)
    if style == "%":
        return f"{100 * number:.0f} %"
    if style and not (style.isdecimal() and 1 <= int(style) <= 6):
        raise DataError(f"{quoted(placeholder)} must end with a number of digits or with %.")
    return local(number, language, int(style or 2))


def local(number: float, language: str, count: int = 2) -> str:
    """Return a number with so many significant digits as a reader of a language writes it."""
    text = digits(number, count)
    return text.replace(".", ",") if language in COMMA else text


def digits(number: float, count: int) -> str:
    """Return a number with so many significant digits and no exponent."""
    if number == 0 or not math.isfinite(number):
        return "0" if number == 0 else str(number)
    rounded = float(f"{number:.{count - 1}e}")
    decimals = max(0, count - 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:.{decimals}f}"


def value(body: str) -> float:
    """Return the number that a placeholder names, without its style."""
    first, _, rest = body.partition(".")
    if first in (CLAIM, THESIS):
        return _of_claim(first, rest)
    rows, _, column = rest.rpartition(".")
    if not TABLE.fullmatch(first) or not rows:
        raise DataError(
            f"{quoted(body)} must be table.rows.column, claim.id or thesis.id, such as "
            "invariance.sides-h3.side_error."
        )
    return _mean(first, rows, column, results.stamp(first))


def _of_claim(kind: str, claim: str) -> float:
    try:
        return claims.measured(claim) if kind == CLAIM else claims.aim(claim)
    except KeyError as error:
        raise DataError(f"There is no claim {quoted(claim)} with a number.") from error


@lru_cache(maxsize=400)
def _mean(table: str, rows: str, column: str, stamp: Stamp) -> float:
    found = _named(results.load(table), rows)
    if found.empty or column not in found:
        raise DataError(f"The result {table} has no {quoted(column)} of {quoted(rows)}.")
    return float(found[column].mean())


def _named(table: pandas.DataFrame, rows: str) -> pandas.DataFrame:
    for part in rows.split(","):
        name, equals, wanted = part.rpartition("=")
        name = name if equals else str(table.columns[0])
        if name not in table:
            return table.iloc[:0]
        table = table[table[name].map(lambda cell, wanted=wanted: _same(cell, wanted))]
    return table


def _same(cell: object, wanted: str) -> bool:
    if isinstance(cell, str):
        return cell == wanted
    try:
        return float(cell) == float(wanted)  # type: ignore[arg-type]
    except ValueError:
        return str(cell) == wanted
