"""All of a page as one zip: every chart and table of it, light, and how each is made again."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests import folds
from trisym.errors import DataError
from trisym.figures.common import INK
from trisym.storage import results
from trisym.ui.kit import charts, drawn, navigation, offered, served
from trisym.ui.kit.navigation import PAGES, PageEntry
from trisym.ui.kit.offered import Offered, Section, Table
from trisym.ui.kit.whole_page.offer import ASKED
from trisym.ui.kit.whole_page.parcel import parcel

ROOT = Path(__file__).resolve().parents[2]
CHARTS = ("vega_lite_chart", "arrow_vega_lite_chart", "plotly_chart")
ENERGY = Table("energy", lambda: "input,mse\nsides,1\n", ("energy",))


def made(*tables: Table, sections: tuple[Section, ...] = (), views: tuple[str, ...] = ()) -> Any:
    has = Offered(wanted=True, tables=list(tables), sections=list(sections), views=list(views))
    return parcel("trisym-x", "X", has, "http://host/x?a=it's")


def test_every_table_comes_with_its_command() -> None:
    files = made(ENERGY, Table("mine", lambda: "a\n1\n", ()))["files"]
    assert files.keys() == {"tables/energy.csv", "tables/mine.csv", "README.txt"}
    assert files["tables/energy.csv"] == "input,mse\nsides,1\n"
    card = results.load_card("energy")
    readme = files["README.txt"]
    assert f"tables/energy.csv\n    {card['command']}" in readme
    assert card["created"] in readme
    assert "tables/mine.csv\n    computed in the app" in readme
    assert "The page: http://host/x?a=it's" in readme


def test_what_two_results_make_names_both() -> None:
    readme = made(Table("table-5", lambda: "a\n", ("hidden-h2", "energy")))["files"]["README.txt"]
    assert readme.count("python -m trisym reproduce") == 2


def test_one_that_can_t_be_made_takes_none_with_it() -> None:
    def fails() -> str:
        raise DataError("There is no such table.")

    files = made(ENERGY, Table("gone", fails, ("gone",)))["files"]
    assert files.keys() == {"tables/energy.csv", "README.txt"}
    assert "tables/gone.csv is missing. There is no such table." in files["README.txt"]


def test_a_view_comes_with_the_command_that_a_shell_understands() -> None:
    readme = made(views=("training?run=r1", "symmetry"))["files"]["README.txt"]
    assert "python -m trisym export 'training?run=r1' view-1.html" in readme
    assert """python -m trisym export 'http://host/x?a=it'"'"'s' view-2.ipynb""" in readme
    assert "view.html" in made(views=("symmetry",))["files"]["README.txt"]


def two_charts(dark: bool, words: str) -> None:
    rows = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
    left, _ = st.columns(2)
    left.markdown(words)
    with left:
        spec = {"mark": "point", "data": {"name": "rows"}, "config": {"background": INK[dark]}}
        charts.fill(spec, {"rows": rows}, key="a chart/1", alt="Dots.")
    figure = go.Figure(go.Scatter3d(x=[0], y=[0], z=[0]), {"scene": {"camera": {"eye": {"x": 1}}}})
    charts.figure(figure, key="a chart/1", alt="A dot.")


def test_charts_are_light_and_named_for_a_file_and_shown_nowhere() -> None:
    found = made(sections=(Section(two_charts, ("words",), ("energy",)),))
    assert [(each["name"], each["kind"]) for each in found["charts"]] == [
        ("a-chart-1", "vega"),
        ("a-chart-1-2", "plotly"),
    ]
    first, second = (each["spec"] for each in found["charts"])
    assert first["datasets"] == {"rows": [{"a": 1, "b": 3}, {"a": 2, "b": 4}]}
    assert first["config"]["background"] == INK[False]
    assert (first["background"], first["width"]) == ("white", charts.PRINT_WIDTH)
    assert second["layout"]["scene"]["camera"]["eye"]["x"] > 1
    readme = found["files"]["README.txt"]
    assert "charts/a-chart-1.svg and .png    Dots.\n    python -m trisym reproduce" in readme
    assert "A dot. In 3D, so that the SVG holds a picture of pixels." in readme


def test_what_is_made_of_several_pictures_keeps_its_width() -> None:
    for part in ({"hconcat": []}, {"encoding": {"row": {}}}, {"width": 111}):
        (chart,) = charts.printed(
            lambda part=part: charts.fill({"mark": "bar", **part}, {}, key="k", alt="")  # type: ignore[misc]
        )
        assert chart.spec.get("width") == part.get("width")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Run a page of the app in the dark, as where files are served; `wanted`: all of it."""
    monkeypatch.setattr(served, "is_served", lambda: True)
    monkeypatch.setattr(served, "SHELF", served.Shelf())
    monkeypatch.setattr(drawn, "is_dark", lambda: True)

    def open_page(entry: PageEntry, *, wanted: bool, **query: str) -> AppTest:
        monkeypatch.setattr(navigation, "HOME", entry)  # the page that the app opens at
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.query_params.update(query)
        app.session_state[ASKED] = wanted
        app.run()
        assert not app.exception
        assert not app.error
        return app

    return open_page


def parcels() -> list[dict[str, Any]]:
    files = [gzip.decompress(each) for each in served.SHELF._passing.values()]
    read = [json.loads(each) for each in files if each.startswith(b'{"name":"trisym-')]
    return [each for each in read if "charts" in each]


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
def test_every_chart_and_table_of_a_page_is_in_it(
    entry: PageEntry, opened: Callable[..., AppTest]
) -> None:
    """Its folds may be closed; what they show when they are opened is counted."""
    opened(entry, wanted=True)
    made = parcels()
    shown = opened(entry, wanted=False, **folds.OPEN)
    assert parcels() == made
    assert any(each.key == "whole-page" for each in shown.button) == bool(made)
    (found,) = made or [{"charts": [], "files": {"README.txt": ""}}]  # a page of words alone
    assert len(found["charts"]) == sum(len(shown.get(kind)) for kind in CHARTS)
    labels = {each.proto.label for each in shown.get("download_button")}
    tables = {f"tables/{label}" for label in labels if label.endswith(".csv")}
    assert found["files"].keys() == {"README.txt", *tables}
    readme = found["files"]["README.txt"]
    for name in (*tables, *(f"charts/{chart['name']}.svg" for chart in found["charts"])):
        assert re.search(rf"^{re.escape(name)}[^\n]*\n    \S", readme, re.MULTILINE), name
    assert INK[True] not in json.dumps(found["charts"])


def test_a_fold_is_drawn_for_it_alone() -> None:
    with offered.gathered(wanted=False) as has:
        assert not offered.fold()
    assert has
    with offered.gathered(wanted=True):
        assert offered.fold()
    assert not offered.fold()
