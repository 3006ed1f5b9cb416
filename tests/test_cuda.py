"""Training on a GPU: what only a machine with CUDA can show, and what any machine can."""

from __future__ import annotations

import gc
import statistics
from dataclasses import replace

import pytest
import torch

from trisym.config import OPTIMIZERS, PRESETS, FitConfig
from trisym.datasets import DataConfig
from trisym.networks import AutoencoderConfig
from trisym.training import trainer as training
from trisym.training.trainer import RATES_AHEAD, Trainer

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")

CONFIG = FitConfig(
    network=AutoencoderConfig(hidden=(24,), latent=3),
    data=DataConfig(n=640),
    batch=64,
    epochs=25,  # 8 steps each: 200 steps
    dtype="float64",
    device="cpu",
)
MEMBERS = [CONFIG, replace(CONFIG, seed=1), replace(CONFIG, epochs=10, lr=2e-3)]


def with_optimizer(name: str, device: str) -> list[FitConfig]:
    chosen = OPTIMIZERS[name]
    return [
        replace(c, optimizer=name, betas=chosen.betas, lr=chosen.lr, device=device) for c in MEMBERS
    ]


def test_rates_planned_ahead_change_nothing() -> None:
    """A GPU gets the learning rates of the next steps at once; a member that ends changes them."""
    one_by_one = list(Trainer(MEMBERS))
    planning = Trainer(MEMBERS)
    planning._rates_ahead = RATES_AHEAD
    ahead = list(planning)
    assert [place for place, _ in ahead] == [place for place, _ in one_by_one]
    for (_, planned), (_, record) in zip(ahead, one_by_one, strict=True):
        assert replace(planned, seconds=0.0) == replace(record, seconds=0.0)


@needs_cuda
@pytest.mark.parametrize("optimizer", ["soap", "adam-amsgrad"])
def test_a_graph_trains_as_eager_steps_do(optimizer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """w(graph) = w(eager) after 200 steps in float64, also where a member leaves early."""
    configs = with_optimizer(optimizer, "cuda")
    captured = Trainer(configs)
    records = list(captured)
    monkeypatch.setattr(training, "CapturedStep", lambda step: step)
    eager = Trainer(configs)
    assert [r.step for _, r in eager] == [r.step for _, r in records]
    torch.testing.assert_close(captured.kept, eager.kept, rtol=1e-9, atol=1e-9)


@needs_cuda
def test_a_gpu_trains_as_well_as_a_cpu() -> None:
    """Other batches, the same error but for chance: two medians of eight seeds lie 5 % apart."""
    medians = {}
    for device in ("cpu", "cuda"):
        config = replace(PRESETS["fast"], data=DataConfig(n=20_000), device=device)
        last = dict(Trainer([replace(config, seed=seed) for seed in range(8)]))
        medians[device] = statistics.median(record.side_error for record in last.values())
    assert medians["cuda"] == pytest.approx(medians["cpu"], rel=0.15)


@needs_cuda
def test_the_memory_is_free_when_a_run_is_over() -> None:
    """But for what cuBLAS keeps from the first run on."""
    left = []
    for _ in range(3):
        list(Trainer(with_optimizer("soap", "cuda")))
        gc.collect()
        torch.cuda.empty_cache()
        left.append(torch.cuda.memory_allocated())
    assert left[0] == left[1] == left[2]
