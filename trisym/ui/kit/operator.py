"""Controls for whoever runs the server, in the sidebar: clear the queue, and clear the class."""

from __future__ import annotations

import streamlit as st

from trisym.errors import TrisymError
from trisym.ui.kit import notices, visitor

ABOUT = "operator"  # of its notices
KEY = "operator:key"


def show() -> None:
    """Show the way in, or what the operator can do."""
    _take_from_link()
    if visitor.current().operator:
        st.caption(":material/key: You run this server: no limits, and every run is yours.")
        _ask("Clear the queue", "Stop every run that waits or trains?", _clear_queue)
        _ask("Clear this class", "Stop every run, and delete all that is not pinned?", _clear_class)
        st.button("Be a visitor again", type="tertiary", on_click=visitor.leave)
    else:
        with st.popover("Run this server", icon=":material/key:", type="tertiary"):
            st.text_input("The key that was printed at its start", type="password", key=KEY)
            st.button("Enter", on_click=notices.carry_out, args=(ABOUT, _enter))
    notices.show(ABOUT)


def _take_from_link() -> None:
    """Take the key out of the link, so that nobody reads it from the address on a projector."""
    key = st.query_params.get(visitor.PARAMETER)
    if key is None:
        return
    del st.query_params[visitor.PARAMETER]
    if not visitor.current().operator:
        notices.carry_out(ABOUT, lambda: _entered(key))


def _enter() -> str:
    return _entered(st.session_state[KEY])


def _entered(key: str) -> str:
    if not visitor.enter(key):
        raise TrisymError("This is not the key of this server; it was printed as it started.")
    return "You run this server now."


def _ask(label: str, question: str, action: object) -> None:
    """Show a button that asks before it acts."""
    with st.popover(label, width="stretch"):
        st.markdown(question)
        st.button("Yes", key=f"yes:{label}", on_click=notices.carry_out, args=(ABOUT, action))


def _clear_queue() -> str:
    from trisym.jobs import queue  # here and below: it brings torch, which no first page waits for

    stopped = queue.open_queue().clear(visitor.current())
    return f"{_runs(stopped)} stopped; what had been trained is kept."


def _clear_class() -> str:
    from trisym.jobs import queue
    from trisym.storage import own_runs

    queue.open_queue().clear(visitor.current(), discard=True)
    gone = own_runs.clear(visitor.current())
    return f"{_runs(len(gone.names))} deleted; the training page undoes it for a minute."


def _runs(count: int) -> str:
    return "1 run is" if count == 1 else f"{count} runs are"
