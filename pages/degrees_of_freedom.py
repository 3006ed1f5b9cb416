"""Degrees of freedom: how many latent nodes a set of triangles needs, counted by the error."""

import streamlit as st

from trisym.figures import degrees as figures
from trisym.storage import results
from trisym.ui.degrees_of_freedom import curves as degrees
from trisym.ui.degrees_of_freedom import pairs, reruns, scaling
from trisym.ui.degrees_of_freedom.curves import ERRORS, NORMALISED, TRANSLATIONS
from trisym.ui.degrees_of_freedom.reruns import Points
from trisym.ui.kit import charts, linked, models
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.folds import EVIDENCE, RESEARCHERS, fold
from trisym.ui.kit.places import heading
from trisym.ui.kit.tables import TABLE, csv, csv_of, errors_as_sentences, short

watching = 1.0 if reruns.waiting(reruns.runs()) else None

heading(
    "How many numbers does a triangle need?",
    "The network of table 1 squeezes nine coordinates through **h** numbers and back. Its error "
    "falls with every number that it may keep, and stops falling when it has enough. That is the "
    "smallest h that this network can use: at least as many as there are degrees of freedom in "
    "what it is shown, and here just as many. Dotted: what the thesis counts. (SOAP is an "
    "optimiser that gets there sooner than the thesis's Adam.)",
)


@drawn_once(*degrees.TABLES)
def random_triangles(dark: bool, yours: Points) -> None:
    curves = degrees.protocols()
    shown = curves[curves["kind"] != degrees.LINEAR]
    first = shown[shown["kind"] == shown["kind"].iloc[0]]
    for column, (error, title) in zip(st.columns(2), ERRORS.items(), strict=True):
        with column:
            st.subheader(title.capitalize(), anchor=False)
            charts.show(
                figures.error_against_h(
                    shown,
                    error,
                    degrees.colours(shown, dark),
                    dark,
                    expected=degrees.COORDINATES,
                    yours=reruns.table(yours),
                ),
                key=f"random-{error}",
                alt=degrees.told(first, error),
            )
            degrees.level_from(first, error, degrees.COORDINATES)


@drawn_once("translation-sizes")
def translations(dark: bool, kind: str, yours: tuple[Points, ...]) -> None:
    table = results.load("translation-sizes").assign(kind="network")
    both = kind == NORMALISED
    for column, points, (name, about) in zip(
        st.columns(3), yours, TRANSLATIONS.items(), strict=True
    ):
        rows = table[table["dataset"] == name]
        with column:
            st.subheader(f"Set {about.letter}", anchor=False)
            st.markdown(about.about)
            charts.show(
                figures.error_against_h(
                    degrees.normalised(rows) if both else rows,
                    kind,
                    degrees.fig6_colours(dark) if both else {"network": figures.BLUE[dark]},
                    dark,
                    expected=about.thesis,
                    floor=rows["floor"].iloc[0] if kind == "mse" else None,
                    yours=None if both else reruns.table(points),
                ),
                key=f"{name}-{kind}",
                alt=degrees.told(rows, "mse" if both else kind),
            )
            degrees.level_from(rows, "mse", about.thesis)


@st.fragment(run_every=watching)
def counting() -> None:
    mine = reruns.runs()
    if watching and not reruns.waiting(mine):
        st.rerun()
    st.header("Random triangles", anchor=False)
    with errors_as_sentences():
        random_triangles(reruns.landed(mine, "random"))
    st.header("Does it repeat?", anchor=False)
    st.markdown(
        "Train a point of these curves here, with a new seed and a few thousand steps. It appears "
        "as a diamond."
    )
    reruns.ask()
    reruns.tell(mine)


counting()


@drawn_once("translation-examples", passing=True)
def translated(
    dark: bool, name: str, digest: str, example: int, shift: tuple[float, float, float]
) -> None:
    examples = results.load("translation-examples")
    rows = examples[examples["dataset"] == name]
    found = pairs.moved(rows, example, shift, name)
    latent, _ = pairs.through(name, found["input"])
    charts.figure(
        figures.translated(found, pairs.other_targets(rows, example, name), dark),
        key="pair",
        alt="Input, target and prediction of a translated triangle, in the unit cube.",
    )
    st.caption(
        f"h = {len(latent)}, latent: {', '.join(f'{value:.3f}' for value in latent)}. "
        + pairs.LESSONS[name]
    )


@st.fragment
def pair() -> None:
    with errors_as_sentences():
        controls, view = st.columns([2, 5])
        with controls:
            sets = {name: f"{each.letter}: {each.about}" for name, each in TRANSLATIONS.items()}
            name = linked.one(st.radio, "Set", sets, key="set", start="translation-a")
        example = controls.slider("Example", 1, pairs.count(name), key="pair-example") - 1
        shift = tuple(
            controls.slider(
                f"Move the input along {axis}", -0.5, 0.5, 0.0, 0.05, key=f"pair-{axis}"
            )
            for axis in "xyz"
        )
        with view:
            translated(name, models.digest(name), example, shift)


@drawn_once(*degrees.TABLES)
def at_nine_nodes(dark: bool) -> None:
    curves = degrees.protocols()
    charts.show(
        figures.error_against_h(
            curves, "side_error", degrees.colours(curves, dark), dark, log=True, expected=9
        ),
        key="floors",
        alt="Side error against h on a logarithmic axis, for each kind of network.",
    )


@drawn_once(*degrees.TABLES)
def floors(dark: bool) -> None:
    degrees.show_floors(degrees.floors(degrees.protocols()))


@drawn_once(*degrees.TABLES, "translation-sizes")
def tolerances(dark: bool) -> None:
    degrees.by_tolerance()


@drawn_once("dataset-sizes")
def set_sizes(dark: bool) -> None:
    sizes = results.load("dataset-sizes")
    budgets = {"epochs": "120 epochs each, as printed", "steps": "20,000 steps each"}
    for column, (budget, title) in zip(st.columns(2), budgets.items(), strict=True):
        rows = sizes[sizes["budget"] == budget]
        with column:
            st.subheader(title, anchor=False)
            charts.show(
                figures.dataset_sizes(rows, dark),
                key=f"sizes-{budget}",
                alt=f"Training and test loss against the number of triangles, {title}: test loss "
                f"{short(rows[rows['n'] == rows['n'].max()]['mse'].mean())} with the largest set.",
            )


@st.fragment(run_every=watching)
def three_ways() -> None:
    mine = reruns.runs()
    kinds = {**ERRORS, NORMALISED: "both, normalised (Fig. 6)"}
    kind = linked.one(st.segmented_control, "Error", kinds, key="error", start="mse", required=True)
    with errors_as_sentences():
        translations(kind, tuple(reruns.landed(mine, name) for name in TRANSLATIONS))


@fold(EVIDENCE, "three ways to move a triangle (Fig. 6, 7), Eq. 6, Fig. 4, and more points")
def evidence() -> None:
    st.header("Three ways to move a triangle", anchor="translations")
    st.markdown(
        "The same network, asked for a translated triangle (table 2). A translation that the input "
        "does not show can't be known: the dotted floor is the loss of the best guess, which is "
        "the mean translation."
    )
    three_ways()

    st.header("What the network answers", anchor="answers")
    st.markdown(
        "Fig. 7: the **input** in vermilion, the **target** dashed, the **prediction** in green, "
        "from the networks with h = 1, 6 and 9. Move the input off the floor, or out of the cube, "
        "to see what each has really learned."
    )
    pair()

    st.header("Is it the activation that limits the error?", anchor="activation")
    st.markdown(
        "Eq. 6 of the thesis: the identity is linear, a leaky ReLU is not, so the network at h = 9 "
        "“cannot achieve perfect reconstruction”. But a triangle lies in a cube: with biases large "
        "enough no node is ever negative there, and the leaky ReLU *is* the identity. The same "
        "network, three ways:"
    )
    with errors_as_sentences():
        at_nine_nodes()

    st.header("How many triangles are enough?", anchor="set-sizes")
    st.markdown(
        "Fig. 4, h = 9. With as many epochs for every set, a larger set also means more steps. "
        "With as many *steps* for every set, what is left is the effect of the triangles "
        "themselves."
    )
    with errors_as_sentences():
        set_sizes()

    st.header("And with more points?", anchor="points")
    scaling.show()


@fold(RESEARCHERS, "what hangs on the plateau's 5 %, the floors at h = 9, and all numbers")
def researchers() -> None:
    st.header("What hangs on the 5 %?", anchor="tolerance")
    with errors_as_sentences():
        tolerances()
    st.header("Floors at h = 9")
    with errors_as_sentences():
        floors()
        csv(lambda: degrees.floors(degrees.protocols()), "floors", TABLE, degrees.TABLES)
    st.header("The numbers of the figures")
    with errors_as_sentences():
        results.check("latent-sizes")
        csv(degrees.protocols, "latent-sizes", of=degrees.TABLES)
    for name in ("translation-sizes", "translation-examples", "dataset-sizes", "scaling"):
        with errors_as_sentences():
            csv_of(name)
