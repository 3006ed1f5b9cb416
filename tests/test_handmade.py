"""The network written by hand: its encoder is the formula to the bit, its card says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from trisym import zonotopes
from trisym.config import FitConfig
from trisym.datasets import DataConfig
from trisym.experiments import encoders, handmade
from trisym.experiments.recipe import RecipeContext, seed_name
from trisym.networks import AutoencoderConfig
from trisym.storage import checkpoints
from trisym.storage.cards import WRITTEN

SHORT = FitConfig(data=DataConfig(n=3_000), lr=5e-3, epochs=3, device="cpu")


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecipeContext:
    monkeypatch.setattr(handmade, "FIT", SHORT)
    monkeypatch.setattr(handmade, "TRAINED", SHORT)
    monkeypatch.setattr(handmade, "DIRECTIONS", (6, 12))
    monkeypatch.setattr(handmade, "STEPS", 300)
    monkeypatch.setattr(handmade, "TRIANGLES", 2_000)
    return RecipeContext(tmp_path, lambda share, what: None)


def test_the_encoder_is_the_formula_and_the_decoder_learned(context: RecipeContext) -> None:
    table = handmade.RECIPES[handmade.NAME].run(context)
    model, card = checkpoints.read(context.checkpoint(handmade.NAME))
    written = zonotopes.written_encoder(AutoencoderConfig())
    for name, weights in written.items():
        assert torch.equal(model.get_parameter(name), weights.float())
    assert table["shipped"].sum() == 1
    assert table["validation_loss"].idxmin() == table["shipped"].idxmax()
    assert card.config.seed == table.loc[table["shipped"], "seed"].item()
    assert card.notes[WRITTEN].startswith("the encoder, not trained: 85, 85, 86")
    assert "encoder fixed" in card.notes["decoder"]
    assert card.metrics["side_error"] < 0.15
    assert card.metrics["orbit_spread_far_above"] < 0.05


def test_every_way_to_choose_directions_is_measured(context: RecipeContext) -> None:
    table = handmade.RECIPES["handmade"].run(context)
    counts = table.groupby(["way", "units"]).size()
    assert counts["formula"].tolist() == counts["pythagoras"].tolist() == [1, 1]
    assert counts["optimised"].tolist() == counts["trained"].tolist() == [3, 3]
    errors = table.groupby(["way", "units"])["encoder_side_error"].mean()
    for count in (6, 12):
        assert errors["optimised", count] < errors["formula", count]
    assert errors["formula", 12] < errors["formula", 6]
    assert table.loc[table["way"] == "trained", "side_error"].notna().all()


def test_units_are_told_for_every_kept_seed(
    context: RecipeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "TRIANGLES", 2_000)
    monkeypatch.setattr(encoders, "CONTROLS", ("sides-h3", "mse-h3"))
    for name in ("sides-h3", "mse-h3"):
        model, card = checkpoints.read(name)
        card = replace(card, config=replace(card.config, seed=0))
        checkpoints.save(model, card, context.checkpoint(name))
    model, card = checkpoints.read("sides-h3")
    for seed in (0, 1):
        kept = replace(card, config=replace(card.config, seed=seed))
        checkpoints.save(model, kept, context.checkpoint(seed_name("sides-h3", seed)))
    handmade.RECIPES[handmade.NAME].run(context)
    table = encoders.RECIPES["encoder-units"].run(context).set_index(["model", "seed"])
    assert table["holds"].to_dict() == {
        ("sides-h3", 0): True,
        ("sides-h3", 1): True,
        ("mse-h3", 0): False,
        ("handmade-h3", 0): True,
        ("untrained", 0): False,
    }
    assert table.loc[("handmade-h3", 0), "translation"] < 1e-6
    assert table.loc[("handmade-h3", 0), "weight_1"] == pytest.approx(2, rel=0.01)
