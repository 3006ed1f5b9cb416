"""The visitor's own models and runs: a folder a run under TRISYM_HOME, bounded in size.

    runs/<id>/run.json, model.safetensors, history.csv, film.safetensors

When it grows over its bound, runs that nobody pinned go. No torch here until a
model file is read or renamed.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from trisym.config import FitConfig, network
from trisym.errors import ConfigError, DataError, TrisymError
from trisym.film import Film
from trisym.names import UNTRAINED, check_name, free
from trisym.outside_text import quoted
from trisym.storage import results
from trisym.storage.files import write_atomically
from trisym.storage.home import HOME as HOME
from trisym.storage.home import LIMIT as LIMIT
from trisym.storage.home import check_writable as check_writable
from trisym.storage.home import home, limit_bytes, scratch, size
from trisym.storage.run_states import State
from trisym.storage.strict_json import parse
from trisym.validation import build, check_number

if TYPE_CHECKING:
    import pandas

SUFFIX = ".safetensors"
FILES = {"model": f"model{SUFFIX}", "history": "history.csv", "film": f"film{SUFFIX}"}
ID = re.compile(r"[0-9a-f]{8}")
HALF_WRITTEN_S = 3600.0  # nobody writes a run for so long

_promised: dict[str, str] = {}  # names of runs that are not over, by their ids
MOST = 1e12  # epochs, steps or seconds that a run may tell of: what is more was never trained
lock = threading.RLock()  # all sessions of a server share the folder


@dataclass(frozen=True)
class Entry:
    """Facts about a run, known without opening its files."""

    id: str
    name: str
    status: State
    created: str  # ISO 8601, UTC
    config: FitConfig
    device: str = ""
    epochs: float = 0.0
    steps: int = 0
    seconds: float = 0.0
    metrics: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    pinned: bool = False
    records_per_epoch: int = 1
    threads: int = 1
    changes: tuple[tuple[int, float], ...] = ()  # (step, learning rate) set while it ran
    has_model: bool = True
    owner: str = ""  # the browser that it belongs to (storage.visitors); none: only the operator's
    by: str = ""  # what its owner likes to be called
    group: str = ""  # shared by runs that were started together

    def __post_init__(self) -> None:
        check_name(self.name)
        try:
            datetime.fromisoformat(self.created)
        except ValueError as error:
            raise ConfigError(
                f"A run's moment must be like 2026-01-31T12:00+00:00, not {quoted(self.created)}."
            ) from error
        for about in ("epochs", "steps", "seconds"):
            check_number(f"A run's {about}", getattr(self, about), 0.0, MOST)


def new_id() -> str:
    """Return an id for a run: eight hexadecimal digits."""
    return secrets.token_hex(4)


def now() -> str:
    """Return the time as entries keep it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def entries() -> list[Entry]:
    """Return every run that is kept, the newest first; a folder that can't be read is left out."""
    return entries_and_damaged()[0]


def entries_and_damaged() -> tuple[list[Entry], list[str]]:
    """Return the runs as `entries` does, and the ids of the folders that can't be read."""
    found = {folder.name: _read(folder) for folder in _folders()}
    good = [entry for entry in found.values() if entry is not None]
    damaged = sorted(run_id for run_id, entry in found.items() if entry is None)
    return sorted(good, key=lambda entry: (entry.created, entry.id), reverse=True), damaged


def _folders() -> list[Path]:
    try:
        return [path for path in (home() / "runs").iterdir() if ID.fullmatch(path.name)]
    except OSError:
        return []


def _read(folder: Path) -> Entry | None:
    try:
        text = (folder / "run.json").read_text(encoding="utf-8")
        return build(Entry, parse(text, "The run"), "The run", network, whole=False)
    except (OSError, UnicodeError, TrisymError):
        return None


def find(run_id: str) -> Entry | None:
    """Return the run with this id, or None."""
    return _read(folder_of(run_id)) if ID.fullmatch(run_id) else None


def get(run_id: str) -> Entry:
    """Return the run with this id; raises TrisymError when it is not kept (any more)."""
    entry = find(run_id)
    if entry is None:
        raise TrisymError(f"There is no run {quoted(run_id)} in the library (any more).")
    return entry


def folder_of(run_id: str) -> Path:
    """Return where a run lies."""
    return home() / "runs" / run_id


def models() -> dict[str, Path]:
    """Return the files of the models in the library by the id of their run, the newest first."""
    return {entry.id: model_path(entry.id) for entry in entries() if entry.has_model}


def model_path(run_id: str) -> Path:
    """Return where the model of a run lies, if it has one."""
    return folder_of(run_id) / FILES["model"]


def free_name(wanted: str, run_id: str = "") -> str:
    """Return the name, or with the first number that no built-in or other run's model has."""
    taken = {file.stem for file in results.PRETRAINED.glob(f"*{SUFFIX}")} | {UNTRAINED}
    taken |= {entry.name for entry in entries() if entry.id != run_id}
    taken |= {name for each, name in _promised.items() if each != run_id}
    return free(wanted, taken)


def promise_name(run_id: str, wanted: str) -> str:
    """Return a free name that nothing else gets until `add` keeps this run or it is given up."""
    with lock:
        _promised[run_id] = free_name(wanted, run_id)
        return _promised[run_id]


def give_up_name(run_id: str) -> None:
    """Leave to others the name that a run was promised."""
    _promised.pop(run_id, None)


def add(entry: Entry, model: bytes | None, history: bytes = b"", film: bytes = b"") -> Entry:
    """Keep a run and make room for it; return the entry, whose name may have got a number.

    Raises TrisymError when the folder can't be written, the disk is full, or everything else in a
    full library is pinned.
    """
    contents = {"model": model, "history": history, "film": film}
    with lock:
        entry = replace(entry, has_model=model is not None)
        name = free_name(entry.name, entry.id)
        if name != entry.name:
            entry = replace(entry, name=name)
            contents["model"] = _renamed(model, name)
        _make_room(sum(len(content or b"") for content in contents.values()))
        folder = folder_of(entry.id)
        try:
            for part, content in contents.items():
                if content:
                    write_atomically(folder / FILES[part], content)
            write(entry)
        except TrisymError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            give_up_name(entry.id)
    return entry


def _renamed(model: bytes | None, name: str) -> bytes | None:
    """Return the model file with another name on its card."""
    from trisym.storage import checkpoints  # it brings torch

    if model is None:
        return None
    network, card = checkpoints.from_bytes(model, name)
    return checkpoints.to_bytes(network, replace(card, name=name))


def rename(entry: Entry, name: str) -> Entry:
    """Give a run and its model a name that is free."""
    entry = replace(entry, name=name)
    if entry.has_model:
        file = model_path(entry.id)
        write_atomically(file, _renamed(file.read_bytes(), name) or b"")
    write(entry)
    return entry


def write(entry: Entry) -> None:
    """Write what is known of a run."""
    text = json.dumps(asdict(entry), indent=2, ensure_ascii=False)
    write_atomically(folder_of(entry.id) / "run.json", text.encode())


def _make_room(needed: int) -> None:
    """Delete runs that are not pinned until `needed` more bytes fit.

    What was deleted by hand goes first; then the oldest run of whoever has most here.
    """
    limit = limit_bytes()
    if used() + needed > limit:
        shutil.rmtree(deleted(), ignore_errors=True)
    unpinned = [entry for entry in entries() if not entry.pinned]
    sizes = {entry.id: size(folder_of(entry.id)) for entry in unpinned}
    over = used() + needed - limit
    while over > 0:
        if not unpinned:
            raise TrisymError(
                f"The library is full: {used() / 1e6:.0f} of {limit / 1e6:.0f} MB are pinned runs, "
                "or runs that are being trained. Unpin or delete some."
            )
        held = Counter[str]()
        for entry in unpinned:
            held[entry.owner] += sizes[entry.id]
        oldest = next(e for e in unpinned[::-1] if e.owner == held.most_common(1)[0][0])
        unpinned.remove(oldest)
        shutil.rmtree(folder_of(oldest.id), ignore_errors=True)
        over -= sizes[oldest.id]


def used() -> int:
    """Return how many bytes the library holds: runs, those being trained, those just deleted."""
    return sum(size(folder) for folder in (home() / "runs", scratch(), deleted()))


def deleted() -> Path:
    """Return the folder of what was deleted and can still be had back."""
    return home() / "deleted"


def sweep() -> None:
    """Remove what killed servers left half-written."""
    for folder in _folders():
        if not (folder / "run.json").exists() and _is_old(folder):
            shutil.rmtree(folder, ignore_errors=True)
        for leftover in folder.glob(".*"):
            if _is_old(leftover):
                leftover.unlink(missing_ok=True)


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > HALF_WRITTEN_S
    except OSError:  # another server was quicker
        return False


def model_bytes(run_id: str) -> bytes:
    """Return the model file of a run; raises TrisymError when there is none."""
    return _content(run_id, "model", "model")


def history_bytes(run_id: str) -> bytes:
    """Return the history of a run as CSV; raises TrisymError when it has none."""
    return _content(run_id, "history", "history")


def history(run_id: str) -> pandas.DataFrame:
    """Return the records of a run, a row each; raises TrisymError when it has none."""
    import pandas as pd  # here, because a worker needs the library but no tables

    try:
        return pd.read_csv(BytesIO(history_bytes(run_id)))
    except ValueError as error:  # what pandas raises for bytes that are no table
        raise DataError(f"The history of the run {quoted(run_id)} is damaged.") from error


def film(run_id: str) -> Film:
    """Return the snapshots of a run; raises TrisymError when it has none."""
    return Film.from_bytes(_content(run_id, "film", "snapshots"))


def part(run_id: str, name: str) -> bytes:
    """Return a part of a run by its name in FILES; nothing where the run has none."""
    try:
        return (folder_of(run_id) / FILES[name]).read_bytes()
    except OSError:
        return b""


def _content(run_id: str, name: str, what: str) -> bytes:
    entry = get(run_id)
    content = part(run_id, name)
    if not content:
        raise TrisymError(f"The run {entry.name} has no {what}.")
    return content
