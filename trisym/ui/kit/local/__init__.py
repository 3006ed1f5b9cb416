"""Models that were trained in the visitor's own browser: the server knows their titles only.

A live view's data refer to one as {"$here": id}; the browser puts its weights there
(kit/web/arrival.js), which never leave it unless the visitor sends them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from trisym import bounds
from trisym.errors import ConfigError, DataError, TrisymError
from trisym.names import check_name
from trisym.ui.kit import served
from trisym.ui.kit.bundle import bundle
from trisym.validation import build

PREFIX = "here-"
ID = re.compile(rf"{PREFIX}[0-9a-f]{{8}}")
KEY, KEPT, ASKED = "local-models", "local:models", "local:asked"
SENT = "local:sent"  # runs of the browser that are in the library, by their ids
MOST = 100  # models that a browser may tell of


@dataclass(frozen=True)
class LocalModel:
    """A model in the visitor's browser; `name` is its id there, as a live view's scene has it."""

    name: str
    title: str
    loss: str
    data: str
    latent: int

    def __post_init__(self) -> None:
        if not ID.fullmatch(self.name):
            raise ConfigError("A run of a browser is called here- and eight hexadecimal digits.")
        check_name(self.title)
        bounds.check("The latent size h", self.latent)

    @property
    def id(self) -> str:
        return self.name

    @property
    def file(self) -> LocalFile:
        return LocalFile(self.name)


class LocalFile:
    """Stands for a local model's payload in a component's data."""

    def __init__(self, model_id: str) -> None:
        self.id = model_id

    def sent(self) -> Any:
        """Return what the browser replaces by the payload."""
        return {"$here": self.id}

    def value(self) -> Any:
        """Raise DataError: only the browser has it."""
        raise DataError(NOT_HERE)


NOT_HERE = (
    "A network of your browser is on the live view alone, until you send it to the server, which "
    "then computes with it, too."
)


def is_local(model_id: str) -> bool:
    """Say whether a model or a run is one of a browser's."""
    return model_id.startswith(PREFIX)


def follow() -> None:
    """Have the browser tell which models it has; before the page, which may end early."""
    if not served.is_served():
        return
    data = {"known": sorted(models()), "asked": st.session_state.get(ASKED, False)}
    _teller()(key=KEY, data=data, on_models_change=_heard)


def wait() -> None:
    """Ask the browser for its models before the page goes on; end this run of it."""
    if not st.session_state.get(ASKED):
        st.session_state[ASKED] = True
        st.rerun()
    st.caption("Looking for the networks of this browser …")
    st.stop()


def _heard() -> None:
    """Take the list in; what can't be read of it is left out."""
    told = st.session_state.get(KEY, {}).get("models") or []
    found = {}
    for each in told[:MOST] if isinstance(told, list) else []:
        try:
            model = build(LocalModel, each, "A model of your browser")
        except TrisymError:
            continue
        found[model.id] = model
    st.session_state[KEPT] = found


def models() -> Mapping[str, LocalModel]:
    """Return the models that the browser told of, by their ids, the newest first."""
    kept: Mapping[str, LocalModel] = st.session_state.get(KEPT, {})
    return kept


def sent() -> Mapping[str, str]:
    """Return what the library calls the runs that this session has sent, by their ids here."""
    known: Mapping[str, str] = st.session_state.get(SENT, {})
    return known


def is_told() -> bool:
    """Say whether the browser has told of its models, or can't."""
    return KEPT in st.session_state or not served.is_served()


@cache
def _teller() -> Any:
    """Register it at the first visit: app.py is imported before the server can hold components."""
    entry = Path(__file__).parent / "web" / "local_models.js"
    return st.components.v2.component("trisym_local_models", js=bundle(entry))
