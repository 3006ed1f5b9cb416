"""Every page runs within the app, and the menu lists what there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from trisym.ui.navigation import HOME, PAGES, PageEntry

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 60


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
def test_page_runs(app: AppTest, entry: PageEntry) -> None:
    app.run().switch_page(entry.path).run()
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1


def test_menu_lists_every_page_once() -> None:
    files = [f"pages/{file.name}" for file in (ROOT / "pages").glob("*.py")]
    assert sorted(entry.path for entry in PAGES) == sorted(files)
    assert len({entry.url_path for entry in PAGES}) == len(PAGES)
    assert HOME in PAGES


def test_app_opens_at_home_and_shows_the_device(app: AppTest) -> None:
    app.run()
    assert "triangle" in app.title[0].value
    assert any("CPU" in line.value for line in app.sidebar.caption)
