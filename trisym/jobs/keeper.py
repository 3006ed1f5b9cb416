"""Keeps the runs of a cluster that somebody else runs: fetches their states, and finds it again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from distributed import Client

from trisym.errors import TrainingError
from trisym.jobs import story, worker
from trisym.jobs.cluster import Embedded, Existing
from trisym.jobs.job import Job
from trisym.jobs.story import Story
from trisym.storage.accepted import AcceptedRuns

FETCH_S = 3.0  # between two looks: what is lost when a cluster is
AGAIN_S = 1.0  # between two tries to find it
PATIENCE_S = 60.0  # that it may be away before runs that had begun end with their last states

log = logging.getLogger(__name__)


@runtime_checkable
class Dispatching(Protocol):
    """The part of a dispatcher of runs that its keeper uses."""

    client: Client
    cluster: Embedded | Existing
    accepted: AcceptedRuns

    @property
    def alive(self) -> bool: ...

    def has_lost(self) -> bool: ...

    def unfinished(self) -> Sequence[Job]: ...

    def connect(self, connected: Any) -> None: ...

    def hand_over(self, job: Job) -> None: ...

    def end_with_last_state(self, job: Job, why: str) -> None: ...


class Keeper:
    """A thread that looks after the runs of a dispatcher."""

    def __init__(self, dispatcher: Dispatching) -> None:
        self.dispatcher = dispatcher
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._steps: dict[str, int] = {}  # of the states that were fetched, by run
        self._thread = threading.Thread(target=self._keep, daemon=True, name="training-keeper")
        self._thread.start()

    def look(self) -> None:
        """Look at once: something may be lost."""
        self._wake.set()

    def close(self) -> None:
        """End the thread."""
        self._closing.set()
        self._wake.set()
        self._thread.join(FETCH_S)

    def _keep(self) -> None:
        while not self._closing.is_set():
            self._wake.wait(FETCH_S)
            self._wake.clear()
            if self._closing.is_set():
                return
            try:
                if not self.dispatcher.alive or self.dispatcher.has_lost():
                    self._find_again()
                else:
                    self._fetch()
            except Exception:  # a cluster can break in any way; the next look finds out
                log.exception("The training cluster could not be looked after")

    def _fetch(self) -> None:
        """Bring the states of runs that train over to this machine."""
        for job in self.dispatcher.unfinished():
            if not job.worker:
                continue
            beyond = self._steps.get(job.id, -1)
            answers = self.dispatcher.client.run(
                worker.saved, job.id, beyond, workers=[job.worker], on_error="ignore"
            )
            if found := next(filter(None, answers.values()), None):
                self._steps[job.id], files = found
                story.keep(files, self.dispatcher.accepted.of(job.id))

    def _find_again(self) -> None:
        """Connect anew, and go on with every run from where it is or from its last state."""
        old = self.dispatcher.cluster
        assert isinstance(old, Existing)  # the embedded cluster needs no keeper
        old.close()
        waiting = f"The cluster at {old.address} does not answer; the run waits for it."
        for job in self.dispatcher.unfinished():
            job.wait_again("The cluster was lost", waiting)
        since = time.monotonic()
        while not self._closing.wait(AGAIN_S):
            try:
                found = Existing(old.address)
            except TrainingError:
                if time.monotonic() - since > PATIENCE_S:
                    self._end_what_had_begun(old.address)
                continue
            self._reconnect(found)
            return

    def _end_what_had_begun(self, address: str) -> None:
        for job in self.dispatcher.unfinished():
            if self.dispatcher.accepted.has_state(job.id):
                why = f"The cluster at {address} was lost and did not come back."
                self.dispatcher.end_with_last_state(job, why)

    def _reconnect(self, found: Existing) -> None:
        self.dispatcher.connect(found)
        for job in self.dispatcher.unfinished():
            job.message = ""
            self.dispatcher.hand_over(job)
            attach(self.dispatcher, job)


def attach(dispatcher: Dispatching, job: Job) -> None:
    """Take in where a run stands that a worker trained on while this app was away."""
    answers = dispatcher.client.run(worker.report, job.id, on_error="ignore")
    if report := next(filter(None, answers.values()), None):
        for message in report.messages:
            job.hear(message)
        if report.story:
            job.take_over(Story.from_bytes(report.story))
        job.message = job.lost = ""
