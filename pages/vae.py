"""Variational autoencoders: does a price on what each node says make a network forget the pose?"""

import streamlit as st

from trisym.figures import vae as figures
from trisym.ui.kit import charts
from trisym.ui.kit.about import of_models
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.folds import EVIDENCE, RESEARCHERS, fold
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.navigation import TRAINING
from trisym.ui.kit.places import MORE, heading, is_away
from trisym.ui.kit.tables import csv_of, errors_as_sentences
from trisym.ui.vae import tables
from trisym.ui.vae.between import PAIR, TITLE, between
from trisym.ui.vae.scene import Scene

heading(
    TITLE,
    "Six numbers for a triangle are three too many: a plain network keeps the pose in them. A "
    "**variational** one pays for all that they say. Turn the triangle in your hand: **whose path "
    "to the dashed one stays?**",
)


@st.fragment  # a hand that lets go is no reason to draw the rest of the page again
def by_hand() -> None:
    link = SceneLink(Scene, "between")
    with errors_as_sentences():
        between(key="between", link=link, cards=of_models(PAIR))


by_hand()


@drawn_once(tables.TABLE)
def answer(dark: bool) -> None:
    rows = tables.table()
    tables.numbers(rows)
    st.markdown(f"{tables.answer(rows)} {tables.limits(rows)}")


def ideas() -> None:
    with errors_as_sentences():
        answer()
    first, second = st.columns(2)
    first.markdown(
        "**What is variational?** The encoder answers with a mean and a variance for each node, "
        "and in training the decoder is given the mean plus that noise. What a node says is how "
        "far its answer is from a standard normal's, in nats (0.69 of them are a bit). The loss is "
        "that of the sides plus β for each nat. Everywhere else the mean is the latent point."
    )
    second.markdown(
        "**Why should it forget?** A plain network loses nothing by keeping the pose, so it keeps "
        "it. Here, a node that tells the pose costs β a nat and makes no side better: the loss "
        "falls when it falls silent. A node is *active* when its mean varies by more than 0.01 "
        "over held-out triangles (Burda et al. 2016)."
    )


if not is_away(MORE):
    ideas()


@drawn_once(tables.TABLE)
def nodes_that_stay(dark: bool) -> None:
    rows = tables.table()
    left, right = st.columns(2)
    with left:
        st.subheader("Nodes in use", anchor=False)
        charts.show(
            figures.against_beta(rows, "active", "active nodes", dark, level=tables.NEEDED),
            key="active",
            alt="Active nodes against β for h = 3, 6 and 9; the dashed line is at three.",
        )
    with right:
        st.subheader("Do they keep the pose?", anchor=False)
        charts.show(
            figures.against_beta(
                rows,
                "orbit_spread_active",
                "orbit spread, whitened",
                dark,
                log=True,
                level=tables.TIGHT,
            ),
            key="spread",
            alt="Orbit spread of the active nodes against β, each direction counted alike; below "
            "the dashed line at 0.05 the code is called invariant.",
        )


@drawn_once(tables.TABLE)
def price_of_it(dark: bool) -> None:
    rows = tables.table()
    left, right = st.columns(2)
    with left:
        st.subheader("What it costs", anchor=False)
        charts.show(
            figures.against_beta(rows, "side_error", "side error", dark, log=True),
            key="side-error",
            alt="Side error of the mean code against β for h = 3, 6 and 9: it grows with β.",
        )
    with right:
        st.subheader("What each of nine nodes says", anchor=False)
        charts.show(
            figures.nats_by_node(rows, 9, dark),
            key="nats",
            alt="Nats of each node at h = 9, the largest first, a curve for each β.",
        )


@drawn_once(tables.TABLE)
def samples(dark: bool) -> None:
    rows = tables.table()
    left, right = st.columns(2)
    for column, (name, title) in zip(
        (left, right),
        (("samples_in_range", "share in the range"), ("samples_cover", "share of it covered")),
        strict=True,
    ):
        with column:
            st.subheader(f"Samples: {title}", anchor=False)
            charts.show(
                figures.against_beta(rows, name, title, dark),
                key=name.replace("_", "-"),
                alt=f"Samples decoded, {title}, against β for h = 3, 6 and 9.",
            )


@drawn_once(tables.TABLE)
def generated(dark: bool) -> None:
    st.markdown(tables.as_generator(tables.table()))
    tables.by_price(tables.table(), tables.GENERATED)


@drawn_once(tables.TABLE)
def all_numbers(dark: bool) -> None:
    tables.by_price(tables.table(), tables.COLUMNS)


@fold(EVIDENCE, "every β and h: nodes in use, orbit spread, side error, samples, paths between")
def evidence() -> None:
    st.header("Which nodes stay, what do they know, and at what price?", anchor="nodes")
    with errors_as_sentences():
        nodes_that_stay()
        price_of_it()
        st.caption(
            "Dots are seeds, curves their means; *plain* is the same network without noise and "
            "price. Where no node is active there is no orbit spread."
        )
    st.page_link(
        TRAINING.path,
        label="Train one yourself, on the server",
        icon=TRAINING.icon,
        query_params=tables.TRAINING,
    )
    st.header("What comes out where nothing was encoded?", anchor="samples")
    st.markdown(
        "Points drawn from the standard normal, decoded; for a plain network, from the normal law "
        "with its codes' own mean and covariance. **In the range** are those whose sides lie as "
        "near to a training triangle's as 99 in 100 held-out ones do. **Covered** is the share of "
        "held-out triangles that have a sample as near: a network that always answers with one "
        "triangle is in the range and covers nothing."
    )
    with errors_as_sentences():
        samples()
        generated()
        st.caption(
            "Between two: nine points on the straight path between the codes of two held-out "
            "triangles, a thousand pairs; “off the even path” is the mean distance of a decoded "
            "side from where it would be if the sides went evenly. Between two poses of one "
            "triangle no side should change."
        )


@fold(RESEARCHERS, "all numbers over the seeds, and the table to take away")
def researchers() -> None:
    st.header("Every β and h")
    with errors_as_sentences():
        all_numbers()
        st.markdown(
            "Whitening all nodes counts a node that fell silent as much as one that speaks, and "
            "what little is left of it follows the pose: so the last column stays large, and the "
            "one before it says what the active nodes know."
        )
        csv_of(tables.TABLE)
