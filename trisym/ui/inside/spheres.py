"""The spheres: what each hidden unit watches, and how units add up to a side, under the hand.

Weights go to the browser once, the recorded run's in a message of its own; what comes back is the
scene, when the hand lets go.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from trisym.errors import DataError
from trisym.ui.inside.encoders import RECORDED, AnyLooked
from trisym.ui.inside.scene import NETWORK, SHIFTS, Scene
from trisym.ui.kit.arrays import to_base64
from trisym.ui.kit.browser_model import Payload
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.live import LiveComponent, registered
from trisym.ui.kit.saved_page import About, Cards, Shown, Taken
from trisym.ui.kit.served import JsonFile

if TYPE_CHECKING:
    from trisym.encoder_film import EncoderFilm

WEB = Path(__file__).parent / "web"

SHOWS = (
    "Each dot is a hidden unit of the encoder: a direction along which it looks at one side. Turn "
    "the triangle: what a direction sees of the side lights up, and the units' answers, added up, "
    "are the side."
)

CARRIER = WEB / "moments.js"
MOST_SAVED = 22  # moments in a saved page, which stays below half a MB
_spheres = LiveComponent("trisym_spheres", WEB / "spheres.js", Scene, (CARRIER,))
_moments = registered("trisym_moments", CARRIER)


@dataclass(frozen=True)
class Moments:
    """A recorded run as browsers keep it, what it is found by, and fewer moments to be saved."""

    id: str
    file: JsonFile
    saved: JsonFile


def spheres(
    networks: Sequence[AnyLooked],
    moments: Moments | None,
    *,
    key: str,
    link: SceneLink[Scene],
    cards: Cards | None = None,
) -> Scene:
    """Show the networks' units, one network at a time, and return where the hand left things.

    moments: what `send_moments` returned of a recorded run, offered beside the networks. link:
    keeps the scene in the page's link. cards: of the networks, to take the view away with. Raises
    DataError where there is no network to show.
    """
    start = _first(networks, moments)
    return _spheres.show(
        _data(networks, moments, lambda each: each.sent()),
        key=key,
        start=start,
        link=link,
        amend=lambda scene: _there(scene, networks, moments),
        taken=None if cards is None else _taken(moments, cards),
    ).scene


def exported(
    networks: Sequence[AnyLooked],
    moments: Moments | None,
    scene: Scene | None,
    cards: Cards,
) -> Shown:
    """Return the view at a scene, or at the first; arguments as in `spheres`."""
    data = _data(networks, moments, lambda each: each.value())
    shown = _there(scene, networks, moments) if scene else _first(networks, moments)
    return _spheres.exported(data, shown, _taken(moments, cards))


def _taken(moments: Moments | None, cards: Cards) -> Taken:
    about = About("inside", "How does it measure a side?", SHOWS, cards)
    return Taken(about, (moments.saved if moments else JsonFile(None),))


def _data(
    networks: Sequence[AnyLooked],
    moments: Moments | None,
    value: Callable[[Payload], Any],
) -> dict[str, Any]:
    from trisym.encoder_units import OFFSET, RESIDUAL

    if not networks:
        raise DataError("There is no network to look into.")
    return {
        "networks": [value(each.file) for each in networks],
        "film": {"id": RECORDED, "digest": moments.id} if moments else None,
        "rule": {"residual": RESIDUAL, "offset": OFFSET},
        "shifts": SHIFTS,
    }


def _first(networks: Sequence[AnyLooked], moments: Moments | None) -> Scene:
    if not networks:
        raise DataError("There is no network to look into.")
    return Scene(network=(NETWORK if NETWORK in _known(networks, moments) else networks[0].id,))


def _known(networks: Sequence[AnyLooked], moments: Moments | None) -> set[str]:
    return {each.id for each in networks} | ({RECORDED} if moments else set())


def _there(scene: Scene, networks: Sequence[AnyLooked], moments: Moments | None) -> Scene:
    """Return what a scene asks for, as far as it is here."""
    if set(scene.network) & _known(networks, moments):
        return scene
    return replace(scene, network=_first(networks, moments).network)


def send_moments(film: EncoderFilm, key: str = "moments") -> Moments:
    """Send a recorded run to the browser, 0.7 MB once; return what `spheres` finds it by."""
    moments = moments_of(film)
    _moments(key=key, data=moments.file.sent())
    return moments


def moments_of(film: EncoderFilm) -> Moments:
    """Return a recorded run as browsers keep it."""
    digest = hashlib.sha256(_content(film)).hexdigest()[:16]
    return Moments(digest, _file(digest, len(film), film), _file(digest, MOST_SAVED, film))


def _content(film: EncoderFilm) -> bytes:
    return np.stack(film.moments).tobytes()


@st.cache_resource(show_spinner=False, max_entries=4)
def _file(digest: str, most: int, _film: EncoderFilm) -> JsonFile:
    return JsonFile({**moments_payload(_film.thinned(most)), "id": digest})


def moments_payload(film: EncoderFilm) -> dict[str, Any]:
    """Return a recorded run as JSON for the browser."""
    content = _content(film)
    return {
        "id": hashlib.sha256(content).hexdigest()[:16],
        "count": len(film),
        "slope": film.slope,
        "inputActivation": film.input_activation,
        "numbers": to_base64(np.array(film.numbers)),
        "revived": film.put_to_work(),
        "moments": base64.b64encode(content).decode(),
    }
