"""Charts on a page, Altair's and Plotly's; and the same for print, where nothing is shown.

The data of a large one goes as a file that browsers keep.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import altair
import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure
from streamlit.delta_generator import DeltaGenerator

from trisym.ui.kit import served

# Pixels of type, as small as can be read from the back row; Streamlit's own are a little smaller.
TYPE: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "axis": {"labelFontSize": 14, "titleFontSize": 15},
        "legend": {"labelFontSize": 14, "titleFontSize": 14},
        "header": {"labelFontSize": 15},
        "text": {"fontSize": 14},
    }
)

VEGA, PLOTLY = "vega", "plotly"
# In print: 16 cm at 96 pixels an inch, so that type of 14 pixels is one of 10.5 points.
PRINT_WIDTH = 600
AWAY = 1.2  # times as far from a scene: a column is narrower than a page, and cuts nothing off
STANDOFF = 12  # pixels between what an axis says and its numbers
FONT = "Source Sans, Helvetica, Arial, sans-serif"
COMPOSED = {"hconcat", "vconcat", "concat", "facet", "repeat"}
SPREAD = {"facet", "row", "column"}  # encodings that make several pictures of one

# The theme and the way of data are settings of the whole process.
_settings = threading.Lock()


def show(chart: altair.TopLevelMixin, *, key: str, alt: str, shared: bool = True) -> None:
    """Show a chart as wide as there is room; `alt` says it in words.

    `shared`: other visitors see the same one, so that its data is worth a file.
    """
    if (sheet := _sheet.get()) is not None:
        sheet.append(Printed(key, VEGA, _for_print(specification(chart, shared=False)), alt))
        return
    spec = specification(chart, shared=shared)
    st.vega_lite_chart(spec, key=key, alt=alt)


def fill(
    spec: Mapping[str, Any], datasets: Mapping[str, pd.DataFrame], *, key: str, alt: str
) -> None:
    """Show a specification that leaves some datasets open, with these."""
    if (sheet := _sheet.get()) is not None:
        rows = {name: json.loads(each.to_json(orient="records")) for name, each in datasets.items()}
        sheet.append(Printed(key, VEGA, _for_print({**spec, "datasets": rows}), alt))
        return
    st.vega_lite_chart({**spec, "datasets": dict(datasets)}, key=key, alt=alt)


def figure(
    drawn: Figure, *, key: str, alt: str, config: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """Show a Plotly figure; config: of its tools."""
    if (sheet := _sheet.get()) is not None:
        sheet.append(Printed(key, PLOTLY, _figure_for_print(drawn), alt))
        return
    st.plotly_chart(drawn, key=key, alt=alt, config=dict(config))


@dataclass(frozen=True)
class Printed:
    """A chart for print: its key on the page, VEGA or PLOTLY, what it is, and that in words."""

    key: str
    kind: str
    spec: Mapping[str, Any]
    alt: str


_sheet: ContextVar[list[Printed] | None] = ContextVar("sheet", default=None)


def printed(draw: Callable[[], None]) -> list[Printed]:
    """Return the charts that a function would show; it shows nothing."""
    sheet: list[Printed] = []
    before = _sheet.set(sheet)
    try:
        with DeltaGenerator(root_container=None):
            draw()
    finally:
        _sheet.reset(before)
    return sheet


def _figure_for_print(drawn: Figure) -> dict[str, Any]:
    """Return a Plotly figure on white, with room for what its axes say, as Streamlit has."""
    spec: dict[str, Any] = json.loads(str(drawn.to_json()))
    layout = spec["layout"] | {"paper_bgcolor": "white"}
    for name, axis in layout.items():
        if name.startswith(("xaxis", "yaxis")):
            layout[name] = axis | {"automargin": axis.get("visible", True)}
            layout[name]["title"] = {**axis.get("title", {}), "standoff": STANDOFF}
    for eye in (each["camera"]["eye"] for name, each in layout.items() if name.startswith("scene")):
        eye |= {axis: AWAY * value for axis, value in eye.items()}
    return {**spec, "layout": layout}


def _for_print(spec: dict[str, Any]) -> dict[str, Any]:
    """Return Vega-Lite as wide as a column of print, on white."""
    config = {"font": FONT, **spec.get("config", {})}
    printed: dict[str, Any] = {**spec, "background": "white", "config": config}
    several = COMPOSED & spec.keys() or SPREAD & spec.get("encoding", {}).keys()
    if not several and not isinstance(spec.get("width"), int):
        printed |= {"width": PRINT_WIDTH, "autosize": {"type": "fit", "contains": "padding"}}
    return printed


def specification(chart: altair.TopLevelMixin, *, shared: bool = True) -> dict[str, Any]:
    """Return the chart as Vega-Lite; a dataset that is large is named by its address."""
    with (
        _settings,
        altair.theme.enable("none"),
        altair.data_transformers.enable("default", max_rows=None),
    ):
        spec = chart.to_dict()
    in_files = shared and served.is_served()
    places = {name: _place(rows, in_files) for name, rows in spec.pop("datasets", {}).items()}
    filled: dict[str, Any] = _with_data(spec, places)
    config = filled.setdefault("config", {})
    for part, sizes in TYPE.items():
        config[part] = {**sizes, **config.get(part, {})}
    return filled


def _place(rows: list[dict[str, Any]], in_files: bool) -> dict[str, Any]:
    """Return Vega-Lite's data for rows: an address, or the rows."""
    content = json.dumps(rows, separators=(",", ":")).encode()
    if not in_files or len(content) < served.LEAST:
        return {"values": rows}
    return {"url": served.put_for_good(content, "json"), "format": {"type": "json"}}


def _with_data(part: Any, places: dict[str, dict[str, Any]]) -> Any:
    if isinstance(part, list):
        return [_with_data(each, places) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: places[each["name"]]
        if name == "data" and isinstance(each, dict) and each.get("name") in places
        else _with_data(each, places)
        for name, each in part.items()
    }
