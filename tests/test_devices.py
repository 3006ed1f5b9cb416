"""trisym/devices.py: what `auto` takes, and what a missing device says."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import torch

from trisym import devices
from trisym.errors import ConfigError
from trisym.jobs.__main__ import threads as worker_threads


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


def files(root: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


V2, V1 = "0::{}\n", "4:cpuset:/\n2:cpu,cpuacct:{}\n1:name=systemd:/\n"


@pytest.mark.parametrize(
    ("texts", "allowed"),
    [
        ({}, 16),
        ({"proc/self/cgroup": V2.format("/")}, 16),
        ({"proc/self/cgroup": V2.format("/"), "sys/fs/cgroup/cpu.max": "max 100000\n"}, 16),
        ({"proc/self/cgroup": V2.format("/"), "sys/fs/cgroup/cpu.max": "200000 100000\n"}, 2),
        ({"proc/self/cgroup": V2.format("/"), "sys/fs/cgroup/cpu.max": "350000 100000\n"}, 3),
        ({"proc/self/cgroup": V2.format("/"), "sys/fs/cgroup/cpu.max": "50000 100000\n"}, 1),
        ({"proc/self/cgroup": V2.format("/"), "sys/fs/cgroup/cpu.max": "9900000 100000\n"}, 16),
        (  # the strictest of a group and those above it
            {
                "proc/self/cgroup": V2.format("/pods/one"),
                "sys/fs/cgroup/pods/cpu.max": "300000 100000\n",
                "sys/fs/cgroup/pods/one/cpu.max": "max 100000\n",
            },
            3,
        ),
        (  # another group's quota is no concern
            {
                "proc/self/cgroup": V2.format("/pods/one"),
                "sys/fs/cgroup/pods/two/cpu.max": "100000 100000\n",
            },
            16,
        ),
        (
            {
                "proc/self/cgroup": V1.format("/docker/1f"),
                "sys/fs/cgroup/cpu,cpuacct/docker/1f/cpu.cfs_quota_us": "400000\n",
                "sys/fs/cgroup/cpu,cpuacct/docker/1f/cpu.cfs_period_us": "100000\n",
            },
            4,
        ),
        (
            {
                "proc/self/cgroup": V1.format("/"),
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            },
            16,
        ),
        ({"proc/self/cgroup": V2.format("/"), "sys/fs/cgroup/cpu.max": "nonsense\n"}, 16),
    ],
)
def test_threads_follow_the_quota(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, texts: dict[str, str], allowed: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)), raising=False)
    assert devices.cores(files(tmp_path, texts)) == allowed


def test_a_worker_and_torch_keep_to_the_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    """2 of 16 cores: a worker trains with one thread, and torch is not left with sixteen."""
    monkeypatch.setattr(devices, "cores", lambda: 2)
    assert worker_threads() == 1
    before = torch.get_num_threads()
    try:
        for started, kept in [(16, 2), (1, 1)]:
            torch.set_num_threads(started)
            devices.keep_to_cores()
            assert torch.get_num_threads() == kept
    finally:
        torch.set_num_threads(before)


def test_torch_that_is_yet_to_come_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "cores", lambda: 2)
    monkeypatch.delitem(sys.modules, "torch")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    devices.keep_to_cores()
    assert os.environ["OMP_NUM_THREADS"] == "2"
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    devices.keep_to_cores()
    assert os.environ["OMP_NUM_THREADS"] == "1"
