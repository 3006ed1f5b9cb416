"""Where runs are trained: an embedded Dask cluster, or an existing one by TRISYM_SCHEDULER.

The scheduler of the embedded one lives in this process; beside it runs one worker process a device,
which is started again whenever it dies and ends with this process, whatever ends that. They talk by
TLS with a certificate of their own, made at the start and kept in memory: a port on this machine is
open to everybody who has an account on it, and who reaches a Dask scheduler can run any code.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from typing import Any

import dask
from distributed import Client, Future, Scheduler, SpecCluster
from distributed.security import Security

from trisym import devices
from trisym.errors import TrainingError
from trisym.jobs import preload
from trisym.paths import PACKAGE

ADDRESS = "TRISYM_SCHEDULER"
ROOT = PACKAGE.parent  # what a worker must be able to import from
CONNECT_S = 5.0
GRACE_S = 3.0  # for a worker to end by itself
RESTART_S = 0.2
HELD = "trisym-{}"  # the name under which a cluster holds a run
POOLS = "MALLOC_ARENA_MAX"  # as glibc reads it
KILLED = 9  # the signal that no process can answer
# Dask counts a lost worker against every run that was waiting for it; the queue counts for itself.
LOSSES_ALLOWED = 1000
KEYS = ("tls_ca_file", "tls_worker_cert", "tls_worker_key", "tls_client_cert", "tls_client_key")


class QuietScheduler(Scheduler):
    """A scheduler without the web server that every Dask server opens beside its own port."""

    def start_http_server(self, *arguments: Any, **settings: Any) -> None:
        """Open nothing."""


class WorkerProcess:
    """One worker on this machine, watched by a thread that starts it again when it dies."""

    def __init__(self, address: str, device: str, security: Security) -> None:
        self.device = device
        self.command = [sys.executable, "-m", "trisym.jobs", address, device]
        self.keys = json.dumps({name: getattr(security, name) for name in KEYS}).encode()
        self.closing = threading.Event()
        self.last_code: int | None = None  # with which the last one ended that died
        self.process = self._start()
        self.watcher = threading.Thread(target=self._watch, daemon=True, name=f"worker-{device}")
        self.watcher.start()

    def _start(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        environment = {**os.environ, "PYTHONPATH": path, "DASK_LOGGING__DISTRIBUTED": "critical"}
        environment.setdefault(POOLS, str(devices.MEMORY_POOLS))
        process = subprocess.Popen(self.command, stdin=subprocess.PIPE, env=environment)
        assert process.stdin  # a pipe, as asked for
        try:
            process.stdin.write(self.keys + b"\n")
            process.stdin.flush()
        except BrokenPipeError:  # it died at once; the watcher starts another
            pass
        return process

    def _watch(self) -> None:
        while not self.closing.is_set():
            code = self.process.wait()
            self._hang_up()
            if not self.closing.wait(RESTART_S):
                self.last_code = code
                self.process = self._start()
        self._end()

    def _hang_up(self) -> None:
        """Close the worker's standard input: it ends at once."""
        if self.process.stdin:
            self.process.stdin.close()

    def _end(self) -> None:
        self._hang_up()
        try:
            self.process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        """End the worker for good."""
        self.closing.set()
        self._hang_up()
        self.watcher.join(2 * GRACE_S)


class Embedded:
    """A cluster of this process with a worker for each device of the machine."""

    def __init__(self) -> None:
        security = Security.temporary()
        settings = {
            "host": "127.0.0.1",
            "protocol": "tls://",
            "security": security,
            "dashboard": False,
        }
        with dask.config.set({"distributed.scheduler.allowed-failures": LOSSES_ALLOWED}):
            self.cluster = SpecCluster(
                workers={},
                scheduler={"cls": QuietScheduler, "options": settings},
                security=security,
                silence_logs=logging.ERROR,
            )
        self.client = Client(self.cluster, set_as_default=False)
        kinds = {"cpu", devices.choose("auto").type}
        address = self.cluster.scheduler_address
        self.workers = [WorkerProcess(address, kind, security) for kind in sorted(kinds)]

    def resources(self) -> set[str]:
        """Return the devices that runs can ask for."""
        return {worker.device for worker in self.workers}

    def cause(self, device: str) -> str:
        """Say how the last worker of a device ended that died, as far as the system tells."""
        worker = next(worker for worker in self.workers if worker.device == device)
        code = worker.last_code
        if code is None or code >= 0:
            return "" if code is None else f" (exit code {code})"
        memory = ", as it is when memory runs out" if -code == KILLED else ""
        return f" (killed by signal {-code}{memory})"

    def held(self, run_id: str) -> Future | None:
        """Return None: runs of this cluster end with this process."""
        return None

    def hold(self, run_id: str, future: Future) -> None:
        """Do nothing: the future is held by this process."""

    def let_go(self, run_id: str) -> None:
        """Do nothing: the future goes with the job."""

    def close(self) -> None:
        """End workers and scheduler."""
        for worker in self.workers:
            worker.close()
        self.client.close(timeout=GRACE_S)
        self.cluster.close(timeout=GRACE_S)


class Existing:
    """A cluster that somebody else runs; its workers say by Dask resources what they have."""

    def __init__(self, address: str) -> None:
        self.address = address
        try:
            self.client = Client(address, set_as_default=False, timeout=CONNECT_S)
        except (
            OSError,
            ValueError,
            TypeError,
            TimeoutError,
        ) as error:  # TypeError: no keys for TLS
            raise TrainingError(
                f"There is no Dask scheduler at {address}: start one with "
                f"`{preload.command('scheduler')}`, or unset {ADDRESS} to train on this machine."
            ) from error
        self._check_imports()

    def _check_imports(self) -> None:
        """Raise TrainingError unless the scheduler finds trisym, as it must to pass runs on."""
        try:
            self.client.run_on_scheduler(preload.present)
        except Exception as error:  # whatever its Python raises
            self.close()
            raise TrainingError(
                f"The Dask scheduler at {self.address} can't import trisym: start it with "
                f"`{preload.command('scheduler')}`."
            ) from error

    def resources(self) -> set[str]:
        """Return the devices that the workers there offer now."""
        workers = self.client.scheduler_info(n_workers=-1)["workers"].values()
        return {name for worker in workers for name in worker["resources"]}

    def cause(self, device: str) -> str:
        """Say nothing: how a worker of another machine ended is known there."""
        return ""

    def held(self, run_id: str) -> Future | None:
        """Return the run as the cluster holds it, where an app was started again."""
        name = HELD.format(run_id)
        if name not in self.client.list_datasets():
            return None
        future = self.client.get_dataset(name)
        return future if future.status in ("pending", "finished") else None

    def hold(self, run_id: str, future: Future) -> None:
        """Let the cluster hold the run when this app ends: Dask drops what no client wants."""
        self.client.publish_dataset(future, name=HELD.format(run_id), override=True)

    def let_go(self, run_id: str) -> None:
        """Let the cluster forget a run that is over."""
        if self.client.status == "running":
            self.client.unpublish_dataset(HELD.format(run_id))

    def close(self) -> None:
        """Leave the cluster; its runs go on."""
        self.client.close(timeout=GRACE_S)


def connect() -> Embedded | Existing:
    """Return the cluster to train on; TrainingError when there is none at TRISYM_SCHEDULER."""
    address = os.environ.get(ADDRESS)
    return Existing(address) if address else Embedded()
