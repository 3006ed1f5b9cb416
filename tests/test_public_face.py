"""`import trisym`: quick, complete, and the same for Python, for `dir` and for a type checker."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import trisym

ROOT = Path(__file__).resolve().parents[1]
PROMISED = (
    "load",
    "load_card",
    "fit",
    "datasets",
    "geometry",
    "FitConfig",
    "DataConfig",
    "PRESETS",
)
HOMES = {**trisym._MODULES, **trisym._HOMES}


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_nothing_heavy_before_it_is_used() -> None:
    """The control is in the same program: the first use does import torch."""
    done = run_python(
        "import sys, trisym\n"
        "dir(trisym), trisym.__version__, trisym.TrisymError\n"
        "assert 'torch' not in sys.modules and 'numpy' not in sys.modules\n"
        "inputs = trisym.datasets.generate('random', n=5, seed=1).inputs\n"
        "assert 'torch' in sys.modules and inputs.shape == (5, 3, 3)\n"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "home"), HOMES.items())
def test_every_name_is_there(name: str, home: str) -> None:
    value = getattr(trisym, name)
    if name in trisym._MODULES:
        assert value is importlib.import_module(f"{home}.{name}")
    else:
        assert value is getattr(importlib.import_module(home), name)
    assert value is getattr(trisym, name)


def test_promised_names_are_listed() -> None:
    assert set(PROMISED) <= set(HOMES) <= set(dir(trisym))


def test_other_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="module 'trisym' has no attribute 'laod'"):
        _ = trisym.laod  # type: ignore[attr-defined]
    assert not hasattr(trisym, "__wrapped__")


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse((ROOT / "trisym" / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.asname: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen.pop("__version__", "trisym.version") == "trisym.version"
    assert seen == HOMES
