"""What travels between the queue and a worker: the task, its control, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TOPIC = "trisym-training"  # of the events that workers send
RESOURCES = ("cpu", "cuda", "mps")  # what a worker offers one of: the Dask resource of a device

MOST_RECORDS = 1000  # of a history, spaced like the frames of its film
PAUSE_LIMIT_S = 15 * 60.0  # then a paused run ends, so that it does not keep a device for ever

# Seconds to wait between two records, so that a class can follow; at full speed one takes 0.06.
PACES: Mapping[str, float] = {"full": 0.0, "slow": 0.2, "very slow": 1.0}


@dataclass(frozen=True)
class Task:
    """A run to be trained: plain values, so that any worker with trisym can read it."""

    id: str
    name: str
    config: Mapping[str, Any]  # as config.as_dict gives it
    scratch: str | None  # where its state is saved; None: in the worker's own library


@dataclass(frozen=True)
class Control:
    """What the visitor wants of a run now."""

    paused: bool = False
    stopped: bool = False
    pace: str = "full"
    rate: float | None = None  # learning rate; None: as it was


@dataclass(frozen=True)
class Outcome:
    """How a run ended; `model` is a model file, None when there is nothing worth keeping."""

    status: str  # finished, stopped, failed or cancelled
    message: str = ""
    model: bytes | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
