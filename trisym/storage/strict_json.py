"""JSON from strangers, read so that a text means one thing or nothing at all.

`parse` refuses what RFC 8259 leaves open: duplicate names, NaN, numbers of any length, any depth.
`typed` gives each entry the type that a dataclass declares, so that what is built can rely on it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from trisym.errors import ConfigError

LONGEST_NUMBER = 40  # digits; a float64 written out has 17, a seed 19
LONGEST_TEXT = 500
MOST_ENTRIES = 100  # of a list or an object

WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


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


def typed(hint: Any, value: Any, what: str) -> Any:
    """Return the value with whole numbers made floats where the type hint says float.

    A dataclass stands for an object with its fields; whether all are there is left to its builder.
    Raises ConfigError, naming the entry, for a value of another type or out of bounds.
    """
    if isinstance(hint, UnionType):
        hint = _chosen(get_args(hint), value)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        entries = _object(value, what).items()
        return {name: _entry(hints.get(name), name, each, what) for name, each in entries}
    if get_origin(hint) is Mapping:
        _, each_hint = get_args(hint)
        entries = _object(value, what).items()
        return {name: _entry(each_hint, name, each, what) for name, each in entries}
    if get_origin(hint) is tuple:
        return _list(get_args(hint), value, what)
    return _scalar(hint, value, what)


def _chosen(options: tuple[Any, ...], value: Any) -> Any:
    """Return the member of a union that the value can be: None, or the dataclass with its names."""
    if value is None and NoneType in options:
        return NoneType
    kinds = [option for option in options if option is not NoneType]
    names = set(value) if isinstance(value, dict) else set()
    fitting = [kind for kind in kinds if is_dataclass(kind) and names >= set(get_type_hints(kind))]
    return (fitting or kinds)[0]


def _entry(hint: Any, name: str, value: Any, what: str) -> Any:
    readable(name, f"A name in {what}")
    if hint is None and not isinstance(value, str):  # a text may be a tag, such as a union's kind
        raise ConfigError(f"{what} has an entry '{name}' that is unknown.")
    return typed(hint or str, value, f"{what}: {name}")


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > MOST_ENTRIES:
        raise ConfigError(f"{what} must be an object of at most {MOST_ENTRIES} entries.")
    return value


def _list(hints: tuple[Any, ...], value: Any, what: str) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        raise ConfigError(f"{what} must be a list of at most {MOST_ENTRIES} entries.")
    if Ellipsis not in hints and len(value) != len(hints):
        raise ConfigError(f"{what} must be a list of {len(hints)} entries, not {len(value)}.")
    return [typed(hints[0], each, what) for each in value]


def _scalar(hint: Any, value: Any, what: str) -> Any:
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise ConfigError(f"{what} must be {WORDS.get(hint, 'null')}.")
    return readable(value, what) if hint is str else value


def readable(text: str, what: str) -> str:
    """Return the text; raises ConfigError when it is long or can't be printed on one line."""
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise ConfigError(
            f"{what} must be at most {LONGEST_TEXT} printable characters on one line."
        )
    return text
