"""Networks: the tables of the thesis, shapes in and out, and K of them at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch

from trisym.errors import ConfigError
from trisym.networks import (
    Autoencoder,
    AutoencoderConfig,
    Layout,
    NetworkConfig,
    Predictor,
    PredictorConfig,
    build,
    forward_stacked,
    initial_weights,
)


def network(config: NetworkConfig, seed: int = 0) -> Autoencoder | Predictor:
    built = build(config).double()
    weights = initial_weights(config, torch.Generator().manual_seed(seed), torch.float64)
    for name, tensor in weights.items():  # biases too, or a swapped bias would pass
        if name.endswith("bias"):
            tensor.uniform_(-1, 1, generator=torch.Generator().manual_seed(seed + 1))
    built.load_state_dict(weights)
    return built.requires_grad_(False)


def test_table_3_has_6668_parameters() -> None:
    assert sum(p.numel() for p in build(AutoencoderConfig()).parameters()) == 6668


def test_tables_1_and_4() -> None:
    assert AutoencoderConfig(hidden=(), latent=9).sizes == (9, 9, 9)
    assert AutoencoderConfig().sizes == (9, 256, 3, 256, 9)
    assert PredictorConfig().sizes == (3, 64, 32, 16, 1)


def test_autoencoder_is_what_table_3_says() -> None:
    """x' = W₄ σ(W₃ σ(W₂ σ(W₁ σ(x) + b₁) + b₂) + b₃) + b₄, σ(x) = max(x, 0) + 0.3 min(x, 0)."""
    model = network(AutoencoderConfig())
    assert isinstance(model, Autoencoder)
    x = torch.rand(50, 9, dtype=torch.float64) * 4 - 2  # outside the cube σ matters on the input
    by_hand = x
    layers = [*model.encoder, *model.decoder]
    for layer in layers:
        by_hand = by_hand.clamp(min=0) + 0.3 * by_hand.clamp(max=0)
        by_hand = by_hand @ layer.weight.T + layer.bias
    torch.testing.assert_close(model(x), by_hand)


def test_without_its_input_activation_it_is_the_same_network_where_coordinates_are_positive() -> (
    None
):
    """f(x) = f'(x) for x >= 0, to the bit, and f(x) = f'(σ(x)) everywhere."""
    with_it, without = (network(AutoencoderConfig(input_activation=on)) for on in (True, False))
    x = torch.rand(50, 9, dtype=torch.float64) * 3
    assert torch.equal(with_it(x), without(x))
    x -= 1.5
    assert not torch.allclose(with_it(x), without(x))
    assert torch.equal(with_it(x), without(torch.where(x < 0, 0.3 * x, x)))


def test_vertices_may_be_flat_or_not() -> None:
    model = network(AutoencoderConfig())
    vertices = torch.rand(7, 3, 3, dtype=torch.float64)
    assert model(vertices).shape == (7, 3, 3)
    assert torch.equal(model(vertices).flatten(1), model(vertices.flatten(1)))
    assert model.encode(vertices).shape == (7, 3)
    assert torch.equal(model.decode(model.encode(vertices)), model(vertices))
    with pytest.raises(ConfigError, match=r"must be \(batch, 3, 3\) or \(batch, 9\)"):
        model(torch.rand(7, 4, 3, dtype=torch.float64))


def test_linear_twin_is_affine() -> None:
    """Eq. 6 up to the bias, A(x + y) + A(0) = A(x) + A(y): without the leaky ReLU only."""
    x, y = torch.rand(2, 20, 9, dtype=torch.float64)
    zero = torch.zeros_like(x)
    for activation, affine in (("linear", True), ("leaky-relu", False)):
        model = network(AutoencoderConfig(hidden=(), latent=9, activation=activation))
        same = torch.allclose(model(x + y) + model(zero), model(x) + model(y))
        assert same == affine


@pytest.mark.parametrize(
    "config",
    [
        AutoencoderConfig(),
        AutoencoderConfig(hidden=(), latent=9),
        AutoencoderConfig(input_activation=False),
        PredictorConfig(inputs=9),
    ],
)
def test_stacked_equals_alone(config: NetworkConfig) -> None:
    layout = Layout(config)
    models = [network(config, seed) for seed in range(4)]
    stacked = layout.stack([dict(model.named_parameters()) for model in models])
    x = torch.randn(4, 11, config.sizes[0], dtype=torch.float64)
    together = forward_stacked(config, list(layout.views(stacked).values()), x)
    for model, rows, output in zip(models, x, together, strict=True):
        torch.testing.assert_close(output, model(rows))


def test_smaller_latents_ride_along() -> None:
    """Zero-padded latent nodes add nothing: f_padded(x) = f(x)."""
    wide = AutoencoderConfig(latent=5)
    narrow = replace(wide, latent=2)
    layout, model = Layout(wide), network(narrow)
    stacked = layout.stack([dict(model.named_parameters())])
    x = torch.rand(1, 11, 9, dtype=torch.float64)
    output = forward_stacked(wide, list(layout.views(stacked).values()), x)
    torch.testing.assert_close(output[0], model(x[0]))
    for name, tensor in layout.unstack(stacked[0], narrow).items():
        assert torch.equal(tensor, model.get_parameter(name))


def test_one_seed_is_one_network_in_every_precision() -> None:
    single, double = (
        initial_weights(AutoencoderConfig(), torch.Generator().manual_seed(3), dtype)
        for dtype in (torch.float32, torch.float64)
    )
    for name in single:
        assert torch.equal(single[name], double[name].float())


@pytest.mark.parametrize(
    "change",
    [
        {"latent": 0},
        {"latent": 65},
        {"latent": True},
        {"hidden": (0,)},
        {"hidden": (1_000_000,)},
        {"hidden": (1,) * 5},
        {"slope": float("nan")},
        {"slope": 1.5},
        {"activation": "tanh"},
        {"vertices": 1},
    ],
)
def test_absurd_networks_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="must be"):
        replace(AutoencoderConfig(), **change)
