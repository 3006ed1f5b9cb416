"""The film as a Streamlit component: frames go to the browser in parcels, each of them once."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from trisym.film import TRIANGLES, Film
from trisym.ui.kit.live import registered

WEB = Path(__file__).parent / "web"
PARCEL = 10  # frames: 30 kB

_film = registered("trisym_film", WEB / "film.js")
_parcel = registered("trisym_parcel", WEB / "parcel.js")


@dataclass(frozen=True)
class Mark:
    """The thesis's side error, as a line in the curves."""

    value: float
    text: str


def film(
    run: str,
    shown: Film,
    *,
    key: str,
    latest: bytes = b"",
    live: bool = False,
    status: str = "",
    thesis: Mark | None = None,
) -> None:
    """Show the film of a run; the scrubber, the camera and the curves live in the browser.

    run: tells one run from another; within one, frames are only added. latest: the newest frame of
    a run that goes on. live: follow the newest frame. status: a sentence below. thesis: a line.
    """
    frames = list(shown.frames)  # a run may be adding to it
    parcels = {
        f"{run}:{start}:{len(part)}": part
        for start in range(0, len(frames), PARCEL)
        if (part := frames[start : start + PARCEL])
    }
    data = {
        "uid": key,
        "run": run,
        "parcels": list(parcels),
        "latest": base64.b64encode(latest).decode(),
        "nodes": Film([*frames[:1], latest]).nodes if frames or latest else 1,
        "orbits": TRIANGLES,
        "live": live,
        "status": status,
        "thesis": {"value": thesis.value, "text": thesis.text} if thesis else None,
    }
    with st.container(gap=None):
        _film(key=key, data=data)  # first, so that its place on the page never changes
        for number, (parcel, part) in enumerate(parcels.items()):
            content = base64.b64encode(b"".join(part)).decode()
            data = {"id": parcel, "frames": content, "count": len(part)}
            _parcel(key=f"{key}-{number}", data=data)
