"""Home: what this is, a finished picture, and where to go."""

import streamlit as st

from trisym.ui.navigation import HOME, PAGES

st.title("Turn a triangle. Does the network notice?")
st.markdown(
    "Pick up a triangle and turn it: all nine coordinates change, the three sides do not. "
    "A small neural network saw a great many triangles and was never told what a rotation is. "
    "Here you can watch, with a number beside it, how much of that symmetry it found."
)

CARDS_A_ROW = 3
others = [page for page in PAGES if page is not HOME]
for start in range(0, len(others), CARDS_A_ROW):
    for column, page in zip(
        st.columns(CARDS_A_ROW), others[start : start + CARDS_A_ROW], strict=False
    ):
        with column.container(border=True, height="stretch"):
            st.page_link(page.path, label=f"**{page.title}**", icon=page.icon)
            st.markdown(page.question)
