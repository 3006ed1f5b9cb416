"""The shipped energy predictors, each loaded once for all visitors; read only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

import trisym  # its modules come when they are used: torch takes two seconds

if TYPE_CHECKING:
    from trisym.storage.energy_models import EnergyModel

KINDS = ("sides", "latent", "coordinates")
NAMES = tuple(f"energy-{kind}" for kind in KINDS)


@st.cache_resource(show_spinner="Loading the predictors …")
def _loaded(digests: tuple[str, ...]) -> tuple[EnergyModel, ...]:
    from trisym.storage.energy_models import load

    return tuple(load(name) for name in NAMES)


def predictors() -> tuple[EnergyModel, ...]:
    """Return the shipped predictors; CheckpointError, with the command, where one is missing."""
    names = [*NAMES, "sides-h3"]
    return _loaded(tuple(trisym.checkpoints.sha256(f"{name}") for name in names))
