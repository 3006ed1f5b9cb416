"""How much one visitor may ask of the training queue; the operator is not bound by it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from trisym.config import FitConfig
from trisym.errors import TrainingError
from trisym.jobs import estimate
from trisym.jobs.job import Job
from trisym.jobs.messages import Limits
from trisym.storage.home import number_from_environment
from trisym.storage.visitors import KEY, Visitor

WAITING, MINUTES = "TRISYM_MOST_WAITING", "TRISYM_MOST_MINUTES"
MOST_WAITING, MOST_MINUTES = 2.0, 10.0
PAUSE_S = 15 * 60.0  # a lecturer explains a picture; nobody else's run starts meanwhile
OPERATORS = Limits(training=math.inf, waiting=3 * 3600.0)


def most_waiting() -> int:
    """Return how many times a visitor may have pressed Train without a run having begun."""
    return int(number_from_environment(WAITING, MOST_WAITING, 1.0, 1e6, "a number of runs"))


def most_minutes() -> float:
    """Return how many minutes of training a visitor may have ahead."""
    return number_from_environment(MINUTES, MOST_MINUTES, 0.1, 1e6, "a number of minutes")


def of(visitor: Visitor) -> Limits:
    """Return how long a run of this visitor may keep its device."""
    return OPERATORS if visitor.operator else Limits(60 * most_minutes(), PAUSE_S)


def check(visitor: Visitor, configs: Sequence[FitConfig], jobs: Sequence[Job]) -> None:
    """Raise TrainingError when this is more than the visitor may ask for now."""
    if visitor.operator:
        return
    own = [job for job in jobs if job.unfinished and job.owner == visitor.id]
    waiting = len({job.group or job.id for job in own if job.status == "queued"})
    if waiting >= most_waiting():
        runs = "1 run" if waiting == 1 else f"{waiting} runs"
        raise TrainingError(
            f"{runs} of yours wait already, and that is the most a visitor may have waiting here: "
            "come back when one has begun, or take one out of the queue."
        )
    ahead = sum(estimate.seconds(job.config) * (1 - job.share) for job in own)
    asked = sum(map(estimate.seconds, configs))
    if ahead + asked > 60 * most_minutes():
        raise TrainingError(_too_long(asked, ahead))


def _too_long(asked: float, ahead: float) -> str:
    already = f", and {estimate.in_words(ahead)} are ahead of you already" if ahead > 1 else ""
    return (
        f"This would train for about {estimate.in_words(asked)}{already}; a visitor may ask for "
        f"{most_minutes():g} minutes here. Whoever runs this server is not bound by that: its key "
        f"was printed at the start ({KEY} sets another), and {MINUTES} sets the limit."
    )
