"""A cluster of other processes, started from another folder: trained on, killed, found again.

And the embedded one: what it listens on is of no use to another account of this machine.
"""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.browser.server import free_port
from tests.test_jobs import LONG, ROOT, SMALL, until
from trisym.errors import TrainingError
from trisym.jobs import cluster, keeper, limits, preload
from trisym.jobs.queue import TrainingQueue
from trisym.storage import saved_runs
from trisym.storage.checkpoints import from_bytes

DASK = str(Path(sys.executable).with_name("dask"))
SCHEDULER = ["scheduler", "--host", "127.0.0.1", "--no-dashboard"]
WORKER = ["--host", "127.0.0.1", "--nworkers", "1", "--nthreads", "4", "--no-dashboard"]


class Machines:
    """A scheduler and workers as a lab would run them, somewhere else on the disk."""

    def __init__(self, folder: Path, preloaded: bool = True) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.preload = ["--preload", str(preload.FILE)] if preloaded else []
        self.scheduler = self.start_scheduler()
        self.workers: list[subprocess.Popen[bytes]] = []

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        self.scheduler = self._dask(*SCHEDULER, "--port", str(self.port))
        until(self._listens)
        return self.scheduler

    def start_workers(self) -> None:
        self.workers = [self._dask("worker", self.address, *WORKER) for _ in range(2)]

    def _dask(self, *command: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, saved_runs.HOME: str(self.folder / "workers")}
        environment.pop("PYTHONPATH", None)  # trisym is not installed there, nor on any path
        return subprocess.Popen(
            [DASK, *command, *self.preload],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def revive(self) -> None:
        """Start what a test has killed."""
        if self.scheduler.poll() is not None:
            self.kill_workers()
            self.start_scheduler()
        if not any(worker.poll() is None for worker in self.workers):
            self.start_workers()

    def kill_scheduler(self) -> None:
        self.scheduler.kill()
        self.scheduler.wait()

    def kill_workers(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def end(self) -> None:
        for process in (self.scheduler, *self.workers):
            with suppress(psutil.NoSuchProcess):  # a worker without a scheduler ends by itself
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    made = Machines(tmp_path_factory.mktemp("lab"))
    yield made
    made.end()


@pytest.fixture
def machines(lab: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    monkeypatch.setenv(saved_runs.HOME, str(tmp_path / "app"))
    monkeypatch.setenv(limits.MINUTES, "60")
    monkeypatch.setenv(cluster.ADDRESS, lab.address)
    lab.revive()
    return lab


@pytest.fixture
def queue(machines: Machines) -> Iterator[TrainingQueue]:
    opened = TrainingQueue(cluster.connect())
    until(lambda: opened.cluster.resources() == {"cpu"})
    yield opened
    opened.close()


def test_a_cluster_started_from_another_folder_trains(queue: TrainingQueue) -> None:
    """Two workers train at once; runs together share one, or take both."""
    jobs = [queue.submit(SMALL), *queue.submit_together([SMALL, SMALL], ["", ""])]
    until(lambda: not any(job.unfinished for job in jobs))
    assert [(job.status, job.message) for job in jobs] == [("finished", "")] * 3
    assert from_bytes(saved_runs.model_bytes(jobs[0].id)).card.steps == 640
    with pytest.raises(TrainingError, match=r"No worker offers the device mps.*--preload"):
        queue._resource("mps")


def test_runs_go_on_when_the_scheduler_comes_back(machines: Machines, queue: TrainingQueue) -> None:
    """The scheduler and its workers are killed in the middle of two runs, and started again."""
    jobs = [queue.submit(LONG, name) for name in ("one", "two")]
    waiting = queue.submit(SMALL, "three")
    until(lambda: all(any(saved_runs.home().glob(f"scratch/*/{job.id}/*.state")) for job in jobs))
    steps = [job.records[-1]["step"] for job in jobs]
    machines.kill_scheduler()
    machines.kill_workers()
    until(lambda: all("does not answer" in job.message for job in jobs))
    assert [job.status for job in jobs] == ["queued", "queued"]
    with pytest.raises(TrainingError, match="does not answer now"):
        queue.submit(SMALL)
    machines.start_scheduler()
    machines.start_workers()
    until(lambda: all(job.status == "running" for job in jobs))
    for job, step in zip(jobs, steps, strict=True):
        assert "The cluster was lost; the run went on from epoch" in job.message
        until(lambda job=job, step=step: job.records[-1]["step"] > step)
        taken = [record["step"] for record in job.records]
        assert taken == sorted(set(taken))
        queue.stop(job)
    until(lambda: not any(job.unfinished for job in (*jobs, waiting)))
    assert waiting.status == "finished"
    assert [saved_runs.get(job.id).status for job in jobs] == ["stopped", "stopped"]


def test_an_app_that_is_started_again_finds_its_runs_on_the_cluster(
    machines: Machines, queue: TrainingQueue
) -> None:
    """They were trained on meanwhile, and one ended: nothing is trained twice."""
    long, short = queue.submit(LONG, "long"), queue.submit(SMALL, "short")
    until(lambda: len(long.records) > 2)
    queue.close()
    before = long.records[-1]["step"]
    again = TrainingQueue(cluster.connect())
    try:
        found = again.find(long.id)
        assert found
        until(lambda: bool(found.records) and found.records[-1]["step"] > before)
        assert (found.message, found.attempts) == ("", 1)
        assert found.records[0]["step"] == long.records[0]["step"], "its story is whole"
        assert found.film.frames[0] == long.film.frames[0]
        until(lambda: saved_runs.find(short.id) is not None)
        again.stop(found)
        until(lambda: found.status == "stopped")
    finally:
        again.close()


def test_a_cluster_that_does_not_come_back_leaves_the_last_states(
    machines: Machines, queue: TrainingQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "PATIENCE_S", 0.0)
    job = queue.submit(LONG, "orphan")
    until(lambda: any(saved_runs.home().glob(f"scratch/*/{job.id}/*.state")))
    machines.kill_scheduler()
    until(lambda: not job.unfinished)
    assert job.status == "failed"
    assert f"The cluster at {machines.address} was lost and did not come back." in job.message
    assert from_bytes(saved_runs.model_bytes(job.id)).card.name == "orphan"


def test_a_scheduler_without_trisym_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Machines(tmp_path, preloaded=False)
    monkeypatch.setenv(cluster.ADDRESS, made.address)
    try:
        with pytest.raises(TrainingError, match=r"can't import trisym: start it with `dask sched"):
            cluster.connect()
    finally:
        made.end()


def test_the_readme_s_commands_start_a_cluster() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "dask scheduler --preload trisym/jobs/preload.py" in text
    assert "dask worker tcp://SCHEDULER:8786 --preload trisym/jobs/preload.py" in text


@pytest.fixture(scope="module")
def ports_before() -> set[tuple[str, int]]:
    """Those that this process listens on for other tests."""
    return ports(os.getpid())


@pytest.fixture(scope="module")
def embedded(
    ports_before: set[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[cluster.Embedded]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(saved_runs.HOME, str(tmp_path_factory.mktemp("library")))
        opened = cluster.Embedded()
        opened.client.wait_for_workers(1, timeout=60)
        yield opened
        opened.close()


def ports(pid: int) -> set[tuple[str, int]]:
    connections = psutil.Process(pid).net_connections()
    return {c.laddr for c in connections if c.status == psutil.CONN_LISTEN}


def test_the_embedded_cluster_listens_for_its_own_alone(
    ports_before: set[tuple[str, int]], embedded: cluster.Embedded
) -> None:
    """One port of each process, on this machine alone, and no web server beside it."""
    pids = [os.getpid(), *(worker.process.pid for worker in embedded.workers)]
    for pid in pids:
        ((host, _),) = ports(pid) - ports_before
        assert host == "127.0.0.1"
    assert embedded.cluster.scheduler_address.startswith("tls://127.0.0.1:")


def test_no_stranger_reaches_the_embedded_cluster(embedded: cluster.Embedded) -> None:
    """Without the keys of this very cluster: neither in plain, nor by TLS, nor with other keys."""
    address = embedded.cluster.scheduler_address
    for worker in embedded.workers:
        for _, port in ports(worker.process.pid):
            assert not answers(port)
    assert not answers(int(address.rpartition(":")[2]))
    for stranger in (address.replace("tls", "tcp"), address):
        with pytest.raises(TrainingError, match="no Dask scheduler"):
            cluster.Existing(stranger)


def answers(port: int) -> bool:
    """Say whether a TLS server lets in who has no certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
            context.wrap_socket(plain) as secure,
        ):
            return bool(secure.recv(1))
    except ssl.SSLError:
        return False
