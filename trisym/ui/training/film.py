"""The film as a Streamlit component: frames go to the browser in parcels, each of them once.

The film of a run that goes on asks for its frames itself (trisym.ui.training.feed), and has the
page run again only when the run stands differently.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from trisym.film import TRIANGLES, Film
from trisym.spectrum import GAP
from trisym.ui.kit import notices, served
from trisym.ui.kit.live import registered
from trisym.ui.kit.local.sent_run import take_in
from trisym.ui.kit.saved_page import About, SavedPage, Shown, Taken
from trisym.ui.kit.served import JsonFile
from trisym.ui.training import feed

WEB = Path(__file__).parent / "web"
SENT = "sent"  # what a notice is about
PARCELS_KEPT = 600  # thirty films
MOST_SAVED = 48  # frames of a saved film, which stays below half a MB; web/frames.js has it, too
SHOWS = (
    "A training run, frame by frame: the latent points of 20 triangles in 25 poses each, one "
    "colour a triangle, and what the network errs by. Drag the scrubber. Orbit spread is 0 when "
    "every pose of a triangle has one latent point."
)

CARRIER = WEB / "parcel.js"
_page = SavedPage(WEB / "film.js", (CARRIER,))
_film = registered("trisym_film", _page.entry)
_parcel = registered("trisym_parcel", CARRIER)


@dataclass(frozen=True)
class Mark:
    """A side error to hold a run against, as a line in the curves."""

    value: float
    text: str


def film(
    run: str,
    shown: Film,
    *,
    key: str,
    latest: bytes = b"",
    live: bool = False,
    whole: bool = False,
    status: str = "",
    marks: Sequence[Mark] = (),
    others: Sequence[Film] = (),
    about: About | None = None,
    local: Mapping[str, Any] | None = None,
) -> None:
    """Show the film of a run; the scrubber, the camera and the curves live in the browser.

    run: tells one run from another; within one, frames are only added. latest: the newest frame of
    a run that goes on. live: follow the newest frame. whole: send it as one file, as no browser has
    a part of it. status: a sentence below. marks: lines. others: runs that were started with it,
    whose side errors are thin lines. about: to take the film away with. local: what a training in
    this browser needs.
    """
    fed = live and served.is_served()
    parcels = feed.parcels(run, shown, max(len(shown.frames), 1) if whole else feed.PARCEL)
    data = {
        **_data(key, run, [*shown.frames[:1], latest], status, marks),
        "feed": feed.address(run) if fed else "",
        "parcels": list(parcels),
        "latest": base64.b64encode(latest).decode(),
        "live": live,
        "others": [feed.thinned(other) for other in others],
        "local": local,
        "takeAway": None if about is None else _page.offer(Taken(about)),
    }
    with st.container(gap=None):
        # First, so that its place on the page never changes.
        _film(
            key=key,
            data=data,
            on_standing_change=lambda: None,
            on_sent_change=lambda: notices.carry_out(SENT, lambda: _sent(key)),
        )
        if fed:
            return
        for number, (parcel, part) in enumerate(parcels.items()):
            data = {"id": parcel, "frames": _content(tuple(part), whole), "count": len(part)}
            _parcel(key=f"{key}:parcel:{number}", data=data)


def _sent(key: str) -> str | None:
    """Take in the run that the browser sent, each once."""
    told = st.session_state.get(key, {}).get("sent")
    return take_in(told) if told else None


def exported(
    run: str,
    shown: Film,
    *,
    status: str,
    marks: Sequence[Mark] = (),
    about: About,
    local: Mapping[str, Any] | None = None,
) -> Shown:
    """Return the film of a run to be written as a file; arguments as in `film`."""
    kept = saved_frames(shown)
    count = len(kept)
    whole = f"{run}:0:{count}"
    frames = base64.b64encode(b"".join(kept)).decode()
    carried = JsonFile({"id": whole, "frames": frames, "count": count})
    data = {
        **_data("view", run, shown.frames, status, marks),
        "feed": "",
        "parcels": [whole],
        "latest": "",
        "live": False,
        "others": [],
        "local": local,
    }
    scene = {"run": run, "frame": max(0, len(shown.frames) - 1)}
    return Shown(_page, data, Taken(about, (carried,)), scene)


def saved_frames(shown: Film) -> list[bytes]:
    """Return the frames that a saved film keeps: the first, the last, equal steps between them."""
    count = len(shown.frames)
    kept = min(count, MOST_SAVED)
    step = (count - 1) / max(kept - 1, 1)
    return [shown.frames[math.floor(i * step + 0.5)] for i in range(kept)]


def about_run(run: str, card: Mapping[str, str]) -> About:
    """Return what the saved film of a run of the lab says of itself; card: in a few lines."""
    return About(f"training?run={run}", "Watch a latent space form", SHOWS, [("The run", card)])


def _data(
    key: str, run: str, frames: Sequence[bytes], status: str, marks: Sequence[Mark]
) -> dict[str, Any]:
    """Return what a film has whether its run goes on or not."""
    first = [frame for frame in frames if frame][:1]
    return {
        "uid": key,
        "run": run,
        "nodes": Film(first).nodes if first else 1,
        "orbits": TRIANGLES,
        "gap": GAP,
        "status": status,
        "marks": [asdict(mark) for mark in marks],
    }


def _content(frames: tuple[bytes, ...], whole: bool) -> Any:
    """Return frames as text, or where they are once no more will be added to them."""
    if len(frames) < feed.PARCEL and not whole:
        return base64.b64encode(b"".join(frames)).decode()
    return _file(frames).sent()


@lru_cache(maxsize=PARCELS_KEPT)
def _file(frames: tuple[bytes, ...]) -> JsonFile:
    return JsonFile(base64.b64encode(b"".join(frames)).decode())
