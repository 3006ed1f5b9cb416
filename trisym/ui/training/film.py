"""The film as a Streamlit component: frames go to the browser in parcels, each of them once.

The film of a run that goes on asks for its frames itself (trisym.ui.training.feed), and has the
page run again only when the run stands differently.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from trisym.film import TRIANGLES, Film
from trisym.spectrum import GAP
from trisym.ui.kit import served
from trisym.ui.kit.live import registered
from trisym.ui.kit.served import JsonFile
from trisym.ui.training import feed

WEB = Path(__file__).parent / "web"
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
    others: Sequence[Film] = (),
) -> None:
    """Show the film of a run; the scrubber, the camera and the curves live in the browser.

    run: tells one run from another; within one, frames are only added. latest: the newest frame of
    a run that goes on. live: follow the newest frame. status: a sentence below. marks: lines.
    others: runs that were started with it, whose side errors are thin lines.
    """
    fed = live and served.is_served()
    parcels = feed.parcels(run, shown)
    data = {
        "uid": key,
        "run": run,
        "feed": feed.address(run) if fed else "",
        "parcels": list(parcels),
        "latest": base64.b64encode(latest).decode(),
        "nodes": Film([*shown.frames[:1], latest]).nodes if shown.frames or latest else 1,
        "orbits": TRIANGLES,
        "gap": GAP,
        "live": live,
        "status": status,
        "marks": [asdict(mark) for mark in marks],
        "others": [feed.thinned(other) for other in others],
    }
    with st.container(gap=None):
        # First, so that its place on the page never changes.
        _film(key=key, data=data, on_standing_change=lambda: None)
        if fed:
            return
        for number, (parcel, part) in enumerate(parcels.items()):
            data = {"id": parcel, "frames": _content(tuple(part)), "count": len(part)}
            _parcel(key=f"{key}:parcel:{number}", data=data)


def _content(frames: tuple[bytes, ...]) -> Any:
    """Return frames as text, or where they are once no more will be added to them."""
    if len(frames) < feed.PARCEL:
        return base64.b64encode(b"".join(frames)).decode()
    return _file(frames).sent()


@lru_cache(maxsize=PARCELS_KEPT)
def _file(frames: tuple[bytes, ...]) -> JsonFile:
    return JsonFile(base64.b64encode(b"".join(frames)).decode())
