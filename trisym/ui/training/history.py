"""The library on the training page: compare runs, keep them, load models, take them away."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from trisym import names
from trisym.config import as_dict
from trisym.film import epochs_shown
from trisym.jobs import queue, script
from trisym.outside_text import in_markdown, shortened
from trisym.storage import checkpoints, own_runs, saved_runs
from trisym.ui.kit import charts, notices, visitor
from trisym.ui.kit.tables import errors_as_sentences, listed, rows_of, short
from trisym.ui.symmetry.scene import Scene

UPLOAD, CHANGE = "upload", "change"  # what notices are about
CURVE = ("epoch", "seconds", "side_error")  # columns of a history
MOST_COMPARED = 6  # colours that stay apart
METRICS = {
    "side_error": "side error",
    "orbit_spread_inside": "orbit spread, inside",
    "orbit_spread_far_above": "far, above 0",
    "orbit_spread_far_below": "far, below 0",
}


def upload() -> None:
    """Take a model file that a visitor brings, and choose it."""
    st.file_uploader(
        "A .safetensors model that trisym saved",
        key="upload",
        help="At most 20 MB; names, shapes and values are checked before anything is built.",
        on_change=_take_in,
    )


def _take_in() -> None:
    """Before the page runs again: only then may a widget's choice be changed."""
    notices.carry_out(UPLOAD, _uploaded)


def _uploaded() -> str | None:
    brought = st.session_state["upload"]
    if brought is None:
        return None
    kept = own_runs.upload(visitor.current(), brought.getvalue(), brought.name)
    st.session_state["chosen-runs"] = [kept.id]
    return f"{kept.name} is in the library, and on every page."


def table(entries: Sequence[saved_runs.Entry], damaged: Sequence[str]) -> None:
    """Show every run that waits, trains or is kept, the newest first; name what is damaged."""
    if damaged:
        st.warning(f"Not shown, as their run.json is damaged: {listed(damaged)}.")
    going = [job.entry() for job in queue.jobs() if job.unfinished]
    rows = rows_of([*going, *entries], _row, lambda entry: entry.name)
    if not rows:
        st.markdown("No run is kept yet: press **Train**.")
        return
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "side error": st.column_config.NumberColumn(format="%.4f"),
            "orbit spread": st.column_config.NumberColumn(format="%.3f"),
            "seconds": st.column_config.NumberColumn(format="%.0f"),
            "when (UTC)": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
            "watch": st.column_config.LinkColumn(display_text="open"),
        },
    )


def _row(entry: saved_runs.Entry) -> dict[str, object]:
    config = entry.config
    return {
        "name": entry.name,
        "state": f"{entry.status}{', pinned' if entry.pinned else ''}",
        "side error": entry.metrics.get("side_error"),
        "orbit spread": entry.metrics.get("orbit_spread_inside"),
        "triangles": config.data.name,
        "loss": config.loss,
        "h": getattr(config.network, "latent", None),
        "epochs": round(entry.epochs, 2),
        "seconds": entry.seconds,
        "device": shortened(entry.device),
        "when (UTC)": pd.Timestamp(entry.created).tz_localize(None),
        "watch": f"training?run={entry.id}",
    }


def choose(entries: Sequence[saved_runs.Entry], watched: str | None) -> list[saved_runs.Entry]:
    """Ask for runs by name; return them. The run that is watched is chosen once it is kept."""
    by_id = {entry.id: entry for entry in entries}
    asked = st.session_state.get("chosen-runs", [])
    if watched in by_id and st.session_state.get("offered-run") != watched:
        st.session_state["offered-run"] = watched
        st.session_state["chosen-runs"] = [watched]
    elif not by_id.keys() >= set(asked):
        # Only then: what is set here takes the place of what the visitor chooses meanwhile.
        st.session_state["chosen-runs"] = [run for run in asked if run in by_id]
    chosen = st.multiselect(
        "Runs to look at, compare or take away",
        list(by_id),
        format_func=lambda run: by_id[run].name,
        key="chosen-runs",
        max_selections=MOST_COMPARED,
        placeholder="Choose one, or two and more to compare",
    )
    return [by_id[run] for run in chosen]


def compare(chosen: Sequence[saved_runs.Entry]) -> None:
    """Overlay the curves of runs, and show side by side what sets them apart."""
    parts = []
    for entry in chosen:
        if entry.status == "uploaded":  # it came without a history
            continue
        with errors_as_sentences():
            numbers = saved_runs.history(entry.id)[[*CURVE]].astype(float)
            parts.append(numbers.assign(run=entry.name))
    curves, beside = st.columns([3, 2])
    if parts:
        along = curves.segmented_control(
            "Against", ["epochs", "seconds"], default="epochs", required=True, key="compare-along"
        )
        with curves:
            charts.show(
                _overlay(pd.concat(parts), "epoch" if along == "epochs" else "seconds"),
                key="compare",
                alt="Side error of the chosen runs on logarithmic axes.",
                shared=False,
            )
    beside.table(_differences(chosen), border="horizontal")


def _overlay(records: pd.DataFrame, along: str) -> alt.Chart:
    positive = records[(records["side_error"] > 0) & (records[along] > 0)]
    title = "epochs" if along == "epoch" else "seconds of training"
    return (
        alt.Chart(positive)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X(along, scale=alt.Scale(type="log"), title=title),
            y=alt.Y("side_error", scale=alt.Scale(type="log"), title="side error"),
            color=alt.Color("run", title=None, legend=alt.Legend(orient="top")),
            strokeDash=alt.StrokeDash("run", title=None),
            tooltip=[
                "run",
                alt.Tooltip("epoch", format=".3g"),
                alt.Tooltip("side_error", format=".3g"),
            ],
        )
        .properties(height=360)
    )


def _differences(chosen: Sequence[saved_runs.Entry]) -> pd.DataFrame:
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


def _column(entry: saved_runs.Entry) -> tuple[str, dict[str, str]]:
    return in_markdown(entry.name), _flat(entry)


def _flat(entry: saved_runs.Entry) -> dict[str, str]:
    config = as_dict(entry.config)
    network, data = config.pop("network"), config.pop("data")
    metrics = {text: short(entry.metrics[n]) for n, text in METRICS.items() if n in entry.metrics}
    settings = {
        "triangles": data["name"],
        "set size": f"{data['n']:,}",
        "hidden widths": str(network.get("hidden", "")),
        "h": network.get("latent", ""),
        "slope": network.get("slope", ""),
        **config,
    }
    done = f"{epochs_shown(entry.epochs)} epochs, {entry.seconds:.0f} s"
    written = {"trained": done, "device": entry.device, **settings}
    return metrics | {name: in_markdown(str(value)) for name, value in written.items()}


def keep(entry: saved_runs.Entry) -> None:
    """Rename, pin, delete; and where the model can be used."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Watch its film",
            icon=":material/movie:",
            key="watch",
            on_click=lambda: st.query_params.update(run=entry.id),
        )
        if entry.has_model:
            st.page_link(
                "pages/symmetry.py",
                label="Turn a triangle with it",
                icon=":material/3d_rotation:",
                query_params={"scene": Scene(models=(entry.id,)).to_text()},
            )
        typed = f"name:{entry.id}"
        with st.popover("Rename", icon=":material/edit:"):
            st.text_input("New name", entry.name, key=typed, max_chars=names.LONGEST)
            _changing("Rename it", "rename", lambda: _renamed(entry.id, st.session_state[typed]))
        _changing(
            "Unpin" if entry.pinned else "Pin",
            "pin",
            lambda: own_runs.pin(visitor.current(), entry.id, not entry.pinned),
            icon=":material/keep:",
            help="When the library is full, the oldest runs that are not pinned go first.",
        )
        _changing(
            "Delete",
            "delete",
            lambda: own_runs.delete(visitor.current(), [entry.id]),
            icon=":material/delete:",
            disabled=entry.pinned,
        )


def _renamed(run_id: str, name: str) -> str:
    return f"It is called {own_runs.rename(visitor.current(), run_id, name).name} now."


def _changing(label: str, key: str, change: Callable[[], object], **looks: Any) -> None:
    """Show a button that changes a run before the page runs again, and tells what came of it."""

    def action() -> str | None:
        told = change()
        return told if isinstance(told, str) else None

    st.button(label, key=key, on_click=notices.carry_out, args=(CHANGE, action), **looks)


def take_away(entry: saved_runs.Entry) -> None:
    """Offer a run's files: the model, its card, its history, and a script that repeats it."""
    with st.container(horizontal=True):
        if entry.has_model:
            with errors_as_sentences():
                _offer_model(entry)
        if entry.status != "uploaded":
            with errors_as_sentences():
                _offer(f"{entry.name}.csv", saved_runs.history_bytes(entry.id), "its history")
            with errors_as_sentences():
                what = "a Python script that repeats it"
                _offer(script.filename(entry), script.repeat(entry), what)


def _offer_model(entry: saved_runs.Entry) -> None:
    card = checkpoints.load_card(saved_runs.model_path(entry.id))
    text = json.dumps(card.as_dict(), indent=2, ensure_ascii=False)
    _offer(f"{entry.name}.safetensors", saved_runs.model_bytes(entry.id), "the model")
    _offer(f"{entry.name}.json", text, "its card: configuration, metrics, versions")


def _offer(name: str, content: str | bytes, what: str) -> None:
    st.download_button(
        in_markdown(name),
        content,
        file_name=name,
        icon=":material/download:",
        on_click="ignore",
        help=f"Download {what}",
        key=f"download:{name}",
    )
