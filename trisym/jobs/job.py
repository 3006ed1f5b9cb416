"""A run as the queue knows it: what was asked for, what has been heard of it, how it ended."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from trisym.config import FitConfig
from trisym.errors import ConfigError, TrisymError
from trisym.film import NUMBERS, Film, curve, epochs_shown
from trisym.jobs.messages import (
    Control,
    Filmed,
    Here,
    Message,
    Noted,
    Outcome,
    RateSet,
    Recorded,
    Standing,
    Started,
)
from trisym.jobs.story import Story
from trisym.names import check_name
from trisym.storage import saved_runs
from trisym.storage.accepted import AcceptedRun
from trisym.storage.run_states import UNFINISHED, State

SILENCE_S = 3.0


@dataclass
class Job:
    """One run; changed by the queue only, read by every page that watches it."""

    id: str
    name: str
    config: FitConfig
    resource: str  # the device it waits for or holds
    number: int  # of submission
    owner: str = ""  # the visitor who started it
    by: str = ""  # what that visitor likes to be called
    room: str = ""  # the class that the visitor was in
    group: str = ""  # shared by the runs that were started together
    portion: float = 1.0  # of the device
    unbound: bool = False  # by what a visitor may ask for: the operator started it
    status: State = "queued"
    message: str = ""
    device: str = ""
    worker: str = ""
    pid: int = 0
    threads: int = 1
    records_per_epoch: int = 1
    attempts: int = 0  # workers that took it up
    losses: int = 0  # servers that ended while it was trained
    lost: str = ""  # why the worker that comes next has to go on
    control: Control = field(default_factory=Control)
    story: Story = field(default_factory=Story)
    latest: bytes = b""  # the newest frame, kept in the film or not
    metrics: dict[str, float] = field(default_factory=dict)
    model: bytes | None = None
    created: str = field(default_factory=saved_runs.now)
    heard: float = field(default_factory=time.monotonic)  # when the worker last said something
    kept: bool = False  # in the library
    discarded: bool = False  # nothing of it is to be kept

    @classmethod
    def of(cls, run: AcceptedRun) -> Job:
        """Return the run that another server had accepted; raises TrisymError when it can't be."""
        try:
            control = Control(**run.control)
        except TypeError as error:
            raise ConfigError(f"It is steered in an unknown way: {error}") from error
        check_name(run.name)
        return cls(
            id=run.id,
            name=run.name,
            config=run.config,
            resource=run.resource,
            number=run.number,
            owner=run.owner,
            by=run.by,
            group=run.group,
            portion=run.portion,
            unbound=run.unbound,
            losses=run.losses + run.began,
            lost="The app was started again" if run.began else "",
            control=control,
            created=run.created,
        )

    @property
    def unfinished(self) -> bool:
        return self.status in UNFINISHED

    @property
    def waits(self) -> bool:
        """Whether no worker has begun with it."""
        return self.status == "queued" and not self.worker

    @property
    def records(self) -> list[dict[str, Any]]:
        """The history so far."""
        return self.story.records

    @property
    def film(self) -> Film:
        """The film so far."""
        return self.story.film

    @property
    def changes(self) -> list[tuple[int, float]]:
        """The learning rates that were set, by step."""
        return self.story.changes

    @property
    def now(self) -> dict[str, float]:
        """The newest numbers, by name; empty before the first."""
        if not self.latest:
            return {}
        return dict(zip(NUMBERS, curve([self.latest])[0].tolist(), strict=True))

    @property
    def share(self) -> float:
        """Return the share of the budget that is spent, 0 to 1."""
        epochs, seconds = self.now.get("epoch", 0.0), self.now.get("seconds", 0.0)
        return min(1.0, self.config.spent(epochs, seconds))

    @property
    def seconds_left(self) -> float | None:
        """Return the seconds left at full speed; None before there is anything to judge by."""
        spent = self.now.get("seconds", 0.0)
        if not spent:
            return None
        return spent * (1 - self.share) / self.share

    @property
    def silent(self) -> bool:
        """Say whether a running worker has said nothing for long."""
        return self.status == "running" and time.monotonic() - self.heard > SILENCE_S

    def hear(self, message: Message) -> None:
        """Take in what the worker reports."""
        self.heard = time.monotonic()
        match message:
            case Here(worker, pid) if (worker, pid) != (self.worker, self.pid):
                self.worker, self.pid = worker, pid
                self.attempts += 1
                if self.attempts > 1:
                    self.lost = "Its worker was lost"
            case Started():
                self._start(message)
            case Recorded(record):
                self.story.add_record(dict(record))
            case Filmed(frame, keep):
                self.latest = frame
                if keep:
                    self.story.add_frame(frame)
            case RateSet(step, rate):
                self.changes.append((step, rate))
            case Noted(text):
                self.message = text
            case Standing(status):
                self.status = status

    def _start(self, message: Started) -> None:
        """At a step above 0 it goes on where another worker was lost: forget what lies beyond."""
        self.status = "paused" if self.control.paused else "running"
        self.device, self.threads = message.device, message.threads
        self.records_per_epoch = message.records_per_epoch
        self.story = self.story.until(message.step)
        if self.lost:
            self.message = f"{self.lost}; the run {self._from(message.step)}."
        if message.note:
            self.message = message.note

    def take_over(self, story: Story) -> None:
        """Take over what an earlier server, or a worker, has told of it."""
        self.story = story
        self.latest = story.film.frames[-1] if story.film.frames else b""

    def _from(self, step: int) -> str:
        if not step:
            return "started again"
        epoch = self.records[-1]["epoch"] if self.records else 0.0
        return f"went on from epoch {epochs_shown(epoch)}"

    def wait_again(self, lost: str, message: str = "") -> None:
        """Go back into the queue, with what is known of it."""
        if self.worker:
            self.lost = lost
        self.status, self.message = "queued", message or self.message
        self.worker, self.pid, self.attempts = "", 0, 0

    def end(self, outcome: Outcome) -> None:
        """Take in how it ended, and keep it in the library, its reason if it has no model.

        A run that its visitor took out of the queue leaves nothing.
        """
        self.message = outcome.message or self.message
        self.metrics, self.model = dict(outcome.metrics), outcome.model
        if outcome.status != "cancelled" and not self.discarded:
            try:
                film = self.film.to_bytes() if self.film.frames else b""
                history = self.history() if self.records else b""
                saved_runs.add(self.entry(outcome.status), outcome.model, history, film)
                self.kept = True
            except TrisymError as error:
                self.message = f"{self.message} {error}".strip()
        saved_runs.give_up_name(self.id)
        self.status = outcome.status

    def history(self) -> bytes:
        """Return the records as CSV."""
        table = pd.DataFrame(self.records)
        return table.to_csv(index=False, float_format="%.6g", lineterminator="\n").encode()

    def accepted(self) -> AcceptedRun:
        """Return what a killed app goes on from."""
        return AcceptedRun(
            id=self.id,
            name=self.name,
            config=self.config,
            created=self.created,
            number=self.number,
            resource=self.resource,
            portion=self.portion,
            owner=self.owner,
            by=self.by,
            group=self.group,
            unbound=self.unbound,
            control=asdict(self.control),
            began=self.attempts > 0,
            losses=self.losses,
        )

    def entry(self, status: State | None = None) -> saved_runs.Entry:
        """Return what the library keeps of it."""
        last: dict[str, Any] = self.records[-1] if self.records else {}
        return saved_runs.Entry(
            id=self.id,
            name=self.name,
            status=status or self.status,
            created=self.created,
            config=self.config,
            device=self.device,
            epochs=last.get("epoch", 0.0),
            steps=last.get("step", 0),
            seconds=last.get("seconds", 0.0),
            metrics=self.metrics,
            note=self.message,
            records_per_epoch=self.records_per_epoch,
            threads=self.threads,
            changes=tuple(self.changes),
            owner=self.owner,
            by=self.by,
            group=self.group,
        )
