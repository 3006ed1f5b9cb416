"""Tabs that tests borrow, each as a new visitor's: Streamlit opens in half the time where it was.

A new context has nothing compiled and nothing in its cache, a new tab a process to start. So a tab
that is handed back is emptied of what a visitor leaves behind, and lent again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Frame, Page

from tests.browser import visit

# Of a context, what can be set when a tab is lent; the rest needs a context of its own. So does who
# is offline: a tab that goes from files to the app and back begins a process each time.
SET = ("viewport", "color_scheme", "reduced_motion")
FORGET = "() => { sessionStorage.clear(); localStorage.clear(); }"
NOWHERE = "about:blank"


class Tabs:
    """The tabs of one browser, by the options of their contexts."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._idle: dict[str, list[Page]] = defaultdict(list)
        self._seen: dict[Page, set[str]] = {}

    @contextmanager
    def lent(self, **options: Any) -> Iterator[Page]:
        """Lend a tab, DESKTOP unless another viewport is asked for; no two at once share anything.

        It is for tests that leave no script and no route behind; those that do take a context of
        their own.
        """
        made = {name: options[name] for name in sorted(options.keys() - SET)}
        idle = self._idle[repr(made)]
        page = idle.pop() if idle else self._opened(made)
        self._set(page, options)
        yield page
        if self._is_as_new(page):
            idle.append(page)
        else:
            page.context.close()

    def _opened(self, made: dict[str, Any]) -> Page:
        page = self.browser.new_context(**made).new_page()
        seen = self._seen[page] = set()

        def note(frame: Frame) -> None:
            if frame is page.main_frame and (origin := urlsplit(frame.url).netloc):
                seen.add(origin)

        page.on("framenavigated", note)
        return page

    @staticmethod
    def _set(page: Page, options: dict[str, Any]) -> None:
        page.set_viewport_size(options.get("viewport", visit.DESKTOP))
        page.emulate_media(
            color_scheme=options.get("color_scheme", "light"),
            reduced_motion=options.get("reduced_motion", "no-preference"),
            contrast="null",
            forced_colors="null",
        )

    def _is_as_new(self, page: Page) -> bool:
        """Empty the tab; say whether that went, as it does where its visitor was at one site."""
        context, seen = page.context, self._seen[page]
        if page.is_closed() or not seen <= {urlsplit(page.url).netloc}:
            return False
        for other in context.pages:
            if other is not page:
                other.close()
        try:
            if page.url != NOWHERE:
                self._forget(page)
        except Error:  # of a site that is gone
            return False
        context.clear_cookies()
        seen.clear()
        return True

    @staticmethod
    def _forget(page: Page) -> None:
        """Leave the site; what it kept in this browser goes."""
        page.evaluate(FORGET)
        site = urlsplit(page.url)
        page.goto(NOWHERE)
        session = page.context.new_cdp_session(page)
        what = {"origin": f"{site.scheme}://{site.netloc}", "storageTypes": "indexeddb"}
        session.send("Storage.clearDataForOrigin", what)
        session.detach()
