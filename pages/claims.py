"""Every claim of the thesis, what we measured, and a verdict by a stated rule."""

import streamlit as st

from trisym.thesis.rule import RULE
from trisym.ui.claims import rows, seeds
from trisym.ui.kit.folds import RESEARCHERS, fold
from trisym.ui.kit.places import heading

judged = rows.all_judged()
heading(
    "Is it true?",
    f"{len(judged)} statements and numbers of the thesis: as printed, as its notebooks ran it, and "
    "as we measured it: by the thesis's own protocol where that has been run, and by ours beside "
    "it. The verdict comes from a rule, not from an opinion; every number is read from the result "
    "tables that the command beside it writes.",
)
chosen = rows.choose(judged)
rows.show(chosen, by_section=len(chosen) == len(judged))
rows.download(chosen)
st.header("The rule")
st.markdown(RULE)
fold(RESEARCHERS, "what of a number the triangles decide, and what the initial weights")(seeds.part)
