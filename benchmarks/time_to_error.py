"""How long the presets `thesis` and `fast` take to a given side error, in one run.

`fast` is also measured as it was before idle units were put to work: each with all of SEEDS.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from benchmarks.report import Goal, Report, Table
from trisym import datasets, devices
from trisym.config import PRESETS, FitConfig
from trisym.datasets import Split
from trisym.training.trainer import Record, Trainer

LEVELS = (0.05, 0.02, 0.01, 0.005, 0.002)
THESIS_EPOCHS = 2000  # thesis, section 3.3: to a side error of 0.0020
RECIPES = {"fast": PRESETS["fast"], "idle units left idle": replace(PRESETS["fast"], revive=0.0)}
SEEDS = tuple(range(8))
LONG_SEEDS = SEEDS[:3]
RECORDS_PER_EPOCH = 4
TAIL = 0.5  # the last part of a run, in log time, that an extrapolation is fitted to


@dataclass(frozen=True)
class Aim:
    """Budgets of `fast` in seconds, and the side error that it is to come to in the long one.

    In `soon` half of the seeds, in `sure` all of them are to come to the last of LEVELS. Its
    schedule ends with its budget, so a smaller one comes to a given error sooner, as long as it
    comes there at all. `thesis`: seconds that the other preset gets.
    """

    soon: float
    sure: float
    long: float
    long_error: float
    thesis: float


AIMS = {"cpu": Aim(12.0, 20.0, 60.0, 0.0012, 120.0), "cuda": Aim(4.0, 8.0, 40.0, 0.0010, 60.0)}


@dataclass(frozen=True)
class Reach:
    """When a run came to a level; `extrapolated` when it would have, by a power law."""

    seconds: float
    extrapolated: bool = False

    def __str__(self) -> str:
        return f"{self.seconds:,.3g}{' (extrapolated)' if self.extrapolated else ''}"


@dataclass(frozen=True)
class Budget:
    """Runs of one recipe that got so many seconds each, one a seed."""

    recipe: str
    seconds: float
    runs: Sequence[Sequence[Record]]

    @property
    def errors(self) -> list[float]:
        """Return the final side errors, the best first."""
        return sorted(error for run in self.runs if (error := run[-1].side_error) is not None)

    def median_run(self) -> Sequence[Record]:
        """Return the run that reaches the last level in the middle; of two, the later one."""
        ordered = sorted(self.runs, key=lambda run: _reach(LEVELS[-1], run).seconds)
        return ordered[len(ordered) // 2]

    def as_row(self) -> dict[str, object]:
        """Return the row of the printed table."""
        errors = self.errors
        return {
            "recipe": self.recipe,
            "seconds": self.seconds,
            "steps, median": statistics.median(run[-1].step for run in self.runs),
            "median": statistics.median(errors),
            "worst": errors[-1],
            "all": errors,
        }


def run() -> Report:
    """Train `fast` with and without idle units put to work, and `thesis`, all on one thread.

    On CUDA where there is one: the first run of a process also waits for its libraries there, so
    a short one that does not count comes before.
    """
    torch.set_num_threads(1)
    device = devices.choose().type
    aim = AIMS.get(device, AIMS["cpu"])
    split = datasets.generate(PRESETS["fast"].data).split()
    plan = [(recipe, seconds, SEEDS) for seconds in (aim.soon, aim.sure) for recipe in RECIPES]
    plan.append(("fast", aim.long, LONG_SEEDS))
    if device == "cuda":
        _trained(PRESETS["fast"], 1.0, split)
    budgets = [
        Budget(r, s, [_trained(replace(RECIPES[r], seed=k), s, split) for k in seeds])
        for r, s, seeds in plan
    ]
    return report(aim, budgets, _trained(PRESETS["thesis"], aim.thesis, split))


def report(aim: Aim, budgets: Sequence[Budget], thesis: Sequence[Record]) -> Report:
    """Compare the runs; goals are for `fast`, and what it gains is read from its own seeds."""
    runs = {"fast": _of("fast", aim.sure, budgets).median_run(), "thesis": thesis}
    reached = {name: [_reach(level, r) for level in LEVELS] for name, r in runs.items()}
    speed = {name: records[-1].epoch / records[-1].seconds for name, records in runs.items()}
    whole = THESIS_EPOCHS / speed["thesis"]
    last = reached["fast"][-1]
    fast = None if last.extrapolated else last.seconds
    figures = {
        "epochs a second": speed,
        "final side error": {f"{b.recipe}, {b.seconds:g} s": b.errors for b in budgets},
        "seconds to side error": {
            name: dict(zip(map(str, LEVELS), map(str, found), strict=True))
            for name, found in reached.items()
        },
        f"seconds to side error {LEVELS[-1]}, each seed": {
            f"{b.recipe}, {b.seconds:g} s": [str(_reach(LEVELS[-1], run)) for run in b.runs]
            for b in budgets
        },
        f"seconds of {THESIS_EPOCHS:,} epochs of the thesis preset (extrapolated)": whole,
    }
    goals = [
        _goal("median", _of("fast", aim.soon, budgets), LEVELS[-1]),
        _goal("worst", _of("fast", aim.sure, budgets), LEVELS[-1]),
        _goal("median", _of("fast", aim.long, budgets), aim.long_error),
        Goal(
            f"times sooner than {THESIS_EPOCHS:,} epochs of the thesis preset",
            whole / fast if fast else None,
            150.0,
            at_most=False,
        ),
    ]
    tables = [Table("Side error after a budget", [b.as_row() for b in budgets]), _table(reached)]
    return Report("time-to-error", figures, goals, tables)


def _of(recipe: str, seconds: float, budgets: Sequence[Budget]) -> Budget:
    return next(b for b in budgets if (b.recipe, b.seconds) == (recipe, seconds))


def _goal(which: str, budget: Budget, target: float) -> Goal:
    name = f"side error of `fast` in {budget.seconds:g} s, {which} of {len(budget.runs)} seeds"
    errors = budget.errors
    return Goal(name, errors[-1] if which == "worst" else statistics.median(errors), target)


def _trained(preset: FitConfig, seconds: float, split: Split) -> list[Record]:
    config = replace(preset, epochs=None, seconds=seconds)
    return [record for _, record in Trainer([config], [split], RECORDS_PER_EPOCH)]


def _reach(level: float, records: Sequence[Record]) -> Reach:
    seconds = np.array([record.seconds for record in records])
    # The best so far: with a constant rate the error goes up and down.
    errors = np.minimum.accumulate(np.array([record.side_error for record in records]))
    below = np.flatnonzero(errors <= level)
    if len(below):
        return Reach(float(seconds[below[0]]))
    tail = np.log(seconds) >= (1 - TAIL) * np.log(seconds[0]) + TAIL * np.log(seconds[-1])
    slope, offset = np.polyfit(np.log(errors[tail]), np.log(seconds[tail]), 1)
    return Reach(float(np.exp(offset + slope * np.log(level))), extrapolated=True)


def _table(reached: dict[str, list[Reach]]) -> Table:
    rows = [
        {
            "side error": level,
            "thesis, s": str(thesis),
            "fast, s": str(fast),
            "times sooner": thesis.seconds / fast.seconds,
        }
        for level, thesis, fast in zip(LEVELS, reached["thesis"], reached["fast"], strict=True)
    ]
    return Table("Seconds to a side error", rows)
