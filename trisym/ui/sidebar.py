"""What the sidebar shows on every page: the device that computes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import streamlit as st

from trisym import devices

LOOK_S = 2.0  # a first page is drawn by then, also on a slow machine
LOOKS = "device-looks"

_device = cache(devices.describe)


@contextmanager
def device_shown() -> Iterator[None]:
    """Show the device beside the page that runs inside.

    Naming it takes torch, a second or two to import: where no page has needed it yet, that waits
    until the first page stands. `finally`, because a page may end early with st.stop.
    """
    place = st.sidebar.container()
    known = "torch" in sys.modules
    if known:
        place.caption(f":material/memory: {_device()}")
    try:
        yield
    finally:
        if not known:
            with place:
                _look_later()


@st.fragment(run_every=LOOK_S)
def _look_later() -> None:
    st.caption(":material/memory: looking for a device …")
    looks = st.session_state.get(LOOKS, 0)
    st.session_state[LOOKS] = looks + 1
    if looks:
        _device()
        st.rerun()
