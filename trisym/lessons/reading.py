"""Reads lessons from plain data and from TOML files; a fault is one sentence with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from trisym.errors import DataError, TrisymError
from trisym.lessons import lines, placeholders
from trisym.lessons.lesson import (
    KINDS,
    MOST_STEPS,
    Choice,
    Goal,
    Lesson,
    LessonText,
    Question,
    Step,
    StepText,
    check_ids,
)
from trisym.lessons.vocabulary import Vocabulary
from trisym.outside_text import quoted, shortened
from trisym.validation import build, later

LONGEST_FILE = 100_000  # bytes of a lesson, or of its texts
LONGEST_TEXT = 1_000  # characters of one text
KINDS_OF_TOP: Mapping[str, tuple[type[Any], str]] = {
    "id": (str, "text"),
    "minutes": (int, "whole number"),
    "step": (list, "list"),
    "texts": (dict, "table"),
}
LANGUAGE_LETTERS = 2


class LessonError(DataError):
    """What is wrong with a lesson; `path` is the entry, such as step.2.goal."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True)
class _RawStep:
    """A step as it is written."""

    id: str
    link: str
    hide: tuple[str, ...] = later((), ())
    highlight: tuple[str, ...] = later((), ())
    show: tuple[str, ...] = later((), ())
    question: Mapping[str, Any] | None = later(None, None)
    goal: Mapping[str, Any] | None = later(None, None)


@dataclass(frozen=True)
class _RawGoal:
    event: str
    at_least: float | None = later(None, None)
    at_most: float | None = later(None, None)
    total: bool = later(False, False)


@dataclass(frozen=True)
class _RawText:
    text: str
    question: str = later("", "")
    options: Mapping[str, str] | None = later(None, None)
    unit: str = later("", "")
    do: str = later("", "")
    reveal: str = later("", "")


@contextmanager
def _at(path: str, what: str = "") -> Iterator[None]:
    """Name the entry that a fault is about, unless the fault names one inside it."""
    try:
        yield
    except LessonError as error:
        raise LessonError(str(error), f"{path}.{error.path}".strip(".")) from error
    except TrisymError as error:
        raise LessonError(f"{what}: {error}" if what else str(error), path) from error


def lesson_from(data: Any, vocabulary: Vocabulary | None = None) -> Lesson:
    """Return the lesson that plain data stand for, checked against what the pages have.

    Raises LessonError, one sentence that names the entry.
    """
    everywhere = _check_top(data, vocabulary)
    steps = []
    for number, raw in enumerate(data["step"]):
        with _at(f"step.{number}", f"Step {number + 1}"):
            steps.append(_step(raw, everywhere, vocabulary))
            check_ids(steps)
    texts = {}
    for language, raw in data["texts"].items():
        with _at(f"texts.{language}"):
            texts[language] = _text(language, raw, steps)
    with _at(""):
        return Lesson(data["id"], data["minutes"], tuple(steps), texts)


def _check_top(data: Any, vocabulary: Vocabulary | None) -> tuple[str, ...]:
    """Return what is put away in every step. Raises LessonError."""
    if not isinstance(data, Mapping) or not set(KINDS_OF_TOP) <= data.keys():
        raise LessonError("A lesson has an id, minutes, steps (step) and texts.")
    if unknown := [name for name in data if name not in (*KINDS_OF_TOP, "hide")]:
        raise LessonError(f"A lesson has no entry {quoted(unknown[0])}.", str(unknown[0]))
    for name, (kind, words) in KINDS_OF_TOP.items():
        if not isinstance(data[name], kind):
            raise LessonError(f"{name} must be a {words}.", name)
    if len(data["step"]) > MOST_STEPS:
        raise LessonError(f"A lesson has 1 to {MOST_STEPS} steps.", "step")
    everywhere = _names(data.get("hide", ()), "hide")
    known = {place for page in (vocabulary or {}).values() for place in page.places}
    if vocabulary and (unknown := sorted(set(everywhere) - known)):
        raise LessonError(f"No page has a place {quoted(unknown[0])}.", "hide")
    return everywhere


def data_of(lesson: Lesson) -> dict[str, Any]:
    """Return a lesson as plain data that `lesson_from` reads."""
    return {
        "id": lesson.id,
        "minutes": lesson.minutes,
        "step": [_data_of_step(step) for step in lesson.steps],
        "texts": {
            language: {
                "title": text.title,
                "about": text.about,
                **{name: _filled(asdict(each)) for name, each in text.steps.items()},
            }
            for language, text in lesson.texts.items()
        },
    }


def _data_of_step(step: Step) -> dict[str, Any]:
    data = _filled({f.name: getattr(step, f.name) for f in fields(step)})
    if step.question is not None:
        data["question"] = {"kind": step.question.kind, **_filled(asdict(step.question))}
    if step.goal is not None:
        data["goal"] = _filled(asdict(step.goal))
    return data


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is not empty, tuples as lists."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value or (value == 0 and value is not False)
    }


def _names(value: Any, path: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise LessonError(f"{path} must be a list of texts.", path)
    return tuple(value)


def _step(raw: Any, everywhere: tuple[str, ...], vocabulary: Vocabulary | None) -> Step:
    if not isinstance(raw, Mapping):
        raise LessonError("must be a table.")
    found = build(_RawStep, dict(raw), "A step")
    with _at("question"):
        question = None if found.question is None else _question(found.question)
    with _at("goal"):
        goal = None if found.goal is None else Goal(**vars(build(_RawGoal, found.goal, "A goal")))
    step = Step(found.id, found.link, found.hide, found.highlight, found.show, question, goal)
    if vocabulary is None:
        return step
    _check(step, vocabulary)
    there = vocabulary[step.page].places
    kept = {*found.hide, *found.highlight}
    more = tuple(place for place in everywhere if place in there and place not in kept)
    return Step(step.id, step.link, step.hide + more, step.highlight, step.show, question, goal)


def _question(raw: Mapping[str, Any]) -> Question:
    values = dict(raw)
    kind = values.pop("kind", None)
    if kind not in KINDS:
        raise LessonError(f"A question's kind must be one of {', '.join(KINDS)}.", "kind")
    cls = KINDS[kind]
    if unknown := sorted(values.keys() - {field.name for field in fields(cls)}):
        raise LessonError(f"A {kind} question has no entry {quoted(unknown[0])}.", unknown[0])
    if kind == "number" and isinstance(values.get("answer"), str):
        with _at("answer"):
            values["answer"] = placeholders.value(values["answer"].strip("{}"))
    defaults = {f.name: getattr(cls, f.name) for f in fields(cls) if hasattr(cls, f.name)}
    question: Question = build(cls, {**defaults, **values}, f"A {kind} question")
    return question


def _check(step: Step, vocabulary: Vocabulary) -> None:
    """Refuse what the step's page does not have. Raises LessonError."""
    if step.page not in vocabulary:
        pages = ", ".join(vocabulary)
        raise LessonError(f"There is no page {quoted(step.page)}; there are {pages}.", "link")
    page = vocabulary[step.page]
    for name in ("hide", "highlight"):
        places = page.places if name == "hide" else page.view
        if unknown := [place for place in getattr(step, name) if place not in places]:
            raise LessonError(
                f"The page {step.page} has no place {quoted(unknown[0])} to {name}; it has "
                f"{', '.join(places) or 'none'}.",
                name,
            )
    if step.goal and step.goal.event not in page.events:
        raise LessonError(
            f"The page {step.page} tells of no {quoted(step.goal.event)}; it tells of "
            f"{', '.join(page.events) or 'nothing'}.",
            "goal",
        )
    for parameter, check in page.scenes.items():
        if parameter in step.query:
            with _at("link"):
                check(step.query[parameter])


def _text(language: str, raw: Any, steps: list[Step]) -> LessonText:
    if not (isinstance(language, str) and language.isalpha() and len(language) == LANGUAGE_LETTERS):
        raise LessonError(f"A language is two letters, such as en, not {quoted(language)}.")
    if not isinstance(raw, Mapping):
        raise LessonError("Texts must be a table.")
    names = {"title", "about", *(step.id for step in steps)}
    if missing := sorted(names - raw.keys()):
        raise LessonError(f"The texts in {language} lack {', '.join(missing)}.")
    if unknown := sorted(raw.keys() - names):
        raise LessonError(f"The texts in {language} are of no step {unknown[0]}.", unknown[0])
    for name in ("title", "about"):
        _check_text(raw[name], name)
    texts = {}
    for step in steps:
        with _at(step.id, f"The texts in {language} of {step.id}"):
            texts[step.id] = _step_text(raw[step.id], step)
    return LessonText(raw["title"], raw["about"], texts)


def _step_text(raw: Any, step: Step) -> StepText:
    if not isinstance(raw, Mapping):
        raise LessonError("must be a table.")
    found = build(_RawText, dict(raw), "Texts")
    text = StepText(**{**vars(found), "options": found.options or {}})
    for name in ("text", "question", "unit", "do", "reveal"):
        _check_text(getattr(text, name), name)
    wanted = step.question.options if isinstance(step.question, Choice) else ()
    if set(text.options) != set(wanted):
        raise LessonError(f"options must be {', '.join(wanted) or 'left out'}.", "options")
    for option in text.options.values():
        _check_text(option, "options")
    needed = {"question": step.question is not None, "do": step.goal is not None}
    for name, is_needed in needed.items():
        if is_needed != bool(getattr(text, name)):
            raise LessonError(f"{name} is {'missing' if is_needed else 'of nothing'}.", name)
    return text


def _check_text(text: Any, path: str) -> None:
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise LessonError(f"{path} must be a text of at most {LONGEST_TEXT} characters.", path)
    if shortened(text, LONGEST_TEXT) != " ".join(text.split()):
        raise LessonError(f"{path} holds signs that can't be seen.", path)


# Files


def lesson_from_file(file: Path, vocabulary: Vocabulary | None = None) -> Lesson:
    """Return the lesson of ID.toml with the texts of ID.LANGUAGE.toml beside it, English first.

    Raises LessonError: "drift.toml, line 12: …".
    """
    sources = {"": file}
    found = sorted(file.parent.glob(f"{file.stem}.??.toml"), key=_english_first)
    sources.update({f"texts.{each.stem.rpartition('.')[2]}": each for each in found})
    written = {path: _read(each) for path, each in sources.items()}
    data = {"id": file.stem, **written.pop("")[1]}
    data["texts"] = {path.partition(".")[2]: values for path, (_, values) in written.items()}
    try:
        return lesson_from(data, vocabulary)
    except LessonError as error:
        path = next((p for p in written if p and f"{error.path}.".startswith(f"{p}.")), "")
        inside = error.path.removeprefix(path).strip(".")
        line = lines.line_of(sources[path].read_text(encoding="utf-8"), inside)
        raise LessonError(f"{sources[path].name}, line {line}: {error}", error.path) from error


def _english_first(file: Path) -> tuple[bool, str]:
    language = file.stem.rpartition(".")[2]
    return language != "en", language


def _read(file: Path) -> tuple[str, dict[str, Any]]:
    try:
        content = file.read_bytes()
        text = content[:LONGEST_FILE].decode()
        if len(content) > LONGEST_FILE:
            raise LessonError(f"{file.name} is longer than {LONGEST_FILE:,} bytes.")
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = lines.line_of_syntax(str(error), text)
        raise LessonError(f"{file.name}, line {line}: this is no TOML: {error}.") from error
    except (OSError, UnicodeError) as error:
        raise LessonError(f"{file.name} can't be read.") from error
