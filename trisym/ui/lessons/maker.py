"""The page on which a teacher makes a lesson: steps, their scenes, texts and questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

import trisym
from trisym.errors import TrisymError
from trisym.lessons import own, placeholders, shelf
from trisym.lessons.lesson import MINUTES, MOST_STEPS, MOST_WORDS, Lesson, Point
from trisym.lessons.reading import LONGEST_FILE, LONGEST_TEXT, LessonError
from trisym.outside_text import in_markdown, sentence
from trisym.ui.kit import address, models, notices
from trisym.ui.kit.places import heading
from trisym.ui.lessons import drafts, planes, shelves, vocabulary
from trisym.ui.lessons.drafts import AXES, CHOICE, KEPT, NONE, NUMBER, POINT, Draft

DRAFT, LINK = "own:draft", "draft"
REVISION = "own:revision"  # of the form: another one begins anew from the draft
BROUGHT = "own:brought"
QR_ACROSS = 260  # pixels
KINDS = {
    NONE: "no question",
    CHOICE: "a choice",
    NUMBER: "a number",
    POINT: "put the dot",
    KEPT: "as in the file",
}


def show() -> None:
    """Show the form, and what it makes: a link, a QR code, a file, and the lesson itself."""
    heading(
        "Make a lesson",
        "Open a page in another tab, set the scene up, copy its address and paste it into a step. "
        "What you write stays in this page's own address: keep it as a bookmark.",
    )
    draft = _draft()
    form, made = st.columns([3, 2], gap="large")
    with form:
        _top(draft)
        for number, step in enumerate(draft["steps"]):
            with st.container(border=True):
                _step(draft, number, step)
        full = len(draft["steps"]) == MOST_STEPS
        st.button("Add a step", icon=":material/add:", on_click=_add, disabled=full)
    _keep(draft)
    with made:
        _made(draft)
        _bring()


def _draft() -> Draft:
    """Return what is being written: in this session, or in the link that was followed."""
    if DRAFT not in st.session_state:
        st.session_state[DRAFT] = drafts.empty()
        if text := st.query_params.get(LINK):
            try:
                st.session_state[DRAFT] = drafts.check(own.unpack(text))
            except TrisymError as error:
                st.warning(sentence(str(error)))
    draft: Draft = st.session_state[DRAFT]
    return draft


def _keep(draft: Draft) -> None:
    text = own.pack(draft)
    if len(text) <= own.LONGEST_LINK:
        st.query_params[LINK] = text
        return
    st.query_params.pop(LINK, None)
    st.warning("This draft is too long for an address. Save it as a file before you close the tab.")


def _anew(draft: Draft) -> None:
    """Begin the form anew from a draft: its steps have moved."""
    st.session_state[DRAFT] = draft
    st.session_state[REVISION] = st.session_state.get(REVISION, 0) + 1


def _key(name: str) -> str:
    return f"own:{st.session_state.get(REVISION, 0)}:{name}"


def _add() -> None:
    draft = st.session_state[DRAFT]
    _anew({**draft, "steps": [*draft["steps"], drafts.empty_step()]})


def _move(number: int, by: int) -> None:
    """Move a step up or down; by 0: take it away."""
    draft = st.session_state[DRAFT]
    steps = list(draft["steps"])
    step = steps.pop(number)
    if by:
        steps.insert(number + by, step)
    _anew({**draft, "steps": steps or [drafts.empty_step()]})


# The form


def _top(draft: Draft) -> None:
    draft["title"] = st.text_input(
        "Title", draft["title"], key=_key("title"), max_chars=80, placeholder="Does the dot stay?"
    )
    first, second, third = st.columns([4, 1, 1.4])
    with first:
        draft["about"] = st.text_input(
            "In one sentence", draft["about"], key=_key("about"), max_chars=200
        )
    with second:
        draft["minutes"] = int(
            st.number_input(
                "Minutes", int(MINUTES[0]), int(MINUTES[1]), draft["minutes"], key=_key("minutes")
            )
        )
    languages = list(dict.fromkeys([*shelf.LANGUAGES, draft["language"]]))
    with third:
        draft["language"] = st.selectbox(
            "Language",
            languages,
            languages.index(draft["language"]),
            format_func=lambda name: shelf.LANGUAGES.get(name, name),
            key=_key("language"),
        )
    draft["away"] = st.toggle(
        "Put away what the page says itself",
        draft["away"],
        key=_key("away"),
        help="Its title, its sentence, and the folds below the live view.",
    )


def _step(draft: Draft, number: int, step: Draft) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(f"Step {number + 1}", anchor=False)
        last = len(draft["steps"]) - 1
        for icon, words, by, allowed in (
            (":material/arrow_upward:", "Up", -1, number > 0),
            (":material/arrow_downward:", "Down", 1, number < last),
            (":material/delete:", "Remove", 0, True),
        ):
            st.button(
                words,
                icon=icon,
                key=_key(f"{words}-{number}"),
                on_click=_move,
                args=(number, by),
                disabled=not allowed,
            )
    step["link"] = st.text_input(
        "Scene: a page's address",
        step["link"],
        key=_key(f"link-{number}"),
        max_chars=2_000,
        placeholder="https://…/symmetry?scene=…",
    )
    _area("Text", step, "text", number, f"At most {MOST_WORDS} words.")
    kinds = list(KINDS) if step["kind"] == KEPT else [NONE, CHOICE, NUMBER, POINT]
    step["kind"] = st.segmented_control(
        "Question",
        kinds,
        default=step["kind"],
        format_func=KINDS.__getitem__,
        key=_key(f"kind-{number}"),
        required=True,
    )
    if step["kind"] != NONE:
        step["question"] = st.text_input(
            "What is asked", step["question"], key=_key(f"question-{number}"), max_chars=300
        )
    if step["kind"] == CHOICE:
        _choice(step, number)
    elif step["kind"] == NUMBER:
        _number(step, number)
    elif step["kind"] == POINT:
        _point(step, number)
    if step["kind"] != KEPT:
        _goal(step, number)
    _area("Revealed at the end", step, "reveal", number, f"At most {MOST_WORDS} words.")


def _area(label: str, step: Draft, field: str, number: int, about: str) -> None:
    step[field] = st.text_area(
        label,
        step[field],
        key=_key(f"{field}-{number}"),
        max_chars=LONGEST_TEXT,
        height=90,
        help=about,
    )


def _choice(step: Draft, number: int) -> None:
    most = len(drafts.OPTIONS)
    lines = st.text_area(
        f"Answers, one a line, 2 to {most}",
        "\n".join(step["options"]),
        key=_key(f"options-{number}"),
        height=110,
    )
    step["options"] = [line.strip() for line in lines.splitlines() if line.strip()][:most]
    if not step["options"]:
        return
    places = [-1, *range(len(step["options"]))]
    step["right"] = st.selectbox(
        "The right one",
        places,
        min(step["right"] + 1, len(places) - 1),
        format_func=lambda at: in_markdown(step["options"][at]) if at >= 0 else "none: an opinion",
        key=_key(f"right-{number}-{len(places)}"),
    )


def _number(step: Draft, number: int) -> None:
    first, second, third = st.columns(3)
    with first:
        step["answer"] = _float("Answer", step["answer"], f"answer-{number}")
    with second:
        step["within"] = _float("Right within ±", step["within"], f"within-{number}", 0.0)
    with third:
        step["unit"] = st.text_input("Unit", step["unit"], key=_key(f"unit-{number}"), max_chars=20)


def _point(step: Draft, number: int) -> None:
    """Ask for where the triangle is in the end, and for the network whose dot is put."""
    step["after"] = st.text_input(
        "The scene afterwards: its address, too",
        step["after"],
        key=_key(f"after-{number}"),
        max_chars=2_000,
        placeholder="https://…/symmetry?scene=…",
        help="Move the triangle on the Symmetry page and copy the address again.",
    )
    shipped = set(trisym.checkpoints.names())  # which every visitor has
    titles = {name: title for name, title in models.titles().items() if name in shipped}
    names = list(dict.fromkeys([*titles, step["model"]]))
    first, second, third = st.columns(3)
    with first:
        step["model"] = st.selectbox(
            "Network",
            names,
            names.index(step["model"]),
            format_func=lambda name: titles.get(name, name),
            key=_key(f"model-{number}"),
        )
    with second:
        step["axes"] = st.selectbox(
            "Seen along",
            range(len(AXES)),
            step["axes"],
            format_func=lambda at: "N{} and N{}".format(*AXES[at]),
            key=_key(f"axes-{number}"),
        )
    with third:
        step["tolerance"] = _float(
            "Right within, in spreads", step["tolerance"], f"tolerance-{number}", 0.01
        )


def _float(label: str, value: float, name: str, low: float = -1e9) -> float:
    return float(st.number_input(label, low, 1e9, max(value, low), format="%g", key=_key(name)))


def _goal(step: Draft, number: int) -> None:
    """Offer what the live view of the step's page tells of, as what has to be done."""
    page = drafts.scene_of(step["link"]).partition("?")[0]
    known = vocabulary.PAGES.get(page)
    events = {"": "nothing has to be done", **(known.events if known else {})}
    if step["event"] not in events:
        events[step["event"]] = f"{step['event']}, which this page does not tell of"
    names = list(events)
    step["event"] = st.selectbox(
        "The step is done when",
        names,
        names.index(step["event"]),
        format_func=events.__getitem__,
        key=_key(f"event-{number}-{page}"),
    )
    if not step["event"]:
        return
    first, second = st.columns([1, 3])
    with first:
        step["amount"] = _float("reach", step["amount"], f"amount-{number}")
    with second:
        step["do"] = st.text_input(
            "In words",
            step["do"],
            key=_key(f"do-{number}"),
            max_chars=200,
            placeholder="Turn the triangle by 90°",
        )


# What comes of it


def _made(draft: Draft) -> None:
    st.header("Your lesson", anchor=False)
    try:
        data = drafts.data_from(draft)
        lesson = own.named(data, vocabulary.PAGES)
        _check(lesson)
    except TrisymError as error:
        st.info(sentence(f"Not yet a lesson. {_where(error)}{error}"))
        return
    name = own.pack(data)
    link = f"{address.base()}{lesson.steps[0].page}?lesson={name}"
    if len(name) <= own.LONGEST_LINK:
        shelves.play(name, lesson)
        st.code(link, language=None, wrap_lines=True)
    if len(link) <= own.SCANNABLE:
        st.image(address.qr(link), width=QR_ACROSS, alt="QR code of the lesson's link")
        st.caption(f"{len(link)} characters: the whole lesson is in the link.")
    else:
        st.caption(
            f"{len(link)} characters. Up to {own.SCANNABLE} can be scanned from a screen: write "
            "shorter, or let a room lead the class, or hand on the file."
        )
    st.download_button(
        "Save as a file",
        own.to_toml(data),
        f"{lesson.id}.toml",
        "application/toml",
        icon=":material/download:",
    )


def _where(error: TrisymError) -> str:
    """Say which step a fault is in, where the sentence does not."""
    kind, _, rest = error.path.partition(".") if isinstance(error, LessonError) else ("", "", "")
    name = rest.partition(".")[0]
    told = str(error).startswith(("Step", "The texts"))
    return f"Step {int(name) + 1}: " if kind == "step" and name and not told else ""


def _check(lesson: Lesson) -> None:
    """Refuse a number in braces that is none, and a dot of a network that has no such nodes.

    Raises TrisymError.
    """
    for step in lesson.steps:
        if isinstance(step.question, Point):
            planes.plane(step.question)
    for text in lesson.text("").steps.values():
        for each in (text.text, text.question, text.do, text.reveal, *text.options.values()):
            placeholders.fill(each)


def _bring() -> None:
    st.file_uploader(
        "Go on with a lesson's file",
        type="toml",
        key=_key("file"),
        on_change=notices.carry_out,
        args=(BROUGHT, _brought(_key("file"))),
        max_upload_size=1,
        help=f"A .toml file that was saved here, at most {LONGEST_FILE:,} bytes.",
    )
    notices.show(BROUGHT)


def _brought(key: str) -> Callable[[], str | None]:
    def take() -> str | None:
        file: Any = st.session_state.get(key)
        if file is None:
            return None
        data = own.from_toml(file.getvalue())
        draft, left_out = drafts.draft_from(data, vocabulary.PAGES)
        _anew(draft)
        return f"{file.name} is in the form. {left_out}".strip()

    return take
