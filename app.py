"""Entry of the app: page settings, the menu, and the page that was chosen; and what serves it."""

from pathlib import Path

import streamlit as st

from trisym.ui.kit import notices, operator, server
from trisym.ui.kit.navigation import HOME, PAGES
from trisym.ui.kit.sidebar import device_shown
from trisym.ui.kit.tables import errors_as_sentences

MENU = 260  # pixels: the pictures need the rest, on a projector most of all
# A file of our own: the browser would fetch a Material symbol's picture from the network.
ICON = Path(__file__).parent / "trisym" / "ui" / "icon.svg"


def show() -> None:
    """Show the page that the visitor chose, in its frame."""
    st.set_page_config(page_icon=ICON, layout="wide", initial_sidebar_state=MENU)
    st.logo(ICON, size="large")
    page = st.navigation(
        [
            st.Page(p.path, title=p.title, icon=p.icon, url_path=p.url_path, default=p is HOME)
            for p in PAGES
        ]
    )
    home = page.title == HOME.title
    st.set_page_config(page_title="trisym" if home else f"{page.title} · trisym")
    notices.on_page(page.url_path)
    with device_shown():
        with errors_as_sentences():
            page.run()
        with errors_as_sentences(), st.sidebar:
            operator.show()


if __name__ == "__main__":  # Streamlit runs this file for each visitor …
    show()
else:  # … and its server imports it once, as it starts
    app = st.App(__file__, lifespan=server.lifespan, middleware=server.MIDDLEWARE)
