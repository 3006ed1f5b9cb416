"""The recipes for other machines: containers, hosting services, JupyterHub, unsupported ones."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from streamlit import config as streamlit_config

from tests.browser.server import free_port, serving
from trisym import supported
from trisym.storage import saved_runs

ROOT = Path(__file__).resolve().parents[1]
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PORT = 8501
README = (ROOT / "README.md").read_text(encoding="utf-8")


def instructions(kind: str) -> list[str]:
    """Return what follows each instruction of a kind in the Dockerfile, its lines joined."""
    text = re.sub(r"(?m)^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [line.partition(" ")[2] for line in lines if line.startswith(f"{kind} ")]


def options(command: list[str]) -> dict[str, str]:
    """Return the options of Streamlit in a command, all of which it must know."""
    found = dict(re.fullmatch(r"--([\w.]+)=(.*)", word).groups() for word in command if "=" in word)  # type: ignore[union-attr]
    assert found.keys() <= streamlit_config.get_config_options().keys()
    return found


# ---- Dockerfile

SHIM = """#!/bin/sh
echo "{name} $*" >> "{log}"
"""
PIP = """#!/bin/sh
test "$1" = install && shift
exec "{python}" -m pip install --dry-run --no-deps --quiet "$@"
"""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that went through the Dockerfile's COPY and RUN lines, in their order.

    Packages are looked up but not installed: those of the tests are the same. What only root may
    do is written down instead.
    """
    folder = tmp_path_factory.mktemp("image")
    home, tools = folder / "trisym", folder / "tools"
    home.mkdir()
    tools.mkdir()
    programs = {"pip": PIP.format(python=sys.executable)}
    for name in ("useradd", "install"):
        programs[name] = SHIM.format(name=name, log=folder / "root.log")
    for name, text in programs.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    environment |= dict(arg.split("=") for arg in instructions("ARG"))
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    runs, copies = iter(instructions("RUN")), iter(instructions("COPY"))
    for word in re.findall(r"(?m)^(RUN|COPY) ", text):
        if word == "COPY":
            *sources, _ = shlex.split(re.sub(r"--\S+ ", "", next(copies)))
            copy(sources, home)
        else:
            subprocess.run(["/bin/sh", "-ec", next(runs)], cwd=home, env=environment, check=True)
    return folder


def copy(sources: list[str], home: Path) -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()

    def leave_out(folder: str, names: list[str]) -> set[str]:
        inside = Path(folder).relative_to(ROOT)
        return {name for name in names if is_ignored(str(inside / name), ignored)}

    for source in sources:
        if source == ".":
            shutil.copytree(ROOT, home, ignore=leave_out, dirs_exist_ok=True)
        else:
            shutil.copy(ROOT / source, home)


def is_ignored(path: str, patterns: list[str]) -> bool:
    """Say whether .dockerignore leaves a path out; `**/` also stands for no folder at all."""
    return any(fnmatch(path, p) or fnmatch(path, p.removeprefix("**/")) for p in patterns)


def test_the_image_holds_the_app_for_a_visitor_without_rights(image: Path) -> None:
    done = (image / "root.log").read_text()
    assert "useradd --create-home visitor" in done
    (owned,) = re.findall(r"install -d -o visitor -g visitor (\S+)", done)
    assert instructions("WORKDIR") == [owned]
    assert instructions("USER") == ["visitor"]
    for name in ("app.py", "pages/home.py", ".streamlit/config.toml", "pretrained/results"):
        assert (image / "trisym" / name).exists()
    for name in (".git", ".venv", "tests", "library"):
        assert not (image / "trisym" / name).exists()


def test_the_image_s_command_serves_the_app_and_its_health_check_finds_out(image: Path) -> None:
    command, port = json.loads(instructions("CMD")[0]), str(free_port())
    assert options(command) == {"server.address": "0.0.0.0", "server.port": str(PORT)}
    (check,) = re.findall(r"CMD (\[.*\])", instructions("HEALTHCHECK")[0])
    _, *code = [word.replace(str(PORT), port) for word in json.loads(check)]
    asked = [sys.executable, *code]
    assert subprocess.run(asked, capture_output=True, check=False).returncode != 0, "nobody serves"
    served = [word.replace(str(PORT), port) for word in command]
    with serving([sys.executable, "-m", *served], int(port), image / "trisym"):
        subprocess.run(asked, check=True)


def test_the_image_s_port_is_the_app_s() -> None:
    assert instructions("EXPOSE") == [str(PORT)]
    assert streamlit_config.get_config_options()["server.port"].default_val == PORT
    assert f"-p {PORT}:{PORT}" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_takes_the_torch_that_was_asked_for() -> None:
    (pip,) = [line for line in instructions("RUN") if "pip install" in line]
    assert instructions("ARG") == ["CUDA=cpu"]
    index = re.search(r'--extra-index-url "(\S+)"', pip)
    assert index
    assert index[1].replace("${CUDA}", "cpu") == CPU_INDEX


# ---- services


def test_the_space_is_the_image() -> None:
    text = (ROOT / "hosting" / "huggingface" / "README.md").read_text(encoding="utf-8")
    about = yaml.safe_load(text.split("---\n")[1])
    assert (about["sdk"], about["app_port"]) == ("docker", PORT)
    assert len(about["short_description"]) <= 60  # more is refused there


def test_conda_s_environment_is_the_requirements() -> None:
    """Streamlit Community Cloud and Binder read it before requirements.txt."""
    about = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *packages, pip = about["dependencies"]
    assert packages[1:] == ["pip"]
    python = packages[0].removeprefix("python=")
    assert supported.fault(tuple(map(int, python.split("."))), "Linux", "x86_64") == ""
    assert pip == {"pip": [f"--extra-index-url {CPU_INDEX}", "--requirement requirements.txt"]}


def test_the_dev_container_starts_the_app() -> None:
    text = (ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    about = json.loads(text)
    python = about["image"].rpartition(":")[2]
    assert supported.fault(tuple(map(int, python.split("."))), "Linux", "x86_64") == ""
    assert about["containerEnv"] == {"PIP_EXTRA_INDEX_URL": CPU_INDEX}
    _, target = shlex.split(about["onCreateCommand"])
    assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
    program, run, script, *rest = shlex.split(about["postAttachCommand"])
    assert (program, run, script) == (".venv/bin/streamlit", "run", "app.py")
    assert options(rest)
    assert about["forwardPorts"] == [PORT]
    assert list(about["portsAttributes"]) == [str(PORT)]


def test_jupyterhub_serves_the_app_under_a_user_s_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = ROOT / "hosting" / "jupyter" / "jupyter_server_config.py"
    settings = SimpleNamespace(ServerProxy=SimpleNamespace())
    names: dict[str, Any] = {"get_config": lambda: settings}
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), names)  # noqa: S102
    proxied = settings.ServerProxy.servers["trisym"]
    assert proxied["absolute_url"], "else the base path below is not what Jupyter asks for"
    port = free_port()
    command = [w.format(port=port, base_url="/user/ada/") for w in proxied["command"]]
    assert command[:2] == ["trisym", "app"]
    assert options(command)["server.baseUrlPath"] == "/user/ada/trisym"
    monkeypatch.setenv(saved_runs.HOME, str(tmp_path))
    with (
        serving([sys.executable, "-m", *command], port, ROOT, "/user/ada/trisym") as served,
        urllib.request.urlopen(f"{served.url}/") as page,
    ):
        assert b"<!doctype html>" in page.read().lower()


def test_the_readme_s_hosting_names_each_file() -> None:
    section = README.partition("\n## Hosting\n")[2].partition("\n## ")[0]
    for file in (
        *("Dockerfile", "environment.yml", ".devcontainer/devcontainer.json"),
        *("hosting/huggingface/README.md", "hosting/jupyter/jupyter_server_config.py"),
    ):
        assert f"]({file})" in section
        assert (ROOT / file).exists()


# ---- what is supported


@pytest.mark.parametrize(
    ("python", "system", "machine", "sentence"),
    [
        ((3, 11, 0), "Linux", "x86_64", ""),
        ((3, 14, 9), "Darwin", "arm64", ""),
        ((3, 12, 1), "Windows", "AMD64", ""),
        ((3, 10, 13), "Linux", "x86_64", "a Python from 3.11 to 3.14, and this is 3.10"),
        ((3, 15, 0), "Linux", "x86_64", "a Python from 3.11 to 3.14, and this is 3.15"),
        ((3, 12, 1), "Darwin", "x86_64", "no longer made for Macs with an Intel processor"),
    ],
)
def test_an_unsupported_machine_is_one_sentence(
    python: tuple[int, ...], system: str, machine: str, sentence: str
) -> None:
    said = supported.fault(python, system, machine)
    assert sentence in said
    assert bool(said) == bool(sentence)


def test_the_same_is_supported_everywhere() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (asked,) = re.findall(r'(?m)^requires-python = "(.*)"$', project)
    for minor in range(6, 20):
        fault = supported.fault((3, minor), "Linux", "x86_64")
        assert SpecifierSet(asked).contains(f"3.{minor}.0") == (fault == "")
    assert "Python 3.11 to 3.14" in README
    assert "Intel" in README
    assert "$(PYTHON) trisym/supported.py" in (ROOT / "Makefile").read_text(encoding="utf-8")
