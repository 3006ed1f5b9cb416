"""A class in a room, without a browser: what is told to whom, guesses, links and the QR code."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from trisym.errors import DataError
from trisym.lessons import shelf
from trisym.paths import ROOT
from trisym.rooms import store
from trisym.rooms.standing import Standing
from trisym.rooms.watching import OVER, Watcher
from trisym.storage import visitors
from trisym.storage.home import HOME
from trisym.ui.kit import address, visitor
from trisym.ui.lessons import vocabulary
from trisym.ui.room import feed

ANN, BOB = "a" * 16, "b" * 24
STANDING = Standing("symmetry", {"scene": ["v1.x"]}, "scene", "drift", 1, "en", "drift:guess")


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME, str(tmp_path))


@pytest.fixture
def opened() -> store.Opened:
    opened = store.here().open("teacher", {})
    lead(opened, STANDING)
    return opened


def lead(opened: store.Opened, standing: Standing) -> None:
    state = {**standing.state(), "key": standing.key()}
    store.here().lead(opened.code, opened.secret, state, standing.open_question)


def call(
    code: str,
    person: str,
    body: bytes | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Any:
    """What the route answers, without a server around it."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body or b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "GET" if body is None else "POST",
        "path_params": {"code": code},
        "query_string": urlencode({"person": person}).encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    answer = asyncio.run(feed._answer(Request(scope, receive)))
    assert answer.status_code == 200
    return json.loads(bytes(answer.body))


def ask(code: str, person: str = ANN, **headers: str) -> Any:
    return call(code, person, headers=headers)


def guess(code: str, body: Any, person: str = ANN, **headers: str) -> Any:
    return call(code, person, json.dumps(body).encode(), headers)


# The news


def test_guesses_are_the_teacher_s_until_the_truth_is_shown(opened: store.Opened) -> None:
    for person, value in ((ANN, "sides"), (ANN, "sides"), (BOB, "none")):
        assert "taken" in guess(opened.code, {"question": "drift:guess", "value": value}, person)
    news = ask(opened.code.lower())
    assert (news["count"], news["guesses"], news["mine"]) == (2, None, "sides")
    assert (news["people"], news["scene"], news["step"]) == (2, "v1.x", 1)
    assert ask(opened.code, **{feed.SECRET: "wrong"})["guesses"] is None
    led = ask(opened.code, **{feed.SECRET: opened.secret})
    assert sorted(led["guesses"]) == ["none", "sides"]
    shown = Standing(**{**STANDING.state(), "revealed": True})
    lead(opened, shown)
    news = ask(opened.code)
    assert sorted(news["guesses"]) == ["none", "sides"]
    assert news["revealed"]
    refused = guess(opened.code, {"question": "drift:guess", "value": "both"})
    assert "no guesses any more" in refused["error"]
    assert opened.secret not in str(news)


def test_a_browser_is_known_by_its_cookie(opened: store.Opened) -> None:
    """Whatever it says of itself: a guess counts once."""
    cookie = f"{visitor.cookie()}={visitors.token(visitors.new_id())}"
    for person, value in ((ANN, "sides"), (BOB, "none")):
        body = {"question": "drift:guess", "value": value}
        guess(opened.code, body, person, cookie=cookie)
    assert store.here().guesses(opened.code, "drift:guess") == ["none"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'"sides"',
        b'{"question": "drift:guess"}',
        b'{"question": "drift:guess", "value": null}',
        b'{"question": "drift:guess", "value": true}',
        b'{"question": "drift:guess", "value": NaN}',
        b'{"question": "drift:guess", "value": [1, "2"]}',
        b'{"question": "drift:guess", "value": [1, 2, 3, 4]}',
        b'{"question": "drift:guess", "value": {"a": 1}}',
        b'{"question": 1, "value": 1}',
        b'{"question": "drift:guess", "value": "' + b"x" * 2000 + b'"}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_guess_is_a_sentence(opened: store.Opened, body: bytes) -> None:
    assert call(opened.code, ANN, body)["error"].startswith("A guess is")


def test_no_room_and_nobody_are_sentences(opened: store.Opened) -> None:
    assert "There is no room 'what'" in ask("what")["error"]
    assert "16 to 64 hex digits" in ask(opened.code, "<b>")["error"]
    store.here().close(opened.code, opened.secret)
    assert ask(opened.code)["error"] == f"The room {opened.code} is closed."
    with pytest.raises(DataError):
        feed.person_of({}, "")


def test_who_waits_hears_at_once_of_what_another_process_writes(opened: store.Opened) -> None:
    async def waits() -> list[float]:
        loop, looked = asyncio.get_running_loop(), asyncio.Semaphore(0)

        def rooms() -> store.Rooms:
            loop.call_soon_threadsafe(looked.release)
            return store.here()

        watcher = Watcher(rooms)
        have = store.here().versions(opened.code)
        begun = time.monotonic()

        async def one() -> float:
            await watcher.until(opened.code, lambda seen: seen > have, 30)
            return time.monotonic() - begun

        waiting = [asyncio.create_task(one()) for _ in range(30)]
        for _ in range(3):
            await looked.acquire()
        assert not any(task.done() for task in waiting)
        lead(opened, Standing("energy"))
        return await asyncio.gather(*waiting)

    assert max(asyncio.run(waits())) < 30  # heard, not timed out


def test_who_waits_hears_that_a_room_is_over(opened: store.Opened) -> None:
    async def seen() -> list[tuple[int, int]]:
        heard: list[tuple[int, int]] = []
        watching = Watcher(store.here).until(opened.code, lambda it: not heard.append(it), 30)  # type: ignore[func-returns-value]
        await watching
        return heard

    store.here().close(opened.code, opened.secret)
    assert asyncio.run(seen()) == [OVER]


# Where a class stands


def test_a_standing_outlives_the_file() -> None:
    state = {**STANDING.state(), "key": "k", "of a later version": 1}
    assert Standing.from_state(state) == STANDING
    assert Standing.from_state({}) == Standing()


def test_only_what_a_browser_can_t_do_alone_needs_a_run() -> None:
    def with_(**changes: Any) -> Standing:
        return Standing(**{**STANDING.state(), **changes})

    same = [with_(query={"scene": ["v1.y"]}), with_(revealed=True)]
    other = [with_(step=2), with_(page="energy"), with_(query={"scene": ["v1.x"], "a": ["1"]})]
    assert {each.key() for each in same} == {STANDING.key()}
    assert len({each.key() for each in other} | {STANDING.key()}) == 4
    assert [each.page_key() == STANDING.page_key() for each in other] == [True, False, False]
    assert STANDING.key("another model") != STANDING.key()
    assert (STANDING.open_question, same[1].open_question) == ("drift:guess", None)


# The pages


def app(**parameters: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in parameters.items():
        test.query_params[name] = value
    return test


def test_the_secret_leaves_the_link_and_leads(opened: store.Opened) -> None:
    test = app(room=opened.code, teach=opened.secret).run()
    assert not test.exception
    assert "teach" not in test.query_params
    assert test.query_params["room"] == opened.code
    assert store.here().find(opened.code).state["page"] == ""  # the class is where the teacher is
    wrong = app(room=opened.code, teach="x" * 22).run()
    assert "leads it" in wrong.warning[0].value


@pytest.mark.parametrize("code", ["BCDF", "x", "<script>alert(1)</script>", "A" * 500])
def test_a_link_to_no_room_is_a_sentence_and_the_page_is_there(code: str) -> None:
    test = app(room=code).run()
    assert not test.exception
    assert "There is no room" in test.warning[0].value
    assert test.title[0].value == "Turn a triangle. Does the network notice?"
    assert "room" not in test.query_params


def test_a_qr_code_is_small_and_any_reader_s() -> None:
    picture = address.qr("https://school.example/lab/?room=BCDF")
    assert len(picture) < 6_000
    assert picture.startswith("<svg")
    assert re.search(r'fill="(#fff|white)"', picture)  # light ground in a dark theme, too


def test_who_comes_late_sees_the_present_step(opened: store.Opened) -> None:
    lesson = shelf.shelf(vocabulary.PAGES).lessons["drift"]
    step = lesson.steps[1]
    query = {name: [text] for name, text in step.query.items()}
    lead(opened, Standing(step.page, query, "scene", "drift", 2, "en"))
    test = app(room=opened.code).run()
    assert not test.exception
    asked = {name: test.query_params[name] for name in ("lesson", "step", "room", "scene")}
    assert asked == {"lesson": "drift", "step": "2", "room": opened.code, **step.query}


def test_a_follower_s_own_page_is_not_where_the_class_goes(opened: store.Opened) -> None:
    """Only who leads moves the class, whatever a follower's link says."""
    before = store.here().versions(opened.code)
    test = app(room=opened.code, lesson="drift", step="1", again="true").run()
    assert not test.exception
    assert store.here().versions(opened.code) == before


def test_a_new_class_finds_no_guesses_and_keeps_its_own_apart(opened: store.Opened) -> None:
    store.here().guess(opened.code, "drift:guess", ANN, "sides")
    test = app(room=opened.code, teach=opened.secret, again="true", lesson="drift", step="1").run()
    assert not test.exception
    assert "again" not in test.query_params
    room = store.here().find(opened.code)
    assert Standing.from_state(room.state).cohort == 1
    assert store.here().guesses(opened.code, "drift:guess") == []
    assert room.state["page_key"] != Standing.from_state({**room.state, "cohort": 0}).page_key()
