"""Visitors' rights over saved runs: change their own, copy anybody's, and undo for a minute."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trisym.errors import ConfigError, TrisymError
from trisym.names import check_name, cleaned
from trisym.storage import checkpoints, saved_runs
from trisym.storage.files import write_atomically
from trisym.storage.home import limit_bytes, size
from trisym.storage.run_states import State
from trisym.storage.saved_runs import Entry
from trisym.storage.visitors import Visitor

UNDO_S = 60.0  # how long what was deleted can be had back
PINNED_SHARE = 0.25  # of the library that one visitor may pin; the operator may pin it all
NOTE = "deleted.json"


@dataclass(frozen=True)
class Deletion:
    """Runs that a visitor has just deleted."""

    id: str
    names: tuple[str, ...]
    seconds_left: float


@dataclass(frozen=True)
class Course:
    """The course of a run that a visitor brings with its model: its history as CSV, its film."""

    status: State = "uploaded"
    history: bytes = b""
    film: bytes = b""
    changes: tuple[tuple[int, float], ...] = ()


def rename(visitor: Visitor, run_id: str, name: str) -> Entry:
    """Give a run and its model another name; raises TrisymError when it is taken or can't be."""
    name = cleaned(name)
    check_name(name)
    with saved_runs.lock:
        entry = _own(visitor, run_id)
        if name == entry.name:
            return entry
        if saved_runs.free_name(name, run_id) != name:
            raise ConfigError(f"There is a model called {name} already: take another name.")
        return saved_runs.rename(entry, name)


def pin(visitor: Visitor, run_id: str, pinned: bool) -> Entry:
    """Protect a run from making room for others, or no longer.

    Raises TrisymError when the visitor has pinned as much as one may.
    """
    with saved_runs.lock:
        entry = _own(visitor, run_id)
        if pinned and not visitor.operator:
            own = [each for each in saved_runs.entries() if each.owner == visitor.id]
            kept = sum(_size(each) for each in own if each.pinned) + _size(entry)
            if kept > PINNED_SHARE * limit_bytes():
                raise TrisymError(
                    f"You have pinned {kept / 1e6:.0f} MB, and a visitor may pin "
                    f"{PINNED_SHARE * limit_bytes() / 1e6:.0f} MB here: unpin another run first."
                )
        entry = replace(entry, pinned=pinned)
        saved_runs.write(entry)
    return entry


def copy(visitor: Visitor, run_id: str, by: str = "") -> Entry:
    """Make a run of anybody's the visitor's as well, under a name of its own."""
    entry = saved_runs.get(run_id)
    model, history, film = (saved_runs.part(run_id, part) for part in saved_runs.FILES)
    made = replace(entry, id=saved_runs.new_id(), owner=visitor.id, by=by, group="", pinned=False)
    return saved_runs.add(made, model or None, history, film)


def upload(
    visitor: Visitor,
    content: bytes,
    filename: str,
    by: str = "",
    course: Course | None = None,
) -> Entry:
    """Keep a model that a visitor brought, and how it was trained where that came with it.

    Raises CheckpointError for a model that can't be trusted.
    """
    course = course or Course()
    card = checkpoints.from_bytes(content, filename).card
    return saved_runs.add(
        Entry(
            id=saved_runs.new_id(),
            name=card.name,
            status=course.status,
            created=saved_runs.now(),
            config=card.config,
            device=card.device,
            epochs=card.epochs,
            steps=card.steps,
            seconds=card.seconds,
            metrics=dict(card.metrics),
            changes=course.changes,
            owner=visitor.id,
            by=by,
        ),
        content,
        course.history,
        course.film,
    )


def delete(visitor: Visitor, run_ids: Sequence[str]) -> Deletion:
    """Delete runs and their models, to be had back for a minute.

    Raises TrisymError, and deletes nothing, when one of them is pinned or not the visitor's.
    """
    with saved_runs.lock:
        entries = [_own(visitor, run_id) for run_id in run_ids]
        if pinned := [entry.name for entry in entries if entry.pinned]:
            raise TrisymError(f"A pinned run can't be deleted: unpin {', '.join(pinned)} first.")
        return _move_away(visitor, entries)


def clear(visitor: Visitor) -> Deletion:
    """Delete every run that is not pinned, for the operator, to be had back for a minute."""
    with saved_runs.lock:
        entries = [entry for entry in saved_runs.entries() if not entry.pinned]
        for entry in entries:
            visitor.check(entry.owner)
        return _move_away(visitor, entries)


def _move_away(visitor: Visitor, entries: Sequence[Entry]) -> Deletion:
    made = Deletion(saved_runs.new_id(), tuple(entry.name for entry in entries), UNDO_S)
    note = {"visitor": visitor.id, "at": time.time(), "names": made.names}
    place = saved_runs.deleted() / made.id
    write_atomically(place / NOTE, json.dumps(note, ensure_ascii=False).encode())
    try:
        for entry in entries:
            saved_runs.folder_of(entry.id).replace(place / entry.id)
    except OSError as error:
        raise TrisymError(f"The library can't be changed: {error.strerror}.") from error
    return made


def deletions(visitor: Visitor) -> list[Deletion]:
    """Return what the visitor deleted in the last minute, the newest first; drop what is older."""
    found = []
    for place in saved_runs.deleted().glob("*"):
        note = _note(place)
        left = UNDO_S - (time.time() - note.get("at", 0.0))
        if left <= 0:
            shutil.rmtree(place, ignore_errors=True)
        elif note["visitor"] == visitor.id:
            found.append(Deletion(place.name, tuple(note["names"]), left))
    return sorted(found, key=lambda deletion: -deletion.seconds_left)


def undo(visitor: Visitor, deletion_id: str) -> list[Entry]:
    """Bring back what the visitor deleted; raises TrisymError when it is too late."""
    with saved_runs.lock:
        if deletion_id not in [deletion.id for deletion in deletions(visitor)]:
            raise TrisymError("It is too late: what was deleted can be had back for a minute.")
        place = saved_runs.deleted() / deletion_id
        entries = [_put_back(folder) for folder in place.iterdir() if folder.is_dir()]
        shutil.rmtree(place, ignore_errors=True)
    return entries


def _put_back(folder: Path) -> Entry:
    home = saved_runs.folder_of(folder.name)
    home.parent.mkdir(parents=True, exist_ok=True)
    folder.replace(home)
    entry = saved_runs.get(folder.name)
    name = saved_runs.free_name(entry.name, entry.id)
    return entry if name == entry.name else saved_runs.rename(entry, name)


def _note(place: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((place / NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _own(visitor: Visitor, run_id: str) -> Entry:
    entry = saved_runs.get(run_id)
    visitor.check(entry.owner)
    return entry


def _size(entry: Entry) -> int:
    return size(saved_runs.folder_of(entry.id))
