"""A session in a room: the teacher's page leads, and the followers' pages go where it is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st

from trisym.errors import TrisymError
from trisym.lessons.position import PARAMETERS, Position
from trisym.outside_text import sentence
from trisym.rooms import codes, store
from trisym.rooms.standing import Standing
from trisym.rooms.store import Room, RoomError
from trisym.ui.kit import going, link, visitor
from trisym.ui.kit.live import registered
from trisym.ui.kit.navigation import HOME, OWN_LESSON, PAGES, ROOM, PageEntry
from trisym.ui.lessons import position, vocabulary
from trisym.ui.lessons.panel import Held
from trisym.ui.presenter.view import PARAMETER as PRESENT
from trisym.ui.room import feed

PARAMETER, TEACH, AGAIN = "room", "teach", "again"  # of links
CODE, SECRET, COHORT = "room:code", "room:secret", "room:cohort"
KEY, PAGE_KEY = "room:key", "room:page-key"  # of the standing that this page was put at
MOUNTED = "room"  # the component's key
ALONE = {ROOM.url_path, OWN_LESSON.url_path}  # where a teacher prepares: nobody is led there
TYPED = "room:typed-in"
HERE, REVEALED, TOLD, RUNNING = "room:here", "room:revealed", "room:told", "room:running"
REFUSED = "room:refused"  # of the room that this visitor has asked to lead by a wrong secret
# What a link has of its visitor's own: the class's link is the rest.
OWN = {PARAMETER, TEACH, AGAIN, PRESENT, visitor.PARAMETER, *PARAMETERS}


def code() -> str | None:
    """Return the code of this visitor's room, by the session."""
    return st.session_state.get(CODE)


def leads() -> bool:
    """Say whether this visitor leads a room."""
    return SECRET in st.session_state


def show(here: PageEntry) -> Held | None:
    """Show where this visitor is in a room, and go where the class is; before the page runs.

    Return how the room holds a lesson's panel, None outside a room.
    """
    state = st.session_state
    state[HERE], state[RUNNING] = here.url_path, True
    _read_link()
    if CODE not in state:
        return None
    try:
        room = store.here().find(state[CODE])
    except RoomError as error:
        leave()
        st.warning(sentence(str(error)))
        return None
    _check_lead(room)
    st.query_params[PARAMETER] = room.code
    standing = Standing.from_state(room.state)
    # By a QR code; elsewhere, and with a lesson in the link, the browser asks.
    arrived = here is HOME and KEY not in state and not {*PARAMETERS} & {*st.query_params}
    if not leads() and (state.pop(TYPED, False) or arrived):
        _follow(room, standing)
    result = _component()(
        key=MOUNTED,
        data={
            "code": room.code,
            "address": feed.address(room.code),
            "leads": leads(),
            "secret": state.get(SECRET, ""),
            "refused": state.get(REFUSED) == room.code,
            "key": state.get(KEY, ""),
            "pageKey": state.get(PAGE_KEY, ""),
        },
        on_act_change=lambda: None,
    )
    if result.act:
        _do(result.act, room)
    if CODE not in state:
        return None
    cohort = state[COHORT] if leads() else standing.cohort
    kept = f"{room.code} {cohort}"
    return Held(leads=leads(), room=kept, follow=None if leads() else _follow_step)


def go_along() -> None:
    """Go where the class is, where the browser has asked for that; before anything is drawn."""
    state = st.session_state
    asked = state.get(MOUNTED, {}).get("act")
    if CODE not in state or leads() or not isinstance(asked, dict) or asked.get("act") != "sync":
        return
    with suppress(RoomError):  # `show` tells why
        room = store.here().find(state[CODE])
        _follow(room, Standing.from_state(room.state))


def tell() -> None:
    """Let the class stand where the teacher's page stands; after the page has run."""
    state = st.session_state
    state[RUNNING] = False
    if not leads() or state.get(HERE) in ALONE:
        return
    standing = _standing(state[HERE])
    rest = _rest(standing)
    keys = {"key": standing.key(rest), "page_key": standing.page_key(rest)}
    told = {**standing.state(), **keys}
    if state.get(TOLD) == told:
        return
    store.here().lead(state[CODE], state[SECRET], told, standing.open_question)
    state[TOLD] = told


def _tell_meanwhile() -> None:
    """Tell of a scene that a hand has just made, where only a part of the page runs."""
    if leads() and not st.session_state.get(RUNNING):
        with suppress(RoomError):  # the next run of the page tells why
            tell()


link.LISTENERS.append(_tell_meanwhile)


def open_room() -> None:
    """Open a room for who asks, which stands at home until they go anywhere."""
    opened = store.here().open(visitor.current().id, Standing().state())
    lead(opened.code, opened.secret)


def lead(room_code: str, secret: str) -> None:
    """Make this session the leader's. Raises RoomError where the secret is not the room's."""
    if not store.here().is_led_by(room_code, secret):
        raise RoomError("Only who opened a room leads it, by its own link.")
    state = st.session_state
    state[CODE], state[SECRET] = codes.as_typed(room_code), secret
    before = Standing.from_state(store.here().find(room_code).state)
    state[COHORT] = before.cohort
    state[REVEALED] = before.question if before.revealed else ""
    state.pop(TOLD, None)
    if AGAIN in st.query_params:
        del st.query_params[AGAIN]
        state[COHORT], state[REVEALED] = before.cohort + 1, ""
        store.here().forget_guesses(room_code, secret)


def enter(typed: str) -> None:
    """Be in a room by a code that somebody typed; raises as `join` does."""
    join(typed)
    st.session_state[TYPED] = True


def join(typed: str) -> None:
    """Be in a room; raises RoomError, one sentence, where that can't be."""
    room = store.here().join(typed, visitor.current().id)
    st.session_state[CODE] = room.code


def close() -> None:
    """End the room that this visitor leads."""
    store.here().close(st.session_state[CODE], st.session_state[SECRET])
    leave()


def leave() -> None:
    """Be in no room any more."""
    for name in (CODE, SECRET, COHORT, KEY, PAGE_KEY, REVEALED, TOLD):
        st.session_state.pop(name, None)
    for name in (PARAMETER, TEACH):
        if name in st.query_params:
            del st.query_params[name]


def _read_link() -> None:
    """Take a room, and the secret of who leads, out of the link."""
    asked, secret = st.query_params.get(PARAMETER), st.query_params.get(TEACH)
    if secret is not None:
        del st.query_params[TEACH]  # nobody reads it from the address on a projector
    try:
        if asked is not None and (code() is None or codes.as_typed(asked) != code()):
            leave()
            join(asked)
        if asked is not None and secret is not None:
            lead(asked, secret)
    except RoomError as error:
        leave()
        st.warning(sentence(str(error)))


def _check_lead(room: Room) -> None:
    state = st.session_state
    if SECRET in state and not store.here().is_led_by(room.code, state[SECRET]):
        del state[SECRET]


def _do(act: Any, room: Room) -> None:
    """Carry out what the browser asked for; what none could have sent is left alone."""
    match act:
        case {"act": "lead", "secret": str(secret)}:
            if store.here().is_led_by(room.code, secret):
                lead(room.code, secret)
            else:
                st.session_state[REFUSED] = room.code
            st.rerun()
        case {"act": "reveal", "question": str(question)} if leads():
            st.session_state[REVEALED] = question
        case {"act": "leave"}:
            leave()
            st.switch_page(ROOM.path)
        case {"act": "over", "why": str(why)}:
            leave()
            st.warning(sentence(why))


def _follow(room: Room, standing: Standing) -> NoReturn:
    """Go where the class is: its page, its scene, its step; in the visitor's own language."""
    query: dict[str, Any] = {**standing.query, PARAMETER: [room.code]}
    if standing.lesson:
        query |= _take_place(standing).query()
    else:
        position.leave()
    _note(room)
    going.to(next((each for each in PAGES if _path(each) == standing.page), HOME), query)


def _follow_step() -> None:
    """Go to another step of this page: only the lesson's panel runs, the browser has the scene."""
    with suppress(RoomError):  # `show` tells why
        room = store.here().find(str(code()))
        standing = Standing.from_state(room.state)
        if not standing.lesson or room.state.get("page_key") != st.session_state.get(PAGE_KEY):
            _follow(room, standing)
        st.query_params.update(_take_place(standing).query())
        _note(room)


def _take_place(standing: Standing) -> Position:
    """Be at the class's step, in the visitor's own language."""
    mine: Position | None = st.session_state.get(position.AT)
    same = mine is not None and mine.lesson == standing.lesson
    language = mine.language if mine and same else standing.language
    at = Position(standing.lesson, standing.step, language)
    st.session_state[position.AT] = at
    return at


def _note(room: Room) -> None:
    st.session_state[KEY] = room.state.get("key", "")
    st.session_state[PAGE_KEY] = room.state.get("page_key", "")


def _standing(page: str) -> Standing:
    """Return where this visitor's own page stands."""
    query = {name: st.query_params.get_all(name) for name in st.query_params if name not in OWN}
    known = vocabulary.PAGES.get(page)
    scene = next(iter(known.scenes), "") if known else ""
    path = "" if page == HOME.url_path else page
    at: Position | None = st.session_state.get(position.AT)
    cohort = int(st.session_state.get(COHORT, 0))
    if at is None:
        return Standing(path, query, scene, cohort=cohort)
    step = position.lesson_of(at).steps[at.step - 1]
    question = f"{at.lesson}:{step.id}" if step.question else ""
    revealed = bool(question) and st.session_state.get(REVEALED) == question
    step_of = at.lesson, at.step, at.language, question
    return Standing(path, query, scene, *step_of, revealed, cohort)


def _rest(standing: Standing) -> str:
    """Return what needs a run of the page: the models of a scene, and parts that are put away."""
    known = vocabulary.PAGES.get(standing.page)
    if not known:
        return ""
    away: list[str] = []
    if standing.lesson:
        at = Position(standing.lesson, standing.step, standing.language)
        step = position.lesson_of(at).steps[at.step - 1]
        away = sorted(place for place in step.hide if place in known.page)
    text = standing.scene_text
    try:
        scene = known.scenes[standing.scene](text) if text else None
    except TrisymError:
        return text
    return ",".join([*away, *getattr(scene, "models", ())])


def _path(page: PageEntry) -> str:
    return "" if page is HOME else page.url_path


@cache
def _component() -> Any:
    """Register it at the first visit: app.py is imported before the server can hold components."""
    return registered("trisym_room", Path(__file__).parent / "web" / "room.js")


def parameters() -> Mapping[str, str]:
    """Return what a link has that opens this visitor's room for others."""
    return {PARAMETER: str(code())}
