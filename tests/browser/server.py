"""Starts the real app server, as `make app` does, on a free port of this machine."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60
TRACEBACK = re.compile(r"(?<!occurred:\n\n)Traceback \(most recent call last\):")
# Of a visitor who leaves while it writes to him, Streamlit says that it can't close what is closed.
GONE = 'WebSocketDisconnected: Cannot call "send" once a close message has been sent.'


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and what it has logged."""

    url: str
    process: subprocess.Popen[bytes]
    log: IO[bytes]

    def logged(self) -> str:
        """Return everything the server wrote so far."""
        return Path(self.log.name).read_text(encoding="utf-8", errors="replace")

    def faults(self) -> list[str]:
        """Return the tracebacks of what it wrote, each from its first exception to its last."""
        return [found for found in TRACEBACK.split(self.logged())[1:] if GONE not in found]


@contextmanager
def running(
    script: Path = ROOT / "app.py", base: str = "", port: int | None = None
) -> Iterator[Server]:
    """Run the script's server until the block ends; `base` is the path that it lies at, as /lab."""
    port = port or free_port()
    options = {
        "server.port": str(port),
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.baseUrlPath": base,
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *flags]
    with serving(command, port, ROOT, base) as server:
        yield server


@contextmanager
def serving(command: list[str], port: int, folder: Path, base: str = "") -> Iterator[Server]:
    """Run a command that serves the app at that port until the block ends."""
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        server = Server(f"http://127.0.0.1:{port}{base}", process, log)
        try:
            _wait_until_healthy(server)
            yield server
        finally:
            _stop(process)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"The app's server did not become healthy. It logged:\n{server.logged()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
