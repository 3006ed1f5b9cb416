"""Light or dark: what a visitor's page is, and a new run of it when that changes.

Pictures take their inks from Python, and Streamlit does not run a page again for a switch.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from trisym.ui.kit.bundle import bundle


def is_dark() -> bool:
    """Say whether this visitor's page is dark."""
    return st.context.theme.type == "dark"


def follow() -> None:
    """Run the page again when the visitor, or the evening, switches the theme."""
    _switch()(key="theme-switch", data={"dark": is_dark()}, on_dark_change=lambda: None)


@cache
def _switch() -> Any:
    """Register it at the first visit: app.py is imported before the server can hold components.

    Not as a file that is fetched: it is smaller than what fetches one.
    """
    entry = Path(__file__).parent / "web" / "theme_switch.js"
    return st.components.v2.component("trisym_theme_switch", js=bundle(entry))
