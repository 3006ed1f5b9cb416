"""The live stage: a triangle in the hand, and its latent point in one to three networks.

Weights and the reference set go to the browser once, each in a message of its own.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from trisym.errors import DataError
from trisym.ui.kit.browser_model import InBrowser
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.live import LiveComponent, registered
from trisym.ui.kit.model_choice import MAX_MODELS
from trisym.ui.kit.saved_page import About, Cards, Shown, Taken
from trisym.ui.kit.served import JsonFile
from trisym.ui.symmetry.scene import Scene

WEB = Path(__file__).parent / "web"
FILES_KEPT = 6  # reference sets, of at most 4 MB
MAX_REFERENCE = 50_000  # triangles: what still turns smoothly without a GPU
TAKEN = 2_500  # of them in a saved page, which with three models stays below 0.5 MB

FLOAT = 4  # bytes
COORDINATES = 9
SHOWS = (
    "Turn the triangle by hand: each network squeezes its nine coordinates into a latent point, "
    "the orange dot in the cloud of many triangles. A network that has understood the symmetry "
    f"keeps the dot in its place. Drift is in spreads of that cloud, {TAKEN:,} triangles at most."
)


@dataclass(frozen=True)
class Setting:
    """Where a stage stands: its page's address, title, and what it shows, in plain text.

    shortest: no side of a triangle that is drawn anew is shorter, None for nearly no bound;
    notebook: the page's cells, None for the stage's own; potential: of molecules whose forces can
    be shown, edge of the box and sigma in one unit.
    """

    page: str
    title: str
    shows: str
    shortest: float | None = None
    notebook: Path | None = None
    potential: Mapping[str, float] | None = None


SYMMETRY = Setting("symmetry", "Does the latent point stay put?", SHOWS)
CARRIER = WEB / "reference.js"
_stage = LiveComponent("trisym_stage", WEB / "stage.js", Scene, (CARRIER,))
_reference = registered("trisym_reference", CARRIER)


@dataclass(frozen=True)
class StageState:
    """Where the hand left things; without drifts until it first let go.

    Drifts are in spreads of each model's cloud, by the model's name; None where there is none to
    tell: the cloud was not encoded yet.
    """

    scene: Scene
    drift: Mapping[str, float | None] = field(default_factory=dict)
    largest: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def pose(self) -> np.ndarray:
        """Vertices (3, 3), float64, edge of the training cube = 1."""
        return self.scene.vertices


def stage(
    models: Sequence[InBrowser],
    reference: np.ndarray,
    *,
    key: str,
    link: SceneLink[Scene] | None = None,
    start: Scene | None = None,
    fault: str | None = None,
    on_change: Callable[[], None] | None = None,
    showing: bool = False,
    cards: Cards | None = None,
    setting: Setting = SYMMETRY,
) -> StageState:
    """Show the stage and return where the hand left things.

    models: one to three, drawn side by side under the same hand.
    reference: (n, 3, 3) or (n, 9) triangles whose latents make the clouds, n from 2 to 50,000.
    link, start, fault and on_change as in `LiveComponent.show`. showing: it tumbles by itself from
    the start, and has no controls but the hand. cards: of the models, to take the stage away with.
    setting: of another page than the symmetry page.
    """
    _check(models, reference)
    triangles, digest = _packed(reference)
    with st.container(gap=None):
        carried = {"id": digest, "triangles": _file(triangles).sent()}
        _reference(key=f"{key}-reference", data=carried)
        held = _stage.show(
            _data([model.file.sent() for model in models], digest, setting, showing),
            key=key,
            start=start or Scene(),
            link=link,
            fault=fault,
            amend=lambda scene: _of(scene, models),
            on_change=on_change,
            taken=None if cards is None else _taken(triangles, digest, cards, setting),
        )
    return StageState(held.scene, *(_drifts(held.more.get(n, {})) for n in ("drift", "largest")))


def exported(
    models: Sequence[InBrowser],
    reference: np.ndarray,
    scene: Scene,
    cards: Cards,
    setting: Setting = SYMMETRY,
) -> Shown:
    """Return the stage to be written as a file; arguments as in `stage`."""
    _check(models, reference)
    triangles, digest = _packed(reference)
    data = _data([model.file.value() for model in models], digest, setting)
    return _stage.exported(data, _of(scene, models), _taken(triangles, digest, cards, setting))


def _data(
    models: Sequence[Any], digest: str, setting: Setting, showing: bool = False
) -> dict[str, Any]:
    data = {"models": models, "reference": digest, "showing": showing}
    own = {"shortest": setting.shortest, "potential": setting.potential}
    return data | {name: value for name, value in own.items() if value is not None}


def _of(scene: Scene, models: Sequence[InBrowser]) -> Scene:
    return replace(scene, models=tuple(model.name for model in models))


def _packed(reference: np.ndarray) -> tuple[bytes, str]:
    triangles = np.ascontiguousarray(reference, dtype="<f4").tobytes()
    return triangles, hashlib.sha256(triangles).hexdigest()[:16]


def _taken(triangles: bytes, digest: str, cards: Cards, setting: Setting) -> Taken:
    thinned = _thinned(digest, triangles[: TAKEN * COORDINATES * FLOAT])
    about = About(setting.page, setting.title, setting.shows, cards)
    return Taken(about, (thinned,), notebook=setting.notebook)


@lru_cache(maxsize=FILES_KEPT)
def _thinned(digest: str, triangles: bytes) -> JsonFile:
    return JsonFile({"id": digest, "triangles": base64.b64encode(triangles).decode()})


@lru_cache(maxsize=FILES_KEPT)
def _file(triangles: bytes) -> JsonFile:
    return JsonFile(base64.b64encode(triangles).decode())


def _drifts(values: object) -> dict[str, float | None]:
    """Read numbers that a browser sent; raises DataError for anything else."""
    if not isinstance(values, Mapping) or not all(map(_is_drift, values.values())):
        raise DataError("The stage sent drifts that can't be read.")
    return {str(name): value for name, value in values.items()}


def _is_drift(value: object) -> bool:
    return value is None or isinstance(value, int | float)


def _check(models: Sequence[InBrowser], reference: np.ndarray) -> None:
    if not 1 <= len(models) <= MAX_MODELS:
        raise DataError(f"The stage shows one to {MAX_MODELS} models, not {len(models)}.")
    if len({model.name for model in models}) < len(models):
        raise DataError("Each model on the stage needs a name of its own.")
    count = len(reference)
    if math.prod(reference.shape[1:]) != COORDINATES or not 2 <= count <= MAX_REFERENCE:
        raise DataError(f"The reference set must be 2 to {MAX_REFERENCE} triangles (n, 3, 3).")
    if not np.isfinite(reference).all():
        raise DataError("The reference set must be finite numbers.")
