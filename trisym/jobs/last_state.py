"""Rescues a run that can't go on: the network as it was when its state was last saved."""

from __future__ import annotations

from pathlib import Path

from trisym import devices
from trisym.errors import TrisymError
from trisym.evaluation import evaluate
from trisym.film import epochs_shown
from trisym.jobs import story
from trisym.jobs.job import Job
from trisym.jobs.messages import Outcome
from trisym.storage import checkpoints
from trisym.storage.accepted import state_file
from trisym.storage.cards import Card
from trisym.storage.run_states import State
from trisym.storage.states import SavedModel, saved_model


def rescue(job: Job, folder: Path, why: str, status: State = "failed") -> Outcome:
    """Return how a run ends that can't go on, with its last state as a model if there is one.

    The job's story is cut to that state.
    """
    told = story.read(folder)
    if len(told.records) > len(job.records):
        job.story = told
    path = state_file(folder)
    if path is None:
        return Outcome(status, f"{why} No state of it had been saved yet.")
    try:
        saved = saved_model(path)
        job.story = job.story.until(saved.step)
        return _outcome(job, saved, why, status)
    except TrisymError as error:
        return Outcome(status, f"{why} Its last state can't be used: {error}")


def job_of_state(run_id: str, folder: Path) -> Job | None:
    """Return a job for a run of which nothing can be read but its state; None without a state."""
    path = state_file(folder)
    try:
        config = saved_model(path).config if path else None
    except TrisymError:
        return None
    if config is None:
        return None
    return Job(run_id, f"recovered {run_id}", config, resource="cpu", number=0)


def _outcome(job: Job, saved: SavedModel, why: str, status: State) -> Outcome:
    epoch = job.records[-1]["epoch"] if job.records else 0.0
    message = f"{why} This is the network as it was at epoch {epochs_shown(epoch)}."
    metrics = {}
    try:
        metrics = evaluate(saved.model, saved.config)
    except TrisymError as error:
        message = f"{message} It could not be measured: {error}"
    card = Card(
        name=job.name,
        config=saved.config,
        epochs=epoch,
        steps=saved.step,
        seconds=saved.seconds,
        device=job.device or devices.describe("cpu"),
        metrics=metrics,
        notes={"run": job.id, "ended": status},
    )
    return Outcome(status, message, checkpoints.to_bytes(saved.model, card), metrics)
