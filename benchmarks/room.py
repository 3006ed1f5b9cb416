"""Thirty students follow a teacher for three minutes and guess; midway the app is killed.

Real websocket sessions and the real requests of a browser in a room, on the real server, without
browsers. From step to screen: from the teacher's request to the end of each student's run of the
page, or, for a scene, which needs no run, to its arrival.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import statistics
import time
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import numpy as np
import psutil  # type: ignore[import-untyped]
from websockets.exceptions import ConnectionClosed

from benchmarks._visitors import Visitor, arriving
from benchmarks.app import memory_mb, own_library
from benchmarks.report import Goal, Report, Table
from tests.browser import server
from trisym.lessons import shelf
from trisym.lessons.lesson import Choice, Number, Question
from trisym.lessons.position import Position
from trisym.rooms import store
from trisym.rooms.standing import Standing
from trisym.ui.lessons import vocabulary
from trisym.ui.symmetry.scene import Scene

STUDENTS = 30
SECONDS = 180.0
PAUSE_S = 6.0  # between a teacher's steps: a brisk one
THINK_S = 2.0  # a guess comes within so long
AWAY_S = 1.0  # a browser asks again after so long when the server is away
LATE_S = 60.0  # a step that has not come by then is lost
# What a step asks of a student's page: a run of it, of the lesson's panel only, or none.
KINDS = RUN, STEP, SCENE = "another page, or other networks", "a step", "a scene"
COMPONENT, PANEL = "trisym_room", "trisym_lesson"

P95_S = 1.5
MEMORY_MB = 1200.0


def run() -> Report:
    """Lead a class through the shipped lessons, and report how late it was and what was lost."""
    with own_library():
        room = _Class(server.free_port())
        asyncio.run(room.measure())
    found = room.found
    late = {kind: sorted(seconds) for kind, seconds in found.late.items()}
    rows = [
        {
            "what": kind,
            "times": len(late[kind]),
            "median, s": statistics.median(late[kind]),
            "p95, s": float(np.percentile(late[kind], 95)),
            "longest, s": late[kind][-1],
        }
        for kind in late
        if late[kind]
    ]
    every = [seconds for kind in late for seconds in late[kind]]
    return Report(
        bench="room",
        figures={
            "students": STUDENTS,
            "seconds": SECONDS,
            "steps and scenes": found.steps,
            "guesses given": found.given,
            "guesses kept": found.kept,
            "seconds until the first answer after the kill": found.back_s,
            "students who went on after the kill": found.went_on,
            "server, cores busy in the mean": found.cores,
            "most memory, MB": found.most_mb,
            "faults": found.faults,
        },
        goals=[
            Goal("step to screen, p95, s", float(np.percentile(every, 95)), P95_S),
            Goal("steps that did not arrive", float(found.lost), 0),
            Goal("guesses lost", float(found.given - found.kept), 0),
            Goal("MB resident, server", found.most_mb, MEMORY_MB),
            Goal("students who did not go on", float(STUDENTS - found.went_on), 0),
            Goal("faults", float(len(found.faults)), 0),
        ],
        tables=[Table("From the teacher's step to a student's screen", rows)],
    )


@dataclass
class _Found:
    late: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    steps: int = 0
    lost: int = 0
    given: int = 0
    kept: int = 0
    back_s: float = 0.0
    went_on: int = 0
    cores: float = 0.0
    most_mb: float = 0.0
    faults: list[str] = field(default_factory=list)


@dataclass
class _Step:
    """What the teacher shows: a link's page and query, or another scene of the same page."""

    page: str
    query: dict[str, str]
    question: Question | None = None


class _Class:
    """A teacher and the students, each with what its browser would have kept."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.found = _Found()
        self.over = asyncio.Event()
        self.threads = ThreadPoolExecutor(2 * STUDENTS + 4)  # one long request each, and a guess
        self.sent: dict[str, float] = {}  # when the teacher asked for a standing, by its mark
        self.seen: dict[str, int] = {}
        self.kinds: dict[str, str] = {}
        self.arrivals: list[tuple[str, float]] = []
        self.questions: dict[str, Question] = {}
        self.shown = _Step("", {})
        self.restarted = 0.0
        self.awaits_restart: set[int] = set()

    async def measure(self) -> None:
        """Run the class; the server is killed in the middle and started again."""
        asyncio.get_running_loop().set_default_executor(self.threads)
        opened = store.here().open("bench", Standing().state())
        self.code, self.secret = opened.code, opened.secret
        begun = time.perf_counter()
        with self._server() as running:
            students = [asyncio.create_task(self._student(i)) for i in range(STUDENTS)]
            await self._all_here()
            steps = self._steps()
            await self._lead(running, steps, begun + SECONDS / 2)
            running.process.kill()
            running.process.wait()
        self.restarted = time.perf_counter()
        self.awaits_restart = set(range(STUDENTS))
        with self._server() as running:
            await self._lead(running, steps, begun + SECONDS)
            await self._settle()
            self.over.set()
            await asyncio.gather(*students)
        for mark, seconds in self.arrivals:
            self.found.late[self.kinds[mark]].append(seconds)
        self.found.kept = sum(len(store.here().guesses(self.code, name)) for name in self.questions)
        self.found.went_on = STUDENTS - len(self.awaits_restart)
        self.found.lost = sum(STUDENTS - count for count in self.seen.values())

    @contextmanager
    def _server(self) -> Iterator[server.Server]:
        with server.running(port=self.port) as running:
            yield running
            if "Traceback" in running.logged():
                self.found.faults.append(running.logged()[-2000:])

    def _steps(self) -> Iterator[_Step]:
        """Yield the steps of all lessons, with scenes between them, over and over."""
        lessons = list(shelf.shelf(vocabulary.PAGES).lessons.values())
        draw = np.random.default_rng(1)
        while True:
            for lesson in lessons:
                for number, step in enumerate(lesson.steps, 1):
                    at = Position(lesson.id, number, "en")
                    query = {**step.query, **at.query()}
                    if step.question:
                        self.questions[f"{lesson.id}:{step.id}"] = step.question
                    yield _Step(step.page, query, step.question)
                    if step.page == "symmetry" and "scene" in step.query:
                        scene = Scene.from_text(step.query["scene"])
                        shift = draw.normal(0, 0.02, (3, 3)).tolist()
                        moved = replace(scene, pose=_shifted(scene.pose, shift))
                        yield _Step(step.page, {**query, "scene": moved.to_text()})

    async def _lead(self, running: server.Server, steps: Iterator[_Step], end: float) -> None:
        process = psutil.Process(running.process.pid)
        async with arriving(self.url) as teacher:
            own = {**self.shown.query, "room": self.code, "teach": self.secret}
            await teacher.open(self.shown.page, urlencode(own))  # a browser opens where it was
            await asyncio.sleep(PAUSE_S)
            times, began = process.cpu_times(), time.perf_counter()
            while time.perf_counter() < end:
                step = next(steps)
                await self._show(teacher, step)
                self.found.most_mb = max(
                    self.found.most_mb, sum(memory_mb(running.process.pid).values())
                )
                await asyncio.sleep(PAUSE_S)
            busy = process.cpu_times()
            spent = busy.user + busy.system - times.user - times.system
            self.found.cores = max(
                self.found.cores, round(spent / (time.perf_counter() - began), 2)
            )

    async def _show(self, teacher: Visitor, step: _Step) -> None:
        self.shown = step
        before = store.here().find(self.code)
        mark = f"{before.version + 1}"
        self.sent[mark], self.seen[mark] = time.perf_counter(), 0
        query = urlencode({**step.query, "room": self.code})
        visit = await teacher.open(step.page, query)
        self.found.faults += visit.faults
        self.found.steps += 1
        after = store.here().find(self.code)
        self.kinds[mark] = _kind(before.state, after.state)
        if after.version != before.version + 1:
            self.found.faults.append(f"{step.page}?{query} is not one version of the room")

    async def _all_here(self) -> None:
        deadline = time.perf_counter() + LATE_S
        while store.here().find(self.code).people < STUDENTS:
            if time.perf_counter() > deadline:
                raise TimeoutError("The students did not come.")
            await asyncio.sleep(0.1)
        await asyncio.sleep(PAUSE_S)

    async def _settle(self) -> None:
        """Wait until the last step is on all screens and the last guess is taken."""
        deadline = time.perf_counter() + LATE_S
        last = next(reversed(self.seen))
        while self.seen[last] < STUDENTS and time.perf_counter() < deadline:
            await asyncio.sleep(0.1)
        await asyncio.sleep(THINK_S + PAUSE_S)

    # A student

    async def _student(self, number: int) -> None:
        """Follow the room as a browser does (ui/room/web), whatever becomes of the server."""
        person, kept = secrets.token_hex(12), set[str]()
        dice = np.random.default_rng(number)
        have, guessed, key, page_key, link = -1, -1, "", "", ("", urlencode({"room": self.code}))
        guesses: set[asyncio.Task[None]] = set()
        asked: set[str] = set()
        while not self.over.is_set():
            with suppress(ConnectionClosed, OSError):
                async with AsyncExitStack() as stack:
                    visitor = await stack.enter_async_context(arriving(self.url, kept))
                    visit = await visitor.open(*link)
                    self.found.faults += visit.faults
                    while not self.over.is_set():
                        news = await self._news(person, have, guessed)
                        if news is None:
                            break  # the server is away
                        if self.restarted:
                            self._is_back(number)
                        is_new, is_run = news["version"] != have, news["key"] != key
                        have, guessed = news["version"], news["guessed"]
                        if is_new and is_run:
                            key, same = news["key"], news["pageKey"] == page_key
                            page_key = news["pageKey"]
                            if same and news["lesson"]:
                                visit = await visitor.tell(PANEL, "follow", {"sent": have})
                            else:
                                visit = await visitor.send(COMPONENT, "act", {"act": "sync"})
                            self.found.faults += visit.faults
                            pages = {each: page for page, each in visitor.pages.items()}
                            # A run that the kill has cut short has told of no page yet.
                            link = pages.get(visitor.here, link[0]), visitor.query
                        if is_new:
                            self._arrived(have)
                        question = news["question"]
                        if question and not news["revealed"] and question not in asked:
                            asked.add(question)
                            task = self._guess(person, question, dice)
                            guesses.add(asyncio.create_task(task))
            await asyncio.sleep(AWAY_S)
        await asyncio.gather(*guesses)

    def _is_back(self, number: int) -> None:
        self.awaits_restart.discard(number)
        self.found.back_s = self.found.back_s or time.perf_counter() - self.restarted

    def _arrived(self, version: int) -> None:
        mark = str(version)
        if mark in self.sent:
            self.seen[mark] += 1
            self.arrivals.append((mark, time.perf_counter() - self.sent[mark]))

    async def _news(self, person: str, have: int, guessed: int) -> dict[str, Any] | None:
        query = urlencode({"have": have, "guessed": guessed, "person": person})
        return await asyncio.to_thread(_told, f"{self.url}/rooms/{self.code}?{query}")

    async def _guess(self, person: str, question: str, dice: np.random.Generator) -> None:
        """Guess after a while, and send it until it is taken, as web/room_feed.js does."""
        await asyncio.sleep(float(dice.uniform(0, THINK_S)))
        self.found.given += 1
        value = _value(self.questions[question], dice)
        body = json.dumps({"question": question, "value": value}).encode()
        url = f"{self.url}/rooms/{self.code}?{urlencode({'person': person})}"
        while await asyncio.to_thread(_told, url, body) is None:
            await asyncio.sleep(AWAY_S)


def _kind(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if before.get("page_key") != after["page_key"]:
        return RUN
    return STEP if before["key"] != after["key"] else SCENE


def _shifted(pose: Any, shift: Any) -> Any:
    """Return vertices as a hand might have left them."""
    return tuple(
        tuple(a + b for a, b in zip(vertex, by, strict=True))
        for vertex, by in zip(pose, shift, strict=True)
    )


def _value(question: Question, dice: np.random.Generator) -> object:
    if isinstance(question, Choice):
        return str(dice.choice(question.options))
    if isinstance(question, Number):
        return float(question.answer * dice.uniform(0.5, 2))
    return dice.normal(size=2).round(3).tolist()


def _told(url: str, body: bytes | None = None) -> dict[str, Any] | None:
    """Return what the server answers, None where it is away."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body), timeout=LATE_S) as answer:
            told: dict[str, Any] = json.load(answer)
            return told
    except (OSError, ValueError):
        return None
