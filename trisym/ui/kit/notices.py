"""Tells the outcome of an action in a place of its own, never inside a box that then closes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from trisym.errors import TrisymError
from trisym.outside_text import sentence

MOST_FAULTS = 4  # told one by one
KEPT, PAGE = "notices", "notices:page"


def on_page(page: str) -> None:
    """Forget what was told on another page; the app calls this before a page runs."""
    if st.session_state.get(PAGE) != page:
        st.session_state[PAGE], st.session_state[KEPT] = page, {}


def tell(about: str, text: str, *, failed: bool = False) -> None:
    """Keep a sentence about an action, in place of the last one."""
    st.session_state.setdefault(KEPT, {})[about] = (text, failed)


def carry_out(about: str, action: Callable[[], str | None]) -> None:
    """Do what a visitor asked for, and keep what it returns, or why it failed, as the notice."""
    forget(about)
    try:
        done = action()
    except TrisymError as error:
        tell(about, str(error), failed=True)
    else:
        if done:
            tell(about, done)


def forget(about: str) -> None:
    """Tell no more what came of an action."""
    st.session_state.get(KEPT, {}).pop(about, None)


def warn_of(faults: Sequence[str]) -> None:
    """Show what a link asks for and can't have, in one box, however much it is."""
    lines = [sentence(fault) for fault in faults[:MOST_FAULTS]]
    if len(faults) > MOST_FAULTS:
        lines.append(f"And {len(faults) - MOST_FAULTS} more parts of this link can't be read.")
    if lines:
        st.warning("  \n".join(lines))


def show(about: str) -> bool:
    """Show what is kept about an action, until the next one or until the visitor leaves.

    Return whether there is something.
    """
    kept = st.session_state.get(KEPT, {}).get(about)
    if kept:
        text, failed = kept
        (st.error if failed else st.success)(sentence(text))
    return bool(kept)
