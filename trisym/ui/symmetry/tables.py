"""The symmetry page's numbers: sides, drifts and orbit spreads, the thesis's beside ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trisym.figures.common import subscripted
from trisym.outside_text import in_markdown
from trisym.thesis import claims
from trisym.ui.kit.tables import short, show
from trisym.ui.symmetry import orbits
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


def sides(poses: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return the three sides of poses (3, 3), by their names."""
    names = ("l1", "l2", "l3")
    rows = ((name, orbits.sides(pose)) for name, pose in poses.items())
    return pd.DataFrame({"pose": pose, **dict(zip(names, row, strict=True))} for pose, row in rows)


def show_sides(numbers: pd.DataFrame) -> None:
    """Show them as a table."""
    texts = numbers.assign(
        **{side: numbers[side].map("{:.4f}".format) for side in ("l1", "l2", "l3")}
    )
    show(texts.rename(columns=subscripted), "The three sides before and after the motion.")


def show_passages(found: Sequence[Passage], titles: Mapping[str, str]) -> None:
    """Show latent points before and after, and their distance beside the spread of the cloud."""
    texts = pd.DataFrame(
        {
            "network": in_markdown(titles[p.name]),
            "latent before": _point(p.before),
            "latent after": _point(p.after),
            "distance": short(p.distance),
            "spread of the cloud": short(p.spread),
            "drift, in spreads": f"**{short(p.drift)}**",
        }
        for p in found
    )
    show(texts, "Latent points before and after the motion, and the drift.")


def passages(found: Sequence[Passage]) -> pd.DataFrame:
    """Return the same numbers in full."""
    return pd.DataFrame(
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


def _point(latent: np.ndarray) -> str:
    return ", ".join(f"{value:.3f}" for value in latent).replace("-", "−")


def show_spreads(
    numbers: pd.DataFrame, titles: Mapping[str, str], ranges: Mapping[str, str]
) -> None:
    """Show the orbit spread of each model over each range of motions."""
    texts = pd.DataFrame({"orbit spread": [in_markdown(titles[name]) for name in numbers["model"]]})
    for reach, heading in ranges.items():
        texts[heading] = numbers[reach].map(short)
    show(texts, "Orbit spread of each network over five ranges of motion.")


def spreads(found: Mapping[str, Mapping[str, Orbits]]) -> pd.DataFrame:
    """Return them by model, a column a range."""
    return pd.DataFrame(
        {"model": name, **{reach: each.spread for reach, each in of.items()}}
        for name, of in found.items()
    )


def show_invariance(numbers: pd.DataFrame, titles: Mapping[str, str]) -> None:
    """Show the result `invariance`, the thesis's side errors beside ours."""
    texts = pd.DataFrame(
        {"network": [in_markdown(titles.get(name, name)) for name in numbers["model"]]}
    )
    for column, heading in INVARIANCE.items():
        texts[heading] = numbers[column].map(short)
        if column == "side_error":
            texts["thesis: side error"] = numbers["thesis_side_error"].map(
                lambda value: short(value) if value > 0 else "–"
            )
    show(texts, "Errors and orbit spreads of the shipped networks.")


def invariance(result: pd.DataFrame) -> pd.DataFrame:
    """Return the result `invariance` with the thesis's side errors."""
    thesis = {name: claims.aim(claim) for name, claim in CLAIMS.items()}
    return result.assign(thesis_side_error=result["model"].map(thesis))
