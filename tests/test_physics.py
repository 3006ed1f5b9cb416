"""The recipes of Fig. 15: what they train, keep and measure, and when something is found."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from trisym import datasets
from trisym.experiments import physics, physics_run
from trisym.experiments.recipe import RecipeContext, seed_name
from trisym.film import MOST_FRAMES, Film
from trisym.geometry import side_lengths
from trisym.networks import AutoencoderConfig, PredictorConfig
from trisym.spectrum import KINDS
from trisym.storage import checkpoints, energy_models, results

EFFORT = physics.Effort(
    molecules=2_000,
    epochs=2,
    seeds=(0, 1),
    watched=(0, 1, 2),
    orbits=20,
    poses=10,
    asked=200,
    pulled=50,
)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> RecipeContext:
    """A folder with the networks of a small effort."""
    made = RecipeContext(tmp_path_factory.mktemp("pretrained"), lambda share, what: None)
    table = physics.recipes(EFFORT)[physics.NETWORKS].run(made)
    assert len(table) == (len(physics.networks()) + 1) * len(EFFORT.seeds)
    physics._ship(made, EFFORT.seeds)
    return made


def test_every_seed_is_kept_and_the_best_is_shipped(context: RecipeContext) -> None:
    for asked in physics.networks():
        cards = [
            checkpoints.load_card(context.checkpoint(seed_name(asked.name, seed)))
            for seed in EFFORT.seeds
        ]
        assert [card.config for card in cards] == [
            physics.config_of(asked, seed, EFFORT) for seed in EFFORT.seeds
        ]
        if asked.name in physics.SHIPPED:
            shipped = checkpoints.load_card(context.checkpoint(asked.name))
            best = min(cards, key=lambda card: card.metrics["validation_loss"])
            assert shipped.config.seed == best.config.seed
    names = {asked.name for asked in physics.networks()}
    assert set(physics.SHIPPED) <= names
    baseline = context.checkpoint(seed_name(physics.BASELINE, 0))
    assert energy_models.load(baseline).kind == "coordinates"


def test_the_table_has_every_network_with_its_seeds(context: RecipeContext) -> None:
    table = physics.recipes(EFFORT)[physics.NAME].run(context)
    assert (table.groupby("model")["seed"].nunique() == len(EFFORT.seeds)).all()
    networks = table[table["model"] != physics.BASELINE]
    assert set(networks["weight"]) == {0, 1, 100, math.inf}
    measured = [*KINDS, "spread", "spread_whitened", "linear_side_error", "coordinate_mse"]
    assert networks[measured].notna().all().all()
    assert table[["energy_mse", "pose_mse", "force_angle", "net_force"]].notna().all().all()
    assert networks["spread"].between(0, 1).all()
    three = networks[networks["h"] == physics.SEEN]
    assert (three["spread"] == three["spread_all"]).all()


def test_the_baseline_has_as_many_weights_as_lie_before_the_energy() -> None:
    def count(shapes: dict[str, tuple[int, ...]], *parts: str) -> int:
        return sum(math.prod(s) for name, s in shapes.items() if name.split(".")[0] in parts)

    joint = count(AutoencoderConfig(sees=physics.SEEN).tensor_shapes(), "encoder", "head")
    baseline = count(PredictorConfig(9, physics.BASELINE_HIDDEN).tensor_shapes(), "layers")
    assert joint == 6_212
    assert abs(baseline / joint - 1) < 0.01


def test_the_runs_leave_a_film_of_the_one_that_ended_lowest(tmp_path: Path) -> None:
    context, made = RecipeContext(tmp_path, lambda share, what: None), physics_run.recipes(EFFORT)
    table = made[physics_run.NAME].run(context)
    folder = context.folder / "results"
    film = Film.from_bytes((folder / f"{physics_run.NAME}.safetensors").read_bytes())
    filmed = table[table["filmed"]]
    last = table.groupby("seed")[physics_run.LOSS].last()
    assert set(filmed["seed"]) == {last.idxmin()}
    assert film.steps == filmed["step"].tolist()
    assert 5 < len(film.frames) <= MOST_FRAMES
    results.save(physics_run.NAME, table, {}, folder)
    assert made[physics_run.ORDER].run(context)["seed"].tolist() == list(EFFORT.watched)


def course(translation: list[float], rotation: list[float], loss: list[float]) -> pd.DataFrame:
    count = len(loss)
    return pd.DataFrame(
        {
            "step": range(count),
            "epoch": np.arange(count) / 2,
            "translation": translation,
            "rotation": rotation,
            "strain": [1.0] * count,
            "validation_loss": loss,
            "orbit_spread": [0.5] * count,
        }
    )


def test_found_is_what_stays_five_times_weaker_than_strains() -> None:
    run = course(
        [1, 1, 0.1, 0.1, 0.1, 0.1], [1, 1, 1, 1, 0.1, 0.1], [math.nan, 1, 0.5, 0.02, 0.02, 0.02]
    )
    found = physics_run.order(run)
    assert (found["translation"], found["rotation"], found["energy"]) == (1.0, 2.0, 1.5)
    assert found["translation_first"] == 1
    other = physics_run.order(course([1] * 6, [0.1] * 6, [math.nan, 1, 1, 1, 1, 1]))
    assert math.isnan(other["translation"])
    assert math.isnan(other["translation_first"])
    assert math.isnan(other["energy"])


def test_sides_are_read_off_what_holds_them_and_off_nothing_else() -> None:
    molecules = datasets.generate("lennard-jones", n=4_000, seed=5).inputs
    sides = side_lengths(molecules)
    turned = sides @ torch.tensor([[1.0, 0.2, 0], [0, 1.0, 0.3], [0.4, 0, 1.0]])
    exact = physics.read_sides(turned, sides)
    assert exact["linear_side_error"] < 1e-5
    assert exact["neighbour_side_error"] < 1.5 * exact["neighbour_floor"]
    blind = physics.read_sides(torch.rand(4_000, 3), sides)
    assert blind["neighbour_side_error"] > 4 * exact["neighbour_floor"]
    assert blind["linear_side_error"] > 0.05
