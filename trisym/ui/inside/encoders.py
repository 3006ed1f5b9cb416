"""Networks as the spheres show them: their units' weights, and how far the story explains them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

import trisym  # its modules come when they are used: torch takes two seconds
from trisym.errors import DataError
from trisym.figures.common import subscripted
from trisym.names import UNTRAINED
from trisym.paths import PRETRAINED
from trisym.ui.inside.scene import Scene
from trisym.ui.kit import laws, local, model_choice, models
from trisym.ui.kit.arrays import to_base64
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.served import JsonFile
from trisym.ui.kit.tables import errors_as_sentences, short

if TYPE_CHECKING:
    from trisym.encoder_film import EncoderFilm
    from trisym.encoder_units import Explanation, SideReading

READ = 8_192  # triangles that the sides are read on; as many fresh ones to judge on
RECORDED = "recorded-run"
KEPT = "inside:another"
# By id, as short as a button: what the page offers at one click, in this order.
SHORT: Mapping[str, str] = MappingProxyType(
    {
        "sides-h3": "on sides",
        "mse-h3": "on coordinates",
        "perimeter-h3": "on perimeters",
        "handmade-h3": "by hand",
        UNTRAINED: "untrained",
    }
)


@dataclass(frozen=True)
class Looked:
    """A network that was looked into: its story, and what the browser needs, as JSON."""

    id: str
    story: Explanation
    payload: Mapping[str, Any]

    @cached_property
    def file(self) -> JsonFile:
        """The payload as browsers keep it."""
        return JsonFile(self.payload)


@dataclass(frozen=True)
class LookedHere:
    """A network of the visitor's browser, which looks into it by itself."""

    id: str

    @property
    def file(self) -> Unread:
        return Unread(self.id)


@dataclass(frozen=True)
class Unread:
    """Stands for what the browser finds in a network of its own: the network, and triangles."""

    id: str

    def sent(self) -> dict[str, Any]:
        """Return what the browser looks into."""
        return {
            "id": self.id,
            "title": models.title(self.id),
            "short": local.models()[self.id].title,
            "model": models.shown(self.id).file.sent(),
            "triangles": laws.law(self.id).file.sent(),
        }

    def value(self) -> dict[str, Any]:
        """Raise DataError: only the browser has it."""
        raise DataError(local.NOT_HERE)


AnyLooked = Looked | LookedHere


def told(story: Explanation) -> str:
    """Return in one sentence whether a network measures sides as the spheres show it."""
    share = f"{story.watching:.0%} of the weight lies in units that watch one side"
    if story.holds:
        return f"{share}, and what these add up to is off by {short(story.sums_error)} a side."
    if story.watchful:
        return (
            f"No such story: {share}, but no sum of theirs is a side: only their total comes out."
        )
    if story.measured:
        sides = " and ".join(subscripted(f"l{side + 1}") for side in story.measured)
        return f"In part: {sides} is measured so; {share}."
    return f"No such story: {share}."


def another(titles: Mapping[str, str], link: SceneLink[Scene]) -> str | None:
    """Return the network that was chosen beside those at one click; at first the link's."""
    asked = link.scene.network[0] if link.scene and link.scene.network else None
    return model_choice.another(_others(titles), asked, KEPT)


def choose_another(titles: Mapping[str, str]) -> None:
    """Ask for a network beside those at one click; `another` returns it in the next run."""
    others = {name: titles[name] for name in _others(titles)}
    model_choice.choose_another(others, KEPT, "Look into another network …")


def _others(titles: Mapping[str, str]) -> list[str]:
    return [name for name in titles if name not in SHORT]


def offered(titles: Mapping[str, str], other: str | None) -> list[AnyLooked]:
    """Return the networks that are offered at one click, as far as they are here, and another."""
    found: list[AnyLooked] = []
    for name in [*(name for name in SHORT if name in titles), *([other] if other else [])]:
        with errors_as_sentences(titles[name]):
            found.append(LookedHere(name) if local.is_local(name) else looked(name))
    return found


def looked(model: str) -> Looked:
    """Look into a model; raises DataError for an encoder of another shape than table 3's."""
    return _looked(model, models.digest(model), models.title(model))


@st.cache_resource(show_spinner="Looking into the network …", max_entries=50)
def _looked(model: str, digest: str, title: str) -> Looked:
    from trisym.encoder_units import read_sides, tell

    data = models.data(model)
    seed = trisym.evaluation.fresh_seed(data)
    known, fresh = trisym.evaluation.held_out(data, seed).inputs.split(READ)[:2]
    reading = read_sides(models.network(model), known)
    story = tell(reading, fresh)
    about = {"id": model, "title": title, "short": SHORT.get(model, title), "told": told(story)}
    return Looked(model, story, {**about, **payload_of(reading)})


def payload_of(reading: SideReading) -> dict[str, Any]:
    """Return a reading as JSON for the browser, float32."""
    parts = (reading.weight, reading.bias, reading.gain, reading.constant)
    values = np.concatenate([part.numpy().ravel() for part in parts])
    return {
        "units": len(reading.bias),
        "slope": reading.slope,
        "inputActivation": reading.input_activation,
        "values": to_base64(values),
    }


@st.cache_resource(show_spinner=False)
def _film(changed: int) -> EncoderFilm:
    from trisym.encoder_film import EncoderFilm

    return EncoderFilm.from_bytes(_film_file().read_bytes())


def _film_file() -> Path:
    return PRETRAINED / "results" / f"{RECORDED}-units.safetensors"


def recorded() -> EncoderFilm | None:
    """Return the units of the recorded run; None where the file is not there yet."""
    file = _film_file()
    return _film(file.stat().st_mtime_ns) if file.exists() else None
