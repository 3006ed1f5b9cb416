"""Every page runs on its own and within the app."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from trisym.ui.navigation import HOME, PAGES

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "pages").glob("*.py"))
PATIENCE_S = 60


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_page_runs(file: Path) -> None:
    page = AppTest.from_file(str(file), default_timeout=PATIENCE_S).run()
    assert not page.exception
    assert not page.error
    assert page.title


def test_menu_lists_every_page_once() -> None:
    assert sorted(entry.path for entry in PAGES) == [f"pages/{file.name}" for file in FILES]
    assert len({entry.url_path for entry in PAGES}) == len(PAGES)
    assert HOME in PAGES


def test_app_shows_home_and_the_device() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()
    assert not app.exception
    assert app.title[0].value
    assert any("CPU" in line.value for line in app.sidebar.caption)
