"""The film as a Streamlit component: frames go to the browser in parcels, each of them once."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from trisym.film import TRIANGLES, Film
from trisym.spectrum import GAP
from trisym.ui.kit.live import registered
from trisym.ui.kit.served import JsonFile

WEB = Path(__file__).parent / "web"
PARCEL = 10  # frames: 30 kB
PARCELS_KEPT = 600  # thirty films

_film = registered("trisym_film", WEB / "film.js")
_parcel = registered("trisym_parcel", WEB / "parcel.js")


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
    status: str = "",
    marks: Sequence[Mark] = (),
) -> None:
    """Show the film of a run; the scrubber, the camera and the curves live in the browser.

    run: tells one run from another; within one, frames are only added. latest: the newest frame of
    a run that goes on. live: follow the newest frame. status: a sentence below. marks: lines.
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
        "gap": GAP,
        "live": live,
        "status": status,
        "marks": [{"value": mark.value, "text": mark.text} for mark in marks],
    }
    with st.container(gap=None):
        _film(key=key, data=data)  # first, so that its place on the page never changes
        for number, (parcel, part) in enumerate(parcels.items()):
            data = {"id": parcel, "frames": _content(tuple(part)), "count": len(part)}
            _parcel(key=f"{key}-{number}", data=data)


def _content(frames: tuple[bytes, ...]) -> Any:
    """Return frames as text, or where they are once no more will be added to them."""
    if len(frames) < PARCEL:
        return base64.b64encode(b"".join(frames)).decode()
    return _file(frames).sent()


@lru_cache(maxsize=PARCELS_KEPT)
def _file(frames: tuple[bytes, ...]) -> JsonFile:
    return JsonFile(base64.b64encode(b"".join(frames)).decode())
