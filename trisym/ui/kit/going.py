"""Another page by the server's own decision, which the browser must not cut short.

A browser that has just told something asks for a run of the page that it shows. Where that comes
right after `st.switch_page`, Streamlit runs the old page again, and the visitor would stay there;
or the new one by the old one's link, where the browser has not yet heard of the new link.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import streamlit as st

from trisym.ui.kit.navigation import HOME, PageEntry

WAY, HERE, LINK, ARRIVED = "going:way", "going:here", "going:link", "going:arrived"
LATE_S = 5.0  # so soon after a run, what the browser asks for may be of before it

Link = dict[str, list[str]]


@dataclass(frozen=True)
class _Way:
    left: PageEntry
    page: PageEntry
    query: Mapping[str, Any]
    old_links: tuple[Link, ...]
    ran: float


def to(page: PageEntry, query: Mapping[str, Any]) -> NoReturn:
    """Go to a page and its link, whatever the browser asks for meanwhile."""
    state = st.session_state
    new = {name: [each] if isinstance(each, str) else list(each) for name, each in query.items()}
    old = tuple(link for link in (state.get(LINK, {}), _link()) if link != new)
    state[WAY] = _Way(state.get(HERE, HOME), page, query, old, time.monotonic())
    _go(page, query)


def on(here: PageEntry) -> None:
    """Go on where a run of the page that was left has cut the way short; before that page runs."""
    state = st.session_state
    way: _Way | None = state.get(WAY)
    if way and _is_old(way):
        if here == way.left != way.page:
            _go(way.page, way.query)
    elif way and ARRIVED not in state:
        del state[WAY]  # the browser has heard of it: what it asks for now is the visitor's wish
    state[HERE] = here
    take_link()
    state[LINK] = _link()


def ran() -> None:
    """Note that a run of a page has ended: what has come meanwhile is heard now."""
    if way := st.session_state.get(WAY):
        st.session_state[WAY] = replace(way, ran=time.monotonic())


def take_link() -> None:
    """Take the link that `to` has led to, where the browser still names that of the page before."""
    way: _Way | None = st.session_state.get(WAY)
    if way and st.session_state[HERE] == way.page and _is_old(way):
        st.query_params.from_dict(way.query)


def has_arrived() -> bool:
    """Say, once, whether this run of a page is where `to` has led."""
    return bool(st.session_state.pop(ARRIVED, False))


def _is_old(way: _Way) -> bool:
    """Say whether what the browser asks for now is of before the way."""
    return time.monotonic() - way.ran < LATE_S and _link() in way.old_links


def _link() -> Link:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _go(page: PageEntry, query: Mapping[str, Any]) -> NoReturn:
    st.session_state[ARRIVED] = True
    st.switch_page(page.path, query_params=query)
