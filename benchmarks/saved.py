"""How large saved views are, and how soon they answer a hand, opened from the disk with no network.

Three models where one chooses; frames and move→drawn as in `bench stage`, in a file's first hand.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import trisym
from benchmarks.report import Goal, Report, Table
from benchmarks.stage import FPS_GOAL, drag
from trisym.errors import ConfigError

MODELS = ("sides-h3", "mse-h3", "perimeter-h3")
# By page, the canvas that a hand takes hold of.
HANDS: Mapping[str, str] = MappingProxyType(
    {
        "symmetry": ".world-canvas",
        "symmetries": ".world-canvas",
        "inside": ".world-canvas",
        "latent_space": ".hand canvas[tabindex]",
        "training": ".orbit-overlay",
        "energy": ".world-canvas",
        "hidden_symmetries": ".world-canvas",
        "physics": ".world-canvas",
        "vae": ".world-canvas",
    }
)
CHOICE = ("symmetry", "symmetries")  # of models
MB_GOAL = 0.5
P95_GOAL_MS = 35  # two frames


def run() -> Report:
    """Save and drag each view; raises ConfigError where Playwright or a Chromium is missing."""
    try:
        from tests.browser import chromium
    except ImportError as error:
        raise ConfigError(
            "This benchmark needs a browser: pip install -r requirements-dev.txt, "
            "then python -m tests.browser.install."
        ) from error
    path = chromium.found()
    if path is None:
        raise ConfigError("There is no Chromium to measure with: python -m tests.browser.install.")
    with tempfile.TemporaryDirectory() as folder:
        files = [
            trisym.export(page, Path(folder) / f"{page}.html", MODELS if page in CHOICE else ())
            for page in HANDS
        ]
        rows = asyncio.run(_measure(path, chromium.FLAGS, files))
    return Report(
        bench="saved",
        figures={row["page"]: row for row in rows},
        goals=[
            Goal("MB, the largest file", max(row["MB"] for row in rows), MB_GOAL),
            Goal("fps, the slowest file", min(row["fps"] for row in rows), FPS_GOAL, at_most=False),
            Goal("p95 ms, the same", max(row["drawn_ms_p95"] for row in rows), P95_GOAL_MS),
        ],
        tables=[Table("Saved views under a drag, offline", rows)],
    )


async def _measure(path: str, flags: list[str], files: Sequence[Path]) -> list[dict[str, Any]]:
    from playwright.async_api import async_playwright

    rows = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        for file in files:
            context = await browser.new_context(
                viewport={"width": 1440, "height": 900}, offline=True
            )
            page = await context.new_page()
            await page.goto(file.as_uri())
            await page.locator(".live[data-ready=true]").wait_for(timeout=120_000)
            figures = await drag(page, ".live", HANDS[file.stem])
            figures.pop("messages")
            rows.append({"page": file.stem, "MB": file.stat().st_size / 1e6, **figures})
            await context.close()
        await browser.close()
    return rows
