"""No import runs against the order in which the README lists what lies in `trisym/`."""

from __future__ import annotations

import ast
import graphlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# Modules and packages in the README's order; the face imports what lies anywhere, lazily.
ORDER = [match[1] for match in re.finditer(r"^      (\w+)(?:\.py|/) ", README, re.MULTILINE)]
FACE = "trisym"
FILES = [
    file for file in sorted((ROOT / "trisym").rglob("*.py")) if file != ROOT / "trisym/__init__.py"
]


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file): file for file in FILES}


def imported(source: str) -> Iterator[str]:
    """Every module of trisym that a source names in an import, wherever the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in MODULES else str(node.module) for name in whole]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == FACE)


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else FACE


def against_the_order(module: str, source: str) -> list[str]:
    """The imports that lead upwards; only what shows and what prints may use the face."""
    here = ORDER.index(room(module))
    above = {*ORDER[here + 1 :], *([FACE] if here < ORDER.index("cli") else [])}
    return [name for name in imported(source) if room(name) in above]


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_downwards(module: str) -> None:
    assert against_the_order(module, MODULES[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "import trisym",
        "from trisym import fit",
        "from trisym.storage import saved_runs",
        "def late():\n    import trisym.jobs.queue",
        "if TYPE_CHECKING:\n    from trisym.experiments.recipe import Recipe",
    ],
)
def test_an_import_upwards_is_found(line: str) -> None:
    """The control: from training, each of these leads upwards, and its opposite does not."""
    assert against_the_order("trisym.training.trainer", line)
    assert not against_the_order("trisym.ui.models", line)


def test_no_modules_wait_for_each_other() -> None:
    """Within a room too: CycleError names the circle."""
    graph = {
        name: set(imported(file.read_text(encoding="utf-8"))) - {name, FACE}
        for name, file in MODULES.items()
    }
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) >= len(MODULES)
    graph["trisym.geometry"].add("trisym.metrics")
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter(graph).prepare()
