"""benchmarks/report.py: verdicts are computed, JSON is strict, names are checked."""

from __future__ import annotations

import json
import math

import pytest

from benchmarks import report
from benchmarks.report import Goal, Report, Table
from trisym.errors import ConfigError


@pytest.mark.parametrize(
    ("value", "at_most", "met"),
    [
        (1.0, True, True),
        (2.0, True, True),
        (2.1, True, False),
        (2.1, False, True),
        (1.9, False, False),
        (None, True, False),
        (math.nan, True, False),
        (math.nan, False, False),
    ],
)
def test_goal_is_met_by_its_value_only(value: float | None, at_most: bool, met: bool) -> None:
    assert Goal("seconds", value, target=2.0, at_most=at_most).met is met


def a_report() -> Report:
    return Report(
        bench="nothing",
        figures={"seconds": 1.5, "ratio": math.inf, "to error": {"0.05": 0.25, "0.002": None}},
        goals=[Goal("quick", 1.5, 2.0), Goal("many", 3, 10, at_most=False)],
        tables=[Table("By preset", [{"preset": "fast", "seconds": 1.5}])],
    )


def test_json_is_one_strict_object() -> None:
    found = json.loads(a_report().as_json(), parse_constant=pytest.fail)
    assert list(found) == ["bench", "machine", "figures", "goals"]
    assert found["figures"]["ratio"] is None
    assert found["goals"] == [
        {"goal": "quick", "value": 1.5, "target": 2.0, "met": True},
        {"goal": "many", "value": 3, "target": 10, "met": False},
    ]
    assert {"cpu", "cores", "python", "torch", "device"} <= set(found["machine"])


def test_text_shows_every_number_and_every_verdict() -> None:
    text = a_report().as_text()
    for part in ("nothing", "By preset", "fast", "to error · 0.05", "≥ 10", "NO", "yes"):
        assert part in text


def test_table_refuses_ragged_rows() -> None:
    with pytest.raises(ConfigError, match="same columns"):
        Table("ragged", [{"a": 1}, {"b": 2}])


def test_unknown_benchmark_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="There is no benchmark 'report'; there are: "):
        report.load("report")


@pytest.mark.parametrize("name", report.names())
def test_every_benchmark_can_run(name: str) -> None:
    assert callable(report.load(name).run)
