"""The figures of the symmetry spectrum: every seed, the three kinds, what was found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.test_figures import contrast, hexadecimal, luminance
from trisym.figures import common
from trisym.figures import spectrum as figures
from trisym.spectrum import KINDS, MOTIONS

THEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def spectra(networks: int = 2, seeds: int = 3) -> pd.DataFrame:
    rows = [
        {
            "label": f"network {i}",
            "seed": seed,
            "rank": rank,
            "value": 10.0 / 10**rank,
            "share_translation": float(rank > 9),
            "share_rotation": float(6 < rank <= 9),
            "share_strain": float(rank <= 6),
        }
        for i in range(networks)
        for seed in range(seeds)
        for rank in range(1, MOTIONS + 1)
    ]
    return pd.DataFrame(rows)


@THEMES
def test_every_seed_of_every_network_is_drawn(dark: bool) -> None:
    chart = figures.spectra(spectra(), dark).to_dict()
    data = next(iter(chart["datasets"].values()))
    assert len(data) == 2 * 3 * MOTIONS
    assert [row["kind"] for row in data[:MOTIONS]] == (
        ["strain"] * 6 + ["rotation"] * 3 + ["translation"] * 3
    )
    for layer in chart["layer"]:
        assert layer["encoding"]["y"]["sort"] == ["network 0", "network 1"]
    assert [row["network"] for row in marks(chart, "text")] == ["network 0", "network 1"]
    assert chart["layer"][0]["encoding"]["x"]["scale"]["type"] == "log"
    # What is rounding is drawn at the edge, not left out.
    assert min(row["answer"] for row in data) == figures.LEAST


@THEMES
def test_kinds_are_told_apart_by_shape_and_show_on_the_page(dark: bool) -> None:
    assert set(figures.KIND_COLOURS[dark]) == set(figures.SHAPES) == set(KINDS)
    assert len(set(figures.SHAPES.values())) == len(KINDS)
    page = luminance(hexadecimal(common.PAPER[dark]))
    for colour in (*figures.KIND_COLOURS[dark].values(), common.INK[dark]):
        assert contrast(luminance(hexadecimal(colour)), page) > 3


def course() -> pd.DataFrame:
    epochs = np.linspace(0.1, 2, 10)
    return pd.DataFrame(
        {
            "epoch": epochs,
            "side_error": 0.2 / epochs,
            "translation": 2 / epochs,
            "rotation": 3 / epochs,
            "strain": 4.0,
        }
    )


def marks(chart: dict[str, object], kind: str) -> list[dict[str, object]]:
    layers = [layer for layer in chart["layer"] if layer["mark"]["type"] == kind]  # type: ignore[attr-defined, index]
    return [row for layer in layers for row in chart["datasets"][layer["data"]["name"]]]  # type: ignore[index]


def test_a_training_shows_three_answers_and_marks_what_it_found() -> None:
    found = pd.Series({"translation": 0.5, "rotation": 0.9, "sides": 1.0})
    chart = figures.course(course(), found, dark=False).to_dict()
    assert {row["kind"] for row in marks(chart, "line") if "kind" in row} == set(KINDS)
    assert [row["epoch"] for row in marks(chart, "rule")] == [0.5, 0.9]


def test_what_was_not_found_has_no_mark() -> None:
    found = pd.Series({"translation": 0.5, "rotation": np.nan, "sides": np.nan})
    chart = figures.course(course(), found, dark=True).to_dict()
    assert [row["kind"] for row in marks(chart, "rule")] == ["translation"]
    orders = pd.DataFrame(
        {
            "seed": [0, 1],
            "translation": [0.5, 0.6],
            "rotation": [0.9, np.nan],
            "sides": [1.0, np.nan],
        }
    )
    drawn = marks(figures.order(orders, dark=False).to_dict(), "point")
    assert sorted((row["seed"], row["what"]) for row in drawn) == [
        (0, "rotation"),
        (0, "sides"),
        (0, "translation"),
        (1, "translation"),
    ]
