"""One training in a worker: watched and steered between its records, saved as it goes."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import safetensors.torch
import torch

from trisym import datasets, devices
from trisym.config import FitConfig, from_dict
from trisym.datasets import DataConfig, Split
from trisym.errors import TrainingError, TrisymError
from trisym.evaluation import evaluate
from trisym.film import MOST_FRAMES, Sampler
from trisym.jobs import story
from trisym.jobs.messages import (
    MOST_RECORDS,
    Filmed,
    Message,
    Noted,
    Outcome,
    RateSet,
    Recorded,
    Saved,
    Standing,
    Started,
    Task,
)
from trisym.jobs.steering import RunControl, Turns
from trisym.networks import Autoencoder
from trisym.storage import accepted
from trisym.storage.accepted import STATE, state_file
from trisym.storage.cards import make_card
from trisym.storage.run_states import State
from trisym.storage.states import resume, save_state
from trisym.training.fit import Fit
from trisym.training.frames import HeldOut
from trisym.training.trainer import Record

RECORD_S = 0.06  # seconds between records: what a pause or a new rate may have to wait for
PULSE_S = 0.2  # between two reports of where the run is
STATE_S = 2.0  # between two saved states: what a killed worker may lose

Tell = Callable[[Message], None]


class LeavingError(Exception):
    """The run has saved its state, because its process ends."""


class WorkerRun:
    """One training in this worker, from its start or from its saved state."""

    def __init__(self, task: Task, steering: RunControl, tell: Tell, turns: Turns) -> None:
        self.task, self.steering, self.tell, self.turns = task, steering, tell, turns
        self.config = from_dict(task.config)
        self.split = _split(self.config.data)
        self.held_out = HeldOut.of(self.split, self.config)
        self.folder = Path(task.folder) if task.folder else accepted.away(task.id)
        self.last: Record | None = None
        self.message = ""
        self.state_step = -1  # of the last saved state
        self.standing: tuple[Message, ...] = ()  # for an app that comes back
        if not task.folder:
            with suppress(OSError):  # then it is trained without a state to go on from
                self.folder.mkdir(parents=True, exist_ok=True)
        self._take_over(task.saved)
        self.fit, self.records_per_epoch = self._begun()
        self.story = story.read(self.folder).until(self.fit.trainer.step)
        begun = self.fit.trainer.progress(0) if self.fit.trainer.step else -1.0
        self.records, self.frames = Sampler(MOST_RECORDS, begun), Sampler(MOST_FRAMES, begun)
        self.next_pulse = self.next_state = 0.0

    def _take_over(self, saved: Saved | None) -> None:
        """Put a state that came with the task where one of this machine would be."""
        if saved is not None and not state_file(self.folder):
            story.keep(saved, self.folder)

    def _begun(self) -> tuple[Fit, int]:
        """Go on from the saved state if there is a good one; else start."""
        if path := state_file(self.folder):
            try:
                each = int(path.stem)
                return resume(path, self.split, each), each
            except (TrisymError, ValueError) as error:
                path.unlink(missing_ok=True)
                self.message = f"It started again, as its saved state could not be read: {error}"
        each = records_per_epoch(self.config, self.split)
        return Fit(self.config, self.split, each), each

    def to_its_end(self) -> Outcome:
        """Train it, and return how it ended."""
        status, message = self._train()
        with self.turns.turn():
            outcome = self._outcome(status, message)
        if self.task.folder is None:  # the app removes its own, once the model is kept
            shutil.rmtree(self.folder, ignore_errors=True)
        return outcome

    def _train(self) -> tuple[State, str]:
        trainer = self.fit.trainer
        started = Started(
            trainer.step,
            devices.describe(self.config.device),
            self.records_per_epoch,
            torch.get_num_threads(),
            self.message,
        )
        self.standing = (started,)
        self.tell(started)
        if trainer.step == 0:
            self._tell_frame(None, keep=self.frames.due(0.0))
        try:
            while self._obeyed():
                with self.turns.turn():
                    record = next(self.fit, None)
                    if record is None:
                        return "finished", ""
                    self._report(record)
                if record.seconds >= self.task.limits.training and trainer.live:
                    limit = self.task.limits.training / 60
                    return "stopped", f"It reached the {limit:g} minutes that a visitor has here."
        except TrainingError as error:
            return "failed", str(error)
        return "stopped", self.message

    def _report(self, record: Record) -> None:
        self.last = record
        share, now = min(self.fit.trainer.progress(0), 1.0), time.monotonic()
        if self.records.due(share):
            self._tell_record(record)
        keep = self.frames.due(share)
        if keep or now >= self.next_pulse or self.steering.control.pace != "full":
            self._tell_frame(record, keep)
            self.next_pulse = now + PULSE_S
        if now >= self.next_state and self.fit.trainer.live:
            self._save_state()
            self.next_state = time.monotonic() + STATE_S

    def _tell_record(self, record: Record) -> None:
        self.story.add_record(dict(vars(record)))
        self.tell(Recorded(vars(record)))

    def _tell_frame(self, record: Record | None, keep: bool) -> None:
        model = self.fit.model()
        assert isinstance(model, Autoencoder)  # the queue takes no other configuration
        rate = record.lr if record else self.fit.rate
        packed = self.held_out.frame(model, record, rate).pack()
        if keep:
            self.story.add_frame(packed)
        self.tell(Filmed(packed, keep))

    def _tell_standing(self, status: State) -> None:
        self.standing = (self.standing[0], Standing(status))
        self.tell(Standing(status))

    def _save_state(self) -> None:
        """Save what a killed worker goes on from; a full disk does not end the training."""
        if not self.folder.exists():  # the run was given up
            return
        try:
            self.story.save(self.folder)  # first: what lies beyond the state is cut off later
            save_state(self.fit, self.folder / f"{self.records_per_epoch}{STATE}")
            self.state_step = self.fit.trainer.step
        except TrisymError as error:
            if not self.message:
                self.message = f"Its state could not be saved: {error}"
                self.tell(Noted(self.message))

    def saved(self, beyond: int) -> tuple[int, Saved] | None:
        """Return the saved state and its step, if there is one beyond a step."""
        step = self.state_step
        files = story.saved(self.folder) if step > beyond else None
        return None if files is None else (step, files)

    def _obeyed(self) -> bool:
        """Do what the control asks for; False when the run is to stop."""
        if self.steering.control.paused and not self.steering.stopped:
            self._pause()
        self.steering.wait_for_pace()
        if self.steering.leaving:
            self._leave()
        if self.steering.control.paused and not self.steering.stopped:
            return self._obeyed()
        rate = self.steering.control.rate
        if rate is not None and rate != self.fit.rate:
            self.fit.rate = rate
            self.story.changes.append((self.fit.trainer.step, rate))
            self.tell(RateSet(self.fit.trainer.step, rate))
        return not self.steering.stopped

    def _pause(self) -> None:
        if self.fit.trainer.step > 0:
            with self.turns.turn():
                self._save_state()
        self._tell_standing("paused")
        if self.steering.wait_out_a_pause():
            self._tell_standing("running")
            return
        limit = self.task.limits.waiting / 60
        self.message = f"It was paused for {limit:.0f} minutes in all, so it ended there."
        self.steering.set(replace(self.steering.control, stopped=True))

    def _leave(self) -> None:
        if self.fit.trainer.step > 0:
            with self.turns.turn():
                self._save_state()
        raise LeavingError

    def _outcome(self, status: State, message: str) -> Outcome:
        if self.last is None and self.fit.trainer.step == 0:
            return Outcome("cancelled" if status == "stopped" else status, message)
        self._tell_standing("measuring")
        last = self.last or self._resumed_at()
        if self.fit.trainer.live or status == "finished":
            self._tell_record(last)
            self._tell_frame(last, keep=True)
        model, metrics = self.fit.model(), {}
        try:
            metrics = evaluate(model, self.config)
        except TrisymError as error:  # its weights are worth keeping all the same
            message = f"{message} It could not be measured: {error}".strip()
        device = devices.describe(self.config.device)
        notes = {"run": self.task.id, "ended": status}
        card = make_card(self.task.name, self.config, last, metrics, device, notes)
        tensors = {name: t.detach().contiguous() for name, t in model.state_dict().items()}
        content = safetensors.torch.save(tensors, metadata={"card": card.as_json()})
        return Outcome(status, message, content, metrics)

    def _resumed_at(self) -> Record:
        """Return the record of the state that the run went on from."""
        trainer = self.fit.trainer
        if self.story.records and self.story.records[-1]["step"] == trainer.step:
            return Record(**self.story.records[-1])
        epoch = trainer.step / self.config.steps_per_epoch
        return Record(epoch, trainer.step, math.nan, math.nan, None, self.fit.rate, trainer.seconds)


@lru_cache(maxsize=2)
def _split(config: DataConfig) -> Split:
    """Draw a set once for all runs that are trained together."""
    return datasets.generate(config).split()


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
