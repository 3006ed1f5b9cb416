"""A live view on a page: its files as a component, and its scene, kept and in the link.

Streamlit drops a component's own value when the visitor leaves, and changed data would restart the
view: what the view started from and what it sent last are kept in the session.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import streamlit as st

from trisym.errors import TrisymError
from trisym.ui.kit import served
from trisym.ui.kit.bundle import bundle
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.link_codec import LinkedScene
from trisym.ui.kit.saved_page import WEB, SavedPage, Shown, Taken, style_of

ARRIVAL = (WEB / "arrival.js").read_text(encoding="utf-8").replace("export ", "")
S = TypeVar("S", bound=LinkedScene)


def registered(name: str, entry: Path) -> Any:
    """Return the component that mounts an entry, NAME.js, with NAME.html and NAME.css beside it.

    kit.css comes before the view's own. Its module, and what a JsonFile stands for in its data, are
    files that the browser keeps. Raises BundleError where the entry can't become one module.
    """
    page = entry.with_suffix(".html")
    if not page.exists():
        return st.components.v2.component(name, js=_module(bundle(entry)))
    html = page.read_text(encoding="utf-8")
    return st.components.v2.component(
        name, html=html, css=style_of(entry), js=_module(bundle(entry))
    )


def _module(text: str) -> str:
    """Return what takes a module's place in the message: a few lines that fetch it."""
    if not served.is_served():
        return text
    address = served.put_for_good(text.encode(), "js")
    return f'{ARRIVAL}\nexport default arriving("{address}");\n'


@dataclass(frozen=True)
class Held(Generic[S]):
    """Where the hand left things: the scene, and what else the view sent (`more`).

    moved: whether a hand has let go since the view was opened; start: what the view started from.
    """

    scene: S
    start: S
    revision: str
    more: Mapping[str, Any]
    moved: bool = False


class LiveComponent(Generic[S]):
    """A view whose scene comes back when the hand lets go, never during a drag."""

    def __init__(
        self, name: str, entry: Path, scene: type[S], carriers: tuple[Path, ...] = ()
    ) -> None:
        """carriers: the entries that bring the view in messages of their own what it waits for."""
        self.scene = scene
        self.page = SavedPage(entry, carriers)
        self._mount = registered(name, entry)

    def show(
        self,
        data: Mapping[str, Any],
        *,
        key: str,
        start: S,
        link: SceneLink[S] | None = None,
        fault: str | None = None,
        amend: Callable[[S], S] = lambda scene: scene,
        on_change: Callable[[], None] | None = None,
        taken: Taken | None = None,
    ) -> Held[S]:
        """Mount the view and return where the hand left things.

        data: JSON beside the scene. start: where to start without a link, another start where it
        changes. link: keeps the scene in the page's link. fault: a sentence to show on the view.
        amend: adds to a scene what the page decides. on_change: called, as every Streamlit
        callback, before the rerun after a release. taken: lets the visitor take the view away.
        Raises DataError for a scene that no hand could have made.
        """
        held = self._held(key, start, link, amend)
        self._mount(
            key=key,
            data={
                **self._start(key, held.revision, held.start),
                "fault": fault or (link.fault if link else None),
                "takeAway": self.page.offer(taken) if taken else None,
                **data,
            },
            on_scene_change=lambda: self._heard(key, on_change),
        )
        self._receive(key)
        held = st.session_state[_kept(key)]
        held = replace(held, scene=amend(held.scene))
        if link and (held.moved or (link.scene and amend(link.scene) != link.scene)):
            link.write(held.scene)
        return held

    def exported(self, data: Mapping[str, Any], scene: S, taken: Taken) -> Shown:
        """Return the view at a scene, to be written as a file."""
        own = self._start("view", "", scene)
        return Shown(self.page, {**own, **data}, taken, scene.values())

    def _start(self, key: str, revision: str, start: S) -> dict[str, Any]:
        layout = [field.payload() for field in self.scene.LAYOUT]
        return {"uid": key, "revision": revision, "start": start.to_text(), "layout": layout}

    def _held(
        self, key: str, start: S, link: SceneLink[S] | None, amend: Callable[[S], S]
    ) -> Held[S]:
        """Return the kept scene, or the start: another link was opened, or Python set another."""
        kept: Held[S] | None = st.session_state.get(_kept(key))
        digest = hashlib.sha256(start.to_text().encode()).hexdigest()[:8]
        revision = f"{link.revision if link else 0} {digest}"
        if kept is None or kept.revision != revision:
            scene = amend((link.scene if link else None) or start)
            kept = Held(scene, scene, revision, {})
            st.session_state[_kept(key)] = kept
        return kept

    def _heard(self, key: str, on_change: Callable[[], None] | None) -> None:
        """Take what the browser sent before the page runs again; what is wrong is said there."""
        with suppress(TrisymError):
            self._receive(key)
            if on_change:
                on_change()

    def _receive(self, key: str) -> None:
        """Copy what the browser sent to where it outlives the component."""
        payload = st.session_state.get(key, {}).get("scene")
        heard = f"{key}:heard"
        text = json.dumps(payload, sort_keys=True)
        if payload is None or text == st.session_state.get(heard):
            return
        scene = self.scene.from_payload(payload)
        st.session_state[heard] = text
        more = {name: value for name, value in payload.items() if name != "text"}
        held: Held[S] = st.session_state[_kept(key)]
        st.session_state[_kept(key)] = replace(held, scene=scene, more=more, moved=True)


def _kept(key: str) -> str:
    return f"{key}:held"
