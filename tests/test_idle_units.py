"""Idle units put to work: the answer stays, the latent is left alone, a run repeats and resumes."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.model_files import a_card
from trisym.config import PRESETS, FitConfig, from_dict
from trisym.datasets import DataConfig
from trisym.errors import ConfigError
from trisym.networks import (
    Autoencoder,
    AutoencoderConfig,
    NetworkConfig,
    PredictorConfig,
    build,
    initial_weights,
)
from trisym.storage.cards import Card
from trisym.storage.states import resume, save_state
from trisym.training import idle_units, trainer
from trisym.training.fit import fit
from trisym.training.idle_units import EVERY, ROUNDS, hidden_layers, put_to_work
from trisym.training.trainer import Trainer

TABLE_3 = AutoencoderConfig(hidden=(32,))
EAGER = FitConfig(  # so high a bar that each round finds units below it
    network=TABLE_3, data=DataConfig(n=640), batch=64, epochs=25, dtype="float64", revive=0.7
)
IDLE = {"encoder.0.weight": [3, 8], "decoder.0.weight": [5]}


def drawn(config: NetworkConfig, seed: int = 0) -> dict[str, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    return initial_weights(config, random, torch.float64)


def with_idle_units(config: NetworkConfig) -> dict[str, torch.Tensor]:
    weights = drawn(config)
    for name, units in IDLE.items():
        weights[name][units] = 1e-6
    return weights


def answer(config: AutoencoderConfig, weights: dict[str, torch.Tensor]) -> torch.Tensor:
    return answers(config, weights)[0]


def answers(
    config: AutoencoderConfig, weights: dict[str, torch.Tensor]
) -> tuple[torch.Tensor, ...]:
    """The reconstruction, and of a variational network the log variance too."""
    network = build(config).double()
    network.load_state_dict(weights)
    assert isinstance(network, Autoencoder)
    x = torch.rand(50, 9, generator=idle_units.generator(1, 0), dtype=torch.float64)
    return (network(x), network.code(x).log_variance) if config.variational else (network(x),)


def revive(weights: dict[str, torch.Tensor], config: NetworkConfig, below: float = 0.05):
    return put_to_work(weights, config, below, idle_units.generator(0, 1))


def test_idle_units_and_no_others_start_again() -> None:
    weights, before = with_idle_units(TABLE_3), with_idle_units(TABLE_3)
    revived = revive(weights, TABLE_3)
    assert [(layer, unit) for layer, unit, _ in revived] == [(0, 3), (0, 8), (1, 5)]
    for place, (incoming, bias, _) in enumerate(hidden_layers(TABLE_3)):
        units = {unit for layer, unit, _ in revived if layer == place}
        for name in (incoming, bias):
            changed = (weights[name] != before[name]).flatten(1 if "weight" in name else 0)
            rows = changed.any(1) if changed.ndim == 2 else changed
            assert set(rows.nonzero().flatten().tolist()) <= units
    assert revive(weights, TABLE_3) == []  # now all of them work


@pytest.mark.parametrize("variational", [False, True])
def test_copies_without_noise_leave_the_answer_as_it_was(
    monkeypatch: pytest.MonkeyPatch, variational: bool
) -> None:
    """f(copied) = f(without the idle units), as σ(w·x + b) o = 2 · σ(w·x + b) o/2."""
    config = replace(TABLE_3, variational=variational)
    weights, silent = with_idle_units(config), with_idle_units(config)
    for layer in hidden_layers(config):
        for outgoing in layer.outgoing:
            silent[outgoing][:, IDLE[layer.incoming]] = 0
    expected = answers(config, silent)
    monkeypatch.setattr(idle_units, "NOISE", 0.0)
    revive(weights, config)
    for mine, other in zip(answers(config, weights), expected, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-12, atol=1e-12)


def test_copies_differ_from_what_they_copied() -> None:
    """Negative control: twins that are the same to the bit would stay the same for ever."""
    weights = with_idle_units(TABLE_3)
    for layer, unit, like in revive(weights, TABLE_3):
        incoming = weights[hidden_layers(TABLE_3)[layer].incoming]
        assert 0 < (incoming[unit] - incoming[like]).norm() < 0.5 * incoming[like].norm()


def test_several_idle_units_share_the_strong_ones() -> None:
    """The strongest counts half once it is copied, so that 10 of 32 copy more than one unit."""
    weights = drawn(TABLE_3)
    weights["encoder.0.weight"][:10] = 0
    assert len({like for _, _, like in revive(weights, TABLE_3)}) > 1


@pytest.mark.parametrize(
    ("config", "layers"),
    [
        (AutoencoderConfig(hidden=()), []),
        (AutoencoderConfig(), ["encoder.0", "decoder.0"]),
        (AutoencoderConfig(variational=True), ["encoder.0", "decoder.0"]),
        (
            AutoencoderConfig(hidden=(8, 6)),
            ["encoder.0", "encoder.1", "decoder.0", "decoder.1"],
        ),
        (PredictorConfig(), ["layers.0", "layers.1", "layers.2"]),
    ],
)
def test_layers_are_the_hidden_ones(config: NetworkConfig, layers: list[str]) -> None:
    """The latent is none of them: table 1 has nothing to put to work."""
    assert [layer.incoming for layer in hidden_layers(config)] == [f"{n}.weight" for n in layers]
    weights, before = drawn(config), drawn(config)
    revived = revive(weights, config, below=0.9)
    assert {layer for layer, *_ in revived} == set(range(len(layers)))
    if not layers:
        assert all(torch.equal(weights[name], before[name]) for name in weights)


def test_rounds_are_spread_over_the_budget() -> None:
    dues = [idle_units.rounds_due(step / 1000) for step in range(1001)]
    assert dues == sorted(dues)
    assert (dues[0], dues[-1], set(dues)) == (0, ROUNDS, set(range(ROUNDS + 1)))
    assert dues[int(1000 * (EVERY * ROUNDS + 0.01))] == ROUNDS


def test_a_member_revives_as_if_alone() -> None:
    """The same units, steps and weights to 1e-6, whatever else is in the batch; narrow ones too."""
    others = [replace(EAGER, network=replace(TABLE_3, latent=h), seed=h) for h in (1, 5)]
    configs = [EAGER, *others, replace(EAGER, revive=0.0), replace(EAGER, epochs=10)]
    together = Trainer(configs)
    list(together)
    for place, config in enumerate(configs):
        alone = fit(config)
        list(alone)
        assert alone.revived == together.revived[place]
        assert bool(alone.revived) == (config.revive > 0)
        for mine, other in zip(
            alone.model().parameters(), together.model(place).parameters(), strict=True
        ):
            torch.testing.assert_close(mine, other, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("stop_after", [1, 4, 20])
def test_a_resumed_run_revives_the_same_units(tmp_path: Path, stop_after: int) -> None:
    whole, first = fit(EAGER, records_per_epoch=3), fit(EAGER, records_per_epoch=3)
    records = list(whole)
    begun = list(itertools.islice(first, stop_after))
    save_state(first, tmp_path / "state.safetensors")
    second = resume(tmp_path / "state.safetensors", records_per_epoch=3)
    assert second.revived == first.revived
    assert [r.train_loss for r in [*begun, *second]] == [r.train_loss for r in records]
    assert second.revived == whole.revived
    steps = {revival.step for revival in whole.revived}
    assert steps <= {10 * number for number in range(1, ROUNDS + 1)}  # 200 steps, 5 % each
    assert max(steps) > first.trainer.step


def test_a_budget_in_seconds_has_its_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = itertools.count()
    monkeypatch.setattr(trainer.time, "perf_counter", lambda: next(ticks) / 1000)
    run = fit(replace(EAGER, epochs=None, seconds=0.4))
    list(run)
    assert run.trainer.rounds == [ROUNDS]
    assert len({revival.step for revival in run.revived}) > 1


def test_files_of_older_versions_trained_without() -> None:
    card = a_card(replace(EAGER, revive=0.0))
    older = card.as_dict()
    del older["config"]["revive"]
    assert Card.from_json(json.dumps(older)) == card
    assert from_dict(older["config"]) == card.config


def test_the_thesis_presets_leave_idle_units_idle() -> None:
    assert {name: config.revive > 0 for name, config in PRESETS.items()} == {
        "fast": True,
        "thesis": False,
        "thesis-text": False,
        "vae": True,
    }


def test_a_share_says_what_is_allowed() -> None:
    with pytest.raises(ConfigError, match="revive must be a number from 0"):
        replace(EAGER, revive=-0.1)
