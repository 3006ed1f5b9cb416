"""Serves the news of a run to browsers that watch it, several times a second; no page runs.

GET runs/<id>?have=<frames> answers with the frames that the browser lacks, in parcels, the newest
one by itself, where the run stands in words, and the curves of the runs started with it.
"""

from __future__ import annotations

import base64
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from trisym.film import NUMBERS, Film, curve

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from trisym.jobs.job import Job

FOLDER = "runs"
PARCEL = 10  # frames: 30 kB
CURVE_POINTS = 60  # of another run's curve, equally far apart on its logarithmic axis
AXES = ("epoch", "seconds", "side_error")


def address(run_id: str) -> str:
    """Return where the news of a run are, relative to any page of the app."""
    return f"{FOLDER}/{run_id}"


def parcels(run: str, film: Film, size: int = PARCEL) -> dict[str, list[bytes]]:
    """Return the frames of a film in parcels, each by run, first frame and count."""
    frames = list(film.frames)  # a run may be adding to it
    parts = {start: frames[start : start + size] for start in range(0, len(frames), size)}
    return {f"{run}:{start}:{len(part)}": part for start, part in parts.items()}


def news(job: Job, have: int) -> dict[str, Any]:
    """Return what has become of a run since the browser had this many frames."""
    from trisym.ui.training import words

    packed = parcels(job.id, Film(job.film.frames))
    whole = max(0, have) // PARCEL  # the parcel that was not full yet comes again
    return {
        "standing": words.standing(job),
        "status": words.status(job),
        "parcels": list(packed),
        "fresh": [
            {"id": name, "frames": base64.b64encode(b"".join(part)).decode(), "count": len(part)}
            for name, part in list(packed.items())[whole:]
        ],
        "latest": base64.b64encode(job.latest).decode(),
        "nodes": Film([job.latest]).nodes if job.latest else 1,
        "others": [thinned(other.film) for other in together(job) if other is not job],
    }


def together(job: Job) -> list[Job]:
    """Return the runs that were started together with one, that one included, in their order."""
    from trisym.jobs import queue

    if not job.group:
        return [job]
    return sorted((j for j in queue.jobs() if j.group == job.group), key=lambda j: j.number)


def thinned(film: Film) -> list[list[float]]:
    """Return a film's epochs, seconds and side errors at a few moments, for a thin line."""
    numbers = curve(list(film.frames)[1:])[:, [NUMBERS.index(name) for name in AXES]]
    if not len(numbers):
        return [[], [], []]
    places = np.unique(np.geomspace(1, len(numbers), min(CURVE_POINTS, len(numbers))).round() - 1)
    kept = numbers[places.astype(int)]
    return [[float(f"{value:.4g}") for value in axis] for axis in kept[np.isfinite(kept[:, 2])].T]


def routes(base: str) -> list[Route]:
    """Return the route under the app's base path."""
    from starlette.routing import Route

    prefix = f"/{base.strip('/')}" if base.strip("/") else ""
    return [Route(f"{prefix}/{FOLDER}/{{run_id}}", _answer)]


async def _answer(request: Request) -> Response:
    from starlette.responses import JSONResponse

    headers = {"Cache-Control": "no-store"}
    have = request.query_params.get("have", "0")
    queue = sys.modules.get("trisym.jobs.queue")  # where it is not, nothing trains yet
    job = queue.find(str(request.path_params["run_id"])) if queue else None
    if job is None or not (have.isascii() and have.isdigit() and len(have) < 10):
        return JSONResponse(None, 404, headers)
    return JSONResponse(news(job, int(have)), headers=headers)
