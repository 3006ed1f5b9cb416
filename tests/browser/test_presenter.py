"""The presenter's view: a live view as large as the screen, and a lecture by its keys."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import visit
from tests.browser.probe import SETTLED, Probe
from tests.browser.test_accessible import found
from trisym.lessons import shelf
from trisym.lessons.lesson import Choice, Number, Point, Question
from trisym.ui.kit.navigation import PAGES
from trisym.ui.lessons import vocabulary

LIVE = sum(page.live for page in PAGES)  # home among them
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
    expect(bar).to_contain_text(f"Symmetry 2 of {LIVE}")

    # What is covered takes no focus.
    for _ in range(30):
        page.keyboard.press("Tab")
        inside = "document.activeElement.shadowRoot?.querySelector('.live, .presenter')"
        assert page.evaluate(f"Boolean({inside})")

    # On to other pages, and to one by its number.
    page.keyboard.press("PageDown")
    page.wait_for_url(re.compile("/symmetries.*present=true"))
    expect(bar).to_contain_text(f"Unseen motions 3 of {LIVE}")
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


# A whole lesson

LESSON = "drift"
FOCUSED = """selector => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return Boolean(element?.matches(selector));
}"""
# What a lecturer presses until the goal of a step is reached.
REACHES = {
    "turned": ["n"],
    "reshaped": ["Shift+Digit1", *["ArrowUp"] * 4, "Escape"],
    "below": ["m", *["ArrowDown"] * 5],
}
MOST_TABS = 60


def tab_to(page: Page, selector: str) -> None:
    for _ in range(MOST_TABS):
        if page.evaluate(FOCUSED, selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no key leads to {selector}")


def answer(page: Page, question: Question) -> None:
    match question:
        case Choice():
            tab_to(page, ".choices [role=radio]")
            page.keyboard.press("Space")
        case Number():
            tab_to(page, ".amount input")
            page.keyboard.type(f"{question.answer:g}")  # its digits are no steps
            page.keyboard.press("Enter")
        case Point():
            tab_to(page, ".plane canvas")
            page.keyboard.press("ArrowLeft")
            tab_to(page, ".answer")
            page.keyboard.press("Enter")


def test_a_whole_lesson_by_keys_alone(open_page: Callable[..., Page]) -> None:
    steps = shelf.shelf(vocabulary.PAGES).lessons[LESSON].steps
    page = open_page(f"lessons?lesson={LESSON}&present", visit.PROJECTOR)
    panel, stage = Probe(page, "lesson"), Probe(page, "stage")
    for number, step in enumerate(steps, 1):
        panel.until("state.step === it && state.settled", number)
        stage.ready()
        covers(page)
        if step.question:
            answer(page, step.question)
            panel.until("state.answered")
        if step.goal:
            while not panel.state()["done"]:
                for key in REACHES[step.goal.event]:
                    page.keyboard.press(key)
                stage.settled()
        panel.until("state.done")
        if number == 1:
            assert found(page) == []
            page.keyboard.press("Backspace")  # the step, as it began
            panel.until("!state.done && !state.answered")
            page.keyboard.press("u")
            panel.until("state.opened")
            expect(panel.root.locator(".reveal")).not_to_be_empty()
        if number < len(steps):
            page.keyboard.press("PageDown")

    # To a step by its number; and Home makes everything new for the next class.
    page.keyboard.press("1")
    panel.until("state.step === 1 && state.opened")
    with page.expect_navigation():
        page.keyboard.press("Home")
    panel.ready()
    panel.until("state.step === 1 && !state.opened")
    stage.ready()
    covers(page)
