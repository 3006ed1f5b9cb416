"""Altair charts on a page: their data as files that browsers keep, where it is large."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import altair
import pandas as pd
import streamlit as st

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

# The theme and the way of data are settings of the whole process.
_settings = threading.Lock()


def show(chart: altair.TopLevelMixin, *, key: str, alt: str, shared: bool = True) -> None:
    """Show a chart as wide as there is room; `alt` says it in words.

    `shared`: other visitors see the same one, so that its data is worth a file.
    """
    spec = specification(chart, shared=shared)
    st.vega_lite_chart(spec, key=key, alt=alt)


def fill(
    spec: Mapping[str, Any], datasets: Mapping[str, pd.DataFrame], *, key: str, alt: str
) -> None:
    """Show a specification that leaves some datasets open, with these."""
    st.vega_lite_chart({**spec, "datasets": dict(datasets)}, key=key, alt=alt)


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
