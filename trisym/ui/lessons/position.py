"""Where a visitor is in a lesson: in the page's link, and in the session when a page drops it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import streamlit as st

from trisym.errors import DataError
from trisym.lessons import own, position, shelf
from trisym.lessons.lesson import Lesson
from trisym.lessons.position import PARAMETERS, Position
from trisym.ui.kit import going, linked, places
from trisym.ui.kit.navigation import PAGES, PageEntry
from trisym.ui.lessons import vocabulary

AT, CARRIED, GIVEN = "lesson:at", "lesson:carried", "lesson:given"


def lessons() -> Mapping[str, Lesson]:
    """Return the lessons that this session may take, by what a link calls them.

    The shipped ones by their ids; and one of a teacher's own by the text that holds it.
    """
    shipped = shelf.shelf(vocabulary.PAGES).lessons
    return {**shipped, **st.session_state.get(CARRIED, {})}


def begin(page: str) -> Position | None:
    """Begin a run of a page: return where the visitor is.

    Who has just come to a step is led to its page and scene. Raises DataError as `current` does.
    """
    before = st.session_state.get(AT)
    arrived = going.has_arrived()
    at = current()
    came = at is not None and (before is None or at.place != before.place)
    if at is not None and came and not arrived and not _is_there(at, page):
        go(at)
    linked.follow(arrived or came)
    return at


def carry(text: str) -> Lesson:
    """Let this session take the lesson that a link holds (lessons.own), and no other such one.

    Raises DataError, one sentence.
    """
    lesson = own.lesson_of(text, vocabulary.PAGES)
    st.session_state[CARRIED] = {text: lesson}
    return lesson


def current() -> Position | None:
    """Return where this visitor is, by the link, or by the session where a page dropped it.

    Raises DataError, one sentence, for a damaged link; the lesson is then left.
    """
    asked = {name: st.query_params[name] for name in PARAMETERS if name in st.query_params}
    if "lesson" not in asked:
        at: Position | None = st.session_state.get(AT)
        if at is not None:
            st.query_params.update(at.query())
        return at
    try:
        if own.is_packed(asked["lesson"]) and asked["lesson"] not in lessons():
            carry(asked["lesson"])
        at = position.from_query(asked, lessons())
    except DataError:
        leave()
        raise
    st.session_state[AT] = at
    return at


def is_on() -> bool:
    """Say whether this visitor is in a lesson."""
    return AT in st.session_state


def lesson_of(at: Position) -> Lesson:
    """Return the lesson that somebody is in. Raises DataError for one that a damaged text holds."""
    known = lessons().get(at.lesson)
    return carry(at.lesson) if known is None else known


def leave() -> None:
    """Be in no lesson any more."""
    st.session_state.pop(AT, None)
    for name in PARAMETERS:
        if name in st.query_params:
            del st.query_params[name]


def link_of(at: Position) -> tuple[PageEntry, dict[str, str]]:
    """Return the page and the parameters that open a step."""
    step = lesson_of(at).steps[at.step - 1]
    entry = next(each for each in PAGES if each.url_path == step.page)
    return entry, {**step.query, **at.query()}


def go(at: Position) -> NoReturn:
    """Go to a step: its page, with the step's scene and not the visitor's last one."""
    st.session_state[AT] = at
    going.to(*link_of(at))


def stage(at: Position | None, page: str) -> bool:
    """Put away what the step puts away, on its own page; say whether this is that page."""
    here = at is not None and lesson_of(at).steps[at.step - 1].page == page
    step = lesson_of(at).steps[at.step - 1] if at and here else None
    parts = vocabulary.PAGES[page].page if step else ()
    places.put_away(place for place in (step.hide if step else ()) if place in parts)
    return here


def _is_there(at: Position, page: str) -> bool:
    step = lesson_of(at).steps[at.step - 1]
    asked = st.query_params
    return step.page == page and all(asked.get(name) == text for name, text in step.query.items())


def given(lesson: str) -> dict[str, Any]:
    """Return the answers that this visitor has given, by step id."""
    answers: dict[str, dict[str, Any]] = st.session_state.setdefault(GIVEN, {})
    return answers.setdefault(lesson, {})
