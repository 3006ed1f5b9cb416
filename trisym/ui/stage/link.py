"""The scene in the page's link: read once, written when the hand lets go."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from trisym.errors import TrisymError
from trisym.ui.stage.scene import Scene


@dataclass(frozen=True)
class _Read:
    """What was made of a link: kept in the session, so that a rerun reads nothing twice."""

    text: str | None
    scene: Scene | None
    fault: str | None
    revision: int


class SceneLink:
    """One query parameter that holds a scene.

    `scene`: what the link asks for, or the last good one, or None where there was none yet;
    `fault`: a sentence about a damaged link, or None; `revision` changes when the visitor came by
    another link (the stage then starts from it), not when the stage wrote the link itself.
    """

    def __init__(self, parameter: str = "scene") -> None:
        self.parameter = parameter
        self._key = f"scene-link:{parameter}"
        read = self._read(st.query_params.get(parameter))
        self.scene, self.fault, self.revision = read.scene, read.fault, read.revision

    def _read(self, text: str | None) -> _Read:
        before: _Read = st.session_state.get(self._key, _Read(None, None, None, 0))
        if text is None and before.text is not None and before.fault is None:
            st.query_params[self.parameter] = before.text  # another page dropped it
            return before
        if text == before.text or text is None:
            return before
        try:
            read = _Read(text, Scene.from_text(text), None, before.revision + 1)
        except TrisymError as error:
            read = _Read(text, before.scene, str(error), before.revision)
        st.session_state[self._key] = read
        return read

    def write(self, scene: Scene) -> None:
        """Put a scene into the link; nothing happens where it is there already."""
        text = scene.to_text()
        before: _Read = st.session_state.get(self._key, _Read(None, None, None, 0))
        if text == before.text:
            return
        st.session_state[self._key] = _Read(text, scene, None, before.revision)
        st.query_params[self.parameter] = text
