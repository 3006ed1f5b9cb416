"""Sets of n points: distances, signed volume, mirror images, and what distances confuse."""

from __future__ import annotations

from itertools import combinations

import pytest
import torch
from scipy.spatial import ConvexHull
from torch import Tensor

from tests.invariance import assert_invariant, exchanges, rigid_motions
from trisym import datasets, points
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig, generate
from trisym.errors import ConfigError, DataError
from trisym.geometry import side_lengths
from trisym.losses import ALL_LOSSES, POINT_LOSSES
from trisym.networks import AutoencoderConfig

COUNTS = (2, 3, 4, 5, 6, 16)


def sets(count: int, n: int = 50) -> Tensor:
    return generate("random", n=n, seed=3, points=count, dtype=torch.float64).inputs


@pytest.mark.parametrize("count", COUNTS)
def test_sets_of_n_points_are_drawn(count: int) -> None:
    drawn = sets(count)
    assert drawn.shape == (50, count, 3)
    assert points.pairs(count) == side_lengths(drawn).shape[1]
    assert points.freedoms(count) == max(1, 3 * count - 6)
    points.check_points(drawn)


def test_triangles_are_the_ones_they_were() -> None:
    """Three points are drawn from the same numbers as before there were more."""
    assert torch.equal(generate("random", n=5).inputs, generate("random", n=5, points=3).inputs)


def test_a_shortest_side_holds_for_every_pair() -> None:
    drawn = generate("random", n=500, points=5, min_side=0.3, dtype=torch.float64).inputs
    assert side_lengths(drawn).min() > 0.3


@pytest.mark.parametrize("count", [0, 1, 17])
def test_other_numbers_of_points_are_refused(count: int) -> None:
    with pytest.raises(ConfigError, match="number of points must be a whole number from 2 to 16"):
        DataConfig(points=count)


def test_what_can_not_be_is_a_sentence() -> None:
    with pytest.raises(ConfigError, match="fixed-side is one of triangles; take random"):
        DataConfig("fixed-side", points=4)
    with pytest.raises(ConfigError, match="must have 4 vertices, not 3"):
        FitConfig(data=DataConfig(points=4))
    with pytest.raises(ConfigError, match="The loss volume is one of 4 points, not 3"):
        FitConfig(loss="volume")
    with pytest.raises(DataError, match="Two points coincide"):
        points.check_points(torch.zeros(4, 3))
    with pytest.raises(ConfigError, match="from 2 to 16"):
        points.check_points(torch.rand(17, 3))
    with pytest.raises(DataError, match="finite"):
        points.check_points(torch.full((4, 3), torch.nan))


def test_h_0_is_refused() -> None:
    with pytest.raises(ConfigError, match="latent size h"):
        AutoencoderConfig(latent=0, vertices=4)


def test_the_gram_matrix_has_the_same_distances() -> None:
    drawn = sets(6)
    matrix = points.distance_matrix(drawn)
    rows = [(i, j) for i, j in combinations(range(6), 2)]
    found = torch.stack([matrix[:, i, j] for i, j in rows], dim=1)
    assert torch.allclose(found, side_lengths(drawn), atol=1e-9)
    assert torch.equal(matrix, matrix.mT)


def test_a_signed_volume_is_a_volume() -> None:
    drawn = sets(4, 20)
    hulls = torch.tensor([ConvexHull(each.numpy()).volume for each in drawn], dtype=drawn.dtype)
    assert torch.allclose(points.signed_volume(drawn).abs(), hulls)


def test_a_signed_volume_knows_rigid_motions_from_mirrors() -> None:
    """V(R x + t) = V(x), V(mirror x) = −V(x); exchanging points may turn its sign: the control."""
    drawn = sets(4)
    assert_invariant(points.signed_volume, rigid_motions, 1e-12, drawn)
    assert torch.allclose(
        points.signed_volume(points.mirrored(drawn)), -points.signed_volume(drawn)
    )
    with pytest.raises(AssertionError, match="of its size"):
        assert_invariant(points.signed_volume, exchanges, 0.1, drawn)


def test_a_mirror_image_keeps_distances_and_stays_in_the_cube() -> None:
    image = points.mirrored(sets(5))
    assert torch.allclose(side_lengths(image), side_lengths(sets(5)))
    assert image.min() >= 0
    assert image.max() <= 1


def test_a_mirrored_triangle_is_a_turned_one_a_tetrahedron_is_not() -> None:
    """Kabsch's rotation carries three points onto their mirror image; four are left apart."""
    from trisym.geometry import align

    for count, same in ((3, True), (4, False)):
        drawn = sets(count)
        left = (align(points.mirrored(drawn), drawn) - drawn).abs().amax((1, 2))
        assert bool((left < 1e-9).all()) is same


def test_the_pair_that_unordered_distances_confuse() -> None:
    """The same six distances, another shape: no numbering makes the labelled ones agree."""
    one, other = points.homometric_pair()
    assert torch.allclose(points.unordered(one), points.unordered(other))
    assert points.labelled_gap(one, other) > 0.1
    turned = rigid_motions(one[None], torch.Generator().manual_seed(1))[0]
    assert points.labelled_gap(one, turned[[2, 0, 3, 1]]) < 1e-12  # the control: the same set
    assert all(0 <= c <= 1 for c in (*one.flatten().tolist(), *other.flatten().tolist()))
    with pytest.raises(DataError, match="2 to 7"):
        points.labelled_gap(*torch.rand(2, 8, 3))


@pytest.mark.parametrize("name", POINT_LOSSES)
def test_point_losses(name: str) -> None:
    """0 for the set itself, blind to rigid motions, and a gradient where points coincide."""
    loss = POINT_LOSSES[name]
    target = sets(4).flatten(1)
    assert loss.per_sample(target, target).abs().max() < 1e-12
    assert_invariant(
        lambda x: loss.per_sample(target, x.flatten(1)), rigid_motions, 1e-9, sets(4).flip(0)
    )
    output = torch.full((50, 12), 0.5, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(loss.per_sample(target, output).sum(), output)
    assert gradient.isfinite().all()


def test_only_the_volume_loss_sees_a_mirror() -> None:
    target, image = sets(4).flatten(1), points.mirrored(sets(4)).flatten(1)
    seen = {name: ALL_LOSSES[name].per_sample(target, image).mean() for name in ALL_LOSSES}
    assert seen["volume"] > 0.1
    assert max(seen[name] for name in ("sides", "half", "gram", "perimeter")) < 1e-9


def test_half_of_the_pairs_is_another_half_in_each_batch_and_right_in_the_mean() -> None:
    generator = torch.Generator().manual_seed(1)
    target, output = (torch.rand(8, 12, generator=generator) for _ in range(2))
    whole = ALL_LOSSES["sides"].per_sample(target, output)
    moved = torch.rand(400, 1, generator=generator)  # the same shapes, other batches
    halves = torch.stack([ALL_LOSSES["half"].per_sample(target + m, output + m) for m in moved])
    assert len({round(float(value), 4) for value in halves[:, 0]}) > 10
    assert torch.allclose(halves.mean(0), whole, rtol=0.08)


def test_any_loss_trains_and_its_network_is_of_n_points() -> None:
    from trisym.training.sweeps import sweep

    for name in ("sides", *POINT_LOSSES):
        config = FitConfig(
            network=AutoencoderConfig(vertices=4, latent=6, hidden=(16,)),
            data=DataConfig(n=2_000, points=4),
            loss=name,
            epochs=4,
        )
        (member,) = sweep([config])
        losses = [record.validation_loss for record in member.records]
        assert losses[-1] < losses[0]
        assert member.model.encode(sets(4).float()).shape == (50, 6)  # type: ignore[union-attr]


def test_presets_are_of_triangles() -> None:
    assert all(config.data.points == 3 for config in PRESETS.values())
    assert datasets.DATASETS["random"].any_points
