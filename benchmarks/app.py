"""How quick and how large the app is: cold start, page switches, memory, frames while it trains.

In a real Chromium on the real server. "While training" means: a worker of this machine trains the
table 3 network at the same time.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil  # type: ignore[import-untyped]
from playwright.sync_api import Page, sync_playwright

from benchmarks.report import Goal, Report
from tests.browser import chromium, server, visit
from trisym.storage import saved_runs

COLD_S = 4.0
SWITCH_S = 0.5
TWICE = 2.0
MEMORY_MB = 900.0
STAGE_FPS = 20.0
SWITCHES = 6
TITLES = {"Home": "trisym", "Symmetry": "Symmetry"}

# Frames that the stage draws in a second while it tumbles its triangle.
FRAMES = """async (root, seconds) => {
  const { meter } = root.trisymProbe;
  meter.start();
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  const measured = meter.stop();
  return measured.frames / measured.seconds;
}"""


def run() -> Report:
    """Start a server with an empty library, visit it as a lecturer would, and measure."""
    with own_library(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(playwright), args=chromium.FLAGS
        )
        with server.running() as running:
            begun = time.perf_counter()
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.set_default_timeout(visit.PATIENCE_MS)
            page.goto(running.url)
            _home_is_drawn(page)
            cold = time.perf_counter() - begun
            visit.wait_until_idle(page)
            _switches(page, 2)  # the first visit of a page imports what it needs
            idle = _switches(page, SWITCHES)
            _train(page, running.url)
            training = _switches(page, SWITCHES)
            fps = _stage_frames(page)
            memory = memory_mb(running.process.pid)
        browser.close()
    figures = {
        "cold start to the home picture, s": cold,
        "page switch idle, s": idle,
        "page switch while training, s": training,
        "stage while training, frames/s": fps,
        "resident memory, MB": memory,
    }
    total = sum(memory.values())
    idle_s, training_s = statistics.median(idle), statistics.median(training)
    return Report(
        bench="app",
        figures=figures,
        goals=[
            Goal("seconds from a cold start to the home picture", cold, COLD_S),
            Goal("seconds for a page switch, idle, median", idle_s, SWITCH_S),
            Goal("page switch while training over idle", training_s / idle_s, TWICE),
            Goal("MB resident, app and one worker", total, MEMORY_MB),
            Goal("stage, frames a second while a job trains", fps, STAGE_FPS, at_most=False),
        ],
    )


@contextmanager
def own_library() -> Iterator[None]:
    """An empty library, so that nobody's runs are touched."""
    before = os.environ.get(saved_runs.HOME)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[saved_runs.HOME] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ[saved_runs.HOME]
            else:
                os.environ[saved_runs.HOME] = before


def _home_is_drawn(page: Page) -> None:
    page.get_by_role("heading", level=1).wait_for()
    page.locator('[data-testid="stVegaLiteChart"] .marks').first.wait_for()


def _switches(page: Page, count: int) -> list[float]:
    """Go back and forth in the menu; return the seconds until each page's heading stood."""
    ways: list[tuple[str, Callable[[], None]]] = [
        ("Home", lambda: _home_is_drawn(page)),
        ("Symmetry", lambda: page.locator('.stage[data-ready="true"]').wait_for()),
    ]
    seconds = []
    for turn in range(count):
        name, drawn = ways[(turn + 1) % 2]
        begun = time.perf_counter()
        page.get_by_test_id("stSidebarNav").get_by_text(name, exact=True).click()
        page.wait_for_function(f"() => document.title.startsWith('{TITLES[name]}')")
        drawn()
        seconds.append(time.perf_counter() - begun)
        visit.wait_until_idle(page)
    return seconds


def _train(page: Page, url: str) -> None:
    """Start a run of ten minutes and wait for its first frame."""
    page.goto(f"{url}/training?place=server&amount=600")
    page.get_by_role("button", name="Train", exact=True).click()
    visit.wait_until_filmed(page)


def _stage_frames(page: Page) -> float:
    page.get_by_test_id("stSidebarNav").get_by_text("Symmetry", exact=True).click()
    page.locator('.stage[data-ready="true"]').wait_for()
    page.locator('.stage [data-act="tumble"]').click()
    return float(page.locator(".stage").evaluate(FRAMES, 3.0))


def memory_mb(pid: int) -> dict[str, float]:
    """Return what the server and its worker hold in memory, by process."""
    app = psutil.Process(pid)
    sizes = {"app": app.memory_info().rss / 1e6}
    for child in app.children(recursive=True):
        if "trisym.jobs" in " ".join(child.cmdline()):
            sizes[f"worker {len(sizes)}"] = child.memory_info().rss / 1e6
    return sizes
