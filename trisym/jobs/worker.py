"""What runs in a Dask worker: one training, watched and steered between its records.

A worker reports by events on one topic and is steered through `steer`, which the queue calls on the
worker's own event loop, beside the training.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from distributed import get_worker

from trisym import datasets, devices
from trisym.config import FitConfig, from_dict
from trisym.datasets import Split
from trisym.errors import TrainingError, TrisymError
from trisym.evaluation import evaluate
from trisym.film import MOST_FRAMES, Sampler
from trisym.jobs.messages import MOST_RECORDS, PACES, PAUSE_LIMIT_S, TOPIC, Control, Outcome, Task
from trisym.networks import Autoencoder
from trisym.storage import saved_runs
from trisym.storage.cards import make_card
from trisym.storage.states import resume, save_state
from trisym.training.fit import Fit
from trisym.training.frames import HeldOutOrbits
from trisym.training.trainer import Record

RECORD_S = 0.06  # seconds between records: what a pause or a new rate may have to wait for
PULSE_S = 0.2  # between two reports of where the run is
STATE_S = 2.0  # between two saved states: what a killed worker may lose

Tell = Callable[[dict[str, Any]], None]


class RunControl:
    """The control of one run in this process: set by `steer`, read between records."""

    def __init__(self) -> None:
        self.control = Control()
        self.changed = threading.Condition()

    def set(self, control: Control) -> None:
        with self.changed:
            self.control = control
            self.changed.notify_all()

    def wait(self, seconds: float, over: Callable[[Control], bool]) -> bool:
        """Wait until the control is such, at most so long; say whether it is."""
        with self.changed:
            return self.changed.wait_for(lambda: over(self.control), seconds)


_controls: dict[str, RunControl] = {}


def steer(run_id: str, control: Control) -> bool:
    """Set the control of a run, from the queue; False when it is not in this process."""
    steering = _controls.get(run_id)
    if steering is not None:
        steering.set(control)
    return steering is not None


def train(task: Task) -> Outcome:
    """Train a task to its end; every failure that a user can cause is an outcome, not an error."""
    worker = get_worker()

    def tell(message: dict[str, Any]) -> None:
        worker.log_event(TOPIC, {"id": task.id, **message})

    steering = _controls[task.id] = RunControl()
    tell({"kind": "here", "worker": worker.address, "pid": os.getpid()})
    try:
        return WorkerRun(task, steering, tell).to_its_end()
    except TrisymError as error:
        return Outcome("failed", str(error))
    except (MemoryError, RuntimeError) as error:
        if not _is_out_of_memory(error):
            raise
        return Outcome(
            "failed", "The device ran out of memory: take a smaller batch, network or set."
        )
    finally:
        del _controls[task.id]
        _free_memory()


def _free_memory() -> None:
    """Leave a GPU's memory to the next run, and to others."""
    if torch.cuda.is_available():
        gc.collect()  # a trainer and its captured step hold each other
        torch.cuda.empty_cache()


def _is_out_of_memory(error: BaseException) -> bool:
    text = str(error).lower()
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "alloc" in text


class WorkerRun:
    """One training in this worker, from its start or from its saved state."""

    def __init__(self, task: Task, steering: RunControl, tell: Tell) -> None:
        self.task, self.steering, self.tell = task, steering, tell
        self.config = from_dict(task.config)
        self.split = datasets.generate(self.config.data).split()
        self.orbits = HeldOutOrbits.of(self.split, self.config)
        self.folder = Path(task.scratch) if task.scratch else saved_runs.scratch()
        self.last: Record | None = None
        self.message = ""
        self.fit, self.records_per_epoch = self._begun()
        begun = self.fit.trainer.progress(0) if self.fit.trainer.step else -1.0
        self.records, self.frames = Sampler(MOST_RECORDS, begun), Sampler(MOST_FRAMES, begun)
        self.next_pulse = self.next_state = 0.0

    def _begun(self) -> tuple[Fit, int]:
        """Go on from the saved state if there is a good one; else start."""
        for path in self.folder.glob(f"{self.task.id}.*.state"):
            each = int(path.suffixes[-2][1:])
            try:
                return resume(path, self.split, each), each
            except TrisymError as error:
                self.message = f"It started again, as its saved state could not be read: {error}"
        each = records_per_epoch(self.config, self.split)
        return Fit(self.config, self.split, each), each

    @property
    def state_path(self) -> Path:
        return self.folder / f"{self.task.id}.{self.records_per_epoch}.state"

    def to_its_end(self) -> Outcome:
        try:
            status, message = self._train()
            return self._outcome(status, message)
        finally:
            self.state_path.unlink(missing_ok=True)

    def _train(self) -> tuple[str, str]:
        trainer = self.fit.trainer
        self.tell(
            {
                "kind": "started",
                "step": trainer.step,
                "device": devices.describe(self.config.device),
                "records_per_epoch": self.records_per_epoch,
                "threads": torch.get_num_threads(),
                "note": self.message,
            }
        )
        if trainer.step == 0:
            self._tell_frame(None, keep=self.frames.due(0.0))
        if not self._obeyed():
            return "stopped", ""
        try:
            for record in self.fit:
                self.last = record
                self._report(record)
                if trainer.live and not self._obeyed():
                    return "stopped", self.message
        except TrainingError as error:
            return "failed", str(error)
        return "finished", ""

    def _report(self, record: Record) -> None:
        share, now = min(self.fit.trainer.progress(0), 1.0), time.monotonic()
        if self.records.due(share):
            self.tell({"kind": "record", "record": vars(record)})
        keep = self.frames.due(share)
        if keep or now >= self.next_pulse or self.steering.control.pace != "full":
            self._tell_frame(record, keep)
            self.next_pulse = now + PULSE_S
        if now >= self.next_state and self.fit.trainer.live:
            self._save_state()
            self.next_state = time.monotonic() + STATE_S

    def _tell_frame(self, record: Record | None, keep: bool) -> None:
        model = self.fit.model()
        assert isinstance(model, Autoencoder)  # the queue takes no other configuration
        rate = record.lr if record else self.fit.rate
        packed = self.orbits.frame(model, record, rate).pack()
        self.tell({"kind": "frame", "frame": packed, "keep": keep})

    def _save_state(self) -> None:
        """Save what a killed worker goes on from; a full disk does not end the training."""
        try:
            save_state(self.fit, self.state_path)
        except TrisymError as error:
            if not self.message:
                self.message = f"Its state could not be saved: {error}"
                self.tell({"kind": "note", "note": self.message})

    def _obeyed(self) -> bool:
        """Do what the control asks for; False when the run is to stop."""
        if not self._waited():
            return False
        rate = self.steering.control.rate
        if rate is not None and rate != self.fit.rate:
            self.fit.rate = rate
            self.tell({"kind": "rate", "step": self.fit.trainer.step, "rate": rate})
        return True

    def _waited(self) -> bool:
        """Wait out a pause, or what the pace asks for."""
        steering = self.steering
        if steering.control.paused and not steering.control.stopped:
            self._rest()
        pace = steering.control.pace
        if PACES[pace] and not steering.control.stopped:
            steering.wait(PACES[pace], lambda c: c.stopped or c.paused or c.pace != pace)
            if steering.control.paused:
                return self._waited()
        return not steering.control.stopped

    def _rest(self) -> None:
        if self.fit.trainer.step > 0:
            self._save_state()
        self.tell({"kind": "paused"})
        if self.steering.wait(PAUSE_LIMIT_S, lambda c: c.stopped or not c.paused):
            self.tell({"kind": "resumed"})
            return
        self.message = f"It was paused for {PAUSE_LIMIT_S / 60:.0f} minutes, so it ended there."
        self.steering.set(replace(self.steering.control, stopped=True))

    def _outcome(self, status: str, message: str) -> Outcome:
        if self.last is None:
            return Outcome("cancelled" if status == "stopped" else status, message)
        self.tell({"kind": "measuring"})
        if self.fit.trainer.live or status == "finished":
            self.tell({"kind": "record", "record": vars(self.last)})
            self._tell_frame(self.last, keep=True)
        model, metrics = self.fit.model(), {}
        try:
            metrics = evaluate(model, self.config)
        except TrisymError as error:  # its weights are worth keeping all the same
            message = f"{message} It could not be measured: {error}".strip()
        device = devices.describe(self.config.device)
        notes = {"run": self.task.id, "ended": status}
        card = make_card(self.task.name, self.config, self.last, metrics, device, notes)
        tensors = {name: t.detach().contiguous() for name, t in model.state_dict().items()}
        content = safetensors.torch.save(tensors, metadata={"card": card.as_json()})
        return Outcome(status, message, content, metrics)


def records_per_epoch(config: FitConfig, split: Split) -> int:
    """Return how many records make one every RECORD_S here: a few steps of a throwaway run tell."""
    batches = max(1, len(split.train.inputs) // config.batch)
    few = max(1, batches // 6)  # six steps a record
    trial = Fit(replace(config, epochs=1, seconds=None), split, few)
    next(trial)
    begun = time.perf_counter()
    steps = trial.trainer.step
    if few > 1:
        next(trial)
    seconds = (time.perf_counter() - begun) / max(trial.trainer.step - steps, 1)
    return max(1, min(batches, round(seconds * batches / RECORD_S)))
