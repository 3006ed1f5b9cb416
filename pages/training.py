"""Training: choose a network and a loss, press Train, and watch the latent space form."""

import streamlit as st

from trisym.jobs import queue
from trisym.storage import saved_runs
from trisym.ui.kit import notices, visitor
from trisym.ui.kit.tables import errors_as_sentences
from trisym.ui.training import form, history, watch
from trisym.ui.training.choice import Choice

if st.runtime.exists():
    queue.warm()


def train(choice: Choice) -> None:
    notices.carry_out("train", lambda: submitted(choice))


def submitted(choice: Choice) -> None:
    job = queue.open_queue().submit(choice.config(), visitor=visitor.current())
    st.query_params["run"] = job.id


st.title("Watch a latent space form")
choice, faults = form.choose(train)
notices.show("train")
notices.warn_of(faults)
with errors_as_sentences():
    config = choice.config()
    form.refuse_early(config)
    st.caption(form.sentence(config))

run_id = st.query_params.get("run")
with errors_as_sentences():
    if run_id:
        watch.run(run_id)
    else:
        watch.recorded()
st.caption(
    "Each colour is one triangle in 25 poses; all poses have the same sides. **Orbit spread** is 0 "
    "when every pose of a triangle has one latent point, and 1 when a point says nothing about "
    "which triangle it is. **Side error** is the mean error of a side that comes back."
)

st.header("Runs and models", anchor=False)
with st.expander("Bring a model", icon=":material/upload:", key="bring"):
    history.upload()
notices.show(history.UPLOAD)
with errors_as_sentences():
    saved_runs.check_writable()
with errors_as_sentences():
    entries, damaged = saved_runs.entries_and_damaged()
    history.table(entries, damaged)
    st.caption(
        "The library belongs to everybody on this server. When it is full, the oldest runs that "
        "nobody pinned go first."
    )
    chosen = history.choose(entries, run_id)
    if len(chosen) == 1:
        with errors_as_sentences():
            history.keep(chosen[0])
            history.take_away(chosen[0])
    notices.show(history.CHANGE)
    if chosen:
        with errors_as_sentences():
            history.compare(chosen)
