"""Triangles shifted out of the cube: what only the activation of the input can do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from trisym import datasets, zonotopes
from trisym.datasets import DataConfig
from trisym.experiments import shifts
from trisym.experiments.recipe import RecipeContext
from trisym.metrics import side_error
from trisym.networks import Autoencoder, AutoencoderConfig, initial_weights
from trisym.storage import checkpoints

TRIANGLES = datasets.generate("random", n=500, seed=7).inputs


@pytest.fixture
def written() -> Autoencoder:
    model = Autoencoder(AutoencoderConfig()).double().requires_grad_(False)
    weights = initial_weights(model.config, torch.Generator().manual_seed(0), torch.float64)
    model.load_state_dict(weights | zonotopes.written_encoder(model.config))
    return model


def test_switching_keeps_the_weights(written: Autoencoder) -> None:
    twin = shifts.switched(written, False)
    assert not twin.config.input_activation
    for name, weights in written.state_dict().items():
        assert torch.equal(twin.state_dict()[name], weights)


def test_an_encoder_of_the_formula_drifts_below_0_only_and_only_through_its_input(
    written: Autoencoder,
) -> None:
    """l(x + t) = l(x); l(σ(x + t)) is that only where x + t >= 0."""
    triangles = TRIANGLES.double()
    bent = {row["shift"]: row["drift"] for row in shifts.curve(written, triangles)}
    straight = [row["drift"] for row in shifts.curve(shifts.switched(written, False), triangles)]
    assert max(straight) < 1e-12
    assert max(drift for shift, drift in bent.items() if shift >= 0) < 1e-12
    assert bent[-0.5] > 0.1
    # Wholly below 0 every length counts 0.3, the slope: it drifts, and no farther.
    assert bent[-10.0] == pytest.approx(bent[-1.0], rel=1e-6)


def test_where_nothing_is_shifted_the_error_is_the_networks() -> None:
    model = checkpoints.load_autoencoder("sides-h3")
    rows = {row["shift"]: row for row in shifts.curve(model, TRIANGLES)}
    assert rows[0.0]["drift"] == 0
    assert rows[0.0]["side_error"] == side_error(TRIANGLES, model(TRIANGLES)).item()
    assert rows[-0.5]["side_error"] > 20 * rows[0.0]["side_error"]
    assert rows[0.5]["side_error"] < 1.5 * rows[0.0]["side_error"]


def test_the_recipe_measures_each_network_both_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(shifts.FIT, data=DataConfig(n=2_000), epochs=1, device="cpu")
    monkeypatch.setattr(shifts, "FIT", short)
    monkeypatch.setattr(shifts, "SHIPPED", ("sides-h3",))
    monkeypatch.setattr(shifts, "TRIANGLES", 200)
    model, card = checkpoints.read("sides-h3")
    checkpoints.save(model, card, tmp_path / "sides-h3.safetensors")
    table = shifts.RECIPES["shift"].run(RecipeContext(tmp_path, lambda share, what: None))
    keys = ["model", "input_activation", "seed"]
    assert (table.groupby(keys).size() == len(shifts.SHIFTS)).all()
    assert set(table.loc[table["model"] == shifts.RETRAINED, "seed"]) == {0, 1, 2}
    above = table[table["shift"] >= 0].set_index([*keys, "shift"])["side_error"].unstack(1)
    assert (above[True] == above[False]).all()
    below = table[table["shift"] == -0.5].set_index(keys)["side_error"].unstack(1)
    assert (below[True] != below[False]).all()
