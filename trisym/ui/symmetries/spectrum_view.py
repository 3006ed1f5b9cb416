"""The live view of the symmetry spectra: dots, a triangle in a motion, its latent point."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trisym.errors import DataError
from trisym.ui.kit import models
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.live import LiveComponent
from trisym.ui.kit.model_choice import MAX_MODELS
from trisym.ui.symmetries import spectra
from trisym.ui.symmetries.scene import Scene

if TYPE_CHECKING:
    from trisym.spectrum import Spectrum

_view = LiveComponent("trisym_symmetries", Path(__file__).parent / "web" / "symmetries.js", Scene)


def spectrum_view(
    found: Mapping[str, Spectrum],
    *,
    key: str,
    link: SceneLink[Scene] | None = None,
    fault: str | None = None,
) -> Scene:
    """Show one to three models with their spectra, by id; return where the hand left things."""
    names = tuple(found)
    if not 1 <= len(names) <= MAX_MODELS:
        raise DataError(f"The view shows one to {MAX_MODELS} networks, not {len(names)}.")
    laws = {name: spectra.law(name) for name in names}
    data = {
        "models": [_payload(name, found[name], laws[name]) for name in names],
        "laws": {law.id: {"edge": law.edge, "triangles": law.file.sent()} for law in laws.values()},
    }
    held = _view.show(
        data,
        key=key,
        start=Scene(models=names),
        link=link,
        fault=fault,
        amend=lambda scene: replace(scene, models=names),
    )
    return held.scene


def _payload(name: str, found: Spectrum, law: spectra.Law) -> dict[str, Any]:
    return {
        "network": models.in_browser(name).file.sent(),
        "law": law.id,
        "spread": found.spread,
        "values": found.values.tolist(),
        "motions": found.motions.tolist(),
        "metric": found.metric.ravel().tolist(),
        "found": found.found,
        "gap": found.gap if math.isfinite(found.gap) else 1e9,
        "threshold": found.threshold,
    }
