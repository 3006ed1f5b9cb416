"""Moves runs that wait on one worker to another that has room: run by a scheduler that preloads us.

Dask gives a task to a worker as it comes in. Its own stealing looks at threads, of which ours have
many; what our runs wait for is a device (a Dask resource).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tornado.ioloop import PeriodicCallback

EACH_MS = 500
OURS = "train-"  # with which the keys of runs begin


class Spread:
    """Spreads the runs of a scheduler over its workers, as long as it lives."""

    def __init__(self, scheduler: Any) -> None:
        self.scheduler = scheduler
        self.asked: dict[str, Any] = {}  # which worker was asked to give up a run, by key
        callback = PeriodicCallback(self.look, EACH_MS)
        scheduler.periodic_callbacks["trisym-spread"] = callback
        callback.start()

    def look(self) -> None:
        """Ask busy workers to give runs that they have not begun to workers with room."""
        stealing = self.scheduler.extensions["stealing"]
        self._forget()
        placed = {worker: self._placed(worker) for worker in self.scheduler.running}
        for worker, (_, waiting) in placed.items():
            for task in waiting:
                needed = task.resource_restrictions
                takers = (other for other, (room, _) in placed.items() if _fits(needed, room))
                if taker := next(takers, None):
                    _take(needed, placed[taker][0])
                    self.asked[task.key] = worker
                    stealing.move_task_request(task, worker, taker)

    def _forget(self) -> None:
        tasks = self.scheduler.tasks
        self.asked = {
            key: worker
            for key, worker in self.asked.items()
            if key in tasks and tasks[key].processing_on is worker
        }

    def _placed(self, worker: Any) -> tuple[dict[str, float], list[Any]]:
        """Return what a worker has left of each device, and the runs that it has no room for.

        What it was asked for and has not given it has begun.
        """
        room, waiting = dict(worker.resources), []
        ours = [task for task in worker.processing if str(task.key).startswith(OURS)]
        for task in sorted(ours, key=lambda task: (task.key not in self.asked, task.priority)):
            if _fits(task.resource_restrictions, room):
                _take(task.resource_restrictions, room)
            else:
                waiting.append(task)
        return room, waiting


def _fits(needed: Mapping[str, float] | None, room: Mapping[str, float]) -> bool:
    return all(room.get(name, 0.0) >= amount for name, amount in (needed or {}).items())


def _take(needed: Mapping[str, float] | None, room: dict[str, float]) -> None:
    for name, amount in (needed or {}).items():
        room[name] -= amount
