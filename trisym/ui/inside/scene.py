"""The scene of the spheres: a triangle, the camera, a network, a moment, a shift, the input's σ."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from trisym.errors import DataError
from trisym.ui.kit.link_codec import Choice, Field, LinkedScene, Numbers, Words, check_words
from trisym.ui.kit.triangle_scene import (
    HOME_CAMERA,
    HOME_POSE,
    Pose,
    Triple,
    check_camera,
    check_pose,
)

NETWORK = "sides-h3"  # what the page opens with
SHIFTS = (-1.0, 5.0)  # of all nine coordinates, in edges of the cube
INPUT = ("as-trained", "without")


@dataclass(frozen=True)
class Scene(LinkedScene):
    """The scene that a link opens again.

    dials: the moment of the recorded run, from 0 to 1, and the shift;
    input_activation: one of INPUT; network: its id, or the recorded run's.

    Raises DataError for what no hand can make.
    """

    LAYOUT: ClassVar[tuple[Field, ...]] = (
        Numbers("pose", 9),
        Numbers("camera", 3),
        Numbers("dials", 2),
        Choice("input_activation", INPUT),
        Words("network", 1),
    )
    pose: Pose = HOME_POSE
    camera: Triple = (*HOME_CAMERA[:2], 0.93)
    dials: tuple[float, ...] = (1.0, 0.0)
    input_activation: str = INPUT[0]
    network: tuple[str, ...] = (NETWORK,)

    def __post_init__(self) -> None:
        check_pose(self.pose)
        check_camera(self.camera)
        check_words(self.network, 1)
        if len(self.dials) != 2 or not all(map(math.isfinite, self.dials)):
            raise DataError("The dials are two finite numbers: a moment and a shift.")
        moment, shift = self.dials
        if not 0 <= moment <= 1 or not SHIFTS[0] <= shift <= SHIFTS[1]:
            raise DataError(
                f"A moment is from 0 to 1, and a shift from {SHIFTS[0]:g} to {SHIFTS[1]:g}."
            )
