"""Physics: one network for coordinates and energy (Fig. 15), and one that is asked for the energy
alone: whose latent point stays, and what are its forces worth?
"""

import numpy as np
import streamlit as st

from trisym.figures import physics as figures
from trisym.figures import spectrum as spectrum_figures
from trisym.storage import results
from trisym.ui.kit import charts, linked
from trisym.ui.kit.about import of_models
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.folds import EVIDENCE, RESEARCHERS, fold
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.model_choice import choose
from trisym.ui.kit.navigation import TRAINING
from trisym.ui.kit.places import MORE, heading, is_away
from trisym.ui.kit.tables import TABLE, csv, csv_of, errors_as_sentences
from trisym.ui.physics import forces, networks, run, tables
from trisym.ui.symmetry.scene import Scene
from trisym.ui.symmetry.stage import StageState, stage

heading(
    networks.TITLE,
    "Nobody told these networks of sides. The first was asked for one number, the **energy** of "
    "three atoms; the others for the coordinates, too. Turn the molecule: **whose dot stays?**",
)
link = SceneLink(Scene, "molecule")
live = st.container()  # the choice stands below it: the hand and its effect share a screen
chosen, fault = choose(
    networks.TITLES,
    link,
    networks.FIRST,
    lambda names: Scene(pose=networks.START.pose, models=names),
    key="physics-models",
)
held = StageState(link.scene or networks.START)
with live, errors_as_sentences():
    held = stage(
        [networks.in_box(name) for name in chosen],
        networks.reference(),
        key="physics",
        link=link,
        start=networks.START,
        fault=fault,
        cards=of_models(chosen),
        setting=networks.setting(),
    )


@drawn_once("physics", "physics-order")
def in_short(dark: bool) -> None:
    found = tables.in_short(results.load("physics"), results.load("physics-order"))
    for column, text in zip(st.columns(len(found)), found, strict=True):
        column.markdown(text)


if not is_away(MORE):
    st.caption(
        "Lengths are in edges of the box. **Drift** is how far the latent point has gone, in "
        "spreads of its cloud; of nine nodes only those three count that the energy is read off. "
        "“Energy alone”: its decoder learned beside, and its sides are no answer to anything."
    )
    with errors_as_sentences():
        in_short()


@drawn_once("physics")
def every_seed(dark: bool, measure: str) -> None:
    rows = tables.labelled(results.load("physics"))
    title = tables.MEASURES[measure]
    floor = rows["neighbour_floor"].mean() if measure == "neighbour_side_error" else None
    charts.show(
        figures.seeds(rows, measure, title, dark, floor),
        key=f"physics-{measure.replace('_', '-')}",
        alt=f"{title}: {tables.read_out(rows, measure)}.",
    )


@drawn_once(passing=True)
def pulled(
    dark: bool, name: str, digest: str, pose: np.ndarray, exact: np.ndarray, learned: np.ndarray
) -> None:
    atoms, real = forces.in_plane(pose, exact)
    _, found = forces.in_plane(pose, learned)
    charts.figure(
        figures.forces(atoms, real, found, dark),
        key=f"forces-{name}",
        alt=f"The molecule in its plane, the exact force on each atom and that of the network "
        f"asked for {networks.TITLES[name]}.",
        config={"displayModeBar": False},
    )


@drawn_once("physics")
def forces_in_words(dark: bool) -> None:
    st.markdown(tables.of_forces(results.load("physics")))


@drawn_once("physics-run", "physics-order")
def found_first(dark: bool, seed: int) -> None:
    courses, finds = results.load("physics-run"), results.load("physics-order")
    found = finds.set_index("seed", drop=False)
    left, right = st.columns(2)
    with left:
        charts.show(
            spectrum_figures.course(
                tables.as_course(courses[courses["seed"] == seed]),
                found.loc[seed],
                dark,
                "mean answer; error of the energy dashed",
            ),
            key="physics-course",
            alt=f"Mean answers of run {seed} to translations, rotations and strains, and the "
            "error of the energy, against epochs.",
        )
    with right:
        charts.show(
            spectrum_figures.order(finds, dark, "energy"),
            key="physics-order",
            alt="When each run found translations, rotations and the energy. "
            + tables.orders(finds),
        )
    st.markdown(tables.orders(finds))


@fold(EVIDENCE, "the forces on your molecule, a film of the energy alone, and every seed")
def evidence() -> None:
    st.header("The forces on your molecule", anchor="forces")
    st.markdown(
        "An energy is useful for its forces, F = −∂E/∂x. Here is the molecule as you let it go, "
        "seen at right angles to its plane: the **exact** force on each atom is broad, the "
        "**network's** narrow and orange."
    )
    with errors_as_sentences():
        exact, found = forces.compared(held.pose, chosen)
        for column, each in zip(st.columns(3), found, strict=False):
            with column:
                st.markdown(f"**{networks.TITLES[each.name].capitalize()}**")
                pulled(each.name, networks.digest(each.name), held.pose, exact, each.forces)
        tables.show_pulled(found)
        csv(lambda: tables.pulled(found), "forces-here", TABLE)
    with errors_as_sentences():
        forces_in_words()

    st.header("The energy alone, as it trains", anchor="film")
    st.markdown(
        "A run like that of the first network, frame by frame: 20 molecules in 25 poses each. "
        "Nothing in its loss, the squared error of the scaled energy, speaks of poses. **Do the "
        "dots of a colour fall together?**"
    )
    with errors_as_sentences():
        run.show()
    with errors_as_sentences():
        courses = results.load("physics-run")
        filmed = int(courses.loc[courses["filmed"], "seed"].iloc[0])
        seeds = {seed: str(seed) for seed in sorted(set(courses["seed"].tolist()))}
        controls, _ = st.columns([2, 3])
        with controls:
            seed = linked.one(st.select_slider, "Run", seeds, key="run", start=filmed)
        found_first(seed)
        st.page_link(
            TRAINING.path,
            label="Train one yourself, on the server",
            icon=TRAINING.icon,
            query_params=networks.TRAINING,
        )

    st.header("Every network, every seed", anchor="networks")
    measure = linked.one(
        st.segmented_control,
        "Measure",
        tables.MEASURE_TITLES,
        key="measure",
        start="spread",
        required=True,
        label_visibility="collapsed",
    )
    with errors_as_sentences():
        every_seed(measure)
        st.caption(
            "A dot is a seed, a tick the mean. “3 of 9”: nine nodes, of which the head sees three, "
            "and all is measured on those. Dashed, for sides: what neighbours among as many "
            "molecules say where the three sides themselves are the latent."
        )


@drawn_once("physics")
def in_numbers(dark: bool) -> None:
    measured = results.load("physics")
    for columns, alt in (
        (tables.LEARNED, "What each network of Fig. 15 learned, mean and spread over seeds."),
        (tables.ANSWERS, "Motions that each network does not see, mean and spread over seeds."),
        (tables.FORCES, "Errors of the forces of each network, mean and spread over seeds."),
    ):
        tables.show_networks(tables.by_network(measured, columns), alt)


@fold(RESEARCHERS, "what the thesis expects beside what happens, all numbers, and the protocol")
def researchers() -> None:
    st.header("What the thesis expects", anchor="expected")
    with errors_as_sentences():
        tables.stated()

    st.header("All numbers", anchor="numbers")
    with errors_as_sentences():
        in_numbers()
        csv_of("physics")
        csv_of("physics-order")
        csv_of("physics-run")

    st.header("How they were trained", anchor="protocol")
    st.latex(  # in two lines, which a phone has room for
        r"\begin{aligned}\text{loss} = {}& L(x, \text{decoder}(z)) \\"
        r"& {} + \lambda\,(\text{head}(z) - E(x))^2\end{aligned}"
    )
    st.markdown(tables.PROTOCOL)
