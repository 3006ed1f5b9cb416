"""Models for pages: which there are, each loaded once for all visitors, and ready for the browser.

A model is known by an id that never changes: a shipped one's name, a visitor's run id. What is
cached here is shared by all sessions, and read only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import chain, count
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

import trisym  # its modules come when they are used: torch takes two seconds
from trisym.errors import CheckpointError, DataError, TrisymError
from trisym.names import UNTRAINED, numbered
from trisym.outside_text import shortened
from trisym.storage import saved_runs
from trisym.ui.kit import local
from trisym.ui.kit.browser_model import BrowserModel, InBrowser
from trisym.ui.kit.local import LocalModel

if TYPE_CHECKING:
    from trisym.datasets import DataConfig
    from trisym.networks import Autoencoder

UNTRAINED_TITLE = "Untrained"
FIRST = ("sides-h3", "mse-h3", UNTRAINED)  # what the symmetry page opens with
TRAINED_ON = {
    "sides": "sides",
    "mse": "coordinates",
    "perimeter": "perimeters",
    "energy": "the energy",
}
MOST_KEPT = 100  # networks, of 30 kB and more
REFERENCE_SEED = 2021  # no training draws from it
_lent: dict[str, Path] = {}  # files beside the library, by their ids


def titles(*, here: bool = False) -> dict[str, str]:
    """Return by id what a visitor reads of each autoencoder of triangles, as plain text: what it
    was trained on, and what sets it apart. Shipped, untrained and own ones; FIRST come first.

    here: also those that are in the visitor's browser only, which the server can't compute with.
    """
    shipped = _shipped_titles(trisym.checkpoints.stamps())
    own = {entry.id: _title_of_run(entry) for entry in saved_runs.entries() if entry.has_model}
    known = {model: title for model, title in ({**shipped, **own}).items() if title}
    if here:
        known |= {model.id: _title_of_local(model) for model in local.models().values()}
    known[UNTRAINED] = UNTRAINED_TITLE
    return {name: known[name] for name in FIRST if name in known} | known


@lru_cache(maxsize=1)
def _shipped_titles(_stamps: frozenset[tuple[str, int, int, int]]) -> Mapping[str, str | None]:
    """Read forty cards once, not at each page: a class turns to it thirty times at once."""
    return MappingProxyType({name: _title(name) for name in trisym.checkpoints.names()})


def of_size(latent: int, but: Collection[str] = ()) -> dict[str, str]:
    """Return by id the titles of the plain networks with so many latent nodes, those of the
    visitor's browser too, without some.
    """
    there = titles(here=True)
    return {
        name: title
        for name, title in there.items()
        if name not in (*but, UNTRAINED) and _size(name) == latent
    }


def _size(name: str) -> int | None:
    if name in local.models():
        return local.models()[name].latent
    return _size_on_server(digest(name), file_of(name))


@st.cache_resource(show_spinner=False)
def _size_on_server(digest: str, _file: str | Path) -> int | None:
    network = trisym.load_card(_file).config.network
    assert isinstance(network, trisym.AutoencoderConfig)  # it has a title
    return None if network.variational else network.latent


def _title_of_local(model: LocalModel) -> str:
    told = _told_of(model.loss, model.latent, model.data)
    return f"{model.title}, in this browser, {told}"


def _title(shipped: str) -> str | None:
    story = _told(shipped)
    return story and story[0].upper() + story[1:]


def _title_of_run(entry: saved_runs.Entry) -> str | None:
    story = _told(entry.id)
    return story and f"{entry.name}, {story}"


def _told(model: str) -> str | None:
    """None where it is no autoencoder of triangles, or damaged: that must not close every page."""
    try:
        return _story(digest(model), file_of(model))
    except TrisymError:
        return None


def identified(asked: str) -> str | None:
    """Return the id of what a link asks for by its id, or by a run's name as older links do."""
    if local.is_local(asked):
        return asked if asked in local.models() else None
    if asked in (UNTRAINED, *trisym.checkpoints.names(), *_lent) or saved_runs.find(asked):
        return asked
    return next((entry.id for entry in saved_runs.entries() if entry.name == asked), None)


@st.cache_resource(show_spinner=False)
def _story(digest: str, _file: str | Path) -> str | None:
    from trisym.storage.cards import WRITTEN

    card = trisym.load_card(_file)
    config = card.config
    network, data = config.network, trisym.datasets.DATASETS[config.data.name]
    if not isinstance(network, trisym.AutoencoderConfig) or network.vertices != 3:
        return None
    if data.pairs is not None:  # the translations of table 2 lead elsewhere
        return None
    by_hand = "encoder written by hand, decoder " if WRITTEN in card.notes else ""
    told = _told_of(config.loss, network.latent, config.data.name, config.energy_weight)
    return f"{by_hand}{told}" + (
        f", VAE with β = {config.kl_weight:g}" if network.variational else ""
    )


def _told_of(loss: str, latent: int, data: str, energy_weight: float = 0) -> str:
    energy = f" + {energy_weight:g} × energy" if energy_weight else ""
    parts = [f"trained on {TRAINED_ON.get(loss, shortened(loss))}{energy}"]
    if latent != 3:
        parts.append(f"h = {latent}")
    if data != "random":
        parts.append(shortened(data))
    return ", ".join(parts)


def file_of(model: str) -> str | Path:
    """Return what `trisym.load` takes for a model: a shipped one is a name, an own one a file.

    Raises DataError for one that is in the visitor's browser only.
    """
    if local.is_local(model):
        raise DataError(local.NOT_HERE)
    if model in trisym.checkpoints.names():
        return model
    return _lent.get(model) or saved_runs.model_path(model)


def lend(file: Path) -> str:
    """Make a model known that lies anywhere; return its id in this process.

    Raises CheckpointError where the file holds no autoencoder of triangles.
    """
    wanted = trisym.load_card(file).name
    names = chain([wanted], (numbered(wanted, number) for number in count(2)))
    taken = {*trisym.checkpoints.names(), *(name for name, of in _lent.items() if of != file)}
    name = next(name for name in names if name not in taken)
    _lent[name] = file
    if _told(name) is None:
        raise CheckpointError(f"{file} is no autoencoder of triangles, which the views show.")
    return name


def digest(name: str) -> str:
    """Return a mark that tells a model from one of the same name trained later."""
    if local.is_local(name):
        return name
    return UNTRAINED if name == UNTRAINED else trisym.checkpoints.sha256(file_of(name))


@st.cache_resource(show_spinner="Loading the network …", max_entries=MOST_KEPT)
def _network(name: str, digest: str) -> Autoencoder:
    if name == UNTRAINED:
        from trisym.evaluation import untrained

        return untrained()
    return trisym.checkpoints.load_autoencoder(file_of(name))


def data(name: str) -> DataConfig:
    """Return the law of the triangles that a model was trained on."""
    if name in local.models():
        return trisym.DataConfig(local.models()[name].data)
    return trisym.DataConfig() if name == UNTRAINED else trisym.load_card(file_of(name)).config.data


def network(name: str) -> Autoencoder:
    """Return a model by its name, frozen, on the CPU; CheckpointError where there is none."""
    return _network(name, digest(name))


@st.cache_resource(show_spinner=False, max_entries=MOST_KEPT)
def _in_browser(name: str, digest: str, title: str) -> BrowserModel:
    model = network(name)
    arrays = {key: tensor.numpy() for key, tensor in model.state_dict().items()}
    config = model.config
    return BrowserModel.from_arrays(
        name,
        arrays,
        slope=1.0 if config.activation == "linear" else config.slope,
        title=title,
        input_activation=config.input_activation,
    )


def shown(name: str) -> InBrowser:
    """Return a model as a live view takes it, also one that is in the visitor's browser only."""
    return local.models()[name] if name in local.models() else in_browser(name)


def in_browser(name: str) -> BrowserModel:
    """Return a model of the server as a live view takes it."""
    return _in_browser(name, digest(name), title(name))


def on_server(names: Sequence[str]) -> list[str]:
    """Return those of the models that the server has, and can compute with."""
    return [name for name in names if not local.is_local(name)]


def title(model: str) -> str:
    """Return what a visitor reads of one model, as plain text."""
    if local.is_local(model):
        found = local.models().get(model)
        return _title_of_local(found) if found else model
    if model == UNTRAINED:
        return UNTRAINED_TITLE
    if model in _lent:
        return f"{model}, {_told(model)}"
    run = saved_runs.find(model)
    return (_title_of_run(run) if run else _title(model)) or model


@st.cache_resource(show_spinner="Drawing triangles …", max_entries=4)
def reference(count: int) -> np.ndarray:
    """Return triangles (count, 3, 3) that no model was trained on, the same for every visitor."""
    triangles = trisym.datasets.generate("random", n=count, seed=REFERENCE_SEED).inputs.numpy()
    triangles.flags.writeable = False
    return triangles


def missing() -> str | None:
    """A sentence with the command that makes what FIRST needs and is not here; else None."""
    there = {*trisym.checkpoints.names(), UNTRAINED}
    absent = " ".join(name for name in FIRST if name not in there)
    if not absent:
        return None
    return f"A trained network is missing: `python -m trisym reproduce {absent}` makes it."
