"""DATASETS: the triangle sets of the thesis (3.2 to 3.5), each drawn from one seed.

The sets of 3.2 (table 2) are pairs input -> target; in the others the target is the input.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from trisym import bounds
from trisym.errors import ConfigError, DataError
from trisym.sampling import (
    BLOCK,
    Limits,
    Pairs,
    Uniform,
    in_cube,
    in_cube_turned,
    moved_alike,
    moved_anyhow,
    on_floor,
    one_lifted,
    uniform_stream,
)
from trisym.validation import check_choice, check_number, check_whole, later

TRIAL = 8 * BLOCK  # candidates that the check of a configuration draws, in about 10 ms
MOST_CANDIDATES = 10**9  # a minute or two on one core
SHORTEST, LONGEST = 1e-3, 1e3  # lengths, in the unit of the unit cube

CONSTANT_SIDE = 0.68  # section 3.5: the minimum and 0.2 more
MIN_SIDE = 0.48

DIRECTIONS = ("sphere", "polar")

# 16 points have 120 distances, 42 degrees of freedom: more is another network's task.
FEWEST_POINTS, MOST_POINTS = 2, 16


class Split(NamedTuple):
    """80 %, 10 % and 10 % of a set, in its order."""

    train: Pairs
    validation: Pairs
    test: Pairs


def parts(n: int) -> tuple[int, int, int, int]:
    """Return where the three parts of a set of n begin and end: 80 %, 10 % and 10 %."""
    return 0, n * 8 // 10, n * 9 // 10, n


@dataclass(frozen=True)
class DatasetEntry:
    """One set: what to call it, its law, its defaults; `pairs` is None when target = input."""

    title: str
    description: str
    triangles: Callable[[Limits, Uniform], Iterator[Tensor]]
    pairs: Callable[[Iterator[Tensor], Limits, Uniform], Iterator[Pairs]] | None = None
    defaults: Limits = field(default_factory=Limits)
    # The longest shortest side there is, in edges: an equilateral triangle between three
    # corners of the cube, or turned by 15 degrees in a corner of the square.
    largest_min_side: float = math.sqrt(2)
    any_points: bool = False  # whether a sample may have other than three


FLOOR = math.sqrt(6) - math.sqrt(2)

DATASETS: Mapping[str, DatasetEntry] = MappingProxyType(
    {
        "random": DatasetEntry(
            "Random triangles",
            "Three vertices, each uniform in the unit cube.",
            in_cube,
            any_points=True,
        ),
        "constant-side": DatasetEntry(
            "Constant side anywhere",
            "One side is 0.68 and lies between two random vertices; every side is above 0.48.",
            in_cube_turned,
            defaults=Limits(min_side=MIN_SIDE, constant_side=CONSTANT_SIDE),
        ),
        "fixed-side": DatasetEntry(
            "Constant side in a fixed place",
            "The side between vertices 1 and 2 is always 0.68; every side is above 0.48.",
            in_cube,
            defaults=Limits(min_side=MIN_SIDE, constant_side=CONSTANT_SIDE),
        ),
        "lennard-jones": DatasetEntry(
            "Lennard-Jones molecules",
            "Random triangles in a cube of edge 0.7 with every side above 0.48.",
            in_cube,
            defaults=Limits(edge=0.7, min_side=MIN_SIDE),
        ),
        "translation-a": DatasetEntry(
            "One triangle, lifted",
            "The same triangle on the plane z = 0, moved up by a random height from 0 to 1.",
            on_floor,
            one_lifted,
            largest_min_side=FLOOR,
        ),
        "translation-b": DatasetEntry(
            "Flat triangles, one translation",
            "Random triangles on the plane z = 0, all moved by one translation shorter than 1.",
            on_floor,
            moved_alike,
            largest_min_side=FLOOR,
        ),
        "translation-c": DatasetEntry(
            "Random triangles, random translations",
            "Random triangles in the unit cube, each moved by a translation shorter than 1.",
            in_cube,
            moved_anyhow,
        ),
    }
)


@dataclass(frozen=True)
class DataConfig:
    """A set by name, its size, seed and lengths; checked when made, and then it can be drawn.

    `None` means the set's own default, and is replaced by it, so that a stored configuration says
    what was drawn. Raises ConfigError for an invalid setting, DataError for a set that
    can't exist or would take too long to draw.
    """

    name: str = "random"
    n: int = 200_000  # the thesis's size
    seed: int = 0
    edge: float | None = None  # of the cube
    min_side: float | None = None  # every side is longer; 0 for no minimum
    constant_side: float | None = None  # only for the sets that have one
    directions: str = "sphere"  # "polar": crowded at the poles, as the thesis ran it
    points: int = later(3, before=3)  # of a sample; sets of triangles have three

    def __post_init__(self) -> None:
        check_choice("name", self.name, DATASETS)
        check_choice("directions", self.directions, DIRECTIONS)
        bounds.check("n", self.n)
        check_whole("seed", self.seed, 0, 2**63 - 1)
        entry = DATASETS[self.name]
        _check_points(self.name, entry, self.points)
        for name in ("edge", "min_side", "constant_side"):
            value = getattr(self, name)
            value = getattr(entry.defaults, name) if value is None else value
            object.__setattr__(self, name, _checked_length(name, value))
        _check_possible(self.name, entry, self.limits)
        needed = math.ceil(self.n * TRIAL / MOST_CANDIDATES)
        fitting = _fitting(self.name, self.limits, needed)
        if fitting < needed:
            raise DataError(
                f"Only {fitting:,} of {TRIAL:,} random triangles keep to these sides in a cube of "
                f"edge {self.edge:g}, so {self.n:,} can't be found in reasonable time. "
                "Take a shorter min_side, another constant_side, or a smaller n."
            )

    @property
    def trained_on(self) -> int:
        """Size of the training part."""
        return parts(self.n)[1]

    @property
    def limits(self) -> Limits:
        """The lengths and the law of directions that triangles are drawn by."""
        edge, min_side = self.edge, self.min_side
        assert edge is not None  # __post_init__ has put numbers there
        assert min_side is not None
        return Limits(edge, min_side, self.constant_side, self.directions, self.points)


def _check_points(name: str, entry: DatasetEntry, points: object) -> None:
    check_whole("The number of points", points, FEWEST_POINTS, MOST_POINTS)
    if points != 3 and not entry.any_points:
        having = [key for key, each in DATASETS.items() if each.any_points]
        raise ConfigError(
            f"The set {name} is one of triangles; take {' or '.join(having)} for other numbers of "
            "points."
        )


def _checked_length(name: str, value: Any) -> float | None:
    if value is None:
        return None
    check_number(name, value, 0.0 if name == "min_side" else SHORTEST, LONGEST)
    return float(value)


def _check_possible(name: str, entry: DatasetEntry, limits: Limits) -> None:
    """Raise DataError or ConfigError for lengths that geometry forbids."""
    edge, min_side, constant_side = limits.edge, limits.min_side, limits.constant_side
    largest = edge * entry.largest_min_side
    if min_side >= largest:
        raise DataError(
            f"No triangle of the set {name} has all sides above {min_side:g}: with the edge "
            f"{edge:g}, min_side must be below {largest:.4g}."
        )
    if constant_side is None:
        return
    if entry.defaults.constant_side is None:
        having = [key for key, each in DATASETS.items() if each.defaults.constant_side is not None]
        raise ConfigError(f"The set {name} has no constant side; take {' or '.join(having)}.")
    diagonal = edge * math.sqrt(3)
    if not min_side < constant_side < diagonal:
        raise DataError(
            f"The constant side must be above min_side = {min_side:g} and below the cube's "
            f"diagonal {diagonal:.4g}, not {constant_side:g}."
        )


@lru_cache(maxsize=256)
def _fitting(name: str, limits: Limits, needed: int) -> int:
    """Return how many of TRIAL candidates keep to the limits; no more are drawn than are needed."""
    if limits.constant_side is None and limits.min_side == 0:
        return TRIAL
    found = 0
    blocks = DATASETS[name].triangles(limits, uniform_stream(seed=0))
    for block in itertools.islice(blocks, TRIAL // BLOCK):
        found += len(block)
        if found >= needed:
            break
    return found


@dataclass(frozen=True, eq=False)
class Dataset:
    """A drawn set: inputs, targets (the same tensor when autoencoding), and what was asked for."""

    inputs: Float[Tensor, "batch vertex xyz"]
    targets: Float[Tensor, "batch vertex xyz"]
    config: DataConfig

    def split(self) -> Split:
        """Return 80/10/10, unshuffled as the thesis ran it: the order is random already.

        Raises DataError for fewer than 10 triangles.
        """
        n = len(self.inputs)
        if n < 10:
            raise DataError(f"A split into 80/10/10 needs at least 10 triangles, not {n}.")
        return Split(*(self._part(*ends) for ends in itertools.pairwise(parts(n))))

    def _part(self, start: int, stop: int) -> Pairs:
        inputs = self.inputs[start:stop]
        same = self.targets is self.inputs
        return Pairs(inputs, inputs if same else self.targets[start:stop])


def generate(
    config: DataConfig | str,
    *,
    n: int | None = None,
    seed: int | None = None,
    edge: float | None = None,
    min_side: float | None = None,
    constant_side: float | None = None,
    directions: str | None = None,
    points: int | None = None,
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> Dataset:
    """Draw a set, on a device, in float32 or float64: `generate("fixed-side", n=1000, seed=1)`.

    Takes a whole DataConfig, or the name of a set and options that mean what DataConfig's do.
    """
    options = {
        "n": n,
        "seed": seed,
        "edge": edge,
        "min_side": min_side,
        "constant_side": constant_side,
        "directions": directions,
        "points": points,
    }
    return _draw(_configured(config, options), device, dtype)


def _configured(config: DataConfig | str, options: dict[str, Any]) -> DataConfig:
    given = {name: value for name, value in options.items() if value is not None}
    if isinstance(config, str):
        return DataConfig(config, **given)
    if given:
        raise ConfigError(f"Set {', '.join(given)} in the DataConfig, or give a name in its place.")
    return config


def _draw(config: DataConfig, device: torch.device | str, dtype: torch.dtype) -> Dataset:
    entry = DATASETS[config.name]
    uniform = uniform_stream(config.seed, device, dtype)
    blocks = entry.triangles(config.limits, uniform)
    if entry.pairs is None:
        inputs = _collect(blocks, config.n)
        return Dataset(inputs, inputs, config)
    stacked = map(torch.stack, entry.pairs(blocks, config.limits, uniform))
    inputs, targets = _collect(stacked, config.n, dim=1)
    return Dataset(inputs, targets, config)


def _collect(blocks: Iterator[Tensor], n: int, dim: int = 0) -> Tensor:
    """Return the first n items of the blocks along `dim`."""
    kept: list[Tensor] = []
    missing = n
    while missing > 0:
        block = next(blocks)
        kept.append(block.narrow(dim, 0, min(missing, block.shape[dim])))
        missing -= kept[-1].shape[dim]
    return torch.cat(kept, dim=dim)
