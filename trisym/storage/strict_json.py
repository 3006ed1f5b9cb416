"""JSON from strangers, read so that a text means one thing or nothing at all.

`parse` refuses what RFC 8259 leaves open: duplicate names, NaN, numbers of any length, any depth.
What the values must be is for `validation.build`.
"""

from __future__ import annotations

import json
import math
from typing import Any

from trisym.errors import ConfigError

LONGEST_NUMBER = 40  # digits; a float64 written out has 17, a seed 19
LONGEST_TEXT = 500


def parse(text: str, what: str) -> Any:
    """Return the JSON value of a text; raises ConfigError, naming `what`, for any doubtful text."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_no_number,
        )
    except RecursionError as error:
        raise ConfigError(f"{what} is nested too deeply.") from error
    except ValueError as error:  # what `json` raises, and the four hooks
        raise ConfigError(f"{what} is not JSON that can be trusted: {error}.") from error


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name appears twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number has more than {LONGEST_NUMBER} digits")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if len(digits) > LONGEST_NUMBER or not math.isfinite(number):
        raise ValueError(f"a number is too large or has more than {LONGEST_NUMBER} digits")
    return number


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def readable(text: str, what: str) -> str:
    """Return the text; raises ConfigError when it is long or can't be printed on one line."""
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise ConfigError(
            f"{what} must be at most {LONGEST_TEXT} printable characters on one line."
        )
    return text
