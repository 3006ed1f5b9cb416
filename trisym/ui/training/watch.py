"""A run on the training page: its film, where it stands, and the buttons that steer it."""

from __future__ import annotations

import math
from pathlib import Path

import streamlit as st

from trisym.config import FitConfig
from trisym.film import MOST_NODES, Film, epochs_shown
from trisym.jobs import queue
from trisym.jobs.job import Job
from trisym.jobs.messages import PACES
from trisym.outside_text import in_markdown, sentence, shortened
from trisym.storage import results, saved_runs
from trisym.thesis import claims
from trisym.ui.kit.tables import errors_as_sentences, short
from trisym.ui.training.film import Mark, film

REFRESH_S = 0.5  # two pictures a second
RECORDED = "recorded-run"

STANDING = {"running": "training", "paused": "paused", "measuring": "being measured"}

# What the thesis reports for h = 3 on random triangles (3.3), by loss.
FLOOR = "floor"  # the claim that says what directions at their best can reach
CLAIMS = {"sides": ("sides-error", "thesis, 2,000 epochs"), "mse": ("mse-error", "thesis")}


def _marks(loss: str) -> list[Mark]:
    """Return the thesis's side error, and the least that adding up |n·v| can reach."""
    claim, who = CLAIMS[loss]
    marks = [Mark(claims.aim(claim), f"{who}: {short(claims.aim(claim))} a side")]
    floor = claims.measured(FLOOR) if loss == "sides" else math.nan
    if math.isfinite(floor):
        marks.append(Mark(floor, f"floor of adding up |n·v|: {short(floor)}"))
    return marks


def marks_for(config: FitConfig) -> list[Mark]:
    """Return the side errors to hold such a run against, where there are any."""
    network = config.network
    comparable = (
        config.data.name == "random"
        and getattr(network, "latent", 0) == 3
        and network.hidden == (256,)
    )
    return _marks(config.loss) if comparable and config.loss in CLAIMS else []


@st.cache_resource(show_spinner=False, max_entries=20)
def _film_of(run_id: str) -> Film:
    return saved_runs.film(run_id)


@st.cache_resource(show_spinner=False)
def _recorded(file: Path, changed: int) -> Film:
    return Film.from_bytes(file.read_bytes())


def recorded() -> None:
    """Show the recorded run of the shipped network: what is there before anything is pressed."""
    st.subheader("A recorded run: the invariant network takes shape", anchor=False)
    file = results.place(RECORDED, ending="safetensors")
    card = results.load_card(RECORDED)
    made = f"{shortened(card['created'])} on {shortened(card['device'])}"
    film(
        RECORDED,
        _recorded(file, file.stat().st_mtime_ns),
        key="film",
        status=f"Trained {made}. Drag the scrubber, or press Train.",
        marks=_marks("sides"),
    )


def run(run_id: str) -> None:
    """Show a run of this server or of the library, by the id in the link."""
    job = queue.find(run_id)
    if job is not None and job.unfinished:
        _live(job)
    elif job is not None and not job.kept:
        _over(job)
    elif entry := saved_runs.find(run_id):
        _kept(entry)
    else:
        st.warning("The run of this link is not here (any more).")
        recorded()


def _live(job: Job) -> None:
    """Show a run that goes on, twice a second, without touching the rest of the page."""

    @st.fragment(run_every=REFRESH_S)
    def watch() -> None:
        if not job.unfinished:
            st.rerun(scope="app")
        with st.container(horizontal=True, vertical_alignment="center"):
            title = f"{in_markdown(job.name)}, {_standing(job)}"
            st.subheader(title, anchor=False, width="stretch")
            _steering(job)
        with errors_as_sentences():
            film(
                job.id,
                Film(list(job.film.frames)),
                key="film",
                latest=job.latest,
                live=True,
                status=_status(job),
                marks=marks_for(job.config),
            )

    watch()


def _standing(job: Job) -> str:
    status = job.status  # once: the job goes on, and may end, while this page is drawn
    if status != "queued":
        return STANDING.get(status, status)
    before = queue.open_queue().place(job)
    if before:
        return f"number {before + 1} in the queue"
    return "about to start"


def _status(job: Job) -> str:
    """Say what a visitor wants to know while it runs."""
    parts = []
    if job.status == "queued":
        before = queue.open_queue().place(job)
        runs = "1 run is" if before == 1 else f"{before} runs are"
        parts.append(f"{runs} before it on the {job.resource}." if before else "The worker starts.")
    elif job.status == "measuring":
        parts.append("It is measured on 20,000 fresh triangles.")
    elif job.silent:
        parts.append("The worker is silent: if it was lost, another goes on from the saved state.")
    elif job.seconds_left is not None:
        parts.append(f"{job.share:.0%} done, {job.seconds_left:.0f} s left at full speed.")
    if job.device:
        parts.append(f"Trains on {job.device}.")
    if job.message:
        parts.append(job.message)
    return " ".join([*parts, *_nodes_left_out(job.config)])


def _nodes_left_out(config: FitConfig) -> list[str]:
    """Say what the picture of a large latent space does not show."""
    h = getattr(config.network, "latent", 0)
    return [f"The picture shows nodes 1 to {MOST_NODES} of {h}."] if h > MOST_NODES else []


def _steering(job: Job) -> None:
    runs = queue.open_queue()
    paused = job.control.paused
    # Two buttons, each of which may act twice: Streamlit repeats a click whose run was overtaken.
    if paused:
        st.button(
            "Resume",
            icon=":material/play_arrow:",
            key=f"resume:{job.id}",
            on_click=lambda: runs.steer(job, paused=False),
        )
    else:
        st.button(
            "Pause",
            icon=":material/pause:",
            key=f"pause:{job.id}",
            disabled=job.status == "measuring",
            on_click=lambda: runs.steer(job, paused=True),
        )
    st.button(
        "Stop",
        icon=":material/stop:",
        key=f"stop:{job.id}",
        help="Ends the training here and keeps the network as it is now",
        disabled=job.status == "measuring" or job.control.stopped,
        on_click=lambda: runs.stop(job),
    )
    # By callbacks, not by comparing: another visitor may have changed what this widget shows.
    pace, rate = f"pace:{job.id}", f"rate:{job.id}"
    st.segmented_control(
        "Pace",
        list(PACES),
        default=job.control.pace,
        key=pace,
        required=True,
        label_visibility="collapsed",
        help="Slowed, a class can follow every step",
        on_change=lambda: runs.steer(job, pace=st.session_state[pace]),
    )
    st.number_input(
        "Learning rate",
        value=job.control.rate or job.config.lr,
        step=0.001,
        format="%g",
        key=rate,
        width=150,
        label_visibility="collapsed",
        help="The learning rate from now on",
        on_change=lambda: _set_rate(job, st.session_state[rate]),
    )


def _set_rate(job: Job, rate: float) -> None:
    with errors_as_sentences():
        queue.open_queue().steer(job, rate=rate)


def _over(job: Job) -> None:
    """Show a run that ended and is not in the library: it failed, or nothing could be kept."""
    st.subheader(f"{in_markdown(job.name)}, {job.status}", anchor=False)
    if job.message:
        st.error(sentence(job.message))
    if job.status == "cancelled":
        st.markdown("It left the queue before it began.")
    if job.film.frames:
        film(job.id, job.film, key="film", marks=marks_for(job.config))
    if job.model is not None:
        st.download_button(
            in_markdown(f"{job.name}.safetensors"),
            job.model,
            file_name=f"{job.name}.safetensors",
            icon=":material/download:",
            on_click="ignore",
        )


def _kept(entry: saved_runs.Entry) -> None:
    st.subheader(f"{in_markdown(entry.name)}, {entry.status}", anchor=False)
    if entry.note:
        st.info(sentence(entry.note))
    if entry.status == "uploaded":
        st.markdown("This model came without a film of its training.")
    else:
        with errors_as_sentences():
            shown, marks = _film_of(entry.id), marks_for(entry.config)
            film(entry.id, shown, key="film", status=_summary(entry), marks=marks)
            return
    st.caption(sentence(_summary(entry)))


def _summary(entry: saved_runs.Entry) -> str:
    epochs, device = epochs_shown(entry.epochs), shortened(entry.device)
    parts = [f"{epochs} epochs in {entry.seconds:.0f} s on {device}."]
    names = {"side_error": "side error", "orbit_spread_inside": "orbit spread inside the cube"}
    found = [f"{text} {short(entry.metrics[n])}" for n, text in names.items() if n in entry.metrics]
    if found:
        parts.append(f"On 20,000 fresh triangles: {', '.join(found)}.")
    return " ".join([*parts, *_nodes_left_out(entry.config)])
