"""`pip install .`: the wheel holds the library, the app and the shipped models, and works alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from trisym.storage import saved_runs

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"pages": "*.py", "pretrained": "**/*.*", ".streamlit": "*.toml"}  # all of it is needed


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which this checkout was installed; its dependencies are those of the tests."""
    target = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--target", str(target), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


def run(installed: Path, *words: str) -> str:
    """Run Python in the folder, as somebody who has no checkout; return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    environment.pop(saved_runs.HOME, None)
    done = subprocess.run(
        [sys.executable, *words],
        cwd=installed,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_holds_the_app_and_the_models(installed: Path) -> None:
    inside = installed / "trisym" / "_app"
    for folder, pattern in FOLDERS.items():
        there = {file.relative_to(ROOT / folder) for file in (ROOT / folder).glob(pattern)}
        found = {file.relative_to(inside / folder) for file in (inside / folder).glob(pattern)}
        assert there
        assert there <= found
    assert (inside / "app.py").read_bytes() == (ROOT / "app.py").read_bytes()
    assert not list(installed.rglob("tests"))


def test_it_loads_its_own_models_and_keeps_runs_outside_itself(installed: Path) -> None:
    code = (
        "import trisym\n"
        "from trisym.storage import results, saved_runs\n"
        "model = trisym.load('sides-h3')\n"
        "print(results.PRETRAINED, model.config.latent, saved_runs.home())"
    )
    pretrained = installed / "trisym" / "_app" / "pretrained"
    home = Path("~/.trisym").expanduser()
    assert run(installed, "-W", "error", "-c", code).split() == [str(pretrained), "3", str(home)]


def test_its_command_is_trisym(installed: Path) -> None:
    text = run(installed, str(installed / "bin" / "trisym"), "--help")
    assert text.startswith("Usage: trisym ")
    assert {"app", "train", "evaluate", "reproduce"} <= set(text.split())
    streamlit = run(installed, str(installed / "bin" / "trisym"), "app", "--help")
    assert "--server.port" in streamlit


def test_its_app_draws_its_first_page(installed: Path) -> None:
    code = (
        "from streamlit.testing.v1 import AppTest\n"
        "from trisym.paths import ROOT\n"
        "app = AppTest.from_file(str(ROOT / 'app.py'), default_timeout=60).run()\n"
        "print(len(app.exception), app.title[0].value)"
    )
    assert run(installed, "-c", code).startswith("0 ")


def test_what_it_asks_for_is_what_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {each.name: each for each in map(Requirement, project["dependencies"])}
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line)
    assert asked.keys() == pins.keys()
    assert all(asked[name].specifier.contains(version) for name, version in pins.items())
