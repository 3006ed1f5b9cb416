"""Read-outs of latents, on networks whose answer is known, and the flat sampling of energies."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.model_files import a_card, network
from trisym import datasets
from trisym.config import FitConfig
from trisym.datasets import Split
from trisym.experiments import readouts
from trisym.experiments.energy_sampling import flattened
from trisym.experiments.recipe import RecipeContext, seed_name
from trisym.geometry import side_lengths, triangle_from_sides
from trisym.networks import Autoencoder, AutoencoderConfig
from trisym.sampling import Pairs
from trisym.storage import checkpoints

TRIANGLES = datasets.generate("random", n=4000, seed=3).inputs


def test_explained_is_one_for_a_linear_map_and_nothing_for_noise() -> None:
    """R² of y = A x is 1, of independent noise about 0."""
    random = np.random.default_rng(0)
    x, noise = random.normal(size=(4000, 3)), random.normal(size=(4000, 2))
    assert readouts.explained(x @ random.normal(size=(3, 2)) + 5, x) == pytest.approx(1)
    assert abs(readouts.explained(noise, x)) < 0.02


def linear_network() -> Autoencoder:
    """A network whose latent is the first vertex: all coordinates, no side."""
    network = Autoencoder(AutoencoderConfig(hidden=(), latent=3))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        network.encoder[0].weight[:, :3] = torch.eye(3)
    return network


def test_a_latent_of_coordinates_is_found_out() -> None:
    found = readouts.readout(linear_network(), TRIANGLES)
    assert found["coordinates_r2"] == pytest.approx(1)
    assert found["sides_r2"] < 0.05
    assert found["neighbour_side_error"] > 3 * found["side_space_neighbour_error"]
    # The sides' mean distance from their mean, as nothing of them can be read off.
    spread = side_lengths(TRIANGLES).std(0).mean().item()
    assert found["linear_side_error"] == pytest.approx(0.8 * spread, rel=0.1)
    # Orders move it among three independent vertices: as far as another triangle.
    assert found["permutation_spread"] > 0.85


class Sides(Autoencoder):
    """A latent that is the sides themselves."""

    def encode(self, vertices: torch.Tensor) -> torch.Tensor:
        return side_lengths(vertices)

    def decode(self, latent: torch.Tensor) -> torch.Tensor:
        return triangle_from_sides(latent)


def test_a_latent_of_sides_has_no_error_and_all_the_spread_of_relabelling() -> None:
    found = readouts.readout(Sides(), TRIANGLES)
    assert found["sides_r2"] == pytest.approx(1)
    assert found["linear_side_error"] < 1e-6
    assert found["neighbour_side_error"] == found["side_space_neighbour_error"]
    assert 0.5 < found["permutation_spread"] < 1


def test_flat_sampling_fills_every_bin_alike() -> None:
    """A hundred times rarer at the top; drawn anew, each bin of the energy has its share."""
    energies = torch.cat([torch.full((9900, 1), 0.05), torch.full((100, 1), 0.95)])
    part = Pairs(torch.rand(10_000, 3), energies)
    flat = flattened(Split(part, part, part))
    assert flat.train.targets.gt(0.5).float().mean() == pytest.approx(0.5, abs=0.02)
    assert flat.test is part
    assert not math.isclose(part.targets.gt(0.5).float().mean().item(), 0.5, abs_tol=0.1)


def test_pca_is_what_a_linear_network_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readouts, "PCA_LATENTS", (3,))
    table = readouts._pca(RecipeContext(tmp_path, lambda share, what: None), n=4000, epochs=250)
    gaps = table[table["gap"] > 1.1]
    assert len(gaps) == 3
    assert gaps["angle"].max() < 10  # degrees; of random subspaces it is near 90
    assert table["loss_over_pca"].min() > 0.99


def test_every_seed_that_is_kept_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: where no seeds are kept, the shipped network alone."""
    context = RecipeContext(tmp_path, lambda share, what: None)
    monkeypatch.setattr(readouts, "TRIANGLES", 400)
    for name, seed in (("sides-h3", 1), ("mse-h3", 4), (seed_name("sides-h3", 1), 1)):
        keep(context, name, seed)
    keep(context, seed_name("sides-h3", 0), 0)
    table = readouts.readouts(context, ("sides-h3", "mse-h3"))
    asked = list(zip(table["model"], table["seed"], strict=True))
    assert asked == [("sides-h3", 0), ("sides-h3", 1), ("mse-h3", 4)]


def keep(context: RecipeContext, name: str, seed: int) -> None:
    config = FitConfig(seed=seed)
    checkpoints.save(network(config.network), a_card(config), context.checkpoint(name))
