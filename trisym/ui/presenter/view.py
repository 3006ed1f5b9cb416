"""Mounts the presenter's view on every page, and goes where its keys lead."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from trisym.lessons.position import Position
from trisym.ui.kit.live import registered
from trisym.ui.kit.navigation import PAGES, PageEntry
from trisym.ui.lessons import position

PARAMETER = "present"  # of a link that opens the presenter's view
ON = "presenter:on"
STEPS = tuple(page for page in PAGES if page.live)  # where there is no lesson


def show(here: PageEntry, entries: Mapping[PageEntry, StreamlitPage]) -> None:
    """Mount it; app.py does so on every page, before the page itself."""
    state = st.session_state
    asked = st.query_params.get(PARAMETER)
    if asked is not None and ON not in state:
        state[ON] = asked.casefold() not in ("false", "0", "no")
    place = STEPS.index(here) if here in STEPS else -1
    result = _component()(
        key="presenter",
        data={
            "on": bool(state.get(ON)),
            "steps": [page.title for page in STEPS],
            "here": place,
            "first": _first(),
        },
        on_act_change=lambda: None,
    )
    if act := result.act:
        _do(act, entries)
    _write()


def _first() -> str:
    """Return the address at which a new class begins: the lesson's first step, or home."""
    query: dict[str, Any] = {PARAMETER: "true"}
    path, at = "", st.session_state.get(position.AT)
    if at is not None:
        page, step = position.link_of(Position(at.lesson, 1, at.language))
        path, query = page.url_path, {**step, **query}
    if "room" in st.query_params:
        query |= {"room": st.query_params["room"], "again": "true"}
    return f"./{path}?{urlencode(query)}"


def is_on() -> bool:
    """Say whether this visitor shows a page to a class."""
    return bool(st.session_state.get(ON))


def _do(act: Any, entries: Mapping[PageEntry, StreamlitPage]) -> None:
    """Carry out what a key asked for; what no key could have sent is left alone."""
    match act:
        case {"act": "enter" | "leave" as way}:
            st.session_state[ON] = way == "enter"
        case {"act": "step", "step": int(step)} if 0 <= step < len(STEPS):
            st.switch_page(entries[STEPS[step]])


def _write() -> None:
    """Keep the presenter's view in the link, on every page."""
    on = bool(st.session_state.get(ON))
    if on and st.query_params.get(PARAMETER) is None:
        st.query_params[PARAMETER] = "true"
    elif not on and PARAMETER in st.query_params:
        del st.query_params[PARAMETER]


@cache
def _component() -> Any:
    """Register it at the first visit: app.py is imported before the server can hold components."""
    return registered("trisym_presenter", Path(__file__).parent / "web" / "presenter.js")
