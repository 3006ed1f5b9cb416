"""The presenter's view: a live view as large as the screen, and a lecture by its keys."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import visit
from tests.browser.probe import SETTLED, Probe
from tests.browser.test_accessible import found

BAR = 60  # pixels that the bar may take of 720
SMALLEST = 20  # pixels of a number that a back row reads: a 36th of the screen's height
LARGE = 40  # of the number that a view is about
# The sizes of all numbers that are seen in the view, by their texts.
NUMBERS = """root => {
  const sizes = {};
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    const isSeen = parentElement.checkVisibility({ visibilityProperty: true })
      && !parentElement.closest(".unseen");
    if (isSeen && /[0-9]/.test(textContent))
      sizes[textContent] = parseFloat(getComputedStyle(parentElement).fontSize);
  }
  return sizes;
}"""
IN_FRONT = """([x, y]) => {
  let place = document;
  let element = place.elementFromPoint(x, y);
  while (element?.shadowRoot) element = element.shadowRoot.elementFromPoint(x, y);
  return element?.closest(".live, .bar, .black")?.className ?? "the page";
}"""


def covers(page: Page) -> None:
    """The view and the bar cover the screen, corner to corner."""
    width, height = visit.PROJECTOR["width"], visit.PROJECTOR["height"]
    for place in ([2, 2], [width - 3, 2], [2, height - BAR - 2], [width // 2, height // 3]):
        assert "live" in page.evaluate(IN_FRONT, place).split()
    assert page.evaluate(IN_FRONT, [width // 2, height - 3]) == "bar"


def test_a_lecture_by_its_keys(open_page: Callable[..., Page]) -> None:
    page = open_page("symmetry?present", visit.PROJECTOR)
    stage, bar = Probe(page, "stage"), page.locator(".presenter .bar")
    stage.ready()
    first = stage.settled()["vertices"]
    covers(page)
    sizes = stage.root.evaluate(NUMBERS)
    assert len(sizes) >= 6
    assert min(sizes.values()) >= SMALLEST, sizes
    assert max(sizes.values()) >= LARGE
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        visit.wait_until_idle(page)
        assert found(page) == []

    # The view's own keys work wherever the focus is; Shift and a digit are the view's.
    page.keyboard.press("n")
    stage.until(f"{SETTLED} && state.vertices.some((value, i) => value !== it[i])", first)
    page.keyboard.press("Shift+Digit1")
    expect(stage.root.locator(".status")).to_contain_text("Vertex 1 chosen")
    page.keyboard.press("Escape")  # lets the vertex go
    expect(stage.root.locator(".status")).to_contain_text("No vertex chosen")
    page.keyboard.press("Backspace")
    stage.until(f"{SETTLED} && state.vertices.every((value, i) => value === it[i])", first)
    page.keyboard.press("u")
    expect(bar.get_by_role("status")).to_have_text("There is nothing to reveal here.")
    page.keyboard.press(".")
    assert page.evaluate(IN_FRONT, [9, 9]) == "black"
    page.keyboard.press("PageDown")  # any key ends it, and does no more
    covers(page)
    expect(bar).to_contain_text("Symmetry 2 of 8")

    # What is covered takes no focus.
    for _ in range(30):
        page.keyboard.press("Tab")
        inside = "document.activeElement.shadowRoot?.querySelector('.live, .presenter')"
        assert page.evaluate(f"Boolean({inside})")

    # On to other pages, and to one by its number.
    page.keyboard.press("PageDown")
    page.wait_for_url(re.compile("/symmetries.*present=true"))
    expect(bar).to_contain_text("Unseen motions 3 of 8")
    Probe(page, "symmetries").ready()
    visit.wait_until_idle(page)
    covers(page)
    page.keyboard.press("2")
    page.wait_for_url(re.compile("/symmetry.*present=true"))
    stage.ready()
    visit.wait_until_idle(page)
    covers(page)

    # One key leaves it, and one opens it, but not while somebody types.
    page.keyboard.press("l")
    page.wait_for_url(lambda url: "present" not in url)
    visit.wait_until_idle(page)
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(bar).to_be_hidden()
    page.get_by_label("Side l1").press("l")
    page.keyboard.press("1")
    expect(bar).to_be_hidden()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("l")
    expect(bar).to_be_visible()
    covers(page)
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
