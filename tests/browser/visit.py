"""How a test opens a page, knows that it is done drawing, and collects what went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import ConsoleMessage, Page

from trisym.ui.kit.link_codec import LinkedScene

S = TypeVar("S", bound=LinkedScene)

# For a state that comes for certain: machines are slow, shared and busy, and no test times them.
PATIENCE_MS = 120_000

DESKTOP = {"width": 1440, "height": 900}
PROJECTOR = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}

# Counts what the page sends to the server, and notes whether an answer has come since.
SOCKETS = """
(() => {
  const plain = window.WebSocket;
  window.testUnanswered = 0;
  window.WebSocket = class extends plain {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", () => { window.testUnanswered = 0; });
      this.addEventListener("close", () => { window.testUnanswered = 0; });
    }
    send(data) {
      window.testUnanswered += 1;
      super.send(data);
    }
  };
})();
"""
# Streamlit is done when it is connected, the server has answered what was sent, its script has
# stopped, no element is stale or still a placeholder, no chart waits for its code and no text for
# its font, and nothing moves (a press that begins on a link would end beside it); and when all this
# was so in FRAMES frames in a row, as one fragment may start another.
FRAMES = 8
IDLE = """
([visit, frames]) => {
  const done = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app || app.dataset.testConnectionState !== "CONNECTED") return false;
    if (window.testUnanswered || app.dataset.testScriptState !== "notRunning") return false;
    const waiting = '[data-stale="true"], [data-testid="stSkeleton"], [data-testid="stSpinner"]';
    if (document.querySelector(waiting) || document.fonts.status !== "loaded") return false;
    const moves = ({ playState, effect }) =>
      playState === "running" && Number.isFinite(effect.getComputedTiming().endTime);
    if (document.getAnimations().some(moves)) return false;
    return [...document.querySelectorAll('[data-testid="stPlotlyChart"]')]
      .every((chart) => chart.querySelector(".main-svg"));
  };
  if (window.testVisit !== visit) [window.testVisit, window.testQuiet] = [visit, 0];
  window.testQuiet = done() ? window.testQuiet + 1 : 0;
  return window.testQuiet > frames;
}
"""
# Opened at /symmetry, Streamlit's own script first asks whether the app lives below that path; the
# browser reports the server's "no" as an error.
GUESS = re.compile(r"https?://[^/]+/[\w-]+/_stcore/(health|host-config)")
RUN = re.compile(r"[?&]run=([\w-]+)")
FRAMES_PAINTED = """(frames) => new Promise((done) => {
  const tick = () => (frames-- > 0 ? requestAnimationFrame(tick) : done());
  tick();
})"""
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


_visits = count()


def wait_until_idle(page: Page) -> None:
    """Return when the app has finished drawing and has stayed so for FRAMES frames."""
    page.wait_for_function(IDLE, arg=[next(_visits), FRAMES])


def wait_for_link(page: Page, kind: type[S], parameter: str, holds: Callable[[S], bool]) -> str:
    """Return the address once its scene is such; another one stands there from an earlier hand."""

    def such(url: str) -> bool:
        texts = parse_qs(urlsplit(url).query).get(parameter, [])
        return any(holds(kind.from_text(text)) for text in texts)

    page.wait_for_url(such)
    return page.url


def wait_for_frames(page: Page, frames: int) -> None:
    """Return when the page has painted so many frames: what it does of itself has begun by then."""
    page.evaluate(FRAMES_PAINTED, frames)


def wait_until_filmed(page: Page) -> None:
    """Return when the film shows a frame of the run that the page's address names."""
    page.wait_for_url(RUN)
    (run,) = RUN.findall(page.url)
    page.locator(f'.film[data-run="{run}"]').wait_for()


def watch(page: Page, errors: list[str]) -> None:
    """Append the page's console errors and uncaught exceptions to the list as they come."""

    def on_console(message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and not ("404" in message.text and GUESS.fullmatch(url)):
            errors.append(f"console: {message.text} ({url})")

    page.on("console", on_console)
    page.on("pageerror", lambda error: errors.append(f"exception: {error}"))


def exception_boxes(page: Page) -> list[str]:
    """Return the texts of the exception boxes that Streamlit shows on the page."""
    boxes = page.locator('[data-testid="stException"]').all_inner_texts()
    return [f"exception box: {text}" for text in boxes]


def overflow_px(page: Page) -> int:
    """Return by how many pixels the page's content is wider than its window."""
    return int(
        page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth")
    )


def hidden_below_px(page: Page) -> int:
    """Return by how many pixels the page's content is taller than its window."""
    main = page.get_by_test_id("stMain")
    return int(main.evaluate("main => main.scrollHeight - main.clientHeight"))
