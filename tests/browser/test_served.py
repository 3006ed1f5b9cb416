"""Files that browsers keep, in a real browser: fetched once, under any base path, in any theme."""

from __future__ import annotations

import gzip
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from tests.browser import server, visit

BASE = "/lab"
READY = '.stage[data-ready="true"]'


@pytest.fixture(scope="module")
def based_url() -> Iterator[str]:
    """The app as it lies behind a proxy or a hub: below a path."""
    with server.running(base=BASE) as running:
        yield running.url
        assert not running.faults()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport=visit.DESKTOP) as context:
        yield context


def fetched(page: Page, address: str, until: str) -> tuple[list[Response], set[str]]:
    """Open an address; return the app's files that came, and those that the browser had kept."""
    came: list[Response] = []
    kept: set[str] = set()
    page.on("response", lambda answer: came.append(answer) if "/files/" in answer.url else None)

    def keep(url: str) -> None:
        if "/files/" in url:
            kept.add(url)

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    session.on(
        "Network.requestWillBeSent",
        lambda event: urls.update({event["requestId"]: event["request"]["url"]}),
    )
    session.on("Network.requestServedFromCache", lambda event: keep(urls[event["requestId"]]))
    session.on(
        "Network.responseReceived",
        lambda event: (
            keep(event["response"]["url"]) if event["response"]["fromDiskCache"] else None
        ),
    )
    page.goto(address)
    page.locator(until).first.wait_for()
    visit.wait_until_idle(page)
    return came, kept


def test_files_come_from_the_base_path_once(based_url: str, context: BrowserContext) -> None:
    address = f"{based_url}/symmetry"
    came, kept = fetched(context.new_page(), address, READY)
    assert len(came) >= 3  # the stage's module, weights, the reference set, …
    for answer in came:
        assert answer.url.startswith(f"{based_url}/files/")
        assert answer.status == 200
        assert "immutable" in answer.headers["cache-control"]
    assert not kept
    again, kept = fetched(context.new_page(), address, READY)
    assert len(again) >= 3
    assert {answer.url for answer in again} <= kept


def test_home_needs_no_slash_below_a_base_path(based_url: str, context: BrowserContext) -> None:
    page = context.new_page()
    came, _ = fetched(page, based_url, READY)
    assert {answer.status for answer in came} == {200}


def ask(url: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def test_a_file_is_the_same_packed_and_plain(based_url: str, context: BrowserContext) -> None:
    came, _ = fetched(context.new_page(), f"{based_url}/symmetry", READY)
    packed, packed_headers = ask(came[0].url, **{"Accept-Encoding": "gzip"})
    plain, plain_headers = ask(came[0].url, **{"Accept-Encoding": "identity"})
    assert packed_headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain_headers
    assert gzip.decompress(packed) == plain


def test_what_is_not_there_is_not_kept(based_url: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as missing:
        ask(f"{based_url}/files/{'0' * 32}.json")
    missing.value.close()
    assert missing.value.code == 404
    assert missing.value.headers["Cache-Control"] == "no-store"


def test_a_view_that_can_not_be_fetched_says_so(
    open_page: Callable[..., Page], page: Page, page_errors: list[str]
) -> None:
    page.route("**/files/*.json", lambda route: route.abort())
    open_page("latent_space")
    expect(page.get_by_text("could not be fetched from the server").first).to_be_visible()
    page.close()  # no more errors come
    page_errors.clear()


def test_a_picture_takes_the_ink_of_the_theme_that_is_switched_to(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("energy?evidence=true", colour_scheme="light")
    exact = page.locator(".st-key-energy-bands-fig-18 .js-line").first
    expect(exact).to_have_css("stroke", "rgb(27, 34, 48)")
    page.emulate_media(color_scheme="dark")
    expect(exact).to_have_css("stroke", "rgb(237, 241, 247)")
