"""Light or dark: what a visitor's page is, and a new run of it when that changes.

Pictures take their inks from Python, and Streamlit does not run a page again for a switch.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from trisym.ui.kit.bundle import bundle

# Not as a file that is fetched: it is smaller than what fetches one.
_switch = st.components.v2.component(
    "trisym_theme_switch", js=bundle(Path(__file__).parent / "web" / "theme_switch.js")
)


def is_dark() -> bool:
    """Say whether this visitor's page is dark."""
    return st.context.theme.type == "dark"


def follow() -> None:
    """Run the page again when the visitor, or the evening, switches the theme."""
    _switch(key="theme-switch", data={"dark": is_dark()}, on_dark_change=lambda: None)
