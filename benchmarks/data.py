"""How long each triangle set of the thesis takes to draw: 200,000 triangles, on one core."""

from __future__ import annotations

import time

import torch

from benchmarks.report import Goal, Report, Table
from trisym.datasets import DATASETS, DataConfig, generate

N = 200_000
REPEATS = 5
GOAL_SECONDS = 1.0


def run() -> Report:
    """Draw every set a few times on one thread; a set's time is the slowest of its repeats."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        seconds = {name: _seconds(name) for name in DATASETS}
    finally:
        torch.set_num_threads(threads)
    slowest = max(seconds, key=lambda name: seconds[name])
    rows = [
        {"set": name, "seconds": value, "triangles/s": N / value} for name, value in seconds.items()
    ]
    return Report(
        bench="data",
        figures={"triangles": N, "repeats": REPEATS, "seconds": seconds, "slowest": slowest},
        goals=[
            Goal(
                goal=f"seconds for {N:,} triangles of the slowest set, one core",
                value=seconds[slowest],
                target=GOAL_SECONDS,
            )
        ],
        tables=[Table(f"{N:,} triangles on one core, slowest of {REPEATS} runs", rows)],
    )


def _seconds(name: str) -> float:
    taken = []
    for seed in range(REPEATS):
        start = time.perf_counter()
        generate(DataConfig(name, n=N, seed=seed))
        taken.append(time.perf_counter() - start)
    return max(taken)
