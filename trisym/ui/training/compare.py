"""Runs compared: their curves in one picture, what sets them apart, and what is chance.

Runs that differ in their seed alone are one group: a colour, thin lines, and their mean in the
midst of its spread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from trisym.config import as_dict
from trisym.figures.common import level_lines
from trisym.film import epochs_shown
from trisym.outside_text import in_markdown
from trisym.storage import saved_runs
from trisym.storage.saved_runs import Entry
from trisym.ui.kit import charts, levels
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.tables import errors_as_sentences, mean_and_spread, rows_of, short
from trisym.ui.training import watch

CURVE = ("epoch", "seconds", "side_error")  # columns of a history
MOST_COMPARED = 40  # runs
MOST_COLUMNS = 6  # runs that stand beside each other in a table; more stand below each other
MEAN_POINTS = 100
# Six colours that stay apart, four dashes each.
DASHES = ([1, 0], [8, 4], [2, 3], [10, 3, 2, 3])
COLOURS = 6
METRICS = {
    "side_error": "side error",
    "orbit_spread_inside": "orbit spread, inside",
    "orbit_spread_far_above": "far, above 0",
    "orbit_spread_far_below": "far, below 0",
}


def groups(chosen: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return the runs that differ in their seed alone together, by the name of the first.

    A run that repeats another, seed and all, is none of its group: it has no chance of its own.
    """
    alike: dict[object, list[Entry]] = {}
    for i, entry in enumerate(chosen):
        repeats = sum(earlier.config == entry.config for earlier in chosen[:i])
        alike.setdefault((replace(entry.config, seed=0), repeats), []).append(entry)
    return {_group_name(of): of for of in alike.values()}


def _group_name(of: Sequence[Entry]) -> str:
    more = len(of) - 1
    return f"{of[0].name} and {more} more seed{'s' * (more > 1)}" if more else of[0].name


def show(chosen: Sequence[Entry], elsewhere: Mapping[str, pd.DataFrame]) -> None:
    """Overlay the curves of runs, and show what sets them apart.

    elsewhere: histories that are not in the library, by the ids of their runs.
    """
    by_group = groups(chosen)
    records = _records(by_group, elsewhere)
    curves, beside = st.columns([3, 2])
    with curves:
        if not records.empty:
            networks = [entry.config for entry in chosen]
            marks = levels.floor_line() if any(map(watch.is_table_3, networks)) else {}
            _show_curves(records, marks)
    with beside:
        if any(len(of) > 1 for of in by_group.values()):
            st.table(_spreads(by_group), border="horizontal", hide_index=True)
        if len(chosen) <= MOST_COLUMNS:
            st.table(_differences(chosen), border="horizontal")
    if len(chosen) > MOST_COLUMNS:
        st.dataframe(_differences(chosen).T.rename_axis("run"))


def _records(
    by_group: dict[str, list[Entry]], elsewhere: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    parts = [pd.DataFrame(columns=[*CURVE, "run", "group"])]
    for group, of in by_group.items():
        for entry in of:
            if entry.status == "uploaded":  # it came without a history
                continue
            with errors_as_sentences():
                kept = elsewhere.get(entry.id)
                history = saved_runs.history(entry.id) if kept is None else kept
                numbers = history[[*CURVE]].astype(float)
                parts.append(numbers.assign(run=entry.name, group=group))
    return pd.concat([part for part in parts if len(part)] or parts)


def _show_curves(records: pd.DataFrame, marks: Mapping[str, float]) -> None:
    along = st.segmented_control(
        "Against", ["epochs", "seconds"], default="epochs", required=True, key="compare-along"
    )
    axis = "epoch" if along == "epochs" else "seconds"
    positive = records[(records["side_error"] > 0) & (records[axis] > 0)]
    _curves(positive, axis, dict(marks))


@drawn_once(passing=True)
def _curves(dark: bool, records: pd.DataFrame, along: str, marks: dict[str, float]) -> None:
    charts.show(
        overlay(records, along, marks, dark),
        key="compare",
        alt="Side error of the chosen runs on logarithmic axes; seeds with their mean and spread.",
        shared=False,
    )


def overlay(
    records: pd.DataFrame, along: str, marks: Mapping[str, float], dark: bool
) -> alt.TopLevelMixin:
    """Return the curves: thin where a group has several runs, with their mean and spread.

    `marks` are side errors by what to call them, dashed across the picture.
    """
    title = "epochs" if along == "epoch" else "seconds of training"
    names = list(dict.fromkeys(records["group"]))
    several = records.groupby("group")["run"].nunique().loc[lambda count: count > 1]
    colour = alt.Color("group", title=None, sort=names, legend=alt.Legend(orient="top", columns=2))
    dashes = alt.Scale(
        domain=names, range=[DASHES[i // COLOURS % len(DASHES)] for i in range(len(names))]
    )
    base = alt.Chart(records.assign(alone=~records["group"].isin(several.index))).encode(
        x=alt.X(along, type="quantitative", scale=alt.Scale(type="log"), title=title),
        color=colour,
    )
    lines = base.mark_line().encode(
        y=alt.Y("side_error", type="quantitative", scale=alt.Scale(type="log"), title="side error"),
        detail="run",
        strokeDash=alt.StrokeDash("group", scale=dashes, title=None, sort=names),
        strokeWidth=alt.condition("datum.alone", alt.value(2.5), alt.value(0.8)),
        opacity=alt.condition("datum.alone", alt.value(1), alt.value(0.5)),
        tooltip=["run", *(alt.Tooltip(f"{c}:Q", format=".3g") for c in ("epoch", "side_error"))],
    )
    parts = [means(records[records["group"] == name], along) for name in several.index]
    layers = [lines]
    if parts:
        middle = alt.Chart(pd.concat(parts)).encode(
            x=alt.X(along, type="quantitative"), color=colour
        )
        band = middle.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q")
        layers = [band, lines, middle.mark_line(strokeWidth=3).encode(y="mean:Q")]
    return alt.layer(*layers, *level_lines(marks, dark)).properties(height=360)


def means(records: pd.DataFrame, along: str) -> pd.DataFrame:
    """Return a group's mean side error and its spread, where all of its runs have been.

    Runs are told at moments of their own, so each is read between its records.
    """
    runs = [run.sort_values(along) for _, run in records.groupby("run")]
    first = max(run[along].min() for run in runs)
    last = min(run[along].max() for run in runs)
    places = np.geomspace(first, max(last, first), MEAN_POINTS)
    errors = np.stack([np.interp(places, run[along], run["side_error"]) for run in runs])
    mean, spread = errors.mean(0), errors.std(0, ddof=1)
    low = np.maximum(mean - spread, errors.min(0) * 0.9)  # a log axis has no 0
    group = records["group"].iloc[0]
    columns = {along: places, "mean": mean, "low": low, "high": mean + spread, "group": group}
    return pd.DataFrame(columns)


def spread_of(of: Sequence[Entry], metric: str) -> str:
    """Return a metric's mean ± standard deviation over runs; of one run the value."""
    values = [entry.metrics[metric] for entry in of if metric in entry.metrics]
    if not values:
        return "–"
    return short(values[0]) if len(values) == 1 else mean_and_spread(values)


def _spreads(by_group: dict[str, list[Entry]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "mean ± spread": in_markdown(name),
            "runs": len(of),
            **{text: spread_of(of, metric) for metric, text in METRICS.items()},
        }
        for name, of in by_group.items()
    )


def _differences(chosen: Sequence[Entry]) -> pd.DataFrame:
    """The metrics of runs, and the settings in which they differ."""
    columns = dict(rows_of(chosen, _column, lambda entry: entry.name))
    rows = list(dict.fromkeys(name for column in columns.values() for name in column))
    texts = pd.DataFrame(
        {run: [column.get(name, "–") for name in rows] for run, column in columns.items()},
        index=rows,
    )
    same = texts.nunique(axis=1) == 1
    settings = ~texts.index.isin(list(METRICS.values()))
    return texts if len(chosen) == 1 else texts[~(same & settings)]


def _column(entry: Entry) -> tuple[str, dict[str, str]]:
    return in_markdown(entry.name), {name: in_markdown(text) for name, text in flat(entry).items()}


def flat(entry: Entry) -> dict[str, str]:
    """Return a run's metrics and settings as texts."""
    config = as_dict(entry.config)
    network, data = config.pop("network"), config.pop("data")
    metrics = {text: short(entry.metrics[n]) for n, text in METRICS.items() if n in entry.metrics}
    settings = {
        "trained": f"{epochs_shown(entry.epochs)} epochs, {entry.seconds:.0f} s",
        "device": entry.device,
        "triangles": data["name"],
        "set size": f"{data['n']:,}",
        "hidden widths": str(network.get("hidden", "")),
        "h": network.get("latent", ""),
        "slope": network.get("slope", ""),
        **config,
    }
    return metrics | {name: str(value) for name, value in settings.items()}
