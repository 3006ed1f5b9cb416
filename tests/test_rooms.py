"""Rooms: codes, who may do what, bounds, and a file that several processes share."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from trisym.rooms import codes, connections, store
from trisym.rooms.store import Opened, RoomError, Rooms

ROOT = Path(__file__).resolve().parents[1]
STATE = {"page": "symmetry", "step": 1}
QUESTION = "drift:1"


@pytest.fixture
def rooms(tmp_path: Path) -> Rooms:
    return Rooms(tmp_path / "library" / store.FILE)


@pytest.fixture
def opened(rooms: Rooms) -> Opened:
    return rooms.open("teacher", STATE)


def ask(rooms: Rooms, opened: Opened, question: str | None = QUESTION) -> None:
    rooms.lead(opened.code, opened.secret, STATE, question)


# Codes


def test_codes_are_four_letters_that_are_no_words() -> None:
    made: set[str] = set()
    for _ in range(500):
        made.add(codes.new_code(made.__contains__))
    assert len(made) == 500
    assert all(re.fullmatch(f"[{codes.LETTERS}]{{4}}", code) for code in made)
    assert all(map(codes.is_decent, made))
    assert not any(map(codes.is_decent, ("FCKT", "SHTR", "BSSD", "NGRT")))
    assert not set(codes.LETTERS) & set("AEIOULQVY01")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("bcdf", "BCDF"),
        (" b c\td f\n", "BCDF"),
        ("BCD", None),
        ("BCDFG", None),
        ("AEIO", None),
        ("", None),
        ("ＢＣＤＦ", "BCDF"),
        ("БСДФ", None),
        ("'; DROP TABLE rooms", None),
    ],
)
def test_what_is_typed_is_read_as_a_code(typed: str, code: str | None) -> None:
    assert codes.as_typed(typed) == code


# Leading and following


def test_a_class_follows_its_teacher(rooms: Rooms, opened: Opened) -> None:
    room = rooms.join(opened.code.lower(), "student")
    assert (room.state, room.version, room.people) == (STATE, 1, 1)
    there = {"page": "energy", "step": 2}
    assert rooms.lead(opened.code, opened.secret, there) == 2
    assert rooms.lead(opened.code, opened.secret, there) == 2  # nothing changed
    assert rooms.find(opened.code).state == there  # who comes late, too
    assert rooms.versions(opened.code) == (2, 0)


def test_only_the_secret_leads(rooms: Rooms, opened: Opened) -> None:
    other = rooms.open("another", STATE)
    for secret in ("", "x", opened.code, other.secret):
        assert not rooms.is_led_by(opened.code, secret)
        for act in (
            lambda secret=secret: rooms.lead(opened.code, secret, {}),
            lambda secret=secret: rooms.close(opened.code, secret),
            lambda secret=secret: rooms.forget_guesses(opened.code, secret),
        ):
            with pytest.raises(RoomError, match="Only who opened"):
                act()
    assert rooms.is_led_by(opened.code, opened.secret)
    assert rooms.find(opened.code).state == STATE


def test_the_file_tells_no_secret_and_nobody(rooms: Rooms, opened: Opened) -> None:
    ask(rooms, opened)
    rooms.guess(opened.code, QUESTION, "somebody's browser", 3)
    with sqlite3.connect(rooms.file) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = rooms.file.read_bytes()
    assert opened.code.encode() in content
    for hidden in (opened.secret, "somebody's browser", "teacher"):
        assert hidden.encode() not in content


# Guesses


def test_a_guess_counts_once_and_the_last_one_counts(rooms: Rooms, opened: Opened) -> None:
    ask(rooms, opened)
    for _ in range(3):
        rooms.guess(opened.code, QUESTION, "ann", "grows")
    assert rooms.versions(opened.code)[1] == 1  # twice the same changes nothing
    rooms.guess(opened.code, QUESTION, "ann", "stays")
    rooms.guess(opened.code, QUESTION, "bob", [0.25, 0.5, 1])
    assert sorted(map(str, rooms.guesses(opened.code, QUESTION))) == ["[0.25, 0.5, 1]", "stays"]
    assert rooms.guess_of(opened.code, QUESTION, "ann") == "stays"
    assert rooms.guess_of(opened.code, QUESTION, "cem") is None


def test_a_question_takes_guesses_only_while_it_is_open(rooms: Rooms, opened: Opened) -> None:
    for open_question in (None, "drift:2"):
        ask(rooms, opened, open_question)
        with pytest.raises(RoomError, match="no guesses any more"):
            rooms.guess(opened.code, QUESTION, "ann", 1)
    assert rooms.guesses(opened.code, QUESTION) == []


def test_another_class_begins_without_guesses(rooms: Rooms, opened: Opened) -> None:
    ask(rooms, opened)
    rooms.guess(opened.code, QUESTION, "ann", 1)
    rooms.forget_guesses(opened.code, opened.secret)
    assert rooms.guesses(opened.code, QUESTION) == []
    assert rooms.find(opened.code).people == 0


# What is over, and bounds


@pytest.mark.parametrize("code", ["", "BCDF", "what?", "<b>x</b>", "𝔅𝔅𝔅𝔅", "x" * 5000])
def test_no_room_is_one_sentence(rooms: Rooms, code: str) -> None:
    with pytest.raises(RoomError, match=r"^There is no room .{0,70} here: a code has four letters"):
        rooms.join(code, "ann")


def test_a_closed_room_says_so(rooms: Rooms, opened: Opened) -> None:
    version = rooms.find(opened.code).version
    rooms.close(opened.code, opened.secret)
    for act in (rooms.find, rooms.versions, lambda code: rooms.join(code, "ann")):
        with pytest.raises(RoomError, match=f"^The room {opened.code} is closed.$"):
            act(opened.code)
    assert version == 1
    assert not rooms.is_led_by(opened.code, opened.secret)


def test_a_room_ends_after_a_day(
    rooms: Rooms, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + store.LIFE_S - 60)
    assert rooms.find(opened.code).state == STATE
    monkeypatch.setattr(time, "time", lambda: now + store.LIFE_S + 60)
    with pytest.raises(RoomError, match="ends after a day"):
        rooms.find(opened.code)
    rooms.open("another", STATE)
    with sqlite3.connect(rooms.file) as db:  # the next one to open sweeps
        assert db.execute("SELECT count(*) FROM rooms").fetchone() == (1,)


def test_the_number_of_rooms_is_bounded(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_ROOMS", 5)
    own = [rooms.open("ann", STATE) for _ in range(store.MOST_OWN + 1)]
    gone = [each for each in own if not rooms.is_led_by(each.code, each.secret)]
    assert gone == own[:1]  # a fourth room ends the oldest
    rooms.open("bob", STATE)
    last = rooms.open("cem", STATE)
    with pytest.raises(RoomError, match="holds 5 rooms already"):
        rooms.open("dot", STATE)
    rooms.close(last.code, last.secret)  # a closed one makes place
    rooms.open("dot", STATE)


def test_a_full_room_says_so(rooms: Rooms, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_PEOPLE", 2)
    ask(rooms, opened)
    rooms.join(opened.code, "ann")
    rooms.join(opened.code, "bob")
    rooms.join(opened.code, "bob")  # who is in it already may come again
    with pytest.raises(RoomError, match="is full: it holds 2"):
        rooms.join(opened.code, "cem")
    with pytest.raises(RoomError, match="is full"):
        rooms.guess(opened.code, QUESTION, "cem", 1)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + store.PRESENT_S + 1)
    rooms.join(opened.code, "cem")  # who left makes place


def test_sizes_are_bounded(rooms: Rooms, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RoomError, match="at most 60,000 bytes"):
        rooms.lead(opened.code, opened.secret, {"text": "x" * store.MOST_STATE})
    ask(rooms, opened)
    with pytest.raises(RoomError, match="at most 200 bytes"):
        rooms.guess(opened.code, QUESTION, "ann", "x" * store.MOST_VALUE)
    monkeypatch.setattr(store, "MOST_GUESSES", 1)
    rooms.guess(opened.code, QUESTION, "ann", 1)
    rooms.guess(opened.code, QUESTION, "ann", 2)
    with pytest.raises(RoomError, match="at most 1 guesses"):
        rooms.guess(opened.code, QUESTION, "bob", 1)


@pytest.mark.parametrize("damage", [b"not a database at all, and longer than a page" * 100, b""])
def test_a_damaged_file_is_a_sentence_or_a_new_start(tmp_path: Path, damage: bytes) -> None:
    rooms = Rooms(tmp_path / store.FILE)
    rooms.file.write_bytes(damage)
    if damage:
        with pytest.raises(RoomError, match="can't be read or written"):
            rooms.open("ann", STATE)
    else:
        assert rooms.open("ann", STATE).code


def test_a_folder_that_can_not_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RoomError, match="can't be read or written"):
        Rooms(tmp_path / "file" / store.FILE).open("ann", STATE)


# Several processes

WRITER = """
import sys
from pathlib import Path
from trisym.rooms.store import Rooms
file, code, name = sys.argv[1:]
rooms = Rooms(Path(file))
for number in range(10_000):
    rooms.guess(code, "drift:1", f"{name} {number % 15}", number)
    print(number, flush=True)
"""


def writer(rooms: Rooms, code: str, name: str) -> subprocess.Popen[str]:
    """A process that guesses for fifteen, over and over, and prints what was taken."""
    command = [sys.executable, "-c", WRITER, str(rooms.file), code, name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_processes_share_the_file_and_a_kill_loses_no_guess(rooms: Rooms, opened: Opened) -> None:
    ask(rooms, opened)
    writers = {name: writer(rooms, opened.code, name) for name in ("ann", "bob", "cem")}
    taken: dict[str, int] = {}
    for name, process in writers.items():
        assert process.stdout
        for _ in range(20):
            taken[name] = int(process.stdout.readline())
    for process in writers.values():
        process.send_signal(signal.SIGKILL)  # in the middle of a transaction, as likely as not
    for name, process in writers.items():
        rest = process.communicate()[0].split()
        taken[name] = int(rest[-1]) if rest and rest[-1].isdigit() else taken[name]
    for name, last in taken.items():
        for number in range(last - 14, last + 1):  # the last guess of each of the fifteen
            found = rooms.guess_of(opened.code, QUESTION, f"{name} {number % 15}")
            assert found in (
                number,
                number + 15,
            )  # one more may have been taken and not yet printed
    with sqlite3.connect(rooms.file) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(rooms.guesses(opened.code, QUESTION)) == 45
    rooms.lead(opened.code, opened.secret, {"step": 2})  # and the room goes on


def test_thirty_at_once_are_thirty_guesses(rooms: Rooms, opened: Opened) -> None:
    ask(rooms, opened)

    def guess(number: int) -> None:
        Rooms(rooms.file).guess(opened.code, QUESTION, f"student {number}", number)

    with ThreadPoolExecutor(30) as pool:
        list(pool.map(guess, range(30)))
    assert sorted(rooms.guesses(opened.code, QUESTION)) == list(range(30))


def test_many_open_the_first_room_of_a_library_at_once(tmp_path: Path) -> None:
    def opened(number: int) -> Opened:
        return Rooms(tmp_path / "new" / store.FILE).open(f"teacher {number}", STATE)

    with ThreadPoolExecutor(8) as pool:
        rooms = list(pool.map(opened, range(8)))
    assert len({room.code for room in rooms}) == 8


# Connections


def test_a_file_that_was_deleted_is_begun_anew(rooms: Rooms, opened: Opened) -> None:
    """Its connections are kept between calls, but not beyond the file."""
    assert rooms.find(opened.code).version == 1
    for file in rooms.file.parent.glob(f"{store.FILE}*"):
        file.unlink()
    with pytest.raises(RoomError, match="There is no room"):
        rooms.find(opened.code)
    assert rooms.find(rooms.open("teacher", STATE).code).version == 1


def test_calls_side_by_side_share_no_connection(rooms: Rooms, opened: Opened) -> None:
    """More of them than connections are kept; none sees another's transaction."""
    ask(rooms, opened)

    def go(number: int) -> int:
        rooms.guess(opened.code, QUESTION, f"student {number}", number)
        return len(rooms.guesses(opened.code, QUESTION))

    with ThreadPoolExecutor(4 * connections.MOST_KEPT) as pool:
        counts = list(pool.map(go, range(60)))
    assert rooms.guesses(opened.code, QUESTION) == sorted(range(60), key=str)
    assert max(counts) == 60
    assert len(connections._kept) <= connections.MOST_KEPT
