"""Latent space: what the three numbers mean, and a triangle decoded from any of them, by hand."""

import streamlit as st

from trisym.figures import latent as figures
from trisym.figures.common import subscripted
from trisym.outside_text import sentence
from trisym.storage import results
from trisym.ui.kit import charts, laws, models
from trisym.ui.kit.about import of_models
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.folds import EVIDENCE, RESEARCHERS, fold
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.model_choice import another, choose_another
from trisym.ui.kit.places import heading
from trisym.ui.kit.tables import csv_of, errors_as_sentences, short
from trisym.ui.latent_space import axes as latent_axes
from trisym.ui.latent_space.decoder import decoder, shipped_cloud
from trisym.ui.latent_space.scene import Scene

SHIPPED = "sides-h3"

heading(
    "What do the three numbers mean?",
    "The invariant network keeps three numbers of a triangle, whatever its pose: N₁, N₂, N₃, its "
    "latent point. Drag the orange dot: **which triangle does it stand for?**",
)


ANOTHER = "latent-space:another"
others = models.of_size(3, but=[SHIPPED])


@st.fragment  # a hand that lets go is no reason to draw the rest of the page again
def by_hand() -> None:
    link = SceneLink(Scene, "latent")
    if link.fault:
        st.error(sentence(link.fault))
    asked = link.scene.models[0] if link.scene and link.scene.models else None
    name = another(others, asked, ANOTHER, link.revision) or SHIPPED
    with errors_as_sentences():
        cloud = shipped_cloud() if name == SHIPPED else laws.law(name)
        decoder(
            models.shown(name), cloud, key=f"decoder-{name}", link=link, cards=of_models([name])
        )
    choose_another(others, ANOTHER, "Another network with three nodes …")
    if name != SHIPPED:
        st.caption("The figures below are of the invariant network that the page opens with.")


by_hand()


@drawn_once("latent-axes", "latent-cloud")
def fig_16(dark: bool) -> None:
    axes = results.load("latent-axes")
    cloud = results.load("latent-cloud")
    shipped = axes[axes["model"] == SHIPPED]
    for column, (_, fit) in zip(st.columns(3), shipped.iterrows(), strict=True):
        node = subscripted(f"N{fit['node']}")
        with column:
            charts.show(
                figures.node_against_sides(cloud, fit, dark),
                key=f"node-{fit['node']}",
                alt=f"{node} against {figures.in_words(fit)}: r = {short(fit['r'])}.",
            )
            st.metric(f"{node}: r", f"{fit['r']:.5f}")


@drawn_once("latent-axes")
def every_seed(dark: bool) -> None:
    latent_axes.table(results.load("latent-axes"))


@fold(EVIDENCE, "each node is almost a sum of sides (Fig. 16)")
def evidence() -> None:
    st.header("Each node is almost a sum of sides", anchor="nodes")
    st.markdown(
        "Fig. 16: a node's activation against the linear combination of sides that fits it best "
        "(least squares over 20,000 triangles the network has not seen). On the dashed line the "
        "node *is* that combination."
    )
    with errors_as_sentences():
        fig_16()


@fold(RESEARCHERS, "the combinations that other seeds find, and the cloud to take away")
def researchers() -> None:
    st.header("Is that luck?")
    st.markdown(
        "Other seeds find other combinations: any three that are independent will do. The "
        "thesis's network had its own."
    )
    with errors_as_sentences():
        every_seed()
        csv_of("latent-axes")
    with errors_as_sentences():
        csv_of("latent-cloud")
