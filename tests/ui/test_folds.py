"""What a page keeps folded: it costs nothing while closed, and a link or a press opens it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from trisym.thesis.claims import judge_all
from trisym.ui.claims.places import ANCHORS, view
from trisym.ui.kit.navigation import PAGES

ROOT = Path(__file__).resolve().parents[2]


def script() -> None:
    import streamlit as st

    from trisym.ui.kit.folds import EVIDENCE, RESEARCHERS, fold

    st.session_state["pages"] = st.session_state.get("pages", 0) + 1

    @fold(EVIDENCE, "a figure")
    def evidence() -> None:
        st.header("Figure")

    @fold(RESEARCHERS, "a table")
    def researchers() -> None:
        st.header("Table")


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(script)
    app.query_params.update(query)
    return app.run()


def headings(app: AppTest) -> list[str]:
    return [each.value for each in app.header]


def test_a_closed_fold_draws_nothing_and_says_what_is_in_it() -> None:
    app = opened()
    assert headings(app) == []
    assert [each.label for each in app.expander] == [
        "**The evidence**: a figure",
        "**For researchers**: a table",
    ]
    assert dict(app.query_params) == {}


@pytest.mark.parametrize(
    ("key", "heading"), [("evidence", "Figure"), ("researchers", "Table")], ids=lambda text: text
)
def test_a_link_opens_a_fold(key: str, heading: str) -> None:
    assert headings(opened(**{key: "true"})) == [heading]


def test_an_open_fold_is_in_the_link_and_a_closed_one_is_not() -> None:
    app = opened()
    app.session_state["evidence"] = True
    app.run()
    assert headings(app) == ["Figure"]
    assert app.query_params["evidence"] == "true"
    app.session_state["evidence"] = False
    app.run()
    assert headings(app) == []
    assert "evidence" not in app.query_params


def test_what_is_no_answer_gets_a_sentence_and_a_closed_fold() -> None:
    app = opened(evidence="perhaps")
    assert headings(app) == []
    assert "perhaps" in app.warning[0].value


@pytest.mark.parametrize("page", ANCHORS)
def test_a_link_of_a_claim_opens_the_fold_of_its_heading(page: str) -> None:
    entry = next(each for each in PAGES if each.url_path == page)
    addresses = {found[1] for row in judge_all() if (found := view(row.claim))}
    of_folds = {
        tuple(address.removeprefix(f"{page}?").split("=true#"))
        for address in addresses
        if address.startswith(f"{page}?")
    }
    assert {anchor for _, anchor in of_folds} <= set(ANCHORS[page].values())
    for fold in {fold for fold, _ in of_folds}:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        app.query_params.update({fold: "true"})
        app.switch_page(entry.path).run()
        shown = {each.proto.anchor for each in app.header}
        assert {anchor for name, anchor in of_folds if name == fold} <= shown
