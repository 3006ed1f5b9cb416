"""Starts runs at a press: one, the same network on two losses, or on ten seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from trisym.config import FitConfig
from trisym.jobs import queue
from trisym.names import LONGEST, check_name, cleaned
from trisym.ui.kit import notices, visitor
from trisym.ui.room import view as room
from trisym.ui.training import here
from trisym.ui.training.choice import Choice

ABOUT = "train"  # of its notices
BY, NAME = "training:by", "training:name"  # what the visitor likes to be called, and the run
LONGEST_BY = 20
SIDES_AGAINST_COORDINATES = ("sides", "mse")
SEEDS = 10


def one(choice: Choice) -> None:
    """Train what was chosen, where it was chosen."""

    def action() -> None:
        if choice.place == "server":
            _submitted([choice.config()], [""])
        else:
            _ordered([choice.config()], [""])

    notices.carry_out(ABOUT, action)


def _ordered(configs: Sequence[FitConfig], endings: Sequence[str]) -> None:
    """Have the visitor's browser train, and let the page's link name the runs."""
    st.query_params["run"] = here.order(configs, _names(configs, endings))


def both_losses(choice: Choice) -> None:
    """Train the same network on sides and on coordinates, to be watched side by side."""

    def action() -> None:
        losses = SIDES_AGAINST_COORDINATES
        configs = [replace(choice, loss=loss).config() for loss in losses]
        (_submitted if choice.place == "server" else _ordered)(configs, losses)

    notices.carry_out(ABOUT, action)


def ten_seeds(choice: Choice) -> None:
    """Train the same from ten seeds, the chosen one and those after it."""

    def action() -> None:
        seeds = range(choice.seed, choice.seed + SEEDS)
        configs = [replace(choice, seed=seed).config() for seed in seeds]
        _submitted(configs, [f"s{seed}" for seed in seeds])

    notices.carry_out(ABOUT, action)


def _submitted(configs: Sequence[FitConfig], endings: Sequence[str]) -> None:
    """Queue the runs, and let the page's link name them."""
    names, by = _names(configs, endings), nickname()
    jobs = queue.open_queue().submit_together(
        configs, names, visitor.current(), by, room.code() or "", room.leads()
    )
    st.query_params["run"] = jobs[0].group or jobs[0].id


def _names(configs: Sequence[FitConfig], endings: Sequence[str]) -> list[str]:
    """Return what runs will be called; raises ConfigError where the visitor can't be."""
    by = nickname()
    if by:
        check_name(by)
    return [_name(config, ending, by) for config, ending in zip(configs, endings, strict=True)]


def tell_of_class() -> None:
    """Say in whose turn a run comes, to who is in a room."""
    if room.leads():
        st.caption("In your class, your runs come before those that wait.")
    elif room.code():
        st.caption("In a class, your runs come after the teacher's.")


def nickname() -> str:
    """Return what the visitor likes to be called, as typed in this session."""
    return cleaned(st.session_state.get(BY, ""))[:LONGEST_BY]


def _name(config: FitConfig, ending: str, by: str) -> str:
    """Return what a run will be called: as the visitor typed, or by who and what it is."""
    typed = cleaned(st.session_state.get(NAME, ""))
    if typed:
        return _joined(typed, ending)
    what = suggested(config, by)  # which says the loss already
    return what if ending == config.loss else _joined(what, ending)


def suggested(config: FitConfig, by: str) -> str:
    """Return a name for a run of who likes to be called so."""
    kind = "vae-" if config.kl_weight else ""
    what = f"{kind}{config.loss}-h{getattr(config.network, 'latent', 0)}"
    return _joined(by, what) if by else what


def _joined(name: str, ending: str) -> str:
    if not ending:
        return name
    return f"{name[: LONGEST - len(ending) - 1].rstrip()}-{ending}"
