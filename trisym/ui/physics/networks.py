"""The networks of Fig. 15 that the page turns by hand, in units of the box that they learned in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

import trisym  # its modules come when they are used: torch takes two seconds
from trisym.ui.energy.scene import Scene as MoleculeScene
from trisym.ui.kit import models
from trisym.ui.kit.browser_model import BrowserModel, EnergyHead, layers_of
from trisym.ui.symmetry.scene import Scene
from trisym.ui.symmetry.stage import Setting

if TYPE_CHECKING:
    from trisym.forces import Energy

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "physics-energy-h3": "energy alone",
        "physics-mse-1-h3": "coordinates + energy",
        "physics-mse-100-h9": "coordinates + 100 × energy",
        "physics-mse-1-h9": "coordinates + energy, h = 9",
        "physics-sides-1-h3": "sides + energy",
    }
)
FIRST = tuple(TITLES)[:3]
TRAINING = {"loss": "energy", "dataset": "lennard-jones", "place": "server"}  # asked of the lab
START = Scene(pose=MoleculeScene.pose)
TITLE = "Can physics alone teach it?"
NOTEBOOK = Path(__file__).with_name("notebook.txt")
SHOWS = (
    "Turn the molecule by hand: each network squeezes its nine coordinates into a latent point, "
    "the orange dot. One was asked for the energy alone, the others for the coordinates or the "
    "sides, too. Lengths are in edges of the box; drift is in spreads of the cloud."
)


def limits() -> tuple[float, float]:
    """Return the edge of the box that molecules lie in, and what every side is longer than."""
    law = trisym.DataConfig("lennard-jones", n=1).limits
    return law.edge, law.min_side


def digest(name: str) -> str:
    """Return a mark that tells a network from one of the same name trained later."""
    return models.digest(name)


def setting() -> Setting:
    """Return where this page's stage stands."""
    edge, shortest = limits()
    potential = {"edge": edge, "sigma": trisym.potentials.SIGMA}
    return Setting("physics", TITLE, SHOWS, shortest / edge, NOTEBOOK, potential)


def in_box(name: str) -> BrowserModel:
    """Return a network as the stage takes it, for molecules in units of the box's edge."""
    return _in_box(name, models.digest(name))


@st.cache_resource(show_spinner=False, max_entries=10)
def _in_box(name: str, digest: str) -> BrowserModel:
    edge, _ = limits()
    network = models.network(name)
    arrays = {key: tensor.numpy() for key, tensor in network.state_dict().items()}
    # A leaky ReLU of e·x is e times that of x: the box's edge moves into the outer weights.
    arrays["encoder.0.weight"] = arrays["encoder.0.weight"] * edge
    last = len(network.decoder) - 1
    for part in ("weight", "bias"):
        arrays[f"decoder.{last}.{part}"] = arrays[f"decoder.{last}.{part}"] / edge
    config = network.config
    plain = BrowserModel.from_arrays(
        name,
        arrays,
        slope=config.slope,
        title=TITLES[name],
        input_activation=config.input_activation,
        counted=config.sees,
    )
    (width,) = energy(name).scaling.widths
    return replace(plain, head=EnergyHead(layers_of(arrays, "head"), width))


@st.cache_resource(show_spinner="Drawing molecules …", max_entries=2)
def reference(count: int = 5_000) -> np.ndarray:
    """Return molecules (count, 3, 3) that no network was trained on, in edges of the box."""
    edge, _ = limits()
    drawn = trisym.datasets.generate("lennard-jones", n=count, seed=models.REFERENCE_SEED)
    molecules: np.ndarray = drawn.inputs.numpy() / edge
    molecules.flags.writeable = False
    return molecules


def energy(name: str) -> Energy:
    """Return the energy that a network's head reads, with its forces."""
    return _energy(name, models.digest(name))


@st.cache_resource(show_spinner="Loading the network …", max_entries=10)
def _energy(name: str, digest: str) -> Energy:
    from trisym.energy import MinMax
    from trisym.forces import Energy

    scaling = trisym.load_card(models.file_of(name)).notes["energy_scaling"]
    return Energy.of_head(models.network(name), MinMax.from_text(scaling))
