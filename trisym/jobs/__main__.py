"""The worker's process: `python -m trisym.jobs ADDRESS DEVICE`; the app starts it.

It ends when its standard input closes, so that no end of the app, not even `kill -9`, leaves it
behind.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading

from trisym import devices

MOST_THREADS = 8


def threads() -> int:
    """Return how many threads train: half the cores it may use, so that pages stay quick."""
    return max(1, min(MOST_THREADS, devices.cores() // 2))


def _end_with_the_app() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


async def _work(address: str, device: str) -> None:
    from distributed import Worker

    worker = Worker(
        address,
        nthreads=1,
        name=f"{device}-{os.getpid()}",
        resources={device: 1},
        memory_limit=0,
        dashboard=False,
        host="127.0.0.1",
    )
    async with worker:
        await worker.finished()


def main() -> None:
    """Serve one device until the app ends."""
    threading.Thread(target=_end_with_the_app, daemon=True).start()
    address, device = sys.argv[1:]
    if hasattr(os, "nice"):
        os.nice(5)  # pages first
    os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(threads())
    import torch

    torch.set_num_threads(threads())
    import trisym.jobs.worker  # noqa: F401 (so that the first run does not wait for it)

    asyncio.run(_work(address, device))


if __name__ == "__main__":
    main()
