"""A run as the queue knows it: what was asked for, what has been heard of it, how it ended."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from trisym.config import FitConfig
from trisym.errors import TrisymError
from trisym.film import NUMBERS, Film, curve, epochs_shown
from trisym.jobs.messages import Control, Outcome
from trisym.storage import saved_runs

RUNNING = ("running", "paused", "measuring")
UNFINISHED = ("queued", *RUNNING)
SILENCE_S = 3.0


@dataclass
class Job:
    """One run; changed by the queue only, read by every page that watches it."""

    id: str
    name: str
    config: FitConfig
    resource: str  # the device it waits for or holds
    number: int  # of submission
    status: str = "queued"
    message: str = ""
    device: str = ""
    worker: str = ""
    pid: int = 0
    threads: int = 1
    records_per_epoch: int = 1
    attempts: int = 0
    control: Control = field(default_factory=Control)
    records: list[dict[str, Any]] = field(default_factory=list)
    film: Film = field(default_factory=Film)
    latest: bytes = b""  # the newest frame, kept in the film or not
    changes: list[tuple[int, float]] = field(default_factory=list)
    metrics: dict[str, float] = field(default_factory=dict)
    model: bytes | None = None
    created: str = field(default_factory=saved_runs.now)
    heard: float = field(default_factory=time.monotonic)  # when the worker last said something
    kept: bool = False  # in the library

    @property
    def unfinished(self) -> bool:
        return self.status in UNFINISHED

    @property
    def now(self) -> dict[str, float]:
        """The newest numbers, by name; empty before the first."""
        if not self.latest:
            return {}
        return dict(zip(NUMBERS, curve([self.latest])[0].tolist(), strict=True))

    @property
    def share(self) -> float:
        """How much of the budget is spent, 0 to 1."""
        if self.config.epochs is not None:
            return min(1.0, self.now.get("epoch", 0.0) / self.config.epochs)
        assert self.config.seconds is not None  # a FitConfig has one of the two
        return min(1.0, self.now.get("seconds", 0.0) / self.config.seconds)

    @property
    def seconds_left(self) -> float | None:
        """How long it will train on at full speed; None before there is anything to judge by."""
        spent = self.now.get("seconds", 0.0)
        if not spent:
            return None
        return spent * (1 - self.share) / self.share

    @property
    def silent(self) -> bool:
        """Whether a running worker has said nothing for long."""
        return self.status == "running" and time.monotonic() - self.heard > SILENCE_S

    def hear(self, message: dict[str, Any]) -> None:
        """Take in what the worker reports."""
        self.heard = time.monotonic()
        getattr(self, f"_hear_{message['kind']}")(message)

    def _hear_here(self, message: dict[str, Any]) -> None:
        self.worker, self.pid = message["worker"], message["pid"]
        self.attempts += 1

    def _hear_started(self, message: dict[str, Any]) -> None:
        """At a step above 0 it goes on where another worker was lost: forget what lies beyond."""
        step = message["step"]
        self.status = "paused" if self.control.paused else "running"
        self.device, self.threads = message["device"], message["threads"]
        self.records_per_epoch = message["records_per_epoch"]
        self.records = [record for record in self.records if record["step"] <= step]
        self.film = self.film.until(float(step or -1))
        self.changes = [change for change in self.changes if change[0] <= step]
        if self.attempts > 1:
            epoch = self.records[-1]["epoch"] if self.records else 0.0
            where = f"went on from epoch {epochs_shown(epoch)}" if step else "started again"
            self.message = f"Its worker was lost; the run {where}."
        if message["note"]:
            self.message = message["note"]

    def _hear_record(self, message: dict[str, Any]) -> None:
        record = message["record"]
        if not self.records or record["step"] > self.records[-1]["step"]:
            self.records.append(record)

    def _hear_frame(self, message: dict[str, Any]) -> None:
        frame = self.latest = message["frame"]
        if message["keep"] and self.now["step"] > self.film.last_step:
            self.film.frames.append(frame)

    def _hear_rate(self, message: dict[str, Any]) -> None:
        self.changes.append((message["step"], message["rate"]))

    def _hear_note(self, message: dict[str, Any]) -> None:
        self.message = message["note"]

    def _hear_paused(self, message: dict[str, Any]) -> None:
        self.status = "paused"

    def _hear_resumed(self, message: dict[str, Any]) -> None:
        self.status = "running"

    def _hear_measuring(self, message: dict[str, Any]) -> None:
        self.status = "measuring"

    def end(self, outcome: Outcome) -> None:
        """Take in how it ended, and keep it in the library if there is a model."""
        self.message = outcome.message or self.message
        self.metrics, self.model = dict(outcome.metrics), outcome.model
        if outcome.model is not None:
            try:
                saved_runs.add(
                    self.entry(outcome.status), outcome.model, self.history(), self.film.to_bytes()
                )
                self.kept = True
            except TrisymError as error:
                self.message = f"{self.message} {error}".strip()
        saved_runs.give_up_name(self.id)
        self.status = outcome.status

    def history(self) -> bytes:
        """Return the records as CSV."""
        table = pd.DataFrame(self.records)
        return table.to_csv(index=False, float_format="%.6g", lineterminator="\n").encode()

    def entry(self, status: str | None = None) -> saved_runs.Entry:
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
        )
