"""The recipes of the thesis's own protocol, at a tiny effort: their tables are those of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from trisym.experiments import THESIS, in_order, latent_space, readouts, seed_grid
from trisym.experiments.recipe import RecipeContext
from trisym.experiments.thesis_protocol import PREFIX, Effort, recipes
from trisym.storage import results
from trisym.thesis.claims import claims

TINY = Effort(
    samples=1000,
    fresh=400,
    translation_epochs=1,
    sides_epochs=1,
    mse_epochs=1,
    energy_epochs=1,
    hidden_epochs=1,
    latents=(2, 3),
)
TWINS = {  # where a table's namesake is called otherwise
    "energy-latent": "energy",
    "energy-latent-history": "energy-history",
    "energy-latent-error": "energy-error",
    "energy-latent-fig18": "energy-fig18",
    "mse-readouts": "readouts",
    "hidden-h2-sides": "hidden-h2",
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, pd.DataFrame]:
    """Every table, made once, in the order in which they need each other."""
    folder, few = tmp_path_factory.mktemp("thesis"), pytest.MonkeyPatch()
    with few.context() as patched:
        patched.setenv("TRISYM_HOME", str(folder))
        patched.setattr(readouts, "TRIANGLES", 400)
        patched.setattr(latent_space, "TRIANGLES", 400)
        context = RecipeContext(folder / "pretrained", lambda share, what: None)
        made = recipes(TINY)
        return {name: made[name].run(context) for name in in_order(list(THESIS))}


def twin(name: str) -> str:
    bare = name.removeprefix(PREFIX)
    return TWINS.get(bare, bare)


def bare(table: pd.DataFrame) -> list[str]:
    """Columns but for orbit spreads: table 5 was made before these were told apart by side."""
    return [name for name in table.columns if not name.startswith(("orbit_spread", "pose_side"))]


def test_each_has_the_columns_of_its_namesake(tables: Mapping[str, pd.DataFrame]) -> None:
    assert set(tables) == set(recipes(TINY)) == set(THESIS)
    for name, table in tables.items():
        ours = bare(results.load(twin(name)))
        if name == PREFIX + "hidden-h2-sides":  # before its predictors: nothing is shipped yet
            ours = [column for column in ours if column not in ("shipped", "energy_mse")]
        assert bare(table) == ours, name


def test_what_is_trained_has_three_seeds(tables: Mapping[str, pd.DataFrame]) -> None:
    drawn = ("translation-examples", "latent-cloud", "hidden-predictions")  # of one network each
    for name, table in tables.items():
        if name.removeprefix(PREFIX) not in drawn:
            assert sorted(table["seed"].dropna().unique()) == [0, 1, 2], name


def test_every_claim_finds_its_rows(tables: Mapping[str, pd.DataFrame], tmp_path: Path) -> None:
    """Each number by the thesis's own protocol is there, one a seed, with these tables."""
    for name, table in tables.items():
        results.save(name, table, {}, tmp_path)
    for name in ("latent-sizes-thesis",):
        results.save(name, results.load(name), {}, tmp_path)
    for claim in claims():
        if claim.printed_measure and "h == 6" not in claim.printed_measure.where:
            found = claim.printed_measure.values(tmp_path)
            assert len(found) in (1, 3), claim.id


def test_the_protocol_is_the_thesis_s() -> None:
    """2,000 epochs of batches of 32: ten million steps."""
    whole = Effort()
    assert whole.sides_epochs * (whole.samples * 8 // 10 // 32) == 10_000_000
    assert (whole.translation_epochs, whole.energy_epochs, whole.hidden_epochs) == (120, 500, 100)


@pytest.mark.parametrize(
    ("grid", "of", "measure"),
    [(seed_grid.grid, "loss", "side_error"), (seed_grid.energy_grid, "input", "test_mse")],
)
def test_a_grid_has_every_pair_of_seeds(
    grid: Callable[..., pd.DataFrame], of: str, measure: str, tmp_path: Path
) -> None:
    effort = seed_grid.Effort(triangles=1000, epochs=1, seeds=(0, 1))
    table = grid(RecipeContext(tmp_path, lambda share, what: None), effort)
    pairs = set(zip(table[of], table["data_seed"], table["seed"], strict=True))
    assert len(pairs) == len(table) == 8
    assert table.groupby(of)[measure].nunique().tolist() == [4, 4]
