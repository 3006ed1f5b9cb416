"""The symmetry page's computations in torch: one triangle moved once, and many moved often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

import trisym  # its modules come when they are used: torch takes two seconds
from trisym.errors import ConfigError
from trisym.figures import common as figures
from trisym.figures.common import AFTER, BEFORE, Mark
from trisym.ui.kit import charts, models

if TYPE_CHECKING:
    from torch import Tensor

SEED = 2021  # of held-out triangles and their motions
MOST_DRAWN = 5_000  # points of a 3D picture that a phone still turns, and that is sent in 0.1 MB
VIEWED = 1_000  # points of a flat picture
MOST_MOTIONS = 1_000_000  # numbers a link may ask for

RANGES: Mapping[str, str] = MappingProxyType(
    {
        "inside": "inside the cube",
        "near_above": "near, above 0",
        "near_below": "near, below 0",
        "far_above": "far, above 0",
        "far_below": "far, below 0",
    }
)


Titled = tuple[str, str, str]  # name, title and digest of a model


@dataclass(frozen=True)
class Passage:
    """One triangle's latent points in a model, before and after a motion, (node,) each.

    `spread` is that of the model's cloud: the square root of its total variance.
    """

    name: str
    before: np.ndarray
    after: np.ndarray
    spread: float

    @property
    def distance(self) -> float:
        return float(np.linalg.norm(self.after - self.before))

    @property
    def drift(self) -> float:
        """The distance in spreads; 0 where the latent point stayed."""
        return self.distance / self.spread if self.spread else 0.0

    @property
    def marks(self) -> tuple[Mark, Mark]:
        """Both points, to be found in a picture of the cloud."""
        return (
            Mark("before", self.before, BEFORE),
            Mark("after", self.after, AFTER),
        )


@dataclass(frozen=True)
class Orbits:
    """Many triangles in many poses: the spread over all of them, and those to be drawn.

    latents: (drawn, node); triangle: (drawn,), which triangle each one is; count: of all poses.
    """

    spread: float
    latents: np.ndarray
    triangle: np.ndarray
    count: int


def motion_number(parameter: str = "motion") -> int:
    """Which random motion the page's link asks for: 1 where it does not say.

    Raises ConfigError for what is no such number.
    """
    text = st.query_params.get(parameter, "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_MOTIONS):
        raise ConfigError(
            f"The link's motion must be a whole number from 1 to {MOST_MOTIONS:,}; "
            "“Move it” makes another one."
        )
    return int(text)


def next_motion(parameter: str = "motion") -> None:
    """Put the next motion into the link."""
    try:
        number = motion_number(parameter) % MOST_MOTIONS + 1
    except ConfigError:
        number = 1
    st.query_params[parameter] = str(number)


def moved(pose: np.ndarray, number: int) -> np.ndarray:
    """The pose (3, 3) after the random rigid motion of this number, inside the cube.

    Raises DataError for a triangle too large for the cube.
    """
    import torch

    generator = torch.Generator().manual_seed(number)
    triangle = torch.from_numpy(pose)[None]
    return trisym.geometry.random_motions_inside(triangle, 1, generator)[0, 0].numpy()


def sides(pose: np.ndarray) -> np.ndarray:
    """The side lengths (3,) of a pose (3, 3)."""
    import torch

    return trisym.geometry.side_lengths(torch.from_numpy(pose)).numpy()


def passage(name: str, before: np.ndarray, after: np.ndarray, count: int) -> Passage:
    """A motion's effect in a model, beside the spread of the cloud of `count` triangles."""
    first, second = _encoded(name, np.stack([before, after]))
    variance = cloud(name, count).var(axis=0).sum()
    return Passage(name, first, second, float(np.sqrt(variance)))


def titles(titled: Sequence[Titled]) -> dict[str, str]:
    """Return titles by name."""
    return {name: title for name, title, _ in titled}


def cloud(name: str, count: int) -> np.ndarray:
    """The latent points (count, node) of the reference triangles."""
    return _cloud(name, models.digest(name), count)


def view(name: str, count: int, dark: bool) -> Mapping[str, Any]:
    """Return the picture of a model's cloud, in which a passage's marks are still to be filled."""
    return _view(name, models.digest(name), count, dark)


@st.cache_resource(show_spinner=False, max_entries=48)
def _view(name: str, digest: str, count: int, dark: bool) -> Mapping[str, Any]:
    colours = {"before": BEFORE, "after": AFTER}
    latents = _cloud(name, digest, count)[:VIEWED]
    return charts.specification(figures.latent_view(latents, colours, dark))


def seen(passage: Passage, count: int) -> Mapping[str, pd.DataFrame]:
    """Return what fills that picture."""
    latents = cloud(passage.name, count)[:VIEWED]
    return {figures.MARKS: figures.seen_marks(latents, passage.marks)}


@st.cache_resource(show_spinner=False, max_entries=24)
def _cloud(name: str, digest: str, count: int) -> np.ndarray:
    return _encoded(name, models.reference(count))


def _encoded(name: str, triangles: np.ndarray) -> np.ndarray:
    import torch

    network = models.network(name)
    dtype = next(network.parameters()).dtype
    return network.encode(torch.tensor(triangles, dtype=dtype)).double().numpy()


def orbits(name: str, triangles: int, motions: int) -> Mapping[str, Orbits]:
    """Encode held-out triangles in random poses; an entry for each of RANGES."""
    return _orbits(name, models.digest(name), triangles, motions)


@st.cache_resource(show_spinner="Moving and encoding triangles …", max_entries=24)
def _orbits(name: str, digest: str, triangles: int, motions: int) -> Mapping[str, Orbits]:
    import torch

    network = models.network(name)
    at_once = trisym.metrics.ENCODE_AT_ONCE
    found = {}
    for each, poses in _poses(triangles, motions).items():
        parts = [network.encode(part) for part in poses.flatten(0, 1).split(at_once)]
        found[each] = _measured(torch.cat(parts).unflatten(0, poses.shape[:2]))
    return MappingProxyType(found)


@st.cache_resource(show_spinner=False, max_entries=1)
def _poses(triangles: int, motions: int) -> Mapping[str, Tensor]:
    """The same poses (triangle, motion, vertex, xyz) for every model; 18 MB a range at most."""
    import torch

    generator = torch.Generator().manual_seed(SEED)
    shapes = trisym.datasets.generate("random", n=triangles, seed=SEED).inputs
    return trisym.metrics.motions_by_range(shapes, motions, generator)


def _measured(latents: Tensor) -> Orbits:
    triangles, motions, nodes = latents.shape
    count = triangles * motions
    kept = np.random.default_rng(SEED).permutation(count)[:MOST_DRAWN]
    return Orbits(
        spread=trisym.metrics.orbit_spread(latents),
        latents=latents.reshape(-1, nodes).numpy()[kept],
        triangle=kept // motions,
        count=count,
    )
