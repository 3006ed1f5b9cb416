"""Model files: what is saved comes back, whole or not at all, and names find it."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.model_files import (
    CARD,
    CONTENT,
    MODEL,
    a_card,
    a_config,
    network,
    with_card,
    with_config,
)
from trisym.errors import CheckpointError, ConfigError, TrisymError
from trisym.networks import Autoencoder, AutoencoderConfig, NetworkConfig, PredictorConfig
from trisym.storage import checkpoints

# What is saved comes back


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "shape",
    [AutoencoderConfig(), AutoencoderConfig(hidden=()), PredictorConfig(inputs=2)],
    ids=["table 3", "table 1", "table 4"],
)
def test_round_trip(tmp_path: Path, shape: NetworkConfig, dtype: str) -> None:
    card = a_card(a_config(shape, dtype))
    model = network(shape, getattr(torch, dtype))
    checkpoints.save(model, card, tmp_path / "model.safetensors")
    loaded, found = checkpoints.read(tmp_path / "model.safetensors")
    assert found == card == checkpoints.load_card(tmp_path / "model.safetensors")
    assert type(loaded) is type(model)
    assert loaded.config == shape
    for mine, theirs in zip(model.parameters(), loaded.parameters(), strict=True):
        assert torch.equal(mine, theirs)
        assert theirs.dtype is getattr(torch, dtype)
        assert not theirs.requires_grad
    assert not loaded.training


def test_card_says_kind_and_when() -> None:
    assert CARD.kind == "autoencoder"
    assert a_card(a_config(PredictorConfig())).kind == "predictor"
    assert {"trisym", "torch", "numpy", "python"} == set(CARD.versions)
    assert len(CARD.created) == len("2026-01-31")


def test_whole_numbers_in_a_card_stand_for_floats() -> None:
    loaded = checkpoints.from_bytes(with_card(epochs=2, metrics={"mse": 0})).card
    assert (loaded.epochs, loaded.metrics) == (2.0, {"mse": 0.0})
    assert checkpoints.from_bytes(with_config(lr=1, betas=[0, 0])).card.config.lr == 1.0


def test_names_and_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "PRETRAINED", tmp_path)
    with pytest.raises(CheckpointError, match="none yet"):
        checkpoints.load("sides-h3")
    checkpoints.save(MODEL, CARD, tmp_path / "sides-h3.safetensors")
    assert checkpoints.names() == ["sides-h3"]
    assert isinstance(checkpoints.load("sides-h3"), Autoencoder)
    assert checkpoints.load_card(str(tmp_path / "sides-h3.safetensors")) == CARD
    assert len(checkpoints.sha256("sides-h3")) == 64
    with pytest.raises(CheckpointError, match=r"no model 'mse'\. The models .*: sides-h3"):
        checkpoints.load("mse")
    for missing in ("other.safetensors", "folder/sides-h3", "", tmp_path, "a\0b.safetensors"):
        with pytest.raises(CheckpointError, match="There is no file"):
            checkpoints.load(missing)


def test_autoencoder_wanted(tmp_path: Path) -> None:
    shape = PredictorConfig()
    path = tmp_path / "energy.safetensors"
    checkpoints.save(network(shape), a_card(a_config(shape)), path)
    with pytest.raises(CheckpointError, match="energy predictor"):
        checkpoints.load_autoencoder(path)


# What `save` refuses, and how it leaves what was there


def test_save_refuses_what_load_would(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    broken = network(CARD.config.network)
    next(broken.parameters())[0] = math.inf
    other = a_card(a_config(AutoencoderConfig()))
    precise = a_card(a_config(dtype="float64"))
    for model, card, sentence in [
        (broken, CARD, "not finite numbers"),
        (MODEL, other, "must have the shape"),
        (MODEL, precise, "must be float64"),
    ]:
        with pytest.raises(CheckpointError, match=sentence):
            checkpoints.save(model, card, path)
    with pytest.raises(ConfigError, match=r"something\.safetensors"):
        checkpoints.save(MODEL, CARD, tmp_path / "model.pt")
    assert list(tmp_path.iterdir()) == []


def test_too_large_a_network_is_told_before_training() -> None:
    checkpoints.check_size(a_config(AutoencoderConfig()))
    with pytest.raises(ConfigError, match="135 MB, and 20 MB is the most"):
        checkpoints.check_size(a_config(AutoencoderConfig(hidden=(4096, 4096))))


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_failed_write_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    path = tmp_path / "model.safetensors"
    checkpoints.save(MODEL, CARD, path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, full)
    with pytest.raises(TrisymError, match="can't be written: No space left"):
        checkpoints.save(MODEL, replace(CARD, name="new"), path)
    assert checkpoints.load_card(path) == CARD
    assert list(tmp_path.iterdir()) == [path]


def test_folder_that_can_not_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TrisymError, match="can't be written"):
        checkpoints.save(MODEL, CARD, tmp_path / "file" / "model.safetensors")


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(CONTENT)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CheckpointError, match="can't be read: Permission denied"):
        checkpoints.load(path)
