"""Checks of settings, in one wording: what each must be, and what it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import field, fields, is_dataclass
from typing import Any, TypeVar, get_type_hints

import msgspec

from trisym.errors import ConfigError
from trisym.outside_text import quoted

T = TypeVar("T")
Hook = Callable[[type[Any], Any], Any]  # builds what msgspec can't, of a class and a value

WORDS = {  # what msgspec calls things
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
}


def later(default: T, before: T) -> T:
    """Return a dataclass field that older files lack; they mean `before` by it."""
    return field(default=default, metadata={"before": before})


def check_choice(name: str, value: object, allowed: Iterable[str]) -> None:
    """Raise ConfigError unless `value` is one of the allowed names."""
    names = list(allowed)
    if value not in names:
        raise ConfigError(f"{name} must be one of {', '.join(names)}, not {quoted(value)}.")


def check_number(name: str, value: object, low: float, high: float) -> None:
    """Raise ConfigError unless `value` is a number from `low` to `high` (NaN is not)."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= value <= high:  # type: ignore[operator]
        raise ConfigError(f"{name} must be a number from {low:g} to {high:g}, not {quoted(value)}.")


def check_whole(name: str, value: object, low: int, high: int, why: str = "") -> None:
    """Raise ConfigError unless `value` is a whole number from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigError(
            f"{name} must be a whole number from {low:,} to {high:,}{why}, not {quoted(value)}."
        )


def build(
    cls: type[T], values: object, what: str, hook: Hook | None = None, whole: bool = True
) -> T:
    """Return the dataclass that plain JSON values stand for, each entry of its type.

    Raises ConfigError, naming the entry, or what the class itself raises. Unless it has to be
    `whole`, unknown entries are left out and missing ones have the class's defaults; objects
    inside it have to be whole all the same.
    """
    values = _completed(cls, values)
    try:
        built = msgspec.convert(values, cls, dec_hook=hook)
    except (msgspec.ValidationError, UnicodeError) as error:
        raise ConfigError(_sentence(what, str(error))) from error
    _check_names(values, built, what, whole)
    return built


def _completed(cls: Any, values: Any) -> Any:
    """Return the values with what `later` fields meant before they came, where they are missing."""
    if not is_dataclass(cls) or not isinstance(values, dict):
        return values
    hints = get_type_hints(cls)
    added = {f.name: f.metadata["before"] for f in fields(cls) if "before" in f.metadata}
    given = {name: _completed(hints.get(name), value) for name, value in values.items()}
    return {**added, **given}


def _check_names(given: Any, built: Any, what: str, whole: bool = True) -> None:
    """Refuse entries that are missing or unknown: of the object itself if `whole`, and inside."""
    if not is_dataclass(built):
        return
    names = {each.name: each for each in fields(built)}
    needed = {name for name, each in names.items() if "before" not in each.metadata}
    if whole and not needed <= given.keys() <= names.keys():
        raise ConfigError(f"{what} must have exactly the entries {', '.join(names)}.")
    for name in names.keys() & given.keys():
        _check_names(given[name], getattr(built, name), f"{what}: {name}")


def _sentence(what: str, fault: str) -> str:
    """Reword what msgspec says: Expected `int | null`, got `str` - at `$.config.epochs`."""
    fault, *places = fault.split(" - at `$")
    where = "".join(f": {place.strip('.`')}" for place in reversed(places) if place != "`")
    if found := re.fullmatch(r"Expected `(.*?)`(.*), got `?(\w+)`?", fault):
        wanted, size, got = found.groups()
        kinds = " or ".join(WORDS.get(kind, kind) for kind in wanted.split(" | "))
        return f"{what}{where} must be {kinds}{size}, not {WORDS.get(got, got)}."
    return f"{what}{where} can't be taken: {fault}."
