"""No accepted run is lost without a word: apps are killed, files damaged, libraries shared."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.test_jobs import LONG, ROOT, SMALL, until
from trisym.jobs import cluster, limits, queue
from trisym.jobs.queue import TrainingQueue
from trisym.storage import accepted, saved_runs
from trisym.storage.checkpoints import from_bytes

# An app that trains one run, has two more waiting, and says so once a state is saved.
APP = """
import json, sys, time
from tests.test_jobs import LONG, SMALL
from trisym.jobs.queue import open_queue
from trisym.storage import saved_runs
from trisym.storage.visitors import Visitor
runs, ada = open_queue(), Visitor("ada")
first = runs.submit(LONG, "first", ada, "Ada")
runs.steer(first, rate=3e-3)
while not first.records:
    time.sleep(0.01)
jobs = [first, runs.submit(SMALL, "second", ada), *runs.submit_together([SMALL, SMALL], ["", ""])]
while not any(saved_runs.home().glob(f"scratch/*/{first.id}/*.state")):
    time.sleep(0.01)
pids = [worker.process.pid for worker in runs.cluster.workers]
print(json.dumps({"ids": [job.id for job in jobs], "pids": pids}), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(saved_runs.HOME, str(tmp_path))
    monkeypatch.setenv(limits.MINUTES, "60")
    monkeypatch.delenv(cluster.ADDRESS, raising=False)
    return tmp_path


@contextmanager
def app() -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run an app, and yield it with the ids of its runs once the first one has a saved state."""
    command = [sys.executable, "-c", APP]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        try:
            yield process, told["ids"]
        finally:
            process.kill()
    until(lambda: not any(map(runs, told["pids"])))


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """What a killed app leaves behind: its library, and the ids of its runs."""
    folder = tmp_path_factory.mktemp("killed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(saved_runs.HOME, str(folder))
        patch.setenv(limits.MINUTES, "60")
        patch.delenv(cluster.ADDRESS, raising=False)
        with app() as (_, ids):
            pass
    return folder, ids


@pytest.fixture
def ids(left: tuple[Path, list[str]], home: Path) -> list[str]:
    """The ids of the killed app's runs, in a library of this test's own."""
    shutil.copytree(left[0], home, dirs_exist_ok=True)
    return left[1]


def runs(pid: int) -> bool:
    """Say whether a process is there, and more than a zombie that nobody has collected."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@contextmanager
def another_server() -> Iterator[TrainingQueue]:
    opened = TrainingQueue(cluster.Embedded())
    try:
        yield opened
    finally:
        opened.close()


def test_a_killed_app_s_runs_are_taken_up_again(home: Path, ids: list[str]) -> None:
    """The one that trained goes on from its state, and those that waited are trained."""
    assert (home / "scratch").is_dir()
    with another_server() as server:
        first, second, third, fourth = server.jobs()[::-1]
        assert [first.id, second.id, third.id, fourth.id] == ids
        assert [job.name for job in (first, second, third, fourth)] == [
            *("first", "second", "sides-h3-2", "sides-h3-3")
        ]
        assert (first.owner, first.by, second.owner, third.owner) == ("ada", "Ada", "ada", "")
        assert third.group == fourth.group != ""
        assert [server.place(job) for job in (first, second, third)] == [0, 1, 2]
        until(lambda: "The app was started again; the run went on from epoch" in first.message)
        assert first.control.rate == 3e-3
        steps = [record["step"] for record in first.records]
        assert steps == sorted(set(steps))
        assert first.records[0]["epoch"] <= 1, "the beginning of its history is lost"
        server.stop(first)
        until(lambda: not any(job.unfinished for job in server.jobs()))
        assert [job.status for job in (first, second, third, fourth)] == [
            *("stopped", "finished", "finished", "finished")
        ]
        until(lambda: not any((home / "scratch").glob("*/*/run.json")))
    assert {entry.id for entry in saved_runs.entries()} == set(ids)
    assert not any((home / "scratch").iterdir()), "nothing is left behind"


def test_an_app_that_is_closed_in_order_loses_no_run_either(home: Path) -> None:
    with app() as (process, ids):
        process.send_signal(signal.SIGINT)
        process.communicate()
    with another_server() as server:
        assert [job.id for job in server.jobs()[::-1]] == ids


def test_a_server_that_lives_keeps_its_runs(home: Path) -> None:
    """Two servers of one library: neither takes up what the other trains."""
    with app() as (_, ids), another_server() as server:
        assert server.jobs() == []
        assert len(list((home / "scratch").glob("*/*/run.json"))) == len(ids)


def test_a_run_that_ends_apps_is_given_up_with_its_last_state(home: Path, ids: list[str]) -> None:
    """What ends a server again and again may be the run: after three times it is not tried."""
    (file,) = (home / "scratch").glob(f"*/{ids[0]}/run.json")
    values = json.loads(file.read_text())
    file.write_text(json.dumps({**values, "losses": queue.MOST_RESTARTS - 1}))
    with another_server() as server:
        first = server.find(ids[0])
        assert first
        until(lambda: not first.unfinished)
        assert first.status == "failed"
        assert "The app ended 3 times while it was trained" in first.message
        assert "This is the network as it was at epoch" in first.message
        assert from_bytes(saved_runs.model_bytes(first.id)).card.name == "first"
        until(lambda: all(job.status == "finished" for job in server.jobs() if job is not first))


@pytest.mark.parametrize("content", [b"", b"{", b'{"id": "x"}', b"\xff", b"[" * 99_999])
def test_a_run_whose_file_is_damaged_is_declared_lost(
    home: Path, ids: list[str], content: bytes
) -> None:
    """The others go on; what is wrong is said, and nothing stays behind."""
    (file,) = (home / "scratch").glob(f"*/{ids[1]}/run.json")
    file.write_bytes(content)
    with another_server() as server:
        assert [job.id for job in server.jobs()[::-1]] == [ids[0], *ids[2:]]
        (sentence,) = server.lost
        assert sentence.startswith(f"The run {ids[1]} is lost:")
        assert not any((home / "scratch").glob(f"*/{ids[1]}"))


def test_a_run_whose_file_is_damaged_keeps_its_last_state(home: Path, ids: list[str]) -> None:
    (file,) = (home / "scratch").glob(f"*/{ids[0]}/run.json")
    file.write_bytes(b"{")
    with another_server() as server:
        first = server.find(ids[0])
        assert first
        until(lambda: not first.unfinished)
        assert "Its own file can't be read" in first.message
        assert server.lost == []
    assert saved_runs.get(ids[0]).has_model


def test_a_state_that_is_damaged_starts_again(home: Path, ids: list[str]) -> None:
    (state,) = (home / "scratch").glob(f"*/{ids[0]}/*.state")
    state.write_bytes(b"damaged")
    with another_server() as server:
        first = server.find(ids[0])
        assert first
        until(lambda: "It started again, as its saved state could not be read" in first.message)


def test_a_run_that_was_kept_is_not_trained_again(home: Path, ids: list[str]) -> None:
    """The app was killed between keeping the model and forgetting the run."""
    (folder,) = (home / "scratch").glob(f"*/{ids[1]}")
    kept = saved_runs.add(
        saved_runs.Entry(ids[1], "second", "finished", saved_runs.now(), SMALL), None
    )
    with another_server() as server:
        assert server.find(ids[1]) is None
        assert saved_runs.get(ids[1]) == kept
        assert not folder.exists()


def test_what_is_no_server_s_is_swept(home: Path) -> None:
    """A folder without runs, once it is old: a young one may be of a server that just starts."""
    old, young = home / "scratch" / "0000000a", home / "scratch" / "0000000b"
    for folder in (old, young):
        (folder / "half").mkdir(parents=True)
        (folder / "half" / "1.state").write_bytes(b"x")
    os.utime(old, (0, 0))
    runs_here = accepted.AcceptedRuns()
    assert list(runs_here.adopt()) == []
    assert not old.exists()
    assert young.exists()
    runs_here.close()


def test_a_library_that_cannot_be_written_accepts_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(saved_runs.HOME, str(tmp_path / "file" / "library"))
    monkeypatch.delenv(cluster.ADDRESS, raising=False)
    with another_server() as server:
        job = server.submit(SMALL)
        until(lambda: not job.unfinished)
        assert (job.status, job.kept) == ("finished", False)
        assert from_bytes(job.model or b"").card.name == job.name


def test_a_run_stopped_while_it_waits_to_go_on_keeps_what_it_had(
    home: Path, ids: list[str]
) -> None:
    (folder,) = (home / "scratch").glob(f"*/{ids[0]}")
    behind = {"number": 9, "created": "9999-01-01T00:00:00+00:00"}
    values = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps({**values, **behind}))
    long = shutil.copytree(folder, folder.parent / "0000000c", ignore=lambda *_: ["run.json"])
    first = {**values, "id": "0000000c", "created": "", "name": "before it"}
    (long / "run.json").write_text(json.dumps(first))
    with another_server() as server:
        waiting = server.find(ids[0])
        assert waiting
        assert server.place(waiting) > 0
        server.stop(waiting)
        until(lambda: not waiting.unfinished)
        assert waiting.status == "stopped"
        assert "at epoch" in waiting.message
        assert saved_runs.get(ids[0]).has_model


def test_long_is_long() -> None:
    """What the tests above rely on: the first run does not end by itself."""
    assert LONG.seconds == 600
