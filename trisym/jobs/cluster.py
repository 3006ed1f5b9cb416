"""Where runs are trained: an embedded Dask cluster, or an existing one by TRISYM_SCHEDULER.

The scheduler of the embedded one lives in this process; beside it runs one worker process a device,
which is started again whenever it dies and ends with this process, whatever ends that.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import dask
from distributed import Client, LocalCluster

from trisym import devices
from trisym.errors import TrainingError
from trisym.paths import PACKAGE

ADDRESS = "TRISYM_SCHEDULER"
ROOT = PACKAGE.parent  # what a worker must be able to import from
CONNECT_S = 5.0
GRACE_S = 3.0  # for a worker to end by itself
RESTART_S = 0.2
# Dask counts a lost worker against every run that was waiting for it; the queue counts for itself.
LOSSES_ALLOWED = 1000


class WorkerProcess:
    """One worker on this machine, watched by a thread that starts it again when it dies."""

    def __init__(self, address: str, device: str) -> None:
        self.command = [sys.executable, "-m", "trisym.jobs", address, device]
        self.closing = threading.Event()
        self.process = self._start()
        self.watcher = threading.Thread(target=self._watch, daemon=True, name=f"worker-{device}")
        self.watcher.start()

    def _start(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        environment = {**os.environ, "PYTHONPATH": path, "DASK_LOGGING__DISTRIBUTED": "error"}
        return subprocess.Popen(self.command, stdin=subprocess.PIPE, env=environment)

    def _watch(self) -> None:
        while not self.closing.is_set():
            self.process.wait()
            self._hang_up()
            if not self.closing.wait(RESTART_S):
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
    """A LocalCluster of this process with a worker for each device of the machine."""

    def __init__(self) -> None:
        with dask.config.set({"distributed.scheduler.allowed-failures": LOSSES_ALLOWED}):
            self.cluster = LocalCluster(
                n_workers=0, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
            )
        self.client = Client(self.cluster, set_as_default=False)
        kinds = {"cpu", devices.choose("auto").type}
        address = self.cluster.scheduler_address
        self.workers = [WorkerProcess(address, kind) for kind in sorted(kinds)]

    def resources(self) -> set[str]:
        """Return the devices that runs can ask for."""
        return {worker.command[-1] for worker in self.workers}

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
        except (OSError, ValueError, TimeoutError) as error:
            raise TrainingError(
                f"There is no Dask scheduler at {address}: start one with `dask scheduler`, or "
                f"unset {ADDRESS} to train on this machine."
            ) from error

    def resources(self) -> set[str]:
        """Return the devices that the workers there offer now."""
        workers = self.client.scheduler_info(n_workers=-1)["workers"].values()
        return {name for worker in workers for name in worker["resources"]}

    def close(self) -> None:
        """Leave the cluster; its runs go on."""
        self.client.close(timeout=GRACE_S)


def connect() -> Embedded | Existing:
    """Return the cluster to train on; TrainingError when there is none at TRISYM_SCHEDULER."""
    address = os.environ.get(ADDRESS)
    return Existing(address) if address else Embedded()
