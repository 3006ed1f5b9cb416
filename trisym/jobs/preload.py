"""Lets any Dask scheduler and worker train for this app: `--preload` this file, or this module.

    dask scheduler --preload trisym/jobs/preload.py
    dask worker tcp://SCHEDULER:8786 --preload trisym/jobs/preload.py

Given as a file it puts the package that it lies in on Python's path, and on that of the processes
that Dask starts, so that it works from any folder without an installation. A worker then offers
each device of its machine (a Dask resource).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve()
ROOT = FILE.parents[2]
LEAVE_S = 5.0  # for the states of its runs to be saved

# A worker gets a copy of this file, which lies beside nothing: its path came from who started it.
if (ROOT / "trisym" / "jobs" / FILE.name).exists() and str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [inherited, str(ROOT)]))


def command(role: str, address: str = "") -> str:
    """Return the command that starts a scheduler or a worker that finds trisym."""
    return " ".join(filter(None, ["dask", role, address, "--preload", str(FILE)]))


def present() -> bool:
    """Return True; whoever can run this has found trisym."""
    return True


def dask_setup(server: Any) -> None:
    """Prepare a Dask server: a worker imports what trains, and offers its devices."""
    import trisym.jobs.worker  # noqa: F401 (so that the first run does not wait for it)
    from trisym.jobs.spread import Spread

    if hasattr(server, "state") and hasattr(server.state, "total_resources"):
        _offer_devices(server)
    elif hasattr(server, "extensions") and "stealing" in server.extensions:
        Spread(server)


def _offer_devices(worker: Any) -> None:
    """Offer one of each device, unless the command line said what there is; before it registers."""
    import torch

    from trisym import devices
    from trisym.jobs.__main__ import threads

    torch.set_num_threads(threads())
    if not worker.state.total_resources:
        for device in {"cpu", devices.choose("auto").type}:
            worker.state.total_resources[device] = worker.state.available_resources[device] = 1.0


def dask_teardown(server: Any) -> None:
    """Save the states of a worker's runs as it ends, so that another goes on from there."""
    from trisym.jobs import worker

    worker.leave(LEAVE_S)
