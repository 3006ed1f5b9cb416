"""Drift: shipped models measured again, and tables that take no training made again.

A quick look at what is shipped, not a proof: trained results are only made again by `reproduce`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from trisym.evaluation import FRESH_SEED, held_out
from trisym.experiments import RECIPES
from trisym.experiments.recipe import RecipeContext
from trisym.geometry import side_lengths
from trisym.networks import Autoencoder
from trisym.sampling import Pairs
from trisym.storage import checkpoints, results

SEED = FRESH_SEED + 3  # of triangles that no card was measured on
MODEL_TOLERANCE = 0.1  # of an error on other 20,000 triangles, or STANDARD_ERRORS if that is more:
STANDARD_ERRORS = 4.0  # where a network is all but exact, one triangle may make half of the mean
TABLE_TOLERANCE = 1e-3  # of a number: other devices and versions round otherwise
QUICK_S = 10.0  # recipes that took longer trained something
TIMED = "_ms"  # columns with this ending hold times, which no two runs share


@dataclass(frozen=True)
class Finding:
    """One thing measured again: what was stored, what was found, how far they may be apart."""

    name: str
    what: str
    stored: float
    found: float
    tolerance: float

    @property
    def drifted(self) -> bool:
        return not abs(self.found - self.stored) <= self.tolerance * abs(self.stored)  # NaN drifts


def check(folder: Path = results.PRETRAINED) -> Iterator[Finding]:
    """Measure every shipped autoencoder and re-make every quick table, one finding at a time."""
    yield from check_models(folder)
    yield from check_tables(folder)


def check_models(folder: Path = results.PRETRAINED) -> Iterator[Finding]:
    """Measure the autoencoders on fresh triangles, against their cards."""
    for path in sorted(folder.glob("*.safetensors")):
        model, card = checkpoints.read(path)
        if not isinstance(model, Autoencoder):
            continue
        for measure, samples in _errors(model, held_out(card.config.data, SEED)).items():
            if measure in card.metrics:
                stored, found = card.metrics[measure], samples.mean().item()
                # Both are means over such samples.
                apart = STANDARD_ERRORS * (2 * samples.var() / len(samples)).sqrt().item()
                tolerance = max(MODEL_TOLERANCE, apart / stored if stored else 0.0)
                yield Finding(card.name, measure, stored, found, tolerance)


@torch.no_grad()
def _errors(model: Autoencoder, pairs: Pairs) -> dict[str, Float[Tensor, " batch"]]:
    """Return the errors of each sample, of which `metrics` has the means."""
    outputs = model(pairs.inputs)
    sides = side_lengths(outputs) - side_lengths(pairs.targets)
    squares = (outputs - pairs.targets).square()
    return {"mse": squares.mean((1, 2)), "side_error": sides.abs().mean(1)}


def check_tables(folder: Path = results.PRETRAINED) -> Iterator[Finding]:
    """Make again what took no training, in a copy of the folder, and compare the numbers."""
    quick = [name for name in results.names(folder / "results") if _is_quick(name, folder)]
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "pretrained"
        shutil.copytree(folder, copy)
        for name in quick:
            before = results.load(name, folder / "results")
            after = RECIPES[name].run(RecipeContext(copy, lambda share, what: None))
            yield compare(name, before, after)


def _is_quick(name: str, folder: Path) -> bool:
    if name not in RECIPES:
        return False
    seconds = results.load_card(name, folder / "results").get("seconds", np.inf)
    timed = any(str(column).endswith(TIMED) for column in results.load(name, folder / "results"))
    return bool(seconds <= QUICK_S) and not timed


def compare(name: str, before: pd.DataFrame, after: pd.DataFrame) -> Finding:
    """Return the number of differing cells: 0 where two tables agree, text and numbers alike."""
    cells = float(max(before.size, after.size))
    if before.shape != after.shape or list(before.columns) != list(after.columns):
        return Finding(name, "cells that differ", 0.0, cells, 0.0)
    differing = sum(_differing(before[column], after[column]) for column in before.columns)
    return Finding(name, "cells that differ", 0.0, float(differing), 0.0)


def _differing(before: pd.Series, after: pd.Series) -> int:
    if pd.api.types.is_numeric_dtype(before) and pd.api.types.is_numeric_dtype(after):
        a, b = (column.astype(float).to_numpy() for column in (before, after))
        scale = np.max(
            np.abs(a[np.isfinite(a)]), initial=0.0
        )  # a value near 0 is 0 beside the others
        close = np.isclose(a, b, TABLE_TOLERANCE, TABLE_TOLERANCE * scale, equal_nan=True)
        return int((~close).sum())
    texts = (column.astype(object).fillna("").astype(str).to_numpy() for column in (before, after))
    return int(np.not_equal(*texts).sum())
