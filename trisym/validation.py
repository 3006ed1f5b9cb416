"""Checks of a setting, in one wording: what it must be, and what it was."""

from __future__ import annotations

from collections.abc import Iterable

from trisym.errors import ConfigError
from trisym.outside_text import quoted


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
