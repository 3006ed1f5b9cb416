"""The folder in which a server keeps what visitors make: where it lies, and how much it holds."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from trisym.errors import ConfigError, TrisymError
from trisym.outside_text import quoted
from trisym.paths import SAVED

HOME = "TRISYM_HOME"  # the environment variable that moves the library
LIMIT = "TRISYM_HOME_MB"  # and the one that bounds it
ACCEPTED = "run.json"  # the file of a run that is not over (storage.accepted)
LIMIT_MB = 500.0  # a run of the defaults takes 0.7


def home() -> Path:
    """Return the library's folder: $TRISYM_HOME, or where `paths.SAVED` says."""
    return Path(os.environ.get(HOME) or SAVED).expanduser()


def scratch() -> Path:
    """Return the folder for runs that are not over."""
    return home() / "scratch"


def has_unfinished_runs() -> bool:
    """Say whether an earlier server, or another, has accepted runs that are not over."""
    return any(scratch().glob(f"*/*/{ACCEPTED}"))


def limit_bytes() -> float:
    """Return how much the library may hold; ConfigError when $TRISYM_HOME_MB is no number."""
    return number_from_environment(LIMIT, LIMIT_MB, 1.0, 1e9, "a number of megabytes") * 1e6


def number_from_environment(name: str, default: float, low: float, high: float, what: str) -> float:
    """Return the number in an environment variable; ConfigError when it is not from low to high."""
    text = os.environ.get(name, str(default))
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise ConfigError(f"{name} must be {what} from {low:g} to {high:g}, not {quoted(text)}.")
    return value


def check_writable() -> None:
    """Raise TrisymError when nothing can be kept in the library."""
    try:
        home().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home()):
            return
    except OSError as error:
        raise TrisymError(
            f"The library {home()} can't be written ({error.strerror}): models can be downloaded "
            f"but are not kept. Set {HOME} to a folder that can."
        ) from error


def size(folder: Path) -> int:
    """Return how many bytes a folder's files take, those of its folders included."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except OSError:  # another process has just deleted it
            continue
    return total
