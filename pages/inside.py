"""Inside the encoder: what each hidden unit watches, and how units add up to a side."""

import pandas as pd
import streamlit as st

from trisym.figures import encoders as figures
from trisym.storage import results
from trisym.ui.inside import encoders, tables
from trisym.ui.inside.scene import Scene
from trisym.ui.inside.spheres import send_moments, spheres
from trisym.ui.kit import charts, levels, models
from trisym.ui.kit.about import of_models
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.folds import EVIDENCE, RESEARCHERS, fold
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.places import heading
from trisym.ui.kit.tables import csv, csv_of, errors_as_sentences, short

titles = models.titles(here=True)

heading(
    "How does it measure a side?",
    "Nobody told the network what a length is. Each dot is a hidden unit: a direction along which "
    "it looks at one side. Turn the triangle: what a direction sees of the side lights up, and the "
    "units' answers, added up, are the side.",
)
film = encoders.recorded()
moments = send_moments(film) if film else None


@st.fragment  # a hand that lets go is no reason to draw the rest of the page again
def by_hand() -> None:
    link = SceneLink(Scene, "spheres")
    with errors_as_sentences():
        networks = encoders.offered(titles, encoders.another(titles, link))
        cards = of_models([each.id for each in networks])
        spheres(networks, moments, key="spheres", link=link, cards=cards)
    encoders.choose_another(titles)


by_hand()


def errors_by_units() -> pd.DataFrame:
    """Return the side errors of encoders by their number of units, of all ways."""
    return pd.concat([results.load("handmade"), results.load("pythagoras")])


@drawn_once("handmade", "pythagoras", passing=True)
def by_units(dark: bool, lines: dict[str, float], floor: str) -> None:
    charts.show(
        figures.error_against_units(errors_by_units(), lines, dark),
        key="units",
        alt="Side error against units a side, log-log: by the formula, by training, directions at "
        f"their best, by Pythagoras. The floor of adding up 85 is {floor}.",
    )


@drawn_once("shift", passing=True)
def where_it_ends(dark: bool, lines: dict[str, float]) -> None:
    shifted = figures.shift_kinds(results.load("shift"))
    pictures = {"side_error": ("side error", lines), "drift": ("drift, in spreads", {})}
    for column, (name, (title, known)) in zip(st.columns(2), pictures.items(), strict=True):
        with column:
            charts.show(
                figures.shift_curves(shifted, name, title, known, dark),
                key=f"shift-{name}",
                alt=f"The {title} against the shift: level above 0, steep below it unless the "
                "leaky ReLU on the input is left out.",
            )


@fold(EVIDENCE, "why it is a length, an encoder written by hand, and where invariance ends")
def evidence() -> None:
    st.header("How much of a network is that?")
    st.markdown(
        "A unit with the weights n and −n on the ends of a side v sees n·v. Its leaky ReLU passes "
        "on |n·v| and a rest, and the rests cancel. Averaged over all directions n, |n·v| is half "
        "the length of v, whatever its own direction: that is why turning the triangle changes "
        "nothing. So the weights of a side's units must add up to 2."
    )
    with errors_as_sentences():
        st.markdown(tables.story_in_words(results.load("encoder-units")))
    st.header("Written by hand, and the floor")
    st.markdown(
        "If that is all there is to it, the encoder can be written down: directions spread evenly "
        "over a half sphere by a formula, signs that cancel the rests, no training. Only the "
        "decoder was trained. It is on the symmetry page like any other network."
    )
    with errors_as_sentences():
        table = errors_by_units()
        chart, words = st.columns([3, 2])
        with chart:
            by_units(levels.side_errors(), short(levels.floor()))
        words.metric("The floor of adding up", short(levels.floor()))
        words.markdown(tables.floor_in_words(table))

    st.header("Where invariance ends")
    st.markdown(tables.WHERE_IT_ENDS)
    with errors_as_sentences():
        shifted = results.load("shift")
        where_it_ends(levels.side_errors())
        st.markdown(tables.shift_in_words(figures.shift_kinds(shifted)))


@fold(RESEARCHERS, "what the units of every network watch, and the numbers of the figures")
def researchers() -> None:
    st.header("Units of every network")
    with errors_as_sentences():
        tables.units(results.load("encoder-units"), titles)
    st.markdown(tables.RULE)
    st.header("The numbers of the figures")
    with errors_as_sentences():
        results.check("handmade")
        results.check("pythagoras")
        csv(errors_by_units, "handmade", of=["handmade", "pythagoras"])
    with errors_as_sentences():
        csv_of("shift")
