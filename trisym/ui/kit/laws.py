"""Held-out triangles of the laws that networks were trained on, as live views show them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from trisym.ui.kit import models
from trisym.ui.kit.arrays import to_base64
from trisym.ui.kit.served import JsonFile
from trisym.ui.kit.triangle_scene import HOME_POSE

if TYPE_CHECKING:
    from trisym.datasets import DataConfig

SHOWN = 1_500  # triangles; the server asks a network about twice as many for its spectrum


@dataclass(frozen=True)
class Law:
    """Held-out triangles (triangle, 3, 3) of the law that a network was trained on, in its cube."""

    id: str
    edge: float
    triangles: np.ndarray

    @cached_property
    def file(self) -> JsonFile:
        """The triangles as browsers keep them."""
        return JsonFile(to_base64(self.triangles))


def law(name: str) -> Law:
    """Return what a model is shown of its own law; of random ones, the first is the one in the
    hand.
    """
    return _law(models.data(name))


@st.cache_resource(show_spinner=False, max_entries=20)
def _law(data: DataConfig) -> Law:
    from trisym import symmetries

    triangles = symmetries.held_out(data, SHOWN).numpy()
    if data.name == "random" and not data.min_side:
        assert data.edge is not None  # DataConfig puts the set's own edge there
        triangles[0] = np.array(HOME_POSE) * data.edge
    triangles.flags.writeable = False
    parts = (data.name, data.edge, data.min_side, data.constant_side, data.seed)
    assert data.edge is not None
    return Law("-".join(map(str, parts)), data.edge, triangles)
