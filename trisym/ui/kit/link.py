"""The scene in the page's link: read once, written when the hand lets go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from trisym.errors import TrisymError
from trisym.ui.kit.link_codec import LinkedScene
from trisym.ui.kit.linked import navigated

LISTENERS: list[Callable[[], None]] = []  # called when a hand has changed a page's link

S = TypeVar("S", bound=LinkedScene)

# A rerun may carry a value that this session has just replaced: the browser had not heard yet.
_REMEMBERED = 64


@dataclass(frozen=True)
class _Read(Generic[S]):
    """The link as it was read: kept in the session, so that a rerun reads nothing twice."""

    scene: S | None = None
    fault: str | None = None
    revision: int = 0
    texts: tuple[str, ...] = ()  # the values seen and written so far, newest last


class SceneLink(Generic[S]):
    """One query parameter that holds a scene of a kind.

    `scene`: what the link asks for, or the last good one, or None where there was none yet;
    `fault`: a sentence about a damaged link, or None; `revision` changes when the visitor came by
    another link (the stage then starts from it), not when the stage wrote the link itself.
    """

    def __init__(self, kind: type[S], parameter: str = "scene") -> None:
        self.kind, self.parameter = kind, parameter
        self._key = f"scene-link:{kind.__module__}:{parameter}"  # two pages may share a parameter
        read = self._read(st.query_params.get(parameter))
        self.scene, self.fault, self.revision = read.scene, read.fault, read.revision

    def _before(self) -> _Read[S]:
        return st.session_state.get(self._key, _Read())

    def _read(self, text: str | None) -> _Read[S]:
        before = self._before()
        if navigated() and text != (before.texts or (None,))[-1]:
            return self._followed(text, before)
        if text is None and before.texts and before.fault is None:
            st.query_params[self.parameter] = before.texts[-1]  # another page dropped it
        if text is None or text in before.texts:
            return before
        return self._followed(text, before)

    def _followed(self, text: str | None, before: _Read[S]) -> _Read[S]:
        """Make the link's scene the one to start from; without one, the page's own."""
        if text is None:
            read: _Read[S] = _Read(None, None, before.revision + 1)
            st.session_state[self._key] = read
            return read
        texts = (*before.texts, text)[-_REMEMBERED:]
        try:
            read = _Read(self.kind.from_text(text), None, before.revision + 1, texts)
        except TrisymError as error:
            read = _Read(before.scene, str(error), before.revision, texts)
        st.session_state[self._key] = read
        return read

    def write(self, scene: S) -> None:
        """Put a scene into the link; nothing happens where it is there already."""
        text = scene.to_text()
        before = self._before()
        if before.texts and text == before.texts[-1]:
            return
        texts = (*before.texts, text)[-_REMEMBERED:]
        st.session_state[self._key] = _Read(scene, None, before.revision, texts)
        st.query_params[self.parameter] = text
        for listener in LISTENERS:
            listener()
