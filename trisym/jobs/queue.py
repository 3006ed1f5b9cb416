"""The training queue: runs are submitted, watched and steered here; one a server."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from distributed import Future

from trisym import devices
from trisym.config import FitConfig, as_dict
from trisym.errors import ConfigError, TrainingError
from trisym.jobs import cluster, worker
from trisym.jobs.job import Job
from trisym.jobs.messages import PACES, TOPIC, Control, Outcome, Task
from trisym.names import check_name
from trisym.networks import AutoencoderConfig
from trisym.storage import checkpoints, saved_runs
from trisym.validation import check_choice

MOST_UNFINISHED = 200  # runs that wait or train: a queue, not a flood
MOST_REMEMBERED = 60  # finished runs with their films in memory; the library has the others
MOST_ATTEMPTS = 3  # workers that a run may lose

log = logging.getLogger(__name__)


class TrainingQueue:
    """Submits runs to a cluster, takes in what workers report, and keeps what they made."""

    def __init__(self, connected: cluster.Embedded | cluster.Existing) -> None:
        self.cluster = connected
        self.client = connected.client
        self._jobs: dict[str, Job] = {}
        self._futures: dict[str, Future] = {}
        self._submitted = 0
        self._lock = threading.RLock()
        self.client.subscribe_topic(TOPIC, self._heard)

    @property
    def alive(self) -> bool:
        """Whether the cluster can be reached."""
        return self.client.status in ("running", "connecting")

    def submit(self, config: FitConfig, name: str = "") -> Job:
        """Queue a run for the device that its configuration asks for, and return it.

        Raises ConfigError for what can't be trained here, TrainingError when the queue is full or
        no worker has the device.
        """
        if not isinstance(config.network, AutoencoderConfig):
            raise ConfigError("The training lab trains autoencoders: choose one.")
        checkpoints.check_size(config)
        name = name or f"{config.loss}-h{config.network.latent}"
        check_name(name)
        resource = self._resource(config.device)
        with self._lock:
            if sum(job.unfinished for job in self._jobs.values()) >= MOST_UNFINISHED:
                raise TrainingError(
                    f"{MOST_UNFINISHED} runs are waiting already: come back when some are done."
                )
            self._submitted += 1
            run_id = saved_runs.new_id()
            name = saved_runs.promise_name(run_id, name)
            job = Job(run_id, name, config, resource, self._submitted)
            self._jobs[job.id] = job
            self._forget()
        self._hand_over(job)
        return job

    def _resource(self, device: str) -> str:
        there = self.cluster.resources()
        if device == "auto":
            device = next((kind for kind in ("cuda", "mps") if kind in there), "cpu")
        if device not in there:
            if isinstance(self.cluster, cluster.Embedded):
                devices.choose(device)  # says which devices this machine has
            raise TrainingError(
                f"No worker offers the device {device}; start one with "
                f"`dask worker SCHEDULER --nthreads 1 --resources {device}=1`."
            )
        return device

    def _hand_over(self, job: Job) -> None:
        embedded = isinstance(self.cluster, cluster.Embedded)
        scratch = str(saved_runs.scratch()) if embedded else None
        config = as_dict(replace(job.config, device=job.resource))
        future = self.client.submit(
            worker.train,
            Task(job.id, job.name, config, scratch),
            key=f"train-{job.id}",
            resources={job.resource: 1},
            pure=False,
        )
        self._futures[job.id] = future
        future.add_done_callback(lambda done: self._ended(job, done))

    def _forget(self) -> None:
        """Drop the oldest finished runs from memory."""
        over = [job for job in self._jobs.values() if not job.unfinished]
        for job in over[: max(0, len(over) - MOST_REMEMBERED)]:
            del self._jobs[job.id]

    def _heard(self, event: tuple[float, dict[str, Any]]) -> None:
        """Take in an event; called on the client's loop, so that nothing here may wait."""
        _, message = event
        job = self._jobs.get(message.get("id", ""))
        if job is None or not job.unfinished:
            return
        job.hear(message)
        if message["kind"] != "here":
            return
        if job.attempts > MOST_ATTEMPTS:
            self._give_up(job)
        elif job.control != Control():
            self._send(job)

    def _give_up(self, job: Job) -> None:
        self._later(self.client.cancel, [self._futures[job.id]])
        job.control = replace(job.control, stopped=True)
        self._send(job)
        job.end(Outcome("failed", f"It lost {MOST_ATTEMPTS} workers, and was given up."))

    def _send(self, job: Job) -> None:
        """Give the worker its control, without waiting: it may just have been lost."""
        self._later(self._deliver, job.id, job.control, job.worker)

    def _later(self, call: Callable[..., Any], *arguments: Any) -> None:
        """Call on the client's loop, where what it returns is awaited."""
        loop = self.client.loop
        assert loop is not None  # a client that is open has one
        loop.add_callback(call, *arguments)

    async def _deliver(self, run_id: str, control: Control, address: str) -> None:
        try:
            await self.client.run(worker.steer, run_id, control, workers=[address])
        except (OSError, ValueError, KeyError, TimeoutError) as error:
            # The successor of a lost worker gets the control as it reports.
            log.warning("The control of run %s did not arrive: %r", run_id, error)

    def _ended(self, job: Job, future: Future) -> None:
        """Take in the outcome, in a thread of Dask's; a task that raised is a failed run."""
        if not job.unfinished:
            return
        if future.status == "finished":
            outcome = future.result()
        elif future.cancelled():
            outcome = Outcome("cancelled")
        else:
            error = future.exception()
            log.error("Run %s failed: %r", job.id, error)
            outcome = Outcome("failed", f"The worker could not train it: {error}")
        self._futures.pop(job.id, None)
        job.end(outcome)

    def find(self, run_id: str) -> Job | None:
        """Return the run with this id, if it is known here."""
        return self._jobs.get(run_id)

    def jobs(self) -> list[Job]:
        """Return the runs of this server, the newest first."""
        return sorted(self._jobs.values(), key=lambda job: -job.number)

    def place(self, job: Job) -> int:
        """Return how many runs are before a queued one on its device; 0 when none is."""
        return sum(
            other.unfinished and other.resource == job.resource and other.number < job.number
            for other in list(self._jobs.values())
        )

    def steer(
        self,
        job: Job,
        *,
        paused: bool | None = None,
        pace: str | None = None,
        rate: float | None = None,
    ) -> None:
        """Pause or resume a run, change its pace or learning rate; at once, or when it starts.

        Raises ConfigError for a pace that is none or a rate that is not allowed.
        """
        control = job.control
        if paused is not None:
            control = replace(control, paused=paused)
        if pace is not None:
            check_choice("The pace", pace, PACES)
            control = replace(control, pace=pace)
        if rate is not None:
            control = replace(control, rate=replace(job.config, lr=rate).lr)  # which checks it
        self._control(job, control)

    def stop(self, job: Job) -> None:
        """End a run now: one that trains keeps its model, one that waits leaves the queue."""
        with self._lock:
            waiting = job.status == "queued" and not job.worker
            future = self._futures.get(job.id)
        if waiting and future is not None:  # None: another visitor was quicker
            future.cancel()
            job.end(Outcome("cancelled"))
        else:
            self._control(job, replace(job.control, stopped=True))

    def _control(self, job: Job, control: Control) -> None:
        job.control = control
        if job.unfinished and job.worker:
            self._send(job)

    def close(self) -> None:
        """End what this process started."""
        self.cluster.close()


_open: list[TrainingQueue] = []  # the one queue of this process, once it is open
_opening = threading.Lock()


def open_queue(connect: Callable[[], Any] = cluster.connect) -> TrainingQueue:
    """Return the queue of this process, opened when it is first asked for.

    Raises TrainingError when there is no scheduler at TRISYM_SCHEDULER.
    """
    with _opening:
        if _open and not _open[0].alive:
            _open.pop().close()
        if not _open:
            _open.append(TrainingQueue(connect()))
        return _open[0]


def warm() -> None:
    """Open the queue in the background, so that the first run does not wait for its worker."""
    if not _open and not _opening.locked():
        threading.Thread(target=_try_to_open, daemon=True, name="training-queue").start()


def _try_to_open() -> None:
    try:
        open_queue()
    except TrainingError as error:  # who presses Train is told
        log.warning("%s", error)


def find(run_id: str) -> Job | None:
    """Return a run of this process, without opening the queue for it."""
    return _open[0].find(run_id) if _open else None


def jobs() -> list[Job]:
    """Return the runs of this process, the newest first, without opening the queue."""
    return _open[0].jobs() if _open else []


@atexit.register
def close_queue() -> None:
    """Close the queue of this process, if it was opened."""
    with _opening:
        if _open:
            _open.pop().close()
