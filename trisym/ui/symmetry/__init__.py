"""The live stage: a triangle in the hand and its latent point in up to three networks.

A page calls `stage(models, reference, key=...)`; `SceneLink` keeps the scene in the page's link.
NumPy only: torch is not imported here.
"""

from __future__ import annotations

from trisym.ui.kit.browser_model import StageModel
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.scene import MAX_MODELS, Scene
from trisym.ui.symmetry.component import MAX_REFERENCE, StageState, stage

__all__ = ["MAX_MODELS", "MAX_REFERENCE", "Scene", "SceneLink", "StageModel", "StageState", "stage"]
