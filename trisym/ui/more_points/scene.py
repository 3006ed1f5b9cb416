"""The scene of more points: six points, of which three to six are shown, cameras, and a tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from trisym.errors import DataError
from trisym.ui.kit.link_codec import Choice, Field, LinkedScene, Numbers
from trisym.ui.kit.triangle_scene import HOME_CAMERA, TOOLS, Triple, check_camera, check_tool

COUNTS = ("3", "4", "5", "6")
COORDINATES = 18
HOME_LATENT_CAMERA = (0.75, 0.42, 1.0)

# Whichever first three to six of them are shown, they turn any way inside the cube: none is farther
# than 0.49 from their centroid. No two are nearer than 0.36; the first four span a volume of 0.033.
HOME_POINTS = (
    *(0.812, 0.456, 0.361),
    *(0.235, 0.124, 0.404),
    *(0.390, 0.876, 0.596),
    *(0.188, 0.724, 0.087),
    *(0.413, 0.695, 0.913),
    *(0.294, 0.521, 0.463),
)

_FARTHEST = 5.0  # coordinate of a point; the hand stops well before
_CLOSEST = 0.005  # distance of two points; the hand stops at twice that


@dataclass(frozen=True)
class Scene(LinkedScene):
    """The scene that a link opens again. Raises DataError for one that no hand can make.

    pose: six points, edge of the training cube = 1, flat; points: how many of them, from the first
    on, are shown; reference: the pose that drift is measured from, None where it is the pose.
    """

    LAYOUT: ClassVar[tuple[Field, ...]] = (
        Numbers("pose", COORDINATES),
        Numbers("camera", 3),
        Numbers("latent_camera", 3),
        Choice("points", COUNTS),
        Choice("tool", TOOLS),
        Numbers("reference", COORDINATES, since=2),
    )
    pose: tuple[float, ...] = HOME_POINTS
    camera: Triple = HOME_CAMERA
    latent_camera: Triple = HOME_LATENT_CAMERA
    points: str = COUNTS[1]
    tool: str = TOOLS[0]
    reference: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if self.points not in COUNTS:
            raise DataError(f"A scene shows {', '.join(COUNTS)} points.")
        for pose in (self.pose, self.reference):
            if pose is not None:
                _check_points(pose, int(self.points))
        check_camera(self.camera)
        check_camera(self.latent_camera)
        check_tool(self.tool)

    @property
    def vertices(self) -> np.ndarray:
        """The points that are shown (n, 3), float64."""
        return np.reshape(self.pose, (-1, 3))[: int(self.points)]


def _check_points(pose: tuple[float, ...], shown: int) -> None:
    """Raise DataError for what are no six points near the cube, or where two that show coincide."""
    points = np.asarray(pose, dtype=float)
    if points.shape != (COORDINATES,) or not np.isfinite(points).all():
        raise DataError("A scene has six points of three finite coordinates.")
    if np.abs(points).max() > _FARTHEST:
        raise DataError(f"A point may lie at most {_FARTHEST:g} cube edges from the corner.")
    seen = points.reshape(-1, 3)[:shown]
    distances = np.linalg.norm(seen[:, None] - seen[None], axis=-1)[np.triu_indices(shown, 1)]
    if distances.min() < _CLOSEST:
        raise DataError(f"Two points coincide: they must lie at least {_CLOSEST:g} apart.")
