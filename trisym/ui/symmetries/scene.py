"""The scene of the symmetry spectra as a link keeps it: a motion, a network, a triangle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from trisym.errors import DataError
from trisym.spectrum import MOTIONS
from trisym.ui.kit.link_codec import Choice, Field, Numbers, Words, check_words
from trisym.ui.kit.model_choice import MAX_MODELS, SceneOfModels
from trisym.ui.kit.triangle_scene import HOME_CAMERA, Triple, check_camera

NO_RANK = "none"  # a motion put together by hand
RANKS = (NO_RANK, *(str(rank) for rank in range(1, MOTIONS + 1)))
ROWS = tuple(str(row) for row in range(1, MAX_MODELS + 1))
FIRST_RANK = "7"  # the strongest answer that the invariant network does not see: a rotation
LATENT_CAMERA = (0.75, 0.42, 1.0)
_LARGEST = 20.0  # of a motion's numbers: a slider at its end gives 5 at most
_MOST_TRIANGLES = 100_000
_START = (0.0,) * MOTIONS  # the view takes the network's own motion of that rank


@dataclass(frozen=True)
class Scene(SceneOfModels):
    """The scene that a link opens again. Raises DataError for one that no hand can make.

    motion: A row by row, then b; rank: which of the shown network's own motions it is, "1" the
    strongest answer; shown: which of the models, "1" the first; triangle: its place in the set.
    """

    LAYOUT: ClassVar[tuple[Field, ...]] = (
        Numbers("motion", MOTIONS),
        Numbers("triangle", 1),
        Numbers("camera", 3),
        Numbers("latent_camera", 3),
        Choice("rank", RANKS),
        Choice("shown", ROWS),
        Words("models", MAX_MODELS),
    )

    motion: tuple[float, ...] = _START
    triangle: tuple[float, ...] = (0.0,)
    camera: Triple = HOME_CAMERA
    latent_camera: Triple = LATENT_CAMERA
    rank: str = FIRST_RANK
    shown: str = ROWS[0]
    models: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        motion = np.asarray(self.motion, dtype=float)
        if motion.shape != (MOTIONS,) or not np.abs(motion).max() <= _LARGEST:
            raise DataError(
                f"A motion is {MOTIONS} numbers from {-_LARGEST:g} to {_LARGEST:g}: nine of A, "
                "three of b."
            )
        if len(self.triangle) != 1 or not 0 <= self.triangle[0] <= _MOST_TRIANGLES:
            raise DataError("A scene names its triangle by one number from 0 on.")
        for camera in (self.camera, self.latent_camera):
            check_camera(camera)
        check_words(self.models, MAX_MODELS)
