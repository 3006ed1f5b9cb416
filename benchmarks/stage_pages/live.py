"""The live stage alone, to be measured: ?n= reference triangles, ?k= models."""

from __future__ import annotations

import streamlit as st

from benchmarks.stage_pages.models import reference, stage_models
from trisym.ui.symmetry.stage import stage

st.set_page_config(layout="wide")
n = int(st.query_params.get("n", "5000"))
k = int(st.query_params.get("k", "3"))
stage(stage_models(k), reference(n), key="stage")
