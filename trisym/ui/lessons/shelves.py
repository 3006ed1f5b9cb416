"""The list of lessons, and the way into the first one from home."""

from __future__ import annotations

import logging
import threading

import streamlit as st

from trisym.lessons import shelf
from trisym.lessons.lesson import Lesson
from trisym.lessons.position import Position
from trisym.outside_text import in_markdown, sentence
from trisym.ui.kit import linked
from trisym.ui.kit.navigation import OWN_LESSON
from trisym.ui.kit.places import heading
from trisym.ui.kit.tables import errors_as_sentences
from trisym.ui.lessons import panel, position, vocabulary

A_ROW = 2

log = logging.getLogger(__name__)


def read_early() -> None:
    """Read the lessons as the server starts; its log says which are refused, and where."""

    def read() -> None:
        for fault in shelf.shelf(vocabulary.PAGES).refused:
            log.error("A lesson is left out: %s", fault)

    threading.Thread(target=read, name="lessons", daemon=True).start()


def show() -> None:
    """Show all lessons, each with its minutes, steps and a way in."""
    heading(
        "Lessons",
        "Five to eight minutes each, on the real pages: guess first, then see. They open "
        "anywhere by their links, and remember how far you are in this browser.",
    )
    shipped = shelf.shelf(vocabulary.PAGES)
    for fault in shipped.refused:
        st.error(sentence(f"A lesson is left out: {fault}"))
    language = linked.one(
        st.segmented_control, "Language", shelf.LANGUAGES, key="lang", start="en", required=True
    )
    lessons = list(position.lessons().items())
    for first in range(0, len(lessons), A_ROW):
        for column, number in zip(st.columns(A_ROW), range(first, len(lessons)), strict=False):
            with column, st.container(border=True, height="stretch"), errors_as_sentences():
                _card(number + 1, *lessons[number], language)
    st.page_link(
        OWN_LESSON.path,
        label=f"**{OWN_LESSON.title}.** {OWN_LESSON.question}",
        icon=OWN_LESSON.icon,
    )


def _card(number: int, name: str, lesson: Lesson, language: str) -> None:
    text = lesson.text(language)
    enter(name, language, f"**{number} · {in_markdown(text.title)}**", ":material/school:")
    st.markdown(in_markdown(text.about))
    said = panel.words().get(language) or panel.words()["en"]
    st.caption(f"{lesson.minutes} min · {said['steps'].format(n=len(lesson.steps))}")


def enter(name: str, language: str, label: str, icon: str) -> None:
    """Show a link to the beginning of a lesson."""
    page, query = position.link_of(Position(name, 1, language))
    st.page_link(page.path, label=label, icon=icon, query_params=query)


def play(name: str, lesson: Lesson) -> None:
    """Offer to take a lesson of one's own from its beginning."""
    if st.button("Play it", icon=":material/play_arrow:", type="primary"):
        position.carry(name)
        position.go(Position(name, 1, lesson.languages[0]))


def start_here() -> None:
    """Show the way into the first lesson, for who has just come."""
    lesson = shelf.shelf(vocabulary.PAGES).lessons.get(shelf.FIRST)
    if lesson is None:
        return
    label = f"**Start here: {lesson.minutes} minutes.** {in_markdown(lesson.text('en').title)}"
    enter(shelf.FIRST, "en", label, ":material/school:")
