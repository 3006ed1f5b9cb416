"""Which device computes: `auto` takes CUDA, else Apple's MPS, else the CPU."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from trisym.errors import ConfigError
from trisym.validation import check_choice

if TYPE_CHECKING:
    import torch

DEVICES = ("auto", "cuda", "mps", "cpu")


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
