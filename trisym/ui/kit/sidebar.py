"""The sidebar of every page: the device that computes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache

import streamlit as st

from trisym import devices
from trisym.outside_text import in_markdown

LATER_S = 1.0  # by then the browser has drawn the first page, on two busy cores too
LOOK_S = 0.5

_device = cache(devices.describe)


@contextmanager
def device_shown() -> Iterator[None]:
    """Show the device beside the page that runs inside.

    Naming it takes torch, a second or two to import. So the first page of a server's life is drawn
    before that; `finally`, because a page may end early with st.stop.
    """
    place = st.sidebar.container()
    known = "torch" in sys.modules
    if known:
        place.caption(f":material/memory: {in_markdown(_device())}")
    try:
        yield
    finally:
        if not known:
            with place:
                _looking()


@st.fragment(run_every=LOOK_S)
def _looking() -> None:
    if _naming().done():
        st.rerun()
    st.caption(":material/memory: looking for a device …")


@cache
def _naming() -> Future[str]:
    """Start to name the device, once a server."""
    return ThreadPoolExecutor(1).submit(_named_later)


def _named_later() -> str:
    time.sleep(LATER_S)
    return _device()
