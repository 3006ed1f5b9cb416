"""Runs that a server has accepted and that are not over: what a killed app goes on from.

    scratch/<server>/lock                     held by the server's process as long as it lives
    scratch/<server>/<run>/run.json           what was asked for, and how it is steered
    scratch/<server>/<run>/<n>.state, story   written by the worker (trisym.jobs.worker)

A server adopts the runs of those whose lock is free, and sweeps what they left. The operating
system frees a lock when its process ends, however that happens.
"""

from __future__ import annotations

import json
import logging
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from trisym.config import FitConfig, network
from trisym.errors import TrisymError
from trisym.storage.files import write_atomically
from trisym.storage.home import ACCEPTED as FILE
from trisym.storage.home import scratch
from trisym.storage.strict_json import parse
from trisym.validation import build

LOCK = "lock"
STATE = ".state"  # the file's ending; its stem says how many records an epoch has
WHAT = "The accepted run"  # in sentences about its file
AWAY = "away"  # the folder of runs that a worker trains for an app on another machine
YOUNG_S = 60.0  # a folder without runs may be of a server that is just starting
AWAY_S = 24 * 3600.0  # how long such a run may stay untouched: its app has a state of its own

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AcceptedRun:
    """An accepted run: its settings, owner and place; `control` as jobs.messages.Control has it."""

    id: str
    name: str
    config: FitConfig
    created: str
    number: int  # its place among the others
    resource: str  # the device that it waits for
    portion: float = 1.0  # of it
    owner: str = ""
    by: str = ""
    group: str = ""
    unbound: bool = False  # by what a visitor may ask for
    control: Mapping[str, Any] = field(default_factory=dict)
    began: bool = False  # a worker has taken it up
    losses: int = 0  # servers that ended while it was trained


@dataclass(frozen=True)
class Lost:
    """An accepted run whose file can't be read, and what is wrong with it."""

    id: str
    reason: str


class AcceptedRuns:
    """The accepted runs of this process, in a folder of its own.

    Where the library can't be written, runs are accepted all the same: a killed app loses them.
    """

    def __init__(self) -> None:
        self.folder = scratch() / secrets.token_hex(4)
        self._lock = FileLock(self.folder / LOCK, thread_local=False)
        try:
            self.folder.mkdir(parents=True)
            self._lock.acquire(blocking=False)
        except OSError as error:
            log.warning("Runs would not outlive a killed app: %s", error)

    def of(self, run_id: str) -> Path:
        """Return the folder of a run."""
        return self.folder / run_id

    def write(self, run: AcceptedRun) -> None:
        """Keep a run, or what has changed about it."""
        try:
            content = json.dumps(asdict(run), ensure_ascii=False).encode()
            write_atomically(self.of(run.id) / FILE, content)
        except TrisymError as error:
            log.warning("The run %s would not outlive a killed app: %s", run.id, error)

    def has_state(self, run_id: str) -> bool:
        """Say whether a state of the run was saved here."""
        return state_file(self.of(run_id)) is not None

    def remove(self, run_id: str) -> None:
        """Forget a run that is over."""
        shutil.rmtree(self.of(run_id), ignore_errors=True)

    def adopt(self) -> Iterator[AcceptedRun | Lost]:
        """Move here the runs of servers that are no more, and yield them; sweep what is left."""
        found = [run for folder in _others(self.folder) for run in self._adopt_from(folder)]
        yield from sorted(found, key=_place)

    def _adopt_from(self, folder: Path) -> list[AcceptedRun | Lost]:
        lock, age = FileLock(folder / LOCK), _age(folder)
        try:
            lock.acquire(blocking=False)
        except (Timeout, OSError):  # its server lives
            return []
        found = []
        try:
            for place in folder.iterdir():
                if (place / FILE).exists():
                    found.append(_read(place))
                    place.replace(self.of(place.name))
        except OSError as error:
            log.warning("What another server left in %s can't be moved: %s", folder, error)
        lock.release()
        if found or age > YOUNG_S:
            shutil.rmtree(folder, ignore_errors=True)
        return found

    def close(self) -> None:
        """Leave the runs to the next server."""
        self._lock.release()
        if not any(self.folder.glob(f"*/{FILE}")):
            shutil.rmtree(self.folder, ignore_errors=True)


def state_file(folder: Path) -> Path | None:
    """Return the saved state in a run's folder, if there is one."""
    return next(folder.glob(f"*{STATE}"), None)


def _others(own: Path) -> list[Path]:
    try:
        found = [place for place in scratch().iterdir() if place.is_dir()]
    except OSError:
        return []
    return [place for place in found if place != own and place.name != AWAY]


def _place(run: AcceptedRun | Lost) -> tuple[str, int]:
    return (run.created, run.number) if isinstance(run, AcceptedRun) else ("", 0)


def _read(place: Path) -> AcceptedRun | Lost:
    try:
        text = (place / FILE).read_text(encoding="utf-8")
        run = build(AcceptedRun, parse(text, WHAT), WHAT, network)
        return run if run.id == place.name else Lost(place.name, "The file is another run's.")
    except (OSError, UnicodeError, TrisymError) as error:
        return Lost(place.name, str(error))


def away(run_id: str) -> Path:
    """Return the folder of a run that this machine trains for an app elsewhere; sweep old ones."""
    for place in (scratch() / AWAY).glob("*"):
        if _age(place) > AWAY_S:
            shutil.rmtree(place, ignore_errors=True)
    return scratch() / AWAY / run_id


def _age(place: Path) -> float:
    """Return for how many seconds nothing was added to a folder; 0 when it is gone."""
    try:
        return time.time() - place.stat().st_mtime
    except OSError:
        return 0.0
