"""Where a run stands, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trisym.config import FitConfig
from trisym.film import MOST_NODES
from trisym.jobs import estimate, queue
from trisym.jobs.job import Job
from trisym.storage.run_states import State
from trisym.ui.kit.tables import mean_and_spread

STANDING: Mapping[State, str] = {
    "running": "training",
    "paused": "paused",
    "measuring": "being measured",
}


def standing(job: Job) -> str:
    """Return a run's standing in one or a few words, as they follow its name."""
    status = job.status  # once: the job goes on, and may end, while this page is drawn
    if status != "queued":
        return STANDING.get(status, status)
    before = queue.open_queue().place(job)
    return f"number {before + 1} in the queue" if before else "about to start"


def status(job: Job) -> str:
    """Say what a visitor wants to know while it runs."""
    parts = []
    if job.status == "queued":
        before = queue.open_queue().place(job)
        runs = "1 run is" if before == 1 else f"{before} runs are"
        parts.append(f"{runs} before it on the {job.resource}." if before else "The worker starts.")
    elif job.status == "measuring":
        parts.append("It is measured on 20,000 fresh triangles.")
    elif job.silent:
        parts.append("The worker is silent: if it was lost, another goes on from the saved state.")
    elif job.seconds_left is not None:
        left = estimate.in_words(job.seconds_left)
        parts.append(f"{job.share:.0%} done, {left} left at full speed.")
    if seeds := _of_seeds(job):
        parts.append(seeds)
    if job.device:
        parts.append(f"Trains on {job.device}.")
    if job.message:
        parts.append(job.message)
    return " ".join([*parts, *nodes_left_out(job.config)])


def _of_seeds(job: Job) -> str:
    """Say how far apart the runs are now that were started with it, from other seeds."""
    others = [other for other in queue.jobs() if job.group and other.group == job.group]
    alike = [other for other in others if replace(other.config, seed=job.config.seed) == job.config]
    errors = [other.now["side_error"] for other in alike if other.now.get("side_error", 0) > 0]
    return f"{len(errors)} seeds: side error {mean_and_spread(errors)} now." if errors[1:] else ""


def nodes_left_out(config: FitConfig) -> list[str]:
    """Say what the picture of a large latent space does not show."""
    h = getattr(config.network, "latent", 0)
    return [f"The picture shows nodes 1 to {MOST_NODES} of {h}."] if h > MOST_NODES else []
