"""Entry of the app: page settings, the menu, the page that was chosen; and what serves it."""

import streamlit as st

from trisym import devices
from trisym.paths import PACKAGE
from trisym.ui.kit import (
    going,
    linked,
    local,
    notices,
    operator,
    served,
    server,
    set_widgets,
    theme,
    turns,
)
from trisym.ui.kit.navigation import HOME, PAGES, after, by_section
from trisym.ui.kit.sidebar import device_shown
from trisym.ui.kit.tables import errors_as_sentences
from trisym.ui.kit.whole_page.offer import taken_away
from trisym.ui.lessons import panel, position, shelves
from trisym.ui.presenter import view as presenter
from trisym.ui.room import feed as room_feed
from trisym.ui.room import view as room
from trisym.ui.training import feed

MENU = 260  # pixels: the pictures need the rest, on a projector most of all
# A file of our own: the browser would fetch a Material symbol's picture from the network.
ICON = PACKAGE / "ui" / "icon.svg"
STYLE = PACKAGE / "ui" / "kit" / "page.css"


def show() -> None:
    """Show the page that the visitor chose, in its frame."""
    devices.keep_to_cores()
    room.go_along()
    st.set_page_config(page_icon=ICON, layout="wide", initial_sidebar_state=MENU)
    st.logo(ICON, size="large")
    st.html(STYLE)
    entries = {
        p: st.Page(
            p.path,
            title=p.title,
            icon=p.icon,
            url_path=p.url_path,
            default=p is HOME,
            visibility="visible" if p.in_menu else "hidden",
        )
        for p in PAGES
    }
    menu = {heading: [entries[p] for p in pages] for heading, pages in by_section().items()}
    page = st.navigation(menu, expanded=True)  # all of it: no page is two presses away
    here = next(p for p in PAGES if p.title == page.title)
    going.on(here)
    st.set_page_config(page_title="trisym" if here is HOME else f"{here.title} · trisym")
    notices.on_page(here.url_path)
    with device_shown():
        # What stands above the page takes no room where it is empty.
        with taken_away(here), st.container(gap=None):
            local.follow()
            presenter.show(here, {p: entries[p] for p in PAGES})
            held = None
            with errors_as_sentences():
                held = room.show(here)
            with errors_as_sentences():
                panel.show(here, held)
            try:
                with st.container(), errors_as_sentences():
                    page.run()
            finally:
                linked.follow(False)
                going.ran()
        with errors_as_sentences():
            room.tell()
        with errors_as_sentences(), st.sidebar:
            operator.show()
    theme.follow()
    if not position.is_on() and (following := after(here)):
        st.page_link(
            following.path,
            label=f"Next: **{following.title}**. {following.question}",
            icon=":material/arrow_forward:",
        )
    set_widgets.run_ended()


if __name__ == "__main__":  # Streamlit runs this file for each visitor …
    with turns.turn():
        show()
else:  # … and its server imports it once, as it starts
    base = st.get_option("server.baseUrlPath")
    shelves.read_early()
    app = st.App(
        __file__,
        lifespan=server.lifespan,
        middleware=server.MIDDLEWARE,
        routes=[*served.routes(base), *feed.routes(base), *room_feed.routes(base)],
    )
