"""A class of two follows its teacher: steps, scenes, guesses, the truth; and one goes astray."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from benchmarks._visitors import arriving
from tests.browser import visit
from tests.browser.probe import Probe
from tests.browser.tabs import Tabs
from tests.browser.test_accessible import found
from tests.browser.test_going import run
from trisym.lessons import own, shelf
from trisym.lessons.lesson import Choice
from trisym.rooms import codes
from trisym.ui.lessons import drafts, vocabulary

LESSON = "drift"
SAME = "state.vertices.every((value, i) => Math.abs(value - it[i]) < 1e-6)"
BEHIND_MS = 15_000  # more than any machine of these tests needs


@pytest.fixture
def class_room(tabs: Tabs) -> Iterator[list[Page]]:
    """A teacher's screen and two phones, each a browser of its own, which must stay clean."""
    errors: list[str] = []
    with ExitStack() as stack:
        sizes = (visit.PROJECTOR, *[visit.PHONE] * 2)
        pages = [stack.enter_context(tabs.lent(viewport=size)) for size in sizes]
        for page in pages:
            visit.watch(page, errors)
        yield pages
        errors += [box for page in pages for box in visit.exception_boxes(page)]
        assert not errors


def own_lesson() -> str:
    """A lesson of one step, as the maker's page writes it into a link."""
    step = {
        **drafts.empty_step(),
        "link": "energy",
        "text": "Turn the molecule.",
        "kind": drafts.CHOICE,
        "question": "Whose energy stays?",
        "options": ["one", "both"],
        "reveal": "One.",
    }
    return own.pack(
        drafts.data_from({**drafts.empty(), "title": "Mine, <b>all</b> mine", "steps": [step]})
    )


def all_in(pages: list[Page], title: str) -> None:
    for page in pages:
        expect(page.locator(".lesson.live")).to_contain_text(title)


def test_a_class_follows_its_teacher(app_url: str, class_room: list[Page]) -> None:
    teacher, ann, bob = class_room
    lesson = shelf.shelf(vocabulary.PAGES).lessons[LESSON]
    first = lesson.steps[0]
    assert isinstance(first.question, Choice)
    options = dict(lesson.text("en").steps[first.id].options)
    right = options.pop(first.question.answer)
    wrong = next(iter(options.values()))
    strip = ".room"

    # A room, its code, and the secret in no address.
    teacher.goto(f"{app_url}/room")
    teacher.get_by_role("button", name="Open a room").click()
    teacher.wait_for_url(re.compile(r"room=\w{4}"))
    code = teacher.url.partition("room=")[2][:4]
    assert codes.as_typed(code) == code
    expect(teacher.get_by_role("img").first).to_be_visible()
    assert "teach" not in teacher.url

    # Ann scans, Bob types a wrong code and then the right one, in small letters.
    ann.goto(f"{app_url}/?room={code}")
    bob.goto(f"{app_url}/room")
    typed = bob.get_by_role("textbox")
    typed.fill("aeio")
    typed.press("Enter")
    expect(bob.get_by_text("There is no room 'aeio' here")).to_be_visible()
    typed.fill(f" {code.lower()} ")
    typed.press("Enter")
    for student in (ann, bob):
        expect(student.locator(strip)).to_contain_text(f"Room {code} you follow")

    # The lesson begins: both are led to its page and its scene.
    teacher.get_by_role("link", name=lesson.text("en").title).click()
    stages = [Probe(page, "stage") for page in class_room]
    for page, stage in zip(class_room, stages, strict=True):
        page.wait_for_url(re.compile(f"lesson={LESSON}&step=1"), timeout=BEHIND_MS)
        stage.ready()
    secret = teacher.evaluate("code => sessionStorage.getItem(`trisym:room ${code}`)", code)
    assert len(secret) > 16

    # Guesses arrive as they are given; only the teacher sees them before the truth is shown.
    def chosen(page: Page, text: str) -> None:
        page.locator(".lesson.live").get_by_role("radio", name=text).click()

    count = "data-count"
    chosen(ann, right)
    expect(teacher.locator(strip)).to_contain_text("2 here · 1 guessed")
    chosen(bob, wrong)
    expect(teacher.locator(strip)).to_contain_text("2 guessed")
    for text in (right, wrong):
        option = teacher.locator(".lesson.live").get_by_role("radio", name=text)
        expect(option).to_have_attribute(count, "1")
    expect(ann.get_by_role("radio", name=right)).to_have_attribute(count, "")

    # A key of the presenter's view shows the truth, on all screens.
    teacher.keyboard.press("l")
    teacher.keyboard.press("u")
    for page in class_room:
        option = page.locator(".lesson.live").get_by_role("radio", name=right)
        expect(option).to_have_attribute("data-right", "true")
        expect(option).to_have_attribute(count, "1")
    for student, stage in zip((ann, bob), stages[1:], strict=True):
        expect(student.locator(strip)).to_contain_text("2 guessed")
        expect(stage.root.locator(".latents")).to_be_visible()

    # The scene follows the teacher's hand, without the students' pages running.
    teacher.keyboard.press("n")
    moved = stages[0].until(f"state.settled && !({SAME})", stages[1].state()["vertices"])[
        "vertices"
    ]
    for stage in stages[1:]:
        stage.until(SAME, moved)

    # Bob touches something: he is on his own, while Ann is led on; then he follows again.
    bob.get_by_role("radio", name="Move", exact=True).click()
    expect(bob.locator(strip)).to_contain_text("you are on your own")
    teacher.keyboard.press("PageDown")
    ann.wait_for_url(re.compile("step=2"), timeout=BEHIND_MS)
    expect(bob.locator(strip)).to_be_visible()
    assert "step=1" in bob.url
    visit.wait_until_idle(bob)
    assert found(bob) == []
    bob.get_by_role("button", name="Follow again").click()
    bob.wait_for_url(re.compile("step=2"), timeout=BEHIND_MS)

    # What the students were sent holds no secret; their own tabs keep none.
    for student in (ann, bob):
        assert secret not in student.content()
        assert not student.evaluate("code => sessionStorage.getItem(`trisym:room ${code}`)", code)

    # A lesson of the teacher's own leads the class as well, by the link that holds it whole.
    teacher.keyboard.press("l")
    teacher.goto(f"{app_url}/?lesson={own_lesson()}&room={code}")
    all_in(class_room, "Mine, <b>all</b> mine")
    chosen(bob, "both")
    expect(teacher.locator(strip)).to_contain_text("1 guessed")
    teacher.keyboard.press("l")
    teacher.keyboard.press("u")
    answer = ann.locator(".lesson.live").get_by_role("radio", name="both")
    expect(answer).to_have_attribute(count, "1")

    # The room is closed: a sentence.
    teacher.keyboard.press("l")
    teacher.goto(f"{app_url}/room?room={code}")
    teacher.get_by_role("button", name="Close the room").click()
    for student in (ann, bob):
        closed = student.get_by_text(f"The room {code} is closed.").first
        expect(closed).to_be_visible(timeout=BEHIND_MS)  # in the bar, and on the page


async def led_by(url: str) -> list[tuple[bool, bool]]:
    """Return whether who asks leads or is refused: by a wrong secret, and by the room's own."""
    async with arriving(url) as teacher, arriving(url) as other:
        await teacher.open("room")
        await teacher.open("room", pressed="Open a room")
        told = json.loads(teacher.told["trisym_room"])
        answers = []
        for _ in range(2):  # a session's second run is the first that hears a component
            await other.open("lessons", f"room={told['code']}")
        for secret in ("x" * len(told["secret"]), told["secret"]):
            await other.send("trisym_room", "act", {"act": "lead", "secret": secret})
            answer = json.loads(other.told["trisym_room"])
            answers.append((answer["leads"], answer["refused"]))
        return answers


def test_who_asks_to_lead_is_answered(app_url: str) -> None:
    assert run(led_by(app_url)) == [(False, True), (True, True)]
