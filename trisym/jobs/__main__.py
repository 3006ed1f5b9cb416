"""The worker's process: `python -m trisym.jobs ADDRESS DEVICE`; the app starts it.

The first line of its standard input holds the keys of the cluster, as JSON. It ends when its
standard input closes, so that no end of the app, not even `kill -9`, leaves it behind.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from typing import Any

from trisym import devices

LEAVE_S = 2.0  # for the states of its runs to be saved
MOST_THREADS = 8


def threads() -> int:
    """Return how many threads train: half the cores it may use, so that pages stay quick."""
    return max(1, min(MOST_THREADS, devices.cores() // 2))


def _end_with_the_app() -> None:
    sys.stdin.buffer.read()
    if worker := sys.modules.get("trisym.jobs.worker"):
        worker.leave(LEAVE_S)
    os._exit(0)


async def _work(address: str, device: str, keys: dict[str, str]) -> None:
    from distributed import Worker
    from distributed.security import Security

    from trisym.jobs.messages import MOST_TOGETHER

    class QuietWorker(Worker):
        """A worker without the web server that every Dask server opens beside its own port."""

        def start_http_server(self, *arguments: Any, **settings: Any) -> None:
            """Open nothing."""

    worker = QuietWorker(
        address,
        nthreads=MOST_TOGETHER,  # runs that share the device; who has it alone leaves them idle
        name=f"{device}-{os.getpid()}",
        resources={device: 1},
        memory_limit=0,
        dashboard=False,
        host="127.0.0.1",
        protocol="tls://",
        security=Security(require_encryption=True, **keys),
    )
    async with worker:
        await worker.finished()


def main() -> None:
    """Serve one device until the app ends."""
    address, device = sys.argv[1:]
    keys = json.loads(sys.stdin.buffer.readline() or "{}")
    threading.Thread(target=_end_with_the_app, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(5)  # pages first
    os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(threads())
    import torch

    torch.set_num_threads(threads())
    import trisym.jobs.worker  # noqa: F401 (so that the first run does not wait for it)

    asyncio.run(_work(address, device, keys))


if __name__ == "__main__":
    main()
