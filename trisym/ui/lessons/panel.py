"""The panel of a lesson, at the foot of the window on every page; who leads a class may hold it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from trisym.errors import DataError
from trisym.lessons import placeholders, shelf
from trisym.lessons.lesson import Choice, Lesson, Number, Point, Question, Step, StepText
from trisym.lessons.position import Position
from trisym.ui.kit import going, notices
from trisym.ui.kit.live import registered
from trisym.ui.kit.navigation import LESSONS, PAGES, PageEntry
from trisym.ui.kit.tables import errors_as_sentences
from trisym.ui.lessons import planes, position

WEB = Path(__file__).parent / "web"
KEY = "lesson-panel"
HEARD = "lesson:heard"


@dataclass(frozen=True)
class Held:
    """How somebody else holds the panel: a teacher in a room, a presenter.

    leads: the visitor goes on and back; False takes the buttons away. opened: whether the answers
    are shown; None where the visitor's own answer opens them. on_given: told of an answer as it is
    given, (step id, answer); `position.given` keeps it in any case. room: a room's name, for which
    the browser keeps answers apart. follow: called when the browser says that who leads is at
    another step of this page: it sets the position that is then shown.
    """

    leads: bool = True
    opened: bool | None = None
    on_given: Callable[[str, Any], None] | None = None
    room: str = ""
    follow: Callable[[], None] | None = None


def show(here: PageEntry, held: Held | None = None) -> None:
    """Show the panel where a lesson is on, and put away what its step puts away on this page.

    Call it before the page runs. A damaged link is said in a sentence, with the way to the list.
    """
    at = None
    try:
        at = position.begin(here.url_path)
    except DataError as error:
        notices.tell(KEY, f"{error} Here are the lessons that there are:", failed=True)
    if at is not None:
        notices.forget(KEY)
    if notices.show(KEY):
        st.page_link(LESSONS.path, label=f"**{LESSONS.title}**", icon=LESSONS.icon)
    on_page = position.stage(at, here.url_path)
    if at is not None:
        with st.bottom:
            _panel(here, on_page, held or Held())


@st.fragment
def _panel(here: PageEntry, on_page: bool, held: Held) -> None:
    going.take_link()
    if held.follow and _news("follow"):
        held.follow()
    at = position.current()
    if at is None:
        return
    asked = None
    with errors_as_sentences("The lesson"):
        lesson = position.lesson_of(at)
        data = payload(lesson, at, on_page)
        _component()(
            key=KEY,
            data={
                **data,
                "leads": held.leads,
                "opened": held.opened,
                "kept": f"{lesson.id} {held.room}".strip(),
            },
            on_go_change=lambda: None,
            on_follow_change=lambda: None,
            on_given_change=lambda: _keep_answer(held),
        )
        asked = _news("go")
    if asked is not None:
        _go(at, asked)


@cache
def _component() -> Any:
    """Register it at the first visit: app.py is imported before the server can hold components."""
    return registered("trisym_lesson", WEB / "panel.js")


def _news(name: str) -> dict[str, Any] | None:
    """Return what the browser sent, once."""
    sent = st.session_state.get(KEY, {}).get(name)
    heard: dict[str, Any] = st.session_state.setdefault(HEARD, {})
    if not isinstance(sent, dict) or sent == heard.get(name):
        return None
    heard[name] = sent
    return sent


def _keep_answer(held: Held) -> None:
    news = _news("given")
    if news is None:
        return
    lesson, step, answer = str(news.get("lesson")), str(news.get("step")), news.get("answer")
    known = position.lessons().get(lesson)
    if known is None or step not in [each.id for each in known.steps]:
        return
    position.given(lesson)[step] = answer
    if held.on_given:
        held.on_given(step, answer)


def _go(at: Position, asked: Mapping[str, Any]) -> None:
    """Go where the panel's buttons lead."""
    if asked.get("leave") or asked.get("list"):
        position.leave()
        if asked.get("list"):
            st.switch_page(LESSONS.path)
        st.rerun()
    lesson = position.lesson_of(at)
    step, language = asked.get("step"), asked.get("language")
    if not isinstance(step, int) or not 1 <= step <= len(lesson.steps):
        return
    words = str(language) if language in lesson.texts else at.language
    to = Position(at.lesson, step, words)
    if to.step == at.step and to.language != at.language:
        st.session_state[position.AT] = to
        st.query_params.update(to.query())
        st.rerun(scope="fragment")
    position.go(to)


# What the browser is given


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return what the panel itself says, by language."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def payload(lesson: Lesson, at: Position, here: bool = True) -> dict[str, Any]:
    """Return a step for the browser, its measured numbers in place. Raises TrisymError."""
    step, language = lesson.steps[at.step - 1], at.language
    texts = lesson.text(language)
    text = texts.steps[step.id]
    return {
        "uid": KEY,
        "revision": f"{lesson.id} {at.step}",
        "lesson": at.lesson,
        "title": texts.title,
        "step": at.step,
        "steps": [each.id for each in lesson.steps],
        "gated": [each.id for each in lesson.steps if each.gated],
        "language": language,
        "languages": {name: shelf.LANGUAGES.get(name, name) for name in lesson.languages},
        "words": words().get(language) or words()["en"],
        "text": placeholders.fill(text.text, language),
        "reveal": placeholders.fill(text.reveal, language),
        "question": _question(step.question, text, language),
        "goal": _goal(step, text, language),
        "hide": step.hide,
        "highlight": step.highlight,
        "show": step.show,
        "here": here,
        "place": next(each.title for each in PAGES if each.url_path == step.page),
    }


def _goal(step: Step, text: StepText, language: str) -> dict[str, Any] | None:
    if step.goal is None:
        return None
    goal = asdict(step.goal)
    return {
        "event": goal["event"],
        "atLeast": goal["at_least"],
        "atMost": goal["at_most"],
        "total": goal["total"],
        "words": placeholders.fill(text.do, language),
    }


def _plain(number: float, language: str) -> str:
    """Return the number asked for: three digits, and no zeros behind them."""
    text = placeholders.local(number, language, 3)
    return text.rstrip("0").rstrip(".,") if "." in text or "," in text else text


def _question(question: Question | None, text: StepText, language: str) -> dict[str, Any] | None:
    if question is None:
        return None
    number = question if isinstance(question, Number) else None
    options = question.options if isinstance(question, Choice) else ()
    truth = f"{_plain(number.answer, language)} {text.unit}".strip() if number else ""
    return {
        "kind": question.kind,
        "asked": placeholders.fill(text.question, language),
        "unit": text.unit,
        "truth": truth,
        "options": [
            {"id": option, "text": placeholders.fill(text.options[option], language)}
            for option in options
        ],
        "low": number.low if number else 0,
        "high": number.high if number else 0,
        "accepted": question.accepted(),
        "plane": planes.plane(question).payload() if isinstance(question, Point) else None,
    }
