"""The figures of the degrees-of-freedom and latent-space pages draw what they are given."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from trisym.figures import degrees as figures
from trisym.figures import latent as figures_latent

TABLE = pd.DataFrame(
    {"kind": kind, "h": h, "seed": seed, "mse": 1 / h + seed, "side_error": 1 / h}
    for kind in ("one", "other")
    for h in (1, 2, 3)
    for seed in (0, 1)
)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("log", [False, True])
def test_error_against_h_has_a_band_and_a_line_for_each_kind(dark: bool, log: bool) -> None:
    colours = {"one": "#000", "other": "#fff"}
    yours = pd.DataFrame({"h": [2], "mse": [0.5]})
    chart = figures.error_against_h(
        TABLE, "mse", colours, dark, expected=2, floor=0.1, log=log, yours=yours
    )
    layers = chart.to_dict()["layer"]
    assert [layer["mark"]["type"] for layer in layers] == ["rule", "rule", "area", "line", "point"]


def test_dataset_sizes_draws_training_and_test() -> None:
    table = pd.DataFrame({"n": [100, 200], "seed": 0, "train_mse": [1.0, 0.5], "mse": [2.0, 1.0]})
    assert "training" in str(figures.dataset_sizes(table, False).to_dict())


@pytest.mark.parametrize("points", [2, 3, 5, 24])
def test_complete_graph_has_every_distance_once(points: int) -> None:
    inner, outer, dots = figures.complete_graph(points, False).data
    drawn = sum(0 if line.x is None else np.isnan(line.x).sum() for line in (inner, outer))
    assert drawn == points * (points - 1) // 2
    assert len(dots.x) == points


def test_cost_and_counts_are_drawn() -> None:
    times = pd.DataFrame(
        {"points": [3, 4], "round": 0, "sides_ms": 1.0, "network_ms": 2.0, "mse_ms": 0.1}
    )
    assert len(figures.cost(times, True).to_dict()["layer"]) == 2
    assert len(figures.counts(5, 24, 8, True).to_dict()["layer"]) == 3


def test_translated_draws_each_part() -> None:
    at = np.eye(3)
    parts = {"input": at, "target": at + 0.1, "prediction": at + 0.2}
    figure = figures.translated(parts, [at], False)
    assert {"input", "target", "prediction"} <= {trace.name for trace in figure.data}


def test_a_combination_is_read_with_its_signs() -> None:
    fit = pd.Series({"node": 1, "l1": -1.5, "l2": 0.25, "l3": -2.0, "constant": 0.5, "r": 1.0})
    assert figures_latent.in_words(fit) == "−1.50 l₁ + 0.25 l₂ − 2.00 l₃ + 0.50"
    cloud = pd.DataFrame({"l1": [1.0, 2.0], "l2": [1.0, 1.0], "l3": [0.5, 1.0], "N1": [0.0, 1.0]})
    assert figures_latent.fitted(cloud, fit).tolist() == pytest.approx([-1.75, -4.25])
    assert figures_latent.node_against_sides(cloud, fit, False).to_dict()["layer"]
