"""The spheres: what each hidden unit watches, and how units add up to a side, under the hand.

Weights go to the browser once, the recorded run's in a message of its own; what comes back is the
scene, when the hand lets go.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from trisym.errors import DataError
from trisym.ui.inside.encoders import RECORDED, Looked
from trisym.ui.inside.scene import NETWORK, SHIFTS, Scene
from trisym.ui.kit.arrays import to_base64
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.live import LiveComponent, registered
from trisym.ui.kit.served import JsonFile

if TYPE_CHECKING:
    from trisym.encoder_film import EncoderFilm

WEB = Path(__file__).parent / "web"

_spheres = LiveComponent("trisym_spheres", WEB / "spheres.js", Scene)
_moments = registered("trisym_moments", WEB / "moments.js")


def spheres(
    networks: Sequence[Looked], moments: str | None, *, key: str, link: SceneLink[Scene]
) -> Scene:
    """Show the networks' units, one network at a time, and return where the hand left things.

    moments: what `send_moments` returned of a recorded run, offered beside the networks. link:
    keeps the scene in the page's link. Raises DataError where there is no network to show.
    """
    from trisym.encoder_units import OFFSET, RESIDUAL

    if not networks:
        raise DataError("There is no network to look into.")
    known = {each.id for each in networks} | ({RECORDED} if moments else set())
    data = {
        "networks": [each.file.sent() for each in networks],
        "film": {"id": RECORDED, "digest": moments} if moments else None,
        "rule": {"residual": RESIDUAL, "offset": OFFSET},
        "shifts": SHIFTS,
    }
    start = Scene(network=(NETWORK if NETWORK in known else networks[0].id,))
    return _spheres.show(
        data, key=key, start=start, link=link, amend=lambda scene: _there(scene, known, start)
    ).scene


def _there(scene: Scene, known: set[str], start: Scene) -> Scene:
    """Return what a scene asks for, as far as it is here."""
    return scene if set(scene.network) & known else replace(scene, network=start.network)


def send_moments(film: EncoderFilm, key: str = "moments") -> str:
    """Send a recorded run to the browser, 0.7 MB once; return what `spheres` finds it by."""
    digest = hashlib.sha256(_content(film)).hexdigest()[:16]
    _moments(key=key, data=_moments_file(digest, film).sent())
    return digest


def _content(film: EncoderFilm) -> bytes:
    return np.stack(film.moments).tobytes()


@st.cache_resource(show_spinner=False, max_entries=2)
def _moments_file(digest: str, _film: EncoderFilm) -> JsonFile:
    return JsonFile(moments_payload(_film))


def moments_payload(film: EncoderFilm) -> dict[str, Any]:
    """Return a recorded run as JSON for the browser."""
    content = _content(film)
    return {
        "id": hashlib.sha256(content).hexdigest()[:16],
        "count": len(film),
        "slope": film.slope,
        "inputActivation": film.input_activation,
        "numbers": to_base64(np.array(film.numbers)),
        "moments": base64.b64encode(content).decode(),
    }
