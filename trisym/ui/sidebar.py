"""What the sidebar shows on every page: the device that computes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import streamlit as st

from trisym import devices

_device = cache(devices.describe)


@contextmanager
def device_shown() -> Iterator[None]:
    """Show the device beside the page that runs inside.

    Naming it takes torch, a second or two to import. So the first page of a server's life is drawn
    before that; `finally`, because a page may end early with st.stop.
    """
    line = st.sidebar.empty()
    known = "torch" in sys.modules
    line.caption(f":material/memory: {_device() if known else 'looking for a device …'}")
    try:
        yield
    finally:
        if not known:
            line.caption(f":material/memory: {_device()}")
