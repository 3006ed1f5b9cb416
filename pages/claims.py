"""Every claim of the thesis, what we measured, and a verdict by a stated rule."""

import streamlit as st

from trisym.thesis import claims
from trisym.ui.claims import rows
from trisym.ui.kit.places import heading

judged = rows.all_judged()
heading(
    "Is it true?",
    f"{len(judged)} statements and numbers of the thesis: as printed, as its notebooks ran it, and "
    "as we measured it. The verdict comes from a rule, not from an opinion; every number of ours "
    "is read from the result tables that the command beside it writes.",
)
chosen = rows.choose(judged)
rows.show(chosen, by_section=len(chosen) == len(judged))
rows.download(chosen)
st.header("The rule")
st.markdown(claims.RULE)
