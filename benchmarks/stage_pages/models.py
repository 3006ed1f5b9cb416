"""The content of both versions of the page: two shipped models, an untrained one, a set."""

from __future__ import annotations

import numpy as np

from trisym.evaluation import untrained
from trisym.networks import Autoencoder
from trisym.storage import checkpoints
from trisym.ui.kit.browser_model import BrowserModel

SHIPPED = ("sides-h3", "mse-h3")


def networks(k: int) -> list[Autoencoder]:
    """The first k models of the symmetry page."""
    return [*(checkpoints.load_autoencoder(name) for name in SHIPPED), untrained()][:k]


def stage_models(k: int) -> list[BrowserModel]:
    """The same as arrays for the browser."""
    names = (*SHIPPED, "untrained")
    return [
        BrowserModel.from_arrays(
            name,
            {key: tensor.detach().numpy() for key, tensor in network.state_dict().items()},
            slope=network.config.slope,
        )
        for name, network in zip(names, networks(k), strict=False)
    ]


def reference(n: int) -> np.ndarray:
    """Uniform triangles in the unit cube (n, 9)."""
    return np.random.default_rng(1).uniform(size=(n, 9)).astype(np.float32)
