"""The report of a benchmark: figures, goals with a computed verdict, and the machine."""

from __future__ import annotations

import importlib
import json
import math
import pkgutil
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, cast

import torch

import benchmarks
from trisym import devices
from trisym.errors import ConfigError


@dataclass(frozen=True)
class Goal:
    """A number that a claim stands on, and where it has to lie.

    `value` is None where the benchmark could not measure it: such a goal is not met.
    """

    goal: str
    value: float | None
    target: float
    at_most: bool = True

    @property
    def met(self) -> bool:
        if self.value is None:
            return False
        return self.value <= self.target if self.at_most else self.value >= self.target

    def as_row(self) -> dict[str, object]:
        """Return the goal as its row of the printed table."""
        bound = "≤" if self.at_most else "≥"
        return {
            "goal": self.goal,
            "value": self.value,
            "target": f"{bound} {_text(self.target)}",
            "met": "yes" if self.met else "NO",
        }


@dataclass(frozen=True)
class Table:
    """Rows to read under a title; all rows have the same columns."""

    title: str
    rows: Sequence[Mapping[str, object]]

    def __post_init__(self) -> None:
        if any(list(row) != list(self.rows[0]) for row in self.rows):
            raise ConfigError(f"Every row of the table '{self.title}' needs the same columns.")


def machine() -> dict[str, object]:
    """Return what the figures were measured on: processor, cores, versions, device."""
    return {
        "cpu": _cpu_name(),
        "cores": devices.cores(),
        "threads": torch.get_num_threads(),
        "device": devices.describe(),
        "system": platform.system(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


@dataclass(frozen=True)
class Report:
    """The outcome of one benchmark.

    `figures` holds every number that was measured, by name (numbers, texts, lists or further
    mappings); `tables` are for reading only and are left out of the JSON object.
    """

    bench: str
    figures: Mapping[str, object]
    goals: Sequence[Goal]
    tables: Sequence[Table] = ()
    machine: Mapping[str, object] = field(default_factory=machine)

    def as_dict(self) -> dict[str, object]:
        """Return the object that `--json` prints; what is not finite becomes None."""
        goals = [
            {"goal": g.goal, "value": g.value, "target": g.target, "met": g.met} for g in self.goals
        ]
        whole = {
            "bench": self.bench,
            "machine": self.machine,
            "figures": self.figures,
            "goals": goals,
        }
        return cast(dict[str, object], _finite(whole))

    def as_json(self) -> str:
        """Return `as_dict` as one JSON object."""
        return json.dumps(self.as_dict(), indent=2, allow_nan=False, ensure_ascii=False)

    def as_text(self) -> str:
        """Return the report as aligned tables."""
        figures = [{"figure": name, "value": value} for name, value in _flat(self.figures)]
        tables = [
            *self.tables,
            Table("Figures", figures),
            Table("Goals", [goal.as_row() for goal in self.goals]),
        ]
        where = ", ".join(f"{name} {value}" for name, value in self.machine.items())
        blocks = [f"{self.bench}\n{where}", *(_render(table) for table in tables if table.rows)]
        return "\n\n".join(blocks)


def note(sentence: str) -> None:
    """Tell who waits what is known so far; stdout is for the report alone."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


class Benchmark(Protocol):
    """A module of this package that measures something; some have a short `quick()`, too."""

    def run(self) -> Report:
        """Measure, and return the figures."""


def names() -> list[str]:
    """Return the benchmarks that `load` knows: the modules beside this one, dashed; no _helpers."""
    modules = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name.replace("_", "-") for name in modules if name != "report" and name[0] != "_")


def load(name: str) -> Benchmark:
    """Return the benchmark's module, to call `run()` on; raises ConfigError on other names."""
    if name not in names():
        raise ConfigError(f"There is no benchmark '{name}'; there are: {', '.join(names())}.")
    module = importlib.import_module(f"benchmarks.{name.replace('-', '_')}")
    return cast(Benchmark, module)


def quickly(name: str) -> Report:
    """Measure with less; raises ConfigError for a benchmark that has no short form."""
    benchmark = load(name)
    quick = getattr(benchmark, "quick", None)
    if quick is None:
        raise ConfigError(f"The benchmark '{name}' has no quick form: leave --quick out.")
    return cast(Report, quick())


def _cpu_name() -> str:
    if sys.platform == "darwin":
        command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _finite(value: object) -> object:
    """Return the value with None for every number that JSON can't hold."""
    if isinstance(value, Mapping):
        return {str(key): _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _flat(figures: Mapping[str, object], prefix: str = "") -> Iterable[tuple[str, object]]:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name} · ")
        elif not (isinstance(value, list) and value and isinstance(value[0], Mapping)):
            # Rows are read as one of the report's tables.
            yield f"{prefix}{name}", value


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(entry) for entry in value)
    return str(value)


def _render(table: Table) -> str:
    """Return the table with its columns aligned, numbers to the right."""
    columns = list(table.rows[0])
    cells = [[_text(row[column]) for column in columns] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    numeric = [
        all(isinstance(row[column], (int, float, type(None))) for row in table.rows)
        for column in columns
    ]

    def line(texts: Sequence[str]) -> str:
        parts = zip(texts, widths, numeric, strict=True)
        return "  ".join(t.rjust(w) if right else t.ljust(w) for t, w, right in parts).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return "\n".join([table.title, line(columns), rule, *map(line, cells)])
