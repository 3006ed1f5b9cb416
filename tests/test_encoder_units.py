"""Hidden units: planted networks are read as they were planted, and controls have no story."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from trisym import datasets, encoder_units, zonotopes
from trisym.encoder_film import EncoderFilm
from trisym.encoder_units import read_sides, tell
from trisym.errors import DataError
from trisym.evaluation import FRESH_SEED, untrained
from trisym.geometry import random_motions_inside, side_lengths
from trisym.networks import Autoencoder, AutoencoderConfig
from trisym.storage import checkpoints

TRIANGLES = datasets.generate("random", n=2000, seed=FRESH_SEED).inputs
A_SIDE = 40
PATTERN = torch.tensor([[1.0, -1, 0], [0, 1, -1], [-1, 0, 1]], dtype=torch.float64)


def directions(side: int) -> Tensor:
    """Even directions, turned by one more radian for each side."""
    n = zonotopes.spiral(A_SIDE)
    x, y, z = n.unbind(1)
    cos, sin = math.cos(side), math.sin(side)
    return torch.stack([x, cos * y - sin * z, sin * y + cos * z], dim=1)


def planted(n: Tensor, gains: Tensor, slope: float = 0.3) -> Autoencoder:
    """A network whose first units watch l1, the next l2, the last l3, with the vectors n.

    n (3, unit, xyz); gains (3, unit): what each adds to its side, a node a side.
    """
    count = n.shape[1]
    model = Autoencoder(AutoencoderConfig(hidden=(3 * count,), slope=slope)).double()
    weights = {name: torch.zeros_like(t) for name, t in model.state_dict().items()}
    for side in range(3):
        rows = slice(side * count, (side + 1) * count)
        weights["encoder.0.weight"][rows] = torch.einsum(
            "v,ux->uvx", PATTERN[side], n[side]
        ).flatten(1)
        weights["encoder.1.weight"][side, rows] = gains[side]
    model.load_state_dict(weights)
    return model.requires_grad_(False)


def pairs(slope: float = 0.3) -> Autoencoder:
    """Each direction twice, n and -n: their linear parts cancel exactly."""
    n = torch.stack([torch.cat([d, -d]) for d in map(directions, range(3))])
    return planted(n, torch.full((3, 2 * A_SIDE), 2 / (1 - slope) / A_SIDE), slope)


@pytest.mark.parametrize("slope", [0.0, 0.01, 0.3])
def test_planted_units_are_found_as_they_were_planted(slope: float) -> None:
    """w = (n, -n, 0) in any order of vertices -> side, direction n/|n|, no residual; Σ a = 2."""
    model = pairs(slope)
    units = read_sides(model, TRIANGLES).units()
    assert units.side.tolist() == [side for side in range(3) for _ in range(2 * A_SIDE)]
    expected = torch.cat([torch.cat([d, -d]) for d in map(directions, range(3))])
    assert torch.allclose(units.direction, expected, atol=1e-12)
    assert units.residual.max() < 1e-7
    assert units.translation.max() < 1e-12
    assert units.offset.max() == 0
    assert bool(units.watches.all())
    sums = [float(units.weight[units.side == side].sum()) for side in range(3)]
    assert sums == pytest.approx([2, 2, 2], rel=0.02)  # the reading is a fit: it mends the sample


def test_what_no_side_explains_is_residual() -> None:
    """Weights (n, n, n) see the place and no side; (n, 0, 0) is half of a pattern."""
    reading = read_sides(pairs(), TRIANGLES)
    n = directions(0)[0]
    weight = reading.weight.clone()
    weight[0] = n.repeat(3)
    weight[1] = torch.cat([n, torch.zeros(6, dtype=n.dtype)])
    units = replace(reading, weight=weight).units()
    assert units.residual[0] == pytest.approx(1)
    assert units.translation[0] == pytest.approx(1)
    assert units.residual[1] == pytest.approx(math.sqrt(1 / 2))
    assert not bool(units.watches[:2].any())
    assert bool(units.watches[2:].all())


def test_a_kink_away_from_zero_is_an_offset() -> None:
    """p = n·v + b has its kink at n·v = -b, which is |b|/|n| from 0."""
    reading = read_sides(pairs(), TRIANGLES)
    units = replace(reading, bias=torch.full_like(reading.bias, 0.25)).units()
    assert torch.allclose(units.offset, torch.full_like(units.offset, 0.25))
    assert not bool(units.watches.any())


def test_the_reading_is_the_encoder() -> None:
    """constant + Σ gain σ(w·σ(x) + b) is the best linear reading of the latent, outside 0 too."""
    model = checkpoints.load_autoencoder("sides-h3").double()
    reading = read_sides(model, TRIANGLES)
    outside = (TRIANGLES - 0.5).double()
    latent = model.encode(outside)
    undone = torch.where(latent < 0, latent / 0.3, latent)
    design = torch.cat([undone, undone.new_ones(len(undone), 1)], dim=1)
    read = reading.sides(outside)
    mixed = design @ torch.linalg.lstsq(design, read).solution
    assert (read - mixed).abs().max() < 1e-6
    inside = reading.sides(TRIANGLES) - side_lengths(TRIANGLES.double())
    assert inside.mean(0).abs().max() < 1e-6  # a fit with a constant has no bias


def test_the_invariant_network_measures_sides() -> None:
    """Issued with the rule: 90 % of the load in units that watch a side, and 99 % of each side."""
    story = tell(read_sides(checkpoints.load_autoencoder("sides-h3"), TRIANGLES), TRIANGLES)
    assert story.holds
    assert story.weights == pytest.approx((2, 2, 2), rel=0.05)
    assert min(story.directions) > story.strong / 5
    assert story.error < 0.003
    moved = random_motions_inside(TRIANGLES[:50], 5, torch.Generator().manual_seed(0)).flatten(0, 1)
    sums = read_sides(checkpoints.load_autoencoder("sides-h3"), TRIANGLES).sums(moved)
    assert (sums - side_lengths(moved.double())).abs().mean() < 0.01


@pytest.mark.parametrize("name", ["mse-h3", "perimeter-h3", "untrained"])
def test_controls_have_no_story(name: str) -> None:
    model = untrained() if name == "untrained" else checkpoints.load_autoencoder(name)
    story = tell(read_sides(model, TRIANGLES), TRIANGLES)
    assert not story.holds
    assert story.measured == ()
    assert story.error > 0.05


def test_a_side_that_never_changes_is_not_measured() -> None:
    same = TRIANGLES.clone()
    same[:, 1] = same[:, 0] + torch.tensor([0.3, 0.0, 0.0])
    story = tell(read_sides(pairs(), TRIANGLES), same)
    assert math.isnan(story.explained[0])
    assert 0 not in story.measured


@pytest.mark.parametrize(
    "config",
    [
        AutoencoderConfig(hidden=()),
        AutoencoderConfig(hidden=(8, 8)),
        AutoencoderConfig(activation="linear"),
    ],
)
def test_other_encoders_are_refused(config: AutoencoderConfig) -> None:
    with pytest.raises(DataError, match="one hidden layer of leaky ReLUs"):
        read_sides(Autoencoder(config), TRIANGLES)


def test_a_dead_network_is_read_too() -> None:
    model = Autoencoder().double().requires_grad_(False)
    model.load_state_dict({name: torch.zeros_like(t) for name, t in model.state_dict().items()})
    story = tell(read_sides(model, TRIANGLES), TRIANGLES)
    assert not story.holds
    assert story.watching == 0


def test_a_film_keeps_the_units() -> None:
    reading = read_sides(checkpoints.load_autoencoder("sides-h3"), TRIANGLES)
    film = EncoderFilm(slope=0.3)
    film.add(read_sides(untrained(), TRIANGLES), epoch=0.0, step=0, side_error=math.nan)
    film.add(reading, epoch=1.5, step=900, side_error=0.01)
    film.revived = [(0, 7), (450, 8), (900, 9)]
    again = EncoderFilm.from_bytes(film.to_bytes())
    assert len(again) == 2
    assert again.numbers[1] == (1.5, 900, 0.01)
    assert math.isnan(again.numbers[0][2])
    assert (again.slope, again.input_activation) == (0.3, True)
    assert again.revived == again.thinned(2).revived == film.revived
    assert again.put_to_work() == [(1, 7), (1, 8)]  # no moment shows the last
    rounded = again[1]
    assert (rounded.sides(TRIANGLES) - reading.sides(TRIANGLES)).abs().max() < 2e-3
    assert (rounded.sums(TRIANGLES) - reading.sums(TRIANGLES)).abs().mean() < 2e-4
    assert len(film.to_bytes()) < 8_000 * 2


def test_a_thinned_film_keeps_both_ends() -> None:
    film = EncoderFilm(slope=0.3, input_activation=False)
    reading = read_sides(untrained(), TRIANGLES)
    for step in range(11):
        film.add(reading, epoch=float(step), step=step, side_error=0.1)
    thinned = film.thinned(6)
    assert [step for _, step, _ in thinned.numbers] == [0, 2, 4, 6, 8, 10]
    assert (thinned.slope, thinned.input_activation) == (0.3, False)
    assert (len(film.thinned(11)), len(film.thinned(80)), len(film)) == (11, 11, 11)


@pytest.mark.parametrize("content", [b"", b"no film", b"\x10\0\0\0\0\0\0\0{}"])
def test_what_is_no_film_is_refused(content: bytes) -> None:
    with pytest.raises(DataError, match="holds no film of an encoder"):
        EncoderFilm.from_bytes(content)


def test_a_model_file_is_no_film() -> None:
    path = checkpoints.PRETRAINED / "sides-h3.safetensors"
    with pytest.raises(DataError, match="holds no film of an encoder"):
        EncoderFilm.from_bytes(path.read_bytes())


def test_the_rule_is_a_rule() -> None:
    """The thresholds that the page states."""
    assert (encoder_units.RESIDUAL, encoder_units.OFFSET) == (0.1, 0.1)
    assert (encoder_units.EXPLAINED, encoder_units.WATCHING) == (0.99, 0.9)
