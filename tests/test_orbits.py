"""What the symmetry page computes: drifts of one motion, spreads of many, and their words."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from trisym import datasets, metrics
from trisym.errors import DataError
from trisym.geometry import side_lengths
from trisym.ui.kit import models
from trisym.ui.kit.triangle_scene import HOME_POSE
from trisym.ui.symmetry import orbits, tables

POSE = np.array(HOME_POSE)
CLOUD = 2_000


@pytest.mark.parametrize("number", range(1, 6))
def test_a_motion_is_rigid_and_stays_inside(number: int) -> None:
    """|Rx_i + t − Rx_j − t| = |x_i − x_j|, and 0 ≤ Rx + t ≤ 1."""
    after = orbits.moved(POSE, number)
    np.testing.assert_allclose(orbits.sides(after), orbits.sides(POSE), rtol=1e-12)
    assert after.min() >= 0
    assert after.max() <= 1
    assert np.abs(after - POSE).max() > 0.05
    np.testing.assert_array_equal(after, orbits.moved(POSE, number))  # a link shows the same


def test_a_triangle_too_large_for_the_cube_is_refused() -> None:
    with pytest.raises(DataError, match="cube"):
        orbits.moved(3 * POSE, 1)


def test_sides_are_those_of_the_library() -> None:
    np.testing.assert_array_equal(orbits.sides(POSE), side_lengths(torch.from_numpy(POSE)).numpy())


def drifts(name: str) -> np.ndarray:
    moved = [orbits.moved(POSE, number) for number in range(1, 21)]
    return np.array([orbits.passage(name, POSE, after, CLOUD).drift for after in moved])


def test_the_network_trained_on_sides_stays_put() -> None:
    """|f(Rx + t) − f(x)| ≪ the spread of the cloud."""
    assert drifts("sides-h3").max() < 0.1


@pytest.mark.parametrize("name", ["mse-h3", "untrained"])
def test_the_controls_drift(name: str) -> None:
    """The control: another network's latent point moves as if to another triangle."""
    assert drifts(name).mean() > 0.4


def test_no_motion_is_no_drift() -> None:
    passage = orbits.passage("untrained", POSE, POSE, CLOUD)
    assert passage.drift < 1e-5  # one batch, two rows: rounding in single precision
    assert passage.spread > 0


def test_orbit_spreads_are_those_of_the_metrics() -> None:
    triangles, motions = 20, 10
    found = orbits.orbits("untrained", triangles, motions)
    shapes = datasets.generate("random", n=triangles, seed=orbits.SEED).inputs
    expected = metrics.orbit_spreads(
        models.network("untrained").encode,
        shapes,
        motions,
        torch.Generator().manual_seed(orbits.SEED),
    )
    assert set(found) == set(orbits.RANGES)
    for reach, each in found.items():
        assert each.spread == pytest.approx(getattr(expected, reach), rel=1e-5)


def test_what_is_drawn_is_a_stated_part_with_its_triangles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orbits, "MOST_DRAWN", 60)
    seen = orbits.orbits("untrained", 11, 13)["inside"]
    assert seen.count == 11 * 13
    assert seen.latents.shape == (60, 3)
    assert set(seen.triangle) <= set(range(11))
    assert len(set(seen.triangle)) > 5  # from all over, not the first few


def test_names_start_with_what_the_page_opens_with() -> None:
    there = list(models.titles())
    assert there[: len(models.FIRST)] == list(models.FIRST)
    assert len(set(there)) == len(there)
    assert all(models.in_browser(name).title for name in there)
    assert "translation-a" not in there  # it moves triangles, and brings none back


def test_a_model_on_the_stage_is_the_network_itself() -> None:
    stage, network = models.in_browser("untrained"), models.network("untrained")
    assert stage.slope == network.config.slope
    np.testing.assert_array_equal(stage.encoder[0][0], network.encoder[0].weight.numpy())
    np.testing.assert_array_equal(stage.decoder[-1][1], network.decoder[-1].bias.numpy())


def test_the_reference_is_shared_and_read_only() -> None:
    reference = models.reference(1_000)
    assert reference is models.reference(1_000)
    with pytest.raises(ValueError, match="read-only"):
        reference[0] = 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.00203, "0.0020"),
        (0.9955, "1.0"),
        (0.0109, "0.011"),
        (0.66, "0.66"),
        (12.34, "12"),
        (1234.5, "1,234"),
        (3e-6, "3.0e-06"),
        (-0.5, "-0.50"),
    ],
)
def test_short_numbers(value: float, text: str) -> None:
    assert tables.short(value) == text
