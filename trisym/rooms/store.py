"""The rooms of a machine: where each class stands, and what it guesses.

One SQLite file in write-ahead mode: several processes of the app share it, and it outlives them.
It holds no names, no secrets but their SHA-256, and no browser's id.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from trisym.errors import TrisymError
from trisym.outside_text import quoted
from trisym.rooms import codes, connections
from trisym.storage.home import HOME, home

FILE = "rooms.sqlite"
LIFE_S = 24 * 3600.0  # a day of school
MOST_ROOMS = 100
MOST_OWN = 3  # of one browser; a fourth ends its oldest
MOST_PEOPLE = 200  # in a room: a lecture hall
MOST_GUESSES = 5_000  # in a room: forty questions to a hundred and twenty
MOST_STATE = 60_000  # bytes: a lesson of its own, its texts in three languages
MOST_VALUE = 200  # bytes of one guess
CLOSED_S = 3600.0  # a closed room says so for so long
PRESENT_S = 60.0  # who has not been heard of for so long has left
PATIENCE_S = 10.0  # that a writer waits for another
SCHEMA = """
CREATE TABLE IF NOT EXISTS rooms (
    code TEXT PRIMARY KEY, secret TEXT NOT NULL, owner TEXT NOT NULL, ends REAL NOT NULL,
    closed INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1,
    guessed INTEGER NOT NULL DEFAULT 0, open_question TEXT, state TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS people (
    code TEXT NOT NULL, person TEXT NOT NULL, seen REAL NOT NULL, PRIMARY KEY (code, person)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS guesses (
    code TEXT NOT NULL, question TEXT NOT NULL, person TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (code, question, person)
) WITHOUT ROWID;
"""


class RoomError(TrisymError):
    """A room that is not there, is over or is full; or what is not this visitor's to do."""


@dataclass(frozen=True)
class Opened:
    """A new room: the code for everybody, and the secret of who leads it."""

    code: str
    secret: str


@dataclass(frozen=True)
class Room:
    """A room as everybody may see it.

    version: rises with each change of `state`, the JSON of where the class stands; guessed: rises
    with each guess; open_question: the name of the question that takes guesses; people: how many
    have been heard of in the last minute.
    """

    code: str
    version: int
    guessed: int
    open_question: str | None
    state: Mapping[str, Any]
    people: int


@dataclass(frozen=True)
class Rooms:
    """The rooms in a file; every call is a transaction of its own."""

    file: Path

    def open(self, owner: str, state: Mapping[str, Any]) -> Opened:
        """Open a room that stands somewhere; `owner` is the browser that leads it.

        Raises RoomError when there are too many.
        """
        secret, text = secrets.token_urlsafe(16), _packed(state)
        with self._writing() as db:
            _sweep(db)
            own = db.execute(
                "SELECT code FROM rooms WHERE owner = ? ORDER BY ends DESC", (_digest(owner),)
            ).fetchall()
            for (code,) in own[MOST_OWN - 1 :]:
                _delete(db, code)
            if _is_full(db):
                raise RoomError(
                    f"This server holds {MOST_ROOMS} rooms already; each ends after a day."
                )
            code = codes.new_code(lambda code: _row(db, code) is not None)
            db.execute(
                "INSERT INTO rooms (code, secret, owner, ends, state) VALUES (?, ?, ?, ?, ?)",
                (code, _digest(secret), _digest(owner), time.time() + LIFE_S, text),
            )
        return Opened(code, secret)

    def find(self, code: str) -> Room:
        """Return a room; raises RoomError for one that is not there or is over."""
        with self._reading() as db:
            return _room(db, _live(db, code))

    def versions(self, code: str) -> tuple[int, int]:
        """Return a room's version and its number of guesses: what waits looks at these, often."""
        with self._reading() as db:
            row = _live(db, code)
            return row["version"], row["guessed"]

    def is_led_by(self, code: str, secret: str) -> bool:
        """Say whether this is the secret of a room that is not over."""
        try:
            with self._reading() as db:
                _check_secret(_live(db, code), secret)
        except RoomError:
            return False
        return True

    def lead(
        self, code: str, secret: str, state: Mapping[str, Any], open_question: str | None = None
    ) -> int:
        """Let the class stand somewhere else; return the version, the same where nothing changed.

        open_question: the question that takes guesses from now on, if one does.
        """
        text = _packed(state)
        with self._writing() as db:
            row = _live(db, code)
            _check_secret(row, secret)
            if (row["state"], row["open_question"]) == (text, open_question):
                return int(row["version"])
            db.execute(
                "UPDATE rooms SET state = ?, open_question = ?, version = version + 1"
                " WHERE code = ?",
                (text, open_question, row["code"]),
            )
            return int(row["version"]) + 1

    def forget_guesses(self, code: str, secret: str) -> None:
        """Take all guesses away: another class begins."""
        with self._writing() as db:
            row = _live(db, code)
            _check_secret(row, secret)
            db.execute("DELETE FROM guesses WHERE code = ?", (row["code"],))
            db.execute("DELETE FROM people WHERE code = ?", (row["code"],))
            _changed(db, row["code"])

    def close(self, code: str, secret: str) -> None:
        """End a room: who is in it reads that it is over."""
        with self._writing() as db:
            row = _live(db, code)
            _check_secret(row, secret)
            db.execute(
                "UPDATE rooms SET closed = 1, version = version + 1, ends = ? WHERE code = ?",
                (time.time() + CLOSED_S, row["code"]),
            )

    def join(self, code: str, person: str) -> Room:
        """Note that somebody is in a room, and return it; raises RoomError for a full one."""
        with self._writing() as db:
            row = _live(db, code)
            _enter(db, row["code"], person)
            return _room(db, row)

    def guess(self, code: str, question: str, person: str, value: object) -> None:
        """Take somebody's guess; another one replaces it, the same one again changes nothing.

        Raises RoomError unless this question is open.
        """
        text = _compact(value)
        if len(text.encode()) > MOST_VALUE:
            raise RoomError(f"A guess has at most {MOST_VALUE} bytes.")
        with self._writing() as db:
            row = _live(db, code)
            if question != row["open_question"]:
                raise RoomError("This question takes no guesses any more.")
            _enter(db, row["code"], person)
            key = row["code"], question, _mark(row["code"], person)
            known = db.execute(
                "SELECT value FROM guesses WHERE code = ? AND question = ? AND person = ?", key
            ).fetchone()
            if known and known["value"] == text:
                return
            count = "SELECT count(*) FROM guesses WHERE code = ?"
            if not known and db.execute(count, key[:1]).fetchone()[0] >= MOST_GUESSES:
                raise RoomError(f"A room takes at most {MOST_GUESSES:,} guesses.")
            db.execute("INSERT OR REPLACE INTO guesses VALUES (?, ?, ?, ?)", (*key, text))
            _changed(db, row["code"])

    def guesses(self, code: str, question: str) -> list[Any]:
        """Return everybody's guesses of a question, in no order that tells who made them."""
        with self._reading() as db:
            row = _live(db, code)
            found = db.execute(
                "SELECT value FROM guesses WHERE code = ? AND question = ? ORDER BY value",
                (row["code"], question),
            )
            return [json.loads(value) for (value,) in found]

    def guess_of(self, code: str, question: str, person: str) -> Any:
        """Return what somebody guessed, or None."""
        with self._reading() as db:
            row = _live(db, code)
            found = db.execute(
                "SELECT value FROM guesses WHERE code = ? AND question = ? AND person = ?",
                (row["code"], question, _mark(row["code"], person)),
            ).fetchone()
            return json.loads(found["value"]) if found else None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._connected() as db:
            db.execute("BEGIN IMMEDIATE")  # at once: a reader that becomes a writer may not wait
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._connected() as db:
            db.execute("BEGIN")  # what one call reads belongs together
            try:
                yield db
            finally:
                db.execute("ROLLBACK")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with connections.to(self.file, _opened) as db:
                yield db
        except (OSError, sqlite3.Error) as error:
            raise RoomError(
                f"The rooms of this server can't be read or written ({error}). Whoever runs it "
                f"may set {HOME} to another folder, or delete {FILE} there."
            ) from error


def here() -> Rooms:
    """Return the rooms of this machine's library."""
    return Rooms(home() / FILE)


def _opened(file: Path) -> sqlite3.Connection:
    """Open a file of rooms, or begin one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(file, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)
    try:
        db.row_factory = sqlite3.Row
        if db.execute("PRAGMA user_version").fetchone()[0] == 0:
            with FileLock(file.with_suffix(".lock")):  # no two processes at once
                _prepare(db)
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = 1; COMMIT;")


def _live(db: sqlite3.Connection, code: str) -> sqlite3.Row:
    """Return the row of a room that goes on; raises RoomError, one sentence, for any other."""
    typed = codes.as_typed(code)
    row = _row(db, typed) if typed else None
    if row is None:
        raise RoomError(
            f"There is no room {quoted(code)} here: a code has four letters of {codes.LETTERS}, "
            "and a room ends after a day."
        )
    if row["closed"]:
        raise RoomError(f"The room {row['code']} is closed.")
    if row["ends"] < time.time():
        raise RoomError(f"The room {row['code']} is over: a room ends after a day.")
    return row


def _row(db: sqlite3.Connection, code: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute("SELECT * FROM rooms WHERE code = ?", (code,)).fetchone()
    return row


def _room(db: sqlite3.Connection, row: sqlite3.Row) -> Room:
    people = db.execute(
        "SELECT count(*) FROM people WHERE code = ? AND seen > ?",
        (row["code"], time.time() - PRESENT_S),
    ).fetchone()[0]
    return Room(
        row["code"],
        row["version"],
        row["guessed"],
        row["open_question"],
        json.loads(row["state"]),
        people,
    )


def _check_secret(row: sqlite3.Row, secret: str) -> None:
    if not hmac.compare_digest(row["secret"], _digest(secret)):
        raise RoomError(f"Only who opened the room {row['code']} leads it.")


def _enter(db: sqlite3.Connection, code: str, person: str) -> None:
    now, mark = time.time(), _mark(code, person)
    others = "SELECT count(*) FROM people WHERE code = ? AND seen > ? AND person <> ?"
    if db.execute(others, (code, now - PRESENT_S, mark)).fetchone()[0] >= MOST_PEOPLE:
        raise RoomError(f"The room {code} is full: it holds {MOST_PEOPLE}.")
    db.execute("DELETE FROM people WHERE code = ? AND seen <= ?", (code, now - PRESENT_S))
    db.execute("INSERT OR REPLACE INTO people VALUES (?, ?, ?)", (code, mark, now))


def _changed(db: sqlite3.Connection, code: str) -> None:
    db.execute("UPDATE rooms SET guessed = guessed + 1 WHERE code = ?", (code,))


def _sweep(db: sqlite3.Connection) -> None:
    """Delete the rooms whose time is over."""
    for (code,) in db.execute("SELECT code FROM rooms WHERE ends < ?", (time.time(),)).fetchall():
        _delete(db, code)


def _is_full(db: sqlite3.Connection) -> bool:
    """Say whether there is no place for another room; closed ones make place."""
    count = "SELECT count(*) FROM rooms"
    if db.execute(count).fetchone()[0] >= MOST_ROOMS:
        for (code,) in db.execute("SELECT code FROM rooms WHERE closed").fetchall():
            _delete(db, code)
    return bool(db.execute(count).fetchone()[0] >= MOST_ROOMS)


def _delete(db: sqlite3.Connection, code: str) -> None:
    for table in ("rooms", "people", "guesses"):
        db.execute(f"DELETE FROM {table} WHERE code = ?", (code,))


def _packed(state: Mapping[str, Any]) -> str:
    text = _compact(state)
    if len(text.encode()) > MOST_STATE:
        raise RoomError(f"What a room shows has at most {MOST_STATE:,} bytes.")
    return text


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def _mark(code: str, person: str) -> str:
    """Return what stands for somebody in one room: the file can't tell who was in two."""
    return _digest(f"{code} {person}")[:24]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
