"""Home: what this is, a finished picture, and where to go."""

import streamlit as st

from trisym import citation
from trisym.figures import common as figures
from trisym.outside_text import in_markdown
from trisym.storage import results
from trisym.ui.kit import charts, models, tables
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.navigation import HOME, PAGES, SYMMETRY
from trisym.ui.kit.tables import short
from trisym.ui.lessons import shelves
from trisym.ui.symmetry.stage import stage

PICTURES = {"sides-h3": "Trained on sides", "mse-h3": "Trained on coordinates"}
SHOWN = 1000  # triangles in the clouds of the live picture

st.title("Turn a triangle. Does the network notice?")
st.markdown(
    "Each network squeezes a triangle's nine coordinates into three numbers: its orange dot. The "
    "triangle turns, its three sides stay. **Whose dot stays?**"
)
with tables.errors_as_sentences():
    stage(
        [models.in_browser(name) for name in PICTURES],
        models.reference(SHOWN),
        key="home",
        showing=True,
    )
with st.container(horizontal=True, gap="medium"):
    with tables.errors_as_sentences():
        shelves.start_here()
    st.page_link(SYMMETRY.path, label="**Turn it yourself**", icon=":material/3d_rotation:")

st.header("One colour a triangle, in many poses")


@drawn_once("orbits", "invariance")
def two_networks(dark: bool) -> None:
    orbits = results.load("orbits")
    measured = results.load("invariance").set_index("model")
    count = orbits["triangle"].nunique()
    poses = len(orbits) // len(PICTURES) // count
    for column, (name, title) in zip(st.columns(2), PICTURES.items(), strict=True):
        spread, error = measured.loc[name, ["orbit_spread_inside", "side_error"]].map(short)
        with column.container(border=True):
            st.subheader(title, anchor=False)
            with st.container(horizontal=True, gap="medium"):
                st.metric("Orbit spread", spread, width="content")
                st.metric("Error of a side", error, width="content")
            charts.show(
                figures.orbit_view(orbits[orbits["model"] == name], dark),
                key=f"orbits-{name}",
                alt=f"{title}: latent points of {count} triangles in {poses} poses each, one "
                f"colour a triangle. Orbit spread {spread}.",
            )
    st.caption(
        f"The same {count} triangles, each in {poses} poses, as points in the three latent numbers "
        "of two networks; one colour a triangle. **Orbit spread** is 0 when all poses of a "
        "triangle fall on one point, and 1 when a point says nothing about which triangle it is. "
        "Sides are measured in edges of the cube that the triangles live in."
    )


with tables.errors_as_sentences():
    two_networks()

CARDS_A_ROW = 3
others = [page for page in PAGES if page is not HOME and page.in_menu]
for start in range(0, len(others), CARDS_A_ROW):
    for column, page in zip(
        st.columns(CARDS_A_ROW), others[start : start + CARDS_A_ROW], strict=False
    ):
        with column.container(border=True, height="stretch"):
            st.page_link(page.path, label=f"**{page.title}**", icon=page.icon)
            st.markdown(page.question)

st.caption(f"**Cite this**: {in_markdown(citation.SOFTWARE)} {in_markdown(citation.THESIS)}")
