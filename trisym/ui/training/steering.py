"""The buttons that steer runs: for who started them, and for the operator; others watch."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from trisym.jobs import queue
from trisym.jobs.job import Job
from trisym.jobs.messages import PACES
from trisym.outside_text import in_markdown
from trisym.ui.kit import notices, visitor

ABOUT = "steering"  # of its notices


def show(jobs: Sequence[Job]) -> None:
    """Show what steers these runs together, or whose they are."""
    first = jobs[0]
    if visitor.current().may_change(first.owner):
        _buttons(jobs)
        notices.show(ABOUT)
    else:
        by = f", by {in_markdown(first.by)}" if first.by else ""
        st.caption(f":material/visibility: Started in another browser{by}: you watch.")


def _buttons(jobs: Sequence[Job]) -> None:
    first = jobs[0]
    over = all(job.status == "measuring" or job.control.stopped for job in jobs)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # Two buttons, each of which may act twice: Streamlit repeats a click that was overtaken.
        if first.control.paused:
            st.button(
                "Resume",
                icon=":material/play_arrow:",
                key=f"resume:{first.id}",
                on_click=_steer,
                args=(jobs,),
                kwargs={"paused": False},
            )
        else:
            st.button(
                "Pause",
                icon=":material/pause:",
                key=f"pause:{first.id}",
                disabled=over,
                on_click=_steer,
                args=(jobs,),
                kwargs={"paused": True},
            )
        st.button(
            "Stop training",
            icon=":material/stop:",
            key=f"stop:{first.id}",
            help="Ends the training here and keeps the network as it is now",
            disabled=over,
            on_click=notices.carry_out,
            args=(ABOUT, lambda: _stop(jobs)),
        )
        # By callbacks, not by comparing: another tab may have changed what these widgets show.
        pace, rate = f"pace:{first.id}", f"rate:{first.id}"
        st.segmented_control(
            "Pace",
            list(PACES),
            default=first.control.pace,
            key=pace,
            required=True,
            help="Slowed, a class can follow every step",
            on_change=lambda: _steer(jobs, pace=st.session_state[pace]),
        )
        st.number_input(
            "Learning rate",
            value=first.control.rate or first.config.lr,
            step=0.001,
            format="%g",
            key=rate,
            width=150,
            help="The learning rate from now on",
            on_change=lambda: _steer(jobs, rate=st.session_state[rate]),
        )


def _steer(
    jobs: Sequence[Job],
    *,
    paused: bool | None = None,
    pace: str | None = None,
    rate: float | None = None,
) -> None:
    def action() -> None:
        for job in jobs:
            runs.steer(job, visitor.current(), paused=paused, pace=pace, rate=rate)

    runs = queue.open_queue()
    notices.carry_out(ABOUT, action)


def _stop(jobs: Sequence[Job]) -> None:
    runs = queue.open_queue()
    for job in jobs[::-1]:  # the last first: what still waits does not begin meanwhile
        if job.unfinished:
            runs.stop(job, visitor.current())
