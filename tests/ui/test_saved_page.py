"""Live views as single files: what is in them, what can't be in them, and what is refused."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import trisym
from tests.model_files import CARD, CONTENT
from trisym.__main__ import main
from trisym.errors import TrisymError
from trisym.film import NUMBERS, POINTS, Film, Frame
from trisym.storage import saved_runs
from trisym.ui import exports
from trisym.ui.kit import models
from trisym.ui.kit.bundle import undocumented
from trisym.ui.kit.saved_page import HOLE, WEB, About, SavedPage, Taken, in_script
from trisym.ui.symmetry.scene import Scene
from trisym.ui.symmetry.stage import TAKEN

MB = 1e6
HOSTILE = "</script><img src=x onerror=alert(1)><!-- $& \u2028"
LARGEST = 0.5 * MB  # of a page with three models
CHOICE = ("symmetry", "symmetries")  # of models
DATA = re.compile(r'<script type="application/json" id="shown">(.*?)</script>', re.DOTALL)


def shown_in(text: str) -> dict[str, Any]:
    (found,) = DATA.findall(text)
    return json.loads(found)  # type: ignore[no-any-return]


@pytest.fixture(scope="module", params=sorted(exports.PAGES))
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each page as a file, with three trained models where one chooses."""
    own = ["sides-h3", "mse-h3", "perimeter-h3"] if request.param in CHOICE else []
    out = tmp_path_factory.mktemp("out") / f"{request.param}.html"
    return trisym.export(request.param, out, own)


def test_a_file_is_small(exported: Path) -> None:
    assert 0.1 * MB < exported.stat().st_size < LARGEST


def test_a_file_knows_no_address_but_itself(exported: Path) -> None:
    """Not even by a link: where it goes there may be no network, and no way back."""
    text = exported.read_text(encoding="utf-8")
    assert not re.findall(
        r"https?:|\burl\(|@import|^import\b|[=:(] *import\(\w", text, re.MULTILINE
    )
    assert not re.findall(r'<\w[^>]* (?:src|href)="(?!data:,"|\$\{)', text)
    assert "default-src 'none'" in text


def test_a_file_has_one_of_each(exported: Path) -> None:
    text = exported.read_text(encoding="utf-8")
    assert HOLE not in text
    about = shown_in(text)["about"]
    assert about["version"] == trisym.__version__
    assert all(about[name] for name in ("title", "shows", "models"))
    assert len(about["cite"]) == 2
    assert text.count("</script>") == text.count("<script")


def test_its_code_is_the_apps(exported: Path) -> None:
    """The control: no line of the kit's base class is missing, nor changed."""
    base = (WEB / "live_view.js").read_text(encoding="utf-8")
    body = base[base.index("constructor(root, component)") : base.index("export function mount")]
    assert undocumented(body) in exported.read_text(encoding="utf-8")


def test_a_scene_goes_along(tmp_path: Path) -> None:
    scene = Scene(pose=((0.1, 0.2, 0.3), (0.8, 0.2, 0.3), (0.5, 0.9, 0.3)), models=("mse-h3",))
    link = f"http://localhost:8501/symmetry?scene={scene.to_text()}&embed=true"
    shown = shown_in(trisym.export(link, tmp_path / "out.html").read_text(encoding="utf-8"))
    assert Scene.from_text(shown["view"]["start"]) == Scene.from_text(scene.to_text())
    assert [model["name"] for model in shown["view"]["models"]] == ["mse-h3"]
    assert shown["carried"][0]["id"] == shown["view"]["reference"]
    assert len(shown["carried"][0]["triangles"]) == TAKEN * 9 * 4 * 4 / 3


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model of one's own in a file."""
    monkeypatch.setattr(models, "_lent", {})
    file = tmp_path / "own.safetensors"
    file.write_bytes(CONTENT)
    return file


def test_an_own_model_goes_along(own: Path) -> None:
    out = trisym.export("symmetry", own.with_suffix(".html"), ["sides-h3", own])
    shown = shown_in(out.read_text(encoding="utf-8"))
    assert [model["name"] for model in shown["view"]["models"]] == ["sides-h3", "small h-2"]
    assert shown["about"]["models"][1]["card"]["model"] == "small h-2"


def test_another_file_of_a_known_name_has_an_id_of_its_own(own: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    other.write_bytes(CONTENT)
    assert [models.lend(file) for file in (own, other, own)] == [
        "small h-2",
        "small h-2-2",
        "small h-2",
    ]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> saved_runs.Entry:
    """A run of the library's with its model and a film of three frames."""
    monkeypatch.setenv(saved_runs.HOME, str(tmp_path / "home"))
    numbers = np.arange(3)[:, None] * np.ones(len(NUMBERS))
    film = Film([Frame(row, np.zeros((POINTS, 2))).pack() for row in numbers])
    entry = saved_runs.Entry(
        id=saved_runs.new_id(),
        name="my run",
        status="finished",
        created=saved_runs.now(),
        config=CARD.config,
    )
    return saved_runs.add(entry, CONTENT, film=film.to_bytes())


def test_an_own_run_goes_along(run: saved_runs.Entry, tmp_path: Path) -> None:
    """Its film by a link to it, all frames in one parcel; its model by its id."""
    out = trisym.export(f"http://host/training?run={run.id}", tmp_path / "film.html")
    shown = shown_in(out.read_text(encoding="utf-8"))
    assert shown["view"]["parcels"] == [shown["carried"][0]["id"]] == [f"{run.id}:0:3"]
    assert shown["about"]["models"][0]["card"]["run"] == "my run"
    out = trisym.export("symmetry", tmp_path / "stage.html", [run.id])
    assert "my run" in shown_in(out.read_text(encoding="utf-8"))["about"]["models"][0]["title"]


def test_a_run_without_a_film_is_a_sentence(run: saved_runs.Entry, tmp_path: Path) -> None:
    bare = saved_runs.add(replace(run, id=saved_runs.new_id(), name="bare"), CONTENT)
    with pytest.raises(TrisymError, match="snapshots"):
        trisym.export(f"training?run={bare.id}", tmp_path / "out.html")


def test_texts_are_data() -> None:
    """No text can end the element it stands in; read back, it is the same text."""
    entry = exports_entry()
    about = About("symmetry", HOSTILE, HOSTILE, [(HOSTILE, {HOSTILE: HOSTILE})])
    text = SavedPage(entry).filled({"name": HOSTILE}, Taken(about))
    plain = SavedPage(entry).template
    assert re.findall(r"<\W*\w+", text.replace(in_script(HOSTILE), "")) == re.findall(
        r"<\W*\w+", plain
    )
    assert shown_in(text)["about"]["title"] == shown_in(text)["view"]["name"] == HOSTILE


def exports_entry() -> Path:
    return WEB.parents[1] / "symmetry" / "web" / "stage.js"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("nowhere", "The page must be one of symmetry"),
        ("", "The page must be one of symmetry"),
        ("http://[", "This is no link"),
        ("symmetry?scene=v1.AAAA", "damaged or cut off"),
        ("latent_space?latent=1,2,x", "three numbers"),
        ("training?run=nobody", "There is no run 'nobody'"),
    ],
)
def test_what_is_no_page_is_a_sentence(page: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(TrisymError, match=re.escape(said)):
        trisym.export(page, tmp_path / "out.html")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("page", "asked", "said"),
    [
        ("symmetry", ["nobody"], "There is no model 'nobody' here"),
        ("symmetry", ["sides-h3", "mse-h3", "perimeter-h3", "untrained"], "one to 3 models, not 4"),
        ("symmetry", ["missing.safetensors"], "missing.safetensors"),
        ("energy", ["sides-h3"], "models of its own"),
    ],
)
def test_models_that_are_not_there_are_sentences(
    page: str, asked: list[str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(TrisymError, match=re.escape(said)):
        trisym.export(page, tmp_path / "out.html", asked)


def command(*words: str) -> Result:
    return CliRunner().invoke(main, ["export", *words], prog_name="python -m trisym")


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    result = command("energy", str(out))
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"{out}: 0.")
    assert shown_in(out.read_text(encoding="utf-8"))


@pytest.mark.parametrize("out", ["no/such/folder/out.html", "."])
def test_an_unwritable_place_is_a_sentence(
    out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = command("energy", out)
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert out in result.stderr
