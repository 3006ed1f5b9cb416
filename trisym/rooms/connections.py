"""Connections to SQLite, kept open between calls: a class reads its room many times a second.

One call has one at a time. A file that was deleted or replaced is opened anew.
"""

from __future__ import annotations

import atexit
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple

MOST_KEPT = 4  # more are closed after use


class _Kept(NamedTuple):
    file: Path
    identity: tuple[int, int] | None
    db: sqlite3.Connection


_kept: list[_Kept] = []
_lock = Lock()


@contextmanager
def to(file: Path, opened: Callable[[Path], sqlite3.Connection]) -> Iterator[sqlite3.Connection]:
    """Give a connection to a file, one that is kept or a new one; after an error it is closed."""
    connection = _taken(file)
    if connection is None:
        db = opened(file)
        connection = _Kept(file, _identity(file), db)
    try:
        yield connection.db
    except BaseException:
        connection.db.close()
        raise
    _keep(connection)


def _taken(file: Path) -> _Kept | None:
    identity = _identity(file)
    with _lock:
        others = [each for each in _kept if each.file == file and each.identity != identity]
        found = next((each for each in _kept if each.file == file and each not in others), None)
        _kept[:] = [each for each in _kept if each not in others and each is not found]
    for each in others:
        each.db.close()
    return found


def _keep(connection: _Kept) -> None:
    with _lock:
        _kept.append(connection)
        over, _kept[:] = _kept[:-MOST_KEPT], _kept[-MOST_KEPT:]
    for each in over:
        each.db.close()


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@atexit.register
def _close() -> None:
    while _kept:
        _kept.pop().db.close()
