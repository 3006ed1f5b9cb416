"""The cost of a model-step when K models are trained as one program, and its arithmetic limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import torch
from torch.profiler import ProfilerActivity, profile

from benchmarks.report import Goal, Report, Table
from trisym import datasets, devices
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig, Split
from trisym.training.trainer import Trainer

MEMBERS = (1, 4, 9, 27)
ON_A_GPU = (*MEMBERS, 32)
BATCHES = (32, 128, 512)
DATA = DataConfig(n=20_000)
STEPS = 600  # model-steps a measurement, at least 20 steps; on a GPU that many steps
REPEATS = 3  # the best counts: the others waited for somebody
TOP = 5


def run() -> Report:
    """Time both presets over K and batch, with one thread and two where there is no GPU."""
    device = devices.choose()
    devices.keep_freed_memory()  # as `reproduce` does
    split = datasets.generate(DATA).split()
    rate = _gemm_flops(device)
    rows = []
    for preset in ("thesis", "fast"):
        for batch in BATCHES:
            config = replace(PRESETS[preset], batch=batch, data=DATA, epochs=100_000)
            rows += _rows(preset, config, split, rate)
    goals = [
        Goal(
            f"times a separate run, thesis preset, batch {batch}, K = 27",
            _gain(rows, "thesis", batch),
            target,
            at_most=False,
        )
        for batch, target in ((32, 5.0), (128, 2.5))
    ]
    if device.type == "cuda":
        goals += [
            Goal(
                f"step of K = 32, in steps of K = 1, {preset} preset, batch {batch}",
                _ms(rows, preset, batch, 32) * 32 / _ms(rows, preset, batch, 1),
                1.5,
            )
            for preset in ("thesis", "fast")
            for batch in BATCHES
        ]
    costs = _top_costs(replace(PRESETS["fast"], data=DATA, epochs=100_000), split)
    figures = {
        "matrix products, GFLOP/s": rate / 1e9,
        "rows": rows,
        "top costs": costs,
    }
    tables = [Table("A model-step", rows), Table(f"Top {TOP} costs of a `fast` step", costs)]
    return Report("sweep", figures, goals, tables)


def _rows(preset: str, config: FitConfig, split: Split, rate: float) -> list[dict[str, object]]:
    alone = min(_best(config, 1, split, threads) for threads in _threads())
    rows: list[dict[str, object]] = []
    for members in _members():
        timed = {threads: _best(config, members, split, threads) for threads in _threads()}
        threads = min(timed, key=lambda key: timed[key])
        per_model = timed[threads] / members
        rows.append(
            {
                "preset": preset,
                "batch": config.batch,
                "K": members,
                "threads": threads,
                "ms a model-step": 1e3 * per_model,
                "times a separate run": alone / per_model,
                "times the arithmetic": per_model * rate / _step_flops(config),
            }
        )
    return rows


def _gain(rows: list[dict[str, object]], preset: str, batch: int) -> float:
    return _read(rows, (preset, batch, max(MEMBERS)), "times a separate run")


def _ms(rows: list[dict[str, object]], preset: str, batch: int, members: int) -> float:
    return _read(rows, (preset, batch, members), "ms a model-step")


def _read(rows: list[dict[str, object]], key: tuple[str, int, int], column: str) -> float:
    found = next(row for row in rows if (row["preset"], row["batch"], row["K"]) == key)
    return float(str(found[column]))


def _members() -> tuple[int, ...]:
    return ON_A_GPU if devices.choose().type == "cuda" else MEMBERS


def _threads() -> tuple[int, ...]:
    return (1,) if devices.choose().type == "cuda" else (1, 2)


def _best(config: FitConfig, members: int, split: Split, threads: int) -> float:
    """Return the seconds of one step of all members together."""
    torch.set_num_threads(threads)
    configs = [replace(config, seed=seed) for seed in range(members)]
    trainer = Trainer(configs, [split] * members)
    steps = STEPS if trainer.device.type == "cuda" else max(20, STEPS // members)
    _timed(trainer.advance, steps // 4)
    return min(_timed(trainer.advance, steps) for _ in range(REPEATS)) / steps


def _timed(advance: Callable[[int], None], steps: int) -> float:
    start = time.perf_counter()
    advance(steps)
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - start


def _step_flops(config: FitConfig) -> float:
    """Forwards, and backwards for weights and inputs: three products of 2 FLOPs a weight each."""
    weights = sum(fan_in * fan_out for fan_in, fan_out in pairwise(config.network.sizes))
    return 6.0 * weights * config.batch


def _gemm_flops(device: torch.device, size: int = 512) -> float:
    """Return the measured rate of square float32 products on one thread, in FLOP/s."""
    torch.set_num_threads(1)
    first, second = torch.rand(2, size, size, device=device)
    times = [_timed(lambda steps: _multiply(first, second, steps), 20) for _ in range(5)]
    return 20 * 2.0 * size**3 / min(times)


def _multiply(first: torch.Tensor, second: torch.Tensor, times: int) -> None:
    for _ in range(times):
        first @ second


def _top_costs(config: FitConfig, split: Split) -> list[dict[str, object]]:
    torch.set_num_threads(1)
    trainer = Trainer([config], [split])
    trainer.advance(100)
    with profile(activities=[ProfilerActivity.CPU]) as profiler:
        trainer.advance(200)
    events = sorted(profiler.key_averages(), key=lambda e: -e.self_cpu_time_total)
    whole = sum(event.self_cpu_time_total for event in events)
    return [
        {"operation": e.key, "share": e.self_cpu_time_total / whole, "calls a step": e.count / 200}
        for e in events[:TOP]
    ]
