"""The film of the network that was asked for the energy alone."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from trisym.film import Film
from trisym.outside_text import shortened
from trisym.storage import results
from trisym.ui.training.film import film

NAME = "physics-run"


@st.cache_resource(show_spinner=False, max_entries=2)
def _film(file: Path, changed: int) -> Film:
    return Film.from_bytes(file.read_bytes())


def show() -> None:
    """Show the recorded film; TrisymError, with the command, where there is none."""
    file = results.place(NAME, ending="safetensors")
    card = results.load_card(NAME)
    made = f"{shortened(card['created'])} on {shortened(card['device'])}"
    status = f"Trained {made}. Drag the scrubber."
    film(NAME, _film(file, file.stat().st_mtime_ns), key="physics-film", status=status)
