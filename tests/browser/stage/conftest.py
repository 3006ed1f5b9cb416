"""The stage's own app on a real server, and the stage on a desktop and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import server, visit
from tests.browser.stage.driver import StageDriver
from tests.browser.tabs import Tabs

APP = server.ROOT / "tests" / "browser" / "stage" / "app.py"


@pytest.fixture(scope="package")
def stage_url() -> Iterator[str]:
    """Where the stage's app runs; its log must hold no traceback when the tests are over."""
    with server.running(APP) as running:
        yield running.url
        assert not running.faults()


@pytest.fixture(scope="module")
def shared_stage(shared_page: Page, stage_url: str) -> StageDriver:
    """One page for a module's tests: opening it takes longer than most of them."""
    return StageDriver(shared_page, stage_url).open()


@pytest.fixture
def stage(shared_stage: StageDriver) -> Iterator[StageDriver]:
    """The stage as a fresh visitor finds it; an error on the console fails the test."""
    errors: list[str] = []
    visit.watch(shared_stage.page, errors)
    shared_stage.page.emulate_media(reduced_motion="no-preference")
    shared_stage.start_again()
    yield shared_stage
    assert not [*errors, *visit.exception_boxes(shared_stage.page)]


@pytest.fixture(scope="module")
def shared_phone(tabs: Tabs, stage_url: str) -> Iterator[StageDriver]:
    """One phone for a module's tests."""
    with tabs.lent(viewport=visit.PHONE, has_touch=True, is_mobile=True) as page:
        yield StageDriver(page, stage_url).open()


@pytest.fixture
def phone(shared_phone: StageDriver) -> StageDriver:
    """The stage on a phone as a fresh visitor finds it."""
    shared_phone.start_again()
    return shared_phone
