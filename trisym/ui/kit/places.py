"""Parts of a page that a lesson may put away, by name; parts of live views have `data-place`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import streamlit as st

EVIDENCE, RESEARCHERS = "evidence", "researchers"  # the folds
KEPT = "places:away"
INTRO, MORE = "intro", "more"
# What every page with a live view has.
COMMON: Mapping[str, str] = MappingProxyType(
    {
        INTRO: "the page's title and the sentence below it",
        MORE: "what stands between the live view and the folds",
        EVIDENCE: "the fold “The evidence”",
        RESEARCHERS: "the fold “For researchers”",
    }
)
# What a triangle in the hand tells when it is let go (kit/web/triangle_view.js).
TRIANGLE_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "turned": "degrees that the triangle was turned by",
        "moved": "edges of the cube that it was moved by",
        "reshaped": "the largest change of a side, in edges",
    }
)


def put_away(places: Iterable[str]) -> None:
    """Let the page that runs next leave these parts out."""
    st.session_state[KEPT] = frozenset(places)


def is_away(place: str) -> bool:
    """Say whether a lesson has put a part of this page away."""
    return place in st.session_state.get(KEPT, ())


def heading(title: str, intro: str = "") -> None:
    """Show the title of a page and the sentence below it, unless a lesson speaks in their place."""
    if is_away(INTRO):
        return
    st.title(title)
    if intro:
        st.markdown(intro)
