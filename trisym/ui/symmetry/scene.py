"""The symmetry page's scene: a triangle, two cameras, a tool, and the networks that see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from trisym.ui.kit.link_codec import Choice, Field, Numbers, Words, check_words
from trisym.ui.kit.model_choice import MAX_MODELS, SceneOfModels
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

HOME_LATENT_CAMERA = (0.75, 0.42, 1.0)


@dataclass(frozen=True)
class Scene(SceneOfModels):
    """The scene that a link opens again: the same triangle, the same models, the same cameras.

    pose: three vertices, edge of the training cube = 1; reference: the pose that drift is measured
    from, None where it is the pose itself; cameras: yaw and pitch in radians, zoom; models: names,
    none for the page's own choice. Raises DataError for what no hand can make.
    """

    LAYOUT: ClassVar[tuple[Field, ...]] = (
        Numbers("pose", 9),
        Numbers("camera", 3),
        Numbers("latent_camera", 3),
        Choice("tool", TOOLS),
        Numbers("reference", 9, since=2),
        Words("models", MAX_MODELS),
    )
    pose: Pose = HOME_POSE
    camera: Triple = HOME_CAMERA
    latent_camera: Triple = HOME_LATENT_CAMERA
    tool: str = TOOLS[0]
    models: tuple[str, ...] = ()
    reference: Pose | None = None

    def __post_init__(self) -> None:
        for pose in (self.pose, self.reference):
            if pose is not None:
                check_pose(pose)
        check_camera(self.camera)
        check_camera(self.latent_camera)
        check_tool(self.tool)
        check_words(self.models, MAX_MODELS)

    @property
    def vertices(self) -> np.ndarray:
        """The pose (3, 3), float64."""
        return np.array(self.pose)
