"""Sweeps: a member of a batch is trained as if it were alone, and others don't feel its end."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from trisym.config import OPTIMIZERS, FitConfig
from trisym.datasets import DataConfig
from trisym.errors import ConfigError
from trisym.networks import AutoencoderConfig
from trisym.training.fit import fit
from trisym.training.sweeps import MOST_THREADS, fastest_threads, sweep
from trisym.training.trainer import Trainer

BASE = FitConfig(
    network=AutoencoderConfig(hidden=(24,), latent=3),
    data=DataConfig(n=640),
    batch=64,
    epochs=25,  # 8 steps each: 200 steps
    dtype="float64",
    device="cpu",
)
DIFFERENT = [
    BASE,
    replace(BASE, seed=1),
    replace(BASE, data=DataConfig("fixed-side", n=640, seed=5)),
    replace(BASE, lr=2e-3),
    replace(BASE, mse_weight=0.5),
    replace(BASE, network=replace(BASE.network, latent=1)),
    replace(BASE, network=replace(BASE.network, latent=5)),
]


def weights(model: torch.nn.Module) -> torch.Tensor:
    return torch.nn.utils.parameters_to_vector(model.parameters())


@pytest.mark.parametrize("optimizer", ["soap", "adam-amsgrad"])
def test_a_member_is_trained_as_if_alone(optimizer: str) -> None:
    """w_k(batched) = w_k(alone) to 1e-6 after 200 steps, in float64, for each k."""
    chosen = OPTIMIZERS[optimizer]
    configs = [
        replace(c, optimizer=optimizer, betas=chosen.betas, lr=c.lr * chosen.lr / BASE.lr)
        for c in DIFFERENT
    ]
    for config, member in zip(configs, sweep(configs), strict=True):
        alone = fit(config)
        records = list(alone)
        assert records[-1].step == 200
        torch.testing.assert_close(
            weights(member.model), weights(alone.model()), rtol=1e-6, atol=1e-6
        )
        for one, other in zip(records, member.records, strict=True):
            assert one.train_loss == pytest.approx(other.train_loss, rel=1e-6)
            assert one.lr == other.lr


def test_members_with_other_seeds_differ() -> None:
    """Negative control of the test above."""
    first, second, *_ = sweep(DIFFERENT[:2])
    assert (weights(first.model) - weights(second.model)).abs().max() > 0.1


def test_an_early_finish_does_not_stop_the_others() -> None:
    configs = [replace(BASE, epochs=epochs, seed=epochs) for epochs in (3, 9, 6)]
    for config, member in zip(configs, sweep(configs), strict=True):
        assert [record.epoch for record in member.records] == list(range(1, config.epochs + 1))
        torch.testing.assert_close(
            weights(member.model), weights(_finished(config)), rtol=1e-6, atol=1e-6
        )


def _finished(config: FitConfig) -> torch.nn.Module:
    run = fit(config)
    list(run)
    return run.model()


def test_a_failing_member_does_not_stop_the_others() -> None:
    trainer = Trainer([BASE, replace(BASE, seed=1)])
    for member, record in trainer:
        if record.epoch == 2 and member == 1:
            trainer.weights.detach()[0] = float("nan")
    assert list(trainer.failures) == [0]
    assert "epoch 3" in str(trainer.failures[0])
    assert weights(trainer.model(0)).isfinite().all()
    torch.testing.assert_close(
        weights(trainer.model(1)), weights(_finished(replace(BASE, seed=1))), rtol=1e-6, atol=1e-6
    )


def test_other_shapes_become_other_programs() -> None:
    wider = replace(BASE, network=AutoencoderConfig(hidden=(12,)), epochs=1)
    slower = replace(BASE, batch=32, epochs=1)
    members = sweep([wider, replace(BASE, epochs=1), slower, replace(wider, seed=1)])
    assert [m.config.batch for m in members] == [64, 64, 32, 64]
    assert [m.model.config.hidden for m in members] == [(12,), (24,), (24,), (12,)]
    with pytest.raises(ConfigError, match="Models trained together must have the same network"):
        Trainer([wider, slower])


def test_the_trial_of_threads_leaves_them_as_they_were() -> None:
    before = torch.get_num_threads()
    assert 1 <= fastest_threads() <= MOST_THREADS
    assert torch.get_num_threads() == before
