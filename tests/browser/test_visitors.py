"""Two visitors and the operator on one server: whose runs are whose, and what a press starts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import server, visit
from tests.browser.probe import Probe
from tests.browser.tabs import Tabs
from tests.model_files import CONTENT
from trisym.jobs import limits
from trisym.names import numbered
from trisym.storage import saved_runs
from trisym.storage.visitors import KEY

SMALL = "training?place=server&n=2000&batch=100&network=custom&widths=16"
MOST_WAITING = 2
ADMIN = "only-the-lecturer"
BUTTONS = ("Pause", "Stop training", "Rename", "Delete")
WATCHES = "Started in another browser"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a library of its own, whose operator has chosen a key."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(saved_runs.HOME, str(tmp_path_factory.mktemp("library")))
        patch.setenv(KEY, ADMIN)
        patch.setenv(limits.WAITING, str(MOST_WAITING))
        with server.running() as running:
            yield running.url
            assert not running.faults()


@pytest.fixture
def arrive(tabs: Tabs) -> Iterator[Callable[[], Page]]:
    """Open a browser of its own for each visitor; all of them must stay clean."""
    errors: list[str] = []
    with ExitStack() as stack:
        pages: list[Page] = []

        def arrive() -> Page:
            page = stack.enter_context(tabs.lent())
            visit.watch(page, errors)
            pages.append(page)
            return page

        yield arrive
        for page in pages:
            errors.extend(visit.exception_boxes(page))
        assert not errors, "\n".join(errors)


def button(page: Page, name: str) -> Locator:
    main = page.get_by_test_id("stMainBlockContainer")
    return main.get_by_role("button", name=name, exact=True)


def open_lab(page: Page, url: str, query: str) -> None:
    page.goto(f"{url}/{SMALL}&{query}")
    expect(page.locator(".film")).to_have_attribute("data-ready", "true")
    visit.wait_until_idle(page)


def train(page: Page, url: str, query: str, press: str = "Train") -> str:
    """Press a button that trains; return the run's address once its film has come."""
    open_lab(page, url, query)
    button(page, press).click()
    visit.wait_until_filmed(page)
    return page.url


def finish(page: Page, url: str, query: str = "budget=epochs&amount=2") -> str:
    """Train a short run to its end; return its name."""
    train(page, url, query)
    heading = page.get_by_role("heading", name=", finished")
    expect(heading).to_be_visible()
    visit.wait_until_idle(page)
    return heading.inner_text().removesuffix(", finished")


def stop(page: Page) -> None:
    button(page, "Stop training").click()
    expect(page.get_by_role("heading", name=", stopped")).to_be_visible()


def test_another_visitor_watches_and_copies_and_only_the_operator_can_do_more(
    arrive: Callable[[], Page], url: str
) -> None:
    ada, ben, lecturer = arrive(), arrive(), arrive()
    run = train(ada, url, "amount=60")
    ben.goto(run)
    expect(ben.get_by_text(WATCHES)).to_be_visible()
    film = Probe(ben, "film")
    film.ready()
    frames = film.state()["frames"]
    film.until("state.frames > it", frames)  # it goes on under Ben's eyes
    for name in BUTTONS:
        expect(button(ben, name)).to_have_count(0)
    expect(button(ada, "Pause")).to_be_visible()

    # By the operator's link, which is in no address afterwards.
    lecturer.goto(f"{url}/training?admin={ADMIN}&run={run.partition('run=')[2]}")
    expect(lecturer.get_by_text("You run this server: no limits")).to_be_visible()
    expect(lecturer).not_to_have_url(re.compile("admin"))
    lecturer.reload()
    expect(lecturer.get_by_text("You run this server: no limits")).to_be_visible()
    stop(lecturer)

    expect(ada.get_by_role("heading", name=", stopped")).to_be_visible()
    expect(ben.get_by_role("heading", name=", stopped")).to_be_visible()
    expect(button(ben, "Copy to mine")).to_be_visible()
    for name in BUTTONS:
        expect(button(ben, name)).to_have_count(0)
    button(ben, "Copy to mine").click()
    name = ada.get_by_role("heading", name=", stopped").inner_text().removesuffix(", stopped")
    copy = next(other for number in (2, 3) if (other := numbered(name, number)) != name)
    expect(ben.get_by_text(f"Your copy is called {copy}.")).to_be_visible()
    expect(button(ben, "Rename")).to_be_visible()
    expect(button(ada, "Delete")).to_be_visible()  # her own is hers still

    # By the operator's key, which is not to be guessed.
    ben.get_by_role("button", name="Run this server").click()
    for key, sentence in (("guessed", "not the key"), (ADMIN, "You run this server now.")):
        ben.get_by_label("The key that was printed").fill(key)
        ben.get_by_role("button", name="Enter", exact=True).click()
        expect(ben.get_by_text(sentence)).to_be_visible()


# Keeps the first place that the film shows once it plays; it stands in a shadow of its own.
FIRST = """
(() => {
  const look = () => {
    for (const { shadowRoot } of document.querySelectorAll("*")) {
      const film = shadowRoot?.querySelector('.film[data-ready="true"]');
      const plays = film?.querySelector(".play").getAttribute("aria-label") === "Stop the film";
      if (plays) window.testFirst ??= film.querySelector(".place").textContent;
    }
    if (!window.testFirst) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


def check_first_play(browser: Browser, address: str) -> None:
    """To somebody who opens its link a film starts at its first frame, and plays once."""
    with browser.new_context(viewport=visit.DESKTOP) as context:
        context.add_init_script(FIRST)
        page = context.new_page()
        page.goto(address)
        film = page.locator(".film")
        expect(film).to_have_attribute("data-ready", "true")
        last = film.locator(".scrubber").get_attribute("max")
        play = film.locator(".play")
        expect(play).to_have_attribute("aria-label", "Play the film")  # it is over
        assert page.evaluate("window.testFirst") == f"frame 1 of {int(last or 0) + 1}"
        expect(film.locator(".place")).to_have_text(
            f"frame {int(last or 0) + 1} of {int(last or 0) + 1}"
        )
        visit.wait_for_frames(page, 30)
        expect(play).to_have_attribute("aria-label", "Play the film")


def test_a_film_plays_once_and_a_deletion_is_asked_for_and_can_be_undone(
    arrive: Callable[[], Page], browser: Browser, url: str
) -> None:
    page = arrive()
    name = finish(page, url)
    check_first_play(browser, page.url)
    button(page, "Delete").click()
    popover = page.get_by_test_id("stPopoverBody")
    expect(popover.get_by_text(f"Delete {name}? For a minute it can be undone.")).to_be_visible()
    popover.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text(f"Deleted: {name}.")).to_be_visible()
    button(page, "Undo").click()
    expect(page.get_by_text(f"Back again: {name}.")).to_be_visible()
    expect(page.get_by_role("heading", name=f"{name}, finished")).to_be_visible()


def test_more_than_a_visitor_may_ask_for_is_a_sentence(
    arrive: Callable[[], Page], url: str
) -> None:
    page = arrive()
    open_lab(page, url, "amount=3600")
    button(page, "Train").click()
    expect(page.get_by_text("a visitor may ask for 10 minutes here")).to_be_visible()
    assert "run=" not in page.url


def test_every_press_is_a_run_until_too_many_wait(arrive: Callable[[], Page], url: str) -> None:
    """While a film is on, too; the press that is one too many gets a sentence."""
    page = arrive()
    first = train(page, url, "amount=60")
    seen = {visit.RUN.findall(first)[0]}
    for _ in range(MOST_WAITING):
        button(page, "Train").click()
        page.wait_for_url(lambda address: not seen.issuperset(visit.RUN.findall(address)))
        seen.add(visit.RUN.findall(page.url)[0])
    assert len(seen) == 1 + MOST_WAITING
    visit.wait_until_idle(page)
    last = page.url
    button(page, "Train").click()
    expect(page.get_by_text(f"{MOST_WAITING} runs of yours wait already")).to_be_visible()
    assert page.url == last
    for run in seen:
        page.goto(f"{url}/training?run={run}")
        button(page, "Stop training").click()
        # One of them trained; those that waited leave the queue.
        ended = page.get_by_role("heading", name=re.compile(", (stopped|cancelled)"))
        expect(
            ended.or_(page.get_by_text("The run of this link is not here")).first
        ).to_be_visible()


def more(page: Page) -> dict[str, str]:
    """Open More, and return what its fields show."""
    button(page, "More").click()
    fields = ("Batch", "Triangles in the set", "Seed", "Budget", "Learning rate")
    shown = {}
    for name in fields:
        field = page.get_by_label(name, exact=True).and_(page.locator("input"))
        expect(field.first).to_be_visible()
        shown[name] = field.first.input_value()
    page.keyboard.press("Escape")
    return shown


MORE = {
    "Batch": "100",
    "Triangles in the set": "2000",
    "Seed": "0",
    "Budget": "20",
    "Learning rate": "0.01",
}


@pytest.mark.parametrize("first", ["nothing", "h", "loss"])
def test_more_shows_what_is_chosen_whatever_was_touched_first(
    arrive: Callable[[], Page], url: str, first: str
) -> None:
    page = arrive()
    open_lab(page, url, "h=2" if first == "h" else "")
    if first == "loss":
        page.get_by_label("Loss on").click()
        page.get_by_role("option", name="Coordinates").click()
        page.wait_for_url(re.compile(r"[?&]loss=mse"))
    visit.wait_until_idle(page)
    assert more(page) == MORE


UPLOADS = (
    (CONTENT, "is in the library, and on every page"),
    (b"no model", "not a .safetensors file"),
)


def bring(page: Page, content: bytes, name: str = "brought.safetensors") -> None:
    page.get_by_text("Bring a model").click()
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]


def test_what_came_of_an_upload_stays_when_its_box_is_closed(
    arrive: Callable[[], Page], url: str
) -> None:
    """And More shows what is chosen, as whatever was touched first."""
    page = arrive()
    open_lab(page, url, "")
    for content, sentence in UPLOADS:
        bring(page, content)
        expect(page.get_by_text(sentence)).to_be_visible()
        page.get_by_text("Bring a model").click()
        expect(page.locator('input[type="file"]')).not_to_be_visible()
        visit.wait_until_idle(page)
        expect(page.get_by_text(sentence)).to_be_visible()
        assert more(page) == MORE


def test_a_run_has_one_name_made_from_the_nickname(arrive: Callable[[], Page], url: str) -> None:
    page = arrive()
    open_lab(page, url, "budget=epochs&amount=2")
    button(page, "More").click()
    nickname = page.get_by_role("textbox", name="Your nickname")
    nickname.fill("Zoë 模")
    nickname.press("Enter")
    page.keyboard.press("Escape")
    button(page, "Train").click()
    expect(page.get_by_role("heading", name="Zoë 模-sides-h3, finished")).to_be_visible()
    expect(page.get_by_test_id("stMultiSelect")).to_contain_text("Zoë 模-sides-h3")
    with page.expect_download() as download:
        page.get_by_role("button", name="Zoë 模-sides-h3.safetensors").first.click()
    assert download.value.suggested_filename == "Zoë 模-sides-h3.safetensors"


def test_two_losses_at_one_press_stand_side_by_side(arrive: Callable[[], Page], url: str) -> None:
    page = arrive()
    open_lab(page, url, "budget=epochs&amount=2")
    button(page, "Sides against coordinates").click()
    expect(page.get_by_role("heading", name="Each side against coordinates")).to_be_visible()
    films = page.locator(".film")
    expect(films).to_have_count(2)
    for place in (0, 1):
        expect(films.nth(place)).to_have_attribute("data-ready", "true")
    for loss in ("sides", "mse"):
        expect(page.get_by_text(re.compile(rf"^{loss}-h3(-\d+)?, finished$"))).to_be_visible()
    visit.wait_until_idle(page)  # one of them waited, which is a line more
    left, right = films.evaluate_all(
        "films => films.map((film) => film.getBoundingClientRect().toJSON())"
    )
    assert left["right"] <= right["left"]
    assert abs(left["top"] - right["top"]) < 2


def test_ten_seeds_at_one_press_give_mean_and_spread_and_one_zip(
    arrive: Callable[[], Page], url: str
) -> None:
    page = arrive()
    open_lab(page, url, "budget=epochs&amount=2")
    button(page, "Ten seeds").click()
    expect(page.get_by_role("heading", name="10 seeds on each side: finished")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Side error of 10 seeds: [\d.]+ ± [\d.]+"))).to_be_visible()
    expect(page.locator(".film")).to_have_attribute("data-others", "true")
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    spread = page.get_by_test_id("stTable").filter(has_text="mean ± spread")
    expect(spread).to_contain_text("9 more seeds")
    with page.expect_download() as download:
        page.get_by_role("button", name="All 10 runs as one zip").click()
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as archive:
        models = [name for name in archive.namelist() if re.search(r"(?<!film)\.safeten", name)]
    assert len(models) == 10
