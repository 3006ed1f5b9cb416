"""Thirty students open the same page at once, one page after the other, while a run trains.

Real websocket sessions on the real server, without browsers. Server time is what the app's process
computes for one visit alone; a second visit is a new session of a browser that has been there.

Before that, all thirty press Train where their own browsers train, and stand there: what the app's
process computes meanwhile is what their sessions cost. There are no browsers here that could send
anything; what a real one sends while it trains, `bench browser-training` measures.
"""

from __future__ import annotations

import asyncio
import math
import statistics
from contextlib import AsyncExitStack
from dataclasses import dataclass

import numpy as np
import psutil  # type: ignore[import-untyped]

from benchmarks._visitors import Visit, Visitor, arriving
from benchmarks.app import memory_mb, own_library
from benchmarks.report import Goal, Report, Table
from tests.browser import server
from trisym.ui.kit.navigation import HOME, PAGES
from trisym.ui.kit.server import EARLY_S

STUDENTS = 30
ALONE = 7  # visits of a page alone, of which the median counts
ROUNDS = 2  # the thirty go through all pages this often
TRAINING_S = 600
SETTLED_S = 0.3  # by then what a visit leaves behind is done, too

STANDING_S = 20.0  # as long as a run of the fast preset

SERVER_S = 0.1
STANDING_SHARE = 0.05  # of one core, for all thirty
P95_S = 4.0
SECOND_KB = 200.0
MEMORY_MB = 900.0


@dataclass(frozen=True)
class Alone:
    """A page visited by one: first visits of a server's life, then later ones."""

    first_s: float
    server_s: float
    first_kb: float
    second_kb: float


def run() -> Report:
    """Visit every page alone, then with thirty, and report the slowest and the heaviest."""
    with own_library(), server.running() as running:
        found = asyncio.run(_measure(running))
        faults = found.faults + running.logged().count("Traceback")
    alone, seconds = found.alone, found.seconds
    rows = [
        {
            "page": page or "home",
            "first visit of all, s": alone[page].first_s,
            "server time, s": alone[page].server_s,
            "first visit, KB": alone[page].first_kb,
            "second visit, KB": alone[page].second_kb,
            "thirty: median, s": statistics.median(seconds[page]),
            "thirty: p95, s": _p95(seconds[page]),
        }
        for page in alone
    ]
    return Report(
        bench="classroom",
        figures={"students": STUDENTS, "faults": faults, "most memory, MB": found.most_mb}
        | {"MB after each page alone": found.alone_mb}
        | {"share of a core, nobody there": found.at_rest}
        | {"share of a core, thirty training in their browsers": found.standing}
        | {f"{row['page']}": {k: v for k, v in row.items() if k != "page"} for row in rows},
        goals=[
            Goal("faults", faults, 0),
            Goal("server time of the slowest page, s", _most(rows, "server time, s"), SERVER_S),
            Goal("thirty at once, p95 of the slowest, s", _most(rows, "thirty: p95, s"), P95_S),
            Goal("second visit of the heaviest, KB", _most(rows, "second visit, KB"), SECOND_KB),
            Goal("share of a core, thirty train in their browsers", found.standing, STANDING_SHARE),
            Goal("MB resident, app and worker", sum(found.most_mb.values()), MEMORY_MB),
        ],
        tables=[Table("Pages", rows)],
    )


@dataclass
class _Found:
    alone: dict[str, Alone]
    seconds: dict[str, list[float]]
    alone_mb: dict[str, float]
    most_mb: dict[str, float]  # by process
    faults: int
    at_rest: float
    standing: float


async def _measure(running: server.Server) -> _Found:
    paths = ["" if page is HOME else page.url_path for page in PAGES]
    alone, alone_mb = {}, {}
    await _until_at_rest(running)
    for path in paths:
        alone[path] = await _alone(running, path)
        alone_mb[path or "home"] = sum(memory_mb(running.process.pid).values())
    memory, seconds, faults = [], {path: list[float]() for path in paths}, 0
    at_rest = await _share(running)
    async with AsyncExitStack() as stack:
        students = [await stack.enter_async_context(arriving(running.url)) for _ in range(STUDENTS)]
        for student in students:
            await _train_here(student)
        standing = await _share(running)
        await _train(students[0])
        for path in paths * ROUNDS:
            visits = await asyncio.gather(*(student.open(path) for student in students))
            seconds[path] += [visit.seconds for visit in visits]
            faults += sum(len(visit.faults) for visit in visits)
            memory.append(memory_mb(running.process.pid))
    most_mb = max(memory, key=lambda mb: sum(mb.values()))
    return _Found(alone, seconds, alone_mb, most_mb, faults, at_rest, standing)


async def _until_at_rest(running: server.Server) -> None:
    """Wait until the server has imported its pages, as it does by itself soon after its start."""
    await asyncio.sleep(EARLY_S)
    computed = -math.inf
    while (now := _cpu_s(running)) - computed > 0.1 * SETTLED_S:
        computed = now
        await asyncio.sleep(SETTLED_S)


async def _alone(running: server.Server, path: str) -> Alone:
    kept: set[str] = set()
    visits: list[Visit] = []
    computed: list[float] = []
    for _ in range(1 + ALONE):
        before = _cpu_s(running)
        async with arriving(running.url, kept) as visitor:
            visits.append(await visitor.open(path))
            await asyncio.sleep(SETTLED_S)
        computed.append(_cpu_s(running) - before)
    return Alone(
        first_s=visits[0].seconds,
        server_s=statistics.median(computed[1:]),
        first_kb=(visits[0].sent + visits[0].fetched) / 1000,
        second_kb=max(visit.sent + visit.fetched for visit in visits[1:]) / 1000,
    )


async def _train_here(visitor: Visitor) -> None:
    """Press Train where the visitor's own browser trains."""
    await visitor.open("training")
    await visitor.open("training", pressed="Train")
    if "run=here-" not in visitor.query:
        raise RuntimeError(f"Nothing was ordered of this browser: {visitor.query}")


async def _share(running: server.Server) -> float:
    """Return the share of one core that the app's process takes while nobody asks for anything."""
    await asyncio.sleep(SETTLED_S)
    before = _cpu_s(running)
    await asyncio.sleep(STANDING_S)
    return (_cpu_s(running) - before) / STANDING_S


async def _train(visitor: Visitor) -> None:
    """Start a run that outlasts the measurement."""
    query = f"place=server&budget=seconds&amount={TRAINING_S}"
    await visitor.open("training", query)
    await visitor.open("training", query, pressed="Train")


def _cpu_s(running: server.Server) -> float:
    """Return the processor seconds of the app's own process so far."""
    times = psutil.Process(running.process.pid).cpu_times()
    return float(times.user + times.system)


def _p95(seconds: list[float]) -> float:
    return float(np.percentile(seconds, 95))


def _most(rows: list[dict[str, object]], column: str) -> float:
    return max(float(row[column]) for row in rows)  # type: ignore[arg-type]
