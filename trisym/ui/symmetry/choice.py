"""Which networks are on the stage: a choice that the link keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.models import FIRST, identified
from trisym.ui.symmetry.scene import MAX_MODELS, Scene


def choose(
    there: Mapping[str, str], link: SceneLink[Scene], key: str = "models"
) -> tuple[tuple[str, ...], str | None]:
    """Ask for one to three of the models, given with their titles; return their ids, and a
    sentence about a link that failed.

    The choice starts from the link's scene, and is written into it.
    """
    asked = {name: identified(name) for name in (link.scene.models if link.scene else ())}
    unknown = [name for name, model in asked.items() if model not in there]
    fault = f"This link asks for {', '.join(unknown)}, which is not here." if unknown else None
    found = dict.fromkeys(model for model in asked.values() if model and model in there)
    _follow(link, key, list(found) or _first(there))
    picked: Sequence[str] = st.multiselect(
        "Networks",
        list(there),
        format_func=there.__getitem__,
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


def _follow(link: SceneLink[Scene], key: str, asked: Sequence[str]) -> None:
    """Set the widget where it is new, or where the visitor came by another link."""
    seen = f"{key}:revision"
    if key not in st.session_state or st.session_state.get(seen) != link.revision:
        st.session_state[key] = list(asked)
        st.session_state[seen] = link.revision


def _first(there: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in FIRST if name in there)
