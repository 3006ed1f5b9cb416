"""Symmetry spectra: which small motions of space does each network not see?"""

import streamlit as st

from trisym.figures import spectrum as figures
from trisym.spectrum import Spectrum
from trisym.storage import results
from trisym.ui.kit import charts, linked, local, models
from trisym.ui.kit.about import of_models
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.folds import EVIDENCE, RESEARCHERS, fold
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.local import sending
from trisym.ui.kit.model_choice import choose
from trisym.ui.kit.places import MORE, heading, is_away
from trisym.ui.kit.tables import csv_of, errors_as_sentences
from trisym.ui.symmetries import spectra, tables
from trisym.ui.symmetries.scene import Scene
from trisym.ui.symmetries.spectrum_view import spectrum_view

heading(
    "Which motions does it not see?",
    "Each dot is one of twelve small motions of space. **Far left, the network does not see it.**",
)


@st.fragment  # a hand that lets go is no reason to draw the rest of the page again
def live() -> None:
    titles = models.titles(here=True)  # here, because a network may be sent from here
    link = SceneLink(Scene)
    view = st.container()  # the choice stands below it: the hand and its effect share a screen
    chosen, fault = choose(
        titles, link, spectra.FIRST, lambda names: Scene(models=names), key="asked"
    )
    found: dict[str, Spectrum | None] = {}
    for name in chosen:
        with errors_as_sentences(titles[name]):
            found[name] = None if local.is_local(name) else spectra.spectrum(name)
    with errors_as_sentences():
        if found:
            cards = of_models(list(found))
            with view:
                spectrum_view(found, key="symmetries", link=link, fault=fault, cards=cards)
            with linked.folded("The numbers behind the dots", key="numbers") as is_open:
                if is_open:
                    sending.offer(chosen, tables.NOT_IN_TABLE, chosen="asked")
                    if known := {name: each for name, each in found.items() if each}:
                        tables.own_motions(known, titles)


live()


def ideas() -> None:
    first, second, third = st.columns(3)
    first.markdown(
        "**What is a generator?** A velocity for every point of space: push all three vertices "
        "along it for a moment, and the triangle has moved a little. Twelve numbers give every "
        "velocity that changes evenly through space: three shift it, three turn it, six stretch "
        "and shear it. Following one for a while, e to the power t(A, b), makes the whole motion."
    )
    second.markdown(
        "**Why six?** Three shifts and three turns leave every side as it is; each of the other "
        "six changes some side of some triangle. So a network that passes on the sides and nothing "
        "else has six blind directions, no more and no fewer. They are the rigid motions, se(3) in "
        "the language of groups; nobody told the network."
    )
    third.markdown(
        "**What does “not seen” mean?** The dot says how far the latent point goes, in spreads of "
        "its cloud, for a small motion, per edge that the vertices go. The motions to the left of "
        "the first gap of a factor of five are not seen; the green zone ends a factor of five "
        "below the weakest answer that is. Random networks have no such gap."
    )


if not is_away(MORE):
    ideas()


@drawn_once("spectrum")
def every_network(dark: bool, group: str) -> None:
    rows = tables.labelled(results.load("spectrum"), tables.GROUPS[group])
    charts.show(
        figures.spectra(rows, dark),
        key="spectra",
        alt="The twelve answers of every network and seed on one logarithmic axis, by kind of "
        "motion: " + "; ".join(tables.told(rows)),
    )


@drawn_once("discovery", "discovery-order")
def found_first(dark: bool, preset: str, seed: int) -> None:
    courses, finds = results.load("discovery"), results.load("discovery-order")
    runs = finds[finds["preset"] == preset].set_index("seed", drop=False)
    run = courses[(courses["preset"] == preset) & (courses["seed"] == seed)]
    left, right = st.columns(2)
    with left:
        charts.show(
            figures.course(run, runs.loc[seed], dark),
            key="course",
            alt=tables.told_course(runs.loc[seed]),
        )
    with right:
        charts.show(
            figures.order(runs, dark),
            key="order",
            alt="When each run found translations, rotations and the sides. " + tables.orders(runs),
        )


@fold(EVIDENCE, "every network and seed, and which symmetry is found first in training")
def evidence() -> None:
    st.header("Every network, every seed")
    group = linked.one(
        st.segmented_control,
        "Networks",
        tables.GROUP_TITLES,
        key="group",
        start="h3",
        required=True,
        label_visibility="collapsed",
    )
    with errors_as_sentences():
        every_network(group)
        st.caption(
            "“8 epochs” are fresh networks from three seeds. “Exact” is what a perfect network "
            "would give. Every network is asked about 3,000 held-out triangles of the set it was "
            "trained on; those of table 2, whose sets are flat, about random triangles."
        )

    st.header("Which symmetry does it find first?")
    st.markdown(
        "Networks with the side loss, asked again and again as they begin to train. A kind of "
        "motion is **found** when the mean answer to it gets five times weaker than that to "
        "strains and stays so; the sides, when their error gets and stays five times smaller than "
        "that of the best constant answer. A lapse of a single record is forgiven: idle units that "
        "are put to work shake a network for about so long."
    )
    with errors_as_sentences():
        finds = results.load("discovery-order")
        controls, _ = st.columns([2, 3])
        with controls:
            preset = linked.one(
                st.segmented_control,
                "Preset",
                tables.PRESETS,
                key="preset",
                start="fast",
                required=True,
            )
            runs = finds[finds["preset"] == preset].set_index("seed", drop=False)
            seeds = {seed: str(seed) for seed in runs.index.tolist()}
            key, typical = f"run-{preset}", tables.typical(runs)
            seed = linked.one(st.select_slider, "Run", seeds, key=key, start=typical)
        found_first(preset, seed)
        st.markdown(tables.orders(runs))
        st.page_link("pages/training.py", label="Watch it in a training of your own")


@fold(RESEARCHERS, "all spectra and trainings as tables, and what we state about them")
def researchers() -> None:
    st.header("The spectra")
    with errors_as_sentences():
        for group, title in tables.GROUP_TITLES.items():
            st.subheader(title)
            tables.every_network(tables.labelled(results.load("spectrum"), tables.GROUPS[group]))
        csv_of("spectrum")
    with errors_as_sentences():
        tables.offer(results.load("discovery"), results.load("discovery-order"))
    st.header("What we state")
    with errors_as_sentences():
        tables.claims_of_ours()
