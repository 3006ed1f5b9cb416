"""Variational autoencoders: formulas, noise that repeats, training, files, and the range."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch.distributions import Normal, kl_divergence

from trisym import datasets
from trisym.config import PRESETS, FitConfig, as_dict, from_dict
from trisym.datasets import DataConfig
from trisym.errors import CheckpointError, ConfigError
from trisym.evaluation import evaluate
from trisym.experiments import vae
from trisym.experiments.recipe import RecipeContext
from trisym.gaussian_code import ACTIVE, GaussianCode, active_nodes
from trisym.generation import SHARE, SideRange, normal_of, sides_between, straight_between
from trisym.geometry import side_lengths
from trisym.networks import Autoencoder, AutoencoderConfig, build, initial_weights
from trisym.storage import checkpoints
from trisym.storage.cards import Card
from trisym.storage.states import resume, save_state
from trisym.training.code_noise import code_noise
from trisym.training.fit import fit
from trisym.training.sweeps import sweep

SMALL = FitConfig(
    network=AutoencoderConfig(hidden=(24,), latent=4, variational=True),
    data=DataConfig(n=640),
    kl_weight=1e-2,
    batch=64,
    epochs=5,
    dtype="float64",
    device="cpu",
)
CPU = torch.device("cpu")


def network(config: AutoencoderConfig) -> Autoencoder:
    made = build(config).double()
    made.load_state_dict(initial_weights(config, torch.Generator().manual_seed(1), torch.float64))
    assert isinstance(made, Autoencoder)
    return made


def weights(model: torch.nn.Module) -> torch.Tensor:
    return torch.nn.utils.parameters_to_vector(model.parameters())


def test_nats_are_the_divergence_from_a_standard_normal() -> None:
    """KL(N(μ, σ²) ‖ N(0, 1)) as torch.distributions has it; 0 for a node that says nothing."""
    random = torch.Generator().manual_seed(0)
    mean, log_variance = torch.randn(2, 50, 4, generator=random, dtype=torch.float64)
    scale = (0.5 * log_variance).exp()
    expected = kl_divergence(Normal(mean, scale), Normal(torch.zeros(4).double(), 1.0))
    code = GaussianCode(mean, log_variance)
    torch.testing.assert_close(code.nats(), expected)
    assert (code.nats() > 0).all()
    assert GaussianCode(torch.zeros(3), torch.zeros(3)).nats().tolist() == [0, 0, 0]


def test_samples_have_the_codes_mean_and_variance() -> None:
    random = torch.Generator().manual_seed(0)
    code = GaussianCode(torch.tensor([2.0, -1.0]), torch.tensor([0.0, math.log(9.0)]))
    drawn = code.sampled(torch.randn(200_000, 2, generator=random))
    torch.testing.assert_close(drawn.mean(0), code.mean, atol=0.03, rtol=0)
    torch.testing.assert_close(drawn.std(0), torch.tensor([1.0, 3.0]), atol=0.03, rtol=0)


def test_a_node_is_active_whose_mean_varies() -> None:
    around = torch.tensor([-1.0, 1.0]).repeat(500)[:, None]
    means = around * torch.tensor([0.0, 0.5, 1.5]) * math.sqrt(ACTIVE) + 7
    assert active_nodes(means).tolist() == [False, False, True]


def test_its_latent_point_is_the_mean_and_a_plain_network_has_no_variance() -> None:
    model = network(AutoencoderConfig(latent=5, variational=True))
    x = torch.rand(20, 3, 3, dtype=torch.float64)
    code = model.code(x)
    assert torch.equal(code.mean, model.encode(x))
    assert code.log_variance.shape == (20, 5)
    with pytest.raises(ConfigError, match="not variational"):
        network(AutoencoderConfig()).code(x)


def test_a_seed_starts_encoder_and_decoder_as_without_the_noise() -> None:
    plain, variational = AutoencoderConfig(latent=6), AutoencoderConfig(latent=6, variational=True)
    x = torch.rand(20, 9, dtype=torch.float64)
    assert torch.equal(network(plain)(x), network(variational)(x))


def test_noise_repeats_by_seed_and_step_and_is_none_where_a_member_has_no_node() -> None:
    narrow = replace(SMALL, network=replace(SMALL.network, latent=2))
    both = code_noise([SMALL, narrow], 3, 4, CPU, torch.float64)
    assert both.shape == (2, 64, 4)
    assert (both[1, :, 2:] == 0).all()
    assert torch.equal(both[1:, :, :2], code_noise([narrow], 3, 2, CPU, torch.float64))
    other_seed = replace(SMALL, seed=1)
    for config, step in ((SMALL, 4), (other_seed, 3)):
        assert not torch.equal(both[:1], code_noise([config], step, 4, CPU, torch.float64))
    assert code_noise([replace(PRESETS["fast"])], 3, 3, CPU, torch.float64).numel() == 0


def test_a_member_is_trained_as_if_alone() -> None:
    """w_k(batched) = w_k(alone) to 1e-6 after 200 steps, whatever its h, β and seed."""
    base = replace(SMALL, epochs=25)
    configs = [
        base,
        replace(base, seed=1),
        replace(base, kl_weight=1e-4),
        replace(base, network=replace(base.network, latent=2)),
    ]
    found = []
    for config, member in zip(configs, sweep(configs), strict=True):
        alone = fit(config)
        records = list(alone)
        assert records[-1].step == 200
        torch.testing.assert_close(
            weights(member.model), weights(alone.model()), rtol=1e-6, atol=1e-6
        )
        found.append(weights(member.model))
    assert (found[0] - found[1]).abs().max() > 0.1
    assert (found[0] - found[2]).abs().max() > 0.01  # the price matters


@pytest.mark.parametrize("stop_after", [1, 3])  # 3 records an epoch: inside one and at its end
def test_a_resumed_run_repeats_to_the_bit(tmp_path: Path, stop_after: int) -> None:
    whole = fit(SMALL, records_per_epoch=3)
    expected = [replace(record, seconds=0.0) for record in whole]
    first = fit(SMALL, records_per_epoch=3)
    begun = list(itertools.islice(first, stop_after))
    save_state(first, tmp_path / "state.safetensors")
    second = resume(tmp_path / "state.safetensors", records_per_epoch=3)
    assert [replace(record, seconds=0.0) for record in [*begun, *second]] == expected
    assert torch.equal(weights(whole.model()), weights(second.model()))


def test_a_high_price_silences_every_node_and_a_low_one_none() -> None:
    fresh = datasets.generate("random", n=2000, seed=99).inputs.double()
    active = {}
    for beta in (1e-4, 10.0):
        run = fit(replace(SMALL, kl_weight=beta, data=DataConfig(n=4000), epochs=6))
        records = list(run)
        assert records[-1].train_loss < records[0].train_loss
        model = run.model()
        assert isinstance(model, Autoencoder)
        active[beta] = int(active_nodes(model.encode(fresh)).sum())
    assert active[1e-4] >= 3
    assert active[10.0] == 0


def test_a_file_holds_it_and_one_without_its_variance_is_refused(tmp_path: Path) -> None:
    config = replace(SMALL, dtype="float32")
    run = fit(replace(config, epochs=1))
    list(run)
    model, path = run.model(), tmp_path / "mine.safetensors"
    card = Card("mine", config, 1.0, 8, 0.1, "CPU", evaluate(model, config))
    checkpoints.save(model, card, path)
    again = checkpoints.read(path)
    assert again.card.config == config
    x = torch.rand(5, 3, 3)
    for mine, read in zip(model.code(x), again.model.code(x), strict=True):  # type: ignore[union-attr]
        assert torch.equal(mine, read)
    plain = replace(config, network=replace(config.network, variational=False), kl_weight=0.0)
    with pytest.raises(CheckpointError, match="weights that the network has not: 'log_variance"):
        checkpoints.save(model, replace(card, config=plain), path)


def test_configurations_from_before_are_plain() -> None:
    values = as_dict(PRESETS["fast"])
    del values["kl_weight"], values["network"]["variational"]
    assert from_dict(values) == PRESETS["fast"]
    assert from_dict(as_dict(SMALL)) == SMALL


@pytest.mark.parametrize(
    ("beta", "variational", "sentence"),
    [
        (-1.0, True, r"β must be a number from 0 to 100, not -1\.0"),
        (math.nan, True, "β must be a number from 0 to 100"),
        (1e9, True, "β must be a number from 0 to 100"),
        (0.0, True, "β must be above 0: without a price, a VAE is a plain network"),
        (0.1, False, r"β must be 0 for a network that is no VAE, not 0\.1"),
    ],
)
def test_a_bad_price_is_a_sentence(beta: float, variational: bool, sentence: str) -> None:
    network = replace(SMALL.network, variational=variational)
    with pytest.raises(ConfigError, match=sentence):
        replace(SMALL, network=network, kl_weight=beta)


@pytest.fixture(scope="module")
def triangles() -> torch.Tensor:
    return datasets.generate("random", n=9_000, seed=5).inputs


@pytest.fixture(scope="module")
def side_range(triangles: torch.Tensor) -> SideRange:
    return SideRange.of(triangles[:4000], triangles[4000:5000])


def test_fresh_triangles_are_of_the_range_and_cover_it(
    side_range: SideRange, triangles: torch.Tensor
) -> None:
    fresh = side_lengths(triangles[5000:]).double().numpy()
    assert side_range.holds(fresh) == pytest.approx(SHARE, abs=0.01)
    assert side_range.covered_by(fresh) == pytest.approx(SHARE, abs=0.01)


def test_one_triangle_covers_nothing_and_large_ones_are_out_of_range(
    side_range: SideRange, triangles: torch.Tensor
) -> None:
    """Negative controls: a network that always answers alike, and one that is off the scale."""
    fresh = side_lengths(triangles[5000:]).double().numpy()
    alike = np.repeat(np.median(fresh, axis=0)[None], 4000, axis=0)
    assert side_range.holds(alike) == 1
    assert side_range.covered_by(alike) < 0.05
    assert side_range.holds(3 * fresh) < 0.3


def test_a_normal_law_has_the_moments_of_the_points() -> None:
    random = torch.Generator().manual_seed(0)
    turn = torch.tensor([[2.0, 1.0, 0.0], [0.0, 0.5, 0.0], [1.0, 0.0, 0.1]])
    points = torch.rand(50_000, 3, generator=random) @ turn + 4
    drawn = normal_of(points, 200_000, random)
    torch.testing.assert_close(drawn.mean(0), points.mean(0), atol=0.02, rtol=0)
    torch.testing.assert_close(torch.cov(drawn.T), torch.cov(points.T), atol=0.02, rtol=0)


def test_a_code_that_is_linear_goes_the_even_way_and_others_need_not() -> None:
    """decode(encode) = identity on coordinates: between two it is the mixed triangle."""
    config = AutoencoderConfig(hidden=(), latent=9, activation="linear")
    exact = build(config).double()
    eye = torch.eye(9, dtype=torch.float64)
    zero = torch.zeros(9, dtype=torch.float64)
    parts = {"encoder.0.weight": eye, "decoder.0.weight": eye}
    exact.load_state_dict(parts | {name.replace("weight", "bias"): zero for name in parts})
    assert isinstance(exact, Autoencoder)
    first, second = torch.rand(2, 10, 3, 3, dtype=torch.float64)
    mixed = side_lengths(torch.lerp(first, second, 0.5))
    torch.testing.assert_close(sides_between(exact, first, second)[4], mixed)
    straight = straight_between(first, second)[4]
    torch.testing.assert_close(straight, (side_lengths(first) + side_lengths(second)) / 2)
    assert not torch.allclose(straight, mixed, atol=0.01)


def test_the_recipe_measures_every_price_and_ships_a_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"BETAS": (1e-2,), "LATENTS": (3, 6), "MEASURED": 600, "JUDGED": 200,
                        "PAIRS": 50}.items():  # fmt: skip
        monkeypatch.setattr(vae, name, value)
    table = vae._vae(RecipeContext(tmp_path, lambda share, what: None), n=1000, epochs=1)
    assert isinstance(table, pd.DataFrame)
    assert sorted(table.groupby(["h", "beta"]).size().items()) == [
        ((h, beta), 3) for h in (3, 6) for beta in (0.0, 1e-2)
    ]
    plain = table["beta"] == 0
    assert table.loc[plain, "nats"].isna().all()
    assert table.loc[~plain, "nats"].gt(0).all()
    shares = table[["samples_in_range", "samples_cover", "between_in_range"]]
    assert ((shares >= 0) & (shares <= 1)).all(axis=None)
    shipped = {path.stem: checkpoints.load_card(path) for path in tmp_path.glob("*.safetensors")}
    assert {name: card.config.kl_weight for name, card in shipped.items()} == {
        "sides-h6": 0.0,
        "vae-h6": 1e-2,
    }
