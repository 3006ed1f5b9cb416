"""The page of unseen motions without a browser: its tables, its sentences, what is missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests import folds
from tests.model_files import network
from trisym.errors import DataError
from trisym.networks import AutoencoderConfig
from trisym.spectrum import MOTIONS
from trisym.storage import results
from trisym.ui.kit import models
from trisym.ui.kit.navigation import SYMMETRIES
from trisym.ui.symmetries import spectra, tables
from trisym.ui.symmetries.scene import FIRST_RANK, Scene

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def page() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.query_params.update({**folds.OPEN, "numbers": "true"})
    return app.switch_page(SYMMETRIES.path)


def table(page: AppTest, column: str) -> pd.DataFrame:
    return next(each.value for each in page.table if column in each.value.columns)


def test_the_page_says_how_many_motions_each_network_does_not_see(page: AppTest) -> None:
    page.run()
    assert not page.exception
    assert not page.error
    own = table(page, "answers, the strongest first").set_index("network")
    assert own["not seen"].to_dict() == {
        "Trained on sides": "6",
        "Trained on perimeters": "6",
        "Trained on coordinates": "0",
    }
    assert own["answers, the strongest first"].str.split().str.len().eq(MOTIONS).all()


def test_every_group_of_networks_has_its_table(page: AppTest) -> None:
    page.run()
    assert not page.exception
    shown = [each.value for each in page.table if "gap" in each.value.columns]
    assert len(shown) == len(tables.GROUPS)
    for rows in shown:
        assert len(rows) >= 3
        assert rows["network"].is_unique


def test_all_networks_of_the_recipe_are_in_a_group() -> None:
    grouped = {model for group in tables.GROUPS.values() for model in group}
    assert grouped == set(tables.MODELS)
    assert set(results.load("spectrum")["model"]) <= grouped


def test_every_claim_of_ours_is_shown_with_its_verdict(page: AppTest) -> None:
    page.run()
    shown = table(page, "statement of ours")
    assert len(shown) >= 10
    assert shown.iloc[:, -1].str.contains("holds|does not hold|not measured yet").all()


@pytest.mark.parametrize("missing", ["spectrum", "discovery"])
def test_a_missing_table_is_said_with_the_command_that_makes_it(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str
) -> None:
    load = results.load

    def without(name: str, folder: Path = results.RESULTS) -> pd.DataFrame:
        return load(name, tmp_path if name == missing else folder)

    monkeypatch.setattr(results, "load", without)
    page.run()
    assert not page.exception
    assert any(f"`python -m trisym reproduce {missing}`" in each.value for each in page.error)


def test_a_network_that_can_not_be_asked_leaves_the_others(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = network(AutoencoderConfig())
    for parameter in dead.parameters():
        parameter.zero_()
    alive = models.network
    monkeypatch.setattr(models, "network", lambda name: dead if name == "mse-h3" else alive(name))
    spectra._spectrum.clear()
    page.run()
    spectra._spectrum.clear()
    assert not page.exception
    assert [each.value for each in page.error] == [
        "Trained on coordinates: All triangles have one latent point here: a network that tells "
        "nothing apart sees no motion at all. Train it longer, or take another one."
    ]
    assert len(table(page, "answers, the strongest first")) == 2


# ---- numbers in words


def test_over_seeds() -> None:
    assert tables.over_seeds(pd.Series([1.0])) == "1.0"
    assert tables.over_seeds(pd.Series([1.0, 2.0, 3.0])) == "2.0 ± 1.0"
    assert tables.over_seeds(pd.Series([1e-15, 2e-15])) == "0"
    assert tables.over_seeds(pd.Series([3e15, 4e15])) == "∞"


def test_the_order_in_words() -> None:
    nan = np.nan
    found = pd.DataFrame(
        {
            "rotation": [1.0, 2.0, 1.0, nan],
            "translation_first": [1.0, 0.0, 0.0, 1.0],
            "together": [0.0, 1.0, 0.0, 0.0],
            "records_after_sides": [0.0, 5.0, -4.0, nan],
            "with_sides": [1.0, 0.0, 0.0, nan],
        }
    )
    text = tables.orders(found)
    assert "first in **2 of 4** runs, both at once in 1, rotations first in 1." in text
    assert "1 of them had not found the rotations" in text
    assert "in **1 of 3**, before it in 1, after it in 1." in text


# ---- the scene


def test_a_scene_survives_its_link() -> None:
    scene = Scene(tuple(np.linspace(-5, 5, 12).astype(np.float32).tolist()), (12.0,), rank="none")
    again = Scene.from_text(scene.to_text())
    assert (again.motion, again.triangle, again.rank) == (scene.motion, (12.0,), "none")
    assert again.to_text() == scene.to_text()
    assert Scene.from_text(Scene().to_text()).rank == FIRST_RANK


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"motion": (1.0,) * 11}, "A motion is 12 numbers"),
        ({"motion": (21.0,) * 12}, "from -20 to 20"),
        ({"motion": (np.nan,) * 12}, "A motion is 12 numbers"),
        ({"triangle": (-1.0,)}, "one number from 0 on"),
        ({"triangle": (np.inf,)}, "one number from 0 on"),
        ({"models": ("a", "b", "c", "d")}, "at most 3 models"),
    ],
)
def test_what_no_hand_can_make_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        Scene(**changes)  # type: ignore[arg-type]
