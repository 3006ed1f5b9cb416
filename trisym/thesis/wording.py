"""A number of the ledger in words: what it measures, so that it can be read without its row."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from trisym.thesis.statistics import Measure

# Columns of result tables as a reader knows them; any other column is read as it is called.
NOUNS: Mapping[str, str] = MappingProxyType(
    {
        "mse": "loss",
        "floor": "loss of the best guess",
        "test_mse": "MSE of the energy",
        "energy_mse": "MSE of the energy",
        "one_free_mse": "MSE of the energy where one side is free",
        "free_sides_mse": "MSE of the energy where both are",
        "energy_r2": "R² of the energy",
        "sum_r2": "R² of the summed nodes",
        "sides_r2": "R² with the sides",
        "coordinates_r2": "R² with the coordinates",
        "r": "r",
        "lift": "mean height of the output",
        "l1": "side l₁",
        "prediction_z": "height of the output",
        "lowest_predicted": "lowest energy predicted",
        "pose_share": "spread over poses, of the energies' own",
        "sides_ms": "time of the side loss",
        "network_ms": "time of the network",
        "orbit_spread_inside": "orbit spread",
        "orbit_spread_whitened": "orbit spread, whitened",
        "orbit_spread_far": "orbit spread far outside",
        "orbit_spread_far_below": "orbit spread far outside",
        "permutation_spread": "spread over the six orders",
        "neighbours_apart": "sides of neighbours apart, of strangers'",
        "neighbour_side_error": "side error read off a neighbour in the latent",
        "side_space_neighbour_error": "off one in side space",
        "linear_side_error": "side error of a linear read-out",
        "decoder_side_error": "of the decoder",
        "angle": "angle in degrees",
    }
)
# How a statistic is read: {n} is the number, {noun} what the column holds.
PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "mean": "{noun} {n}",
        "lowest": "lowest {noun} {n}",
        "highest": "highest {noun} {n}",
        "relative range": "range of the {noun} over its mean {n}",
        "plateau": "{noun} level from h = {n}",
        "straightness": "r² of a straight line {n}",
        "exponent": "{noun} grows as n to the power {n}",
        "decay": "{noun} falls as the number of units to the power −{n}",
        "plateau of sizes": "{noun} level from {n} triangles",
        "over the PCA loss": "{noun} ÷ that of PCA {n}",
        "mean over molecules": "{noun} {n}",
        "rank agreement": "rank correlation of the {noun} with the side error {n}",
        "correlation with rebuilt": "r of the {noun} with the rebuilt one {n}",
        "relative rms error": "rms error over the curve's range {n}",
    }
)
QUANTITY = "quantity == '"  # rows of the table `exact` name what they hold


def said(measure: Measure, number: str) -> str:
    """Return a number of a measure with what it measures: `loss level from h = 9 ± 0`."""
    if measure.over is None:
        return PHRASES[measure.statistic].format(noun=_noun(measure), n=number)
    above, below = _bare(measure), _bare(measure.over)
    ratio = f"{above}, one ÷ the other" if above == below else f"{above} ÷ {below}"
    return f"{ratio}: × {number}"


def _bare(measure: Measure) -> str:
    """Return what a measure is of, with no number."""
    return PHRASES[measure.statistic].format(noun=_noun(measure), n="").strip()


def _noun(measure: Measure) -> str:
    if measure.where.startswith(QUANTITY):
        return measure.where.removeprefix(QUANTITY).rstrip("'") + ":"
    return NOUNS.get(measure.column, measure.column.replace("_", " "))
