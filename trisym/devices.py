"""Choice of the device: `auto` takes CUDA, else Apple's MPS, else the CPU; and of its cores.

A container may see 16 cores and be allowed 2 of them: threads follow the quota of the control
groups (Linux's documents admin-guide/cgroup-v2 and scheduler/sched-bwc), not what the machine has.
"""

from __future__ import annotations

import ctypes
import math
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from trisym.errors import ConfigError
from trisym.validation import check_choice

if TYPE_CHECKING:
    import torch

DEVICES = ("auto", "cuda", "mps", "cpu")
MEMORY_POOLS = 2  # a process; glibc makes up to eight a core, and each keeps what was freed in it
KEPT = 2**28  # bytes that were freed, of a process that trains: a step of many networks needs some
M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -8, -3, -1  # as malloc.h has them


def choose(device: str = "auto") -> torch.device:
    """Return the device of that name.

    Raises ConfigError for a name that is not in DEVICES, or a device this machine lacks.
    """
    import torch  # here, because a page that shows only text must not wait a second for it

    check_choice("device", device, DEVICES)
    there = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    usable = [name for name, available in there.items() if available]
    if device == "auto":
        return torch.device(usable[0])
    if device not in usable:
        raise ConfigError(f"This machine has no device '{device}'; it has: {', '.join(usable)}.")
    return torch.device(device)


def describe(device: str = "auto") -> str:
    """Return the device in words: 'CUDA (NVIDIA H100)', 'MPS (Apple arm64)', 'CPU (2 threads)'."""
    import torch

    kind = choose(device).type
    if kind == "cuda":
        return f"CUDA ({torch.cuda.get_device_name()})"
    if kind == "mps":
        return f"MPS (Apple {platform.machine()})"
    threads = torch.get_num_threads()
    return f"CPU ({threads} thread{'s' if threads > 1 else ''})"


def cores(root: Path = Path("/")) -> int:
    """Return how many cores this process may keep busy: at least 1, half a core is one.

    `root` holds the machine's /proc and /sys.
    """
    affinity = hasattr(os, "sched_getaffinity")  # not on macOS and Windows
    seen = len(os.sched_getaffinity(0)) if affinity else os.cpu_count() or 1
    return max(1, math.floor(min([seen, *_quotas(root)])))


def share_memory_pools() -> None:
    """Let the threads of this process share a few pools of memory, where its malloc has such."""
    _set_malloc(M_ARENA_MAX, MEMORY_POOLS)


def keep_freed_memory() -> None:
    """Let this process keep KEPT bytes of what it frees, where its malloc can.

    A training step frees what the next one needs. Given back in between, it comes again page by
    page, each with a fault: of 27 networks that takes as long as the arithmetic (`bench sweep`).
    """
    _set_malloc(M_MMAP_THRESHOLD, KEPT)
    _set_malloc(M_TRIM_THRESHOLD, KEPT)


def _set_malloc(parameter: int, value: int) -> None:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # musl has no mallopt
            ctypes.CDLL(None).mallopt(parameter, value)


def keep_to_cores() -> None:
    """Let torch start no more threads than `cores`; does not import it where that is yet to come.

    A number of threads that is set by hand and lower stays.
    """
    if "torch" not in sys.modules:
        os.environ.setdefault("OMP_NUM_THREADS", str(cores()))
        return
    import torch

    torch.set_num_threads(min(torch.get_num_threads(), cores()))


def _quotas(root: Path) -> Iterator[float]:
    """Yield the quota, in cores, of each control group that this process is in and that has one."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        mount = root / "sys/fs/cgroup" / controllers
        # A container may see its own group at the top, and a quota above it counts as well.
        for part in (".", *_ancestors(path)):
            quota, period = _limit(mount / part)
            if quota > 0 and period > 0:  # version 1 writes -1 for none
                yield quota / period


def _ancestors(path: str) -> list[str]:
    names = [name for name in path.split("/") if name not in ("", "..")]
    return ["/".join(names[: end + 1]) for end in range(len(names))]


def _limit(group: Path) -> tuple[int, int]:
    """Return quota and period in microseconds as version 2 or 1 has them; zeros for none."""
    words = _text(group / "cpu.max").split() or [
        *_text(group / "cpu.cfs_quota_us").split(),
        *_text(group / "cpu.cfs_period_us").split(),
    ]
    try:
        quota, period = map(int, words)
    except ValueError:  # "max 100000", or no such file
        return 0, 0
    return quota, period


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
