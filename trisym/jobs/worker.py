"""Runs in a Dask worker: the trainings that the queue sends, and the answers about them.

A worker reports by events on one topic; the queue calls `steer`, `report` and `saved` on the
worker's own event loop, beside the training.
"""

from __future__ import annotations

import gc
import os
import time

import torch
from distributed import Reschedule, Worker, get_worker

from trisym.errors import TrisymError
from trisym.jobs.messages import (
    TOPIC,
    Control,
    Here,
    Message,
    Outcome,
    Report,
    Saved,
    Task,
    packed,
)
from trisym.jobs.steering import RunControl, Turns
from trisym.jobs.worker_run import LeavingError, WorkerRun

_controls: dict[str, RunControl] = {}
_runs: dict[str, WorkerRun] = {}
_turns = Turns()


def train(task: Task) -> Outcome:
    """Train a task to its end; every failure that a user can cause is an outcome, not an error."""
    worker = get_worker()

    def tell(message: Message) -> None:
        worker.log_event(TOPIC, packed(task.id, message))

    steering = _controls[task.id] = RunControl(task.limits.waiting)
    tell(Here(worker.address, os.getpid()))
    try:
        with _turns.turn():
            run = _runs[task.id] = WorkerRun(task, steering, tell, _turns)
        return run.to_its_end()
    except LeavingError as leaving:
        raise Reschedule from leaving  # another worker goes on from the saved state
    except TrisymError as error:
        return Outcome("failed", str(error))
    except (MemoryError, RuntimeError) as error:
        if not _is_out_of_memory(error):
            raise
        return Outcome(
            "failed", "The device ran out of memory: take a smaller batch, network or set."
        )
    finally:
        _runs.pop(task.id, None)
        del _controls[task.id]
        _free_memory()


def steer(run_id: str, control: Control) -> bool:
    """Set the control of a run; False when it is not in this process."""
    steering = _controls.get(run_id)
    if steering is not None:
        steering.set(control)
    return steering is not None


def report(run_id: str, dask_worker: Worker) -> Report | None:
    """Return where a run stands, for an app that comes back; None when it is not here."""
    if run_id not in _controls:
        return None
    here, run = Here(dask_worker.address, os.getpid()), _runs.get(run_id)
    if run is None:  # it is just beginning
        return Report((here,), b"")
    return Report((here, *run.standing), run.story.to_bytes())


def saved(run_id: str, beyond: int) -> tuple[int, Saved] | None:
    """Return a step beyond that one, and what a run can go on from there elsewhere; else None."""
    run = _runs.get(run_id)
    return run.saved(beyond) if run is not None else None


def leave(seconds: float) -> None:
    """Let every run of this process save its state, as the process ends; wait at most so long."""
    for steering in list(_controls.values()):
        steering.leave()
    until = time.monotonic() + seconds
    while _controls and time.monotonic() < until:
        time.sleep(0.01)


def _free_memory() -> None:
    """Leave a GPU's memory to the next run, and to others."""
    if torch.cuda.is_available():
        gc.collect()  # a trainer and its captured step hold each other
        torch.cuda.empty_cache()


def _is_out_of_memory(error: BaseException) -> bool:
    text = str(error).lower()
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "alloc" in text
