"""Messages between the queue and a worker: the task, its control, reports, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from trisym.storage.run_states import State

TOPIC = "trisym-training"  # of the events that workers send
RESOURCES = ("cpu", "cuda", "mps")  # what a worker offers one of: the Dask resource of a device

MOST_RECORDS = 1000  # of a history, spaced like the frames of its film
MOST_TOGETHER = 10  # runs that one device trains in turn, because they were started together

# Seconds to wait between two records, so that a class can follow; at full speed one takes 0.06.
PACES: Mapping[str, float] = {"full": 0.0, "slow": 0.2, "very slow": 1.0}


@dataclass(frozen=True)
class Limits:
    """Bounds of a run in seconds on its device; at the end of them it ends with its model."""

    training: float  # as the trainer counts it
    waiting: float  # in pauses, and between the records of a slow pace


@dataclass(frozen=True)
class Saved:
    """The files that a run goes on from, as bytes: its state and its story so far."""

    name: str  # of the state's file
    state: bytes
    story: bytes


@dataclass(frozen=True)
class Task:
    """A run to be trained: plain values, so that any worker with trisym can read it."""

    id: str
    name: str
    config: Mapping[str, Any]  # as config.as_dict gives it
    folder: str | None  # where its state is saved; None: in the worker's own library
    limits: Limits
    saved: Saved | None = None  # what it goes on from, where its folder holds nothing


@dataclass(frozen=True)
class Control:
    """The visitor's present wishes for a run."""

    paused: bool = False
    stopped: bool = False
    pace: str = "full"
    rate: float | None = None  # learning rate; None: as it was


@dataclass(frozen=True)
class Outcome:
    """The end of a run; `model` is a model file, None when there is nothing worth keeping."""

    status: State
    message: str = ""
    model: bytes | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Here:
    """A worker has taken the run up."""

    worker: str
    pid: int


@dataclass(frozen=True)
class Started:
    """The training begins, at a step above 0 from a saved state."""

    step: int
    device: str
    records_per_epoch: int
    threads: int
    note: str


@dataclass(frozen=True)
class Recorded:
    """A line of the history, as training.trainer.Record has it."""

    record: Mapping[str, Any]


@dataclass(frozen=True)
class Filmed:
    """The newest frame, for the film or only for who is watching."""

    frame: bytes
    keep: bool


@dataclass(frozen=True)
class RateSet:
    """The learning rate was changed."""

    step: int
    rate: float


@dataclass(frozen=True)
class Noted:
    """Something the visitor should know."""

    text: str


@dataclass(frozen=True)
class Standing:
    """The present state of a run."""

    status: State


Message = Here | Started | Recorded | Filmed | RateSet | Noted | Standing
KINDS: Mapping[str, type[Message]] = {
    kind.__name__: kind for kind in (Here, Started, Recorded, Filmed, RateSet, Noted, Standing)
}


def packed(run_id: str, message: Message) -> dict[str, Any]:
    """Return a message as plain values, which is all that an event of Dask's may hold."""
    return {"run": run_id, "kind": type(message).__name__, "values": asdict(message)}


def unpacked(event: Mapping[str, Any]) -> tuple[str, Message]:
    """Return the id of the run that a message is about, and the message; Dask adds to an event."""
    return event["run"], KINDS[event["kind"]](**event["values"])


@dataclass(frozen=True)
class Report:
    """The present state of a run, for an app that comes back to it."""

    messages: tuple[Message, ...]  # such as it would have told
    story: bytes  # empty before its first frame
