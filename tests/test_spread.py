"""Runs that wait on one worker move to another with room; those that have begun stay."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from trisym.jobs.spread import Spread


class Stealing:
    """Moves a task at once, unless its worker has begun it."""

    def __init__(self) -> None:
        self.begun: set[str] = set()
        self.asked: list[str] = []

    def move_task_request(self, task: Any, victim: Any, thief: Any) -> None:
        self.asked.append(task.key)
        if task.key not in self.begun:
            victim.processing.discard(task)
            thief.processing.add(task)
            task.processing_on = thief


class Task(SimpleNamespace):
    __hash__ = object.__hash__


class Worker(SimpleNamespace):
    __hash__ = object.__hash__


@pytest.fixture
def scheduler() -> Any:
    """Two workers with a processor each, all work on the first."""
    first, second = (Worker(resources={"cpu": 1.0}, processing=set()) for _ in range(2))
    return SimpleNamespace(
        running=[first, second],
        tasks={},
        extensions={"stealing": Stealing()},
        periodic_callbacks={},
    )


def submit(scheduler: Any, key: str, cpu: float = 1.0, priority: int = 0) -> None:
    worker = scheduler.running[0]
    needed = {"cpu": cpu}
    task = Task(key=key, resource_restrictions=needed, priority=priority, processing_on=worker)
    worker.processing.add(task)
    scheduler.tasks[key] = task


def spread(scheduler: Any, looks: int = 1) -> list[set[str]]:
    """Look so many times; return the keys on each worker."""

    async def look() -> None:
        made = Spread(scheduler)
        scheduler.periodic_callbacks["trisym-spread"].stop()
        for _ in range(looks):
            made.look()

    asyncio.run(look())
    return [{task.key for task in worker.processing} for worker in scheduler.running]


def test_what_waits_moves_to_the_worker_with_room(scheduler: Any) -> None:
    for number, key in enumerate(("train-a", "train-b", "train-c")):
        submit(scheduler, key, priority=number)
    assert spread(scheduler, looks=3) == [{"train-a", "train-c"}, {"train-b"}]


def test_what_has_begun_stays_and_the_next_is_asked_for(scheduler: Any) -> None:
    """Of runs that came at once the scheduler does not know which has begun."""
    for key in ("train-a", "train-b"):
        submit(scheduler, key)
    scheduler.extensions["stealing"].begun = {"train-b"}
    assert spread(scheduler, looks=2) == [{"train-b"}, {"train-a"}]


def test_together_they_share_a_worker_and_other_work_is_left_alone(scheduler: Any) -> None:
    for key in ("train-a", "train-b"):
        submit(scheduler, key, cpu=0.5)
    submit(scheduler, "somebody-else-s")
    assert spread(scheduler) == [{"train-a", "train-b", "somebody-else-s"}, set()]
    assert scheduler.extensions["stealing"].asked == []
