"""Every page in a real browser: it opens clean, fits its screens, and can be read, by axe too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import test_accessible as accessible
from tests.browser import test_legible as legible
from tests.browser import test_one_screen as one_screen
from tests.browser import visit
from trisym.ui.kit.folds import TITLES
from trisym.ui.kit.navigation import HOME, PAGES, PageEntry

each_page = pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)


def path_of(entry: PageEntry) -> str:
    return "" if entry is HOME else entry.url_path


@pytest.fixture(scope="module")
def noting(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A tab for all pages, in which what is drawn on canvases is noted, and what goes wrong."""
    with legible.noting(browser) as page:
        errors: list[str] = []
        visit.watch(page, errors)
        yield page, errors


@each_page
def test_a_page_opens_clean_fits_its_screens_and_can_be_read(
    noting: tuple[Page, list[str]], app_url: str, entry: PageEntry
) -> None:
    page, errors = noting
    errors.clear()
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size(visit.DESKTOP)
    page.goto(f"{app_url}/{path_of(entry)}")
    check_screens(page, entry)
    check_reading(page)
    assert not [*errors, *visit.exception_boxes(page)]


def check_screens(page: Page, entry: PageEntry) -> None:
    """It is as wide as its window, as long as it may be, and shows what belongs together."""
    for viewport in (visit.DESKTOP, visit.PHONE):
        page.set_viewport_size(viewport)
        visit.wait_until_idle(page)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert visit.overflow_px(page) == 0, f"the page scrolls sideways, {viewport}"
        if viewport is visit.DESKTOP:
            one_screen.check_length(page)
    if entry.url_path in one_screen.TOGETHER:
        one_screen.check_together(page, entry.url_path)


def check_reading(page: Page) -> None:
    """Its folds open, its numbers are large enough, nothing is cut, and axe finds nothing serious.

    Light or dark.
    """
    open_folds(page)
    legible.show_on_a_projector(page)
    assert legible.found(page) == []
    assert accessible.found_in_both_themes(page) == {"light": [], "dark": []}


def open_folds(page: Page) -> None:
    """Open every fold of a page that is on the screen."""
    for title in TITLES.values():
        for fold in page.get_by_test_id("stExpander").filter(has_text=f"{title}:").all():
            fold.locator("summary").first.click()
            visit.wait_until_idle(page)
            expect(fold.locator("details")).to_have_attribute("open", "")


def test_a_hand_its_effect_and_number_are_looked_for_on_pages_that_are_there() -> None:
    assert one_screen.TOGETHER.keys() <= {entry.url_path for entry in PAGES}
