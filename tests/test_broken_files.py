"""Each file behind a page broken in turn: the part that needs it says so, and all else is there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests import folds
from tests.model_files import CARD, CONTENT
from trisym.storage import checkpoints, own_runs, results, saved_runs
from trisym.storage.visitors import Visitor
from trisym.thesis.claims import _judged, claims
from trisym.thesis.statistics import _table
from trisym.ui.kit.navigation import CLAIMS, PAGES, SYMMETRY, TRAINING, PageEntry
from trisym.ui.symmetry.scene import Scene

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 60
BREAKS: dict[str, bytes | None] = {
    "missing": None,
    "empty": b"",
    "another table": b"one,two\n1,2\n",
    "no text": b"\xff\xfe\x00\x01" * 50,
    "ragged": b'a,b\n1,2,3,4\n"x',
}


@dataclass
class Files:
    """What pages read, and which of it is broken, as a break's name by the file's."""

    folder: Path
    broken: dict[str, str] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)

    def in_place_of(self, path: Path) -> Path:
        self.read.add(path.name)
        if path.name not in self.broken:
            return path
        other = self.folder / path.name
        other.unlink(missing_ok=True)
        content = BREAKS[self.broken[path.name]]
        if content is not None:
            other.write_bytes(content)
        return other


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    _judged.cache_clear()  # what another test read is read again
    _table.cache_clear()
    found = Files(tmp_path)
    place, located = results.place, checkpoints._located

    def broken_place(name: str, folder: Path = results.RESULTS, ending: str = "csv") -> Path:
        path = found.in_place_of(folder / f"{name}.{ending}")
        return place(name, path.parent, ending)

    look = results._stamp

    def look_only(name: str, folder: Path, ending: str) -> tuple[int, int] | None:
        read = set(found.read)
        stamp = look(name, folder, ending)
        found.read = read  # to see when a file was written is not to read it
        return stamp

    monkeypatch.setattr(results, "place", broken_place)
    monkeypatch.setattr(results, "_stamp", look_only)
    monkeypatch.setattr(checkpoints, "_located", lambda name: found.in_place_of(located(name)))
    moments = count()  # a model that is broken here is not written anew in its folder
    monkeypatch.setattr(checkpoints, "stamps", lambda: frozenset({next(moments)}))
    return found


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(saved_runs.HOME, str(tmp_path / "library"))
    return tmp_path / "library"


def opened(entry: PageEntry, files: Files | None = None, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
    app.run()
    if files:
        files.read.clear()  # that was the home page
    app.query_params.update({**folds.OPEN, **query})
    return app.switch_page(entry.path).run()


def headings(app: AppTest) -> list[str]:
    return [each.value for each in (*app.title, *app.header)]


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
def test_a_broken_file_takes_its_own_part_away_and_no_other(entry: PageEntry, files: Files) -> None:
    app = opened(entry, files)
    assert not app.error
    if entry is CLAIMS:  # judged for this test, not remembered from another
        assert files.read >= {f"{name}.csv" for each in claims() for name in each.recipes}
    whole, parts = headings(app), len(app.main)
    breaks = cycle(BREAKS)
    for name in sorted(files.read):
        files.broken = {name: next(breaks)}
        app.run()
        about = (name, files.broken[name])
        assert not app.exception, about
        assert headings(app) == whole, about
        told = [each.value for each in app.error]
        # A model that can't be chosen any more is no part of a page; the claims say it in a row.
        quiet = entry is CLAIMS or name.endswith(checkpoints.SUFFIX)
        assert quiet or 1 <= len(told) <= 4, (about, told)
        assert len(app.main) > parts / 2, about


RUN = {"id": "0123abcd", "name": "mine", "status": "finished", "created": saved_runs.now()}
CONFIG = CARD.as_dict()["config"]
# What run.json may hold after a crash, an editor or a newer trisym.
RUNS: dict[str, bytes] = {
    "no text": b"\xff\xfe",
    "no JSON": b"{",
    "a list": b"[1]",
    "a config of one entry": json.dumps({**RUN, "config": {"loss": "sides"}}).encode(),
    "an unknown loss": json.dumps({**RUN, "config": {**CONFIG, "loss": "new"}}).encode(),
    "metrics in words": json.dumps({**RUN, "config": CONFIG, "metrics": {"mse": "low"}}).encode(),
    "a name with markup": json.dumps({**RUN, "config": CONFIG, "name": "[a](b)"}).encode(),
    "threads with code": json.dumps({**RUN, "config": CONFIG, "threads": "1); x("}).encode(),
    "changes in words": json.dumps({**RUN, "config": CONFIG, "changes": [["a", "b"]]}).encode(),
    "no date": json.dumps({**RUN, "config": CONFIG, "created": "yesterday"}).encode(),
    "endless": json.dumps({**RUN, "config": CONFIG, "epochs": 1e308, "seconds": 1e308}).encode(),
}


@pytest.fixture
def good(home: Path) -> saved_runs.Entry:
    return own_runs.upload(Visitor("somebody"), CONTENT, "good.safetensors")


def broken_run(home: Path, name: str, content: bytes) -> None:
    folder = home / "runs" / RUN["id"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def test_a_damaged_run_takes_no_page_away(home: Path, good: saved_runs.Entry) -> None:
    """Opened by its link, too: the good run is in every list, and the damaged one is told."""
    app = opened(TRAINING, run=RUN["id"])
    whole = headings(app)
    broken_run(home, "model.safetensors", b"PK")
    for about, content in RUNS.items():
        broken_run(home, "run.json", content)
        app.run()
        assert not app.exception, about
        # The name of a run that can be shown heads its film.
        assert [each for each in headings(app) if each in whole] == whole, about
        assert good.id in app.multiselect[0].options or good.name in app.multiselect[0].options
        assert len(app.warning) + len(app.error) >= 1, about


@pytest.mark.parametrize("file", ["model.safetensors", "history.csv", "film.safetensors"])
@pytest.mark.parametrize("content", BREAKS.values(), ids=BREAKS)
def test_a_damaged_file_of_a_run_takes_no_page_away(
    home: Path, good: saved_runs.Entry, file: str, content: bytes | None
) -> None:
    broken_run(home, "run.json", json.dumps({**RUN, "config": CONFIG}).encode())
    for name in {"model.safetensors", "history.csv", "film.safetensors"} - {file}:
        broken_run(home, name, CONTENT)
    if content is not None:
        broken_run(home, file, content)
    app = opened(TRAINING, run=RUN["id"])
    assert not app.exception
    assert headings(app)[-1] == "Runs and models"
    app.multiselect[0].set_value([RUN["id"], good.id]).run()
    assert not app.exception
    assert len(app.table) == 1
    app = opened(SYMMETRY, scene=Scene(models=(RUN["id"], good.id)).to_text())
    assert not app.exception
    assert good.id in app.multiselect[0].value
