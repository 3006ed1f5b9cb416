"""The latent plane of a question: a network's cloud in two nodes, where a triangle lands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from trisym.errors import DataError
from trisym.lessons.lesson import Point
from trisym.ui.kit import laws, models

SHOWN = 600  # points: enough to see where a cloud is dense, on a phone too
CUT = (1, 99)  # per cent of the cloud along each axis: a few far points would shrink the rest
ROOM = 0.12  # of the width, around it


@dataclass(frozen=True)
class Plane:
    """Two latent nodes: points (n, 2), the ends of the axes, two landings, the cloud's spread."""

    points: np.ndarray
    low: np.ndarray
    high: np.ndarray
    before: np.ndarray
    after: np.ndarray
    spread: float

    def payload(self) -> dict[str, Any]:
        """Return it as JSON for the browser."""
        return {
            "points": np.round(self.points, 3).tolist(),
            "low": self.low.tolist(),
            "high": self.high.tolist(),
            "before": self.before.tolist(),
            "after": self.after.tolist(),
            "spread": self.spread,
        }


def plane(question: Point) -> Plane:
    """Return the plane of a question.

    Raises TrisymError where its network is missing, DataError where it has no such nodes.
    """
    return _plane(question, models.digest(question.model))


@st.cache_resource(show_spinner=False, max_entries=60)
def _plane(question: Point, digest: str) -> Plane:
    model = models.in_browser(question.model)
    if max(question.axes) > model.h:
        raise DataError(f"The network {question.model} has {model.h} latent nodes.")
    nodes = [axis - 1 for axis in question.axes]
    cloud = model.encode(laws.law(question.model).triangles[:SHOWN].reshape(-1, 9))[:, nodes]
    before, after = model.encode(np.array([question.before, question.after]))[:, nodes]
    inner = np.percentile(cloud, CUT, axis=0)
    low, high = (end(np.vstack([inner, before, after]), axis=0) for end in (np.min, np.max))
    room = ROOM * (high - low)
    spread = float(np.sqrt(cloud.var(axis=0).sum()))
    return Plane(cloud, low - room, high + room, before, after, spread)
