"""The decoder's scene: a latent point, the cameras of the spaces and of the cube, a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from trisym.errors import DataError
from trisym.ui.kit.link_codec import Field, LinkedScene, Numbers, Words, check_words, rounded
from trisym.ui.kit.triangle_scene import HOME_CAMERA, Triple, check_camera

NO_LATENT = "The link's latent point must be three numbers, such as 0.5,-0.2,1."
NODES = 3
UNPLACED = (
    0.0,
    0.0,
    0.0,
)  # in the middle of a cloud that only the browser knows: no hand is so exact
FARTHEST = 1e3  # a latent coordinate that no cloud reaches


@dataclass(frozen=True)
class Scene(LinkedScene):
    """The scene that a link opens again: three latent numbers, two cameras, and the network, where
    it is not the page's own.

    Raises DataError for what no hand can make.
    """

    LAYOUT: ClassVar[tuple[Field, ...]] = (
        Numbers("latent", NODES),
        Numbers("camera", 3),
        Numbers("cube_camera", 3),
        Words("models", 1),
    )
    latent: Triple
    camera: Triple = (-0.55, 0.3, 1.0)  # across the direction of equal sides
    cube_camera: Triple = HOME_CAMERA
    models: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.latent) != NODES or not np.abs(self.latent).max() <= FARTHEST:
            raise DataError(NO_LATENT)
        check_camera(self.camera)
        check_camera(self.cube_camera)
        check_words(self.models, 1)

    @classmethod
    def from_text(cls, text: str) -> Scene:
        """Return the scene of a link; three numbers, as 0.5,-0.2,1, may stand for it too."""
        if text.startswith("v1."):
            return super().from_text(text)
        try:
            numbers = [float(part) for part in text.split(",")]
        except ValueError as error:
            raise DataError(NO_LATENT) from error
        if len(numbers) != NODES:
            raise DataError(NO_LATENT)
        return cls(rounded(numbers))
