"""Training in the visitor's own browser: steered, reloaded, used, sent; and without a server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

import trisym
from tests.browser import visit
from tests.browser.probe import Probe
from tests.browser.tabs import Tabs
from trisym.film import MOST_FRAMES
from trisym.storage import checkpoints

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
