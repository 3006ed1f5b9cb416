"""Closed-form derivatives against autograd, on the CPU in double precision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn

from tests.model_files import network
from trisym import datasets, jacobians
from trisym.energy import MinMax
from trisym.geometry import side_lengths
from trisym.jacobians import (
    Function,
    by_autograd,
    of_coordinates,
    of_encoder,
    of_predictor,
    of_sides,
)
from trisym.networks import Autoencoder, AutoencoderConfig, Predictor, PredictorConfig

TRIANGLES = datasets.generate("random", n=50, seed=3, dtype=torch.float64).inputs
OUTSIDE = 4 * TRIANGLES - 2  # where the leaky ReLU on the input bends

SHAPES = [
    AutoencoderConfig(),
    AutoencoderConfig(hidden=(), latent=9),
    AutoencoderConfig(hidden=(20, 7), latent=1, slope=0.01),
    AutoencoderConfig(hidden=(8,), latent=4, activation="linear"),
    AutoencoderConfig(hidden=(8,), input_activation=False),
]


def with_biases(model: nn.Module) -> nn.Module:
    """A random network has no biases; a trained one has."""
    generator = torch.Generator().manual_seed(5)
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    return model


def autoencoder(config: AutoencoderConfig) -> Autoencoder:
    model = with_biases(network(config, torch.float64))
    assert isinstance(model, Autoencoder)
    return model


@dataclass(frozen=True)
class Energy:
    """A predictor on features of a triangle, as autograd may walk through it and in closed form."""

    predictor: Predictor
    inputs: MinMax
    features: Callable[[Tensor], Tensor]
    closed_features: Function

    def __call__(self, vertices: Tensor) -> Tensor:
        return self.predictor(self.inputs.scaled(self.features(vertices)))

    @property
    def closed(self) -> Function:
        return of_predictor(self.predictor, self.inputs, self.closed_features)


def energy(kind: str) -> Energy:
    encoder = autoencoder(AutoencoderConfig(latent=2))
    inputs, features, closed = {
        "sides": (3, side_lengths, of_sides()),
        "coordinates": (9, lambda vertices: vertices.flatten(1), of_coordinates()),
        "latent": (2, encoder.encode, of_encoder(encoder)),
    }[kind]
    predictor = with_biases(network(PredictorConfig(inputs=inputs), torch.float64))
    assert isinstance(predictor, Predictor)
    low, high = ([a + b * i for i in range(inputs)] for a, b in ((0.0, -0.1), (1.0, 0.3)))
    return Energy(predictor, MinMax(tuple(low), tuple(high)), features, closed)


def check(closed: Function, plain: Callable[[Tensor], Tensor], vertices: Tensor) -> None:
    expected, found = by_autograd(plain)(vertices), closed(vertices)
    torch.testing.assert_close(found.values, expected.values, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(found.jacobian, expected.jacobian, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("vertices", [TRIANGLES, OUTSIDE], ids=["inside", "outside"])
@pytest.mark.parametrize("config", SHAPES, ids=str)
def test_the_encoder_is_differentiated_exactly(config: AutoencoderConfig, vertices: Tensor) -> None:
    """J(x) = diag(g_L) W_L … diag(g_1) W_1 diag(g_0)."""
    model = autoencoder(config)
    check(of_encoder(model), model.encode, vertices)


@pytest.mark.parametrize("kind", ["sides", "coordinates", "latent"])
def test_an_energy_is_differentiated_through_its_features(kind: str) -> None:
    """d(E∘s∘f)/dx = J_E diag(1 / widths) J_f."""
    model = energy(kind)
    check(model.closed, model, TRIANGLES)


def test_sides_are_differentiated_exactly() -> None:
    """dl_ij/dv_i = (v_i - v_j) / l_ij."""
    check(of_sides(), side_lengths, TRIANGLES)


def test_a_side_of_no_length_has_no_direction() -> None:
    vertices = TRIANGLES[:2].clone()
    vertices[0, 1] = vertices[0, 0]
    assert of_sides()(vertices).jacobian[0, 0].eq(0).all()
    check(of_sides(), side_lengths, vertices)


def test_another_network_has_another_derivative() -> None:
    """The control: these tolerances tell one network from another."""
    one, other = autoencoder(AutoencoderConfig()), autoencoder(AutoencoderConfig(slope=0.2))
    with pytest.raises(AssertionError):
        check(of_encoder(one), other.encode, TRIANGLES)


def test_a_large_batch_goes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    model = autoencoder(AutoencoderConfig())
    whole = of_encoder(model)(TRIANGLES)
    monkeypatch.setattr(jacobians, "AT_ONCE", 7 * 3 * 256)
    parts = of_encoder(model)(TRIANGLES)
    torch.testing.assert_close(parts.jacobian, whole.jacobian)
    torch.testing.assert_close(parts.values, whole.values)


def test_single_precision_weights_are_read_in_double() -> None:
    model = network(AutoencoderConfig())
    assert of_encoder(model)(TRIANGLES).jacobian.dtype == torch.float64
