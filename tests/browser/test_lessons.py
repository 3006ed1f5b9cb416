"""Every lesson is played to its end in one tab: real answers, real hands, one panel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import test_accessible, visit
from tests.browser.probe import Probe
from tests.browser.tabs import Tabs
from trisym.lessons.lesson import Choice, Lesson, Number, Point, Step
from trisym.lessons.shelf import ORDER
from trisym.ui.kit.navigation import LESSONS, OWN_LESSON
from trisym.ui.lessons import position

BAR_PX = 60  # Streamlit's, at the top of the window
VIEWS = {
    "symmetry": "stage",
    "symmetries": "symmetries",
    "inside": "spheres",
    "energy": "energy",
    "hidden_symmetries": "linked-sets",
    "physics": "stage",
    "training": "film",
}


def press(keys: str, times: int, on: str = ".world-canvas") -> Callable[[Page, Probe], None]:
    def act(page: Page, view: Probe) -> None:
        view.root.locator(on).focus()
        for _ in range(times):
            page.keyboard.press(keys)

    return act


def reshape(page: Page, view: Probe) -> None:
    press("1", 1)(page, view)
    for key in ("ArrowLeft", "ArrowUp"):
        press(key, 6)(page, view)


def click(selector: str) -> Callable[[Page, Probe], None]:
    return lambda page, view: view.root.locator(selector).first.click()


def scrub(slider: str) -> Callable[[Page, Probe], None]:
    """Carry a slider to its end."""

    def act(page: Page, view: Probe) -> None:
        last = view.root.locator(slider).get_attribute("max")
        view.root.locator(slider).fill(str(last))

    return act


def train(page: Page, view: Probe) -> None:
    """Train in this browser until the panel is content."""
    page.get_by_role("button", name="Train").first.click()
    Probe(page, "lesson").until("state.done")
    view.root.get_by_role("button", name="Stop training").click()


# What a hand does for an event, on whichever view tells of it.
HANDS: dict[str, Callable[[Page, Probe], None]] = {
    "turned": press("ArrowLeft", 20),
    "reshaped": reshape,
    "below": press("Shift+ArrowDown", 25),
    "unseen": click('.row >> nth=0 >> [data-rank="9"]'),
    "played": click('.row >> nth=0 >> [data-rank="2"]'),
    "row": click('.row >> nth=1 >> [data-rank="3"]'),
    "combined": press("ArrowRight", 3, ".desk input >> nth=0"),
    "chosen": click('[data-network="mse-h3"]'),
    "moment": scrub("input.moment"),
    "error": scrub(".scrubber"),
    "minimum": press("ArrowLeft", 36, ".plot-canvas"),
    "pulled": press("Shift+ArrowLeft", 2, ".plot-canvas"),
    "trained": train,
    "renumbered": click("[data-act=renumber]"),
}


@pytest.fixture(scope="module")
def tab(tabs: Tabs, app_url: str) -> Iterator[Page]:
    """One tab and one visit for all lessons; nothing may go wrong in it."""
    errors: list[str] = []
    with tabs.lent(viewport=visit.PROJECTOR, reduced_motion="reduce") as page:
        visit.watch(page, errors)
        page.goto(f"{app_url}/{LESSONS.url_path}")
        visit.wait_until_idle(page)
        yield page
        errors += visit.exception_boxes(page)
        assert not errors, errors


def answer(panel: Probe, step: Step) -> None:
    question = step.question
    form = panel.root.locator("form")
    match question:
        case Choice():
            form.locator(f'[data-option="{question.answer or question.options[0]}"]').click()
        case Number():
            form.locator("input").fill(f"{question.answer:.4g}")
            form.locator("[type=submit]").click()
        case Point():
            x, y = panel.until("state.spots")["spots"]["after"]
            form.locator("canvas").click(position={"x": x, "y": y})
            form.locator("[type=submit]").click()
    panel.until("state.answered")


def play(page: Page, lesson: Lesson, seen: Callable[[Step, str], None] = lambda *_: None) -> None:
    """Play a lesson to its end, as a visitor who answers rightly."""
    panel = Probe(page, "lesson")
    for number, step in enumerate(lesson.steps, start=1):
        panel.until("state.lesson === it[0] && state.step === it[1]", [lesson.id, number])
        view = Probe(page, VIEWS.get(step.page, "lesson"))
        view.ready()
        visit.wait_until_idle(page)  # the view takes up the step's scene after the panel its words
        seen(step, "asked")
        if step.question:
            answer(panel, step)
        if step.goal:
            assert not panel.state()["done"], step.id
            HANDS[step.goal.event](page, view)
            panel.until("state.done")
        told = lesson.text("en").steps[step.id]
        if told.reveal and panel.state()["done"]:
            expect(panel.root.locator(".reveal")).not_to_be_empty()
        if isinstance(step.question, Number | Point):
            expect(panel.root.locator(".reveal, .verdict").filter(has_text="Yes.")).to_be_visible()
        seen(step, "done")
        panel.root.locator("[data-act=next]").click()
    page.wait_for_url(f"**/{LESSONS.url_path}*")


@pytest.mark.parametrize("name", ORDER)
def test_a_lesson_is_played_to_its_end(tab: Page, app_url: str, name: str) -> None:
    lesson = position.lessons()[name]
    if not tab.url.startswith(f"{app_url}/{LESSONS.url_path}"):  # another lesson's test failed
        tab.goto(f"{app_url}/{LESSONS.url_path}")
    tab.get_by_role("link", name=lesson.text("en").title).click()
    play(tab, lesson)
    kept: dict[str, Any] = tab.evaluate("() => JSON.parse(localStorage['trisym:lessons'])")
    assert set(kept[name]["steps"]) == {step.id for step in lesson.steps}


def test_a_link_opens_a_step_anywhere_and_progress_survives(tab: Page, app_url: str) -> None:
    """Home's address with a lesson leads to the step's page; a reload and the menu lose nothing."""
    panel = Probe(tab, "lesson")
    tab.set_viewport_size(visit.PHONE)
    tab.goto(f"{app_url}/?lesson=drift&step=3&lang=de")
    tab.wait_for_url("**/symmetry?scene=*lesson=drift&step=3&lang=de")
    state = panel.until("state.step === 3")
    assert state["mine"] == {"given": "moves", "done": True}  # from the test before
    expect(panel.root.locator(".title")).to_have_text("Bleibt der Punkt?")
    expect(panel.root.locator("[data-act=next]")).to_be_in_viewport(ratio=0.99)
    assert visit.overflow_px(tab) == 0
    stage = Probe(tab, "stage")
    stage.ready()
    assert not stage.root.locator("[data-act=swap]").first.is_visible()  # put away here
    assert test_accessible.found(tab) == []

    tab.set_viewport_size(visit.PROJECTOR)
    menu = tab.get_by_test_id("stSidebarNav")
    menu.get_by_role("link", name="Latent space").click()
    tab.wait_for_url("**/latent_space?*lesson=drift*")
    expect(panel.root.locator(".elsewhere")).to_contain_text("Symmetry")
    panel.root.locator("[data-act=return]").click()
    tab.wait_for_url("**/symmetry?scene=*step=3*")
    panel.root.locator("select").select_option("fr")
    expect(panel.root.locator(".title")).to_have_text("Le point reste-t-il ?")
    panel.root.locator("[data-act=leave]").click()
    expect(panel.root).to_have_count(0)
    stage.until("state.settled")
    expect(stage.root.locator("[data-act=swap]").first).to_be_visible()


def test_a_phone_looks_where_the_next_step_points(tabs: Tabs, app_url: str) -> None:
    """What it points at stands above the panel, else the view below the bar; a scroll undone."""
    scroller = "() => { document.querySelector('[data-testid=stMain]').scrollTop = 2000; }"
    with tabs.lent(viewport=visit.PHONE, has_touch=True, is_mobile=True) as page:
        page.goto(f"{app_url}/?lesson=drift&step=1")
        panel, stage = Probe(page, "lesson"), Probe(page, "stage")
        for number, looked_at in ((2, ".pointed-at"), (3, ".world-canvas")):
            panel.until("state.step === it", number - 1)
            stage.ready()
            visit.wait_until_idle(page)
            page.evaluate(scroller)
            panel.root.locator("[data-act=next]").tap()
            panel.until("state.step === it", number)
            visit.wait_until_idle(page)
            place = stage.root.locator(looked_at).bounding_box()
            over = panel.root.bounding_box()
            assert place
            assert over
            assert place["y"] >= 0.9 * BAR_PX
            assert place["y"] + place["height"] <= over["y"]


def test_a_damaged_link_says_so_and_leads_to_the_list(tab: Page, app_url: str) -> None:
    tab.goto(f"{app_url}/symmetry?lesson=%3Cb%3Emoon&step=x")
    told = "This link asks for a lesson '<b>moon', which there is not."
    expect(tab.get_by_text(told)).to_be_visible()
    tab.get_by_test_id("stMain").get_by_role("link", name="Lessons").click()
    tab.wait_for_url(f"**/{LESSONS.url_path}*")
    expect(tab.get_by_role("link", name="Does the dot stay?")).to_be_visible()


def test_a_lesson_that_is_made_here_is_taken_on_another_device(
    tab: Page, tabs: Tabs, app_url: str
) -> None:
    """Its link holds it whole; what was written survives a reload."""

    def write(label: str, text: str) -> None:
        tab.get_by_label(label, exact=True).fill(text)
        tab.keyboard.press("Tab")
        visit.wait_until_idle(tab)

    tab.goto(f"{app_url}/{OWN_LESSON.url_path}")
    expect(tab.get_by_text("Not yet a lesson. Step 1: link must begin with a page")).to_be_visible()
    write("Title", "*Mine* <b>")
    write("Scene: a page's address", f"{app_url}/symmetry?lesson=drift&step=2&drift=a-c")
    write("Text", "Turn it.")
    tab.get_by_role("radio", name="a choice").click()
    write("What is asked", "Whose dot stays?")
    write("Answers, one a line, 2 to 6", "sides\ncoordinates")
    write("Revealed at the end", "The sides'.")
    expect(tab.get_by_role("button", name="Play it")).to_be_visible()
    assert test_accessible.found(tab) == []
    tab.reload()
    visit.wait_until_idle(tab)
    link = tab.get_by_test_id("stCode").inner_text().strip()
    assert link.startswith(f"{app_url}/symmetry?lesson=own1.")
    with tabs.lent(viewport=visit.PHONE) as page:
        page.goto(link)
        panel = Probe(page, "lesson")
        panel.ready()
        expect(panel.root.get_by_text("*Mine* <b>", exact=True)).to_be_visible()
        panel.root.locator('[data-option="a"]').click()
        expect(panel.root.locator(".reveal")).to_have_text("Yes. The sides'.")
        page.goto(link[:-30])
        expect(page.get_by_text("This link holds a lesson that is damaged")).to_be_visible()
        assert visit.exception_boxes(page) == []
