"""Training in the visitor's own browser: steered, reloaded, used, sent; and without a server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import trisym
from tests.browser import visit
from tests.browser.probe import Probe
from tests.browser.tabs import Tabs
from trisym.film import MOST_FRAMES
from trisym.storage import checkpoints
from trisym.ui.hidden_symmetries.scene import Scene as HiddenScene
from trisym.ui.inside.scene import Scene as InsideScene
from trisym.ui.latent_space.scene import UNPLACED
from trisym.ui.latent_space.scene import Scene as LatentScene
from trisym.ui.symmetries.scene import Scene as MotionsScene

SMALL = "training?n=2000&batch=100&network=custom&widths=16"
OVER = "state.local?.status === 'finished' || state.local?.status === 'stopped'"


def film_of_this_browser(page: Page) -> Probe:
    """The film, once it shows a run of this browser."""
    page.locator('.film[data-local="true"]').wait_for()
    visit.wait_until_idle(page)  # the page around it, which may still mount it anew
    return Probe(page, "film")


def stepped(film: Probe) -> float:
    return float(film.state()["local"]["steps"])


def test_a_run_of_this_browser_from_its_start_to_a_model_in_use(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(f"{SMALL}&amount=600")
    page.get_by_role("button", name="Train", exact=True).click()
    film = film_of_this_browser(page)
    film.until("(state.local?.steps ?? 0) > 50")
    bar = page.locator(".local")
    expect(bar.locator(".local-name")).to_have_text("sides-h3, training in this browser")
    expect(page.locator(".film .status")).to_contain_text("steps a second")

    # Paused, it takes one step when it is asked for one; a wrong rate is refused, a good one taken.
    bar.get_by_role("button", name="Pause").click()
    film.until("state.local.status === 'paused'")
    paused = stepped(film)
    bar.get_by_role("button", name="One step").click()
    film.until("state.local.steps === it", paused + 1)
    rate = bar.get_by_label("Learning rate")
    rate.fill("11")
    rate.press("Enter")
    expect(bar.get_by_role("alert")).to_have_text("lr must be a number from 1e-09 to 10, not 11.")
    rate.fill("0.02")
    rate.press("Enter")
    film.until("state.local.changes.length === 1")

    # Another page, then a reload: there it stands, and goes on from there.
    page.reload()
    film = film_of_this_browser(page)
    film.until("state.local?.status === 'paused'")
    assert stepped(film) in (paused, paused + 1)
    bar.get_by_role("button", name="Resume").click()
    film.until("state.local.steps > it", paused + 20)
    before = film.state()["frames"]
    assert 1 < before <= MOST_FRAMES
    page.reload()  # in the midst of it
    film = film_of_this_browser(page)
    film.until("state.local?.status === 'running' && state.local.steps > it", paused + 20)
    bar.get_by_role("button", name="Stop training").click()
    film.until(OVER)
    expect(page.locator(".film .status")).to_contain_text("On 20,000 fresh triangles: side error")

    # Its model: a file like any other, on the live view at once, and in the library when sent.
    with page.expect_download() as download:
        bar.get_by_role("button", name="Save the model").click()
    file = tmp_path / "sides-h3.safetensors"
    download.value.save_as(file)
    card = checkpoints.load_card(file)
    assert (card.name, card.notes["trained in"]) == ("sides-h3", "a browser")
    bar.get_by_role("button", name="Send it to the server").click()
    expect(page.get_by_text("is in the library, and on every page.")).to_be_visible()
    expect(bar.get_by_role("button", name="Send it to the server")).to_be_hidden()

    # Compared with the server's runs, by the same curves and table: its own copy has its numbers.
    visit.wait_until_idle(page)
    offered = page.get_by_label("Runs to look at, compare or take away")
    offered.scroll_into_view_if_needed()  # a list closes where its page moves
    visit.wait_until_idle(page)
    offered.press("ArrowDown")
    page.get_by_role("option", name="sides-h3-2").click()
    page.get_by_label("Compare sides-h3: ").check()
    beside = page.get_by_role("table").filter(has_text="orbit spread, inside")
    expect(beside.get_by_role("columnheader", name="sides-h3-2")).to_be_visible()
    visit.wait_until_idle(page)
    side_error = beside.get_by_role("row").filter(has_text="side error").get_by_role("cell")
    here, sent = (cell.inner_text() for cell in side_error.all()[-2:])
    assert here == sent != "–"


def trained(page: Page, app_url: str, query: str) -> str:
    """Train in this browser for a moment; return the run's id."""
    page.goto(f"{app_url}/{SMALL}&budget=epochs&amount=2&{query}")
    visit.wait_until_idle(page)
    page.get_by_role("button", name="Train", exact=True).click()
    film = film_of_this_browser(page)
    film.until(OVER)
    return str(film.state()["local"]["id"])


def shown_with(page: Page, view: str, address: str) -> Probe:
    """A live view that a link opens with a network of this browser."""
    page.goto(address)
    probe = Probe(page, view)
    probe.ready()
    visit.wait_until_idle(page)
    return probe


def test_its_networks_are_on_every_live_view_and_sent_from_there(
    open_page: Callable[..., Page], app_url: str
) -> None:
    page = open_page("claims")
    two = trained(page, app_url, "h=2&dataset=fixed-side")
    three = trained(page, app_url, "h=3")

    # Three sets: in the place of the shipped network of its set, with a cloud that is drawn here.
    hidden = HiddenScene(choice=("fixed-side", "perimeter", two)).to_text()
    linked = shown_with(page, "linked-sets", f"{app_url}/hidden_symmetries?hand={hidden}")
    errors = [panel["error"] for panel in linked.state()["panels"]]
    assert errors[2] > errors[1]  # the shipped ones have seen more than two epochs

    # Which triangle does a latent point stand for?
    latent = LatentScene(UNPLACED, models=(three,)).to_text()
    decoder = shown_with(page, "decoder", f"{app_url}/latent_space?latent={latent}")
    state = decoder.until("state.settled")
    assert any(state["latent"])
    assert min(state["sides"]) > 0

    # What does each of its units watch?
    inside = InsideScene(network=(three,)).to_text()
    spheres = shown_with(page, "spheres", f"{app_url}/inside?spheres={inside}")
    assert spheres.state()["network"] == three
    expect(page.locator(".spheres #told")).to_contain_text("of the weight lies in units")

    # Which motions does it not see? Asked here; and by the server, once it is sent.
    motions = MotionsScene(models=(three, "sides-h3")).to_text()
    shown_with(page, "symmetries", f"{app_url}/symmetries?scene={motions}&numbers=true")
    expect(page.locator(".symmetries .row")).to_have_count(2)
    here = page.locator(".symmetries .row").first.locator(".motion").all()
    places = [each.evaluate("dot => parseFloat(dot.style.left)") for each in here]
    assert len(places) == 12
    page.get_by_role("button", name="Send sides-h3 to the server").click()
    expect(page.get_by_text("is in the library, and on every page.")).to_be_visible()
    visit.wait_until_idle(page)
    expect(page.locator(".symmetries .row .title").first).to_contain_text("trained on sides")
    again = page.locator(".symmetries .row").first.locator(".motion").all()
    asked = [each.evaluate("dot => parseFloat(dot.style.left)") for each in again]
    assert asked == pytest.approx(places, abs=1.5)  # per cent of the axis: other triangles
    assert asked != places


@pytest.fixture(scope="module")
def film_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a film that is saved as a web page, and trains without a server."""
    return Path(trisym.export("training", tmp_path_factory.mktemp("film") / "film.html")).as_uri()


@contextmanager
def saved_film(browser: Browser, file: str, before: str) -> Iterator[Page]:
    """The saved film in a browser that lacks something; before: what takes it away."""
    with browser.new_context(viewport=visit.PROJECTOR, offline=True) as context:
        page = context.new_page()
        page.add_init_script(before)
        page.goto(file)
        yield page


def test_without_workers_it_says_so(browser: Browser, film_file: str) -> None:
    with saved_film(browser, film_file, "delete globalThis.Worker") as page:
        page.get_by_role("button", name=re.compile("Train")).first.click()
        film = Probe(page, "film")
        film.until("state.local?.status === 'failed'")
        expect(page.locator(".film .status")).to_contain_text(
            "This browser runs no workers, so nothing can be trained in it: train on the server."
        )


def test_without_a_database_it_trains_and_a_hidden_tab_is_told_of(
    browser: Browser, film_file: str
) -> None:
    nothing_kept = "Object.defineProperty(globalThis, 'indexedDB', { value: undefined })"
    with saved_film(browser, film_file, nothing_kept) as page:
        status = page.locator(".film .status")
        page.get_by_label("Seconds").fill("600")
        page.get_by_role("button", name=re.compile("Train")).first.click()
        film = Probe(page, "film")
        film.until("state.local?.steps > 20")
        expect(status).to_contain_text("This browser keeps nothing for this page")

        # Nobody sees it, and it is slowed down, as browsers do: here by its own pace.
        before = film.state()["local"]
        page.evaluate(HIDE, True)
        expect(status).to_contain_text("This tab is hidden: the training goes on")
        page.locator(".local").get_by_role("radio", name="very slow").click()
        film.until(SLOWED, before)
        page.evaluate(HIDE, False)
        expect(status).to_contain_text(
            re.compile(r"While this tab was hidden it trained at \d+ % of its pace")
        )
        page.locator(".local").get_by_role("button", name="Stop training").click()
        film.until(OVER)
        assert film.state()["local"]["metrics"]["side_error"] < 1


# A tab of this shell can't be covered by another: what a page is told of it is said here.
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  globalThis.hiddenSince ??= performance.now();
  document.dispatchEvent(new Event("visibilitychange"));
}"""
# Half of its pace for so long that it is worth a word, whatever it did until it was slowed down.
SINCE = "((performance.now() - globalThis.hiddenSince) / 1000)"
SLOWED = f"""{SINCE} > 2.5 && state.local.steps > it.steps + 1
  && state.local.steps - it.steps < 0.5 * it.pace * {SINCE}"""


def test_a_saved_film_trains_without_a_server(tabs: Tabs, tmp_path: Path) -> None:
    out = trisym.export("training", tmp_path / "film.html")
    problems: list[str] = []
    with tabs.lent(viewport=visit.PROJECTOR, offline=True) as page:
        visit.watch(page, problems)
        page.goto(Path(out).as_uri())
        page.get_by_label("Latent h").fill("0")
        page.get_by_role("button", name=re.compile("Train")).first.click()
        alert = page.locator(".local-form").get_by_role("alert")
        expect(alert).to_have_text("The latent size h must be a whole number from 1 to 64, not 0.")
        page.get_by_label("Latent h").fill("2")
        page.get_by_label("Seconds").fill("1")
        page.get_by_role("button", name=re.compile("Train")).first.click()
        film = Probe(page, "film")
        film.until(OVER)
        state = film.state()
        assert state["frames"] > 2
        assert state["local"]["metrics"]["side_error"] < 1
    assert not problems
