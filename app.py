"""Entry of the app: page settings, the menu, and the page that was chosen."""

from pathlib import Path

import streamlit as st

from trisym.ui.kit import notices
from trisym.ui.kit.navigation import HOME, PAGES
from trisym.ui.kit.sidebar import device_shown
from trisym.ui.kit.tables import errors_as_sentences

MENU = 260  # pixels: the pictures need the rest, on a projector most of all
# A file of our own: the browser would fetch a Material symbol's picture from the network.
ICON = Path(__file__).parent / "trisym" / "ui" / "icon.svg"

st.set_page_config(page_icon=ICON, layout="wide", initial_sidebar_state=MENU)
st.logo(ICON, size="large")

page = st.navigation(
    [
        st.Page(p.path, title=p.title, icon=p.icon, url_path=p.url_path, default=p is HOME)
        for p in PAGES
    ]
)
st.set_page_config(page_title="trisym" if page.title == HOME.title else f"{page.title} · trisym")
notices.on_page(page.url_path)
with device_shown(), errors_as_sentences():
    page.run()
