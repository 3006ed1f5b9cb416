"""The cost of a step of the thesis's own protocol, by torch and compiled, on one CPU core.

In CPU time, so that what else the machine does counts less; the best of REPEATS counts.
"""

from __future__ import annotations

import time
from dataclasses import replace

import torch

from benchmarks.report import Goal, Report, Table
from trisym import datasets
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig
from trisym.networks import AutoencoderConfig
from trisym.training.trainer import Trainer

DATA = DataConfig(n=20_000)
STEPS, REPEATS = 300, 3
LEAST = 4.0  # times: what an hour in place of an afternoon takes


def run() -> Report:
    """Time three seeds of table 3, and the 30 networks of table 1 of a set of Fig. 6."""
    thesis = replace(PRESETS["thesis"], data=DATA, device="cpu")
    table_1 = replace(thesis, loss="mse", network=AutoencoderConfig(hidden=(), latent=9))
    programs = {
        "table 3, three seeds": [replace(thesis, seed=seed) for seed in range(3)],
        "table 1, thirty networks": [replace(table_1, seed=seed) for seed in range(30)],
    }
    rows = [_row(name, configs) for name, configs in programs.items()]
    goal = Goal("times torch, table 3, three seeds", float(str(rows[0]["times"])), LEAST, False)
    return Report("compiled", {"rows": rows}, [goal], [Table("A step", rows)])


def _row(name: str, configs: list[FitConfig]) -> dict[str, object]:
    torch.set_num_threads(1)
    split = datasets.generate(DATA).split()
    eager, compiled = (
        _best(Trainer(configs, [split] * len(configs), compiled=each)) for each in (False, True)
    )
    return {
        "program": name,
        "torch, ms": 1e3 * eager,
        "compiled, ms": 1e3 * compiled,
        "times": eager / compiled,
    }


def _best(trainer: Trainer) -> float:
    """Return the CPU seconds of one step of all members."""
    trainer.advance(STEPS // 10)
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        trainer.advance(STEPS)
        times.append(time.process_time() - start)
    return min(times) / STEPS
