"""The visitor's own models and runs: a folder a run under TRISYM_HOME, bounded in size.

    runs/<id>/run.json, model.safetensors, history.csv, film.safetensors

When it grows over its bound, the oldest runs that nobody pinned go first. No torch here until a
model file is read or renamed.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from trisym.config import FitConfig, network
from trisym.errors import ConfigError, DataError, TrisymError
from trisym.film import Film
from trisym.names import UNTRAINED, check_name, cleaned, numbered, same
from trisym.outside_text import quoted
from trisym.paths import SAVED
from trisym.storage import results
from trisym.storage.files import write_atomically
from trisym.storage.strict_json import parse
from trisym.validation import build

if TYPE_CHECKING:
    import pandas

HOME = "TRISYM_HOME"  # the environment variable that moves the library
LIMIT = "TRISYM_HOME_MB"  # and the one that bounds it
LIMIT_MB = 500.0  # a run of the defaults takes 0.7
SUFFIX = ".safetensors"
FILES = {"model": f"model{SUFFIX}", "history": "history.csv", "film": f"film{SUFFIX}"}
ID = re.compile(r"[0-9a-f]{8}")

_promised: dict[str, str] = {}  # names of runs that are not over, by their ids
_lock = threading.RLock()  # all sessions of a server share the folder


@dataclass(frozen=True)
class Entry:
    """What is known of a run without opening its files."""

    id: str
    name: str
    status: str  # finished, stopped, failed or uploaded
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

    def __post_init__(self) -> None:
        check_name(self.name)


def home() -> Path:
    """Return the library's folder: $TRISYM_HOME, or where `paths.SAVED` says."""
    return Path(os.environ.get(HOME) or SAVED).expanduser()


def scratch() -> Path:
    """Return the folder for saved states of runs that are not over."""
    return home() / "scratch"


def new_id() -> str:
    """Return an id for a run: eight hexadecimal digits."""
    return secrets.token_hex(4)


def now() -> str:
    """Return the time as entries keep it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def limit_bytes() -> float:
    """Return how much the library may hold; ConfigError when $TRISYM_HOME_MB is no number."""
    text = os.environ.get(LIMIT, str(LIMIT_MB))
    try:
        megabytes = float(text)
    except ValueError:
        megabytes = float("nan")
    if not 1 <= megabytes <= 1e9:
        raise ConfigError(
            f"{LIMIT} must be a number of megabytes from 1 to 1e9, not {quoted(text)}."
        )
    return megabytes * 1e6


def check_writable() -> None:
    """Raise TrisymError when nothing can be kept in the library."""
    try:
        home().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home()):
            return
    except OSError as error:
        raise TrisymError(
            f"The library {home()} can't be written ({error.strerror}): models can be downloaded "
            f"but are not kept. Set {HOME} to a folder that can."
        ) from error


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
    return _read(_folder(run_id)) if ID.fullmatch(run_id) else None


def get(run_id: str) -> Entry:
    """Return the run with this id; raises TrisymError when it is not kept (any more)."""
    entry = find(run_id)
    if entry is None:
        raise TrisymError(f"There is no run {quoted(run_id)} in the library (any more).")
    return entry


def _folder(run_id: str) -> Path:
    return home() / "runs" / run_id


def models() -> dict[str, Path]:
    """Return the files of the models in the library by the id of their run, the newest first."""
    return {entry.id: model_path(entry.id) for entry in entries() if entry.has_model}


def model_path(run_id: str) -> Path:
    """Return where the model of a run lies, if it has one."""
    return _folder(run_id) / FILES["model"]


def free_name(wanted: str, run_id: str = "") -> str:
    """Return the name, or with the first number that no built-in or other run's model has."""
    taken = {file.stem for file in results.PRETRAINED.glob(f"*{SUFFIX}")} | {UNTRAINED}
    taken |= {entry.name for entry in entries() if entry.id != run_id}
    taken |= {name for each, name in _promised.items() if each != run_id}
    alike = set(map(same, taken))
    names = chain([wanted], (numbered(wanted, number) for number in count(2)))
    return next(name for name in names if same(name) not in alike)


def promise_name(run_id: str, wanted: str) -> str:
    """Return a free name that nothing else gets until `add` keeps this run or it is given up."""
    with _lock:
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
    with _lock:
        name = free_name(entry.name, entry.id)
        entry = replace(entry, name=name, has_model=model is not None)
        _make_room(sum(len(content or b"") for content in contents.values()))
        folder = _folder(entry.id)
        try:
            for part, content in contents.items():
                if content:
                    write_atomically(folder / FILES[part], content)
            _write(entry)
        except TrisymError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            give_up_name(entry.id)
    return entry


def _write(entry: Entry) -> None:
    text = json.dumps(asdict(entry), indent=2, ensure_ascii=False)
    write_atomically(_folder(entry.id) / "run.json", text.encode())


def _make_room(needed: int) -> None:
    """Delete the oldest runs that are not pinned until `needed` more bytes fit."""
    limit = limit_bytes()
    oldest_first = entries()[::-1]
    sizes = {entry.id: _size(_folder(entry.id)) for entry in oldest_first}
    used = sum(sizes.values())
    for entry in oldest_first:
        if used + needed <= limit:
            return
        if not entry.pinned:
            shutil.rmtree(_folder(entry.id), ignore_errors=True)
            used -= sizes[entry.id]
    if used + needed > limit:
        raise TrisymError(
            f"The library is full: {used / 1e6:.0f} of {limit / 1e6:.0f} MB are pinned runs. "
            "Unpin or delete some."
        )


def _size(folder: Path) -> int:
    try:
        return sum(file.stat().st_size for file in folder.iterdir())
    except OSError:  # another server of the same library has just deleted it
        return 0


def rename(run_id: str, name: str) -> Entry:
    """Give a run and its model another name; raises TrisymError when it is taken or can't be."""
    from trisym.storage import checkpoints  # it brings torch

    name = cleaned(name)
    check_name(name)
    with _lock:
        entry = get(run_id)
        if name == entry.name:
            return entry
        if free_name(name, run_id) != name:
            raise ConfigError(f"There is a model called {name} already: take another name.")
        entry = replace(entry, name=name)
        if entry.has_model:
            file = _folder(run_id) / FILES["model"]
            model, card = checkpoints.read(file)
            checkpoints.save(model, replace(card, name=name), file)
        _write(entry)
    return entry


def pin(run_id: str, pinned: bool) -> Entry:
    """Protect a run from being deleted, or no longer."""
    with _lock:
        entry = replace(get(run_id), pinned=pinned)
        _write(entry)
    return entry


def delete(run_id: str) -> None:
    """Delete a run and its model; raises TrisymError when it is pinned."""
    with _lock:
        if get(run_id).pinned:
            raise TrisymError("A pinned run can't be deleted: unpin it first.")
        shutil.rmtree(_folder(run_id), ignore_errors=True)


def upload(content: bytes, filename: str) -> Entry:
    """Keep a model that a visitor brought; raises CheckpointError for what can't be trusted."""
    from trisym.storage import checkpoints

    model, card = checkpoints.from_bytes(content, filename)
    run_id = new_id()
    name = promise_name(run_id, card.name)
    if name != card.name:
        content = checkpoints.to_bytes(model, replace(card, name=name))
    return add(
        Entry(
            id=run_id,
            name=name,
            status="uploaded",
            created=now(),
            config=card.config,
            device=card.device,
            epochs=card.epochs,
            steps=card.steps,
            seconds=card.seconds,
            metrics=dict(card.metrics),
        ),
        content,
    )


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


def _content(run_id: str, part: str, what: str) -> bytes:
    entry = get(run_id)
    try:
        return (_folder(run_id) / FILES[part]).read_bytes()
    except OSError as error:
        raise TrisymError(f"The run {entry.name} has no {what}.") from error
