"""The symmetry page's numbers: sides, drifts and orbit spreads, the thesis's beside ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trisym.thesis import claims
from trisym.ui.kit.tables import short, show
from trisym.ui.symmetry.orbits import Orbits, Passage

CLAIMS = {"sides-h3": "sides-error", "mse-h3": "mse-error"}  # the thesis's, by model

INVARIANCE = {  # columns of the result, as a visitor reads them
    "side_error": "side error",
    "perimeter_error": "perimeter error",
    "orbit_spread_inside": "orbit spread, inside the cube",
    "orbit_spread_near_above": "near, above 0",
    "orbit_spread_near_below": "near, below 0",
    "orbit_spread_far_above": "far, above 0",
    "orbit_spread_far_below": "far, below 0",
}


def sides(poses: Mapping[str, np.ndarray]) -> None:
    """Show side triples (3,) by the name of their pose."""
    numbers = pd.DataFrame(
        [
            {"pose": name, **dict(zip(("l1", "l2", "l3"), row, strict=True))}
            for name, row in poses.items()
        ]
    )
    texts = numbers.assign(
        **{side: numbers[side].map("{:.4f}".format) for side in ("l1", "l2", "l3")}
    )
    show(texts, numbers, "sides", "The three sides before and after the motion.")


def passages(found: Sequence[Passage], titles: Mapping[str, str]) -> None:
    """Show latent points before and after, and their distance beside the spread of the cloud."""
    texts = pd.DataFrame(
        {
            "network": titles[p.name],
            "latent before": _point(p.before),
            "latent after": _point(p.after),
            "distance": short(p.distance),
            "spread of the cloud": short(p.spread),
            "drift, in spreads": f"**{short(p.drift)}**",
        }
        for p in found
    )
    numbers = pd.DataFrame(
        {
            "model": p.name,
            **{f"N{i + 1} before": value for i, value in enumerate(p.before)},
            **{f"N{i + 1} after": value for i, value in enumerate(p.after)},
            "distance": p.distance,
            "spread": p.spread,
            "drift": p.drift,
        }
        for p in found
    )
    show(texts, numbers, "drift", "Latent points before and after the motion, and the drift.")


def _point(latent: np.ndarray) -> str:
    return ", ".join(f"{value:.3f}" for value in latent).replace("-", "−")


def spreads(
    found: Mapping[str, Mapping[str, Orbits]], titles: Mapping[str, str], ranges: Mapping[str, str]
) -> None:
    """Show the orbit spread of each model over each range of motions."""
    measured = {name: {r: each.spread for r, each in of.items()} for name, of in found.items()}
    numbers = pd.DataFrame({"model": name, **of} for name, of in measured.items())
    texts = pd.DataFrame(
        {"orbit spread": titles[name], **{ranges[r]: short(value) for r, value in of.items()}}
        for name, of in measured.items()
    )
    show(texts, numbers, "orbit-spread", "Orbit spread of each network over five ranges of motion.")


def invariance(result: pd.DataFrame, titles: Mapping[str, str]) -> None:
    """Show the result `invariance`, the thesis's side errors beside ours."""
    thesis = result["model"].map({name: claims.aim(claim) for name, claim in CLAIMS.items()})
    texts = pd.DataFrame({"network": result["model"].map(lambda name: titles.get(name, name))})
    for column, heading in INVARIANCE.items():
        texts[heading] = result[column].map(short)
        if column == "side_error":
            texts["thesis: side error"] = thesis.map(
                lambda value: short(value) if value > 0 else "–"
            )
    numbers = result.assign(thesis_side_error=thesis)
    show(texts, numbers, "invariance", "Errors and orbit spreads of the shipped networks.")
