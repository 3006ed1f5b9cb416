"""Choices in the link: ids, older links, unknown values, and the way back to a page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from trisym.ui.kit import linked

    count = st.session_state.get("count", 11)  # a title whose count changes
    one = linked.one(st.radio, "One", {"x": "Ex", "y": "Why not"}, key="one", start="x")
    titles = {"p": f"Pea · {count}", "q": "Queue · 4"}
    some = linked.some(st.pills, "Some", titles, key="some", selection_mode="multi")
    number = linked.one(st.selectbox, "N", {1000: "1,000", 5000: "5,000"}, key="n", start=5000)
    words = linked.words("Words", key="words")
    on = linked.switch("On", key="on", start=True)
    st.session_state["got"] = (one, some, number, words, on)


USUAL = ("x", [], 5000, "", True)


def opened(**query: object) -> AppTest:
    app = AppTest.from_function(script)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def test_a_link_without_choices_stays_short() -> None:
    app = opened()
    assert app.session_state["got"] == USUAL
    assert dict(app.query_params) == {}


def test_a_link_holds_ids_and_opens_what_they_say() -> None:
    app = opened(one="y", some=["p", "q"], n="1000", words="Fig. 16", on="false")
    assert app.session_state["got"] == ("y", ["p", "q"], 1000, "Fig. 16", False)
    assert not app.warning
    app.radio[0].set_value("x").run()
    assert "one" not in app.query_params
    app.radio[0].set_value("y").run()
    assert app.query_params["one"] == "y"


def test_an_older_link_with_what_was_read_still_opens() -> None:
    """Its count may have changed since."""
    app = opened(one="Why not", some="Pea · 3", n="1,000", on="False")
    assert app.session_state["got"] == ("y", ["p"], 1000, "", False)
    assert not app.warning
    assert app.query_params["some"] == "p"


@pytest.mark.parametrize("query", [{"one": "z"}, {"some": "z"}, {"n": "1e9"}, {"on": "maybe"}])
def test_an_unknown_value_gets_a_sentence(query: dict[str, str]) -> None:
    app = opened(**query)
    assert app.session_state["got"] == USUAL
    assert len(app.warning) == 1
    (name, value), *_ = query.items()
    assert value in app.warning[0].value
    assert name in app.warning[0].value


def test_a_known_value_beside_an_unknown_one_counts() -> None:
    app = opened(some=["q", "nope"])
    assert app.session_state["got"][1] == ["q"]
    assert "nope" in app.warning[0].value


def test_the_sentence_goes_when_something_is_chosen() -> None:
    app = opened(one="z")
    app.radio[0].set_value("y").run()
    assert not app.warning
    assert app.session_state["got"][0] == "y"


def test_a_changed_count_changes_no_choice() -> None:
    app = opened(some="p")
    app.session_state["count"] = 12
    app.run()
    assert app.session_state["got"][1] == ["p"]
    assert app.query_params["some"] == "p"


def cut_short() -> None:
    """A page whose first run is cut before the browser has heard of its widgets."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from trisym.ui.kit import linked, set_widgets

    is_fragment = st.session_state.get("as a fragment", False)
    if is_fragment:
        get_script_run_ctx().fragment_ids_this_run = ["one"]
    linked.one(st.radio, "One", {"x": "Ex", "y": "Why not"}, key="one", start="x")
    linked.words("Words", key="words")
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    if st.session_state["runs"] == 1:
        st.rerun()
    if not is_fragment:
        set_widgets.run_ended()


def test_the_browser_is_told_again_of_what_a_run_set_that_was_cut() -> None:
    """Until it has surely heard, and never over what the visitor has chosen since."""
    app = AppTest.from_function(cut_short)
    app.query_params["one"], app.query_params["words"] = "y", "Fig. 16"
    app.run()
    assert app.session_state["runs"] == 2
    assert app.radio[0].proto.set_value
    assert app.text_input[0].proto.set_value
    app.session_state["as a fragment"] = True
    app.run()
    assert not app.radio[0].proto.set_value
    app.session_state["as a fragment"] = False
    app.radio[0].set_value("x").run()
    assert not app.radio[0].proto.set_value
    assert app.radio[0].value == "x"
    assert app.text_input[0].proto.set_value  # what ends a run may be lost on its way
    app.run()
    assert not app.text_input[0].proto.set_value
    assert app.text_input[0].value == "Fig. 16"
