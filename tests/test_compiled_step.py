"""The compiled step takes the steps that torch takes, and leaves alone what it can't."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from trisym import datasets
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig, Split
from trisym.networks import AutoencoderConfig, PredictorConfig
from trisym.sampling import Pairs
from trisym.training import compiled_step
from trisym.training.compiled_step import covers
from trisym.training.trainer import Trainer

THESIS = replace(PRESETS["thesis"], device="cpu", data=DataConfig(n=1000), epochs=1)
TABLE_1 = AutoencoderConfig(hidden=(), latent=9)
PREDICTOR = replace(THESIS, network=PredictorConfig(inputs=2), loss="mse")
FITS = {
    "sides": THESIS,
    "perimeter": replace(THESIS, loss="perimeter"),
    "mse": replace(THESIS, loss="mse"),
    "batch of 16": replace(THESIS, batch=16),
    "batch of 20": replace(THESIS, batch=20),
    "table 1": replace(THESIS, network=TABLE_1, loss="mse"),
    "linear": replace(THESIS, network=replace(TABLE_1, activation="linear"), loss="mse"),
    "below 0": replace(THESIS, data=DataConfig("translation-c", n=1000), loss="mse"),
    "input not bent": replace(
        THESIS, network=AutoencoderConfig(input_activation=False), loss="mse"
    ),
    "predictor": PREDICTOR,
}

pytestmark = pytest.mark.skipif(compiled_step.compiler() is None, reason="there is no compiler")


def members(config: FitConfig) -> list[FitConfig]:
    """Three that differ: in seed, and where there is a latent, in its size."""
    found = [replace(config, seed=seed) for seed in range(3)]
    if isinstance(config.network, AutoencoderConfig):
        found[1] = replace(found[1], network=replace(config.network, latent=2))
    return found


def split(config: FitConfig) -> Split:
    """Samples of a set, shifted so that some inputs are below 0; a predictor has two of them."""
    parts = datasets.generate(config.data).split()
    moved = [Pairs(part.inputs - 0.2, part.targets) for part in parts]
    if isinstance(config.network, PredictorConfig):
        moved = [Pairs(p.inputs[:, 0, :2].contiguous(), p.targets[:, 1, :1]) for p in moved]
    return Split(*moved)


@pytest.mark.parametrize("fit", FITS.values(), ids=FITS)
def test_it_takes_the_steps_of_torch(fit: FitConfig) -> None:
    """w and all of Adam's state, after 20 steps in float32; the loss is summed alike."""
    configs, samples = members(fit), split(fit)
    eager, compiled = (Trainer(configs, [samples] * 3, compiled=each) for each in (False, True))
    assert compiled.compiled
    before = compiled.weights.detach().clone()
    for trainer in (eager, compiled):
        trainer.advance(20)
    assert compiled.step == eager.step == 20
    assert not torch.allclose(before, compiled.weights, atol=1e-3)  # they have moved
    torch.testing.assert_close(compiled.weights, eager.weights, rtol=1e-3, atol=2e-4)
    torch.testing.assert_close(compiled._loss_sum, eager._loss_sum, rtol=1e-4, atol=1e-5)
    for name, tensor in eager.state.items():
        torch.testing.assert_close(compiled.state[name], tensor, rtol=2e-2, atol=1e-4)


def test_one_step_is_torch_s_to_rounding() -> None:
    """The gradient itself: Adam's first mean is (1 - β₁) g."""
    for fit in FITS.values():
        configs, samples = members(fit), split(fit)
        means = []
        for each in (False, True):
            trainer = Trainer(configs, [samples] * 3, compiled=each)
            trainer.advance(1)
            means.append(trainer.state["mean"].double())
        apart = (means[0] - means[1]).abs().max() / means[0].abs().max()
        assert apart < 1e-5


def test_a_run_in_many_calls_is_a_run_in_one() -> None:
    """Across the ends of epochs, of 25 steps."""
    once, often = (Trainer(members(THESIS), compiled=True) for _ in range(2))
    once.advance(60)
    for steps in (1, 30, 4, 25):
        often.advance(steps)
    assert torch.equal(once.weights, often.weights)
    assert torch.equal(once.state["count"], often.state["count"])


@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": "soap"},
        {"dtype": "float64"},
        {"schedule": "cosine"},
        {"warmup": 0.1},
        {"revive": 0.05},
        {"mse_weight": 0.5},
        {"network": AutoencoderConfig(vertices=4), "data": DataConfig(n=1000, points=4)},
    ],
)
def test_what_it_can_not_is_left_to_torch(changes: dict[str, object]) -> None:
    config = replace(THESIS, **changes)
    assert covers(THESIS)
    assert not covers(config)
    assert not Trainer([config], compiled=True).compiled


def test_without_a_compiler_torch_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_step, "compiler", lambda: None)
    trainer = Trainer([THESIS], compiled=True)
    trainer.advance(2)
    assert not trainer.compiled
    assert trainer.step == 2


def test_a_compiler_that_refuses_leaves_it_to_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as one without GCC's vector extensions."""
    monkeypatch.setattr(compiled_step, "FLAGS", ("--no-such-flag",))
    config = replace(THESIS, batch=33)  # which nothing here has compiled yet
    assert not covers(config)
    assert not Trainer([config], compiled=True).compiled
