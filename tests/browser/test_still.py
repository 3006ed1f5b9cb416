"""Who asks for reduced motion sees nothing move by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import visit
from tests.browser.probe import Probe
from tests.browser.tabs import Tabs

SOME_FRAMES = 20


@pytest.fixture(scope="module")
def calm(tabs: Tabs) -> Iterator[Page]:
    with tabs.lent(reduced_motion="reduce") as page:
        yield page


def opened(page: Page, url: str, name: str) -> Probe:
    page.goto(url)
    probe = Probe(page, name)
    probe.ready()
    visit.wait_until_idle(page)
    return probe


def test_home_s_triangle_does_not_tumble(calm: Page, app_url: str) -> None:
    stage = opened(calm, app_url, "stage")
    before = stage.settled()["vertices"]
    visit.wait_for_frames(calm, SOME_FRAMES)
    assert stage.state()["vertices"] == before


def test_a_film_waits_at_its_end_and_plays_when_asked_to(calm: Page, app_url: str) -> None:
    film = opened(calm, f"{app_url}/training", "film")
    state = film.settled()
    expect(film.root.locator(".place")).to_have_text(
        f"frame {state['frames']} of {state['frames']}"
    )
    visit.wait_for_frames(calm, SOME_FRAMES)
    assert not film.state()["moving"]
    film.root.get_by_role("button", name="Play the film").click()
    film.until("state.moving")


def test_wander_takes_one_step_and_stands(calm: Page, app_url: str) -> None:
    sets = opened(calm, f"{app_url}/hidden_symmetries", "linked-sets")
    before = sets.settled()["vertices"]
    sets.root.get_by_role("button", name="Wander").click()
    after = sets.settled()
    assert after["vertices"] != before
    visit.wait_for_frames(calm, SOME_FRAMES)
    assert sets.state()["vertices"] == after["vertices"]


def test_home_s_triangle_tumbles_where_nobody_asks(page: Page, app_url: str) -> None:
    """The control."""
    page.emulate_media(reduced_motion="no-preference")
    stage = opened(page, app_url, "stage")
    before = stage.state()["vertices"]
    stage.until("JSON.stringify(state.vertices) !== JSON.stringify(it)", before)
