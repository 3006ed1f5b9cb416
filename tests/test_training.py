"""Training: records, budgets, resuming to the bit, errors that keep the last good weights."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from trisym import datasets, metrics
from trisym.config import OPTIMIZERS, PRESETS, FitConfig, as_dict, from_dict
from trisym.datasets import DataConfig
from trisym.errors import ConfigError, TrainingError, TrisymError
from trisym.networks import AutoencoderConfig, initial_weights
from trisym.storage.states import resume, save_state
from trisym.training import trainer
from trisym.training.fit import fit
from trisym.training.trainer import Record, Trainer

SMALL = FitConfig(
    network=AutoencoderConfig(hidden=(32,)),
    data=DataConfig(n=1000),
    batch=64,
    epochs=4,
    device="cpu",
)


def untimed(records: list[Record]) -> list[Record]:
    return [replace(record, seconds=0.0) for record in records]


def test_learns_sides() -> None:
    run = fit(replace(SMALL, network=AutoencoderConfig(), data=DataConfig(n=4000), epochs=8))
    records = list(run)
    assert [record.epoch for record in records] == list(range(1, 9))
    assert records[-1].side_error < 0.2 * records[0].side_error
    fresh = datasets.generate("random", n=1000, seed=99).inputs
    error = metrics.side_error(fresh, run.model()(fresh)).item()
    assert error == pytest.approx(records[-1].side_error, rel=0.3)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("stop_after", [1, 3, 6])  # 3 records an epoch: inside one and at its end
def test_resumed_run_repeats_to_the_bit(tmp_path: Path, optimizer: str, stop_after: int) -> None:
    chosen = OPTIMIZERS[optimizer]
    config = replace(SMALL, optimizer=optimizer, lr=chosen.lr, betas=chosen.betas)
    whole = fit(config, records_per_epoch=3)
    expected = untimed(list(whole))
    first = fit(config, records_per_epoch=3)
    begun = list(itertools.islice(first, stop_after))
    save_state(first, tmp_path / "state.safetensors")
    second = resume(tmp_path / "state.safetensors", records_per_epoch=3)
    assert untimed(begun + list(second)) == expected
    for mine, other in zip(whole.model().parameters(), second.model().parameters(), strict=True):
        assert torch.equal(mine, other)


def test_other_seed_gives_other_records() -> None:
    """Negative control of the test above."""
    assert untimed(list(fit(SMALL))) != untimed(list(fit(replace(SMALL, seed=1))))


def test_a_resumed_run_repeats_to_the_bit_wherever_its_file_lay() -> None:
    """A product's last bit depends on where its factors begin: the run must copy them."""
    config = replace(SMALL, data=DataConfig(n=640), epochs=25, dtype="float64")
    whole, again = Trainer([config]), Trainer([config])
    for each in (whole, again):
        each.advance(7)
    state = {name: misplaced(tensor) for name, tensor in again.state.items()}
    weights, generators = misplaced(again.weights.detach()), again.generator_state()
    again.restore(weights, state, generators, again.step, again.seconds)
    for each in (whole, again):
        each.advance(110)
    assert torch.equal(again.weights, whole.weights)


def misplaced(tensor: torch.Tensor) -> torch.Tensor:
    """A copy that begins 8 bytes behind where torch would have it begin."""
    flat = torch.empty(tensor.numel() + 1, dtype=tensor.dtype)[1:]
    return flat.view(tensor.shape).copy_(tensor)


def test_seconds_end_on_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is read once a step and twice more a record: each time a millisecond later."""
    ticks = itertools.count()
    monkeypatch.setattr(trainer.time, "perf_counter", lambda: next(ticks) / 1000)
    records = list(fit(replace(SMALL, epochs=None, seconds=0.5)))
    assert records[-1].seconds == pytest.approx(0.501)
    assert records[-1].lr == 0  # the schedule is through


def test_rate_can_change_while_it_runs() -> None:
    run = fit(replace(SMALL, schedule="constant", warmup=0.0))
    assert next(run).lr == pytest.approx(1e-2)
    run.rate = 1e-3
    assert next(run).lr == pytest.approx(1e-3)
    with pytest.raises(ConfigError, match="lr must be a number"):
        run.rate = float("nan")


def test_divergence_is_an_error_that_keeps_the_last_good_weights() -> None:
    run = fit(replace(SMALL, optimizer="adagrad", epochs=200, lr=1e-3))
    next(run)
    good = [parameter.clone() for parameter in run.model().parameters()]
    run.trainer.weights.detach()[:, 0] = float("inf")
    with pytest.raises(TrainingError, match=r"epoch 2 at the learning rate 0\.001"):
        next(run)
    for kept, parameter in zip(good, run.model().parameters(), strict=True):
        assert torch.equal(kept, parameter)


def test_mse_weight_pins_the_pose() -> None:
    """With `sides` alone the pose is free; a share of MSE brings the coordinates back."""
    free, pinned = (fit(replace(SMALL, epochs=10, mse_weight=w)) for w in (0.0, 10.0))
    list(free), list(pinned)
    fresh = datasets.generate("random", n=500, seed=7).inputs
    assert metrics.mse(fresh, pinned.model()(fresh)) < 0.5 * metrics.mse(fresh, free.model()(fresh))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lr": float("nan")}, "lr must be a number from"),
        ({"lr": -1.0}, "lr must be a number from"),
        ({"batch": 801}, r"batch must be a whole number from 1 to 800 \(the training set\)"),
        ({"batch": 0}, "batch must be a whole number"),
        ({"loss": "area"}, "loss must be one of sides, perimeter, mse"),
        ({"optimizer": "sgd"}, "optimizer must be one of soap"),
        ({"epochs": None}, "either in epochs or in seconds"),
        ({"seconds": 5.0}, "either in epochs or in seconds"),
        ({"betas": (0.9, 1.0)}, "A beta must be"),
        ({"device": "tpu"}, "device must be one of"),
    ],
)
def test_bad_settings_say_what_is_allowed(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        replace(SMALL, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("config", [SMALL, *PRESETS.values()])
def test_configuration_survives_json(config: FitConfig) -> None:
    assert from_dict(as_dict(config)) == config


def test_inside_the_cube_the_input_activation_trains_nothing() -> None:
    """σ(x) = x for x >= 0: one seed gives one network, to the bit, with it or without."""
    without = AutoencoderConfig(hidden=(32,), input_activation=False)
    runs = [fit(config) for config in (SMALL, replace(SMALL, network=without))]
    histories = [untimed(list(run)) for run in runs]
    assert histories[0] == histories[1]
    weights = [run.model().state_dict() for run in runs]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_fixed_weights_stay_to_the_bit_and_the_others_learn(optimizer: str) -> None:
    config = replace(SMALL, optimizer=optimizer, revive=0.0)
    before = initial_weights(config.network, torch.Generator().manual_seed(7))
    fixed = {name: t for name, t in before.items() if name.startswith("encoder")}
    trainer = Trainer([config, replace(config, seed=1)], fixed=fixed)
    records = [record for member, record in trainer if member == 1]
    after = trainer.model(1).state_dict()
    assert all(torch.equal(after[name], before[name]) for name in fixed)
    assert not torch.equal(after["decoder.0.weight"], before["decoder.0.weight"])
    assert records[-1].validation_loss < records[0].validation_loss


def test_a_configuration_from_before_an_entry_came_is_read_as_it_was() -> None:
    values = as_dict(SMALL)
    del values["network"]["input_activation"]
    assert from_dict(values) == SMALL
    without = replace(SMALL, network=AutoencoderConfig(input_activation=False))
    assert from_dict(as_dict(without)) == without != SMALL


@pytest.mark.parametrize(
    "values", [None, [], {}, {**as_dict(SMALL), "more": 1}, {**as_dict(SMALL), "network": 3}]
)
def test_other_json_is_refused(values: object) -> None:
    with pytest.raises(ConfigError):
        from_dict(values)


def test_a_file_that_is_no_state_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state.safetensors").write_bytes(b"not a state")
    with pytest.raises(TrainingError, match="can't be read as the state of a run"):
        resume(tmp_path / "state.safetensors")
    with pytest.raises(TrisymError, match="can't be written"):
        save_state(fit(SMALL), Path("/proc/none/state.safetensors"))
