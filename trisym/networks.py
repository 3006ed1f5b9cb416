"""The networks of the thesis (tables 1, 3 and 4), alone or K of them in one batched program.

Leaky ReLU σ acts on the input, unless that is switched off, and after every layer but the last:
σ(x) -> W₁·+b₁ -> σ -> … -> latent -> … -> x'.
The weights of K members of one shape lie in a single tensor (K, P), so an optimiser's step is a few
operations whatever the number of layers; `Layout` says where each weight matrix is.
"""

from __future__ import annotations

import math
from abc import ABC
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from trisym import bounds
from trisym.errors import ConfigError
from trisym.gaussian_code import GaussianCode
from trisym.outside_text import quoted
from trisym.validation import check_choice, check_whole, later

ACTIVATIONS = {
    "leaky-relu": functional.leaky_relu,
    "linear": lambda x, slope: x,  # the slope is not used: the linear twin of eq. 6
}
MAX_HIDDEN_LAYERS = 4
MAX_VERTICES = 64
HEAD = (64, 32, 16)  # hidden widths of table 4


def _check_shape(hidden: object, activation: object, slope: object) -> None:
    if not isinstance(hidden, tuple) or len(hidden) > MAX_HIDDEN_LAYERS:
        raise ConfigError(
            f"Hidden widths must be at most {MAX_HIDDEN_LAYERS} whole numbers, "
            f"not {quoted(hidden)}."
        )
    for width in hidden:
        bounds.check("A hidden width", width)
    check_choice("The activation", activation, ACTIVATIONS)
    bounds.check("The leaky slope", slope)


@dataclass(frozen=True)
class AutoencoderConfig:
    """An autoencoder of point sets: 3n -> hidden -> latent -> hidden mirrored -> 3n.

    The defaults are table 3 of the thesis; `hidden=()` is table 1. 6,668 parameters at latent 3.
    """

    hidden: tuple[int, ...] = (256,)  # widths between input and latent, mirrored in the decoder
    latent: int = 3  # h: three sides fix a triangle
    vertices: int = 3
    activation: str = "leaky-relu"
    slope: float = 0.3  # Keras' default when the thesis was run; PyTorch's is 0.01
    # Tables 1 and 3 list a leaky ReLU on the input layer.
    input_activation: bool = later(True, before=True)
    # Fig. 15: how many of the first latent nodes an energy head, table 4, sees; 0: it has no head.
    sees: int = later(0, before=0)
    variational: bool = later(False, before=False)  # a Gaussian code: trisym.gaussian_code
    kind: Literal["autoencoder"] = "autoencoder"

    def __post_init__(self) -> None:
        _check_shape(self.hidden, self.activation, self.slope)
        bounds.check("The latent size h", self.latent)
        check_whole("The number of vertices", self.vertices, 2, MAX_VERTICES)
        check_whole("The number of nodes that the head sees", self.sees, 0, self.latent, " (h)")

    @property
    def encoder_sizes(self) -> tuple[int, ...]:
        return (3 * self.vertices, *self.hidden, self.latent)

    @property
    def decoder_sizes(self) -> tuple[int, ...]:
        return self.encoder_sizes[::-1]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Layer widths from input to output, the latent in the middle."""
        return self.encoder_sizes + self.decoder_sizes[1:]

    @property
    def head_sizes(self) -> tuple[int, ...]:
        """Layer widths of the energy head; none where there is none."""
        return (self.sees, *HEAD, 1) if self.sees else ()

    def tensor_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return names and shapes of the weights in a checkpoint.

        The log variance comes last, so that one seed starts encoder and decoder alike without it.
        """
        return {
            **_named_shapes("encoder", self.encoder_sizes),
            **_named_shapes("decoder", self.decoder_sizes),
            **_named_shapes("head", self.head_sizes),
            **_named_shapes("log_variance", self.encoder_sizes[-2:] if self.variational else ()),
        }


@dataclass(frozen=True)
class PredictorConfig:
    """The energy predictor of table 4: inputs -> 64 -> 32 -> 16 -> 1."""

    inputs: int = 3  # 3 sides, h latent nodes or 9 coordinates
    hidden: tuple[int, ...] = HEAD
    activation: str = "leaky-relu"
    slope: float = 0.3
    kind: Literal["predictor"] = "predictor"

    def __post_init__(self) -> None:
        _check_shape(self.hidden, self.activation, self.slope)
        check_whole("The number of inputs", self.inputs, 1, 3 * MAX_VERTICES)

    input_activation = False  # table 4 lists none on its input

    @property
    def sizes(self) -> tuple[int, ...]:
        return (self.inputs, *self.hidden, 1)

    def tensor_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return names and shapes of the weights in a checkpoint."""
        return _named_shapes("layers", self.sizes)


KINDS = {"autoencoder": AutoencoderConfig, "predictor": PredictorConfig}

if TYPE_CHECKING:
    NetworkConfig = AutoencoderConfig | PredictorConfig
else:  # msgspec reads no union of dataclasses; for a class that it does not know it asks

    class NetworkConfig(ABC):  # noqa: B024 (the two are registered)
        """The shape of a network: one of KINDS."""

    for kind in KINDS.values():
        NetworkConfig.register(kind)


def _named_shapes(part: str, sizes: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for index, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        shapes[f"{part}.{index}.weight"] = (fan_out, fan_in)
        shapes[f"{part}.{index}.bias"] = (fan_out,)
    return shapes


class Autoencoder(nn.Module):
    """An autoencoder; encoder and decoder are usable alone.

    The latent point of a variational one is the mean of its Gaussian code.
    Vertices may be given as (batch, vertex, xyz) or flat as (batch, 3·vertex).
    """

    def __init__(self, config: AutoencoderConfig | None = None) -> None:
        super().__init__()
        self.config = config or AutoencoderConfig()
        self.encoder = _linear_layers(self.config.encoder_sizes)
        self.decoder = _linear_layers(self.config.decoder_sizes)
        self.head = _linear_layers(self.config.head_sizes)  # empty where no energy is asked for
        if self.config.variational:
            self.log_variance = _linear_layers(self.config.encoder_sizes[-2:])

    def _activate(self, x: Tensor) -> Tensor:
        return ACTIVATIONS[self.config.activation](x, self.config.slope)

    def encode(self, vertices: Float[Tensor, "batch *coordinates"]) -> Float[Tensor, "batch node"]:
        """Return the latent points; raises ConfigError when the shape is not 3·vertex."""
        return self._activate(self.encoder[-1](self._hidden(vertices)))

    def code(self, vertices: Float[Tensor, "batch *coordinates"]) -> GaussianCode:
        """Return the latent points with their log variances; ConfigError where it has none."""
        if not self.config.variational:
            raise ConfigError("This network is not variational: its code has no variance.")
        hidden = self._hidden(vertices)
        return GaussianCode(self._activate(self.encoder[-1](hidden)), self.log_variance[0](hidden))

    def _hidden(self, vertices: Tensor) -> Tensor:
        """Return what the encoder's last layer, and that of the log variance, are given."""
        x = self._flat(vertices)
        if self.config.input_activation:
            x = self._activate(x)
        for layer in self.encoder[:-1]:
            x = self._activate(layer(x))
        return x

    def decode(self, latent: Float[Tensor, "batch node"]) -> Float[Tensor, "batch vertex xyz"]:
        """Return the vertices that the latent points stand for."""
        *inner, last = self.decoder
        for layer in inner:
            latent = self._activate(layer(latent))
        return last(latent).unflatten(-1, (self.config.vertices, 3))

    def scaled_energy(
        self, vertices: Float[Tensor, "batch *coordinates"]
    ) -> Float[Tensor, " batch"]:
        """Return the energy that the head reads off its latent nodes, 0..1 on the training set.

        Raises ConfigError where there is no head.
        """
        if not self.config.sees:
            raise ConfigError("This network has no energy head: its nodes are only decoded.")
        x = self.encode(vertices)[:, : self.config.sees]
        *inner, last = self.head
        for layer in inner:
            x = self._activate(layer(x))
        return last(x)[:, 0]

    def forward(
        self, vertices: Float[Tensor, "batch *coordinates"]
    ) -> Float[Tensor, "batch *coordinates"]:
        """Return the reconstruction, in the shape of the input."""
        return self.decode(self.encode(vertices)).reshape(vertices.shape)

    def _flat(self, vertices: Tensor) -> Tensor:
        flat = vertices.flatten(1)
        expected = 3 * self.config.vertices
        if flat.shape[-1] != expected:
            raise ConfigError(
                f"Vertices must be (batch, {self.config.vertices}, 3) or (batch, {expected}), "
                f"not {tuple(vertices.shape)}."
            )
        return flat


class Predictor(nn.Module):
    """The energy predictor of table 4: (batch, inputs) -> (batch, 1), on scaled energies."""

    def __init__(self, config: PredictorConfig | None = None) -> None:
        super().__init__()
        self.config = config or PredictorConfig()
        self.layers = _linear_layers(self.config.sizes)

    def forward(self, inputs: Float[Tensor, "batch input"]) -> Float[Tensor, "batch 1"]:
        *inner, last = self.layers
        for layer in inner:
            inputs = ACTIVATIONS[self.config.activation](layer(inputs), self.config.slope)
        return last(inputs)


def build(config: NetworkConfig) -> Autoencoder | Predictor:
    """Return the network that a config describes, with weights not yet set."""
    return Autoencoder(config) if isinstance(config, AutoencoderConfig) else Predictor(config)


def _linear_layers(sizes: tuple[int, ...]) -> nn.ModuleList:
    return nn.ModuleList(_linear(fan_in, fan_out) for fan_in, fan_out in pairwise(sizes))


def _linear(fan_in: int, fan_out: int) -> nn.Linear:
    """Return a layer with memory for its weights; nn.utils.skip_init brings sympy, some 60 MB."""
    with torch.device("meta"):  # where nothing is drawn
        layer = nn.Linear(fan_in, fan_out)
    layer.weight = nn.Parameter(torch.empty(fan_out, fan_in))
    layer.bias = nn.Parameter(torch.empty(fan_out))
    return layer


def initial_weights(
    config: NetworkConfig, generator: torch.Generator, dtype: torch.dtype = torch.float32
) -> dict[str, Tensor]:
    """Return Glorot-uniform weights and zero biases (Keras' defaults, so the thesis's), on the CPU.

    They are drawn in float64 and rounded, so one seed means the same network in every precision.
    """
    weights = {}
    for name, shape in config.tensor_shapes().items():
        drawn = torch.zeros(shape, dtype=torch.float64)
        if len(shape) == 2:
            bound = math.sqrt(6 / sum(shape))
            drawn.uniform_(-bound, bound, generator=generator)
        weights[name] = drawn.to(dtype)
    return weights


@dataclass(frozen=True)
class Layout:
    """Places of the weights of K stacked members in one tensor (K, P).

    Members may have smaller latents than the layout's: their weights fill the first `latent` rows
    and columns and the rest stays zero.
    """

    config: NetworkConfig
    slices: dict[str, slice] = field(init=False)
    size: int = field(init=False)  # P

    def __post_init__(self) -> None:
        slices, start = {}, 0
        for name, shape in self.config.tensor_shapes().items():
            slices[name] = slice(start, start + math.prod(shape))
            start = slices[name].stop
        object.__setattr__(self, "slices", slices)
        object.__setattr__(self, "size", start)

    @property
    def latent(self) -> int:
        """The widest member's latent size; 0 of predictors."""
        return self.config.latent if isinstance(self.config, AutoencoderConfig) else 0

    def views(self, stacked: Float[Tensor, "member weight"]) -> dict[str, Tensor]:
        """Return each weight as a view (member, *shape) of the stacked tensor."""
        shapes = self.config.tensor_shapes()
        return {
            name: stacked[:, where].unflatten(1, shapes[name])
            for name, where in self.slices.items()
        }

    def stack(self, members: list[dict[str, Tensor]]) -> Float[Tensor, "member weight"]:
        """Return the members' weights side by side, smaller ones padded with zeros."""
        first = next(iter(members[0].values()))
        stacked = first.new_zeros(len(members), self.size)
        for row, weights in zip(stacked, members, strict=True):
            for name, view in self.views(row[None]).items():
                weight = weights[name]
                view[0][tuple(slice(n) for n in weight.shape)] = weight
        return stacked

    def unstack(self, row: Float[Tensor, " weight"], config: NetworkConfig) -> dict[str, Tensor]:
        """Return one member's weights, cut to the shapes of its own config."""
        views = self.views(row[None])
        return {
            name: views[name][0][tuple(slice(n) for n in shape)].detach().clone()
            for name, shape in config.tensor_shapes().items()
        }


Stacked = Float[Tensor, "member batch _"]  # nodes of any layer


def forward_stacked(config: NetworkConfig, weights: list[Tensor], x: Stacked) -> Stacked:
    """Run K members at once; `weights` alternates weight (K, out, in) and bias (K, out).

    A variational one passes its mean on. A zero-padded latent node gives σ(0) = 0 forwards and a
    zero gradient backwards, so smaller members need no mask.
    """
    layers = 2 * (len(config.sizes) - 1)
    return _through(config, weights[:layers], _bent_input(config, x))


def encoded_stacked(config: AutoencoderConfig, weights: list[Tensor], x: Stacked) -> Stacked:
    """Return the latent points of K encoders; of the `weights` it takes the first ones."""
    count = 2 * (len(config.encoder_sizes) - 1)
    return _through(config, weights[:count], _bent_input(config, x), bent=True)


def read_stacked(
    config: AutoencoderConfig, weights: list[Tensor], decoded: Stacked, seen: Stacked
) -> tuple[Stacked, Stacked]:
    """Return coordinates that K decoders, and scaled energies that K heads, make of latent points.

    Both take all nodes; a head looks at the first ones only. `weights` are those of all three.
    """
    encoders, layers = 2 * (len(config.encoder_sizes) - 1), 2 * (len(config.sizes) - 1)
    coordinates = _through(config, weights[encoders:layers], decoded)
    return coordinates, _through(config, weights[layers:], seen[..., : config.sees])


def forward_variational(
    config: AutoencoderConfig,
    weights: list[Tensor],
    x: Float[Tensor, "member batch input"],
    noise: Float[Tensor, "member batch node"],
) -> tuple[Float[Tensor, "member batch output"], GaussianCode]:
    """Run K variational members at once; return also their codes.

    `noise` is standard normal, and 0 at padded nodes, whose code is a standard normal, too: they
    send nothing forwards, add nothing to the divergence, and get a zero gradient from both.
    """
    encoders, layers = 2 * (len(config.encoder_sizes) - 1), 2 * (len(config.sizes) - 1)
    hidden = _bent_input(config, x)
    if encoders > 2:
        hidden = _through(config, weights[: encoders - 2], hidden, bent=True)
    mean = _through(config, weights[encoders - 2 : encoders], hidden, bent=True)
    code = GaussianCode(mean, _through(config, weights[layers:], hidden))
    return _through(config, weights[encoders:layers], code.sampled(noise)), code


def _bent_input(config: NetworkConfig, x: Tensor) -> Tensor:
    return ACTIVATIONS[config.activation](x, config.slope) if config.input_activation else x


def _through(
    config: NetworkConfig, weights: list[Tensor], x: Tensor, bent: bool = False
) -> Float[Tensor, "member batch output"]:
    """Return what linear layers make of K inputs, bent after each but the last, or after all."""
    activate, slope = ACTIVATIONS[config.activation], config.slope
    pairs = list(zip(weights[::2], weights[1::2], strict=True))
    for left, (weight, bias) in enumerate(pairs, 1 - len(pairs)):
        x = torch.baddbmm(bias[:, None], x, weight.mT)
        x = activate(x, slope) if bent or left < 0 else x
    return x
