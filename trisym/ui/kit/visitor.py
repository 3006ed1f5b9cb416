"""Who is visiting: the browser by its cookie, and whether it is the operator's.

The cookies are set by the server (trisym.ui.kit.server) when a page is opened. Where a browser
keeps none, its runs are its own until the tab is closed or loaded anew.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from trisym.storage import visitors
from trisym.storage.visitors import Visitor

ID, OPERATOR = "visitor:id", "visitor:operator"
PARAMETER = "admin"  # of a link that brings the operator's key
GUARD = "_streamlit_xsrf"  # Streamlit's cookie, without which it takes no file


def cookie() -> str:
    """Return the name of the cookie with a browser's token."""
    return f"trisym-{visitors.mark()}"


def operators_cookie() -> str:
    """Return the name of the cookie with the operator's pass."""
    return f"{cookie()}-operator"


def cookies() -> Mapping[str, str]:
    """Return the cookies that the browser of this session sent."""
    return st.context.cookies


def current() -> Visitor:
    """Return who is visiting."""
    state = st.session_state
    if ID not in state:
        token = cookies().get(cookie(), "")
        state[ID] = visitors.read_token(token) or visitors.new_id()
        known = cookies().get(operators_cookie(), "")
        state[OPERATOR] = bool(known) and visitors.is_pass(known, state[ID])
    return Visitor(state[ID], operator=state[OPERATOR])


def is_remembered() -> bool:
    """Say whether this browser will be the same visitor after a reload."""
    return visitors.read_token(cookies().get(cookie(), "")) == current().id


def may_upload() -> bool:
    """Say whether the server takes files from this browser.

    It takes none without Streamlit's cookie against forged uploads, which a browser keeps from the
    frames of other sites.
    """
    guarded = st.runtime.exists() and st.get_option("server.enableXsrfProtection")
    return not guarded or GUARD in cookies()


def enter(key: str) -> bool:
    """Make this session the operator's if the key is right, and say whether it is.

    Raises TrisymError after too many wrong ones.
    """
    current()
    st.session_state[OPERATOR] |= visitors.is_key(key)
    return bool(st.session_state[OPERATOR])


def leave() -> None:
    """Make this session an ordinary visitor's."""
    st.session_state[OPERATOR] = False
