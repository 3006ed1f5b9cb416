"""What importing brings in: no Streamlit in the library, no torch early, the pinned versions."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import jaxtyping
import pytest
import torch

from trisym import geometry

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = sorted(
    ".".join(file.relative_to(ROOT).with_suffix("").parts)
    for file in (ROOT / "trisym").rglob("*.py")
    if "ui" not in file.relative_to(ROOT).parts and file.name not in ("__init__.py", "__main__.py")
)


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_library_needs_no_streamlit() -> None:
    imports = "\n".join(f"import {module}" for module in [*LIBRARY, "trisym.__main__"])
    done = run_python(f"import sys\nsys.modules['streamlit'] = None\n{imports}")
    assert done.returncode == 0, done.stderr


def test_blocking_streamlit_blocks_it() -> None:
    """The control: the same block stops a module that does need Streamlit."""
    done = run_python("import sys\nsys.modules['streamlit'] = None\nimport trisym.ui.kit.sidebar")
    assert "import of streamlit halted" in done.stderr


@pytest.mark.parametrize(
    "module", ["trisym", "trisym.ui.kit.navigation", "trisym.ui.kit.sidebar", "trisym.ui.symmetry"]
)
def test_import_leaves_torch_alone(module: str) -> None:
    done = run_python(f"import sys, {module}\nsys.exit('torch' in sys.modules)")
    assert done.returncode == 0, done.stderr or f"{module} imports torch"


def test_shapes_in_signatures_are_checked() -> None:
    """The control for every other test: a tensor that breaks a signature is refused."""
    with pytest.raises(jaxtyping.TypeCheckError):
        geometry.side_lengths(torch.zeros(2, 3, 3, dtype=torch.int64))


def pins() -> dict[str, str]:
    lines = [
        line
        for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
    ]
    return dict(line.split("==") for line in lines if "==" in line)


@pytest.mark.parametrize(("package", "pinned"), pins().items())
def test_what_is_installed_is_what_is_pinned(package: str, pinned: str) -> None:
    assert version(package).partition("+")[0] == pinned  # torch says 2.13.0+cpu
