"""Saved pages as a reader opens them: from the disk, with no network at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser import visit
from tests.browser.probe import Probe
from tests.browser.stage.driver import StageDriver
from tests.browser.tabs import Tabs

SHOWN = r'id="shown"[^>]*>(.*?)</script>'
VIEWS = {  # by page, the class of its view's root
    "symmetry": "stage",
    "symmetries": "symmetries",
    "inside": "spheres",
    "latent_space": "decoder",
    "training": "film",
    "energy": "energy",
    "hidden_symmetries": "linked-sets",
    "more_points": "points",
    "physics": "stage",
    "vae": "between",
}


@contextmanager
def offline(tabs: Tabs, **options: object) -> Iterator[Page]:
    """A tab that reaches nothing but files; anything else it asks for fails the test."""
    wrong: list[str] = []
    with tabs.lent(offline=True, **options) as page:
        visit.watch(page, wrong)
        page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith("file:") else wrong.append(asked.url),
        )
        yield page
        assert not [each for each in wrong if not each.startswith(("data:,", "blob:"))]


def opened(page: Page, file: Path) -> Probe:
    """Open a file; return its view, drawn and at rest or in a motion of its own."""
    page.goto(file.as_uri())
    probe = Probe(page, page.locator(".live").evaluate("root => root.classList[1]"))
    probe.ready()
    return probe


def shown_in(file: Path) -> dict[str, Any]:
    """Return what a saved page shows: its view's data, and what is said about them."""
    (text,) = re.findall(SHOWN, file.read_text(encoding="utf-8"), re.DOTALL)
    return json.loads(text)  # type: ignore[no-any-return]


class SavedStage(StageDriver):
    """The hands of the stage's tests, with no server to wait for."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, "")

    def settle(self) -> None:
        self.settled()
