"""Training in a browser: side errors of five seeds in the same seconds as the server's fast preset.

The film is saved as a web page and trains in Chromium, without a server, while its picture moves;
beside it the `fast` preset on one thread of this machine, and plain gradient descent in the same
worker, as TensorFlow Playground steps. One after the other: a core each, and one for the page. Five
seeds take a quarter of an hour; `--quick` takes the first of them.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import torch
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

import trisym
from benchmarks.app import own_library
from benchmarks.report import Goal, Report, Table, note
from tests.browser import chromium, server
from trisym import datasets
from trisym.config import PRESETS, as_dict
from trisym.training.trainer import Trainer

VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
SEEDS = tuple(range(5))
SOON, LONG = 20.0, 60.0
SGD_RATE, SGD_BATCH = 0.03, 10  # TensorFlow Playground's own
MOST_MB = 100.0
STUDENTS = 30
WATCHED_S, SETTLED_S = 10.0, 5.0
MOST_SERVER_S = 1.0  # a tenth of a core for all of them
FPS = 60.0
ANSWER_MS = 50.0

COUNT_FRAMES = """() => {
  globalThis.painted = 0;
  const paint = () => { globalThis.painted += 1; requestAnimationFrame(paint); };
  requestAnimationFrame(paint);
}"""
# From asking for a pause to the worker's word that it stands still.
PAUSE = """async () => {
  const [run] = globalThis.trisymRuns.values();
  const answered = async (paused) => {
    const begun = performance.now();
    run.steer({ paused });
    while ((run.facts.status === "paused") !== paused) {
      await new Promise((done) => {
        const told = () => { run.listeners.delete(told); done(); };
        run.listeners.add(told);
      });
    }
    return performance.now() - begun;
  };
  const times = [];
  for (let i = 0; i < 10; i += 1) {
    times.push(await answered(true));
    await answered(false);
    await new Promise((done) => setTimeout(done, 150));
  }
  return times;
}"""
# The same worker with a rule of its own: w ← w − rate · slope.
DESCENT = """async ([config, seconds]) => {
  const { worker } = JSON.parse(document.getElementById("shown").textContent).view.local;
  const rule = `RULES.sgd = ({ weights, gradients }) => ({
    refreshEvery: 0, count: 0, state: {}, begin() {}, refresh() {},
    step(rate) {
      const [w, g] = [weights.values, gradients.values];
      for (let i = 0; i < w.length; i += 1) w[i] -= rate * g[i];
    },
  });`;
  const address = URL.createObjectURL(new Blob([worker, rule], { type: "text/javascript" }));
  const running = new Worker(address);
  const task = { id: "here-00000000", name: "sgd", config, agent: "", version: "", saved: null };
  return new Promise((done) => {
    running.onmessage = ({ data }) => {
      if (data.kind !== "ended") return;
      running.terminate();
      done({ error: data.metrics.side_error ?? null, steps: data.last?.step ?? 0 });
    };
    running.postMessage({ kind: "start", task, control: {} });
  });
}"""


@dataclass(frozen=True)
class Trained:
    """One run: its side error on fresh triangles, its steps, the page's frames a second."""

    error: float
    steps: int
    fps: float = 0.0
    mb: float = 0.0


def run() -> Report:
    """Train five seeds each way, for as many seconds."""
    return _measured(SEEDS)


def quick() -> Report:
    """Train one seed each way: three minutes."""
    return _measured(SEEDS[:1])


def _measured(seeds: Sequence[int]) -> Report:
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "film.html"
        trisym.export("training", file)
        flags = [*chromium.FLAGS]
        browser = playwright.chromium.launch(executable_path=chromium.find(playwright), args=flags)
        with browser.new_context(viewport=VIEWPORT, offline=True) as context:
            page = context.new_page()
            page.goto(file.as_uri())
            page.evaluate(COUNT_FRAMES)
            pauses = _pauses(page)
            note(f"from Pause to standing still, worst of ten: {max(pauses):.0f} ms")
            here = {
                s: _told(f"browser, {s:g} s", (_here(page, s, seed) for seed in seeds))
                for s in (SOON, LONG)
            }
            descent = _told("plain descent", (_descent(page, seed) for seed in seeds))
            gpu = bool(page.evaluate("() => Boolean(navigator.gpu)"))
        server_s = server_seconds(browser)
        note(f"the server computes {server_s:.3f} s meanwhile, for one browser")
        browser.close()
    fast = _told("the server's fast preset", (_fast(seed) for seed in seeds))
    return report(here, fast, descent, pauses, {"WebGPU in this Chromium": gpu}, server_s)


def _told(way: str, runs: Iterable[Trained]) -> list[Trained]:
    """Return the runs, each told as it comes."""
    found: list[Trained] = []
    for each in runs:
        note(f"{way}, seed {len(found)}: side error {each.error:.4f}, {each.steps:,} steps")
        found.append(each)
    return found


def report(
    here: dict[float, list[Trained]],
    fast: Sequence[Trained],
    descent: Sequence[Trained],
    pauses: Sequence[float],
    more: dict[str, Any],
    server_s: float,
) -> Report:
    """Compare the three ways."""
    ways = {
        f"browser, {SOON:g} s": here[SOON],
        f"browser, {LONG:g} s": here[LONG],
        f"server's fast preset, one thread, {SOON:g} s": fast,
        f"browser, plain gradient descent, {SOON:g} s": descent,
    }
    runs = [*here[SOON], *here[LONG]]
    fps = min(each.fps for each in runs)
    most = max(each.mb for each in runs)
    rows = [
        {
            "way": way,
            "side error, median": _median(of),
            "worst": max(each.error for each in of),
            "steps, median": statistics.median(each.steps for each in of),
            "all": [each.error for each in of],
        }
        for way, of in ways.items()
    ]
    return Report(
        "browser-training",
        {
            "side error": {way: [each.error for each in of] for way, of in ways.items()},
            "steps": {way: [each.steps for each in of] for way, of in ways.items()},
            "frames a second of the page, least": fps,
            "MB more while it trains, most": most,
            "ms from Pause to standing still": list(pauses),
            **more,
        },
        [
            Goal(f"side error in {SOON:g} s, median of {len(fast)}", _median(here[SOON]), 0.006),
            Goal(f"side error in {LONG:g} s, median of {len(fast)}", _median(here[LONG]), 0.003),
            Goal("frames a second of the page meanwhile", fps, FPS - 1, at_most=False),
            Goal("MB more while it trains", most, MOST_MB),
            Goal("ms from Pause to standing still, worst of ten", max(pauses), ANSWER_MS),
            Goal(
                f"server's processor seconds in {WATCHED_S:g} s, thirty browsers training",
                STUDENTS * server_s,
                MOST_SERVER_S,
            ),
        ],
        [Table(f"Side error after as many seconds, {len(fast)} seeds each", rows)],
    )


def server_seconds(browser: Browser) -> float:
    """Return what a browser's training costs the app's process in WATCHED_S: more than at rest."""
    with own_library(), server.running() as app, browser.new_context(viewport=VIEWPORT) as context:
        page = context.new_page()
        page.goto(f"{app.url}/training?amount=600")
        page.locator('.film[data-ready="true"]').wait_for()
        at_rest = _computed(page, app)
        page.get_by_role("button", name="Train", exact=True).click()
        page.locator('.film[data-standing="running"]').wait_for()
        return max(0.0, _computed(page, app) - at_rest)


def _computed(page: Page, app: server.Server) -> float:
    page.wait_for_timeout(1000 * SETTLED_S)
    process = psutil.Process(app.process.pid)
    before = process.cpu_times()
    page.wait_for_timeout(1000 * WATCHED_S)
    after = process.cpu_times()
    return float(after.user - before.user + after.system - before.system)


def _median(runs: Sequence[Trained]) -> float:
    return statistics.median(each.error for each in runs)


def _start(page: Page, seconds: float, seed: int) -> None:
    page.get_by_label("Seconds").fill(f"{seconds:g}")
    page.get_by_label("Seed").fill(str(seed))
    page.locator(".local-form button").click()


def _pauses(page: Page) -> list[float]:
    _start(page, 600, 0)
    page.wait_for_function(
        "() => [...(globalThis.trisymRuns?.values() ?? [])][0]?.facts.steps > 100"
    )
    found: list[float] = page.evaluate(PAUSE)
    page.locator("[data-local=stop]").click()
    page.wait_for_function("() => [...globalThis.trisymRuns.values()][0].facts.file")
    return found


def _here(page: Page, seconds: float, seed: int) -> Trained:
    before = _renderers_mb()
    frames = page.evaluate("() => [globalThis.painted, performance.now()]")
    _start(page, seconds, seed)
    page.wait_for_timeout(1000 * seconds - 500)
    most = _renderers_mb()
    painted, now = page.evaluate("() => [globalThis.painted, performance.now()]")
    newest = "[...globalThis.trisymRuns.values()].at(-1)"
    page.wait_for_function(f"() => {newest}.facts.file", timeout=1000 * (seconds + 120))
    facts = page.evaluate(f"() => ({{ ...{newest}.facts, file: null, model: null }})")
    fps = 1000 * (painted - frames[0]) / (now - frames[1])
    return Trained(facts["metrics"]["side_error"], facts["steps"], fps, most - before)


def _renderers_mb() -> float:
    """Return what Chromium's processes that draw pages hold."""
    found = psutil.Process().children(recursive=True)
    drawing = [each for each in found if "--type=renderer" in " ".join(each.cmdline())]
    return float(sum(each.memory_info().rss for each in drawing)) / 1e6


def _descent(page: Page, seed: int) -> Trained:
    base = replace(PRESETS["fast"], epochs=None, seconds=SOON, seed=seed, batch=SGD_BATCH)
    config = as_dict(replace(base, lr=SGD_RATE, schedule="constant", warmup=0.0, revive=0.0))
    found = page.evaluate(DESCENT, [{**config, "optimizer": "sgd"}, SOON])
    return Trained(found["error"] if found["error"] is not None else float("nan"), found["steps"])


def _fast(seed: int) -> Trained:
    config = replace(PRESETS["fast"], epochs=None, seconds=SOON, seed=seed, device="cpu")
    split = datasets.generate(config.data).split()
    *_, (_, last) = Trainer([config], [split], 4)
    assert last.side_error is not None
    return Trained(last.side_error, last.step)
