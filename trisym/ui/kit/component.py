"""A live view as Streamlit registers it: NAME.js, NAME.css, NAME.html."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from trisym.ui.kit.bundle import bundle


def registered(name: str, entry: Path, *styles: Path) -> Any:
    """Return the component that mounts an entry, with the page and the style beside it, if any.

    Raises BundleError where the entry can't become one module.
    """
    page, style = entry.with_suffix(".html"), entry.with_suffix(".css")
    css = [file.read_text(encoding="utf-8") for file in (*styles, style) if file.exists()]
    return st.components.v2.component(
        name,
        html=page.read_text(encoding="utf-8") if page.exists() else None,
        css="\n".join(css) or None,
        js=bundle(entry),
    )
