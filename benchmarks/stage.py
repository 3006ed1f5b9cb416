"""How soon the live stage answers a hand, against a page of stock Streamlit parts.

Frames a second and move→drawn in a real browser; stock is a slider, torch and two Plotly charts.

Input comes by the DevTools protocol without waiting for answers, faster than frames are drawn.
Move→drawn is counted for every single event, those that the browser merged into one frame too: from
its time stamp to the end of the frame's drawing; `painted` is to the first task after that frame.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import Goal, Report, Table
from trisym.errors import ConfigError

PAGES = Path(__file__).parent / "stage_pages"
SECONDS = 5.0  # of dragging, for each case
PAUSE_S = 0.004  # between two events: about 200 a second reach the browser
SIZES = (5_000, 50_000)
COUNTS = (1, 3)
KEY_PRESSES = 12  # on the stock slider

FPS_GOAL = 55
P95_GOAL_MS = 20
RATIO_GOAL = 100

# Resolves with the milliseconds from the key to the frame in which both charts hold new data.
KEY_TO_DRAWN = """
() => new Promise((done) => {
  const held = () => [...document.querySelectorAll('.js-plotly-plot')]
    .map((chart) => chart._fullData?.at(-1))  // its arrays are decoded there
    .map((trace) => `${trace?.x[0]} ${trace?.y[0]}`);
  const before = held();
  addEventListener('keydown', ({ timeStamp }) => {
    const look = () => {
      const now = held();
      const drawn = now.length === 2 && now.every((value, i) => value !== before[i]);
      if (drawn) done(performance.now() - timeStamp);
      else requestAnimationFrame(look);
    };
    look();
  }, { once: true, capture: true });
  document.body.dataset.watching = 'yes';
})
"""


def run() -> Report:
    """Drag on both pages; raises ConfigError where Playwright or a Chromium is missing."""
    try:
        from tests.browser import chromium, server
    except ImportError as error:
        raise ConfigError(
            "This benchmark needs a browser: pip install -r requirements-dev.txt, "
            "then python -m tests.browser.install."
        ) from error
    path = chromium.found()
    if path is None:
        raise ConfigError("There is no Chromium to measure with: python -m tests.browser.install.")
    with server.running(PAGES / "live.py") as live, server.running(PAGES / "stock.py") as stock:
        cases, stock_figures = asyncio.run(_measure(path, chromium.FLAGS, live.url, stock.url))
    return _report(cases, stock_figures)


def _report(cases: Sequence[dict[str, Any]], stock: dict[str, Any]) -> Report:
    hero = next(c for c in cases if (c["points"], c["models"], c["hand"]) == (5_000, 3, "triangle"))
    ratio = stock["key_to_drawn_ms_median"] / hero["drawn_ms_median"]
    return Report(
        bench="stage",
        figures={
            "stage": {f"{c['points']} × {c['models']}, {c['hand']}": c for c in cases},
            "stock": stock,
            "times_sooner_than_stock": ratio,
        },
        goals=[
            Goal("fps, 5,000 points, three models", hero["fps"], FPS_GOAL, at_most=False),
            Goal("p95 ms from move to drawn, same", hero["drawn_ms_p95"], P95_GOAL_MS),
            Goal("messages to the server, all drags", sum(c["messages"] for c in cases), 0),
            Goal("times sooner than stock, medians", ratio, RATIO_GOAL, at_most=False),
        ],
        tables=[
            Table("The live stage under a drag", cases),
            Table("Stock: slider, torch, two Plotly charts", [stock]),
        ],
    )


async def _measure(
    path: str, flags: list[str], live: str, stock: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        cases = []
        for points in SIZES:
            for models in COUNTS:
                page = await browser.new_page(viewport={"width": 1440, "height": 900})
                await page.goto(f"{live}/?n={points}&k={models}")
                await page.locator(".stage[data-ready=true]").wait_for(timeout=120_000)
                for hand, place in (("triangle", ".world-canvas"), ("camera", ".point-canvas")):
                    figures = await drag(page, ".stage", place)
                    await page.wait_for_timeout(1500)  # the rerun after the release
                    cases.append({"points": points, "models": models, "hand": hand, **figures})
                await page.close()
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.goto(f"{stock}/?n={SIZES[0]}")
        figures = await _press_keys(page) | await _drag_slider(page)
        await browser.close()
    return cases, figures


class _Mouse:
    """Moves without waiting for the browser's answers."""

    def __init__(self, cdp: Any) -> None:
        self.cdp = cdp
        self.waiting: set[asyncio.Task[Any]] = set()

    async def send(self, kind: str, x: float, y: float, **more: object) -> None:
        event = {"type": kind, "x": x, "y": y, **more}
        await self.cdp.send("Input.dispatchMouseEvent", event)

    def move(self, x: float, y: float) -> None:
        task = asyncio.ensure_future(self.send("mouseMoved", x, y, button="left", buttons=1))
        self.waiting.add(task)
        task.add_done_callback(self.waiting.discard)

    async def press(self, x: float, y: float) -> None:
        await self.send("mouseMoved", x, y)
        await self.send("mousePressed", x, y, button="left", buttons=1, clickCount=1)

    async def release(self, x: float, y: float) -> None:
        await asyncio.gather(*self.waiting)
        await self.send("mouseReleased", x, y, button="left", buttons=0, clickCount=1)

    async def circle(self, x: float, y: float) -> int:
        """Draw ellipses through (x, y) for a while; returns the number of moves."""
        end, moves = time.perf_counter() + SECONDS, 0
        while time.perf_counter() < end:
            angle = 0.05 * moves
            self.move(x + 80 * math.cos(angle) - 80, y + 60 * math.sin(angle))
            moves += 1
            await asyncio.sleep(PAUSE_S)
        return moves


async def _middle(page: Any, place: str) -> tuple[float, float]:
    box = await page.locator(place).first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def drag(page: Any, root: str, place: str) -> dict[str, Any]:
    """Drag in the middle of a canvas of a live view; return how soon its pictures were drawn."""
    x, y = await _middle(page, place)
    cdp = await page.context.new_cdp_session(page)
    mouse = _Mouse(cdp)
    await mouse.press(x, y)
    sent = await _count_messages(cdp)
    await page.locator(root).evaluate("root => root.trisymProbe.meter.start()")
    moves = await mouse.circle(x, y)
    found = await page.locator(root).evaluate("root => root.trisymProbe.meter.stop()")
    messages = len(sent)
    await mouse.release(x, y)
    return {
        "moves_per_s": round(moves / SECONDS),
        "fps": found["frames"] / found["seconds"],
        "script_ms_median": _part(found["work"], 0.5),
        "drawn_ms_median": _part(found["drawn"], 0.5),
        "drawn_ms_p95": _part(found["drawn"], 0.95),
        "painted_ms_median": _part(found["painted"], 0.5),
        "painted_ms_p95": _part(found["painted"], 0.95),
        "messages": messages,
    }


def _part(values: Sequence[float], part: float) -> float | None:
    return float(np.quantile(values, part)) if values else None


async def _count_messages(cdp: Any) -> list[str]:
    sent: list[str] = []
    await cdp.send("Network.enable")
    cdp.on("Network.webSocketFrameSent", lambda event: sent.append(event["requestId"]))
    return sent


async def _press_keys(page: Any) -> dict[str, Any]:
    """Key to picture: the slider reports a key press at once, unlike a drag."""
    charts = page.locator(".js-plotly-plot .gl-container canvas")
    await charts.nth(1).wait_for(state="attached", timeout=120_000)
    await page.wait_for_timeout(3000)
    await page.get_by_role("slider").focus()
    taken = []
    for _ in range(KEY_PRESSES):
        await page.evaluate("() => { delete document.body.dataset.watching; }")
        watching = asyncio.ensure_future(page.evaluate(KEY_TO_DRAWN))
        await page.locator("body[data-watching]").wait_for(state="attached")
        await page.keyboard.press("ArrowRight")
        taken.append(await asyncio.wait_for(watching, timeout=60))
        await page.wait_for_timeout(500)
    return {
        "key_to_drawn_ms_median": _part(taken, 0.5),
        "key_to_drawn_ms_p95": _part(taken, 0.95),
    }


COUNT_PICTURES = """
() => {
  window.pictures = 0;
  const chart = document.querySelector('.js-plotly-plot');
  let last = chart.data.at(-1);
  const look = () => {
    const now = document.querySelector('.js-plotly-plot')?.data.at(-1);
    if (now && now !== last) { window.pictures += 1; last = now; }
    requestAnimationFrame(look);
  };
  look();
}
"""


async def _drag_slider(page: Any) -> dict[str, Any]:
    """Count the pictures while the thumb is held and moved."""
    x, y = await _middle(page, 'div:has(> div > input[type="range"])')
    mouse = _Mouse(await page.context.new_cdp_session(page))
    await page.evaluate(COUNT_PICTURES)
    await mouse.press(x, y)
    await mouse.circle(x + 160, y)
    pictures = await page.evaluate("() => window.pictures")
    await mouse.release(x, y)
    return {"pictures_while_the_thumb_is_held": pictures}
