"""When records are due, how much of a budget is spent, and the learning rate that follows."""

from __future__ import annotations

import math
from collections.abc import Sequence

from trisym.config import FitConfig


class Schedule:
    """Budgets and learning rates of K members; `rates`, where they start, may be changed."""

    def __init__(
        self, configs: Sequence[FitConfig], steps_per_epoch: int, records_per_epoch: int
    ) -> None:
        self.rates = [config.lr for config in configs]
        self._configs = configs
        self._steps_per_epoch = steps_per_epoch
        self._record_ends = sorted(  # within an epoch, the last step included
            {
                math.ceil(steps_per_epoch * (i + 1) / records_per_epoch)
                for i in range(records_per_epoch)
            }
        )

    def next_record(self, step: int) -> int:
        """Return after which step the next record is due."""
        within = step % self._steps_per_epoch
        return step - within + next(end for end in self._record_ends if end > within)

    def spent(self, member: int, step: int, seconds: float) -> float:
        """Return the share of the member's budget that is spent then."""
        return self._configs[member].spent(step / self._steps_per_epoch, seconds)

    def rate(self, member: int, step: int, seconds: float) -> float:
        """Return the member's learning rate then."""
        config, spent = self._configs[member], min(self.spent(member, step, seconds), 1.0)
        rate = self.rates[member]
        if spent < config.warmup:
            rate *= spent / config.warmup
        if config.schedule == "cosine":
            rate *= 0.5 * (1 + math.cos(math.pi * spent))
        return rate
