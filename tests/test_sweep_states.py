"""A sweep that is killed goes on, and ends with the weights that it would have had."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from trisym import datasets
from trisym.config import PRESETS
from trisym.datasets import DataConfig, Split
from trisym.errors import ConfigError, TrainingError
from trisym.networks import AutoencoderConfig
from trisym.storage.sweep_states import EVERY, resumable_sweep
from trisym.training.sweeps import Member

FIT = replace(PRESETS["thesis"], device="cpu", data=DataConfig(n=1000), epochs=12)
FITS = [
    replace(FIT, seed=seed, network=AutoencoderConfig(hidden=(32,), latent=h))
    for seed in (0, 1)
    for h in (2, 3)
]
# It says each epoch and then waits for a line: what kills it knows where it is.
PROGRAM = """
import sys
from tests.test_sweep_states import FITS
from trisym.storage.sweep_states import resumable_sweep

def tell(share, what):
    if share == SHARE:
        print("here", flush=True)
        sys.stdin.readline()

resumable_sweep(FITS, tell)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRISYM_HOME", str(tmp_path))
    monkeypatch.setenv(EVERY, "0")
    return tmp_path


def silent(share: float, what: str) -> None:
    pass


def weights(members: Sequence[Member]) -> list[torch.Tensor]:
    return [torch.nn.utils.parameters_to_vector(m.model.parameters()) for m in members]


def states(home: Path) -> list[Path]:
    return sorted((home / "cache" / "sweeps").iterdir())


def test_a_killed_sweep_goes_on_to_the_same_weights(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGKILL in the ninth epoch of twelve; then as if nothing had happened, to the bit."""
    code = PROGRAM.replace("SHARE", repr(9 / 12))
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    told: list[float] = []
    gone_on = resumable_sweep(FITS, lambda share, what: told.append(share))
    assert min(told) >= 9 / 12  # what came before was not trained again
    monkeypatch.setenv("TRISYM_HOME", str(tmp_path / "another"))
    whole = resumable_sweep(FITS, silent)
    for one, other in zip(weights(gone_on), weights(whole), strict=True):
        assert torch.equal(one, other)
    for one, other in zip(gone_on, whole, strict=True):
        assert [r.epoch for r in one.records] == list(range(1, 13))
        assert [r.validation_loss for r in one.records] == [
            r.validation_loss for r in other.records
        ]


def test_a_finished_sweep_is_not_trained_again(home: Path) -> None:
    first = resumable_sweep(FITS, silent)
    told: list[float] = []
    again = resumable_sweep(FITS, lambda share, what: told.append(share))
    assert not told
    assert all(torch.equal(a, b) for a, b in zip(weights(first), weights(again), strict=True))
    assert [member.records for member in first] == [member.records for member in again]
    assert [member.config for member in again] == FITS


def test_another_fit_or_other_samples_are_another_sweep(home: Path) -> None:
    resumable_sweep(FITS[:1], silent)
    resumable_sweep([replace(FITS[0], epochs=1)], silent)
    split = datasets.generate(replace(FITS[0].data, seed=7)).split()
    resumable_sweep(FITS[:1], silent, [split])
    other = Split(*(type(part)(part.inputs * 0.5, part.targets) for part in split))
    resumable_sweep(FITS[:1], silent, [other])
    assert len(states(home)) == 4


def test_a_damaged_state_is_named(home: Path) -> None:
    resumable_sweep(FITS[:1], silent)
    (state,) = states(home)
    state.write_bytes(state.read_bytes()[:100])
    with pytest.raises(TrainingError, match=f"{state.name} can't be read as the state of a sweep"):
        resumable_sweep(FITS[:1], silent)


def test_a_loss_that_stops_being_finite_is_said(home: Path) -> None:
    split = datasets.generate(FIT.data).split()
    broken = Split(*(type(part)(part.inputs * float("inf"), part.targets) for part in split))
    with pytest.raises(TrainingError, match="stopped being finite"):
        resumable_sweep(FITS[:1], silent, [broken])


def test_how_often_a_state_is_kept_must_be_a_number(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(EVERY, "often")
    with pytest.raises(ConfigError, match=EVERY):
        resumable_sweep(FITS[:1], silent)
