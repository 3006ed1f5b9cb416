"""Files that browsers keep: what is on the shelf, and what stands for it in data and in charts."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator

import altair as alt
import pandas as pd
import pytest

from trisym.ui.kit import charts, served
from trisym.ui.kit.served import JsonFile, Shelf

LARGE = list(range(5_000))


@pytest.fixture
def routed() -> Iterator[None]:
    """As in a server whose routes serve files."""
    served._routed.set()
    yield
    served._routed.clear()


def on_the_shelf(address: str) -> object:
    packed = served.SHELF.get(address)
    assert packed is not None
    return json.loads(gzip.decompress(packed))


def test_equal_contents_have_one_address_and_others_another() -> None:
    assert served.address_of(b"one", "js") == served.address_of(b"one", "js")
    assert served.address_of(b"one", "js") != served.address_of(b"two", "js")
    assert re.fullmatch(served.ADDRESS, served.address_of(b"one", "json"))


def test_a_full_shelf_gives_up_what_was_asked_for_longest_ago() -> None:
    shelf = Shelf(most=3 * len(gzip.compress(b"0", mtime=0)))
    for name in "abc":
        shelf.put(name, b"0", for_good=False)
    shelf.get("a")
    shelf.put("d", b"0", for_good=False)
    assert [name for name in "abcd" if shelf.get(name)] == ["a", "c", "d"]


def test_what_is_kept_for_good_is_never_given_up() -> None:
    shelf = Shelf(most=1)
    shelf.put("a", b"0", for_good=False)
    shelf.put("a", b"0", for_good=True)
    for name in "bc":
        shelf.put(name, b"0", for_good=False)
    assert [name for name in "abc" if shelf.get(name)] == ["a", "c"]


@pytest.mark.usefixtures("routed")
def test_a_large_value_is_sent_as_an_address() -> None:
    sent = JsonFile(LARGE).sent()
    assert on_the_shelf(sent["$file"]) == LARGE


@pytest.mark.usefixtures("routed")
def test_a_file_that_was_given_up_is_there_again_when_it_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = JsonFile(LARGE)
    file.sent()
    monkeypatch.setattr(served, "SHELF", Shelf())
    assert on_the_shelf(file.sent()["$file"]) == LARGE


@pytest.mark.usefixtures("routed")
def test_a_small_value_is_sent_as_it_is() -> None:
    assert JsonFile([1, 2]).sent() == [1, 2]


def test_without_routes_every_value_is_sent_as_it_is() -> None:
    assert JsonFile(LARGE).sent() == LARGE


def chart(rows: int) -> alt.LayerChart:
    table = pd.DataFrame({"x": range(rows), "kind": "a", "there": True})
    dots = alt.Chart(table).mark_circle().encode(alt.X("x:Q"), alt.Color("kind:N"))
    return alt.layer(dots, alt.Chart(pd.DataFrame({"x": [1]})).mark_rule().encode(alt.X("x:Q")))


@pytest.mark.usefixtures("routed")
def test_a_chart_names_large_data_by_its_address() -> None:
    dots, rule = charts.specification(chart(2_000))["layer"]
    assert dots["data"]["format"] == {"type": "json"}
    rows = on_the_shelf(dots["data"]["url"])
    assert isinstance(rows, list)
    assert rows[7] == {"x": 7, "kind": "a", "there": True}
    assert rule["data"] == {"values": [{"x": 1}]}


@pytest.mark.usefixtures("routed")
def test_a_chart_of_one_visitor_keeps_its_data() -> None:
    dots, _ = charts.specification(chart(2_000), shared=False)["layer"]
    assert len(dots["data"]["values"]) == 2_000


def test_without_routes_a_chart_keeps_its_data() -> None:
    dots, _ = charts.specification(chart(2_000))["layer"]
    assert len(dots["data"]["values"]) == 2_000
