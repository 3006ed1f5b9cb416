"""The scene of the path between two triangles: both of them, how far along it, camera, tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from trisym.errors import DataError
from trisym.ui.kit.link_codec import Choice, Field, LinkedScene, Numbers
from trisym.ui.kit.triangle_scene import (
    HOME_CAMERA,
    HOME_POSE,
    TOOLS,
    Pose,
    Triple,
    check_camera,
    check_pose,
    check_tool,
)

HALFWAY = 0.5
# In the plane of the first, sides 0.95, 0.62 and 0.50: its longest is the other's shortest.
HOME_END: Pose = ((0.068, 0.649, 0.487), (0.924, 0.238, 0.52), (0.509, 0.613, 0.253))


@dataclass(frozen=True)
class Scene(LinkedScene):
    """The scene that a link opens again. Raises DataError for one that no hand can make.

    pose: the first triangle, which is in the hand; end: the second; share: how far from the first
    to the second, from 0 to 1.
    """

    LAYOUT: ClassVar[tuple[Field, ...]] = (
        Numbers("pose", 9),
        Numbers("end", 9),
        Numbers("share", 1),
        Numbers("camera", 3),
        Choice("tool", TOOLS),
    )

    pose: Pose = HOME_POSE
    end: Pose = HOME_END
    share: tuple[float, ...] = (HALFWAY,)
    camera: Triple = HOME_CAMERA
    tool: str = "rotate"

    def __post_init__(self) -> None:
        for triangle in (self.pose, self.end):
            check_pose(triangle)
        if len(self.share) != 1 or not 0 <= self.share[0] <= 1:
            raise DataError("How far along the path must be one number from 0 to 1.")
        check_camera(self.camera)
        check_tool(self.tool)
