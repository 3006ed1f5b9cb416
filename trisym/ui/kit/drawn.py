"""Sections of shipped results: drawn once a process and theme, and sent as they are at each visit.

Pictures of shipped results never change. Building, checking and packing them takes most of a page's
time; Streamlit's cache keeps the finished messages instead.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st

from trisym.storage import results
from trisym.ui.kit import offered
from trisym.ui.kit.theme import is_dark

MOST_KEPT = 400  # sections, of some 10 kB each
MOST_PASSING = 40  # of those that a hand changes, of up to 150 kB


def drawn_once(
    *tables: str, passing: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Keep what a function draws from result tables, for each theme and its other arguments.

    The function is given `dark` first, then its caller's arguments, which Streamlit must be able to
    hash. It draws no widgets, and depends on nothing but these and the tables, whose change draws
    it anew. `passing`: the arguments are a visitor's own sooner or later; few of them are kept.
    """

    def decorate(draw: Callable[..., None]) -> Callable[..., None]:
        own = inspect.unwrap(draw)
        if own.__closure__:
            raise TypeError(f"{own.__name__} must take all that it depends on as arguments.")
        name = f"{own.__code__.co_filename}:{own.__qualname__}"
        messages = _passing if passing else _kept

        @wraps(draw)
        def send(*arguments: Any) -> None:
            offered.section(own, arguments, tables)
            stamps = tuple(results.stamp(table) for table in tables)
            messages(name, stamps, (is_dark(), *arguments), draw)

        return send

    return decorate


@st.cache_resource(show_spinner=False, max_entries=MOST_KEPT)
def _kept(
    name: str, stamps: tuple[Any, ...], arguments: tuple[Any, ...], _draw: Callable[..., None]
) -> None:
    _draw(*arguments)


@st.cache_resource(show_spinner=False, max_entries=MOST_PASSING)
def _passing(
    name: str, stamps: tuple[Any, ...], arguments: tuple[Any, ...], _draw: Callable[..., None]
) -> None:
    _draw(*arguments)
