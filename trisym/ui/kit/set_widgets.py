"""Widgets that the server sets, until the browser has heard of it.

Streamlit tells a browser what a widget was set to in the run that sets it, and in no other. Where
that run is cut short, as the first one of a page often is, the browser starts the widget from its
default, and what a link or a press had chosen is lost. (A widget that the browser makes many runs
later, as in the training form's “More”, is given its default instead: ui/training/form.py.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

PUT = "set_widgets:put"


@dataclass
class _Put:
    value: Any
    told: bool = False  # in a run that came to its end; what ends it may still be lost on its way


def put(key: str, value: Any) -> None:
    """Set a widget, before it is drawn."""
    st.session_state[key] = value
    _all()[key] = _Put(value)


def again(key: str) -> None:
    """Set a widget once more, before it is drawn, where the browser may not have heard of it.

    In runs of the whole page only: it is such a run that follows one that was cut, and a fragment
    that runs every second would take back what the visitor chooses meanwhile.
    """
    found, context = _all().get(key), get_script_run_ctx()
    if found is None or key not in st.session_state:  # the visitor was elsewhere
        return
    if context and context.fragment_ids_this_run:
        return
    if st.session_state[key] == found.value:
        st.session_state[key] = found.value
    else:  # the visitor has changed it since, so it was heard
        del _all()[key]


def run_ended() -> None:
    """Note that a run has told the browser all that it had to tell."""
    waiting = _all()
    for key in [key for key, each in waiting.items() if each.told]:
        del waiting[key]
    for each in waiting.values():
        each.told = True


def _all() -> dict[str, _Put]:
    found: dict[str, _Put] = st.session_state.setdefault(PUT, {})
    return found
