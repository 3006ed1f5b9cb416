"""A live view as Streamlit registers it: NAME.js, NAME.css, NAME.html."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from trisym.ui.kit import served
from trisym.ui.kit.bundle import bundle

ARRIVAL = Path(__file__).parent / "web" / "arrival.js"


def registered(name: str, entry: Path, *styles: Path) -> Any:
    """Return the component that mounts an entry, with the page and the style beside it, if any.

    Its module and what `served.reference` stands for in its data are files that the browser keeps.
    Raises BundleError where the entry can't become one module.
    """
    page, style = entry.with_suffix(".html"), entry.with_suffix(".css")
    css = [file.read_text(encoding="utf-8") for file in (*styles, style) if file.exists()]
    return st.components.v2.component(
        name,
        html=page.read_text(encoding="utf-8") if page.exists() else None,
        css="\n".join(css) or None,
        js=_module(bundle(entry)),
    )


def _module(text: str) -> str:
    """Return what takes a module's place in the message: a few lines that fetch it."""
    if not served.is_served():
        return text
    address = served.put_for_good(text.encode(), "js")
    return f'{_arrival()}\nexport default arriving("{address}");\n'


@cache
def _arrival() -> str:
    return ARRIVAL.read_text(encoding="utf-8").replace("export ", "")
