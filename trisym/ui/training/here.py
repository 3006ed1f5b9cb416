"""Training in the visitor's own browser: what its film needs for that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from trisym import bounds
from trisym.config import FitConfig, as_dict
from trisym.datasets import DATASETS, DataConfig
from trisym.errors import ConfigError
from trisym.storage import saved_runs
from trisym.ui.kit import local
from trisym.ui.kit.bundle import bundle
from trisym.ui.kit.live import registered
from trisym.ui.kit.served import JsonFile
from trisym.ui.training.choice import SECONDS
from trisym.validation import check_whole
from trisym.version import __version__

WORKER = Path(__file__).parent / "web" / "worker" / "worker.js"
LISTED, LIST = Path(__file__).parent / "web" / "local_list.js", "local-list"
ENTRY = "export default function serveTrainings"
ORDER = "training:order"  # the runs that the browser is to start, by their ids
TOGETHER = "."  # between the ids of runs that were started together
MOST_SEED = 2**53 - 1  # the largest whole number that JavaScript has exactly
MOST_TRIANGLES = 1_000_000  # 36 MB


@cache
def worker() -> JsonFile:
    """Return the worker's program; it starts itself."""
    text = bundle(WORKER)
    assert ENTRY in text
    return JsonFile(f"{text.replace('export default ', '')}\nserveTrainings(globalThis);\n")


def beyond(config: FitConfig) -> str:
    """Return what of a run no browser trains, in words; nothing where it trains all of it."""
    if getattr(config.network, "sees", 0):
        return "energy head"
    return "VAE" if config.kl_weight else ""


def check(config: FitConfig) -> None:
    """Raise ConfigError for what a browser can't train, saying what it can."""
    if config.dtype != "float32":
        raise ConfigError("A browser trains in float32 only: take the server for float64.")
    if what := beyond(config):
        raise ConfigError(f"A browser trains no {what}: take the server for that.")
    check_whole("The seed of a run in the browser", config.seed, 0, MOST_SEED)
    check_whole("The triangles of a set in the browser", config.data.n, 10, MOST_TRIANGLES)


def order(configs: Sequence[FitConfig], names: Sequence[str]) -> str:
    """Have the browser start runs when the page is next drawn; return what names them in a link."""
    for config in configs:
        check(config)
    orders = {}
    for config, name in zip(configs, names, strict=True):
        run_id = f"{local.PREFIX}{saved_runs.new_id()}"
        orders[run_id] = {"id": run_id, "name": name, "config": as_dict(config)}
    st.session_state[ORDER] = orders
    return TOGETHER.join(orders)


def ids(link: str) -> list[str]:
    """Return the runs that a link names, two at most; none where it names no run of a browser."""
    found = link.split(TOGETHER)
    return found if len(found) <= 2 and all(map(local.ID.fullmatch, found)) else []


def payload(marks: Mapping[str, Any], run_id: str = "", *, alone: bool = False) -> dict[str, Any]:
    """Return what a film needs to train; alone: on a saved page, without a server.

    marks: side errors to hold a run against, by its loss.
    """
    sets = [DataConfig(name) for name, entry in DATASETS.items() if entry.pairs is None]
    return {
        "worker": worker().value() if alone else worker().sent(),
        "version": __version__,
        "bounds": bounds.payload(),
        "order": None if alone else st.session_state.get(ORDER, {}).get(run_id),
        "marks": marks,
        "base": as_dict(replace(FitConfig(), epochs=None, seconds=SECONDS)),
        "sets": {DATASETS[data.name].title: asdict(data) for data in sets},
        "sent": {} if alone else local.sent(),
        "alone": alone,
    }


def runs(compare: Callable[[object], None]) -> None:
    """List the runs of this browser, where there are any; compare: takes in those to compare."""
    _list()(
        key=LIST,
        data={"uid": LIST},
        on_watch_change=_watch,
        on_dropped_change=lambda: None,
        on_compared_change=lambda: compare(st.session_state.get(LIST, {}).get("compared")),
    )


def _watch() -> None:
    """Show the run that the visitor chose from the list."""
    run_id = st.session_state.get(LIST, {}).get("watch")
    if isinstance(run_id, str) and local.ID.fullmatch(run_id):
        st.query_params["run"] = run_id


@cache
def _list() -> Any:
    return registered("trisym_local_list", LISTED)
