"""Another page by the server's own decision, which the browser must not cut short.

A browser that has just told something asks for a run of the page that it shows. Where that comes
right after `st.switch_page`, Streamlit runs the old page again, and the visitor would stay there.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import streamlit as st

from trisym.ui.kit.navigation import HOME, PageEntry

WAY, HERE, ARRIVED = "going:way", "going:here", "going:arrived"
LATE_S = 2.0  # a browser's word about the page that was left comes within so long


@dataclass(frozen=True)
class _Way:
    left: PageEntry
    page: PageEntry
    query: Mapping[str, Any]
    began: float


def to(page: PageEntry, query: Mapping[str, Any]) -> NoReturn:
    """Go to a page and its link, whatever the browser asks for meanwhile."""
    left = st.session_state.get(HERE, HOME)
    st.session_state[WAY] = _Way(left, page, query, time.monotonic())
    _go(page, query)


def on(here: PageEntry) -> None:
    """Go on where a run of the page that was left has cut the way short; before that page runs."""
    way: _Way | None = st.session_state.get(WAY)
    is_back = way is not None and here == way.left != way.page
    if way and is_back and time.monotonic() - way.began < LATE_S:
        _go(way.page, way.query)
    st.session_state[HERE] = here


def has_arrived() -> bool:
    """Say, once, whether this run of a page is where `to` has led."""
    return bool(st.session_state.pop(ARRIVED, False))


def _go(page: PageEntry, query: Mapping[str, Any]) -> NoReturn:
    st.session_state[ARRIVED] = True
    st.switch_page(page.path, query_params=query)
