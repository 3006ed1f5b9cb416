"""A small app around the stage for the browser tests: two pages, models of the test's choice.

Query parameters: `n` triangles of reference, `models` (h3, h1, h2, h5, table1, slope001 or the name
of a shipped model, joined by commas).
"""

from __future__ import annotations

import json

import numpy as np
import streamlit as st

from tests.browser.stage.models import reference, stage_model
from trisym.ui.kit.link import SceneLink
from trisym.ui.symmetry.scene import Scene
from trisym.ui.symmetry.stage import stage


def live() -> None:
    st.title("Stage")
    names = st.query_params.get("models", "h3,other,slope001").split(",")
    if st.checkbox("Another model"):
        names[0] = "another"
    st.session_state.runs = st.session_state.get("runs", 0) + 1
    state = stage(
        [stage_model(name) for name in names],
        reference(int(st.query_params.get("n", "500"))),
        key="stage",
        link=SceneLink(Scene),
    )
    sides = np.linalg.norm(state.pose - np.roll(state.pose, -1, axis=0), axis=1)
    told = {
        "runs": st.session_state.runs,
        "pose": state.pose.tolist(),
        "sides": sides.tolist(),
        "drift": dict(state.drift),
        "largest": dict(state.largest),
        "tool": state.scene.tool,
        "camera": state.scene.camera,
    }
    st.button("Rerun")
    st.code(json.dumps(told), language=None)
    st.markdown("\n\n".join(["Something to scroll to."] * 40))


def elsewhere() -> None:
    st.title("Elsewhere")


st.set_page_config(layout="wide")
pages = [
    st.Page(live, title="Live", url_path="live", default=True),
    st.Page(elsewhere, title="Elsewhere", url_path="elsewhere"),
]
st.navigation(pages, position="top").run()
