"""Which networks a live view shows: a choice of a few that the link keeps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

import streamlit as st

from trisym.ui.kit import local
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.link_codec import LinkedScene
from trisym.ui.kit.models import identified
from trisym.ui.kit.set_widgets import again, put

MAX_MODELS = 3


class SceneOfModels(LinkedScene):
    """A scene that names the models it shows; none for the page's own choice."""

    models: tuple[str, ...]


S = TypeVar("S", bound=SceneOfModels)


def choose(
    there: Mapping[str, str],
    link: SceneLink[S],
    usual: Sequence[str],
    scene: Callable[[tuple[str, ...]], S],
    key: str = "models",
) -> tuple[tuple[str, ...], str | None]:
    """Ask for one to three of the models, given with their titles; return their ids, and a
    sentence about a link that failed.

    The choice starts from the link's scene, else from the `usual` ones, and is written into the
    link as the `scene` of its models.
    """
    if link.scene and any(map(local.is_local, link.scene.models)) and not local.is_told():
        local.wait()
    asked = {name: identified(name) for name in (link.scene.models if link.scene else ())}
    unknown = [name for name, model in asked.items() if model not in there]
    fault = f"This link asks for {', '.join(unknown)}, which is not here." if unknown else None
    found = dict.fromkeys(model for model in asked.values() if model and model in there)
    _follow(link, key, list(found) or _first(usual, there))
    if gone := [model for model in st.session_state[key] if model not in there]:
        put(key, [each for each in st.session_state[key] if each not in gone])
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
        return _first(usual, there), fault
    if link.scene is None and tuple(picked) != _first(usual, there):
        link.write(scene(tuple(picked)))
    return tuple(picked), fault


def _follow(link: SceneLink[S], key: str, asked: Sequence[str]) -> None:
    """Set the widget where it is new, or where the visitor came by another link."""
    seen = f"{key}:revision"
    if key not in st.session_state or st.session_state.get(seen) != link.revision:
        put(key, list(asked))
        st.session_state[seen] = link.revision
    else:
        again(key)


def _first(usual: Sequence[str], there: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in usual if name in there)


def another(others: Collection[str], asked: str | None, key: str, revision: int = 0) -> str | None:
    """Return the network that was chosen beside what a page shows; at first the link's.

    `choose_another` asks for it, below the view. revision: of the link, which then decides.
    """
    if asked and local.is_local(asked) and not local.is_told():
        local.wait()
    seen = f"{key}:revision"
    if key not in st.session_state or st.session_state.get(seen) != revision:
        found = identified(asked) if asked else None
        put(key, found if found in others else None)
        st.session_state[seen] = revision
    else:
        again(key)
    if st.session_state[key] not in others:  # a run may have been deleted since
        put(key, None)
    chosen: str | None = st.session_state[key]
    return chosen


def choose_another(titles: Mapping[str, str], key: str, placeholder: str) -> None:
    """Ask for a network beside what a page shows; `another` returns it in the next run."""
    st.selectbox(
        "Another network",
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        key=key,
        placeholder=placeholder,
        label_visibility="collapsed",
    )
