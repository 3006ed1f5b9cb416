"""The energy view's scene: a molecule in box units, a camera, a tool, and the line to pull on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from trisym.errors import DataError
from trisym.ui.kit.link_codec import Choice, Field, LinkedScene, Numbers, Words
from trisym.ui.kit.triangle_scene import (
    HOME_CAMERA,
    TOOLS,
    Pose,
    Triple,
    check_camera,
    check_pose,
    check_tool,
)

LINES = ("l1", "l2", "l3", "fig18")


@dataclass(frozen=True)
class Scene(LinkedScene):
    """The scene that a link opens again. Raises DataError for one that no hand can make.

    pose: three atoms in edges of the box that the training molecules lie in; line: a tuple of one
    of LINES.
    """

    LAYOUT: ClassVar[tuple[Field, ...]] = (
        Numbers("pose", 9),
        Numbers("camera", 3),
        Numbers("unused_camera", 3),
        Choice("tool", TOOLS),
        Words("line", 1),
    )
    # Sides 0.62, 0.56 and 0.62: the second is near the lowest energy, and can be pulled from 0.48
    # to 1.06 inside the box; turned to the viewer.
    pose: Pose = (
        (0.4858, 0.7496, 0.0821),
        (0.9882, 0.0225, 0.1408),
        (0.5633, 0.2213, 0.7888),
    )
    camera: Triple = HOME_CAMERA
    tool: str = TOOLS[0]
    line: tuple[str, ...] = (LINES[1],)

    def __post_init__(self) -> None:
        check_pose(self.pose)
        check_camera(self.camera)
        check_tool(self.tool)
        if len(self.line) != 1 or self.line[0] not in LINES:
            raise DataError(f"The line must be one of {', '.join(LINES)}.")
