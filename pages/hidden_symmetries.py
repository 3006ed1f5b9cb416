"""Hidden symmetries: three sets of triangles under one hand, and what two nodes make of each."""

import streamlit as st

from trisym.figures import hidden as figures
from trisym.outside_text import sentence
from trisym.storage import results
from trisym.ui.hidden_symmetries import predictions
from trisym.ui.hidden_symmetries import tables as hidden_tables
from trisym.ui.hidden_symmetries.linked_sets import linked_sets
from trisym.ui.hidden_symmetries.scene import Scene
from trisym.ui.hidden_symmetries.sets import SETS, others, with_other
from trisym.ui.kit import charts, levels
from trisym.ui.kit.about import of_models
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.folds import EVIDENCE, RESEARCHERS, fold
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.model_choice import another, choose_another
from trisym.ui.kit.places import MORE, heading, is_away
from trisym.ui.kit.tables import TABLE, csv, csv_of, errors_as_sentences

heading(
    "Will it find the hidden symmetry?",
    "Three sets of triangles: **i** any, **ii** one side of 0.68 somewhere, **iii** that side "
    "always between vertices 1 and 2. Nobody tells the network. Its **two** latent nodes are "
    "enough for two free sides, not for three.",
)


ANOTHER = "hidden-symmetries:another"
offered = others()


@st.fragment  # a hand that lets go is no reason to draw the rest of the page again
def live() -> None:
    link = SceneLink(Scene, "hand")
    if link.fault:
        st.error(sentence(link.fault))
    asked = link.scene.choice[2] if link.scene and len(link.scene.choice) > 2 else None
    name = another(offered, asked, ANOTHER, link.revision)
    with errors_as_sentences():
        cards = of_models([*(f"{name}-h2" for name in SETS), *([name] if name else [])])
        key = f"linked-sets-{name}" if name else "linked-sets"
        linked_sets(with_other(name), key=key, link=link, cards=cards)
    if offered:
        choose_another(offered, ANOTHER, "A network of your own with two nodes, in place of one …")


live()
if not is_away(MORE):
    with st.expander("What to look for"):
        st.markdown(
            "- **iii** The sides lie on one plane, and the latent plane is that plane, flattened: "
            "drag a vertex and the point follows smoothly; neighbours stay neighbours.\n"
            "- **ii** The sides lie on three planes, one for each place of the constant side. "
            "Colour by *which side is constant* and see how the three are laid over each other in "
            "one latent plane. Renumber the vertices: the triangle does not move, its point jumps "
            "to another sheet. The thesis could only guess at this.\n"
            "- **i** The sides fill a space. Two nodes can't hold it: brush a spot of the latent "
            "plane, and see from how far apart its triangles come."
        )


@drawn_once("hidden-h")
def sweep_of(dark: bool, name: str, shown: tuple[str, ...], lines: dict[str, float]) -> None:
    sweep, text = results.load("hidden-h"), SETS[name]
    known = hidden_tables.sweep().plateaus[name].median if name in shown else None
    st.subheader(text.short)
    st.markdown(text.about)
    charts.show(
        figures.error_against_h(sweep, name, shown, dark, known, text.fig_12_run, lines),
        key=f"sweep-{name}",
        alt=hidden_tables.told(sweep, name, shown),
    )


@drawn_once("hidden-h")
def counted(dark: bool, shown: tuple[str, ...]) -> None:
    hidden_tables.show_counted(hidden_tables.counted(results.load("hidden-h"), shown))


@drawn_once("hidden-h")
def tolerances(dark: bool, shown: tuple[str, ...]) -> None:
    hidden_tables.by_tolerance(results.load("hidden-h"), shown)


@drawn_once("hidden-h")
def poses_kept(dark: bool, shown: tuple[str, ...]) -> None:
    sweep = results.load("hidden-h")
    charts.show(
        figures.spread_against_h(sweep[sweep["set"].isin(shown)], dark),
        key="spreads",
        alt="Orbit spread against h: small while the nodes are as few as the sides need, large "
        "beyond.",
    )


@drawn_once("hidden-clouds")
def energies(dark: bool) -> None:
    clouds = results.load("hidden-clouds")
    for column, (name, text) in zip(st.columns(3), SETS.items(), strict=True):
        cloud = clouds[clouds["set"] == name]
        with column:
            st.subheader(text.short)
            charts.show(
                figures.energy_against_inputs(
                    cloud.assign(summed=cloud["N1"] + cloud["N2"]), "N₁ + N₂", dark
                ),
                key=f"energy-{name}",
                alt=f"Actual and predicted energies against the summed nodes, set {text.row}.",
            )
            charts.show(
                figures.actual_against_predicted(cloud, figures.SET_COLOURS[dark][name], dark),
                key=f"against-{name}",
                alt=f"Predicted against actual energies, set {text.row}.",
            )


@drawn_once("hidden-two-sides")
def two_sides(dark: bool) -> None:
    two = results.load("hidden-two-sides")
    sides = two[["l1", "l2", "l3"]]
    seen = sides.sum(axis=1) - sides.to_numpy()[range(len(two)), two["dropped"] - 1]
    partly = two.assign(summed=seen)[two["dropped"] != two["constant"]]
    first, second, third = st.columns(3)
    with first:
        st.markdown("**a** All triangles of set ii")
        charts.show(
            figures.energy_against_sides(two, dark),
            key="two-sides-a",
            alt="Energies against the total side: nothing low at large totals.",
        )
    with second:
        st.markdown("**b** One of the two is the constant side")
        charts.show(
            figures.energy_against_inputs(partly, "sum of the two sides", dark),
            key="two-sides-b",
            alt="Actual energies spread widely about the predicted line.",
        )
    with third:
        st.markdown("**c** Predicted against actual")
        charts.show(
            figures.two_sides(two, dark),
            key="two-sides-c",
            alt="On the diagonal where both sides are free, spread where one is the constant side.",
        )


@drawn_once(*hidden_tables.TABLE_5)
def table_5(dark: bool) -> None:
    hidden_tables.show_table_5(hidden_tables.table_5())


@fold(EVIDENCE, "how many nodes each set needs (Fig. 12), and what two nodes know of the energy")
def evidence() -> None:
    st.header("How many nodes does each set need?", anchor="nodes")

    asking = predictions.asked_first()
    shown = predictions.revealed(SETS, asking)
    with errors_as_sentences():
        sweep = hidden_tables.sweep()
        lines = {"random": levels.floor_line()} if "random" in shown else {}
        for column, name in zip(st.columns(3), SETS, strict=True):
            with column:
                sweep_of(name, shown, lines.get(name, {}))
                if name in shown:
                    found = sweep.plateaus[name]
                    predictions.compare(name, found)
                    st.metric("The error levels off at", f"h = {found.median}")
                    st.caption(hidden_tables.of_seeds(found.low, found.high))
                else:
                    predictions.ask(name, sweep.sizes)
        st.caption(hidden_tables.SWEEP_CAPTION)

        st.subheader("The network as a counter of degrees of freedom")
        st.markdown(hidden_tables.COUNTER)
        if shown:
            counted(shown)
            csv(
                lambda: hidden_tables.counted(results.load("hidden-h"), shown),
                "degrees-of-freedom",
                TABLE,
            )
            tolerances(shown)
        else:
            st.info("Guess a plateau above, or look at one, and its line appears here.")

    if shown:
        st.subheader("Is it the loss that makes the latent invariant?")
        st.markdown(hidden_tables.CAUSE)
        with errors_as_sentences():
            poses_kept(shown)

    st.header("Energies from two nodes", anchor="energies")
    st.markdown(
        "A second network (table 4) predicts the Lennard-Jones energy from the two latent nodes "
        "alone. What the nodes do not know, it can only average over."
    )

    with errors_as_sentences():
        energies()

    st.header("Where the averaging comes from: two sides, no encoder", anchor="two-sides")
    st.markdown(
        "Row iv of the table: no network in between, just two random sides of a triangle of set "
        "ii. Where one of the two is the constant side, the third is anybody's guess, and the "
        "prediction is the mean over all of them; where both are free, the energy is known."
    )

    with errors_as_sentences():
        two_sides()


@fold(RESEARCHERS, "table 5 beside ours, and the numbers of the figures")
def researchers() -> None:
    st.header("Table 5, once more", anchor="table-5")

    with errors_as_sentences():
        table_5()
        csv(hidden_tables.table_5, "table-5", TABLE, hidden_tables.TABLE_5)
        csv_of("hidden-h2")

    st.header("The numbers of the figures")
    for name in ("hidden-clouds", "hidden-h", "hidden-two-sides"):
        with errors_as_sentences():
            csv_of(name)
