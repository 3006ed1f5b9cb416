"""Energy models: features and scaling, what the cards keep, the recipes, the tables of the page."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.spatial.distance import pdist
from torch import Tensor

from tests.invariance import assert_invariant, rigid_motions
from trisym import datasets, energy
from trisym.config import FitConfig
from trisym.energy import KINDS, MinMax
from trisym.errors import CheckpointError, ConfigError, DataError
from trisym.experiments import energy as recipes
from trisym.experiments import energy_lines as lines
from trisym.experiments.recipe import Recipe, RecipeContext
from trisym.geometry import side_lengths
from trisym.networks import Autoencoder, Predictor, build, initial_weights
from trisym.potentials import energy_from_sides, lennard_jones, molecule_energy
from trisym.storage import checkpoints, energy_models, results
from trisym.ui.energy import tables as energy_tables
from trisym.ui.energy.scene import Scene

TINY = recipes.Effort(molecules=2000, epochs=2, orbits=10, poses=5)


def double(values: object) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def random_autoencoder(seed: int) -> Autoencoder:
    model = build(FitConfig().network)
    generator = torch.Generator().manual_seed(seed)
    model.load_state_dict(initial_weights(model.config, generator))
    assert isinstance(model, Autoencoder)
    return model.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> RecipeContext:
    """A folder with an encoder that learned nothing, and all that the recipes make of it."""
    shop = RecipeContext(tmp_path_factory.mktemp("pretrained"), lambda share, what: None)
    model = random_autoencoder(0)
    card = checkpoints.Card("sides-h3", FitConfig(), 0.0, 0, 0.0, "CPU", {})
    checkpoints.save(model, card, shop.checkpoint(recipes.ENCODER))
    (shop.folder / "seeds").mkdir(exist_ok=True)
    recipes.history(shop, TINY)
    return shop


# The physics


@given(sides=st.tuples(*3 * [st.floats(0.45, 0.8)]))
def test_energy_is_four_times_the_sum_over_pairs(sides: tuple[float, float, float]) -> None:
    """E = 2 (eps_1 + eps_2 + eps_3), by hand: eps_i sums V over the two others."""
    v = [(0.5 / r) ** 12 - (0.5 / r) ** 6 for r in sides]
    by_hand = 2 * ((v[0] + v[2]) + (v[0] + v[1]) + (v[1] + v[2]))
    assert energy_from_sides(double(sides)).item() == pytest.approx(by_hand, rel=1e-12)


def test_energy_agrees_with_scipy_distances() -> None:
    """E(x) from SciPy's pdist."""
    molecules = torch.rand(
        20, 3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)
    )
    for molecule in molecules:
        s6 = (0.5 / pdist(molecule.numpy())) ** 6
        expected = 4 * (s6**2 - s6).sum()
        assert molecule_energy(molecule).item() == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("sigma", [0.3, 0.5, 0.7])
def test_lowest_at_the_sixth_root_of_two(sigma: float) -> None:
    """argmin V = 2^(1/6) sigma, found by SciPy."""
    found = minimize_scalar(
        lambda r: lennard_jones(double(r), sigma).item(), bounds=(0.5 * sigma, 3 * sigma)
    )
    assert found.x == pytest.approx(2 ** (1 / 6) * sigma, rel=1e-5)


# Scaling


@given(seed=st.integers(0, 1000), columns=st.integers(1, 9))
def test_min_max_takes_the_set_to_zero_and_one_and_back(seed: int, columns: int) -> None:
    """min = 0 and max = 1 in each column; restored(scaled(x)) = x."""
    generator = torch.Generator().manual_seed(seed)
    x = 5 * torch.randn(50, columns, dtype=torch.float64, generator=generator)
    scaling = MinMax.of(x)
    scaled = scaling.scaled(x)
    assert torch.allclose(scaled.amin(0), torch.zeros(columns, dtype=x.dtype))
    assert torch.allclose(scaled.amax(0), torch.ones(columns, dtype=x.dtype))
    assert torch.allclose(scaling.restored(scaled), x, atol=1e-12)


def test_a_column_that_never_varies_is_not_divided_by_zero() -> None:
    x = double([[1.0, 2.0], [1.0, 3.0]])
    assert MinMax.of(x).scaled(x).tolist() == [[0, 0], [0, 1]]


def test_a_scaling_survives_its_text_to_the_bit() -> None:
    scaling = MinMax.of(torch.randn(30, 9, generator=torch.Generator().manual_seed(1)))
    assert MinMax.from_text(scaling.as_text()) == scaling


@pytest.mark.parametrize(
    "text", ["", "[]", "[[0], [NaN]]", "[[1], [0]]", "[[0], [1, 2]]", "{}", "[[], []]", "[[0]]"]
)
def test_a_bad_scaling_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        MinMax.from_text(text)


# Features


def molecules(n: int = 64) -> Tensor:
    return datasets.generate("lennard-jones", n=n, seed=5, dtype=torch.float64).inputs


def test_features_are_sides_nodes_or_coordinates() -> None:
    model, x = random_autoencoder(1).double(), molecules()
    assert torch.equal(energy.features("sides", x), side_lengths(x))
    assert torch.equal(energy.features("coordinates", x), x.flatten(1))
    assert torch.equal(energy.features("latent", x, model), model.encode(x))
    with pytest.raises(ConfigError, match="sides, latent, coordinates"):
        energy.features("angles", x)
    with pytest.raises(ConfigError, match="encoder"):
        energy.features("latent", x)


def test_the_scaling_is_the_training_sets() -> None:
    """Targets are (E - min) / (max - min) over the training part only."""
    split = datasets.generate("lennard-jones", n=500, seed=1, dtype=torch.float64).split()
    made = energy.scaled("sides", split)
    energies = molecule_energy(split.train.inputs)
    assert made.split.train.targets.min() == 0
    assert made.split.train.targets.max() == 1
    expected = (molecule_energy(split.test.inputs) - energies.min()) / (
        energies.max() - energies.min()
    )
    assert torch.allclose(made.split.test.targets[:, 0], expected)
    assert made.split.train.inputs.amax(0).tolist() == [1, 1, 1]


# What is shipped


def test_a_saved_predictor_gives_the_same_energies(context: RecipeContext) -> None:
    x = molecules().float()
    for kind in KINDS:
        model = recipes.predictor(context, kind)
        assert model.kind == kind
        by_hand = model.predictor(model.inputs.scaled(energy.features(kind, x, model.encoder)))
        width = model.energies.high[0] - model.energies.low[0]
        expected = model.energies.low[0] + width * by_hand[:, 0]
        assert torch.allclose(model.energy(x), expected, atol=1e-5)


def test_sides_are_invariant_and_coordinates_are_not(context: RecipeContext) -> None:
    """f(R x + t) = f(x) for sides; the control, coordinates, breaks it."""

    def predicted(kind: str) -> Callable[[Tensor], Tensor]:
        return lambda x: recipes.predictor(context, kind).scaled_energy(x.float())

    assert_invariant(predicted("sides"), rigid_motions, 1e-4, molecules(20))
    with pytest.raises(AssertionError, match="of its size"):
        assert_invariant(predicted("coordinates"), rigid_motions, 1e-3, molecules(20))


def test_another_encoder_is_refused(context: RecipeContext, tmp_path: Path) -> None:
    other = tmp_path / "sides-h3.safetensors"
    card = checkpoints.Card("sides-h3", FitConfig(), 0.0, 0, 0.0, "CPU", {})
    checkpoints.save(random_autoencoder(7), card, other)
    with pytest.raises(CheckpointError, match=r"another sides-h3.*reproduce energy-history"):
        energy_models.load(context.checkpoint("energy-latent"), other)
    energy_models.load(context.checkpoint("energy-sides"), other)  # which needs none


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"input": None}, "not an energy predictor"),
        ({"input_scaling": None}, "lacks input_scaling"),
        ({"input": "angles"}, "must be one of"),
        ({"input": "coordinates"}, "must have 9 scaled inputs"),
        ({"energy_scaling": "[[0], [NaN]]"}, "lowest and highest"),
    ],
)
def test_a_card_without_its_scaling_is_refused(
    context: RecipeContext, tmp_path: Path, changed: Mapping[str, str | None], words: str
) -> None:
    model, card = checkpoints.read(context.checkpoint("energy-sides"))
    notes = {k: v for k, v in {**card.notes, **changed}.items() if v is not None}
    path = tmp_path / "changed.safetensors"
    checkpoints.save(model, replace(card, notes=notes), path)
    with pytest.raises(CheckpointError, match=words):
        energy_models.load(path)


def test_an_autoencoder_is_no_predictor(context: RecipeContext) -> None:
    with pytest.raises(CheckpointError, match="not an energy predictor"):
        energy_models.load(context.checkpoint(recipes.ENCODER))


# The recipes


def table(context: RecipeContext, name: str) -> pd.DataFrame:
    made: Mapping[str, Recipe] = {**recipes.RECIPES, **lines.RECIPES}
    run = made[name].run
    return run(context, TINY) if name in recipes.RECIPES else run(context)


def test_one_of_each_kind_is_shipped(context: RecipeContext) -> None:
    measured = table(context, "energy")
    assert len(measured) == 9
    assert measured[measured["shipped"]]["input"].tolist() == list(KINDS)
    best = measured.groupby("input")["validation_mse"].idxmin()
    assert measured.loc[best, "shipped"].all()
    for kind in KINDS:
        shipped = checkpoints.load_card(context.checkpoint(f"energy-{kind}"))
        assert shipped.kind == "predictor"
        assert shipped.notes["input"] == kind


def test_poses_cause_no_error_from_sides(context: RecipeContext) -> None:
    """pose_mse = variance over the orbit: 0 for sides, not for the others."""
    pose = table(context, "energy").groupby("input")["pose_mse"].max()
    assert pose["sides"] < 1e-10
    assert pose["coordinates"] > 1e-7
    assert pose["latent"] > 1e-7  # the encoder of this test has learned nothing


def test_the_counts_are_the_test_set(context: RecipeContext) -> None:
    counts = table(context, "energy-scatter").groupby("input")["molecules"].sum()
    assert counts.to_dict() == dict.fromkeys(KINDS, TINY.molecules // 10)


def test_binned_errors_average_to_the_whole(context: RecipeContext) -> None:
    errors = table(context, "energy-error")
    measured = table(context, "energy").set_index(["input", "seed"])["test_mse"]
    for (kind, seed, _), rows in errors.groupby(["input", "seed", "against"]):
        mean = (rows["mse"] * rows["molecules"]).sum() / rows["molecules"].sum()
        assert mean == pytest.approx(measured[kind, seed], rel=1e-4)


def test_r2_is_the_share_of_the_energies_variance_and_does_not_hang_on_their_unit(
    context: RecipeContext,
) -> None:
    """1 - Σ(E - E')² / Σ(E - Ē)², of energies in their own unit; scaled, both sums shrink alike."""
    actual = molecule_energy(recipes.split_of(TINY).test.inputs).double()
    rows = table(context, "energy").set_index(["input", "seed"])
    for kind in KINDS:
        row = rows.loc[(kind, 0)]
        scaling = recipes.predictor(context, kind, 0).energies
        scaled = scaling.scaled(actual.float()[:, None])[:, 0]
        unit = (actual.max() - actual.min()) / (scaled.max() - scaled.min())
        squares = row["test_mse"] * unit**2 * len(actual)
        expected = 1 - squares / (actual - actual.mean()).square().sum()
        assert row["test_r2"] == pytest.approx(expected.item(), rel=1e-4, abs=1e-4)


def test_fig18_is_the_thesis_line(context: RecipeContext) -> None:
    """E of (0, 1, 0), (0, 0.46, 0), (0, 0, x) by hand; flags where sides are long."""
    rows = table(context, "energy-fig18")
    assert len(rows) == 2 * 9 * 131
    row = rows[(rows["x"] - 0.6).abs() < 1e-6].iloc[0]
    r = [0.54, math.hypot(0.46, 0.6), math.hypot(1, 0.6)]
    by_hand = 4 * sum((0.5 / side) ** 12 - (0.5 / side) ** 6 for side in r)
    assert row["exact"] == pytest.approx(by_hand, rel=1e-4)
    assert not rows[rows["place"] == "as printed"]["in_box"].any()
    assert rows.loc[rows["x"] < 0.13, "long_sides"].eq(False).all()
    assert rows.loc[rows["x"] > 0.14, "long_sides"].all()
    inside = rows[(rows["place"] == "in the box") & rows["in_box"]]["x"]
    assert inside.max() > 0.5
    assert inside.max() < 0.69  # l3 = sqrt(1 + x^2) is then the diagonal of the box, 0.7 sqrt(3)


def test_moved_molecules_are_the_same_molecules() -> None:
    """Moving into the box keeps every side."""
    printed = lines.fig18_molecules(lines.X)
    moved = lines.moved_into_box(printed)
    assert torch.allclose(side_lengths(moved), side_lengths(printed), atol=1e-6)


def test_bands_hold_the_middle(context: RecipeContext) -> None:
    bands = table(context, "energy-bands")
    assert (bands["low"] <= bands["middle"]).all()
    assert (bands["middle"] <= bands["high"]).all()
    width = (bands["high"] - bands["low"]).groupby(bands["input"]).max()
    assert width["sides"] < 1e-3 < width["coordinates"]
    pulled = bands[(bands["line"] == "pulled side") & (bands["input"] == "sides")]
    lowest = pulled.loc[pulled["exact"].idxmin(), "x"]
    assert lowest == pytest.approx(2 ** (1 / 6) * 0.5, abs=0.011)


# The page's table, and what the browser sends


def test_the_table_of_the_thesis() -> None:
    measured = pd.DataFrame(
        {
            "input": [kind for kind in KINDS for _ in range(3)],
            "test_mse": [1e-6, 2e-6, 3e-6, 1e-4, 1e-4, 1e-4, 2e-4, 3e-4, 4e-4],
            "test_r2": [0.9, 0.8, 0.7, 0.6, 0.6, 0.6, 0.3, 0.2, 0.1],
            "pose_mse": [0.0] * 3 + [8e-5] * 3 + [1e-4] * 3,
            "six_orders_mse": [1e-6] * 3 + [4e-5] * 3 + [1e-4] * 3,
        }
    )
    row = energy_tables.compared(measured).iloc[0]
    assert row["mse"] == pytest.approx(2e-6)
    assert row["plus_minus"] == pytest.approx(1e-6)
    assert row["ratio"] == pytest.approx(3)


@pytest.mark.parametrize(
    ("value", "text"), [(1.62e-4, "1.6 × 10⁻⁴"), (7e-14, "0"), (0.5, "5.0 × 10⁻¹")]
)
def test_small_numbers_are_read_aloud(value: float, text: str) -> None:
    assert energy_tables.scientific(value) == text


def test_a_scene_of_the_browser_is_read() -> None:
    scene = Scene(line=("fig18",))
    assert Scene.from_payload({"text": scene.to_text()}).line == ("fig18",)


@pytest.mark.parametrize(
    "changes", [{"line": ("l4",)}, {"pose": ((0.0,) * 3,) * 3}, {"tool": "saw"}, {"line": ()}]
)
def test_a_scene_no_hand_can_make_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(DataError):
        Scene(**changes)  # type: ignore[arg-type]


def test_a_link_of_an_older_version_still_opens() -> None:
    """What stood in the place of the unused numbers is passed over."""
    old = (
        "v1.zczMPc3MTD6amZk-MzMzP83MTD6amZk-zczMPs3MTD-amZk-AAAAPwAAgD4AAMA_AAAAPgAAAD8AAABAAWwzWTg"
    )
    scene = Scene.from_text(old)
    assert (scene.camera, scene.tool, scene.line) == ((0.5, 0.25, 1.5), "move", ("l3",))
    assert scene.pose[1][0] == pytest.approx(0.7)


def test_the_home_molecule_is_what_is_said() -> None:
    """Sides 0.62, 0.56, 0.62 in a box of edge 0.7, which it fits."""
    pose, edge = double(Scene().pose), datasets.DataConfig("lennard-jones", n=10).limits.edge
    assert side_lengths(edge * pose).tolist() == pytest.approx([0.62, 0.56, 0.62], abs=1e-3)
    assert ((pose >= 0) & (pose <= 1)).all()


def test_shipped_predictors_load_where_they_are() -> None:
    measured = results.load("energy").query("shipped").set_index("input")["test_mse"]
    test = datasets.generate("lennard-jones").split().test.inputs
    for kind in KINDS:
        model = energy_models.load(f"energy-{kind}")
        assert isinstance(model.predictor, Predictor)
        actual, predicted = recipes._scaled_energies(model, test)
        assert (predicted - actual).square().mean().item() == pytest.approx(
            measured[kind], rel=1e-3
        )
