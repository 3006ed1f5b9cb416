"""Runs of the visitor's own browser that are compared: it tells of those that were chosen there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from trisym import config
from trisym.errors import ConfigError, TrisymError
from trisym.jobs.messages import MOST_RECORDS
from trisym.names import free
from trisym.storage.saved_runs import Entry
from trisym.ui.kit import local
from trisym.ui.training.compare import CURVE, MOST_COMPARED
from trisym.validation import build

KEPT = "local:compared"
ABOUT = "A run of your browser"


@dataclass(frozen=True)
class Compared:
    """A run of a browser: its facts, and epochs, seconds and side error of its records."""

    entry: Entry
    curve: tuple[tuple[float, float, float], ...]

    def __post_init__(self) -> None:
        if not local.ID.fullmatch(self.entry.id):
            raise ConfigError(f"{ABOUT} is called here- and eight hexadecimal digits.")
        if len(self.curve) > MOST_RECORDS:
            raise ConfigError(f"{ABOUT} has at most {MOST_RECORDS:,} records.")

    @property
    def history(self) -> pd.DataFrame:
        return pd.DataFrame(self.curve, columns=[*CURVE])


@dataclass(frozen=True)
class _Told:
    entry: dict[str, Any]
    curve: tuple[tuple[float, float, float], ...]


def hear(told: object) -> None:
    """Take in what the browser tells; a run that can't be read of it is left out."""
    found = []
    for each in told[:MOST_COMPARED] if isinstance(told, list) else []:
        try:
            sent = build(_Told, each, ABOUT)
            entry = build(Entry, sent.entry, ABOUT, config.network, whole=False)
            found.append(Compared(entry, sent.curve))
        except TrisymError:
            continue
    st.session_state[KEPT] = found


def runs(beside: Iterable[Entry]) -> Mapping[str, Compared]:
    """Return the chosen runs of the browser by their ids, each with a name of its own.

    beside: the runs that they are compared with, which keep their names.
    """
    taken = {entry.name for entry in beside}
    named = {}
    for run in st.session_state.get(KEPT, []):
        name = free(run.entry.name, taken)
        taken.add(name)
        named[run.entry.id] = replace(run, entry=replace(run.entry, name=name))
    return named
