"""Every page runs within the app, and the menu lists what there is."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests import folds
from trisym.storage import checkpoints, results
from trisym.ui.kit import models
from trisym.ui.kit.model_choice import MAX_MODELS
from trisym.ui.kit.navigation import HOME, PAGES, SYMMETRY, PageEntry, after, by_section
from trisym.ui.kit.triangle_scene import HOME_POSE
from trisym.ui.symmetry.scene import Scene

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 60


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
def test_page_runs(app: AppTest, entry: PageEntry) -> None:
    """As it opens, and with all that it keeps folded."""
    app.run().switch_page(entry.path).run()
    for query in ({}, folds.OPEN):
        app.query_params.update(query)
        app.run()
        assert not app.exception
        assert not app.error
        assert len(app.title) == 1


def test_menu_lists_every_page_once() -> None:
    files = [f"pages/{file.name}" for file in (ROOT / "pages").glob("*.py")]
    assert sorted(entry.path for entry in PAGES) == sorted(files)
    assert len({entry.url_path for entry in PAGES}) == len(PAGES)
    assert PAGES[0] is HOME


def test_the_menu_holds_each_page_once() -> None:
    assert sorted(p.path for pages in by_section().values() for p in pages) == sorted(
        page.path for page in PAGES
    )
    assert all(by_section().values())


def test_each_page_leads_to_the_next() -> None:
    walked = [HOME]
    while following := after(walked[-1]):
        walked.append(following)
    assert walked == list(PAGES)


def test_app_opens_at_home_and_shows_the_device(app: AppTest) -> None:
    app.run()
    assert "triangle" in app.title[0].value
    assert any("CPU" in line.value for line in app.sidebar.caption)


@pytest.fixture
def nothing_shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A checkout before `reproduce`: no model, no result."""
    monkeypatch.setattr(checkpoints, "PRETRAINED", tmp_path)
    for name in ("load", "stamp", "check"):
        monkeypatch.setattr(results, name, partial(getattr(results, name), folder=tmp_path))


@pytest.mark.usefixtures("nothing_shipped")
@pytest.mark.parametrize("entry", [HOME, SYMMETRY], ids=lambda entry: entry.url_path)
def test_what_is_missing_is_said_with_the_command_that_makes_it(
    app: AppTest, entry: PageEntry
) -> None:
    app.run().switch_page(entry.path).run()
    assert not app.exception
    assert any("`python -m trisym reproduce" in error.value for error in app.error)


def symmetry(app: AppTest, **query: str) -> AppTest:
    app.run()
    app.query_params.update({**folds.OPEN, **query})
    return app.switch_page(SYMMETRY.path).run()


def table(app: AppTest, column: str) -> dict[str, list[str]]:
    """The rows of the table that has this column, by their first cell."""
    found = next(each.value for each in app.table if column in each.value.columns)
    return {row[0]: row[1:] for row in found.to_numpy().tolist()}


def test_symmetry_opens_with_three_networks_and_one_motion(app: AppTest) -> None:
    symmetry(app)
    assert app.multiselect[0].value == list(models.FIRST)
    sides = table(app, "pose")
    assert sides["before"] == sides["after"]  # a rigid motion, to all digits shown
    drifts = {metric.label: metric.value for metric in app.metric}
    assert set(drifts) == {"Drift", "Orbit spread"}
    latent = table(app, "drift, in spreads")
    assert float(latent["Trained on sides"][-1].strip("*")) < 0.1
    assert float(latent["Trained on coordinates"][-1].strip("*")) > 0.1


def test_move_it_moves_it_again_and_the_link_keeps_it(app: AppTest) -> None:
    symmetry(app)
    before = table(app, "drift, in spreads")
    app.button[0].click().run()
    after = table(app, "drift, in spreads")
    assert app.query_params["motion"] == "2"
    assert after["Trained on sides"][0] == before["Trained on sides"][0]  # the same start
    assert after["Trained on coordinates"][1] != before["Trained on coordinates"][1]
    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
    assert table(symmetry(other, motion="2"), "drift, in spreads") == after


def test_a_link_opens_its_triangle_and_networks(app: AppTest) -> None:
    scene = Scene(pose=((0.1, 0.1, 0.1), (0.4, 0.1, 0.1), (0.4, 0.5, 0.1)), models=("mse-h3",))
    symmetry(app, scene=scene.to_text())
    assert table(app, "pose")["before"] == ["0.3000", "0.4000", "0.5000"]
    assert list(table(app, "drift, in spreads")) == ["Trained on coordinates"]


HUGE = Scene(pose=tuple(tuple(3 * x for x in vertex) for vertex in HOME_POSE)).to_text()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"motion": "no"}, "whole number"),
        ({"motion": "-1"}, "whole number"),
        ({"motion": "9" * 500}, "whole number"),
        ({"scene": HUGE}, "cube"),
    ],
    ids=["text", "negative", "endless", "too large"],
)
def test_a_bad_link_is_told_in_a_sentence(
    app: AppTest, query: dict[str, str], sentence: str
) -> None:
    symmetry(app, researchers="false", **query)  # else each fold says it
    assert not app.exception
    told = {error.value for error in app.error}  # each part that needs it says it
    assert [sentence in each for each in told] == [True]
    assert table(app, "orbit spread")  # the rest of the page goes on


def test_a_link_opens_its_fig_9(app: AppTest) -> None:
    asked = {"triangles": "30", "motions": "20", "reach": "far, below 0", "network": "Untrained"}
    symmetry(app, **asked, cloud="1,000 triangles")
    assert [slider.value for slider in app.select_slider] == [30, 20]
    assert [radio.value for radio in app.radio] == ["untrained", "far_below"]
    assert app.selectbox[0].value == 1_000


@pytest.mark.parametrize(
    "query",
    [
        {"scene": "v1.garbage"},
        {"scene": Scene(models=("no-such-model",)).to_text()},
        {"cloud": "1e9", "triangles": "-3", "motions": "x", "reach": "moon", "network": "?"},
    ],
    ids=["scene", "model", "choices"],
)
def test_a_damaged_link_opens_the_usual_page(app: AppTest, query: dict[str, str]) -> None:
    symmetry(app, **query)
    assert not app.exception
    assert app.multiselect[0].value == list(models.FIRST)
    assert len(table(app, "orbit spread")) == len(models.FIRST)


def test_choosing_no_network_is_told_and_nothing_is_lost(app: AppTest) -> None:
    symmetry(app)
    app.multiselect[0].set_value([]).run()
    assert not app.exception
    assert "Choose one to 3" in app.error[0].value
    assert len(table(app, "drift, in spreads")) == len(models.FIRST)


def test_every_network_can_be_chosen(app: AppTest) -> None:
    symmetry(app)
    titles = models.titles()
    names = list(titles)
    for start in range(0, len(names), MAX_MODELS):
        chosen = names[start : start + MAX_MODELS]
        app.multiselect[0].set_value(chosen).run()
        assert not app.exception
        assert not app.error
        assert list(table(app, "orbit spread")) == [titles[name] for name in chosen]


def test_the_choice_of_networks_survives_a_visit_elsewhere(app: AppTest) -> None:
    symmetry(app)
    app.multiselect[0].set_value(["perimeter-h3", "untrained"]).run()
    app.switch_page(HOME.path).run().switch_page(SYMMETRY.path).run()
    assert app.multiselect[0].value == ["perimeter-h3", "untrained"]


def test_the_thesis_is_beside_what_is_measured_here(app: AppTest) -> None:
    measured = table(symmetry(app), "side error")
    assert measured["Trained on sides"][1] == "0.0020"
    assert measured["Trained on coordinates"][1] == "0.16"
    assert measured["Untrained"][1] == "–"
