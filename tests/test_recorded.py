"""The recorded run: two films of one training, each with its own moments."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from trisym.config import FitConfig
from trisym.datasets import DataConfig
from trisym.encoder_film import MOST_MOMENTS, EncoderFilm
from trisym.experiments import recorded
from trisym.experiments.recipe import RecipeContext
from trisym.film import MOST_FRAMES, Film
from trisym.storage import checkpoints

SHORT = FitConfig(data=DataConfig(n=3_000), epochs=3, device="cpu")


@pytest.fixture
def context(tmp_path: Path) -> RecipeContext:
    """A folder in which the shipped network is said to have been trained for three short epochs."""
    model, card = checkpoints.read("sides-h3")
    checkpoints.save(model, replace(card, config=SHORT), tmp_path / "sides-h3.safetensors")
    return RecipeContext(tmp_path, lambda share, what: None)


def test_a_run_leaves_both_films(context: RecipeContext) -> None:
    table = recorded.RECIPES[recorded.NAME].run(context)
    results = context.folder / "results"
    film = Film.from_bytes((results / f"{recorded.NAME}.safetensors").read_bytes())
    units = EncoderFilm.from_bytes((results / f"{recorded.UNITS}.safetensors").read_bytes())
    assert 10 < len(units) <= MOST_MOMENTS
    assert 10 < len(film.frames) <= MOST_FRAMES
    assert units.numbers[0][:2] == (0, 0)
    assert units.numbers[-1][1] == film.steps[-1] == table["step"].iloc[-1]
    steps = [step for _, step, _ in units.numbers]
    assert steps == sorted(set(steps))
    assert units[0].units().watches.sum() == 0
    assert units.numbers[-1][2] == pytest.approx(table["side_error"].iloc[-1])
