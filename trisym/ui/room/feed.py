"""Tells browsers in a room what is new, as it happens, and takes their guesses; no page runs.

GET rooms/<code>?have=<version>&guessed=<n> waits until there is news. Guesses are told to who leads
the room, by the secret in a header, and to everybody once the truth is shown. POST rooms/<code>
takes a guess, as often as a browser has to send it: {"question": …, "value": …}. What can't be is
answered by {"error": a sentence}.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import time
from typing import TYPE_CHECKING, Any

from trisym.errors import DataError, TrisymError
from trisym.rooms import codes, store
from trisym.rooms.standing import Standing
from trisym.rooms.watching import Watcher
from trisym.storage import visitors
from trisym.ui.kit import visitor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

FOLDER = "rooms"
SECRET = "x-trisym-room"  # the header with the secret of who leads
WAIT_S = 5.0  # a request waits for so long: a server that is told to end waits for its requests
SEEN_S = 20.0  # presence is written so often
MOST_BODY = 1_000  # bytes of a guess
PERSON = re.compile(r"[0-9a-f]{16,64}")
NO_STORE = {"Cache-Control": "no-store"}

_watcher = Watcher(store.here)
_seen: dict[tuple[str, str], float] = {}


def address(code: str) -> str:
    """Return where the news of a room are, relative to any page of the app."""
    return f"{FOLDER}/{code}"


def news(code: str, person: str, secret: str = "") -> dict[str, Any]:
    """Return how a room stands, for one browser. Raises RoomError for a room that is over."""
    rooms = store.here()
    room = rooms.find(code)
    standing = Standing.from_state(room.state)
    leads = bool(secret) and rooms.is_led_by(code, secret)
    guesses = rooms.guesses(code, standing.question) if standing.question else []
    return {
        "version": room.version,
        "guessed": room.guessed,
        "people": room.people,
        "key": room.state.get("key", ""),
        "pageKey": room.state.get("page_key", ""),
        "scene": standing.scene_text,
        "lesson": standing.lesson,
        "step": standing.step,
        "question": standing.question,
        "revealed": standing.revealed,
        "count": len(guesses),
        "guesses": guesses if leads or standing.revealed else None,
        "mine": rooms.guess_of(code, standing.question, person) if standing.question else None,
    }


def person_of(cookies: Mapping[str, str], said: str) -> str:
    """Return who a browser is: by its cookie, else by what it says; nobody's name."""
    known = visitors.read_token(cookies.get(visitor.cookie(), ""))
    if known:
        return known
    if not PERSON.fullmatch(said):
        raise DataError("A browser without cookies must say who it is by 16 to 64 hex digits.")
    return said


def guess_in(body: bytes) -> tuple[str, Any]:
    """Return the question and the guess that a browser sent; raises DataError for other things."""
    wrong = DataError("A guess is an option, a number or two coordinates, of one question.")
    if len(body) > MOST_BODY:
        raise wrong
    try:
        sent = json.loads(body)
    except ValueError as error:
        raise wrong from error
    question, value = (
        (sent.get("question"), sent.get("value")) if isinstance(sent, dict) else (0, 0)
    )
    numbers = value if isinstance(value, list) and 0 < len(value) <= 3 else [value]
    is_number = all(
        isinstance(each, int | float) and not isinstance(each, bool) and math.isfinite(each)
        for each in numbers
    )
    if not isinstance(question, str) or not (isinstance(value, str) or is_number):
        raise wrong
    return question, value


def routes(base: str) -> list[Route]:
    """Return the route under the app's base path."""
    from starlette.routing import Route

    prefix = f"/{base.strip('/')}" if base.strip("/") else ""
    return [Route(f"{prefix}/{FOLDER}/{{code}}", _answer, methods=["GET", "POST"])]


async def _answer(request: Request) -> Response:
    from starlette.responses import JSONResponse

    try:
        told = await (_take(request) if request.method == "POST" else _tell(request))
    except TrisymError as error:
        told = {"error": str(error)}  # for the visitor; no fault of the request
    return JSONResponse(told, headers=NO_STORE)


async def _tell(request: Request) -> dict[str, Any]:
    code = _code(request)
    asked = request.query_params
    have, guessed = _number(asked.get("have")), _number(asked.get("guessed"))
    person = person_of(request.cookies, asked.get("person", ""))
    secret = request.headers.get(SECRET, "")
    if not secret:
        await asyncio.to_thread(_be_seen, code, person)

    def is_news(seen: tuple[int, int]) -> bool:
        return seen[0] > have or seen[1] > guessed

    await _watcher.until(code, is_news, WAIT_S)
    return await asyncio.to_thread(news, code, person, secret)


async def _take(request: Request) -> dict[str, Any]:
    code = _code(request)
    person = person_of(request.cookies, request.query_params.get("person", ""))
    question, value = guess_in(await request.body())
    await asyncio.to_thread(store.here().guess, code, question, person, value)
    return {"question": question, "taken": value}


def _be_seen(code: str, person: str) -> None:
    """Note that somebody is there, now and then."""
    now = time.monotonic()
    if now - _seen.get((code, person), -SEEN_S) < SEEN_S:
        return
    store.here().join(code, person)
    for other in [other for other, at in _seen.items() if now - at > 3 * SEEN_S]:
        del _seen[other]
    _seen[code, person] = now


def _code(request: Request) -> str:
    typed = str(request.path_params["code"])
    return codes.as_typed(typed) or typed[: codes.LONGEST]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else -1
