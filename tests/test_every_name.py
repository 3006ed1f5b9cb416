"""Whatever name the library accepts, every page shows, links and downloads."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import safetensors.torch
from streamlit.testing.v1 import AppTest

from tests.model_files import CARD, network
from trisym.config import FitConfig
from trisym.jobs import script
from trisym.names import LONGEST, check_name
from trisym.networks import AutoencoderConfig
from trisym.outside_text import in_markdown
from trisym.storage import checkpoints, own_runs, saved_runs
from trisym.storage.visitors import Visitor
from trisym.ui.kit import visitor
from trisym.ui.kit.model_choice import MAX_MODELS
from trisym.ui.kit.navigation import PAGES, SYMMETRIES, SYMMETRY, TRAINING, PageEntry
from trisym.ui.symmetries import scene as symmetries
from trisym.ui.symmetry import scene as symmetry
from trisym.ui.training import take_away

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 60
NAMES = (
    "www.evil.example 1",
    "5. a--b_c_ x",
    "con",  # a device on Windows
    "नमूना שם نموذج",
    "模型 v1.2+é",
    "𝔘" * LONGEST,
)
CONFIG = FitConfig(network=AutoencoderConfig(hidden=(4,)))
# Pages on which runs can be chosen.
OFFERING = {"symmetry", "symmetries", "inside", "latent_space", "training"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[saved_runs.Entry]]:
    """A library with a run of each name, all of them one visitor's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(saved_runs.HOME, str(tmp_path_factory.mktemp("library")))
        yield [_kept(name) for name in NAMES]


def _kept(name: str) -> saved_runs.Entry:
    check_name(name)
    model, card = network(CONFIG.network), replace(CARD, name=name, config=CONFIG)
    content = safetensors.torch.save(model.state_dict(), metadata={"card": card.as_json()})
    uploaded = own_runs.upload(Visitor("ada"), content, f"{name}.safetensors")
    assert uploaded.name == name
    finished = replace(uploaded, id=saved_runs.new_id(), status="finished", steps=8)
    saved_runs.folder_of(uploaded.id).rename(saved_runs.folder_of(finished.id))
    saved_runs.write(finished)
    history = "epoch,step,seconds,train_loss,side_error\n1,8,0.5,0.1,0.2\n2,16,1,0.1,0.1\n"
    (saved_runs.folder_of(finished.id) / saved_runs.FILES["history"]).write_text(history)
    return finished


@pytest.fixture(scope="module")
def app(runs: list[saved_runs.Entry]) -> AppTest:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(visitor, "cookies", dict)
        return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()


def opened(app: AppTest, page: PageEntry, **query: str) -> AppTest:
    """Come to a page by a link; nothing must be amiss there."""
    app.query_params.clear()
    app.query_params.update(query)
    app.switch_page(page.path).run()
    assert not app.exception
    assert [box.value for box in (*app.error, *app.warning)] == []
    return app


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.url_path)
def test_every_page_opens_and_offers_every_name(app: AppTest, page: PageEntry) -> None:
    opened(app, page)
    offers = [list(widget.options) for widget in (*app.multiselect, *app.selectbox)]
    offering = [texts for texts in offers if any(text.startswith(NAMES[0]) for text in texts)]
    assert bool(offering) == (page.url_path in OFFERING)
    for texts in offering:
        for name in NAMES:
            assert any(text.startswith(name) for text in texts), name


@pytest.mark.parametrize(
    ("page", "parameter", "scene"),
    [
        (SYMMETRY, "scene", symmetry.Scene),
        (SYMMETRIES, "scene", symmetries.Scene),
    ],
    ids=lambda value: getattr(value, "url_path", None),
)
def test_every_name_is_linked(
    app: AppTest, runs: list[saved_runs.Entry], page: PageEntry, parameter: str, scene: type
) -> None:
    """By the run's id, which stays when it is renamed; and by its name, as older links do."""
    for first in range(0, len(runs), MAX_MODELS):
        some = runs[first : first + MAX_MODELS]
        for asked in ([run.id for run in some], [run.name for run in some]):
            opened(app, page, **{parameter: scene(models=tuple(asked)).to_text()})
            assert app.multiselect[0].value == [run.id for run in some]


@pytest.mark.parametrize("name", NAMES)
def test_every_run_is_watched_and_downloaded(
    app: AppTest, runs: list[saved_runs.Entry], name: str
) -> None:
    run = next(run for run in runs if run.name == name)
    opened(app, TRAINING, run=run.id)
    assert f"{in_markdown(name)}, finished" in [header.value for header in app.header]
    assert app.multiselect[0].value == [run.id]
    files = [f"{name}.safetensors", f"{name}.json", f"{name}.csv", script.filename(run)]
    labels = [button.proto.label for button in app.get("download_button")]
    assert {*map(in_markdown, files)} <= {*labels}
    compile(script.repeat(run), script.filename(run), "exec")


def test_every_run_is_in_the_zip(runs: list[saved_runs.Entry]) -> None:
    with zipfile.ZipFile(io.BytesIO(take_away.zipped(runs))) as archive:
        for run in runs:
            model = archive.read(f"{run.name}/{run.name}.safetensors")
            assert checkpoints.from_bytes(model).card.name == run.name
            assert json.loads(archive.read(f"{run.name}/{run.name}.json"))["name"] == run.name
            assert archive.read(f"{run.name}/{run.name}.csv").startswith(b"epoch,")
        assert list(pd.read_csv(archive.open("runs.csv"))["name"]) == list(NAMES)
