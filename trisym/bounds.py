"""Bounds of the numbers in a configuration: one list, for the checks here and for the browser's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from trisym.validation import check_number, check_whole


@dataclass(frozen=True)
class Bound:
    """The lowest and the highest value that are allowed; `whole` for whole numbers only."""

    low: int | float
    high: int | float
    whole: bool = False


# By the names that a refusal has for them.
BOUNDS: Mapping[str, Bound] = MappingProxyType(
    {
        "lr": Bound(1e-9, 10.0),
        "mse_weight": Bound(0.0, 1e6),
        "λ": Bound(0.0, 1e6),
        "β": Bound(0.0, 100.0),  # at 1 no node of a triangle's code says anything any more
        "warmup": Bound(0.0, 0.9),
        "revive": Bound(0.0, 0.9),
        "A beta": Bound(0.0, 0.9999),
        "seed": Bound(0, 2**63 - 1, whole=True),
        "epochs": Bound(1, 100_000, whole=True),
        "seconds": Bound(0.1, 7 * 24 * 3600.0),
        # A 9-4096-h-4096-9 network is 0.4 MB: more is a typing error, not a wish.
        "A hidden width": Bound(1, 4096, whole=True),
        "The latent size h": Bound(1, 64, whole=True),
        "The leaky slope": Bound(0.0, 0.99),
        "n": Bound(1, 10_000_000, whole=True),
    }
)


def check(name: str, value: object) -> None:
    """Raise ConfigError unless a value keeps to the bound of this name."""
    bound = BOUNDS[name]
    if bound.whole:
        check_whole(name, value, int(bound.low), int(bound.high))
    else:
        check_number(name, value, bound.low, bound.high)


def payload() -> dict[str, Any]:
    """Return the bounds as JSON for the browser."""
    return {name: asdict(bound) for name, bound in BOUNDS.items()}
