"""The README does not lie: its snippets run, its commands and its files exist."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from benchmarks import report

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def words_after(command: str) -> set[str]:
    """Return what follows the command in code: indented by four, or between backticks."""
    code = "\n".join(re.findall(r"^ {4}.*$|`[^`\n]+`", README, flags=re.MULTILINE))
    return set(re.findall(rf"\b{re.escape(command)} ([\w-]+)", code))


def command_line() -> click.Group:
    values = vars(importlib.import_module("trisym.__main__")).values()
    return next(value for value in values if isinstance(value, click.Group))


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_snippet_runs(snippet: str) -> None:
    command = [sys.executable, "-W", "error", "-c", snippet]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = words_after("make")
    assert {"app", "test", "reproduce"} <= named
    assert named <= set(re.findall(r"^([\w-]+):", makefile, flags=re.MULTILINE))


def test_commands_and_options_exist() -> None:
    lines = re.findall(r"python -m trisym ([\w-]+)([^#`\n]*)", README)
    group = command_line()
    assert lines
    for name, rest in lines:
        assert name in group.commands
        options = {text for param in group.commands[name].params for text in param.opts}
        assert set(re.findall(r"--[\w-]+", rest)) <= options


def test_benchmarks_exist() -> None:
    assert words_after("trisym bench") <= set(report.names())


def test_file_map_is_the_tree() -> None:
    listed = set(re.findall(r"^      (\w+\.py|\w+/) ", README, flags=re.MULTILINE))
    here = list((ROOT / "trisym").iterdir())
    modules = {f.name for f in here if f.suffix == ".py" and f.name != "__init__.py"}
    packages = {f"{f.name}/" for f in here if (f / "__init__.py").exists()}
    assert listed == modules | packages


def test_links_and_pictures_exist() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_docker_copies_what_exists() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = [
        source
        for line in re.findall(r"^COPY (.*)$", dockerfile, flags=re.MULTILINE)
        for source in line.split()[:-1]
        if not source.startswith("--")
    ]
    assert "requirements.txt" in copied
    assert [source for source in copied if not (ROOT / source).exists()] == []


def test_ci_runs_the_readme_command_only() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make test"]
