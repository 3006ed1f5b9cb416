"""Sweeps that may be stopped at any time: what they have reached is kept, and they go on from it.

A program's state is one .safetensors file under $TRISYM_HOME/cache/sweeps, named after all that
decides it: its configurations, and its samples where no configuration describes them.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from trisym.config import FitConfig, as_dict
from trisym.datasets import Split
from trisym.errors import TrainingError
from trisym.storage.files import write_atomically
from trisym.storage.home import home, number_from_environment
from trisym.training.sweeps import Member, Progress, by_programs, told
from trisym.training.trainer import Record, Trainer

OPTIMIZER = "optimizer."
EVERY = "TRISYM_SWEEP_SECONDS"  # the environment variable that says how often a state is kept
EVERY_SECONDS = 30.0  # what a kill may cost; a state of 54 networks is written in 0.1 s


@dataclass
class _Program:
    """A trainer with what it has told so far, and the file that keeps both."""

    trainer: Trainer
    history: list[list[Record]]
    path: Path

    def keep(self) -> None:
        """Write all that it takes to go on, or when it is over, to have its models."""
        trainer = self.trainer
        tensors: dict[str, Tensor] = {"kept": trainer.kept}
        if trainer.live:
            tensors |= {"weights": trainer.weights.detach(), "generator": trainer.generator_state()}
            tensors |= {OPTIMIZER + name: tensor for name, tensor in trainer.state.items()}
        header = {
            "step": trainer.step,
            "seconds": trainer.seconds,
            "history": [[list(asdict(r).values()) for r in each] for each in self.history],
        }
        ready = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.path, save(ready, metadata={"header": json.dumps(header)}))

    def go_on(self) -> None:
        """Take up what `keep` wrote, where it has; TrainingError for a file of something else."""
        if not self.path.exists():
            return
        try:
            with safe_open(self.path, framework="pt") as file:
                tensors = {n: file.get_tensor(n).clone() for n in file.keys()}  # noqa: SIM118
                header = json.loads((file.metadata() or {})["header"])
            self.history[:] = [[Record(*r) for r in each] for each in header["history"]]
            trainer, kept = self.trainer, tensors["kept"]
            if "weights" in tensors:
                state = {
                    name.removeprefix(OPTIMIZER): tensor
                    for name, tensor in tensors.items()
                    if name.startswith(OPTIMIZER)
                }
                progress = (header["step"], header["seconds"])
                trainer.restore(tensors["weights"], state, tensors["generator"], *progress)
            else:
                trainer.live = []
            trainer.kept = kept
        except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
            raise TrainingError(
                f"{self.path} can't be read as the state of a sweep: delete it to begin anew."
            ) from error


def resumable_sweep(
    configs: Sequence[FitConfig], progress: Progress, splits: Sequence[Split] | None = None
) -> list[Member]:
    """Train as `training.sweeps.sweep` does, compiled where that can be, and keep the states.

    Killed at any time, the same call goes on from the last state and ends with the same weights.
    The first member whose loss stops being finite raises its TrainingError.
    """

    def train(chosen: Sequence[FitConfig], sets: Sequence[Split], tell: Progress) -> list[Member]:
        name = f"{_digest(chosen, sets if splits else ())}.safetensors"
        return _trained(chosen, sets, tell, home() / "cache" / "sweeps" / name)

    return by_programs(configs, progress, splits, train)


def _trained(
    configs: Sequence[FitConfig], sets: Sequence[Split], progress: Progress, path: Path
) -> list[Member]:
    trainer = Trainer(configs, sets, compiled=True)
    program = _Program(trainer, [[] for _ in configs], path)
    program.go_on()
    every, kept_at = _seconds(), time.monotonic()
    last = len(configs) - 1
    for place, record in trainer:
        if trainer.failures:
            raise next(iter(trainer.failures.values()))
        program.history[place].append(record)
        progress(trainer.progress(place), told(len(configs), record))
        # Members end together, after the last one's record: between two epochs of all of them.
        if place == last and (not trainer.live or time.monotonic() - kept_at >= every):
            program.keep()
            kept_at = time.monotonic()
    if trainer.failures:
        raise next(iter(trainer.failures.values()))
    return [
        Member(config, trainer.model(place), tuple(program.history[place]))
        for place, config in enumerate(configs)
    ]


def _seconds() -> float:
    return number_from_environment(EVERY, EVERY_SECONDS, 0.0, 1e6, "a number of seconds")


def _digest(configs: Sequence[FitConfig], sets: Sequence[Split]) -> str:
    """Return a name for what decides a program."""
    found = hashlib.sha256(json.dumps([as_dict(config) for config in configs]).encode())
    for pairs in {id(each): each for each in sets}.values():
        for part in pairs.train:
            found.update(part.contiguous().numpy().tobytes())
    return found.hexdigest()[:20]
