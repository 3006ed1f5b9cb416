"""Training: choose a network and a loss, press Train, and watch the latent space form."""

import streamlit as st

from trisym.jobs import queue
from trisym.storage import saved_runs
from trisym.ui.kit import notices
from trisym.ui.kit.places import MORE, heading, is_away
from trisym.ui.kit.tables import errors_as_sentences
from trisym.ui.training import (
    compare,
    compared_here,
    form,
    here,
    history,
    start,
    take_away,
    watch,
)

if st.runtime.exists():
    queue.warm(after_s=3.0)

heading("Watch a latent space form")
choice, faults = form.choose()
start.tell_of_class()
notices.show(start.ABOUT)
notices.warn_of(faults)
about = ""
with errors_as_sentences():
    config = choice.config()
    form.refuse_early(config, choice.place)
    about = form.sentence(config, choice.place)

run_id = st.query_params.get("run")
with errors_as_sentences():
    if run_id:
        watch.run(run_id)
    else:
        watch.recorded()
form.start_several()
if about:
    st.caption(f"**Train**: {about}")
if not is_away(MORE):
    st.caption(
        "Each colour is one triangle in 25 poses; all poses have the same sides. **Orbit spread** "
        "is 0 when every pose of a triangle has one latent point, and 1 when a point says nothing "
        "about which triangle it is. **Side error** is the mean error of a side that comes back."
    )


def runs() -> None:
    st.header("Runs and models", anchor=False)
    with errors_as_sentences():
        here.runs(compared_here.hear)
    with st.expander("Bring a model", icon=":material/upload:", key="bring"):
        history.upload()
    notices.show(history.UPLOAD)
    with errors_as_sentences():
        saved_runs.check_writable()
    with errors_as_sentences():
        entries, damaged = saved_runs.entries_and_damaged()
        history.table(entries, damaged)
        st.caption(
            "Everybody on this server may watch, copy and compare every run. When the library is "
            "full, runs that nobody pinned make room, of whoever has most."
        )
        chosen = history.choose(entries, run_id)
        if len(chosen) == 1:
            with errors_as_sentences():
                history.keep(chosen[0])
                take_away.show(chosen[0])
        elif chosen:
            with errors_as_sentences(), st.container(horizontal=True):
                take_away.show_several(chosen)
                history.ask_to_delete(chosen)
        history.undo()
        notices.show(history.CHANGE)
        there = compared_here.runs(chosen)
        compared = [*chosen, *(run.entry for run in there.values())]
        if compared:
            with errors_as_sentences():
                compare.show(compared, {run_id: run.history for run_id, run in there.items()})


if not is_away("runs"):
    runs()
