"""The symmetry page in a real browser: the hand lets go, and link and numbers follow."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import folds
from tests.browser import visit
from tests.browser.probe import Probe
from tests.browser.tabs import Tabs
from trisym.ui.kit.folds import RESEARCHERS


@pytest.fixture(scope="module")
def opened(shared_page: Page, app_url: str) -> Page:
    """The page, its stage ready for a hand and its tables drawn."""
    shared_page.goto(f"{app_url}/symmetry?{RESEARCHERS}=true")
    return ready(shared_page)


@pytest.fixture
def symmetry(opened: Page) -> Iterator[Page]:
    with Probe(opened, "stage").afresh() as page:
        yield page


@pytest.fixture(scope="module")
def opened_whole(tabs: Tabs, app_url: str) -> Iterator[Page]:
    """The page with its pictures, too."""
    with tabs.lent() as page:
        page.goto(f"{app_url}/symmetry{folds.QUERY}")
        yield ready(page)


@pytest.fixture
def whole(opened_whole: Page) -> Iterator[Page]:
    with Probe(opened_whole, "stage").afresh() as page:
        yield page


def ready(page: Page) -> Page:
    stage = page.locator(".stage")
    expect(stage).to_have_attribute("data-ready", "true")
    visit.wait_until_idle(page)
    return page


def rows(page: Page, heading: str) -> dict[str, list[str]]:
    """The table that has this heading: its rows by their first cell."""
    found = page.locator("table", has=page.get_by_text(heading, exact=True)).locator("tbody tr")
    cells = [row.locator("th, td").all_inner_texts() for row in found.all()]
    return {first: rest for first, *rest in cells}


def drag_the_triangle(page: Page) -> None:
    canvas = page.locator(".world-canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x + 12 * step, y - 7 * step)
    page.mouse.up()


def test_letting_go_changes_the_link_and_the_numbers_below(symmetry: Page) -> None:
    page = symmetry
    before, sides = rows(page, "latent before"), rows(page, "pose")
    link = page.url
    drag_the_triangle(page)
    page.wait_for_url(lambda url: "scene=v2." in url and url != link)
    expect(page.locator("table", has_text="latent before")).not_to_contain_text(
        before["Untrained"][0]
    )
    visit.wait_until_idle(page)
    after = rows(page, "latent before")
    assert rows(page, "pose")["before"] == sides["before"]  # turned, not reshaped
    assert after["Trained on coordinates"][0] != before["Trained on coordinates"][0]


def test_a_link_shows_the_same_numbers_to_someone_else(whole: Page) -> None:
    page, link = whole, whole.url
    drag_the_triangle(page)
    page.wait_for_url(lambda url: "scene=v2." in url and url != link)
    page.get_by_role("button", name="Move it").click()
    page.wait_for_url(re.compile("scene=v2.*motion=2"))
    visit.wait_until_idle(page)
    shown = rows(page, "latent before")
    page.reload()
    ready(page)
    assert rows(page, "latent before") == shown


def test_pictures_have_words(whole: Page) -> None:
    """A reader who sees none of the pictures is told what each one shows."""
    for start in (
        "The triangle in the unit cube",
        "Latent cloud, Untrained",
        "Latent points of 100",
    ):
        expect(whole.get_by_label(re.compile(start)).first).to_be_attached()


SCREENS = ((1280, 720), (1366, 768), (1536, 864), (1440, 900), (1920, 1080))
BELOW = """(root) => {
  const bottom = (part) => part.getBoundingClientRect().bottom;
  const panels = [...root.querySelectorAll(".latents .latent")];
  const numbers = panels.map((panel) => bottom(panel.querySelector("dl")) - bottom(panel));
  return [...numbers, bottom(root.querySelector(".tumble")) - innerHeight];
}"""


def test_the_stage_and_its_first_buttons_fit_the_usual_screens(symmetry: Page) -> None:
    for width, height in SCREENS:
        symmetry.set_viewport_size({"width": width, "height": height})
        symmetry.evaluate(visit.PAINTED)
        below = symmetry.locator(".stage").evaluate(BELOW)
        assert len(below) == 4
        assert max(below) <= 2, f"{below} px too low at {width} x {height}"
