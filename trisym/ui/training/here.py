"""Training in the visitor's own browser: what its film needs for that, and what it sends back."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from trisym import bounds
from trisym.config import FitConfig, as_dict
from trisym.errors import ConfigError, DataError
from trisym.film import Film
from trisym.storage import own_runs, saved_runs
from trisym.ui.kit import visitor
from trisym.ui.kit.bundle import bundle
from trisym.ui.kit.served import JsonFile
from trisym.validation import check_whole
from trisym.version import __version__

WORKER = Path(__file__).parent / "web" / "worker" / "worker.js"
ENTRY = "export default function serveTrainings"
PREFIX = "here-"
ORDER = "training:order"  # the run that the browser is to start
MOST_SEED = 2**53 - 1  # the largest whole number that JavaScript has exactly
MOST_TRIANGLES = 1_000_000  # 36 MB
MOST_SENT = 2_000_000  # characters of a film as base64: 200 frames are 0.9 MB


def is_here(run_id: str) -> bool:
    """Say whether a run is one of a browser's."""
    return run_id.startswith(PREFIX)


@cache
def worker() -> JsonFile:
    """Return the worker's program, which starts itself."""
    text = bundle(WORKER)
    assert ENTRY in text
    return JsonFile(f"{text.replace('export default ', '')}\nserveTrainings(globalThis);\n")


def check(config: FitConfig) -> None:
    """Raise ConfigError for what a browser can't train, saying what it can."""
    if config.dtype != "float32":
        raise ConfigError("A browser trains in float32 only: take the server for float64.")
    check_whole("The seed of a run in the browser", config.seed, 0, MOST_SEED)
    check_whole("The triangles of a set in the browser", config.data.n, 10, MOST_TRIANGLES)


def order(config: FitConfig, name: str) -> str:
    """Have the browser start a run when the page is next drawn; return its id."""
    check(config)
    run_id = f"{PREFIX}{saved_runs.new_id()}"
    st.session_state[ORDER] = {"id": run_id, "name": name, "config": as_dict(config)}
    return run_id


def payload(marks: Mapping[str, Any], *, alone: bool = False) -> dict[str, Any]:
    """Return what a film needs to train; alone: on a saved page, without a server."""
    return {
        "worker": worker().value() if alone else worker().sent(),
        "version": __version__,
        "bounds": bounds.payload(),
        "order": None if alone else st.session_state.get(ORDER),
        "marks": marks,
        "alone": alone,
    }
