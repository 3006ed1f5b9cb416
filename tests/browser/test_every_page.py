"""Every page in a real browser: it opens clean, fits its screens, and can be read, by axe too."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import folds
from tests.browser import test_accessible as accessible
from tests.browser import test_legible as legible
from tests.browser import test_one_screen as one_screen
from tests.browser import visit
from trisym.ui.kit.navigation import HOME, PAGES, PageEntry

each_page = pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)


def path_of(entry: PageEntry) -> str:
    return "" if entry is HOME else entry.url_path


@each_page
def test_a_page_opens_clean_and_fits_its_screens(
    open_page: Callable[..., Page], entry: PageEntry
) -> None:
    page = open_page(path_of(entry), viewport=visit.PHONE)
    for viewport in (visit.PHONE, visit.DESKTOP):
        page.set_viewport_size(viewport)
        visit.wait_until_idle(page)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert visit.overflow_px(page) == 0, f"the page scrolls sideways, {viewport}"
    one_screen.check_length(page)
    if entry.url_path in one_screen.TOGETHER:
        one_screen.check_together(page, entry.url_path)


def test_a_hand_its_effect_and_number_are_looked_for_on_pages_that_are_there() -> None:
    assert one_screen.TOGETHER.keys() <= {entry.url_path for entry in PAGES}


@pytest.fixture(scope="module")
def projected(browser: Browser) -> Iterator[Page]:
    with legible.projected(browser) as page:
        yield page


@each_page
def test_a_page_with_its_folds_open_can_be_read(
    projected: Page, app_url: str, entry: PageEntry
) -> None:
    """Numbers are large enough, nothing is cut, and axe finds nothing serious, light or dark."""
    projected.set_viewport_size(visit.PROJECTOR)
    page = legible.opened(projected, f"{app_url}/{path_of(entry)}{folds.QUERY}")
    assert legible.found(page) == []
    assert accessible.found_in_both_themes(page) == {"light": [], "dark": []}
