"""The page on which a class meets: a code to type, or a room to lead."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit import net_util

from trisym.outside_text import in_markdown, sentence
from trisym.rooms import codes
from trisym.ui.kit import address, notices
from trisym.ui.kit.navigation import LESSONS, ROOM
from trisym.ui.kit.places import heading
from trisym.ui.lessons import position, shelves
from trisym.ui.room import view

ABOUT = "room"  # of its notices
TYPED = "room:typed"
LOCAL = ("localhost", "127.0.0.1", "::1")
QR_ACROSS = 340  # pixels: scanned from the third row on a projector; larger in full screen


def show() -> None:
    """Show the room that this visitor leads, or the ways into one."""
    if view.leads():
        _led()
    else:
        heading(
            "A class in a room",
            "Everybody guesses on their own screen, then all see what all guessed. "
            "Names are never asked.",
        )
        _ways_in()
    notices.show(ABOUT)


def _ways_in() -> None:
    student, teacher = st.columns(2)
    with student, st.container(border=True, height="stretch"):
        st.header("Join", anchor=False)
        st.text_input(
            f"The {codes.LENGTH} letters on the teacher's screen",
            key=TYPED,
            max_chars=codes.LONGEST,
            placeholder="BCDF",
            on_change=notices.carry_out,
            args=(ABOUT, _join),
        )
        st.button("Join the room", type="primary", on_click=notices.carry_out, args=(ABOUT, _join))
    with teacher, st.container(border=True, height="stretch"):
        st.header("Lead", anchor=False)
        st.markdown(
            "You get a code and a QR code. Wherever you go then, the class follows: pages, scenes, "
            "and the steps of a lesson. It ends after a day."
        )
        st.button("Open a room", on_click=notices.carry_out, args=(ABOUT, view.open_room))


def _join() -> None:
    if typed := st.session_state[TYPED]:
        view.enter(typed)


def _led() -> None:
    code = str(view.code())
    base = address.base()
    link = f"{base}?{urlencode(view.parameters())}"
    heading("Your class meets here")
    picture, words = st.columns([1, 1.3], vertical_alignment="center")
    with picture:
        st.image(address.qr(link), width=QR_ACROSS, alt="QR code of the room's address")
    with words:
        st.markdown(f"# :blue-background[{' '.join(code)}]")
        st.markdown(f"**{in_markdown(urlsplit(base).netloc + urlsplit(base).path)}**, page *Room*")
        if urlsplit(base).hostname in LOCAL:
            st.warning(sentence(_elsewhere(base)))
        with st.popover("The link for you alone", icon=":material/key:"):
            st.markdown("It leads this room from another device. Whoever has it can do so.")
            secret = {view.TEACH: st.session_state[view.SECRET]}
            st.code(f"{link}&{urlencode(secret)}", language=None, wrap_lines=True)
        st.button("Close the room", on_click=notices.carry_out, args=(ABOUT, view.close))
    st.markdown("Go anywhere now: the class follows. This page is yours alone.")
    with st.container(horizontal=True):
        for name, lesson in position.lessons().items():
            shelves.enter(
                name, lesson.languages[0], in_markdown(lesson.text("en").title), LESSONS.icon
            )


def _elsewhere(base: str) -> str:
    """Say by which address phones reach an app that was opened by a name of this machine only."""
    machine, port = net_util.get_internal_ip(), urlsplit(base).port
    told = f", perhaps as `http://{machine}:{port}/{ROOM.url_path}`" if machine else ""
    return (
        "This address works on this machine only. For phones, open the app by the machine's "
        f"address in your network{told}, and open the room there."
    )
