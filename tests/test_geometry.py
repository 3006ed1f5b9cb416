from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.transform import Rotation
from torch import Tensor

from tests.invariance import assert_invariant, rigid_motions
from trisym import geometry
from trisym.errors import ConfigError, DataError
from trisym.geometry import (
    align,
    kabsch,
    random_motions,
    random_motions_inside,
    random_rotations,
    rotate,
    side_lengths,
    triangle_from_sides,
)

LIKELY = 1e-3  # p-values: what a right law must reach with these seeds,
IMPOSSIBLE = 1e-9  # and what a wrong one must fall below

SHEAR = torch.tensor([[1.0, 0.3, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], dtype=torch.float64)
MIRROR = torch.diag(torch.tensor([1.0, 1.0, -1.0], dtype=torch.float64))

seeds = st.integers(0, 2**32 - 1)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def points(seed: int, *shape: int) -> Tensor:
    return torch.rand(shape, dtype=torch.float64, generator=generator(seed))


# ---- sides


def test_sides_of_a_triangle_are_cyclic():
    triangle = torch.tensor([[0.0, 0.0, 0.0], [3.0, 0.0, 0.0], [3.0, 4.0, 0.0]])
    assert side_lengths(triangle).tolist() == [3.0, 4.0, 5.0]


@pytest.mark.parametrize("count", [2, 4, 5])
def test_sides_of_other_molecules_are_all_pairs_in_row_order(count):
    vertices = points(0, 7, count, 3)
    pairs = [(i, j) for i in range(count) for j in range(i + 1, count)]
    expected = torch.stack(
        [(vertices[:, i] - vertices[:, j]).square().sum(-1).sqrt() for i, j in pairs], dim=-1
    )
    torch.testing.assert_close(side_lengths(vertices), expected)


def test_one_vertex_has_no_sides():
    with pytest.raises(DataError, match="at least 2 vertices"):
        side_lengths(torch.zeros(1, 3))


@pytest.mark.parametrize("count", [3, 4])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gradients_are_finite_where_two_vertices_coincide(count, dtype):
    vertices = points(1, 5, count, 3).to(dtype)
    vertices[:, 1] = vertices[:, 0]
    vertices[4] = 0  # all in one place
    vertices.requires_grad_()
    side_lengths(vertices).sum().backward()
    assert vertices.grad.isfinite().all()
    assert vertices.grad[:4].abs().sum() > 0

    # The plain formula, for comparison, is not.
    plain = vertices.detach().clone().requires_grad_()
    (plain[:, 0] - plain[:, 1]).square().sum(-1).sqrt().sum().backward()
    assert plain.grad.isnan().any()


@given(seed=seeds, count=st.integers(2, 6))
def test_sides_are_invariant_under_rigid_motions(seed, count):
    """l(R x + t) = l(x) for R in SO(3), t in R^3; l(S x) != l(x) for a shear S."""
    vertices = points(seed, 4, count, 3)
    assert_invariant(side_lengths, rigid_motions, 1e-13, vertices, seed)
    with pytest.raises(AssertionError, match="of its size"):
        assert_invariant(side_lengths, lambda x, _: x @ SHEAR.mT, 1e-3, vertices)


# ---- triangles from sides


@given(seed=seeds)
def test_triangle_from_sides_has_the_sides(seed):
    """l(triangle(l)) = l."""
    sides = side_lengths(points(seed, 3, 4, 3, 3))
    triangles = triangle_from_sides(sides)
    assert triangles.shape == (3, 4, 3, 3)
    torch.testing.assert_close(side_lengths(triangles), sides, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(
        triangles.mean(dim=-2), torch.full((3, 4, 3), 0.5, dtype=torch.float64)
    )
    torch.testing.assert_close(triangles[..., 2], torch.full_like(triangles[..., 2], 0.5))


@pytest.mark.parametrize("sides", [(1, 1, 2), (0, 0.5, 0.5), (0.5, 0, 0.5), (0, 0, 0), (3, 1, 2)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_flat_triangles_count_as_triangles(sides, dtype):
    sides = torch.tensor(sides, dtype=dtype)
    torch.testing.assert_close(side_lengths(triangle_from_sides(sides)), sides)


def test_sides_measured_on_a_flat_float32_triangle_are_accepted():
    ends = torch.rand(1000, 2, 3, generator=generator())
    share = torch.rand(1000, 1, generator=generator(1))
    middle = ends[:, 0] + share * (ends[:, 1] - ends[:, 0])
    sides = side_lengths(torch.stack([ends[:, 0], middle, ends[:, 1]], dim=1))
    assert (sides[:, 2] > sides[:, 0] + sides[:, 1]).any()  # rounding breaks the inequality
    found = side_lengths(triangle_from_sides(sides))
    torch.testing.assert_close(found, sides, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    "sides", [(1, 1, 2.1), (3, 1, 1), (-1, 1, 1), (math.nan, 1, 1), (math.inf, math.inf, 1)]
)
def test_impossible_sides_are_named(sides):
    batch = torch.ones(4, 3)
    batch[2] = torch.tensor(sides)
    with pytest.raises(DataError, match="No triangle has the sides") as caught:
        triangle_from_sides(batch)
    assert ", ".join(f"{side:.4g}" for side in sides) in str(caught.value)


def test_a_triangle_needs_three_sides():
    with pytest.raises(DataError, match="has 3 sides, not 6"):
        triangle_from_sides(torch.ones(6))


# ---- rotations


def haar_p_values(matrices: np.ndarray) -> list[float]:
    """Of the rotation angle, whose density is (1 - cos a)/pi, and of images of fixed vectors,
    whose components are uniform in (-1, 1) (Archimedes).
    """
    cosine = (np.trace(matrices, axis1=1, axis2=2) - 1) / 2
    angles = np.arccos(np.clip(cosine, -1, 1))
    tests = [stats.kstest(angles, lambda a: (a - np.sin(a)) / np.pi)]
    tests += [
        stats.kstest(matrices[:, i, j], stats.uniform(-1, 2).cdf)
        for i in range(3)
        for j in range(3)
    ]
    oblique = matrices @ np.array([1, 2, 2]) / 3
    tests += [stats.kstest(oblique[:, i], stats.uniform(-1, 2).cdf) for i in range(3)]
    return [test.pvalue for test in tests]


def test_random_rotations_follow_the_haar_measure():
    matrices = random_rotations(20_000, generator(1), torch.float64)
    assert min(haar_p_values(matrices.numpy())) > LIKELY


def test_uniform_euler_angles_fail_the_haar_test():
    angles = np.random.default_rng(0).uniform(0, 2 * np.pi, (20_000, 3))
    matrices = Rotation.from_euler("zyz", angles).as_matrix()
    assert min(haar_p_values(matrices)) < IMPOSSIBLE


@pytest.mark.parametrize(("dtype", "bound"), [(torch.float32, 1e-5), (torch.float64, 1e-13)])
def test_random_rotations_are_rotations(dtype, bound):
    """R R^T = 1, det R = +1."""
    matrices = random_rotations(100, generator(), dtype)
    assert matrices.dtype == dtype
    unit = torch.eye(3, dtype=dtype).expand(100, 3, 3)
    torch.testing.assert_close(matrices @ matrices.mT, unit, rtol=0, atol=bound)
    torch.testing.assert_close(torch.linalg.det(matrices), unit[:, 0, 0], rtol=0, atol=bound)


def test_a_seed_means_the_same_rotations():
    first = random_rotations(5, generator(3))
    assert torch.equal(first, random_rotations(5, generator(3)))
    assert not torch.equal(first, random_rotations(5, generator(4)))


def test_rotate_turns_about_the_centroid():
    triangles = points(0, 10, 3, 3)
    turned = rotate(triangles, random_rotations(10, generator(), torch.float64))
    torch.testing.assert_close(turned.mean(dim=1), triangles.mean(dim=1))
    torch.testing.assert_close(side_lengths(turned), side_lengths(triangles))
    assert not torch.allclose(turned, triangles, atol=1e-2)


# ---- random motions


@given(seed=seeds, count=st.integers(1, 5), start=st.floats(-10, 10), more=st.floats(0, 10))
def test_random_motions_are_rigid_and_in_their_range(seed, count, start, more):
    """l(g x) = l(x) for every motion g that is drawn, and start <= min(g x) <= start + more."""
    triangles = points(seed, 3, 3, 3)
    moved = random_motions(triangles, count, generator(seed), (start, start + more))
    assert moved.shape == (3, count, 3, 3)
    expected = side_lengths(triangles)[:, None].expand(3, count, 3)
    torch.testing.assert_close(side_lengths(moved), expected, rtol=0, atol=1e-13)
    lowest = moved.amin(dim=2)
    assert lowest.min() >= start - 1e-12
    assert lowest.max() <= start + more + 1e-12


def test_random_motions_put_a_triangle_anywhere_in_the_range_whichever_way_it_is_turned():
    triangle = points(0, 1, 3, 3)
    moved = random_motions(triangle, 5000, generator(), (-2.0, 2.0))[0]
    lowest = moved.amin(dim=1).numpy()
    for axis in range(3):
        assert stats.kstest(lowest[:, axis], stats.uniform(-2, 4).cdf).pvalue > LIKELY
    first = moved[:, 1] - moved[:, 0]
    along = (first / first.norm(dim=1, keepdim=True))[:, 2].numpy()
    assert stats.kstest(along, stats.uniform(-1, 2).cdf).pvalue > LIKELY  # Haar: uniform in z


@pytest.mark.parametrize(
    ("count", "lowest"),
    [(0, (0.0, 1.0)), (1, (1.0, -1.0)), (1, (0.0, math.nan)), (1, (-math.inf, 0.0))],
)
def test_random_motions_say_what_is_allowed(count, lowest):
    with pytest.raises(ConfigError, match="must"):
        random_motions(points(0, 1, 3, 3), count, generator(), lowest)


@given(seed=seeds, edge=st.floats(0.5, 3), vertices=st.integers(2, 4))
def test_motions_inside_are_rigid_and_inside(seed, edge, vertices):
    """l(g x) = l(x), and 0 <= g x <= edge, wherever x was."""
    molecules = points(seed, 4, vertices, 3)
    molecules = 0.7 * edge * molecules / side_lengths(molecules).amax(dim=1)[:, None, None] + 5
    moved = random_motions_inside(molecules, 3, generator(seed), edge)
    expected = side_lengths(molecules)[:, None].expand(4, 3, -1)
    torch.testing.assert_close(side_lengths(moved), expected, rtol=0, atol=1e-12)
    assert moved.min() >= 0
    assert moved.max() <= edge * (1 + 1e-15)


def test_motions_inside_in_float32_on_many_triangles():
    triangles = torch.rand(300, 3, 3, generator=generator(2))
    moved = random_motions_inside(triangles, 100, generator())
    assert moved.dtype == torch.float32
    assert moved.min() >= 0
    assert moved.max() <= 1
    expected = side_lengths(triangles)[:, None].expand(300, 100, 3)
    torch.testing.assert_close(side_lengths(moved), expected, rtol=0, atol=2e-6)
    # No pose is empty or comes twice.
    assert len(moved.flatten(2).flatten(0, 1).unique(dim=0)) == 30_000


def plain_motions_inside(triangle: Tensor, count: int, weighted: bool = True) -> Tensor:
    """By the definition: Haar rotation, centre uniform in the cube, kept when all is inside."""
    stream = generator(99)
    rotations = random_rotations(count, stream, torch.float64)
    turned = (triangle - triangle.mean(dim=0)) @ rotations.mT
    uniform = torch.rand(count, 1, 3, dtype=torch.float64, generator=stream)
    if weighted:
        placed = turned + uniform
    else:  # the tempting mistake: any rotation that fits, then a uniform place
        low, high = turned.amin(dim=1, keepdim=True), turned.amax(dim=1, keepdim=True)
        placed = turned - low + uniform * (1 - (high - low))
    return placed[((placed >= 0) & (placed <= 1)).flatten(1).all(dim=1)]


def same_law_p_values(first: Tensor, second: Tensor) -> list[float]:
    def features(poses: Tensor) -> Tensor:
        extent = poses.amax(dim=1) - poses.amin(dim=1)
        span = (poses[:, 0] - poses[:, 1]).abs()
        return torch.cat([poses.flatten(1), extent, span, extent.prod(-1, keepdim=True)], dim=1)

    columns = zip(features(first).T.numpy(), features(second).T.numpy(), strict=True)
    return [stats.ks_2samp(a, b).pvalue for a, b in columns]


TRIANGLES = {
    "small": (0.3, 0.25, 0.2),
    "usual": (0.8, 0.6, 0.5),
    "thin": (1.1, 1.0, 0.15),
}


@pytest.mark.parametrize("sides", TRIANGLES.values(), ids=TRIANGLES.keys())
def test_motions_inside_have_the_law_of_the_definition(sides):
    """Haar x Lebesgue, conditional on lying inside the cube."""
    triangle = triangle_from_sides(torch.tensor(sides, dtype=torch.float64))
    moved = random_motions_inside(triangle[None], 20_000, generator(5))[0]
    plain = plain_motions_inside(triangle, 400_000)[:20_000]
    assert len(plain) > 2000
    assert min(same_law_p_values(moved, plain)) > LIKELY


def test_unweighted_rotations_fail_the_law_of_the_definition():
    triangle = triangle_from_sides(torch.tensor(TRIANGLES["thin"], dtype=torch.float64))
    moved = random_motions_inside(triangle[None], 20_000, generator(5))[0]
    unweighted = plain_motions_inside(triangle, 40_000, weighted=False)[:20_000]
    assert min(same_law_p_values(moved, unweighted)) < IMPOSSIBLE


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_bound_of_the_room_is_a_bound_and_tight(dtype):
    """bound(d) >= (1 - x1)(1 - x2)(1 - x3) for all |x| = d, with equality for some x."""
    diameters = torch.linspace(0.05, 1.7, 67, dtype=dtype)
    directions = torch.nn.functional.normalize(
        torch.randn(200_000, 3, dtype=dtype, generator=generator()).abs(), dim=1
    )
    # The maximum may lie on the sphere's edge, which random directions only come near.
    directions[:50_000, 2] = 0
    directions[:50_000] = torch.nn.functional.normalize(directions[:50_000], dim=1)
    directions[0] = torch.tensor([1.0, 0.0, 0.0])
    bound = geometry._largest_room(diameters)
    for diameter, most in zip(diameters, bound, strict=True):
        found = (1 - diameter * directions).clamp(min=0).prod(dim=1).max()
        assert found <= most
        assert found > 0.99 * most - 1e-5


def test_the_first_triangle_that_is_too_large_is_named():
    triangles = points(0, 5, 3, 3)
    triangles[3] *= 1.9 / side_lengths(triangles[3]).max()
    with pytest.raises(DataError, match=r"Triangle 3, with the sides .* edge 1"):
        random_motions_inside(triangles, 10, generator())


def test_a_triangle_that_only_just_can_not_fit_ends_the_search():
    # The largest equilateral triangle in the unit cube has the side sqrt(2).
    triangles = triangle_from_sides(torch.tensor([[0.5, 0.5, 0.5], [1.45, 1.45, 1.45]]))
    with pytest.raises(DataError, match=r"Triangle 1, .* too large to find 2 motions .*0 of "):
        random_motions_inside(triangles, 2, generator())


def test_a_round_of_the_search_is_bounded_and_serves_the_first():
    """However many motions are missing, a round holds at most ROUND candidates, in order."""
    missing = torch.full((1000,), 10_000)
    missing[0] = 0
    found, tried = torch.full_like(missing, 10), torch.full_like(missing, 100_000)
    owner = geometry._next_candidates(missing, found, tried)
    assert 0 < len(owner) <= geometry.ROUND
    assert owner.unique().tolist() == [1, 2, 3, 4]
    assert torch.equal(owner, owner.sort().values)


def test_motions_inside_refuse_nan_and_no_count():
    triangles = points(0, 2, 3, 3)
    with pytest.raises(ConfigError, match="at least 1"):
        random_motions_inside(triangles, 0, generator())
    triangles[1, 2, 0] = math.nan
    with pytest.raises(DataError, match="Triangle 1"):
        random_motions_inside(triangles, 1, generator())


# ---- alignment


@given(seed=seeds, count=st.integers(3, 6))
def test_kabsch_finds_the_motion(seed, count):
    """kabsch(x, R x + t) = (R, t)."""
    source = points(seed, 5, count, 3)
    rotations = random_rotations(5, generator(seed), torch.float64)
    shift = 10 * points(seed + 1, 5, 3)
    target = source @ rotations.mT + shift[:, None]
    found, translation = kabsch(source, target)
    torch.testing.assert_close(align(source, target), target, rtol=0, atol=1e-11)
    torch.testing.assert_close(torch.linalg.det(found), torch.ones(5, dtype=torch.float64))
    # Thin triangles fix the rotation about their long axis badly: compare where it is sharp.
    spread = torch.linalg.svdvals(source - source.mean(dim=1, keepdim=True))[:, 1]
    sharp = spread > 0.05
    torch.testing.assert_close(found[sharp], rotations[sharp], rtol=0, atol=1e-9)
    torch.testing.assert_close(translation[sharp], shift[sharp], rtol=0, atol=1e-9)


def test_no_rigid_motion_undoes_a_shear():
    source = points(0, 5, 3, 3)
    target = source @ SHEAR.mT
    assert (align(source, target) - target).abs().amax(dim=(1, 2)).min() > 1e-3


@given(seed=seeds)
def test_a_mirror_image_gets_the_best_rotation_and_not_a_reflection(seed):
    """det R = +1 even where the best orthogonal matrix has det -1; as good as scipy's."""
    source = points(seed, 1, 4, 3)
    target = source @ MIRROR.mT
    centred, mirrored = (p[0] - p[0].mean(dim=0) for p in (source, target))
    left, _, right = torch.linalg.svd(mirrored.T @ centred)
    assert torch.linalg.det(left @ right) < 0  # the branch in question

    rotation, _ = kabsch(source, target)
    torch.testing.assert_close(torch.linalg.det(rotation), torch.ones(1, dtype=torch.float64))
    _, best = Rotation.align_vectors(mirrored.numpy(), centred.numpy())
    ours = (align(source, target) - target).square().sum().sqrt().item()
    assert ours == pytest.approx(best, rel=1e-6)
    assert ours > 0


def test_a_mirrored_triangle_is_a_turned_one():
    source = points(0, 5, 3, 3)
    target = source @ MIRROR.mT
    torch.testing.assert_close(align(source, target), target)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_vertices_on_a_line_or_in_one_place_still_align(dtype):
    line = torch.tensor([0.0, 0.2, 1.0], dtype=dtype)[:, None] * torch.ones(3, dtype=dtype)
    source = torch.stack([line, torch.ones(3, 3, dtype=dtype)])
    target = rotate(source, random_rotations(2, generator(), dtype)) + 2
    rotation, _ = kabsch(source, target)
    torch.testing.assert_close(align(source, target), target, rtol=0, atol=1e-5)
    torch.testing.assert_close(torch.linalg.det(rotation), torch.ones(2, dtype=dtype))
