"""The training queue: runs are submitted, watched and steered here; one a server."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from trisym import devices
from trisym.config import FitConfig
from trisym.errors import ConfigError, TrainingError, TrisymError
from trisym.jobs import cluster, keeper, limits, preload, story
from trisym.jobs.dispatcher import Dispatcher
from trisym.jobs.job import Job
from trisym.jobs.last_state import job_of_state
from trisym.jobs.messages import MOST_TOGETHER, PACES, Control
from trisym.names import check_name
from trisym.networks import AutoencoderConfig
from trisym.storage import checkpoints, saved_runs
from trisym.storage.accepted import AcceptedRun
from trisym.storage.home import has_unfinished_runs
from trisym.storage.visitors import OPERATOR, Visitor
from trisym.validation import check_choice

MOST_UNFINISHED = 200  # runs that wait or train: a queue, not a flood
MOST_REMEMBERED = 60  # finished runs with their films in memory; the library has the others
MOST_RESTARTS = 3  # of the app in the middle of a run: the run might be what ends it

log = logging.getLogger(__name__)


class TrainingQueue:
    """Takes runs in within each visitor's limits, shows them, and steers them for their owners."""

    def __init__(self, connected: cluster.Embedded | cluster.Existing) -> None:
        self.lost: list[str] = []  # sentences about accepted runs of which nothing is left
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._dispatcher = Dispatcher(connected)
        self._take_up()

    @property
    def cluster(self) -> cluster.Embedded | cluster.Existing:
        """Return the cluster that trains the runs."""
        return self._dispatcher.cluster

    def submit(
        self, config: FitConfig, name: str = "", visitor: Visitor = OPERATOR, by: str = ""
    ) -> Job:
        """Queue one run; see `submit_together`."""
        return self.submit_together([config], [name], visitor, by)[0]

    def submit_together(
        self,
        configs: Sequence[FitConfig],
        names: Sequence[str],
        visitor: Visitor = OPERATOR,
        by: str = "",
        room: str = "",
        leads: bool = False,
    ) -> list[Job]:
        """Queue runs that are trained in turn on one device, a record each, and return them.

        `by` is what the visitor likes to be called. `room`: the class that the visitor is in; the
        runs of who `leads` it come before those of the class that wait. Raises ConfigError for what
        can't be trained here, TrainingError when it is more than the visitor may ask for, when the
        queue is full, or when no worker has the device.
        """
        if not 1 <= len(configs) <= MOST_TOGETHER:
            raise ConfigError(f"From 1 to {MOST_TOGETHER} runs can be started together.")
        if not self._dispatcher.alive:
            raise TrainingError("The training cluster does not answer now: try again in a minute.")
        wanted = [_checked_name(config, name) for config, name in zip(configs, names, strict=True)]
        resources = [self._resource(config.device) for config in configs]
        group = saved_runs.new_id() if len(configs) > 1 else ""
        with self._lock:
            self._check_room(visitor, configs)
            numbers = self._numbers_of(len(configs), room if leads else "")
            jobs = [
                Job(saved_runs.new_id(), name, config, resource, number)
                for config, name, resource, number in zip(
                    configs, wanted, resources, numbers, strict=True
                )
            ]
            for job, portion in zip(jobs, _portions(len(jobs)), strict=True):
                job.name = saved_runs.promise_name(job.id, job.name)
                job.owner, job.by, job.unbound = visitor.id, by, visitor.operator
                job.group, job.portion, job.room = group, portion, room
                self._dispatcher.accept(job)
        return jobs

    def _numbers_of(self, count: int, led: str) -> list[int]:
        """Return the places of new runs: the last ones, or before all that wait of a led class."""
        jobs = list(self._dispatcher.jobs.values())
        waiting = [job.number for job in jobs if led and job.room == led and job.waits]
        if not waiting:
            return [next(self._numbers) for _ in range(count)]
        return list(range(min(waiting) - count, min(waiting)))

    def _check_room(self, visitor: Visitor, configs: Sequence[FitConfig]) -> None:
        jobs = list(self._dispatcher.jobs.values())
        limits.check(visitor, configs, jobs)
        waiting = sum(job.unfinished for job in jobs)
        if waiting + len(configs) > MOST_UNFINISHED:
            raise TrainingError(
                f"{waiting} runs are waiting already: come back when some are done."
            )
        over = [job for job in jobs if not job.unfinished]
        for job in over[: max(0, len(over) - MOST_REMEMBERED)]:
            del self._dispatcher.jobs[job.id]

    def _resource(self, device: str) -> str:
        there = self.cluster.resources()
        if device == "auto":
            device = next((kind for kind in ("cuda", "mps") if kind in there), "cpu")
        if device not in there:
            if isinstance(self.cluster, cluster.Embedded):
                devices.choose(device)  # says which devices this machine has
            raise TrainingError(
                f"No worker offers the device {device}; start one with "
                f"`{preload.command('worker', 'SCHEDULER')}`."
            )
        return device

    def _take_up(self) -> None:
        """Go on with the runs of servers that are no more."""
        for found in self._dispatcher.accepted.adopt():
            try:
                if saved_runs.find(found.id):  # it was kept, and then its server ended
                    self._dispatcher.accepted.remove(found.id)
                elif isinstance(found, AcceptedRun):
                    self._go_on_with(Job.of(replace(found, number=next(self._numbers))))
                else:
                    raise TrainingError(found.reason)
            except TrisymError as error:
                self._recover(found.id, str(error))

    def _recover(self, run_id: str, fault: str) -> None:
        """Keep the last state of a run whose own file can't be read, or say that it is lost."""
        job = job_of_state(run_id, self._dispatcher.accepted.of(run_id))
        if job is None:
            log.error("The accepted run %s is lost: %s", run_id, fault)
            self.lost.append(f"The run {run_id} is lost: {fault}")
            self._dispatcher.accepted.remove(run_id)
            return
        self._dispatcher.jobs[job.id] = job
        self._dispatcher.end_with_last_state(job, f"Its own file can't be read: {fault}")

    def _go_on_with(self, job: Job) -> None:
        job.name = saved_runs.promise_name(job.id, job.name)
        self._dispatcher.jobs[job.id] = job
        job.take_over(story.read(self._dispatcher.accepted.of(job.id)))
        if job.losses >= MOST_RESTARTS:
            why = f"The app ended {job.losses} times while it was trained, and it was given up."
            self._dispatcher.end_with_last_state(job, why)
            return
        try:
            if isinstance(self.cluster, cluster.Embedded):
                job.resource = self._resource(job.config.device)
        except TrisymError as error:
            self._dispatcher.end_with_last_state(job, str(error))
            return
        self._dispatcher.accept(job)
        if isinstance(self.cluster, cluster.Existing):
            keeper.attach(self._dispatcher, job)

    def find(self, run_id: str) -> Job | None:
        """Return the run with this id, if it is known here."""
        return self._dispatcher.jobs.get(run_id)

    def jobs(self) -> list[Job]:
        """Return the runs of this server, the newest first."""
        return sorted(self._dispatcher.jobs.values(), key=lambda job: -job.number)

    def place(self, job: Job) -> int:
        """Return how many runs are before a queued one on its device, those together as one."""
        before = {
            other.group or other.id
            for other in list(self._dispatcher.jobs.values())
            if other.unfinished and other.resource == job.resource and other.number < job.number
        }
        return len(before - {job.group or job.id})

    def steer(
        self,
        job: Job,
        visitor: Visitor = OPERATOR,
        *,
        paused: bool | None = None,
        pace: str | None = None,
        rate: float | None = None,
    ) -> None:
        """Pause or resume a run, change its pace or learning rate; at once, or when it starts.

        Raises ConfigError for a pace that is none or a rate that is not allowed, TrisymError when
        the run is not the visitor's.
        """
        visitor.check(job.owner)
        control = job.control
        if paused is not None:
            control = replace(control, paused=paused)
        if pace is not None:
            check_choice("The pace", pace, PACES)
            control = replace(control, pace=pace)
        if rate is not None:
            control = replace(control, rate=replace(job.config, lr=rate).lr)  # which checks it
        self._control(job, control)

    def stop(self, job: Job, visitor: Visitor = OPERATOR) -> None:
        """End a run now: one that trains keeps its model, one that waits leaves the queue.

        Raises TrisymError when the run is not the visitor's.
        """
        visitor.check(job.owner)
        if job.waits:
            self._dispatcher.withdraw(job)
        else:
            self._control(job, replace(job.control, stopped=True))

    def clear(self, visitor: Visitor, *, discard: bool = False) -> int:
        """End every run that waits or trains, for the operator; return how many those were.

        With `discard` the library keeps nothing of them.
        """
        going = self._dispatcher.unfinished()[::-1]  # the last first: none begins meanwhile
        for job in going:
            job.discarded = discard
            self.stop(job, visitor)
        return len(going)

    def _control(self, job: Job, control: Control) -> None:
        job.control = control
        if job.unfinished:
            self._dispatcher.remember(job)
            if job.worker:
                self._dispatcher.send(job)

    def close(self) -> None:
        """End what this process started; runs that are not over wait for the next one."""
        self._dispatcher.close()


def _checked_name(config: FitConfig, name: str) -> str:
    """Return what a run will be called; raises ConfigError for what can't be trained here."""
    if not isinstance(config.network, AutoencoderConfig):
        raise ConfigError("The training lab trains autoencoders: choose one.")
    checkpoints.check_size(config)
    name = name or f"{config.loss}-h{config.network.latent}"
    check_name(name)
    return name


def _portions(runs: int) -> list[float]:
    """Return which portions of a device runs take that are started together: together all of it.

    Powers of two add up without rounding; Dask would wait for ever for the last 1e-16.
    """
    each = 0.5 ** (runs - 1).bit_length()
    return [each] * (runs - 1) + [1 - each * (runs - 1)]


_open: list[TrainingQueue] = []  # the one queue of this process, once it is open
_opening = threading.Lock()
OPENER = "training-queue"  # the thread that opens it


def open_queue(connect: Callable[[], Any] = cluster.connect) -> TrainingQueue:
    """Return the queue of this process, opened when it is first asked for.

    Raises TrainingError when there is no scheduler at TRISYM_SCHEDULER.
    """
    with _opening:
        if not _open:
            _open.append(TrainingQueue(connect()))
        return _open[0]


def warm(after_s: float = 0.0) -> None:
    """Open the queue in the background, so that the first run does not wait for its worker.

    after_s: seconds in which the page that asks for it is drawn, perhaps for a whole class.
    """
    if _open or any(thread.name == OPENER for thread in threading.enumerate()):
        return
    timer = threading.Timer(after_s, _try_to_open)
    timer.daemon, timer.name = True, OPENER
    timer.start()


def _try_to_open() -> None:
    try:
        open_queue()
    except TrisymError as error:  # who presses Train is told
        log.warning("%s", error)


def opening() -> bool:
    """Say whether runs of an earlier server are still to be taken up."""
    return not _open and has_unfinished_runs()


def find(run_id: str) -> Job | None:
    """Return a run of this process, without opening the queue for it."""
    return _open[0].find(run_id) if _open else None


def jobs() -> list[Job]:
    """Return the runs of this process, the newest first, without opening the queue."""
    return _open[0].jobs() if _open else []


def lost() -> list[str]:
    """Return sentences about accepted runs of which nothing is left."""
    return _open[0].lost if _open else []


@atexit.register
def close_queue() -> None:
    """Close the queue of this process, if it was opened."""
    with _opening:
        if _open:
            _open.pop().close()
