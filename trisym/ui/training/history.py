"""The library on the training page: whose runs there are, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from trisym import names
from trisym.film import epochs_rounded
from trisym.jobs import queue
from trisym.outside_text import in_markdown, sentence, shortened
from trisym.storage import own_runs
from trisym.storage.saved_runs import Entry
from trisym.ui.kit import notices, visitor
from trisym.ui.kit.set_widgets import again, put
from trisym.ui.kit.tables import listed, rows_of
from trisym.ui.symmetry.scene import Scene
from trisym.ui.training import start
from trisym.ui.training.compare import MOST_COMPARED

UPLOAD, CHANGE = "upload", "change"  # what notices are about
CHOSEN, OFFERED = "chosen-runs", "offered-run"


def upload() -> None:
    """Take a model file that a visitor brings, and choose it."""
    if not visitor.may_upload():
        st.markdown(
            "No file can be uploaded from here: your browser sends this server no cookies, as it "
            "does where a page is shown inside another site. In a tab of its own it works."
        )
        if address := st.context.url:
            st.link_button("Open this page in a tab of its own", address)
        return
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
    who, by = visitor.current(), start.nickname()
    kept = own_runs.upload(who, brought.getvalue(), brought.name, by)
    put(CHOSEN, [kept.id])
    return f"{kept.name} is in the library, and on every page."


def table(entries: Sequence[Entry], damaged: Sequence[str]) -> None:
    """Show the visitor's runs, the newest first, and all others folded."""
    for lost in queue.lost():
        st.warning(sentence(lost))
    if damaged:
        st.warning(f"Not shown, as their run.json is damaged: {listed(damaged)}.")
    going = [job.entry() for job in queue.jobs() if job.unfinished]
    who = visitor.current()
    mine = [entry for entry in [*going, *entries] if entry.owner == who.id]
    others = [entry for entry in [*going, *entries] if entry.owner != who.id]
    if mine:
        _show_rows(mine)
    else:
        st.markdown("You have no run on this server.")
    if others:
        label = "1 run of others" if len(others) == 1 else f"{len(others)} runs of others"
        with st.expander(label, icon=":material/group:"):
            _show_rows(others)
    if not visitor.is_remembered():
        st.caption("This browser keeps no cookies: your runs are yours until the tab is reloaded.")


def _show_rows(entries: Sequence[Entry]) -> None:
    st.dataframe(
        pd.DataFrame(rows_of(entries, _row, lambda entry: entry.name)),
        hide_index=True,
        column_config={
            "side error": st.column_config.NumberColumn(format="%.4f"),
            "orbit spread": st.column_config.NumberColumn(format="%.3f"),
            "seconds": st.column_config.NumberColumn(format="%.0f"),
            "when (UTC)": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
            "watch": st.column_config.LinkColumn(display_text="open"),
        },
    )


def _row(entry: Entry) -> dict[str, object]:
    config = entry.config
    return {
        "name": entry.name,
        "state": f"{entry.status}{', pinned' if entry.pinned else ''}",
        "side error": entry.metrics.get("side_error"),
        "orbit spread": entry.metrics.get("orbit_spread_inside"),
        "triangles": config.data.name,
        "loss": config.loss,
        "h": getattr(config.network, "latent", None),
        "epochs": epochs_rounded(entry.epochs),
        "seconds": entry.seconds,
        "by": entry.by,
        "device": shortened(entry.device),
        "when (UTC)": pd.Timestamp(entry.created).tz_localize(None),
        "watch": f"training?run={entry.id}",
    }


def choose(entries: Sequence[Entry], watched: str | None) -> list[Entry]:
    """Ask for runs by name; return them. What is watched is chosen once all of it is kept."""
    by_id = {entry.id: entry for entry in _mine_first(entries)}
    asked = st.session_state.get(CHOSEN, [])
    shown = [entry.id for entry in entries if watched and watched in (entry.id, entry.group)]
    going = any(watched in (job.id, job.group) for job in queue.jobs() if job.unfinished)
    if shown and not going and st.session_state.get(OFFERED) != watched:
        st.session_state[OFFERED] = watched
        put(CHOSEN, shown)
    elif not by_id.keys() >= set(asked):
        # Only then: what is set here takes the place of what the visitor chooses meanwhile.
        put(CHOSEN, [run for run in asked if run in by_id])
    else:
        again(CHOSEN)
    chosen = st.multiselect(
        "Runs to look at, compare or take away",
        list(by_id),
        format_func=lambda run: by_id[run].name,
        key=CHOSEN,
        max_selections=MOST_COMPARED,
        placeholder="Choose one, or two and more to compare",
    )
    return [by_id[run] for run in chosen]


def _mine_first(entries: Sequence[Entry]) -> list[Entry]:
    who = visitor.current()
    return sorted(entries, key=lambda entry: entry.owner != who.id)


def keep(entry: Entry) -> None:
    """Offer what can be done with one run: with anybody's, and with the visitor's own."""
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
        if visitor.current().may_change(entry.owner):
            _keep_own(entry)
        else:
            _changing(
                "Copy to mine",
                "copy",
                lambda: _copied(entry.id),
                icon=":material/content_copy:",
                help="It belongs to another browser: a copy is yours to rename, pin or delete",
            )


def _keep_own(entry: Entry) -> None:
    typed = f"name:{entry.id}"
    with st.popover("Rename", icon=":material/edit:"):
        st.text_input("New name", entry.name, key=typed, max_chars=names.LONGEST)
        _changing("Rename it", "rename", lambda: _renamed(entry.id, st.session_state[typed]))
    _changing(
        "Unpin" if entry.pinned else "Pin",
        "pin",
        lambda: own_runs.pin(visitor.current(), entry.id, not entry.pinned),
        icon=":material/keep:",
        help="When the library is full, runs that are not pinned make room.",
    )
    ask_to_delete([entry])


def ask_to_delete(entries: Sequence[Entry]) -> None:
    """Offer to delete runs, when they are all the visitor's: it asks first."""
    who = visitor.current()
    if not all(who.may_change(entry.owner) for entry in entries):
        return
    what = in_markdown(entries[0].name) if len(entries) == 1 else f"these {len(entries)} runs"
    pinned = any(entry.pinned for entry in entries)
    with st.popover("Delete", icon=":material/delete:", disabled=pinned):
        st.markdown(f"Delete {what}? For a minute it can be undone.")
        ids = [entry.id for entry in entries]
        _changing("Delete", "delete", lambda: own_runs.delete(visitor.current(), ids))


def undo() -> None:
    """Offer to bring back what the visitor deleted in the last minute."""
    for deletion in own_runs.deletions(visitor.current()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Deleted: {in_markdown(listed(deletion.names))}.")
            _changing("Undo", f"undo:{deletion.id}", _bring_back(deletion.id))


def _bring_back(deletion_id: str) -> Callable[[], str]:
    def action() -> str:
        back = own_runs.undo(visitor.current(), deletion_id)
        return f"Back again: {listed([entry.name for entry in back])}."

    return action


def _renamed(run_id: str, name: str) -> str:
    renamed = own_runs.rename(visitor.current(), run_id, name)
    return f"It is called {renamed.name} now."


def _copied(run_id: str) -> str:
    made = own_runs.copy(visitor.current(), run_id, start.nickname())
    put(CHOSEN, [made.id])
    return f"Your copy is called {made.name}."


def _changing(label: str, key: str, change: Callable[[], object], **looks: Any) -> None:
    """Show a button that changes a run before the page runs again, and tells what came of it."""

    def action() -> str | None:
        told = change()
        return told if isinstance(told, str) else None

    st.button(label, key=key, on_click=notices.carry_out, args=(CHANGE, action), **looks)
