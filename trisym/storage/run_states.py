"""The states of a run, listed once: as it waits and trains, and as it ended."""

from __future__ import annotations

from typing import Literal

State = Literal[
    "queued",
    "running",
    "paused",
    "measuring",
    "finished",
    "stopped",  # by somebody, or by a limit; it keeps its model
    "failed",
    "cancelled",  # before it began; nothing of it is kept
    "uploaded",
]
UNFINISHED: tuple[State, ...] = ("queued", "running", "paused", "measuring")
ENDED_EARLY: tuple[State, ...] = ("stopped", "failed")
