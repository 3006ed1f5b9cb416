"""The library on the training page: compare runs, keep them, load models, take them away."""

from __future__ import annotations

import json
from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from trisym.config import as_dict
from trisym.errors import TrisymError
from trisym.jobs import queue, script
from trisym.storage import checkpoints, saved_runs
from trisym.ui.kit.tables import errors_as_sentences, short
from trisym.ui.symmetry import Scene

MOST_COMPARED = 6  # colours that stay apart
METRICS = {
    "side_error": "side error",
    "orbit_spread_inside": "orbit spread, inside",
    "orbit_spread_far": "far outside",
}


def upload() -> None:
    """Take a model file that a visitor brings, and choose it."""
    st.file_uploader(
        "A .safetensors model that trisym saved",
        key="upload",
        help="At most 20 MB; names, shapes and values are checked before anything is built.",
        on_change=_take_in,
    )
    if fault := st.session_state.get("upload-fault"):
        st.error(fault)
    elif name := st.session_state.get("upload-name"):
        st.success(f"{name} is in the library, and on every page.")


def _take_in() -> None:
    """Before the page runs again: only then may a widget's choice be changed."""
    brought = st.session_state["upload"]
    st.session_state["upload-fault"] = st.session_state["upload-name"] = None
    if brought is None:
        return
    try:
        kept = saved_runs.upload(brought.getvalue(), brought.name)
    except TrisymError as error:
        st.session_state["upload-fault"] = str(error)
        return
    st.session_state["upload-name"] = kept.name
    st.session_state["chosen-runs"] = [kept.id]


def table(entries: Sequence[saved_runs.Entry]) -> None:
    """Show every run that waits, trains or is kept, the newest first."""
    going = [job.entry() for job in queue.jobs() if job.unfinished]
    rows = [_row(entry) for entry in [*going, *entries]]
    if not rows:
        st.markdown("No run is kept yet: press **Train**.")
        return
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "side error": st.column_config.NumberColumn(format="%.4f"),
            "orbit spread": st.column_config.NumberColumn(format="%.3f"),
            "epochs": st.column_config.NumberColumn(format="%.1f"),
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
        "epochs": entry.epochs,
        "seconds": entry.seconds,
        "device": entry.device,
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
        try:
            records = saved_runs.history(entry.id)
        except TrisymError:
            continue
        parts.append(records.assign(run=entry.name))
    curves, beside = st.columns([3, 2])
    if parts:
        along = curves.segmented_control(
            "Against", ["epochs", "seconds"], default="epochs", required=True, key="compare-along"
        )
        curves.altair_chart(
            _overlay(pd.concat(parts), "epoch" if along == "epochs" else "seconds"),
            alt="Side error of the chosen runs on logarithmic axes.",
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
    columns = {entry.name: _flat(entry) for entry in chosen}
    rows = list(dict.fromkeys(name for column in columns.values() for name in column))
    texts = pd.DataFrame(
        {run: [column.get(name, "–") for name in rows] for run, column in columns.items()},
        index=rows,
    )
    same = texts.nunique(axis=1) == 1
    settings = ~texts.index.isin(list(METRICS.values()))
    return texts if len(chosen) == 1 else texts[~(same & settings)]


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
    done = {"trained": f"{entry.epochs:.3g} epochs, {entry.seconds:.0f} s", "device": entry.device}
    return metrics | done | {name: str(value) for name, value in settings.items()}


def keep(entry: saved_runs.Entry) -> None:
    """Rename, pin, delete; and where the model can be used."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button("Watch its film", icon=":material/movie:", key="watch"):
            st.query_params["run"] = entry.id
            st.rerun()
        if entry.has_model:
            st.page_link(
                "pages/symmetry.py",
                label="Turn a triangle with it",
                icon=":material/3d_rotation:",
                query_params={"scene": Scene(models=(entry.id,)).to_text()},
            )
        with st.popover("Rename", icon=":material/edit:"):
            name = st.text_input("New name", entry.name, key=f"name:{entry.id}")
            if st.button("Rename it", key="rename"):
                _change(lambda: saved_runs.rename(entry.id, name))
        if st.button(
            "Unpin" if entry.pinned else "Pin",
            icon=":material/keep:",
            key="pin",
            help="When the library is full, the oldest runs that are not pinned go first.",
        ):
            _change(lambda: saved_runs.pin(entry.id, not entry.pinned))
        if st.button("Delete", icon=":material/delete:", key="delete", disabled=entry.pinned):
            _change(lambda: saved_runs.delete(entry.id))


def _change(change: object) -> None:
    with errors_as_sentences():
        change()  # type: ignore[operator]
        st.rerun()


def take_away(entry: saved_runs.Entry) -> None:
    """Offer a run's files: the model, its card, its history, and a script that repeats it."""
    with st.container(horizontal=True), errors_as_sentences():
        if entry.has_model:
            card = checkpoints.load_card(saved_runs.model_path(entry.id))
            text = json.dumps(card.as_dict(), indent=2, ensure_ascii=False)
            _offer(f"{entry.name}.safetensors", saved_runs.model_bytes(entry.id), "the model")
            _offer(f"{entry.name}.json", text, "its card: configuration, metrics, versions")
        if entry.status != "uploaded":
            _offer(f"{entry.name}.csv", saved_runs.history_bytes(entry.id), "its history")
            _offer(script.filename(entry), script.repeat(entry), "a Python script that repeats it")


def _offer(name: str, content: str | bytes, what: str) -> None:
    st.download_button(
        name,
        content,
        file_name=name,
        icon=":material/download:",
        on_click="ignore",
        help=f"Download {what}",
        key=f"download:{name}",
    )
