"""Symmetry spectra for the page: each network is asked once for all visitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from trisym.ui.kit import models

if TYPE_CHECKING:
    from trisym.spectrum import Spectrum

FIRST = ("sides-h3", "perimeter-h3", "mse-h3")  # six, six and none


def spectrum(name: str) -> Spectrum:
    """Return a model's symmetry spectrum.

    Raises DataError for a network that can't be asked: its latent is constant, or not finite.
    """
    return _spectrum(name, models.digest(name))


@st.cache_resource(show_spinner="Asking the network …", max_entries=100)
def _spectrum(name: str, digest: str) -> Spectrum:
    from trisym import jacobians, symmetries

    data = models.data(name)
    assert data.edge is not None
    function = jacobians.of_encoder(models.network(name))
    return symmetries.spectrum(function, symmetries.held_out(data), data.edge)
