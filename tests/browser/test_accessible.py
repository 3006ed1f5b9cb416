"""Every page as axe reads it, light and dark, every fold open: nothing serious in what is ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import folds
from tests.browser import server, visit
from trisym.ui.kit.navigation import HOME, PAGES, PageEntry

AXE = server.ROOT / "tests" / "node" / "node_modules" / "axe-core" / "axe.min.js"
# Streamlit's own nodes, by the rule that they break, and why no page of ours can mend them.
LEFT_OUT = {
    "list": ('[data-testid="stSidebarNav"]', "the menu's headings stand in its list as no items"),
    "listitem": ('[data-testid="stSidebarNav"]', "the menu's entries stand in those headings"),
    "color-contrast": (
        '[data-testid="stButtonGroup"], [data-testid="stSlider"]',
        "what is chosen is written in the primary colour, which white must be read on elsewhere: "
        "on a dark page no colour is both",
    ),
}
GRAVE = ("serious", "critical")
ORDER = "heading-order"  # moderate to axe; a reader who goes from heading to heading needs it
FOUND = """async ([leftOut, grave, order]) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  const outside = (id, target) =>
    leftOut[id] && document.querySelector(target[0])?.closest(leftOut[id]);
  return violations
    .filter(({ id, impact }) => grave.includes(impact) || id === order)
    .flatMap(({ id, nodes }) => nodes
      .filter(({ target }) => !outside(id, target))
      .map(({ html, any, all, none }) =>
        `${id}: ${html.slice(0, 120)} (${[...any, ...all, ...none][0]?.message})`));
}"""


def found(page: Page) -> list[str]:
    """Return what axe finds in nodes of our own."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    left_out = {rule: selector for rule, (selector, _) in LEFT_OUT.items()}
    found: list[str] = page.evaluate(FOUND, [left_out, GRAVE, ORDER])
    return found


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """One window for all; what is below its edge is not looked at, so it grows with the page."""
    with browser.new_context(viewport=visit.DESKTOP, reduced_motion="reduce") as context:
        yield context.new_page()


def whole(page: Page, url: str) -> Page:
    page.set_viewport_size(visit.DESKTOP)
    page.goto(url)
    visit.wait_until_idle(page)
    taller = visit.DESKTOP["height"] + visit.hidden_below_px(page)
    page.set_viewport_size({**visit.DESKTOP, "height": taller})
    visit.wait_until_idle(page)
    return page


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
def test_axe_finds_nothing_serious(window: Page, app_url: str, entry: PageEntry) -> None:
    window.emulate_media(color_scheme="light")
    page = whole(window, f"{app_url}/{'' if entry is HOME else entry.url_path}{folds.QUERY}")
    told = {"light": found(page)}
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", "dark")
    visit.wait_until_idle(page)
    told["dark"] = found(page)
    assert told == {"light": [], "dark": []}


def test_axe_sees_what_is_faint(window: Page, app_url: str) -> None:
    """The control: grey on white, in a live view's own tree, too."""
    window.emulate_media(color_scheme="light")
    page = whole(window, app_url)
    page.locator(".stage .title").first.evaluate("title => { title.style.color = '#bbb'; }")
    assert [text.partition(":")[0] for text in found(page)] == ["color-contrast"]
