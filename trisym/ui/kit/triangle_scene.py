"""Parts of every scene with a triangle in the hand, with their limits: pose, camera, tool."""

from __future__ import annotations

import numpy as np

from trisym.errors import DataError

Triple = tuple[float, float, float]
Pose = tuple[Triple, Triple, Triple]
TOOLS = ("rotate", "move", "reshape", "camera")

HOME_CAMERA = (0.62, 0.36, 1.0)
# No two sides alike (0.55, 0.80, 0.70), turned to the viewer, its centroid in the cube's middle
# and no vertex farther than 0.47 from it: it can turn any way and stay inside.
HOME_POSE = ((0.795, 0.455, 0.374), (0.354, 0.752, 0.236), (0.351, 0.293, 0.890))

_FARTHEST = 5.0  # coordinate of a vertex; the hand stops well before
_CLOSEST = 0.005  # distance of two vertices; the hand stops at twice that
_ZOOM = (0.3, 6.5)  # a little beyond what the wheel allows


def check_pose(pose: Pose) -> None:
    """Raise DataError for what is no triangle near the cube."""
    vertices = np.asarray(pose, dtype=float)
    if vertices.shape != (3, 3) or not np.isfinite(vertices).all():
        raise DataError("A pose is three vertices of three finite coordinates.")
    if np.abs(vertices).max() > _FARTHEST:
        raise DataError(f"A vertex may lie at most {_FARTHEST:g} cube edges from the corner.")
    sides = np.linalg.norm(vertices - np.roll(vertices, -1, axis=0), axis=1)
    if sides.min() < _CLOSEST:
        raise DataError(f"Two vertices coincide: they must lie at least {_CLOSEST:g} apart.")


def check_camera(camera: Triple) -> None:
    """Raise DataError for what is no yaw, pitch and zoom."""
    if len(camera) != 3 or not np.isfinite(camera).all():
        raise DataError("A camera is three finite numbers: yaw, pitch and zoom.")
    yaw, pitch, zoom = camera
    if abs(yaw) > 7 or abs(pitch) > 1.6 or not _ZOOM[0] <= zoom <= _ZOOM[1]:
        raise DataError(f"A camera's zoom must be from {_ZOOM[0]} to {_ZOOM[1]}.")


def check_tool(tool: str) -> None:
    """Raise DataError for what is no tool."""
    if tool not in TOOLS:
        raise DataError(f"The tool must be one of {', '.join(TOOLS)}.")
