"""A lesson that a teacher is writing: plain fields of a form, and the lesson's data they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np

from trisym.errors import DataError, TrisymError
from trisym.lessons import own
from trisym.lessons.lesson import LARGEST, MOST_STEPS, Choice, Number, Point
from trisym.lessons.position import PARAMETERS
from trisym.lessons.reading import data_of
from trisym.lessons.vocabulary import Vocabulary
from trisym.ui.kit.navigation import SYMMETRY
from trisym.ui.symmetry.scene import Scene
from trisym.validation import check_number, check_whole

NONE, CHOICE, NUMBER, POINT, KEPT = "none", "choice", "number", "point", "kept"
KINDS = (NONE, CHOICE, NUMBER, POINT, KEPT)  # of a question; kept: one that the form can't make
OPTIONS = "abcdef"  # ids of a choice's options, in their order
AXES = ((1, 2), (1, 3), (2, 3))  # the latent nodes that a dot can be put along
DECIMALS = 4  # of a pose in a link, which has to stay short
OF_THE_ROOM = ("room", "teach", "present", "draft")  # parameters that are of no scene
AWAY = ("intro", "more", "evidence", "researchers")  # what a page says itself
Draft = dict[str, Any]


def empty_step() -> Draft:
    """Return a step in which nothing is written."""
    return {
        "link": "",
        "text": "",
        "kind": NONE,
        "question": "",
        "options": [],
        "right": 0,
        "answer": 0.0,
        "within": 0.1,
        "unit": "",
        "after": "",
        "model": "sides-h3",
        "axes": 0,
        "tolerance": 0.25,
        "event": "",
        "amount": 1.0,
        "do": "",
        "reveal": "",
        "kept": {},
    }


def empty() -> Draft:
    """Return a lesson in which nothing is written."""
    return {"title": "", "about": "", "minutes": 5, "language": "en", "away": True} | {
        "steps": [empty_step()]
    }


def scene_of(address: str) -> str:
    """Return a page's link with its scene from what stands in a browser's address bar."""
    parts = urlsplit(address.strip())
    left_out = (*PARAMETERS, *OF_THE_ROOM)
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in left_out]
    page = parts.path.rstrip("/").rpartition("/")[2]
    return f"{page}?{urlencode(query)}" if query else page


def data_from(draft: Draft) -> dict[str, Any]:
    """Return the lesson's plain data, which `own.named` checks."""
    steps, of_steps = [], {}
    for number, written in enumerate(draft["steps"], 1):
        step, text = _step(written, str(number))
        steps.append(step)
        of_steps[str(number)] = text
    about = draft["about"] or draft["title"]
    words = {"title": draft["title"], "about": about, **of_steps}
    hide = {"hide": list(AWAY)} if draft["away"] else {}
    texts = {draft["language"]: words}
    return {"minutes": draft["minutes"], **hide, "step": steps, "texts": texts}


def _step(written: Draft, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    step: dict[str, Any] = {"id": name, "link": scene_of(written["link"]), **written["kept"]}
    text = {field: written[field] for field in ("text", "reveal") if written[field]}
    text.setdefault("text", "")
    if written["kind"] == CHOICE:
        options = dict(zip(OPTIONS, filter(None, written["options"]), strict=False))
        right = {"answer": OPTIONS[written["right"]]} if written["right"] >= 0 else {}
        step["question"] = {"kind": CHOICE, "options": list(options), **right}
        text |= {"question": written["question"], "options": options}
    elif written["kind"] == NUMBER:
        tolerance = {"answer": written["answer"], "within": written["within"]}
        step["question"] = {"kind": NUMBER, **tolerance}
        text |= {"question": written["question"], "unit": written["unit"]}
    elif written["kind"] == POINT:
        step["question"] = {
            "kind": POINT,
            "model": written["model"],
            "axes": list(AXES[written["axes"]]),
            "before": _pose(step["link"], f"Step {name}: its scene"),
            "after": _pose(scene_of(written["after"]), f"Step {name}: the scene afterwards"),
            "tolerance": written["tolerance"],
        }
        text |= {"question": written["question"]}
    elif written["kind"] == KEPT:
        text |= {"question": written["question"]}
    if written["kind"] != KEPT and written["event"]:
        step["goal"] = {"event": written["event"], "at_least": written["amount"], "total": True}
    if "goal" in step:
        text["do"] = written["do"]
    return step, {name: value for name, value in text.items() if value or name == "text"}


def _pose(link: str, what: str) -> list[float]:
    """Return the triangle of a symmetry page's link. Raises DataError for any other link."""
    page, _, query = link.partition("?")
    text = dict(parse_qsl(query)).get("scene", "")
    if page != SYMMETRY.url_path or not text:
        raise DataError(
            f"{what} must be an address of the Symmetry page after a hand moved the triangle: "
            "it then has “scene=” in it."
        )
    return [round(value, DECIMALS) for value in chain(*Scene.from_text(text).pose)]


def _scene_with(pose: Sequence[float]) -> str:
    first, second, third = np.reshape(pose, (3, 3)).tolist()
    scene = Scene(pose=(tuple(first), tuple(second), tuple(third)))
    return f"{SYMMETRY.url_path}?{urlencode({'scene': scene.to_text()})}"


def _point(asked: Point, link: str) -> dict[str, Any] | None:
    """Return the fields of a dot to be put; None where the form could not make it."""
    try:
        before = _pose(link, "")
    except TrisymError:
        return None
    if not np.allclose(before, asked.before, atol=10**-DECIMALS) or asked.axes not in AXES:
        return None
    return {
        "kind": POINT,
        "model": asked.model,
        "axes": AXES.index(asked.axes),
        "after": _scene_with(asked.after),
        "tolerance": asked.tolerance,
    }


def draft_from(data: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[Draft, str]:
    """Return the fields of a lesson's data, and what was left out, a sentence or "".

    What the form has no field for is kept as it is. Raises DataError for what is no lesson.
    """
    lesson = own.named(data, vocabulary)
    plain = data_of(lesson)
    language = lesson.languages[0]
    words = lesson.text(language)
    steps = []
    for step, raw in zip(lesson.steps, plain["step"], strict=True):
        text = words.steps[step.id]
        kept = {name: raw[name] for name in ("highlight", "show") if name in raw}
        if hidden := [place for place in step.hide if place not in AWAY]:
            kept["hide"] = hidden
        fields: Draft = {"link": step.link, "text": text.text, "reveal": text.reveal, "do": text.do}
        fields |= {"question": text.question, "unit": text.unit}
        match step.question:
            case Choice() as asked:
                options = [text.options[option] for option in asked.options]
                right = asked.options.index(asked.answer) if asked.answer else -1
                fields |= {"kind": CHOICE, "options": options, "right": right}
            case Number() as asked if asked.within is not None:
                fields |= {"kind": NUMBER, "answer": asked.answer, "within": asked.within}
            case Point() as asked if dot := _point(asked, step.link):
                fields |= dot
            case Number() | Point():
                fields["kind"] = KEPT
                kept["question"] = raw["question"]
        if step.goal is not None:
            if step.goal.at_least is not None and step.goal.total and fields.get("kind") != KEPT:
                fields |= {"event": step.goal.event, "amount": step.goal.at_least}
            else:
                kept["goal"] = raw["goal"]
        steps.append({**empty_step(), **fields, "kept": kept})
    draft = {"title": words.title, "about": words.about, "minutes": lesson.minutes}
    others = ", ".join(lesson.languages[1:])
    left_out = f"Only the texts in {language} were taken, not those in {others}." if others else ""
    away = any(set(AWAY) & set(step.hide) for step in lesson.steps)
    return {**draft, "language": language, "away": away, "steps": steps}, left_out


def check(data: Any) -> Draft:
    """Return a draft that came by a link. Raises TrisymError for what is none."""
    start, step = empty(), empty_step()
    wrong = DataError("This link holds a draft that is damaged: perhaps its end was cut off.")
    if not isinstance(data, dict) or not isinstance(data.get("steps"), list):
        raise wrong
    for given, known in ((data, start), *((each, step) for each in data["steps"])):
        if not isinstance(given, dict) or given.keys() != known.keys():
            raise wrong
        if any(type(given[name]) is not type(value) for name, value in known.items()):
            raise wrong
    check_whole("The number of steps", len(data["steps"]), 1, MOST_STEPS)
    check_whole("minutes", data["minutes"], 1, 45)
    for each in data["steps"]:
        if not all(isinstance(option, str) for option in each["options"]):
            raise wrong
        if each["kind"] not in (NONE, CHOICE, NUMBER, POINT, KEPT) or len(each["options"]) > len(
            OPTIONS
        ):
            raise wrong
        check_whole("The right option", each["right"], -1, len(OPTIONS) - 1)
        check_whole("The axes", each["axes"], 0, len(AXES) - 1)
        for name in ("answer", "within", "amount", "tolerance"):
            check_number(name, each[name], -LARGEST, LARGEST)
    return data
