"""Sections that are drawn once: for each theme and arguments, and again where a table changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from trisym.storage import results
from trisym.ui.kit import drawn

DRAWN: list[tuple[object, ...]] = []


@drawn.drawn_once("some-table")
def section(dark: bool, words: str) -> None:
    DRAWN.append((dark, words))
    with st.columns(2)[1]:
        st.markdown(f"{words} in {'white' if dark else 'black'}")


def page() -> None:
    import streamlit

    from tests.ui.test_drawn import section

    with streamlit.container(border=True):
        section(streamlit.query_params["words"])


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AppTest]:
    """A page with the section, a table it is drawn from, and a light theme."""
    monkeypatch.setattr(drawn, "is_dark", lambda: False)
    stamp = results.stamp
    monkeypatch.setattr(results, "stamp", lambda name: stamp(name, tmp_path))
    (tmp_path / "some-table.csv").write_text("a\n1\n", encoding="utf-8")
    DRAWN.clear()
    yield AppTest.from_function(page)
    drawn._kept.clear()


def visited(app: AppTest, words: str = "one") -> list[str]:
    app.query_params["words"] = words
    app.run()
    assert not app.exception
    return [element.value for element in app.markdown]


def test_later_visits_see_what_the_first_one_drew(app: AppTest) -> None:
    assert [visited(app) for _ in range(3)] == 3 * [["one in black"]]
    assert DRAWN == [(False, "one")]


def test_other_arguments_and_the_other_theme_are_drawn_for_themselves(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert visited(app, "two") == ["two in black"]
    monkeypatch.setattr(drawn, "is_dark", lambda: True)
    assert visited(app, "two") == ["two in white"]
    monkeypatch.setattr(drawn, "is_dark", lambda: False)
    assert visited(app, "two") == ["two in black"]
    assert DRAWN == [(False, "two"), (True, "two")]


def test_a_table_that_changed_draws_it_anew(app: AppTest, tmp_path: Path) -> None:
    visited(app)
    (tmp_path / "some-table.csv").write_text("a\n1\n2\n", encoding="utf-8")
    visited(app)
    assert len(DRAWN) == 2


def test_what_depends_on_more_than_its_arguments_is_refused() -> None:
    """Else one visitor's choice would be shown to all."""
    chosen = "mine"

    def draw(dark: bool) -> None:
        st.markdown(chosen)

    with pytest.raises(TypeError, match="draw must take all that it depends on"):
        drawn.drawn_once()(draw)
