"""The film of the network that was asked for the energy alone, on the page and as a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from trisym.film import Film
from trisym.outside_text import shortened
from trisym.storage import results
from trisym.ui.kit.folds import EVIDENCE
from trisym.ui.kit.saved_page import About, Shown
from trisym.ui.training.film import exported as film_page
from trisym.ui.training.film import film

NAME = "physics-run"
ADDRESS = f"physics?{EVIDENCE}=true&film={NAME}"  # opens where it is, and names it for `export`
TITLE = "The energy alone, as it trains"
SHOWS = (
    "A network that was asked for the energy of three atoms and nothing else, frame by frame: the "
    "latent points of 20 molecules in 25 poses each, one colour a molecule. Drag the scrubber. "
    "Orbit spread is 0 when every pose of a molecule has one latent point."
)


@st.cache_resource(show_spinner=False, max_entries=2)
def _film(file: Path, changed: int) -> Film:
    return Film.from_bytes(file.read_bytes())


def show() -> None:
    """Show the recorded film; TrisymError, with the command, where there is none."""
    shown, card = _recorded()
    status = f"Trained {card['made']}. Drag the scrubber."
    film(NAME, shown, key="physics-film", status=status, about=_about(card))


def exported() -> Shown:
    """Return the film to be written as a file; TrisymError where there is none."""
    shown, card = _recorded()
    return film_page(NAME, shown, status=f"Trained {card['made']}.", about=_about(card))


def _recorded() -> tuple[Film, Mapping[str, str]]:
    """Return the film, and how it was made in a few lines."""
    file, card = results.place(NAME, ending="safetensors"), results.load_card(NAME)
    made = f"{shortened(card['created'])} on {shortened(card['device'])}"
    what = f"{NAME}: asked for the energy alone, the lowest error of those that were watched"
    lines = {"run": what, "made": made, "command": shortened(card["command"])}
    return _film(file, file.stat().st_mtime_ns), lines


def _about(card: Mapping[str, str]) -> About:
    return About(ADDRESS, TITLE, SHOWS, [("The run", card)])
