"""The symmetry spectrum: what functions with known symmetries answer, and those without."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.model_files import network
from trisym import datasets
from trisym.datasets import DataConfig
from trisym.errors import DataError
from trisym.evaluation import FRESH_SEED
from trisym.geometry import random_rotations, side_lengths
from trisym.jacobians import Function, by_autograd, of_encoder, of_sides
from trisym.networks import AutoencoderConfig, initial_weights
from trisym.spectrum import GAP, KINDS, MOTIONS, RIGID, Spectrum, unseen
from trisym.storage import checkpoints
from trisym.symmetries import held_out, spectrum

TRIANGLES = held_out(DataConfig(), 1_000)
ZERO = 1e-10


def of(function: Function, triangles: Tensor = TRIANGLES) -> Spectrum:
    return spectrum(function, triangles)


def random_network(seed: int, config: AutoencoderConfig | None = None) -> Function:
    config = config or AutoencoderConfig()
    model = network(config, torch.float64)
    weights = initial_weights(config, torch.Generator().manual_seed(seed), torch.float64)
    model.load_state_dict(weights)
    return of_encoder(model)


def height(vertices: Tensor) -> Tensor:
    """A function of z alone, and not a linear one."""
    return vertices[..., 2] + vertices[..., 2] ** 3


def perimeter(vertices: Tensor) -> Tensor:
    return side_lengths(vertices).sum(-1, keepdim=True)


# ---- functions whose symmetries are known


def test_sides_do_not_see_rigid_motions() -> None:
    """l(x + ε (ω × x + b)) = l(x) + O(ε²): six zeros, and they are se(3)."""
    found = of(of_sides())
    assert found.values[6:].max() < ZERO
    assert found.values[:6].min() > 1
    assert found.found == 6
    assert found.angles().max() < 1e-8
    assert found.inside() == pytest.approx(1)
    assert found.unseen == ("translation", "rotation")


def test_a_function_of_z_has_exactly_its_own_algebra() -> None:
    """f(z) is unseen by (A, b) with zᵀA = 0, b_z = 0: eight of twelve motions."""
    found = of(by_autograd(height))
    own = np.delete(np.eye(MOTIONS), [6, 7, 8, 11], axis=0)
    assert found.values[4:].max() < ZERO
    assert found.values[3] > 0.5
    assert found.found == 8
    assert found.angles(to=own).max() < 1e-8
    assert found.angles().max() > 0.5  # the control: it is not se(3)


@pytest.mark.parametrize("seed", range(5))
def test_a_random_network_has_no_symmetry(seed: int) -> None:
    found = of(random_network(seed))
    assert found.found == 0
    assert found.unseen == ()
    assert found.gap < GAP
    assert math.isnan(found.inside())
    assert found.angles().size == 0


def test_the_perimeter_has_at_least_the_six() -> None:
    """P(g x) = P(x): what eq. 8 as printed asks for."""
    found = of(by_autograd(perimeter))
    assert found.values[6:].max() < ZERO
    assert found.found >= 6
    assert found.angles(6).max() < 1e-8


def test_coordinates_prefer_no_motion() -> None:
    """f(x) = x answers every motion alike: displacement over spread, 1 / sqrt(3 · 1/12)."""
    found = of(by_autograd(lambda x: x.flatten(1)), held_out(DataConfig(), 20_000))
    assert found.values == pytest.approx(np.full(12, 2.0), rel=0.01)
    assert found.values.max() == pytest.approx(found.values.min())
    assert found.found == 0


def test_a_node_that_sums_the_vertices_sees_one_translation() -> None:
    """f(x) = Σ_i x_i / 3 drifts by b_x / spread, and not with b_y."""
    found = of(by_autograd(lambda v: v[..., :1].mean(1)))
    unit = np.eye(MOTIONS)
    assert found.answer(unit[10]) == pytest.approx(0, abs=ZERO)
    assert found.answer(unit[9]) == pytest.approx(1 / found.spread)


# ---- equivariance


def about_the_centre(vertices: Tensor, rotation: Tensor) -> Tensor:
    return (vertices - 0.5) @ rotation.mT + 0.5


@pytest.mark.parametrize("seed", range(3))
def test_the_spectrum_turns_with_the_data(seed: int) -> None:
    """σ(f ∘ R⁻¹, R X) = σ(f, X); each motion (A, b) becomes (R A Rᵀ, R b)."""
    rotation = random_rotations(1, torch.Generator().manual_seed(seed), torch.float64)[0]
    model = network(AutoencoderConfig(), torch.float64)

    def turned(vertices: Tensor) -> Tensor:
        return model.encode(about_the_centre(vertices, rotation.mT))

    before = of(of_encoder(model))
    after = of(by_autograd(turned), about_the_centre(TRIANGLES, rotation))
    np.testing.assert_allclose(after.values, before.values, rtol=1e-9)
    for kind in KINDS:
        assert after.answers[kind] == pytest.approx(before.answers[kind], rel=1e-9)
    turn = rotation.numpy()
    for place in (0, 5, 11):
        a, b = before.motions[place, :9].reshape(3, 3), before.motions[place, 9:]
        moved = np.concatenate([(turn @ a @ turn.T).ravel(), turn @ b])
        overlap = after.motions[place] @ after.metric @ moved
        assert abs(overlap) == pytest.approx(1, abs=1e-6)


def test_turning_the_data_alone_changes_the_spectrum() -> None:
    """The control: f is not turned along."""
    rotation = random_rotations(1, torch.Generator().manual_seed(0), torch.float64)[0]
    function = random_network(0)
    before, after = of(function), of(function, about_the_centre(TRIANGLES, rotation))
    assert np.abs(after.values / before.values - 1).max() > 0.01


def test_scale_and_origin_of_the_latent_do_not_matter() -> None:
    """σ(a f + b) = σ(f)."""
    model = network(AutoencoderConfig(), torch.float64)
    plain = of(of_encoder(model))
    other = of(by_autograd(lambda x: 7 * model.encode(x) - 100))
    np.testing.assert_allclose(other.values, plain.values, rtol=1e-9)


# ---- what the numbers mean


def small_drift(function: Function, motion: np.ndarray, size: float = 1e-8) -> float:
    """The rms drift that a motion really causes, per unit of `size`, in spreads."""
    a, b = torch.from_numpy(motion[:9].reshape(3, 3)), torch.from_numpy(motion[9:])
    moved = TRIANGLES + size * ((TRIANGLES - 0.5) @ a.T + b)
    apart = function(moved).values - function(TRIANGLES).values
    cloud = function(TRIANGLES).values
    spread = (cloud - cloud.mean(0)).square().sum(1).mean().sqrt()
    return (apart.square().sum(1).mean().sqrt() / spread / size).item()


def test_each_value_is_the_drift_of_its_motion() -> None:
    """|f(x + ε D p) - f(x)| / s = ε σ, rms over x, for rms displacement ε."""
    function = random_network(1)
    found = of(function)
    for value, motion in zip(found.values, found.motions, strict=True):
        assert found.displacement(motion) == pytest.approx(1)
        assert small_drift(function, motion) == pytest.approx(value, rel=1e-4)


def test_the_motions_combine_as_the_spectrum_predicts() -> None:
    function = random_network(2)
    found = of(function)
    motion = np.random.default_rng(0).normal(size=MOTIONS)
    assert small_drift(function, motion) == pytest.approx(found.answer(motion), rel=1e-4)
    rows = found.motions @ found.metric @ found.motions.T
    np.testing.assert_allclose(rows, np.eye(MOTIONS), atol=1e-9)


def test_mean_answers_are_means_over_motions_of_a_kind() -> None:
    function = random_network(3)
    found = of(function)
    generator = np.random.default_rng(1)
    for kind, basis in KINDS.items():
        squares = []
        lower = np.linalg.cholesky(basis @ found.metric @ basis.T)
        for _ in range(4_000):  # directions drawn evenly, of rms displacement 1
            along = generator.normal(size=len(basis))
            motion = np.linalg.solve(lower.T, along / np.linalg.norm(along)) @ basis
            squares.append(found.answer(motion) ** 2)
        assert found.answers[kind] == pytest.approx(math.sqrt(np.mean(squares)), rel=0.02)


def test_the_kinds_of_a_motion_add_up() -> None:
    found = of(of_sides())
    total = sum(found.shares.values())
    np.testing.assert_allclose(total, np.ones(MOTIONS), atol=1e-12)
    assert (found.shares["strain"][:6] > 0.99).all()
    assert (found.shares["strain"][6:] < 1e-12).all()


def test_the_kinds_are_all_motions() -> None:
    assert np.linalg.matrix_rank(np.concatenate(list(KINDS.values()))) == MOTIONS
    assert np.linalg.matrix_rank(RIGID) == 6
    for row in KINDS["rotation"]:
        a = row[:9].reshape(3, 3)
        np.testing.assert_array_equal(a, -a.T)
    # About z, from x towards y: ω × v with ω = e_z.
    turn = KINDS["rotation"][2][:9].reshape(3, 3)
    np.testing.assert_array_equal(turn @ [1, 0, 0], [0, 1, 0])


def a_spectrum(*values: float) -> Spectrum:
    eye = np.eye(MOTIONS)
    return Spectrum(np.array(values), eye, eye, {}, 1.0)


def test_found_is_what_lies_below_the_first_wide_gap() -> None:
    seen = (9.0, 8.0, 7.0, 6.0, 5.0, 4.0)
    assert a_spectrum(*seen, 0.79, *[0.7] * 5).found == 6
    assert a_spectrum(*seen, 0.81, *[0.7] * 5).found == 0
    assert a_spectrum(*seen, 0.79, 0.7, 0.7, 1e-3, 1e-4, 1e-9).found == 6
    assert a_spectrum(*[1.0] * 11, 0.0).found == 1
    assert a_spectrum(*seen, 0.79, *[0.7] * 5).gap == pytest.approx(4 / 0.79)
    assert a_spectrum(*seen, 0.79, *[0.7] * 5).threshold == pytest.approx(0.8)


def test_kinds_unseen() -> None:
    answers = {"translation": 0.1, "rotation": 0.9, "strain": 4.0}
    assert unseen(answers) == ("translation",)
    assert unseen({**answers, "rotation": 0.7}) == ("translation", "rotation")
    assert unseen({**answers, "translation": math.nan}) == ()


# ---- the shipped networks: an independent program found these


EXPECTED = {
    "sides-h3": (6, [3.85, 3.6, 3.5, 3.5, 3.4, 3.35, 0.2, 0.19, 0.18, 0.00078, 0.00068, 0.00062]),
    "perimeter-h3": (6, [8.4, 4.1, 4.0, 4.0, 3.4, 3.3, 0.36, 0.35, 0.34, 0.031, 0.017, 0.0068]),
    "mse-h3": (0, [12.8, *[None] * 9, 1.4, 0.9]),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_shipped_networks(name: str) -> None:
    found = spectrum(of_encoder(checkpoints.load_autoencoder(name)), held_out(DataConfig()))
    count, values = EXPECTED[name]
    assert found.found == count
    for value, expected in zip(found.values, values, strict=True):
        if expected is not None:
            assert value == pytest.approx(expected, rel=0.12)


def test_what_the_invariant_network_does_not_see_is_se3() -> None:
    found = spectrum(of_encoder(checkpoints.load_autoencoder("sides-h3")), held_out(DataConfig()))
    assert found.inside() > 0.99999
    assert found.unseen == ("translation", "rotation")


# ---- what can't be asked


def constant(vertices: Tensor) -> Tensor:
    return (0 * vertices + 3).flatten(1)[:, :3]


@pytest.mark.parametrize(
    ("function", "triangles", "sentence"),
    [
        (by_autograd(constant), TRIANGLES, "one latent point"),
        (by_autograd(lambda x: x.flatten(1) / 0), TRIANGLES, "not finite"),
        (by_autograd(lambda x: (x.flatten(1) - x.flatten(1)).sqrt()), TRIANGLES, "one latent"),
        (by_autograd(lambda x: 1e200 * x.flatten(1)), TRIANGLES, "too large"),
        (of_sides(), TRIANGLES[:3], "at least 12 answers; 3 triangles with 3 nodes give only 9"),
        (of_sides(), TRIANGLES * torch.tensor([1, 1, 0]), "lie in one plane"),
    ],
    ids=["constant", "infinite", "no-slope", "huge", "few", "flat"],
)
def test_what_can_not_be_asked_gets_a_sentence(
    function: Function, triangles: Tensor, sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        of(function, triangles)


def test_an_answer_that_is_not_finite_gets_a_sentence() -> None:
    function = by_autograd(lambda x: (x.flatten(1) - x.flatten(1)[:1]).abs().sqrt())
    with pytest.raises(DataError, match="not a finite number"):
        of(function)


# ---- the triangles


def test_triangles_are_of_the_networks_own_law_and_not_its_own() -> None:
    data = DataConfig("fixed-side", n=1_000, seed=0)
    asked = held_out(data, 200)
    assert side_lengths(asked)[:, 0].numpy() == pytest.approx(np.full(200, 0.68))
    own = datasets.generate(data, dtype=torch.float64).inputs
    assert not torch.isclose(asked[:, None], own[None, :200]).all((2, 3)).any()
    other = held_out(DataConfig(n=1_000, seed=FRESH_SEED), 200)
    assert not torch.equal(other, held_out(DataConfig(n=1_000, seed=0), 200))


@pytest.mark.parametrize("name", ["translation-a", "translation-b", "translation-c"])
def test_flat_sets_are_asked_in_space(name: str) -> None:
    asked = held_out(DataConfig(name), 200)
    assert asked[..., 2].std() > 0.2
    assert of(of_sides(), asked).found == 6
