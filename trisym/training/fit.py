"""Training of one model: `for record in fit(config): …`, K = 1 of trisym.training.trainer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from trisym.config import FitConfig
from trisym.datasets import Split
from trisym.networks import Autoencoder, Predictor
from trisym.training.idle_units import Revival
from trisym.training.trainer import Record, Trainer


class Fit:
    """One model's training; iterate for records, at your own pace: between records it is paused.

    `rate` may be set while it runs. Raises TrainingError when the loss stops being finite.
    """

    def __init__(
        self, config: FitConfig, split: Split | None = None, records_per_epoch: int = 1
    ) -> None:
        self.config = config
        self.trainer = Trainer([config], None if split is None else [split], records_per_epoch)
        self._records = iter(self.trainer)

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        try:
            _, record = next(self._records)
        except StopIteration:
            if self.trainer.failures:
                raise self.trainer.failures[0] from None
            raise
        return record

    @property
    def rate(self) -> float:
        """The learning rate that the schedule starts from."""
        return self.trainer.schedule.rates[0]

    @rate.setter
    def rate(self, value: float) -> None:
        self.trainer.schedule.rates[0] = replace(self.config, lr=value).lr

    @property
    def revived(self) -> list[Revival]:
        """The hidden units that were put to work so far, in order."""
        return self.trainer.revived[0]

    def model(self) -> Autoencoder | Predictor:
        """Return a copy of the network as it was at the last record, on the CPU."""
        return self.trainer.model()


def fit(config: FitConfig, split: Split | None = None, records_per_epoch: int = 1) -> Fit:
    """Start training: an iterator of records that also gives the model.

    `split` replaces the set that the config describes (the energy predictors train on features).
    """
    return Fit(config, split, records_per_epoch)
