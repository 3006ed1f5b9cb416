"""The button that takes all of a page away: the page runs once with its folds drawn, then the
browser draws the charts and makes the zip.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from trisym.ui.kit import offered, served
from trisym.ui.kit.live import registered
from trisym.ui.kit.navigation import PageEntry
from trisym.ui.kit.served import JsonFile
from trisym.ui.kit.tables import errors_as_sentences
from trisym.ui.kit.whole_page.parcel import parcel

ASKED = "whole-page:asked"
ABOUT = (
    "The live view as a web page, every chart as SVG and PNG for print, every table, and a README "
    "with the command that makes each again"
)


@contextmanager
def taken_away(page: PageEntry) -> Iterator[None]:
    """Show a page inside, and below it what takes all of it away, where there is anything."""
    with offered.gathered(wanted=bool(st.session_state.pop(ASKED, False))) as has:
        yield
    if not (served.is_served() and has):
        return
    st.button(
        "All of this page as one zip",
        icon=":material/folder_zip:",
        type="tertiary",
        key="whole-page",
        on_click=_ask,
        help=ABOUT,
    )
    if has.wanted:
        with errors_as_sentences():
            name = f"trisym-{page.url_path}"
            with st.spinner("Gathering the page …"):
                file = JsonFile(parcel(name, page.title, has, _link()))
            _zip()(
                key="whole-page:zip",
                data={"id": uuid.uuid4().hex, "file": {"$file": file.address()}},
            )


def _ask() -> None:
    st.session_state[ASKED] = True


@cache
def _zip() -> Any:
    """Register it when it is wanted: app.py is imported before the server can hold components."""
    return registered("trisym_whole_page", Path(__file__).parent / "web" / "whole_page.js")


def _link() -> str:
    """Return the page's address with what is chosen on it."""
    chosen = urlencode(st.query_params.to_dict(), doseq=True)
    return f"{st.context.url or 'the app'}{'?' + chosen if chosen else ''}"
