"""An autoencoder as plain arrays for the browser: no torch, no file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np

from trisym.errors import DataError
from trisym.ui.kit.arrays import to_base64
from trisym.ui.kit.served import JsonFile

Layer = tuple[np.ndarray, np.ndarray]  # weight (out, in), bias (out,)
TRIANGLE = 3  # points of what all views but one show


@runtime_checkable
class Payload(Protocol):
    """What stands for a model's arrays in a component's data."""

    def sent(self) -> Any: ...

    def value(self) -> Any: ...


@runtime_checkable
class InBrowser(Protocol):
    """A model as a live view takes it: by its name, and what brings its arrays there."""

    @property
    def name(self) -> str: ...

    @property
    def file(self) -> Payload: ...


@dataclass(frozen=True)
class EnergyHead:
    """What reads an energy off the first latent nodes; width: the energy of one unit of it."""

    layers: tuple[Layer, ...]
    width: float

    def payload(self) -> dict[str, Any]:
        """JSON for the browser."""
        return {"layers": [layer_payload(layer) for layer in self.layers], "width": self.width}


@dataclass(frozen=True)
class BrowserModel:
    """The linear layers of an encoder and a decoder, float32.

    The leaky ReLU of the given slope follows every layer but the decoder's last, and comes before
    the first where `input_activation` is set (tables 1 and 3 of the thesis). Raises DataError where
    the layers don't lead from the coordinates of so many points to as many, or aren't finite.
    """

    name: str
    title: str
    encoder: tuple[Layer, ...]
    decoder: tuple[Layer, ...]
    slope: float
    input_activation: bool = True
    points: int = TRIANGLE
    counted: int | None = None  # nodes, the first ones, that drift is taken of; None for all
    head: EnergyHead | None = None

    def __post_init__(self) -> None:
        if not self.encoder or not self.decoder:
            raise DataError("A model needs an encoder and a decoder of at least one layer.")
        layers = (*self.encoder, *self.decoder)
        shapes = [(weight.shape, bias.shape) for weight, bias in layers]
        own = 3 * self.points
        widths = [own, *(bias.size for _, bias in layers)]
        chain = [((widths[i + 1], widths[i]), (widths[i + 1],)) for i in range(len(layers))]
        if shapes != chain or widths[-1] != own:
            raise DataError(
                f"Layers must lead from {own} coordinates to {own} coordinates; got {shapes}."
            )
        if not all(np.isfinite(array).all() for layer in layers for array in layer):
            raise DataError(f"The weights of {self.name} must be finite numbers.")

    @classmethod
    def from_arrays(
        cls,
        name: str,
        arrays: Mapping[str, np.ndarray],
        *,
        slope: float,
        title: str = "",
        input_activation: bool = True,
        points: int = TRIANGLE,
        counted: int | None = None,
    ) -> BrowserModel:
        """From tensors named encoder.0.weight, encoder.0.bias, ..., decoder.0.weight, ..."""
        return cls(
            name=name,
            title=title or name,
            encoder=layers_of(arrays, "encoder"),
            decoder=layers_of(arrays, "decoder"),
            slope=slope,
            input_activation=input_activation,
            points=points,
            counted=counted,
        )

    @property
    def h(self) -> int:
        """The number of latent nodes."""
        return self.encoder[-1][1].size

    def encode(self, triangles: np.ndarray) -> np.ndarray:
        """Return the latent points (n, h) of triangles (n, 9), as the browser computes them."""
        x = np.asarray(triangles, dtype=np.float32)
        x = self._bent(x) if self.input_activation else x
        for weight, bias in self.encoder:
            x = self._bent(x @ weight.T + bias)
        return x

    def _bent(self, x: np.ndarray) -> np.ndarray:
        return np.where(x > 0, x, self.slope * x)

    @cached_property
    def file(self) -> JsonFile:
        """The payload as browsers keep it."""
        return JsonFile(self.payload())

    def payload(self) -> dict[str, Any]:
        """JSON for the browser; `id` is a hash of all that decides the latent."""
        network: dict[str, Any] = {
            "slope": self.slope,
            "inputActivation": self.input_activation,
            "encoder": [layer_payload(layer) for layer in self.encoder],
            "decoder": [layer_payload(layer) for layer in self.decoder],
        }
        if self.counted is not None:
            network["counted"] = self.counted
        if self.head is not None:
            network["head"] = self.head.payload()
        digest = hashlib.sha256(json.dumps(network).encode()).hexdigest()[:16]
        return {"id": digest, "name": self.name, "title": self.title, **network}


def layers_of(arrays: Mapping[str, np.ndarray], part: str) -> tuple[Layer, ...]:
    """Return the layers of one part; raises DataError where one is missing."""
    count = sum(name.startswith(f"{part}.") and name.endswith(".weight") for name in arrays)
    names = [(f"{part}.{i}.weight", f"{part}.{i}.bias") for i in range(count)]
    missing = [name for pair in names for name in pair if name not in arrays]
    if missing:
        raise DataError(f"Expected {part}.0.weight, {part}.0.bias, ...; {missing[0]} is missing.")
    return tuple((_float32(arrays[weight]), _float32(arrays[bias])) for weight, bias in names)


def _float32(array: np.ndarray) -> np.ndarray:
    return np.asarray(array, dtype=np.float32)


def layer_payload(layer: Layer) -> dict[str, Any]:
    """Return a linear layer as JSON for the browser."""
    weight, bias = layer
    rows, columns = weight.shape
    values = to_base64(np.concatenate([weight.ravel(), bias]))
    return {"rows": rows, "columns": columns, "weights": values}
