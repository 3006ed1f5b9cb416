"""What a page keeps folded below its live view: drawn when it is open, and opened by a link too.

A page holds at most two: what shows that it is so, and what a researcher takes away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st

from trisym.ui.kit import linked, offered, places
from trisym.ui.kit.places import EVIDENCE as EVIDENCE
from trisym.ui.kit.places import RESEARCHERS as RESEARCHERS

TITLES: Mapping[str, str] = MappingProxyType(
    {EVIDENCE: "The evidence", RESEARCHERS: "For researchers"}
)


def address(page: str, fold: str, anchor: str) -> str:
    """Return the address of a heading in a fold of a page, which opens it."""
    return f"{page}?{fold}=true#{anchor}"


def fold(key: str, about: str) -> Callable[[Callable[[], None]], None]:
    """Show what a function draws as a fold, EVIDENCE or RESEARCHERS; `about` says what is in it.

    Opening it runs the function and no more of the page; while it is closed it costs nothing, but
    where all of the page is taken away.
    """

    def show(draw: Callable[[], None]) -> None:
        if places.is_away(key):
            return

        @st.fragment
        def part() -> None:
            is_wanted = offered.fold()
            with linked.folded(f"**{TITLES[key]}**: {about}", key=key) as is_open:
                if is_open or is_wanted:
                    draw()

        part()

    return show
