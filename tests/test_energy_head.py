"""An energy head on the latent (Fig. 15): what is descended on, what encoders hear, forces."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from tests.invariance import assert_invariant, rigid_motions
from trisym import datasets
from trisym.config import FitConfig, as_dict, from_dict
from trisym.datasets import DataConfig
from trisym.energy import MinMax, scaled
from trisym.errors import ConfigError
from trisym.forces import Energy, angles, compared, exact_forces
from trisym.jacobians import by_autograd
from trisym.losses import ENERGY
from trisym.networks import Autoencoder, AutoencoderConfig, Layout, build, initial_weights
from trisym.potentials import molecule_energy
from trisym.training.fit import fit
from trisym.training.objective import Objective, energy_ranges
from trisym.training.sweeps import sweep

NETWORK = AutoencoderConfig(hidden=(24,), latent=4, sees=3)
BASE = FitConfig(
    network=NETWORK,
    data=DataConfig("lennard-jones", n=640),
    loss="mse",
    energy_weight=2.0,
    batch=64,
    epochs=12,
    dtype="float64",
    device="cpu",
)


def molecules(n: int = 64) -> torch.Tensor:
    return datasets.generate("lennard-jones", n=n, seed=3, dtype=torch.float64).inputs


def headed(config: AutoencoderConfig = NETWORK) -> Autoencoder:
    model = build(config)
    assert isinstance(model, Autoencoder)
    model = model.double()
    generator = torch.Generator().manual_seed(1)
    model.load_state_dict(initial_weights(config, generator, torch.float64))
    return model


def descended(config: FitConfig) -> tuple[dict[str, torch.Tensor], float, float, float]:
    """Return the gradients by name; what the encoder is asked for, and both errors."""
    model, x = headed(), molecules()
    names = list(model.state_dict())
    weights = [p.detach()[None].clone().requires_grad_() for p in model.state_dict().values()]
    ranges = energy_ranges(x.flatten(1)[None])
    losses = Objective.of([config], ranges, weights[0])(
        config.network, weights, x.flatten(1)[None], x.flatten(1)[None]
    )
    gradients = torch.autograd.grad(losses.descended.sum(), weights)
    low, high = ranges[0]
    actual = (molecule_energy(x) - low) / (high - low)
    energy = (model.scaled_energy(x) - actual).square().mean().item()
    coordinates = (model(x) - x).square().mean().item()
    return dict(zip(names, gradients, strict=True)), losses.asked.item(), coordinates, energy


def test_the_loss_is_that_of_coordinates_and_lambda_times_that_of_the_energy() -> None:
    """L = (x − x')² + λ (E − E')², E scaled to 0..1 on the training set."""
    gradients, asked, coordinates, energy = descended(BASE)
    assert asked == pytest.approx(coordinates + 2.0 * energy, rel=1e-12)
    assert all(gradient.abs().max() > 0 for gradient in gradients.values())


def test_at_lambda_0_the_head_learns_and_the_encoder_does_not_hear_of_it() -> None:
    told, *_ = descended(BASE)
    free, asked, coordinates, _ = descended(replace(BASE, energy_weight=0.0))
    plain, *_ = descended(replace(BASE, energy_weight=1e-6))  # hardly told
    assert asked == pytest.approx(coordinates, rel=1e-12)
    assert free["head.0.weight"].abs().max() > 0
    encoder = "encoder.0.weight"
    torch.testing.assert_close(free[encoder], plain[encoder], rtol=1e-3, atol=1e-6)
    assert (free[encoder] - told[encoder]).abs().max() > 1e-3


def test_asked_for_the_energy_alone_the_decoder_learns_beside() -> None:
    """The encoder's gradient is that of λ (E − E')² and of nothing else."""
    alone, asked, _, energy = descended(replace(BASE, loss=ENERGY, energy_weight=0.0))
    both, *_ = descended(replace(BASE, energy_weight=1.0))
    reconstruction, *_ = descended(replace(BASE, energy_weight=0.0))
    assert asked == pytest.approx(energy, rel=1e-12)
    name = "encoder.0.weight"
    torch.testing.assert_close(
        alone[name], both[name] - reconstruction[name], rtol=1e-9, atol=1e-12
    )
    assert alone["decoder.0.weight"].abs().max() > 0


def test_members_of_several_lambdas_and_sizes_are_trained_as_if_alone() -> None:
    configs = [
        BASE,
        replace(BASE, energy_weight=0.0),
        replace(BASE, network=replace(NETWORK, latent=3), seed=1),
        replace(BASE, epochs=5, energy_weight=100.0),
    ]
    for config, member in zip(configs, sweep(configs), strict=True):
        alone = fit(config)
        records = list(alone)
        assert records[-1].validation_loss == pytest.approx(
            member.records[-1].validation_loss, rel=1e-6
        )
        for one, other in zip(alone.model().parameters(), member.model.parameters(), strict=True):
            torch.testing.assert_close(one, other, rtol=1e-6, atol=1e-6)


def test_training_brings_the_energy() -> None:
    run = fit(
        replace(BASE, loss=ENERGY, energy_weight=0.0, epochs=60, data=replace(BASE.data, n=2_000))
    )
    records = list(run)
    assert records[-1].validation_loss < 0.8 * records[0].validation_loss


def test_a_head_sees_the_first_nodes_only() -> None:
    model, x = headed(), molecules()
    before = model.scaled_energy(x)
    with torch.no_grad():
        model.encoder[-1].weight[3] += 1.0  # type: ignore[index, operator]
    assert torch.equal(model.scaled_energy(x), before)
    with torch.no_grad():
        model.encoder[-1].weight[2] += 1.0  # type: ignore[index, operator]
    assert not torch.equal(model.scaled_energy(x), before)


def test_without_a_head_nothing_is_new() -> None:
    assert not any(name.startswith("head") for name in AutoencoderConfig().tensor_shapes())
    assert Layout(AutoencoderConfig()).size == 6_668
    with pytest.raises(ConfigError, match="no energy head"):
        headed(replace(NETWORK, sees=0)).scaled_energy(molecules())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"energy_weight": -1.0}, "λ must be a number from 0"),
        ({"energy_weight": float("nan")}, "λ must be a number from 0"),
        ({"network": AutoencoderConfig(hidden=(24,))}, "let it see 1 node or more"),
        ({"network": AutoencoderConfig(), "energy_weight": 0.0, "loss": ENERGY}, "let it see 1"),
        ({"data": DataConfig(n=640)}, "whose sides have a minimum"),
    ],
    ids=["negative", "nan", "no head", "energy alone", "atoms that meet"],
)
def test_bad_settings_say_what_is_allowed(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        replace(BASE, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("latent", "sees", "sentence"),
    [
        (0, 0, "The latent size h must be a whole number from 1"),
        (3, 4, r"The number of nodes that the head sees must be a whole number from 0 to 3 \(h\)"),
        (3, -1, "that the head sees must be"),
    ],
)
def test_bad_sizes_say_what_is_allowed(latent: int, sees: int, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        AutoencoderConfig(latent=latent, sees=sees)


def test_configuration_survives_json_and_older_files_have_no_head() -> None:
    assert from_dict(as_dict(BASE)) == BASE
    older = as_dict(FitConfig())
    del older["energy_weight"], older["network"]["sees"]
    assert from_dict(older) == FitConfig()


def test_exact_forces_add_up_to_nothing_and_turn_nothing() -> None:
    """F = −∂E/∂x of an energy that poses do not change: Σ F = 0, Σ (x − c) × F = 0."""
    x = molecules()
    forces = exact_forces(x)
    size = forces.abs().max()
    arms = x - x.mean(1, keepdim=True)
    assert forces.sum(1).abs().max() < 1e-10 * size
    assert torch.linalg.cross(arms, forces).sum(1).abs().max() < 1e-10 * size
    step = 1e-6 * torch.randn(x.shape, dtype=x.dtype, generator=torch.Generator().manual_seed(0))
    work = molecule_energy(x + step) - molecule_energy(x - step)
    torch.testing.assert_close(work, -2 * (forces * step).sum((1, 2)), rtol=1e-4, atol=1e-9)
    assert_invariant(lambda v: exact_forces(v).norm(dim=-1), rigid_motions, 1e-9, x)


def test_the_exact_energy_has_no_force_error_and_a_pushed_one_has() -> None:
    x = molecules()
    exact = by_autograd(lambda v: molecule_energy(v)[:, None])
    unit = MinMax((0.0,), (1.0,))
    errors = compared(Energy(exact, unit), x)
    assert max(errors.values()) < 1e-5  # degrees, too: an angle near 0 is a root of rounding
    pushed = by_autograd(lambda v: (molecule_energy(v) + 20 * v[:, 0, 0])[:, None])
    errors = compared(Energy(pushed, unit), x)
    assert errors["net_force"] > 0.1
    assert errors["force_error"] > 0.1


def test_angles_are_in_degrees() -> None:
    one = torch.tensor([[[1.0, 0, 0], [0, 2.0, 0], [1.0, 1.0, 0]]])
    other = torch.tensor([[[3.0, 0, 0], [1.0, 0, 0], [-1.0, -1.0, 0]]])
    assert angles(one, other)[0].tolist() == pytest.approx([0, 90, 180], abs=1e-4)


def test_a_head_s_forces_are_those_of_its_energy() -> None:
    x, model = molecules(8), headed()
    split = datasets.generate("lennard-jones", n=200, seed=3).split()
    energies = scaled("coordinates", split).energies
    read = Energy.of_head(model, energies)
    forces = read.forces(x)
    step = 1e-7 * torch.randn(x.shape, dtype=x.dtype, generator=torch.Generator().manual_seed(0))
    work = (read(x + step) - read(x - step)) * energies.widths[0]
    torch.testing.assert_close(work, -2 * (forces * step).sum((1, 2)), rtol=1e-3, atol=1e-9)
