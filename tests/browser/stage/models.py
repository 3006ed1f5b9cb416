"""Models and reference sets for the stage's tests: random weights, or what this checkout ships."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from trisym.errors import CheckpointError
from trisym.storage import checkpoints
from trisym.ui.kit.browser_model import BrowserModel

# name: (layer widths of the encoder, slope); table 3 but for "table1"
RANDOM = {
    "h3": ((9, 256, 3), 0.3),
    "other": ((9, 256, 3), 0.3),
    "another": ((9, 256, 3), 0.3),
    "slope001": ((9, 256, 3), 0.01),
    "h1": ((9, 256, 1), 0.3),
    "h2": ((9, 256, 2), 0.3),
    "h5": ((9, 256, 5), 0.3),
    "table1": ((9, 9), 0.3),
}


def shipped() -> list[str]:
    """The names of the shipped autoencoders of three vertices."""
    return [name for name in checkpoints.names() if _is_for_stage(name)]


def _is_for_stage(name: str) -> bool:
    try:
        return checkpoints.load_autoencoder(name).config.vertices == 3
    except CheckpointError:
        return False  # an energy predictor


def random_model(name: str) -> BrowserModel:
    """A model with random weights of one of the shapes above."""
    widths, slope = RANDOM[name]
    random = np.random.default_rng(list(name.encode()))
    arrays = {}
    for part, sizes in (("encoder", widths), ("decoder", widths[::-1])):
        for index, (into, out) in enumerate(pairwise(sizes)):
            bound = 1 / np.sqrt(into)
            arrays[f"{part}.{index}.weight"] = random.uniform(-bound, bound, (out, into))
            arrays[f"{part}.{index}.bias"] = random.uniform(-bound, bound, out)
    return BrowserModel.from_arrays(name, arrays, slope=slope)


def shipped_model(name: str) -> BrowserModel:
    """A shipped model as the stage takes it."""
    model = checkpoints.load_autoencoder(name)
    arrays = {key: tensor.numpy() for key, tensor in model.state_dict().items()}
    config = model.config
    slope = config.slope if config.activation == "leaky-relu" else 1.0
    return BrowserModel.from_arrays(name, arrays, slope=slope)


def stage_model(name: str) -> BrowserModel:
    """The random model of that name, or the shipped one."""
    return random_model(name) if name in RANDOM else shipped_model(name)


def reference(n: int) -> np.ndarray:
    """Uniform triangles in the unit cube (n, 3, 3)."""
    return np.random.default_rng(7).uniform(size=(n, 3, 3)).astype(np.float32)
