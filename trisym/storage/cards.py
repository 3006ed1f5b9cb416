"""Card: where a model comes from, as JSON: configuration, effort, device, metrics, versions."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import torch

from trisym.config import FitConfig, network
from trisym.errors import ConfigError
from trisym.names import check_name
from trisym.networks import AutoencoderConfig
from trisym.outside_text import quoted
from trisym.storage.strict_json import parse, readable
from trisym.training.trainer import Record
from trisym.validation import build, check_number, check_whole
from trisym.version import __version__

FORMAT = 1  # goes up when a card changes its entries
MOST_NOTES = 20
WRITTEN = "written by hand"  # the note that says what of a model was not trained
MOST = 1e15  # of steps or seconds: 30 million years


def versions() -> dict[str, str]:
    """Return the versions of what results depend on, as they are here and now."""
    return {
        "trisym": __version__,
        "torch": str(torch.__version__),  # a class of its own
        "numpy": np.__version__,
        "python": platform.python_version(),
    }


@dataclass(frozen=True)
class Card:
    """Origin and worth of a trained model; checked when made, ConfigError for impossible values.

    Only the first seven entries have to be given: the others describe this moment and machine.
    """

    name: str
    config: FitConfig
    epochs: float  # trained, of the same data; not a whole number when the budget is in seconds
    steps: int
    seconds: float  # spent training, without pauses
    device: str  # in words, as `devices.describe` gives them
    metrics: Mapping[str, float]  # on held-out triangles, as `evaluation.evaluate` gives them
    notes: Mapping[str, str] = field(default_factory=dict)  # such as the encoder's sha256
    versions: Mapping[str, str] = field(default_factory=versions)
    created: str = field(default_factory=lambda: datetime.now(UTC).date().isoformat())
    format: int = FORMAT

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise ConfigError(f"This trisym reads cards of format {FORMAT}, not {self.format}.")
        check_name(readable(self.name, "A model's name"))
        check_number("The card's epochs", self.epochs, 0.0, MOST)
        check_number("The card's seconds", self.seconds, 0.0, MOST)
        check_whole("The card's steps", self.steps, 0, int(MOST))
        readable(self.device, "The card's device")
        for name, value in self.metrics.items():
            check_number(f"The metric {readable(name, 'A name')}", value, -1e30, 1e30)
        for texts in (self.notes, self.versions):
            if len(texts) > MOST_NOTES:
                raise ConfigError(f"A card has at most {MOST_NOTES} notes and versions.")
            for name, text in texts.items():
                readable(text, f"The card's {readable(name, 'name')}")
        _check_date(self.created)

    @property
    def kind(self) -> str:
        """Return "autoencoder" or "predictor"."""
        return "autoencoder" if isinstance(self.config.network, AutoencoderConfig) else "predictor"

    def as_dict(self) -> dict[str, Any]:
        """Return the card as plain JSON values."""
        return asdict(self)

    def as_json(self) -> str:
        """Return the card as the text that lies in the header of a model file."""
        return json.dumps(self.as_dict(), allow_nan=False, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Card:
        """Return the card that a text holds.

        Raises ConfigError or DataError for any text that `as_json` would not write.
        """
        return build(cls, parse(text, "The card"), "The card", network)


def make_card(
    name: str,
    config: FitConfig,
    record: Record,
    metrics: Mapping[str, float],
    device: str,
    notes: Mapping[str, str] | None = None,
) -> Card:
    """Return the card of a model just trained, from the last record of its run."""
    effort = (record.epoch, record.step, record.seconds)
    return Card(name, config, *effort, device, metrics, notes or {})


def _check_date(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"A card's date must be like 2026-01-31, not {quoted(text)}.") from error
