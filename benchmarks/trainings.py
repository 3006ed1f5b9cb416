"""Thirty students press Train at once: do all runs finish, how long does it take, how much memory?

Each is a tab of its own in a real Chromium, on the real server with one worker.
"""

from __future__ import annotations

import statistics
import time

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from benchmarks.app import memory_mb, own_library
from benchmarks.report import Goal, Report
from tests.browser import chromium, server, visit
from trisym.storage import saved_runs

STUDENTS = 30
RUN_S = 5
LONGEST_S = 900.0
LOOK_S = 2.0
SHOWN_MS = 20_000
VISITS = 5
SLOWER = 1.5


def run() -> Report:
    """Let every student submit a run of RUN_S seconds, and watch until all have ended."""
    with own_library(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(playwright), args=chromium.FLAGS
        )
        with server.running() as running:
            before = _seconds_to_stage(browser, running.url)
            begun = time.perf_counter()
            pages = [_press_train(browser, running.url, seed) for seed in range(STUDENTS)]
            pressed = time.perf_counter() - begun
            memory = [sum(memory_mb(running.process.pid).values())]
            while _finished() < STUDENTS and time.perf_counter() - begun < LONGEST_S:
                time.sleep(LOOK_S)
                memory.append(sum(memory_mb(running.process.pid).values()))
            ended = time.perf_counter() - begun
            finished, told = _finished(), sum(_is_told(page) for page in pages)
            for page in pages:
                page.context.close()
            after = _seconds_to_stage(browser, running.url)
        browser.close()
    return Report(
        bench="trainings",
        figures={
            "students": STUDENTS,
            "seconds a run": RUN_S,
            "seconds until all had pressed Train": pressed,
            "seconds until all had ended": ended,
            "runs that finished and are in the library": finished,
            "tabs that show their finished run": told,
            "most memory of app and worker, MB": max(memory),
            "stage page without their models, s": before,
            "stage page with their models to choose from, s": after,
        },
        goals=[
            Goal("runs finished", finished, STUDENTS, at_most=False),
            Goal("tabs that show it", told, STUDENTS, at_most=False),
            Goal("stage page with their models over without", after / before, SLOWER),
        ],
    )


def _press_train(browser: Browser, url: str, seed: int) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_default_timeout(visit.PATIENCE_MS)
    page.goto(url)
    page.get_by_role("heading", level=1).wait_for()
    page.goto(f"{url}/training?place=server&budget=seconds&amount={RUN_S}&seed={seed}")
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_url("**run=*")
    return page


def _seconds_to_stage(browser: Browser, url: str) -> float:
    """Return the seconds until a tab shows the symmetry page, median of some visits."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_default_timeout(visit.PATIENCE_MS)
    page.goto(url)
    page.get_by_role("heading", level=1).wait_for()
    seconds = []
    for _ in range(VISITS):
        begun = time.perf_counter()
        page.goto(f"{url}/symmetry")
        page.locator('.stage[data-ready="true"]').wait_for()
        seconds.append(time.perf_counter() - begun)
    page.context.close()
    return statistics.median(seconds)


def _finished() -> int:
    return sum(entry.status == "finished" for entry in saved_runs.entries())


def _is_told(page: Page) -> bool:
    """Say whether the tab came to show its finished run."""
    try:
        page.get_by_role("heading", name=", finished").wait_for(timeout=SHOWN_MS)
    except PlaywrightTimeout:
        return False
    return True
