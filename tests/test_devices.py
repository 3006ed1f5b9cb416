"""trisym/devices.py: what `auto` takes, and what a missing device says."""

from __future__ import annotations

import pytest
import torch

from trisym import devices
from trisym.errors import ConfigError


@pytest.fixture
def machine_with(monkeypatch: pytest.MonkeyPatch):
    def pretend(*, cuda: bool, mps: bool) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return pretend


@pytest.mark.parametrize(
    ("cuda", "mps", "taken"),
    [(True, True, "cuda"), (True, False, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_auto_takes_cuda_then_mps_then_cpu(machine_with, cuda: bool, mps: bool, taken: str) -> None:
    machine_with(cuda=cuda, mps=mps)
    assert devices.choose("auto").type == taken


def test_cpu_can_always_be_asked_for(machine_with) -> None:
    machine_with(cuda=True, mps=True)
    assert devices.choose("cpu").type == "cpu"
    assert devices.describe("cpu").startswith("CPU (")


def test_missing_device_says_what_there_is(machine_with) -> None:
    machine_with(cuda=False, mps=True)
    with pytest.raises(ConfigError, match="no device 'cuda'; it has: mps, cpu"):
        devices.choose("cuda")


def test_unknown_device_says_what_is_allowed() -> None:
    with pytest.raises(ConfigError, match="device must be one of auto, cuda, mps, cpu, not 'tpu'"):
        devices.choose("tpu")
