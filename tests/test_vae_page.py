"""The page on variational autoencoders without a browser: its answer follows from its table."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests import folds
from trisym.errors import DataError
from trisym.figures import vae as figures
from trisym.storage import results
from trisym.ui.kit.navigation import VAE
from trisym.ui.training import start
from trisym.ui.training.choice import Choice
from trisym.ui.vae import tables
from trisym.ui.vae.scene import Scene

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def page() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.query_params.update(folds.OPEN)
    return app.switch_page(VAE.path)


def made(active: dict[float, list[int]], spread: float = 0.02) -> pd.DataFrame:
    """A table with h = 6: active nodes by β, a seed each; three of them say nothing of the pose."""
    rows = [
        {
            "h": 6,
            "beta": beta,
            "seed": seed,
            "active": nodes,
            "orbit_spread": spread if nodes == 3 else 0.8,
            "orbit_spread_active": spread if nodes == 3 else 0.7,
            "side_error": 0.002 * (1 + 100 * beta),
        }
        for beta, seeds in active.items()
        for seed, nodes in enumerate(seeds)
    ]
    return pd.DataFrame(rows)


def test_the_page_answers_with_its_tables_numbers(page: AppTest) -> None:
    page.run()
    assert not page.exception
    assert not page.error
    rows = tables.table()
    texts = " ".join(each.value for each in page.markdown)
    assert tables.answer(rows) in texts
    assert tables.limits(rows) in texts
    assert tables.as_generator(rows) in texts
    of_h = rows[rows["h"] == tables.NODES]
    shown = {metric.label.partition(",")[0]: metric.value for metric in page.metric}
    plain = of_h[of_h["beta"] == 0]["orbit_spread_active"].mean()
    assert shown["Orbit spread"].startswith(f"{plain:.2f}")
    for columns in (tables.GENERATED, tables.COLUMNS):
        found = next(t.value for t in page.table if set(columns.values()) <= set(t.value.columns))
        assert len(found) == len(rows.groupby(["h", "beta"]))


def test_it_is_a_yes_only_where_every_seed_drops_the_pose() -> None:
    yes = made({0.0: [6, 6], 0.001: [5, 6], 0.01: [3, 3], 1.0: [0, 0]})
    assert tables.forgotten(yes, 6) == [0.01]
    assert tables.answer(yes).startswith("**Yes, at the right price.**")
    assert "at β = 0.001, 2 of 2 seeds keep more nodes" in tables.limits(yes)
    assert "0 active nodes at β = 1" in tables.limits(yes)
    for no in (
        made({0.0: [6, 6], 0.01: [3, 4], 1.0: [0, 0]}),
        made({0.0: [6, 6], 0.01: [3, 3], 1.0: [0, 0]}, spread=0.3),
    ):
        assert tables.forgotten(no, 6) == []
        assert tables.answer(no).startswith("**No.**")
        assert tables.limits(no) == ""


def test_a_table_without_a_plain_network_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "load", lambda name: made({0.01: [3]}))
    with pytest.raises(DataError, match="no plain network with 6 nodes"):
        tables.table()


def test_the_charts_axis_begins_with_the_plain_network() -> None:
    chart = figures.against_beta(made({0.0: [6], 0.001: [5], 0.01: [3]}), "active", "nodes", False)
    spec = str(chart.to_dict())
    assert re.search(r"'sort': \['plain', '0.001', '0.01'\]", spec)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_place_off_the_path_is_refused(share: float) -> None:
    with pytest.raises(DataError, match="from 0 to 1"):
        Scene(share=(share,))


def test_a_scene_survives_its_link() -> None:
    scene = Scene(share=(0.25,), tool="move")
    assert Scene.from_text(scene.to_text()).share == (0.25,)
    assert Scene.from_text(scene.to_text()).tool == "move"


def test_the_lab_trains_a_vae_on_the_server_and_its_preset_sets_it_up() -> None:
    choice = Choice().with_preset("vae")
    config = choice.config()
    assert (choice.place, choice.h, choice.code) == ("server", 6, "variational")
    assert config.network.variational  # type: ignore[union-attr]
    assert config.kl_weight == choice.beta > 0
    assert choice.with_preset("fast").config().kl_weight == 0
    assert start.suggested(config, "Ada") == "Ada-vae-sides-h6"
    link = choice.to_query()
    assert Choice.from_query(link) == (choice, [])
    found, faults = Choice.from_query({"code": "bayes", "beta": "many"})
    assert found == Choice()
    assert [each.split(" in the link ")[0] for each in faults] == ["code", "beta"]
