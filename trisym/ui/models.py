"""Models for pages: which there are, each loaded once for all visitors, and ready for the stage.

What is cached here is shared by all sessions, and read only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

import trisym  # its modules come when they are used: torch takes two seconds
from trisym import library
from trisym.errors import TrisymError
from trisym.ui.stage import MAX_MODELS, Scene, SceneLink, StageModel

if TYPE_CHECKING:
    from trisym.networks import Autoencoder

UNTRAINED = "untrained"
FIRST = ("sides-h3", "mse-h3", UNTRAINED)  # what the symmetry page opens with
TRAINED_ON = {"sides": "sides", "mse": "coordinates", "perimeter": "perimeters"}
REFERENCE_SEED = 2021  # no training draws from it


def names() -> list[str]:
    """The autoencoders of triangles: shipped, untrained and own; those of FIRST come first."""
    shipped = [name for name in trisym.checkpoints.names() if _is_triangle_model(name)]
    known = [*shipped, UNTRAINED, *own()]
    return [n for n in FIRST if n in known] + [n for n in known if n not in FIRST]


def own() -> list[str]:
    """The autoencoders of triangles that visitors trained or brought, the newest first."""
    return [name for name in library.names() if _is_sound(name) and _is_triangle_model(name)]


def _is_sound(name: str) -> bool:
    """Say whether the file can be read: a damaged one must not close every page."""
    try:
        _card(name, digest(name))
    except TrisymError:
        return False
    return True


def _file(name: str) -> str | Path:
    """What `trisym.load` takes for a model: an own one is a file, a shipped one a name."""
    return library.path(name) if name in library.names() else name


def _is_triangle_model(name: str) -> bool:
    """Say whether it brings triangles back; the translations of table 2 lead elsewhere."""
    config = _card(name, digest(name)).config
    network, data = config.network, trisym.datasets.DATASETS[config.data.name]
    if not isinstance(network, trisym.AutoencoderConfig) or data.pairs is not None:
        return False
    return network.vertices == 3


def digest(name: str) -> str:
    """What tells a model from one of the same name trained later."""
    return UNTRAINED if name == UNTRAINED else trisym.checkpoints.sha256(_file(name))


@st.cache_resource(show_spinner=False)
def _card(name: str, digest: str) -> trisym.Card:
    return trisym.load_card(_file(name))


@st.cache_resource(show_spinner="Loading the network …")
def _network(name: str, digest: str) -> Autoencoder:
    if name == UNTRAINED:
        from trisym.experiments.invariance import untrained

        return untrained()
    return trisym.checkpoints.load_autoencoder(_file(name))


def network(name: str) -> Autoencoder:
    """Return a model by its name, frozen, on the CPU; CheckpointError where there is none."""
    return _network(name, digest(name))


def title(name: str) -> str:
    """What a visitor reads: what the model was trained on, and what sets it apart."""
    if name == UNTRAINED:
        return "Untrained"
    config, nodes = _card(name, digest(name)).config, network(name).config.latent
    trained_on = TRAINED_ON.get(config.loss, config.loss)
    parts = [f"{name}, trained on {trained_on}" if name in own() else f"Trained on {trained_on}"]
    if nodes != 3:
        parts.append(f"h = {nodes}")
    if config.data.name != "random":
        parts.append(config.data.name)
    return ", ".join(parts)


@st.cache_resource(show_spinner=False)
def _on_stage(name: str, digest: str, title: str) -> StageModel:
    model = network(name)
    arrays = {key: tensor.numpy() for key, tensor in model.state_dict().items()}
    config = model.config
    return StageModel.from_arrays(
        name,
        arrays,
        slope=1.0 if config.activation == "linear" else config.slope,
        title=title,
        input_activation=config.input_activation,
    )


def on_stage(name: str) -> StageModel:
    """Return a model as the stage takes it."""
    return _on_stage(name, digest(name), title(name))


@st.cache_resource(show_spinner="Drawing triangles …", max_entries=4)
def reference(count: int) -> np.ndarray:
    """Return triangles (count, 3, 3) that no model was trained on, the same for every visitor."""
    triangles = trisym.datasets.generate("random", n=count, seed=REFERENCE_SEED).inputs.numpy()
    triangles.flags.writeable = False
    return triangles


def choose(link: SceneLink, key: str = "models") -> tuple[tuple[str, ...], str | None]:
    """Ask for one to three models; return their names, and a sentence about a link that failed.

    The choice starts from the link's scene, and is written into it.
    """
    there = names()
    asked = link.scene.models if link.scene else ()
    unknown = [name for name in asked if name not in there]
    fault = f"This link asks for {', '.join(unknown)}, which is not here." if unknown else None
    _follow(link, key, [name for name in asked if name in there] or _first(there))
    picked: Sequence[str] = st.multiselect(
        "Networks",
        there,
        format_func=title,
        max_selections=MAX_MODELS,
        key=key,
        placeholder="Choose one to three networks",
        label_visibility="collapsed",
    )
    if not picked:
        st.error(f"Choose one to {MAX_MODELS} networks; until then these are the usual ones.")
        return _first(there), fault
    if link.scene is None and tuple(picked) != _first(there):
        link.write(Scene(models=tuple(picked)))
    return tuple(picked), fault


def _follow(link: SceneLink, key: str, asked: Sequence[str]) -> None:
    """Set the widget where it is new, or where the visitor came by another link."""
    seen = f"{key}:revision"
    if key not in st.session_state or st.session_state.get(seen) != link.revision:
        st.session_state[key] = list(asked)
        st.session_state[seen] = link.revision


def _first(there: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in FIRST if name in there)


def missing() -> str | None:
    """A sentence with the command that makes what FIRST needs and is not here; else None."""
    there = names()
    absent = " ".join(name for name in FIRST if name not in there)
    if not absent:
        return None
    return f"A trained network is missing: `python -m trisym reproduce {absent}` makes it."
