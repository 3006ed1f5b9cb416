"""Sections 3.1, 3.2, 5.1 and Fig. 8: the recipes at a small size, against what arithmetic says."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from trisym.config import PRESETS
from trisym.datasets import DataConfig, generate
from trisym.experiments import degrees_of_freedom as degrees
from trisym.experiments import latent_space, scaling, translation
from trisym.experiments.recipe import SEEDS, RecipeContext
from trisym.geometry import side_lengths
from trisym.networks import Autoencoder, AutoencoderConfig
from trisym.sampling import Pairs
from trisym.storage import checkpoints
from trisym.thesis.plateau import over_seeds
from trisym.ui.degrees_of_freedom import curves as ui_degrees


@pytest.fixture
def context(tmp_path: Path) -> RecipeContext:
    return RecipeContext(tmp_path, lambda share, what: None)


def identity() -> Autoencoder:
    """x -> x, exactly, in the cube: no pre-activation is ever negative there."""
    model = Autoencoder(AutoencoderConfig(hidden=(), latent=9))
    with torch.no_grad():
        for layer in (model.encoder[0], model.decoder[0]):
            layer.weight.copy_(torch.eye(9))
            layer.bias.zero_()
    return model.eval().requires_grad_(False)


def test_a_leaky_relu_network_can_be_the_identity_on_the_cube() -> None:
    """A(x) = x for all x in [0, 1]^9: eq. 6's bound does not hold there."""
    triangles = generate("random", n=1000, seed=4).inputs
    assert degrees.errors(identity(), Pairs(triangles, triangles)) == pytest.approx(
        {"mse": 0.0, "side_error": 0.0}
    )


def test_but_not_outside_it() -> None:
    """The control: with negative coordinates the slope bites."""
    triangles = generate("random", n=1000, seed=4).inputs - 1
    assert degrees.errors(identity(), Pairs(triangles, triangles))["mse"] > 0.1


def test_lift_is_how_far_up_a_network_moves() -> None:
    triangles = generate("random", n=100, seed=4).inputs
    model = identity()
    with torch.no_grad():
        model.decoder[0].bias += torch.tensor([0.0, 0.0, 0.25]).repeat(3)
    found = translation._errors_and_lift(model, Pairs(triangles, triangles))
    assert found["lift"] == pytest.approx(0.25)
    assert found["side_error"] == pytest.approx(0.0, abs=1e-6)


def test_latent_sizes_has_every_size_and_seed_with_and_without_activation(
    context: RecipeContext,
) -> None:
    table = degrees._latent_sizes(context, n=3000)
    assert len(table) == 2 * len(degrees.LATENTS) * len(SEEDS)
    assert (table.groupby("activation").size() == 30).all()
    assert not table.isna().any().any()


def test_linear_networks_leave_what_the_missing_nodes_would_hold() -> None:
    """MSE = (9 - h)/9 · 1/12 for coordinates uniform in (0, 1)."""
    data = DataConfig("random", n=20_000)
    fits = [degrees.table1_fit("fast", h, data, 0) for h in (3, 9)]
    linear = [_replace_activation(fit) for fit in fits]
    table = degrees.measured(linear, lambda share, what: None)
    assert table["mse"].tolist() == pytest.approx([6 / 9 / 12, 0.0], abs=2e-3)


def _replace_activation(fit):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(fit, network=replace(fit.network, activation="linear"), epochs=30)


def test_equal_steps_are_equal() -> None:
    batch = PRESETS["thesis"].batch
    steps = [degrees._epochs("steps", n) * max(1, n * 8 // 10 // batch) for n in degrees.SIZES]
    assert max(steps) / min(steps) < 1.15
    assert {degrees._epochs("epochs", n) for n in degrees.SIZES} == {120}


def test_floor_is_the_variance_of_what_can_not_be_known() -> None:
    """Set a: heights uniform in (0, 1) have variance 1/12, in one coordinate of three."""
    floor = translation._floor(DataConfig("translation-a", n=40_000))
    assert floor == pytest.approx(1 / 36, rel=0.05)
    assert translation._floor(DataConfig("translation-b", n=2000)) == pytest.approx(0, abs=1e-10)


def test_translation_examples_ship_a_network_for_each_set(context: RecipeContext) -> None:
    table = translation._translation_examples(context, n=2000)
    assert set(table["dataset"]) == set(translation.SETS)
    for name, h in translation.EXPECTED.items():
        model = checkpoints.load_autoencoder(context.checkpoint(name))
        assert model.config.latent == h
        card = checkpoints.load_card(context.checkpoint(name))
        assert card.metrics.keys() == {"mse", "side_error"}  # what `evaluate` can measure again
        rows = table[table["dataset"] == name]
        inputs = torch.tensor(rows[["input_x", "input_y", "input_z"]].to_numpy(np.float32))
        outputs = model(inputs.unflatten(0, (-1, 3))).flatten(0, 1).numpy()
        stored = rows[["prediction_x", "prediction_y", "prediction_z"]].to_numpy()
        assert np.abs(outputs - stored).max() < 1e-5


def test_side_combinations_are_found_and_an_idle_node_has_no_r() -> None:
    sides = side_lengths(generate("random", n=500, seed=4).inputs).double().numpy()
    latent = np.column_stack([sides @ [1.0, -2.0, 0.5] + 0.3, np.full(500, 7.0)])
    found = latent_space.side_combinations(latent, sides)
    first = found.iloc[0][["l1", "l2", "l3", "constant", "r"]].astype(float)
    assert first.to_numpy() == pytest.approx([1.0, -2.0, 0.5, 0.3, 1.0])
    assert math.isnan(found.iloc[1]["r"])


def test_noise_has_a_low_r() -> None:
    """The control of Fig. 16."""
    sides = side_lengths(generate("random", n=500, seed=4).inputs).double().numpy()
    noise = np.random.default_rng(0).normal(size=(500, 1))
    assert latent_space.side_combinations(noise, sides)["r"].iloc[0] < 0.3


def test_distances_outnumber_coordinates_from_eight_on() -> None:
    """n(n - 1)/2 > 3n, so n > 7."""
    assert scaling.crossing() == 8
    assert [scaling.distances(n) for n in (2, 3, 4, 5, 19)] == [1, 3, 6, 10, 171]


def test_scaling_times_every_count_in_every_round(context: RecipeContext) -> None:
    table = scaling._scaling(context, counts=(3, 5), repeats=2)
    assert len(table) == 2 * scaling.ROUNDS
    assert (table[["sides_ms", "mse_ms", "network_ms"]] > 0).all().all()


def test_exact_says_what_the_thesis_misprints(context: RecipeContext) -> None:
    table = scaling._exact(context).set_index("quantity")["value"]
    assert table["first n with more distances than coordinates"] == 8
    assert table["parameters of table 3 at h = 3"] == 6668
    assert table["perimeter loss of a wrong triangle"] == pytest.approx(0, abs=1e-12)
    assert table["side error of the same triangle"] == pytest.approx(0.2 / 3)


def test_small_recipe_counts_six_freedoms_of_flat_triangles() -> None:
    """Set b lies on a plane: the error is level from h = 6 on, and not before."""
    data = DataConfig("translation-b", n=20_000)
    fits = [_replace_activation(degrees.table1_fit("fast", h, data, 0)) for h in (4, 5, 6, 7)]
    table = degrees.measured(fits, lambda share, what: None)
    assert over_seeds(pd.DataFrame(table), "mse").median == 6


def test_fig_6_is_normalised_by_the_means_over_seeds() -> None:
    rows = pd.DataFrame(
        {
            "h": [1, 1, 2, 2],
            "seed": [0, 1, 0, 1],
            "mse": [5.0, 3.0, 1.0, 3.0],
            "side_error": [0.4, 0.4, 0.3, 0.3],
        }
    )
    found = ui_degrees.normalised(rows).groupby(["kind", "h"])["share"].mean()
    assert found["loss"].tolist() == [1.0, 0.0]
    assert found["side error"].tolist() == pytest.approx([1.0, 0.0])
