"""How an encoder measures a side: what each hidden unit watches, and how units add up to a length.

A unit with the weights n, -n on the ends of a side v and 0 on the third vertex sees p = n·v, and
passes on σ(p) = (1 + s)/2 p + (1 - s)/2 |p|, s the leaky slope. Units whose linear parts cancel add
up Σ a |n·v|, and the mean of |n·v| over all directions n is |v|/2 (Cauchy's formula): weights a
that add up to 2 on directions spread evenly give the length.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor
from torch.nn import functional

from trisym.errors import DataError
from trisym.geometry import side_lengths
from trisym.networks import Autoencoder

SIDES = 3
# A unit watches a side when at most this part of its weight vector's length lies outside the
# pattern (n, -n, 0), and its kink at most this far from n·v = 0, in edges of the cube.
RESIDUAL = 0.1
OFFSET = 0.1
# A side is measured where what its units add up leaves at most 1 % of its variance; the story
# holds for a network that measures all three, with units that carry 90 % of its weight.
EXPLAINED = 0.99
WATCHING = 0.9
STRONG = 0.05  # of the mean load: what carries less is idle


@dataclass(frozen=True, eq=False)
class Units:
    """The sides that hidden units watch; `side` is the nearest of the three even where none fits.

    weight is the a of a|n·v|, n of length 1: what the unit adds to its side; residual the part of
    the weight vector's length outside the pattern, 0 to 1; translation |Σ w| / Σ |w| over the
    vertices, 0 for a unit that is blind to translations; offset how far from n·v = 0 the kink is,
    in edges; load |incoming| |outgoing|, what it carries of the three sides.
    """

    side: Int64[Tensor, " unit"]  # 0, 1, 2 for l1, l2, l3
    direction: Float[Tensor, "unit xyz"]
    weight: Float[Tensor, " unit"]
    residual: Float[Tensor, " unit"]
    translation: Float[Tensor, " unit"]
    offset: Float[Tensor, " unit"]
    load: Float[Tensor, " unit"]

    @property
    def watches(self) -> Bool[Tensor, " unit"]:
        """True where the unit watches its side, by the rule of RESIDUAL and OFFSET."""
        return (self.residual <= RESIDUAL) & (self.offset <= OFFSET)

    @property
    def strong(self) -> Bool[Tensor, " unit"]:
        """True where the unit carries more than STRONG of the mean load."""
        return self.load > STRONG * self.load.mean()


@dataclass(frozen=True, eq=False)
class SideReading:
    """The three sides as an encoder knows them: constant + Σ gain σ(weight·σ'(x) + bias).

    σ' is the leaky ReLU on the input, where the network has one. float64, on the CPU.
    """

    weight: Float[Tensor, "unit coordinate"]
    bias: Float[Tensor, " unit"]
    gain: Float[Tensor, "side unit"]
    constant: Float[Tensor, " side"]
    slope: float
    input_activation: bool = True

    def answers(self, triangles: Float[Tensor, "batch vertex xyz"]) -> Float[Tensor, "batch unit"]:
        """Return p, what each unit sees before its own leaky ReLU."""
        x = triangles.flatten(1).to(self.weight)
        if self.input_activation:
            x = functional.leaky_relu(x, self.slope)
        return x @ self.weight.T + self.bias

    def sides(self, triangles: Float[Tensor, "batch vertex xyz"]) -> Float[Tensor, "batch side"]:
        """Return the sides as read from the whole encoder."""
        passed = functional.leaky_relu(self.answers(triangles), self.slope)
        return passed @ self.gain.T + self.constant

    def sums(self, triangles: Float[Tensor, "batch vertex xyz"]) -> Float[Tensor, "batch side"]:
        """Return what the units that watch a side add up for it, Σ a|n·v|, and nothing else."""
        units = self.units()
        own = functional.one_hot(units.side, SIDES) * units.watches[:, None]
        kink = (1 - self.slope) / 2 * self.gain.T * own
        return self.answers(triangles).abs() @ kink

    def units(self) -> Units:
        """Return what each unit watches."""
        vertices = self.weight.unflatten(1, (3, 3))
        # Side j goes from vertex j + 1 to vertex j: the nearest (n, -n, 0) has n = (w - w') / 2.
        patterns = (vertices - vertices.roll(-1, dims=1)) / 2
        lengths = patterns.norm(dim=2)
        side = lengths.argmax(dim=1)
        rows = torch.arange(len(side))
        length, size = lengths[rows, side], self.weight.norm(dim=1).clamp(min=_TINY)
        within = (2 * length.square() / size.square()).clamp(max=1)
        return Units(
            side=side,
            direction=functional.normalize(patterns[rows, side], dim=1),
            weight=(1 - self.slope) / 2 * self.gain[side, rows] * length,
            residual=(1 - within).sqrt(),
            translation=vertices.sum(1).norm(dim=1) / vertices.norm(dim=2).sum(1).clamp(min=_TINY),
            offset=self.bias.abs() / length.clamp(min=_TINY),
            load=self.gain.norm(dim=0) * self.weight.norm(dim=1),
        )


_TINY = torch.finfo(torch.float64).tiny


def read_sides(model: Autoencoder, triangles: Float[Tensor, "batch vertex xyz"]) -> SideReading:
    """Return the best linear reading of the sides from a model's latent, by least squares.

    The latent is taken before its own leaky ReLU, which loses nothing. Raises DataError for an
    encoder without exactly one hidden layer of leaky ReLUs between triangles and latent.
    """
    config = model.config
    if len(config.hidden) != 1 or config.vertices != 3 or config.activation != "leaky-relu":
        raise DataError(
            "Only encoders with one hidden layer of leaky ReLUs can be looked into, such as that "
            "of table 3: nine coordinates, hidden units, latent."
        )
    weight, bias, out, out_bias = (p.detach().double() for p in model.encoder.parameters())
    raw = SideReading(weight, bias, out, out_bias, config.slope, config.input_activation)
    latent = raw.sides(triangles)  # of the "sides" h latent nodes
    design = torch.cat([latent, latent.new_ones(len(latent), 1)], dim=1)
    wanted = side_lengths(triangles.double())
    # gelsd: a network with a dead node has no unique reading, and any will do.
    found = torch.linalg.lstsq(design, wanted, driver="gelsd").solution
    mix, rest = found[:-1].T, found[-1]
    return SideReading(
        weight, bias, mix @ out, mix @ out_bias + rest, config.slope, config.input_activation
    )


@dataclass(frozen=True)
class Explanation:
    """The part of a network that is explained by units that watch sides and add up to lengths.

    watching: the share of the load that is carried by units that watch a side. explained: for each
    side, 1 - mean (Σ a|n·v| - l)² / var l, at least 0; NaN for a side that never changes. weights:
    Σ a for each side, 2 in theory. error: mean |l - l'| as read from the whole encoder.
    """

    units: int
    strong: int
    watching: float
    directions: tuple[int, ...]  # units that watch each side
    weights: tuple[float, ...]
    explained: tuple[float, ...]
    error: float
    sums_error: float  # mean |l - Σ a|n·v||: of the story alone

    @property
    def measured(self) -> tuple[int, ...]:
        """The sides that are measured, from 0."""
        return tuple(side for side, share in enumerate(self.explained) if share >= EXPLAINED)

    @property
    def watchful(self) -> bool:
        """True when units that watch a side carry nearly all of the network."""
        return self.watching >= WATCHING

    @property
    def holds(self) -> bool:
        """True when the network measures all three sides so, and does little else."""
        return len(self.measured) == SIDES and self.watchful


def tell(reading: SideReading, triangles: Float[Tensor, "batch vertex xyz"]) -> Explanation:
    """Return how far the story explains a network, measured on triangles it was not trained on."""
    units, lengths = reading.units(), side_lengths(triangles.double())
    sums, read = reading.sums(triangles), reading.sides(triangles)
    left = (sums - lengths).square().mean(0) / lengths.var(0, correction=0)
    constant = lengths.std(0, correction=0) < 1e-6 * lengths.mean(0)
    explained = torch.where(constant, torch.nan, (1 - left).clamp(min=0))
    watched = [(units.side == side) & units.watches for side in range(SIDES)]
    return Explanation(
        units=len(units.side),
        strong=int(units.strong.sum()),
        watching=float(units.load[units.watches].sum() / units.load.sum().clamp(min=_TINY)),
        directions=tuple([int((each & units.strong).sum()) for each in watched]),
        weights=tuple([float(units.weight[each].sum()) for each in watched]),
        explained=tuple(explained.tolist()),
        error=float((read - lengths).abs().mean()),
        sums_error=float((sums - lengths).abs().mean()),
    )
