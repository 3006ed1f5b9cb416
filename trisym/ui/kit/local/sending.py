"""What a page says of networks that are in the visitor's browser only, with what sends them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from trisym.ui.kit import local, notices
from trisym.ui.kit.live import registered
from trisym.ui.kit.set_widgets import put

ABOUT = "local:send"  # its notices
KEY = "local-send"


def offer(shown: Sequence[str], about: str = local.NOT_HERE, *, chosen: str | None = None) -> None:
    """Say what the server can't do with those of the models that it lacks, and offer to send them.

    chosen: the key of the widget in which a model that was sent takes its own place.
    """
    notices.show(ABOUT)
    waiting = [local.models()[name] for name in shown if name in local.models()]
    if not waiting:
        return
    st.caption(about)
    models = [{"id": model.id, "title": model.title} for model in waiting]
    _sender()(key=KEY, data={"models": models}, on_sent_change=lambda: _sent(chosen))


def _sent(chosen: str | None) -> None:
    """Take a run in before the page runs again."""
    told = st.session_state.get(KEY, {}).get("sent")
    if told:
        notices.carry_out(ABOUT, lambda: _taken_in(told, chosen))


def _taken_in(told: object, chosen: str | None) -> str:
    from trisym.ui.kit.local.sent_run import take_in  # torch takes two seconds

    said = take_in(told)
    if chosen and chosen in st.session_state:
        known, asked = local.sent(), st.session_state[chosen]
        one = isinstance(asked, str)
        there = [known.get(name, name) for name in ([asked] if one else asked or [])]
        put(chosen, there[0] if one else there)
    return said


@cache
def _sender() -> Any:
    """Register it when it is wanted: app.py is imported before the server can hold components."""
    return registered("trisym_local_send", Path(__file__).parent / "web" / "send_models.js")
