"""Fixtures of the browser tests: the real server, a Chromium, and a page that must stay clean."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import chromium, server, visit
from tests.browser.tabs import Tabs
from trisym.storage import saved_runs

expect.set_options(timeout=visit.PATIENCE_MS)

# Package scope, not session: Playwright keeps an event loop in this thread while it runs, and no
# other test should find it there.


@pytest.fixture(scope="package")
def app_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    """The app's own server, its library empty; no traceback may be in its log when all is over."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(saved_runs.HOME, str(tmp_path_factory.mktemp("library")))
        with server.running() as running:
            yield running
            assert not running.faults()


@pytest.fixture(scope="package")
def app_url(app_server: server.Server) -> str:
    """Where the app is, with no slash at the end."""
    return app_server.url


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium; a machine without one fails, it does not skip."""
    with sync_playwright() as playwright:
        path = chromium.find(playwright)
        if path is None:
            pytest.fail("There is no Chromium to test with: python -m tests.browser.install")
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        _prepare(browser)
        yield browser
        browser.close()


def _prepare(browser: Browser) -> None:
    """Let every page of this browser be patient, and count what the server has not answered yet."""
    plain = browser.new_context

    def new_context(**options: object) -> BrowserContext:
        context = plain(**options)  # type: ignore[arg-type]
        context.set_default_timeout(visit.PATIENCE_MS)
        context.add_init_script(visit.SOCKETS)
        return context

    browser.new_context = new_context  # type: ignore[method-assign,assignment]


@pytest.fixture
def page_errors() -> list[str]:
    """What went wrong on `page` so far; a test that provokes an error clears it."""
    return []


@pytest.fixture(scope="package")
def tabs(browser: Browser) -> Tabs:
    """Where a test gets its tabs from."""
    return Tabs(browser)


@pytest.fixture
def page(tabs: Tabs, page_errors: list[str]) -> Iterator[Page]:
    """A visitor's tab, 1440 × 900; an error on the console or an exception box fails the test."""
    with tabs.lent() as page:
        visit.watch(page, page_errors)
        yield page
        if not page.is_closed():
            page_errors.extend(visit.exception_boxes(page))
        assert not page_errors, "\n".join(page_errors)


@pytest.fixture(scope="module")
def shared_page(tabs: Tabs) -> Iterator[Page]:
    """One tab for a module's tests: opening a page takes longer than most of them."""
    with tabs.lent() as page:
        yield page


@pytest.fixture
def open_page(app_url: str, page: Page) -> Callable[..., Page]:
    """Open a page of the app by its URL path ("" is home, "symmetry?h=3" works) and wait for it."""

    def open_page(
        path: str = "", viewport: dict[str, int] = visit.DESKTOP, colour_scheme: str = "light"
    ) -> Page:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=colour_scheme)
        page.goto(f"{app_url}/{path}")
        visit.wait_until_idle(page)
        return page

    return open_page
