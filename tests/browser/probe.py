"""What a live view tells a test: its `root.trisymProbe`, documented in kit/web/live_view.js."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser import visit

SETTLED = "state.settled"
# Looks for the view anew each time: a page may mount it again while a test waits.
UNTIL = """([selector, it]) => {{
  const find = (root) => root.querySelector(selector)
    ?? [...root.querySelectorAll("*")].map((host) => host.shadowRoot && find(host.shadowRoot))
      .find(Boolean);
  const state = find(document)?.trisymProbe?.state();
  return state && ({holds}) && state;
}}"""


class Probe:
    """One live view on a page, by the class of its root element."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name

    @property
    def root(self) -> Locator:
        return self.page.locator(f".{self.name}.live")

    def ready(self) -> None:
        """Wait until the view has drawn itself for the first time."""
        self.page.locator(f".{self.name}.live[data-ready=true]").wait_for()

    def state(self) -> dict[str, Any]:
        """Return what the view tells."""
        return self.root.evaluate("root => root.trisymProbe.state()")  # type: ignore[no-any-return]

    def until(self, holds: str, arg: object = None) -> dict[str, Any]:
        """Wait until an expression of `state` and `it` holds, and return the state."""
        held = self.page.wait_for_function(
            UNTIL.format(holds=holds), arg=[f".{self.name}.live", arg]
        )
        return held.json_value()  # type: ignore[no-any-return]

    def settled(self) -> dict[str, Any]:
        """Wait until all is drawn and told, and nothing moves; return the state."""
        return self.until(SETTLED)

    @contextmanager
    def afresh(self) -> Iterator[Page]:
        """As a new visitor finds the view, on a page that others have used; it must stay clean."""
        errors: list[str] = []
        visit.watch(self.page, errors)
        self.page.set_viewport_size(visit.DESKTOP)
        self.restart()
        visit.wait_until_idle(self.page)
        yield self.page
        assert not [*errors, *visit.exception_boxes(self.page)]

    def restart(self) -> None:
        """As a new visitor finds the view, without the wait for a new page."""
        self.root.evaluate("root => root.trisymProbe.restart()")
        self.ready()
        self.settled()
