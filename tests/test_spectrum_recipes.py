"""The recipes of the symmetry spectrum: what they write, and by which rule a symmetry is found."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trisym.experiments import discovery, spectrum
from trisym.experiments.discovery import Watch, found_at, guessing_error, order
from trisym.experiments.recipe import SEEDS, RecipeContext
from trisym.spectrum import GAP, KINDS, MOTIONS
from trisym.storage import results


def context(folder: Path = results.PRETRAINED) -> RecipeContext:
    return RecipeContext(folder, lambda share, what: None)


@pytest.fixture(scope="module")
def spectra() -> pd.DataFrame:
    effort = spectrum.Effort(triangles=1_000, epochs=1, asked=300)
    return spectrum.recipes(effort)["spectrum"].run(context())


def test_every_network_has_twelve_values_from_the_largest(spectra: pd.DataFrame) -> None:
    for _, rows in spectra.groupby(["model", "fit", "seed"], dropna=False):
        if len(rows) > MOTIONS:  # the exact functions have no seed
            continue
        assert rows["rank"].tolist() == list(range(1, MOTIONS + 1))
        assert (rows["value"].diff().dropna() <= 0).all()
    shares = spectra[[f"share_{kind}" for kind in KINDS]].sum(axis=1)
    np.testing.assert_allclose(shares, 1, atol=1e-9)
    assert spectra[list(KINDS)].notna().all().all()


def test_it_covers_what_is_shipped_and_fresh_seeds(spectra: pd.DataFrame) -> None:
    seeds = spectra.groupby(["fit", "model"])["seed"].nunique()
    assert {"sides-h3", "mse-h3", "perimeter-h3", "random-h2", "translation-a"} <= set(
        seeds["shipped"].index
    )
    for kind in ("sides", "latent", "coordinates"):
        assert seeds["shipped", f"energy-{kind}"] == len(SEEDS)
    assert (seeds["trained"] == len(SEEDS)).all()
    assert {"sides-h3", "fixed-side-h2", "table1-h9"} <= set(seeds["trained"].index)
    assert seeds["untrained", "untrained"] == len(SEEDS)


@pytest.mark.parametrize(
    ("model", "fit", "found"),
    [
        ("sides", "exact", 6),
        ("perimeter", "exact", 6),
        ("coordinates", "exact", 0),
        ("sides-h3", "shipped", 6),
        ("mse-h3", "shipped", 0),
        ("untrained", "untrained", 0),
        ("energy-sides", "shipped", 6),
        ("fixed-side-h2", "shipped", 6),
    ],
)
def test_how_many_motions_each_does_not_see(
    spectra: pd.DataFrame, model: str, fit: str, found: int
) -> None:
    rows = spectra[(spectra["model"] == model) & (spectra["fit"] == fit)]
    assert set(rows["found"]) == {found}


def test_the_energy_from_the_latent_is_that_of_the_encoder_and_more(spectra: pd.DataFrame) -> None:
    """E(f(x)) does not see what f does not see."""
    rows = spectra.query("fit == 'shipped' and rank == 1").set_index("model")
    for kind in ("translation", "rotation"):
        encoder = rows.loc["sides-h3", kind] / rows.loc["sides-h3", "strain"]
        energy = rows.loc["energy-latent", kind] / rows.loc["energy-latent", "strain"]
        assert energy.max() < 1.5 * np.max(encoder)


# ---- the order


def course(**columns: list[float]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    start = {"epoch": [float(i + 1) for i in range(count)], "strain": [5.0] * count}
    return pd.DataFrame(start | columns)


HIGH, LOW = 2.0, 0.5
GUESS = 0.2
LOW_ERROR = 0.9 * GUESS / GAP


def test_translation_first_then_rotation_with_the_sides() -> None:
    found = order(
        course(
            translation=[HIGH, LOW, LOW, LOW, LOW],
            rotation=[HIGH, HIGH, HIGH, LOW, LOW],
            side_error=[GUESS, GUESS, GUESS, GUESS, LOW_ERROR],
        ),
        GUESS,
    )
    assert (found["translation"], found["rotation"], found["sides"]) == (2, 4, 5)
    assert found["translation_first"] == 1
    assert found["together"] == 0
    assert found["records_after_sides"] == pytest.approx(-1)
    assert found["with_sides"] == 1


def test_what_is_lost_again_was_not_found() -> None:
    found = order(
        course(
            translation=[LOW, HIGH, HIGH, LOW],
            rotation=[LOW, HIGH, LOW, LOW],  # a single lapse
            side_error=[LOW_ERROR] * 4,
        ),
        GUESS,
    )
    assert found["translation"] == 4
    assert found["rotation"] == 1
    assert found["translation_first"] == 0
    assert found["with_sides"] == 1


def test_what_is_never_found_is_not_a_number() -> None:
    found = order(
        course(translation=[LOW, LOW], rotation=[HIGH, HIGH], side_error=[GUESS, GUESS]), GUESS
    )
    assert math.isnan(float(found["rotation"]))  # type: ignore[arg-type]
    assert found["translation_first"] == 1
    assert math.isnan(float(found["with_sides"]))  # type: ignore[arg-type]
    never = order(
        course(translation=[HIGH, HIGH], rotation=[HIGH, HIGH], side_error=[GUESS, GUESS]), GUESS
    )
    assert math.isnan(float(never["translation_first"]))  # type: ignore[arg-type]


def test_found_at() -> None:
    epochs = np.array([1.0, 2.0, 3.0])
    assert found_at(epochs, np.array([True, True, True])) == 1
    assert found_at(epochs, np.array([False, False, True])) == 3
    assert found_at(epochs, np.array([True, False, True])) == 1  # a single lapse
    assert math.isnan(found_at(epochs, np.array([True, True, False])))


def test_the_best_constant_answer_errs_by_a_fifth_of_an_edge() -> None:
    assert guessing_error() == pytest.approx(0.20, abs=0.01)


def test_a_run_is_watched_as_long_as_it_is_told(tmp_path: Path) -> None:
    effort = discovery.Effort(1_000, (Watch("fast", 2, 2, 3),))
    recipes = discovery.recipes(effort)
    table = recipes["discovery"].run(context(tmp_path))
    assert len(table) == 2 * 2 * 3
    assert table.groupby("seed")["epoch"].max().tolist() == [2.0, 2.0]
    assert (table["answer_1"] >= table["answer_12"]).all()
    results.save("discovery", table, {}, tmp_path / "results")
    orders = recipes["discovery-order"].run(context(tmp_path))
    assert orders[["preset", "seed"]].to_numpy().tolist() == [["fast", 0], ["fast", 1]]


def test_the_order_that_is_kept_follows_from_the_courses() -> None:
    made = discovery.recipes(discovery.Effort())["discovery-order"].run(context())
    pd.testing.assert_frame_equal(
        made, results.load("discovery-order"), rtol=1e-4, check_dtype=False
    )
    assert made.groupby("preset")["seed"].nunique().min() >= 8
