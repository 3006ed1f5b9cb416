"""Saved states of a training run, from which it goes on as if it had not stopped.

One .safetensors file: weights, optimiser, generators as tensors; configuration and counters as JSON
in its header.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from trisym import networks
from trisym.config import FitConfig, as_dict, from_dict
from trisym.datasets import Split
from trisym.errors import ConfigError, TrainingError, TrisymError
from trisym.networks import Autoencoder, Layout, Predictor
from trisym.storage.files import write_atomically
from trisym.storage.strict_json import parse
from trisym.training.fit import Fit
from trisym.training.idle_units import Revival
from trisym.validation import build, check_number, later

OPTIMIZER = "optimizer."
REVIVED = "revived"


@dataclass(frozen=True)
class Counters:
    """Progress of a run, and the learning rate that its schedule starts from."""

    step: int
    seconds: float
    rate: float
    rounds: int = later(0, before=0)  # of putting idle units to work

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            check_number(f"The counter {name}", value, 0.0, 1e12)


def save_state(run: Fit, path: Path | str) -> None:
    """Write the state of a run that is between two records; TrisymError if it can't be written."""
    trainer = run.trainer
    if not trainer.live:
        raise TrainingError("This run has ended: save its model instead of its state.")
    tensors = {
        "weights": trainer.weights.detach(),
        "generator": trainer.generator_state(),
        REVIVED: torch.tensor(run.revived, dtype=torch.int64).reshape(-1, len(Revival._fields)),
        **{OPTIMIZER + name: tensor for name, tensor in trainer.state.items()},
    }
    counters = asdict(Counters(trainer.step, trainer.seconds, run.rate, trainer.rounds[0]))
    header = {"config": json.dumps(as_dict(run.config)), "counters": json.dumps(counters)}
    ready = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
    write_atomically(Path(path), save(ready, metadata=header))


class SavedModel(NamedTuple):
    """The network in a saved state, and how far its training had come."""

    config: FitConfig
    model: Autoencoder | Predictor
    step: int
    seconds: float


def saved_model(path: Path | str) -> SavedModel:
    """Return the network as it was when its state was saved; no optimiser, no device, no data.

    Raises TrainingError when the file is not such a state.
    """
    config, counters, tensors = _checked(Path(path))
    model = networks.build(config.network).to(tensors["weights"].dtype)
    try:
        layout = Layout(config.network)
        model.load_state_dict(layout.unstack(tensors["weights"][0], config.network))
    except (RuntimeError, IndexError) as error:
        raise TrainingError(f"{path} does not fit its own network: {error}") from error
    frozen = model.eval().requires_grad_(False)
    return SavedModel(config, frozen, counters.step, counters.seconds)


def resume(path: Path | str, split: Split | None = None, records_per_epoch: int = 1) -> Fit:
    """Return a run that goes on where `save_state` left it.

    Raises TrainingError when the file is not such a state.
    """
    config, counters, tensors = _checked(Path(path))
    run = Fit(config, split, records_per_epoch)
    run.rate = counters.rate
    weights, generator = tensors.pop("weights"), tensors.pop("generator")
    revived = _revived(tensors.pop(REVIVED, None), path)
    state = {name.removeprefix(OPTIMIZER): tensor for name, tensor in tensors.items()}
    progress = (counters.step, counters.seconds, counters.rounds)
    run.trainer.restore(weights, state, generator, *progress, revived)
    return run


def _checked(path: Path) -> tuple[FitConfig, Counters, dict[str, Tensor]]:
    """Return what a state holds; raises TrainingError when the file is none."""
    header, tensors = _read(path)
    try:
        if set(header) != {"config", "counters"} or not {"weights", "generator"} <= set(tensors):
            raise ConfigError("it holds something else.")
        config = from_dict(parse(header["config"], "The configuration"))
        counters = build(Counters, parse(header["counters"], "The counters"), "The counters")
        replace(config, lr=counters.rate)  # which checks it
    except TrisymError as error:
        raise TrainingError(f"{path} is not the state of a training run: {error}") from error
    return config, counters, tensors


def _read(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no dict)
            return file.metadata() or {}, tensors
    except (SafetensorError, OSError) as error:
        raise TrainingError(f"{path} can't be read as the state of a run: {error}") from error


def _revived(rows: Tensor | None, path: Path | str) -> list[Revival]:
    """Return the units that were put to work; states of older versions hold none."""
    if rows is None:
        return []
    if rows.dtype != torch.int64 or rows.ndim != 2 or rows.shape[1] != len(Revival._fields):
        raise TrainingError(f"{path} is not the state of a training run: its units are no table.")
    return [Revival(*row) for row in rows.tolist()]
