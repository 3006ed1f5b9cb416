"""The linked views' scene: a triangle, cameras, the set that the hand obeys, colours, a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from trisym.ui.kit.link_codec import Choice, Field, LinkedScene, Numbers, Words, check_words
from trisym.ui.kit.triangle_scene import (
    HOME_CAMERA,
    TOOLS,
    Pose,
    Triple,
    check_camera,
    check_pose,
)

COLOURINGS = ("perimeter", "constant")


@dataclass(frozen=True)
class Scene(LinkedScene):
    """The scene that a link opens again. Raises DataError for one that no hand can make.

    pose and cameras as on the symmetry page, `side_camera` of the side lengths; choice: the name of
    a set, one of COLOURINGS, and a network that takes the place of a shipped one.
    """

    LAYOUT: ClassVar[tuple[Field, ...]] = (
        Numbers("pose", 9),
        Numbers("camera", 3),
        Numbers("side_camera", 3),
        Choice("unused_tool", TOOLS),
        Words("choice", 3),
    )
    # One side 0.68, between vertices 1 and 2: a triangle of all three sets, and one whose errors
    # are about the mean ones of the three networks shipped here.
    pose: Pose = ((0.22, 0.35, 0.28), (0.82, 0.35, 0.6), (0.1, 0.9, 0.65))
    camera: Triple = HOME_CAMERA
    side_camera: Triple = (0.9, 0.42, 1.0)
    choice: tuple[str, ...] = ("fixed-side", COLOURINGS[0])

    def __post_init__(self) -> None:
        check_pose(self.pose)
        check_camera(self.camera)
        check_camera(self.side_camera)
        check_words(self.choice, 3)
