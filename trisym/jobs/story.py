"""The story of a run so far: its records, its film, and the learning rates that were set."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from trisym.errors import DataError, TrisymError
from trisym.film import NUMBERS, Film, curve
from trisym.jobs.messages import Saved
from trisym.storage.accepted import state_file
from trisym.storage.files import write_atomically

FILE = "story.safetensors"
MEMBERS = ("records", "changes")
MOST_SENT = 32_000_000  # bytes of a state that travels; table 3 with SOAP takes 1.1 MB


@dataclass
class Story:
    """What has been told of a run; a worker and the queue keep one each, from the same messages."""

    records: list[dict[str, Any]] = field(default_factory=list)
    film: Film = field(default_factory=Film)
    changes: list[tuple[int, float]] = field(default_factory=list)  # (step, learning rate)

    def add_record(self, record: dict[str, Any]) -> None:
        """Add a line of the history, unless it was told before."""
        if not self.records or record["step"] > self.records[-1]["step"]:
            self.records.append(record)

    def add_frame(self, frame: bytes) -> None:
        """Add a frame of the film, unless it was told before."""
        if curve([frame])[0, NUMBERS.index("step")] > self.film.last_step:
            self.film.frames.append(frame)

    def until(self, step: int) -> Story:
        """Return what was told up to a step, from which the run goes on."""
        return Story(
            [record for record in self.records if record["step"] <= step],
            self.film.until(float(step or -1)),
            [change for change in self.changes if change[0] <= step],
        )

    def to_bytes(self) -> bytes:
        """Return it as one .safetensors file; `from_bytes` is the inverse."""
        about = {name: list(getattr(self, name)) for name in MEMBERS}
        told = list(self.film.frames)  # the run goes on meanwhile
        frames = np.frombuffer(b"".join(told), np.uint8)
        rows = frames.reshape(len(told), -1) if told else frames.reshape(0, 0)
        return save({"frames": rows.copy()}, metadata={"story": json.dumps(about)})

    @classmethod
    def from_bytes(cls, content: bytes) -> Story:
        """Return the story in a file; raises DataError when there is none."""
        try:
            size = int.from_bytes(content[:8], "little")
            about = json.loads(json.loads(content[8 : 8 + size])["__metadata__"]["story"])
            frames = [row.tobytes() for row in load(content)["frames"]]
            changes = [(int(step), float(rate)) for step, rate in about["changes"]]
            return cls(list(about["records"]), Film(frames), changes)
        except (SafetensorError, ValueError, KeyError, TypeError) as error:
            raise DataError("This file holds no story of a training run.") from error

    def save(self, folder: Path) -> None:
        """Write it beside the run's state; raises TrisymError when that can't be done."""
        write_atomically(folder / FILE, self.to_bytes())


def read(folder: Path) -> Story:
    """Return the story in a run's folder; an empty one where there is none that can be read."""
    try:
        return Story.from_bytes((folder / FILE).read_bytes())
    except (OSError, TrisymError):
        return Story()


def saved(folder: Path) -> Saved | None:
    """Return the files that a run goes on from, to be sent where it will be trained."""
    path = state_file(folder)
    if path is None or path.stat().st_size > MOST_SENT:
        return None
    return Saved(path.name, path.read_bytes(), read(folder).to_bytes())


def keep(sent: Saved, folder: Path) -> None:
    """Write the files that a run goes on from, in place of older ones."""
    write_atomically(folder / FILE, sent.story)
    old = state_file(folder)
    write_atomically(folder / sent.name, sent.state)
    if old is not None and old.name != sent.name:
        old.unlink(missing_ok=True)
