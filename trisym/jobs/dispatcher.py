"""Between the queue and its cluster: hands runs over, hears of them, and lets none get lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from distributed import Future

from trisym.config import as_dict
from trisym.jobs import cluster, limits, story, worker
from trisym.jobs.job import Job
from trisym.jobs.keeper import Keeper
from trisym.jobs.last_state import rescue
from trisym.jobs.messages import TOPIC, Control, Here, Outcome, Task, unpacked
from trisym.storage import saved_runs
from trisym.storage.accepted import AcceptedRuns
from trisym.storage.run_states import State
from trisym.storage.visitors import Visitor

MOST_ATTEMPTS = 3  # workers that a run may lose

log = logging.getLogger(__name__)


class Dispatcher:
    """The runs of this process on one cluster: accepted, handed over, followed to their end."""

    def __init__(self, connected: cluster.Embedded | cluster.Existing) -> None:
        self.jobs: dict[str, Job] = {}
        self.accepted = AcceptedRuns()
        self.closing = False
        self._futures: dict[str, Future] = {}
        self._over: set[str] = set()  # runs whose end is known, kept or about to be
        self._lock = threading.Lock()
        self._aside = ThreadPoolExecutor(1, "training-queue")  # what Dask's loop can't wait for
        self.connect(connected)
        self.keeper = Keeper(self) if isinstance(connected, cluster.Existing) else None

    def connect(self, connected: cluster.Embedded | cluster.Existing) -> None:
        """Use this cluster from now on."""
        self.cluster, self.client = connected, connected.client
        self.client.subscribe_topic(TOPIC, self._heard)

    @property
    def alive(self) -> bool:
        """Say whether the cluster can be reached."""
        return bool(self.client.status == "running")

    def has_lost(self) -> bool:
        """Say whether the cluster has let go of a run that is not over."""
        futures = [self._futures.get(job.id) for job in self.unfinished()]
        return any(future.status in ("cancelled", "lost") for future in futures if future)

    def unfinished(self) -> list[Job]:
        """Return the runs that wait or train, the first first."""
        going = [job for job in self.jobs.values() if job.unfinished and job.id not in self._over]
        return sorted(going, key=lambda job: job.number)

    def accept(self, job: Job) -> None:
        """Keep a run for a server that comes after this one, and give it to the cluster."""
        self.jobs[job.id] = job
        self.accepted.write(job.accepted())
        self.hand_over(job)

    def hand_over(self, job: Job) -> None:
        """Give a run to the cluster, or find it there."""
        future = self.cluster.held(job.id)
        if future is None:
            future = self.client.submit(
                worker.train,
                self._task(job),
                key=f"train-{job.id}-{saved_runs.new_id()}",
                resources={job.resource: job.portion},
                priority=-job.number,  # else Dask takes those that arrive together in any order
                pure=False,
            )
            self.cluster.hold(job.id, future)
        self._futures[job.id] = future
        future.add_done_callback(lambda done: self._ended(job, done))

    def _task(self, job: Job) -> Task:
        folder = self.accepted.of(job.id)
        config = as_dict(replace(job.config, device=job.resource))
        bounds = limits.of(Visitor(job.owner, operator=job.unbound))
        if isinstance(self.cluster, cluster.Embedded):
            return Task(job.id, job.name, config, str(folder), bounds)
        return Task(job.id, job.name, config, None, bounds, story.saved(folder))

    def _heard(self, event: tuple[float, dict[str, Any]]) -> None:
        """Take in an event; called on the client's loop, so that nothing here may wait."""
        run_id, message = unpacked(event[1])
        job = self.jobs.get(run_id)
        if job is None or not job.unfinished or run_id in self._over:
            return
        job.hear(message)
        if not isinstance(message, Here):
            return
        if job.attempts > MOST_ATTEMPTS:
            self._give_up(job)
            return
        self.remember(job)
        if job.control != Control():
            self.send(job)

    def remember(self, job: Job) -> None:
        """Keep what has changed about a run."""
        self._do_aside(self._write, job)

    def _write(self, job: Job) -> None:
        if job.id not in self._over:
            self.accepted.write(job.accepted())

    def _do_aside(self, call: Callable[..., object], *arguments: Any) -> None:
        """Call in a thread of its own, in order: whoever asks must not wait."""
        if not self.closing:
            self._aside.submit(call, *arguments)

    def send(self, job: Job) -> None:
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

    def _give_up(self, job: Job) -> None:
        if future := self._futures.pop(job.id, None):
            self._later(self.client.cancel, [future])
        job.control = replace(job.control, stopped=True)
        self.send(job)
        lost = f"It lost {MOST_ATTEMPTS} workers{self.cluster.cause(job.resource)}"
        self.end_with_last_state(job, f"{lost} and was given up.")

    def _ended(self, job: Job, future: Future) -> None:
        """Take in the outcome, in a thread of Dask's."""
        if self.closing or self._futures.get(job.id) is not future:
            return
        if future.status == "finished":
            self.finish(job, future.result)
        elif future.status == "error":
            error = future.exception()
            log.error("Run %s failed: %r", job.id, error)
            self.end_with_last_state(job, f"Its worker could not train it: {_in_a_line(error)}.")
        elif self.keeper:
            self.keeper.look()  # the cluster was lost
        else:
            self.end_with_last_state(job, "The training cluster let go of it.")

    def end_with_last_state(self, job: Job, why: str, status: State = "failed") -> None:
        """End a run that can't go on, with its last state as a model."""
        folder = self.accepted.of(job.id)
        self._do_aside(self.finish, job, lambda: rescue(job, folder, why, status))

    def finish(self, job: Job, outcome: Callable[[], Outcome]) -> None:
        """Take in how a run ended, once; a run whose model could not be kept stays accepted."""
        with self._lock:
            if job.id in self._over or self.closing:
                return
            self._over.add(job.id)
            self._futures.pop(job.id, None)
        try:
            job.end(outcome())
        except Exception as error:  # whatever it is, the run must not seem to go on
            log.exception("The end of run %s could not be taken in", job.id)
            job.message, job.status = f"It could not be kept: {_in_a_line(error)}.", "failed"
            return
        if job.kept or job.discarded or job.model is None:
            self._do_aside(self.accepted.remove, job.id)
        self.cluster.let_go(job.id)

    def withdraw(self, job: Job) -> None:
        """Take a run that waits out of the queue; one that had begun keeps its last state."""
        future = self._futures.pop(job.id, None)
        if future is not None and self.alive:
            future.cancel()
        if self.accepted.has_state(job.id):
            self.end_with_last_state(job, "It was stopped while it waited to go on.", "stopped")
        else:
            self.finish(job, lambda: Outcome("cancelled", "It left the queue before it began."))

    def close(self) -> None:
        """End what this process started; runs that are not over wait for the next one."""
        self.closing = True
        if self.keeper:
            self.keeper.close()
        self._aside.shutdown()
        self.cluster.close()
        self.accepted.close()
        for job in self.unfinished():
            saved_runs.give_up_name(job.id)


def _in_a_line(error: BaseException | None) -> str:
    return " ".join(str(error).split())[:200]
