"""Output files of a run, its model and its state, chosen and checked before any time is spent."""

from __future__ import annotations

import shlex
import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from trisym.config import FitConfig
from trisym.errors import ConfigError
from trisym.names import check_name
from trisym.storage import checkpoints

RUNS = Path("runs")  # where models go without --out
STATE_SUFFIX = ".state"


@dataclass(frozen=True)
class OutputFiles:
    """A model's name, and the file it goes to; beside it, the state of an interrupted run."""

    name: str
    model: Path

    def __post_init__(self) -> None:
        check_name(self.name)
        checkpoints.check_path(self.model)

    @property
    def state(self) -> Path:
        return self.model.with_suffix(STATE_SUFFIX)

    @property
    def used(self) -> list[Path]:
        """The files of an earlier run that are there."""
        return [path for path in (self.model, self.state) if path.exists()]

    @property
    def resuming(self) -> str:
        """The command that goes on from the state."""
        words = ["--resume", str(self.state), "--out", str(self.model), "--name", self.name]
        return f"python -m trisym train {shlex.join(words)}"

    def check_writable(self) -> None:
        """Raise ConfigError when nothing can be written there."""
        folder = self.model.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return
        except OSError as error:
            raise ConfigError(f"Nothing can be written in {folder}: {error.strerror}.") from error


def choose(
    config: FitConfig, out: Path | None, name: str | None, resumed: Path | None, overwrite: bool
) -> OutputFiles:
    """Return the files asked for, or free ones under RUNS.

    Raises ConfigError when they can't be written, are in use, or the model would be too large.
    """
    checkpoints.check_size(config)
    files = _asked_for(out, name, resumed) or _free(config, name)
    used = [path for path in files.used if path != resumed]
    if used and not overwrite:
        raise ConfigError(f"{used[0]} exists already: give another --out, or --overwrite.")
    files.check_writable()
    return files


def _asked_for(out: Path | None, name: str | None, resumed: Path | None) -> OutputFiles | None:
    """Return the path asked for; a resumed run keeps the one of its state."""
    if out is None and resumed is not None:
        out = resumed.with_suffix(checkpoints.SUFFIX)
    return OutputFiles(name or out.stem, out) if out else None


def _free(config: FitConfig, name: str | None) -> OutputFiles:
    name = name or f"{config.loss}-h{getattr(config.network, 'latent', '')}"
    stems = (name if number == 1 else f"{name}-{number}" for number in count(1))
    candidates = (OutputFiles(stem, RUNS / f"{stem}{checkpoints.SUFFIX}") for stem in stems)
    return next(each for each in candidates if not each.used)
