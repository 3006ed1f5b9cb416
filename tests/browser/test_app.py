"""The running app in a real browser: its first visitor, and that what goes wrong is noticed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import server, visit
from trisym.ui.kit.navigation import PAGES


def test_the_first_visitor_of_a_server_may_open_any_page(page: Page) -> None:
    """A link must open the app also where nobody has called st.navigation before."""
    with server.running() as fresh:
        page.goto(f"{fresh.url}/{PAGES[-1].url_path}")
        visit.wait_until_idle(page)
        for entry in filter(lambda entry: entry.in_menu, PAGES):
            expect(page.get_by_test_id("stSidebarNav")).to_contain_text(entry.title)
        assert PAGES[-1].url_path in page.url
        page.goto("about:blank")  # before the server goes


def test_the_device_is_shown(open_page: Callable[..., Page]) -> None:
    page = open_page()
    expect(page.get_by_test_id("stSidebar")).to_contain_text("CPU")


def test_an_exception_box_is_noticed(page: Page, tmp_path: Path) -> None:
    """The control: a page that raises is seen by what every other test relies on."""
    script = tmp_path / "broken.py"
    script.write_text("import streamlit as st\nst.write(1 / 0)\n", encoding="utf-8")
    with server.running(script) as running:
        page.goto(running.url)
        visit.wait_until_idle(page)
        assert visit.exception_boxes(page)
        assert "ZeroDivisionError" in running.logged()
        page.goto("about:blank")  # before the server goes, or the page would miss it


SLOW = """
import time
import streamlit as st

@st.cache_resource
def runs():
    return {"now": 0, "at once": 0, "pressed": 0}

def press():
    found["pressed"] += 1

found = runs()
found["now"] += 1
found["at once"] = max(found["at once"], found["now"])
time.sleep(1)
found["now"] -= 1
st.button("Press", on_click=press)
st.write(f"pressed {found['pressed']}, at once {found['at once']}")
"""


def test_one_run_at_a_time_has_a_session(page: Page, tmp_path: Path) -> None:
    """What is pressed while a page still computes waits for it: both would write to the session."""
    script = tmp_path / "slow.py"
    script.write_text(SLOW, encoding="utf-8")
    with server.running(script) as running:
        page.goto(running.url)
        button = page.get_by_role("button", name="Press")
        button.click()
        button.click()
        expect(page.get_by_text("pressed 2, at once 1")).to_be_visible()
        page.goto("about:blank")  # before the server goes


@pytest.mark.parametrize(
    ("event", "fault"),
    [("console", "console.error('no')"), ("pageerror", "setTimeout(() => { throw Error('no') })")],
)
def test_an_error_in_the_browser_is_noticed(
    page: Page, page_errors: list[str], event: str, fault: str
) -> None:
    """The control for the console and for scripts."""
    with page.expect_event(event):  # type: ignore[call-overload]
        page.evaluate(f"() => {{ {fault} }}")
    assert len(page_errors) == 1
    page_errors.clear()
