"""Recipes of more points, chirality and kinds, at little effort; and what is shipped of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
import torch

from trisym.experiments import chirality, kinds, more_points
from trisym.experiments.more_points import LOSSES, sizes
from trisym.experiments.recipe import SEEDS, RecipeContext
from trisym.geometry import side_lengths
from trisym.points import freedoms, pairs
from trisym.storage import checkpoints, results
from trisym.ui.more_points import tables, told

LITTLE = more_points.Effort(
    samples=2_000,
    points=(3, 5),
    epochs=1,
    shipped_epochs=1,
    batch=200,
    fresh=12_000,
    orbits=5,
    poses=4,
    costs=(3, 4),
    repeats=1,
)


@pytest.fixture
def context(tmp_path: Path) -> RecipeContext:
    shutil.copy(results.PRETRAINED / "sides-h3.safetensors", tmp_path)
    return RecipeContext(tmp_path, lambda share, what: None)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """What the recipe of the sweep makes."""
    context = RecipeContext(tmp_path_factory.mktemp("sweep"), lambda share, what: None)
    return more_points.recipes(LITTLE)["more-points"].run(context)


def test_the_sweep_has_every_size_and_seed(context: RecipeContext, table: pd.DataFrame) -> None:
    for points in LITTLE.points:
        own = table[(table["points"] == points) & (table["width"] == 256)]
        assert sorted(own["h"].unique()) == sizes(points)
        assert (own.groupby("h")["seed"].nunique() == len(SEEDS)).all()
        assert (own["freedoms"] == freedoms(points)).all()
        assert (own["pairs"] == pairs(points)).all()
    wide = table[table["width"] == 512]
    assert set(wide["h"]) == {3, 9}
    assert table.notna().all().all()
    results.save("more-points", table, {}, context.folder / "results")
    around = more_points.recipes(LITTLE)["more-points-wide"].run(context)
    assert around.groupby("points")["h"].unique().map(list).to_dict() == {
        3: [2, 3, 4],
        5: [8, 9, 10],
    }
    assert set(around["width"]) == {512}
    assert (around.groupby(["points", "h"])["seed"].nunique() == len(SEEDS)).all()


def test_sizes_go_around_3n_minus_6_and_past_the_distances() -> None:
    for points in (3, 4, 5, 6):
        free = freedoms(points)
        assert {1, free - 1, free, free + 1} <= set(sizes(points))
        assert max(sizes(points)) > pairs(points)


def test_losses_are_compared_and_timed(context: RecipeContext, table: pd.DataFrame) -> None:
    recipes = more_points.recipes(LITTLE)
    results.save("more-points", table, {}, context.folder / "results")
    learned = recipes["more-points-pairs"].run(context)
    assert (learned.groupby(["points", "loss"])["seed"].nunique() == len(SEEDS)).all()
    assert set(learned["points"]) == set(LITTLE.points)
    assert set(learned["loss"]) == set(LOSSES)
    cost = recipes["more-points-costs"].run(context)
    assert set(cost["loss"]) == set(LOSSES)
    assert (cost["loss_ms"] > 0).all()


def test_chirality_and_its_energy(context: RecipeContext) -> None:
    effort = chirality.Effort(LITTLE, molecules=2_000, epochs=1)
    recipes = chirality.recipes(effort)
    codes = recipes["chirality"].run(context)
    more_points.recipes(LITTLE)["points-networks"].run(context)
    assert list(codes["code"].unique()) == [code.name for code in chirality.CODES]
    assert codes["handedness"].between(0, 1).all()
    energy = recipes["chiral-energy"].run(context)
    assert (energy["floor"] > 0.05).all()
    # What sees the distances alone has no odd part at all.
    blind = energy[energy["input"] == "six distances"]
    assert blind["chiral_r2"].abs().max() < 0.01
    apart = recipes["homometric"].run(context).set_index("seen")["apart"]
    assert apart["distances, sorted"] < 1e-9
    assert apart["distances, labelled"] > 0.1


def test_kinds(context: RecipeContext) -> None:
    table = kinds.recipes(kinds.Effort(molecules=3_000, epochs=1))["kinds"].run(context)
    assert (table.groupby("input")["seed"].nunique() == len(SEEDS)).all()
    exact = table[table["input"] == "sorted by kind"]
    assert exact[["swapped", "renumbered"]].max().max() < 1e-5
    blind = table[table["input"] == "sorted, kinds unknown"]
    assert blind["exchanged_r2"].abs().max() < 1e-5  # it can't see that the kinds were exchanged


@pytest.mark.parametrize("points", [4, 5, 6])
def test_the_shipped_networks_are_what_their_cards_say(points: int) -> None:
    model, card = checkpoints.read(f"points-{points}")
    assert card.config.data.points == card.config.network.vertices == points  # type: ignore[union-attr]
    fresh = torch.rand(4_000, points, 3, generator=torch.Generator().manual_seed(9))
    error = (side_lengths(model(fresh)) - side_lengths(fresh)).abs().mean().item()
    assert error == pytest.approx(card.metrics["side_error"], rel=0.1)


def test_shipped_four_points_know_the_mirror_only_by_the_volume() -> None:
    table = results.load("chirality").set_index("code")
    distances, volume = (table.loc[code.name] for code in (chirality.CODES[0], chirality.CODES[2]))
    assert isinstance(distances, pd.DataFrame)
    assert isinstance(volume, pd.DataFrame)
    assert distances["mirror_drift"].max() < volume["mirror_drift"].min()
    assert distances["handedness"].max() < volume["handedness"].min()


def test_what_the_page_says_in_words_holds_of_the_tables() -> None:
    """The numbers in its sentences are read; that the words fit them is tested here."""
    sweep = results.load("more-points")
    rows = tables.by_points(sweep).set_index("points")
    counted = rows["level_at"] == rows["freedoms"]
    assert counted.loc[[3, 4, 5]].all()
    assert not counted.loc[6]
    assert rows["fall"].min() > 1.15
    assert rows["next_fall"].max() < 1.1
    assert rows["error"].map(min).is_monotonic_increasing
    assert min(rows.loc[6, "error_wide"]) < min(rows.loc[6, "error"])
    assert set(rows.loc[3, "found"]) == {6}
    assert max(rows.loc[6, "found"]) < 6
    wide = results.load("more-points-wide")
    for _, own in wide.groupby("points"):
        last, more = tables.falls(own, int(own["freedoms"].iloc[0]))
        assert last > 1.25 > 1.15 > more
    assert (wide.loc[wide["points"] == 6, "found"] == told.RIGID).all()
    codes = results.load("chirality").set_index("code")
    six = codes.loc["distances and volume, 6 nodes"]
    assert (six["volume_error"] > 0.95 * six["volume_mean"]).all()  # as if it were always 0
    energy = results.load("chiral-energy").groupby("input")["unexplained"].median()
    assert energy["six distances"] > results.load("chiral-energy")["floor"].max()
    assert energy["coordinates"] > energy["six distances"] > energy["distances and volume"]
    error = results.load("kinds").groupby("input")["error_kelvin"].median()
    assert error.idxmin() == "sorted by kind"
    cost = results.load("more-points-costs")
    most = cost[cost["points"] == 64].groupby("loss")["loss_ms"].min()
    assert most["gram"] < most["half"] < 0.6 * most["sides"]
    by_loss = tables.by_loss(results.load("more-points-pairs"))
    assert (by_loss["half"] / by_loss["sides"]).is_monotonic_decreasing
    assert (by_loss["gram"] / by_loss["sides"]).between(0.95, 1.05).all()
    poor = {loss: _poor(own) for loss, own in results.load("more-points-pairs").groupby("loss")}
    assert poor["gram"] == poor["sides"] != set()


def _poor(table: pd.DataFrame) -> set[tuple[int, int]]:
    """Return points and seed of the runs that end far above the best of their n."""
    best = table.groupby("points")["pair_error"].transform("min")
    poor = table[table["pair_error"] > 1.4 * best]
    return set(zip(poor["points"], poor["seed"], strict=True))
