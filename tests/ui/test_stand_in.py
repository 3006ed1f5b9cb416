"""Before a class a recorded run stands in for a live one that shows nothing, and says so."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from trisym.config import FitConfig
from trisym.jobs.job import Job
from trisym.ui.presenter import view
from trisym.ui.training import watch

job = Job("a1", "mine", FitConfig(), "cpu", 1)
job.created, job.status = {created!r}, {status!r}
watch.found = lambda run_id: [job]
shown = []
watch.film = lambda run, film, **more: shown.append((run, more["status"]))
st.session_state[view.ON] = {presenting}
watch.run("a1")
st.session_state["shown"] = shown
"""


def shown(created: datetime, status: str, *, presenting: bool) -> tuple[str, str]:
    """The film that the training page shows, and what it says of it."""
    script = SCRIPT.format(created=created.isoformat(), status=status, presenting=presenting)
    # Each script in a module state of its own: the patches are put back by what follows.
    from trisym.ui.training import watch

    kept = watch.found, watch.film
    try:
        test = AppTest.from_string(script, default_timeout=60).run()
    finally:
        watch.found, watch.film = kept
    assert not test.exception, json.dumps([str(each.value) for each in test.exception])
    ((run, said),) = test.session_state["shown"]
    return run, said


@pytest.mark.parametrize(
    ("ago_s", "status", "presenting", "run", "said"),
    [
        (60, "queued", True, "recorded-run", "The live training has shown nothing yet. This is a"),
        (60, "running", True, "recorded-run", "has shown nothing yet"),
        (0, "queued", True, "a1", ""),
        (60, "queued", False, "a1", ""),
        (60, "failed", True, "recorded-run", "ended before it showed anything"),
    ],
)
def test_a_recorded_run_stands_in(
    ago_s: float, status: str, presenting: bool, run: str, said: str
) -> None:
    found = shown(datetime.now(UTC) - timedelta(seconds=ago_s), status, presenting=presenting)
    assert found[0] == run
    assert said in found[1]
