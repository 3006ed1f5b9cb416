"""Functions of triangles with their first derivatives, in closed form and float64.

A network σ_L(W_L … σ_1(W_1 σ_0(x) + b_1) … + b_L) with leaky ReLUs is linear in
pieces: with g_l the slope (1 or the leaky one) of each unit of layer l at x,

    J(x) = diag(g_L) W_L … diag(g_1) W_1 diag(g_0).

Sides have dl_ij/dv_i = (v_i - v_j) / l_ij; what follows after each other multiplies (chain rule).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from trisym.energy import MinMax
from trisym.geometry import side_lengths
from trisym.networks import (
    ACTIVATIONS,
    Autoencoder,
    AutoencoderConfig,
    NetworkConfig,
    Predictor,
)

AT_ONCE = 2**21  # numbers of a Jacobian on its way back through a layer: 16 MB


class Response(NamedTuple):
    """A function's values for a batch, and their derivatives by each input."""

    values: Float[Tensor, "batch node"]
    jacobian: Float[Tensor, "batch node input"]


# Takes triangles (batch, vertex, 3) in float64; the inputs of its Jacobian are their coordinates.
Function = Callable[[Tensor], Response]


def of_encoder(model: Autoencoder) -> Function:
    """Return the encoder as a function of triangles: its nodes, with their derivatives."""
    return lambda vertices: _of_layers(model.encoder, model.config, vertices.flatten(1))


def of_nodes(model: Autoencoder, count: int) -> Function:
    """Return the first nodes of an encoder as a function of triangles."""
    encoder = of_encoder(model)

    def first(vertices: Float[Tensor, "batch vertex xyz"]) -> Response:
        values, jacobian = encoder(vertices)
        return Response(values[:, :count], jacobian[:, :count])

    return first


def of_sides() -> Function:
    """Return the side lengths as a function of triangles: the exact invariants."""
    return _sides


def of_coordinates() -> Function:
    """Return the coordinates themselves as a function of triangles."""
    return _coordinates


def of_predictor(predictor: Predictor, inputs: MinMax, features: Function) -> Function:
    """Return an energy predictor as a function of triangles: one node, the scaled energy.

    `features` is what it sees of a triangle, `inputs` how that is scaled for it.
    """
    widths = torch.tensor(inputs.widths, dtype=torch.float64)

    def predicted(vertices: Float[Tensor, "batch vertex xyz"]) -> Response:
        seen = features(vertices)
        energy = _of_layers(predictor.layers, predictor.config, inputs.scaled(seen.values))
        return Response(energy.values, (energy.jacobian / widths) @ seen.jacobian)

    return predicted


def by_autograd(function: Callable[[Tensor], Tensor]) -> Function:
    """Return any function (batch, vertex, 3) -> (batch, node) with derivatives by autograd.

    The function must treat each triangle of a batch by itself.
    """

    def responding(vertices: Float[Tensor, "batch vertex xyz"]) -> Response:
        vertices = vertices.detach().requires_grad_()
        values = function(vertices)
        rows = [
            torch.autograd.grad(node.sum(), vertices, retain_graph=True)[0].flatten(1)
            for node in values.unbind(1)
        ]
        return Response(values.detach(), torch.stack(rows, dim=1))

    return responding


def _coordinates(vertices: Float[Tensor, "batch vertex xyz"]) -> Response:
    flat = vertices.flatten(1)
    return Response(flat, torch.eye(flat.shape[1], dtype=flat.dtype).expand(len(flat), -1, -1))


def _sides(vertices: Float[Tensor, "batch vertex xyz"]) -> Response:
    """l1 = |v1 - v2|, l2 = |v2 - v3|, l3 = |v3 - v1|; a side of length 0 answers to nothing."""
    lengths = side_lengths(vertices)
    edges = vertices - vertices.roll(-1, dims=-2)
    units = torch.nan_to_num(edges / lengths[..., None])
    jacobian = vertices.new_zeros(len(vertices), 3, 3, 3)
    for side in range(3):
        jacobian[:, side, side] = units[:, side]
        jacobian[:, side, (side + 1) % 3] = -units[:, side]
    return Response(lengths, jacobian.flatten(2))


def _of_layers(
    layers: nn.ModuleList, config: NetworkConfig, inputs: Float[Tensor, "batch input"]
) -> Response:
    """Return outputs and derivatives of an encoder or a predictor, part of the batch by part."""
    linears = [layer for layer in layers if isinstance(layer, nn.Linear)]  # all are
    weights, biases = (
        [part.detach().cpu().double() for part in parts]
        for parts in zip(*((linear.weight, linear.bias) for linear in linears), strict=True)
    )
    rows = max(1, AT_ONCE // (len(weights[-1]) * max(map(len, weights))))
    parts = [_of_part(weights, biases, config, part) for part in inputs.split(rows)]
    return Response(*(torch.cat(each) for each in zip(*parts, strict=True)))


def _of_part(
    weights: list[Tensor], biases: list[Tensor], config: NetworkConfig, x: Tensor
) -> Response:
    # An encoder bends its last layer, the latent; a predictor returns its last as it is.
    last = isinstance(config, AutoencoderConfig)
    x, first_gain = _bent(config, config.input_activation, x)
    gains = []
    for left, (weight, bias) in enumerate(zip(weights, biases, strict=True), 1 - len(weights)):
        x, gain = _bent(config, last or left < 0, x @ weight.T + bias)
        gains.append(gain)
    jacobian = gains[-1][:, :, None] * weights[-1]
    for gain, weight in zip(gains[-2::-1], weights[-2::-1], strict=True):
        jacobian = (jacobian * gain[:, None]) @ weight
    return Response(x, jacobian * first_gain[:, None])


def _bent(config: NetworkConfig, active: bool, x: Tensor) -> tuple[Tensor, Tensor]:
    """Return σ(x) and σ'(x); at the kink the leaky slope, as PyTorch has it."""
    if not active or config.activation == "linear":
        return x, torch.ones_like(x)
    gain = torch.ones_like(x).masked_fill_(x <= 0, config.slope)
    return ACTIVATIONS[config.activation](x, config.slope), gain
