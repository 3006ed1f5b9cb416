"""A small model file, and ways to change it: for the tests of what reading refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import safetensors.torch
import torch

from trisym.config import FitConfig
from trisym.datasets import DataConfig
from trisym.networks import AutoencoderConfig, NetworkConfig, build, initial_weights
from trisym.storage import checkpoints
from trisym.storage.cards import Card


def network(config: NetworkConfig, dtype: torch.dtype = torch.float32) -> checkpoints.Model:
    model = build(config).to(dtype)
    model.load_state_dict(initial_weights(config, torch.Generator().manual_seed(0), dtype))
    return model.eval().requires_grad_(False)


def a_card(config: FitConfig) -> Card:
    return Card(
        name="small h-2",
        config=config,
        epochs=1.5,
        steps=30,
        seconds=0.25,
        device="CPU (2 threads)",
        metrics={"side_error": 0.002, "mse": 0.1},
        notes={"encoder": "0" * 64},
    )


def a_config(shape: NetworkConfig | None = None, dtype: str = "float32") -> FitConfig:
    shape = shape or AutoencoderConfig(hidden=(4,), latent=2)
    return FitConfig(network=shape, data=DataConfig("fixed-side", n=1000), dtype=dtype)


CARD = a_card(a_config())
MODEL = network(CARD.config.network)
CONTENT = safetensors.torch.save(MODEL.state_dict(), metadata={"card": CARD.as_json()})
HEADER_SIZE = int.from_bytes(CONTENT[:8], "little")
HEADER = json.loads(CONTENT[8 : 8 + HEADER_SIZE])
WEIGHTS = CONTENT[8 + HEADER_SIZE :]


def with_header(text: bytes) -> bytes:
    return len(text).to_bytes(8, "little") + text + WEIGHTS


def with_entries(entries: dict[str, Any]) -> bytes:
    return with_header(json.dumps(entries).encode())


def with_card_text(text: str) -> bytes:
    return with_entries({**HEADER, "__metadata__": {"card": text}})


def with_card(**changes: Any) -> bytes:
    return with_card_text(json.dumps({**CARD.as_dict(), **changes}))


def with_config(**changes: Any) -> bytes:
    return with_card(config={**CARD.as_dict()["config"], **changes})


def with_network(**changes: Any) -> bytes:
    return with_config(network={**CARD.as_dict()["config"]["network"], **changes})


def with_tensor(name: str, **changes: Any) -> bytes:
    return with_entries({**HEADER, name: {**HEADER[name], **changes}})


def with_tensors(change: Callable[[dict[str, torch.Tensor]], object]) -> bytes:
    tensors = {name: tensor.clone() for name, tensor in MODEL.state_dict().items()}
    change(tensors)
    return safetensors.torch.save(tensors, metadata={"card": CARD.as_json()})
