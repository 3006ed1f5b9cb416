"""More points: three to six of them in the hand, their mirror image, and atoms of two kinds."""

import streamlit as st

from trisym.figures import more_points as figures
from trisym.outside_text import sentence
from trisym.storage import results
from trisym.ui.kit import charts
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.folds import EVIDENCE, RESEARCHERS, fold
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.places import MORE, heading, is_away
from trisym.ui.kit.tables import csv_of, errors_as_sentences
from trisym.ui.more_points import tables, told
from trisym.ui.more_points.points_stage import points_stage
from trisym.ui.more_points.scene import Scene

heading(
    "More points: how many numbers?",
    "n points have n(n − 1)/2 distances, and only **3n − 6** of them are free. "
    "Turn four points, then press **Mirror**: who notices?",
)


@st.fragment  # a hand that lets go is no reason to draw the rest of the page again
def live() -> None:
    link = SceneLink(Scene, "points")
    if link.fault:
        st.error(sentence(link.fault))
    with errors_as_sentences():
        points_stage(key="more-points", link=link)


live()
if not is_away(MORE):
    st.caption(told.LIVE)


@drawn_once("more-points", "more-points-wide")
def sweep_of(dark: bool, points: int) -> None:
    sweep = tables.whole(results.load("more-points"), results.load("more-points-wide"))
    st.subheader(f"{points} points")
    charts.show(
        figures.error_against_h(sweep, points, dark),
        key=f"points-{points}",
        alt=told.curve(sweep, points),
    )


@drawn_once("more-points")
def counted(dark: bool) -> None:
    sweep = results.load("more-points")
    st.markdown(told.counted(sweep))
    tables.show_counted(sweep)
    st.caption(told.COUNTING)
    st.markdown(told.weakened(sweep))
    tables.show_networks(sweep)
    st.caption(told.NETWORKS)


@drawn_once("more-points-wide")
def wider(dark: bool) -> None:
    wide = results.load("more-points-wide")
    st.markdown(told.wide(wide))
    tables.show_wide(wide)
    st.caption(told.WIDE)


@drawn_once("chirality")
def codes(dark: bool) -> None:
    table = results.load("chirality")
    tables.show_codes(table)
    st.markdown(told.codes(table))


@drawn_once("chiral-energy")
def chiral_energy(dark: bool) -> None:
    table = results.load("chiral-energy")
    charts.show(
        figures.unexplained(table, tables.CHIRAL_INPUTS, dark, table["floor"].mean()),
        key="chiral-energy",
        alt="Share of a chiral energy's variance left unexplained, by what the predictor sees.",
    )
    st.markdown(told.chiral_energy(table))


@drawn_once("homometric")
def homometric(dark: bool) -> None:
    table = results.load("homometric")
    tables.show_homometric(table)
    st.markdown(told.homometric(table))


@drawn_once("kinds")
def kinds(dark: bool) -> None:
    table = results.load("kinds")
    tables.show_kinds(table)
    st.markdown(told.kinds(table))


@drawn_once("more-points-pairs", "more-points-costs")
def losses(dark: bool) -> None:
    learned, cost = results.load("more-points-pairs"), results.load("more-points-costs")
    st.markdown(told.losses(learned, cost))
    tables.show_losses(learned)
    st.caption(told.LOSSES)
    charts.show(
        figures.costs(cost, tables.LOSSES, dark),
        key="costs",
        alt="Milliseconds a batch against the number of points, for three ways to compare "
        "distances.",
    )


@fold(EVIDENCE, "errors against h, mirror images, sets that distances confuse, two kinds of atom")
def evidence() -> None:
    st.header("How many numbers do n points need?", anchor="numbers")
    with errors_as_sentences():
        for column, points in zip(st.columns(4), told.COUNTS, strict=True):
            with column:
                sweep_of(points)
        st.caption(told.SWEEP)
        counted()
    with errors_as_sentences():
        wider()

    st.header("From four points on, a mirror image is no rotation", anchor="chirality")
    st.markdown(told.CHIRALITY)
    with errors_as_sentences():
        codes()
    st.subheader("An energy that tells left from right", anchor="chiral-energy")
    st.markdown(told.CHIRAL_ENERGY)
    with errors_as_sentences():
        chiral_energy()

    st.header("The same distances, without their labels", anchor="labels")
    st.markdown(told.HOMOMETRIC)
    with errors_as_sentences():
        homometric()

    st.header("Atoms of two kinds: Ne₂Kr", anchor="kinds")
    st.markdown(told.KINDS)
    with errors_as_sentences():
        kinds()

    st.header("The quadratic cost, and two ways out", anchor="cost")
    with errors_as_sentences():
        losses()


@drawn_once("chiral-energy")
def chiral_numbers(dark: bool) -> None:
    tables.show_chiral_energy(results.load("chiral-energy"))


@drawn_once("points-networks")
def in_view(dark: bool) -> None:
    tables.show_in_view(results.load("points-networks"))


@fold(RESEARCHERS, "all numbers, seed by seed")
def researchers() -> None:
    st.header("The networks of the live view")
    st.markdown(told.IN_VIEW)
    with errors_as_sentences():
        in_view()
    st.header("The chiral energy in numbers")
    with errors_as_sentences():
        chiral_numbers()
    st.header("The numbers behind this page")
    st.markdown(told.PROTOCOL)
    for name in told.TABLES:
        with errors_as_sentences():
            csv_of(name)
