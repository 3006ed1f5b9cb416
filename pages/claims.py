"""The ledger: every claim of the thesis, what we measured, and a verdict by a stated rule."""

import streamlit as st

from trisym.thesis import claims
from trisym.ui import ledger

st.title("Is it true?")
judged = claims.ledger()
st.markdown(
    f"{len(judged)} statements and numbers of the thesis: as printed, as its notebooks ran it, and "
    "as we measured it. The verdict comes from a rule, not from an opinion; every number of ours "
    "is read from the result tables that the command beside it writes."
)
chosen = ledger.choose(judged)
ledger.show(chosen)
ledger.download(chosen)
st.header("The rule")
st.markdown(claims.RULE)
