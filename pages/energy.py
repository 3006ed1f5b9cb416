"""Energy: pull a side of a molecule by hand, and watch three predictors against the exact curve."""

import streamlit as st

from trisym.figures import energy as figures
from trisym.storage import results
from trisym.ui.energy import models as energy_models
from trisym.ui.energy import tables as energy_tables
from trisym.ui.energy.molecule import molecule
from trisym.ui.energy.scene import Scene
from trisym.ui.energy.tables import INPUTS, chart
from trisym.ui.kit.about import of_models
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.folds import EVIDENCE, RESEARCHERS, fold
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.places import heading
from trisym.ui.kit.tables import TABLE, csv, csv_of, errors_as_sentences, scientific

heading(
    "Pull a side, trace the energy",
    "Three small networks learned the energy of three atoms: one sees the **sides**, one the "
    "**latent**, one the **coordinates**. Pull an atom. Then turn the molecule: its energy stays.",
)


@st.fragment
def live() -> None:
    """Only this part runs again when the hand lets go."""
    with errors_as_sentences():
        link = SceneLink(Scene, "molecule")
        cards = of_models(energy_models.NAMES)
        molecule(energy_models.predictors(), key="energy", link=link, cards=cards)


live()


@drawn_once("energy-bands")
def bands_of_poses(dark: bool) -> None:
    bands = results.load("energy-bands")
    titles = {"pulled side": "second side, the others stay 0.62", "Fig. 18": "x of Fig. 18"}
    for column, (line, title) in zip(st.columns(2), titles.items(), strict=True):
        with column:
            chart(
                figures.pose_bands(bands[bands["line"] == line], title, dark),
                f"energy-bands-{line.replace(' ', '-').replace('.', '').lower()}",
                f"Energy against the {title}: the exact curve and three bands over 500 poses.",
            )


@drawn_once("energy")
def beside_the_thesis(dark: bool) -> None:
    measured = results.load("energy")
    ours = energy_tables.compared(measured).set_index("input")
    energy_tables.errors(measured)
    st.markdown(
        f"""
Mean squared errors of the scaled energy on 20,000 molecules that no network saw; three seeds each.
**Of it from the pose** is the part that comes from turning and carrying alone: the variance of the
prediction over 50 rigid motions of one molecule. For the latent it is
{ours.loc["latent", "pose_mse"] / ours.loc["latent", "mse"]:.0%} of the error. Longer
training of the predictor can't undo all of it: where the encoder gives two poses of a molecule two
latent points, molecules of another energy may have the very same ones. The latent is as good as its
encoder.
"""
    )


@drawn_once("energy-scatter", "energy")
def fig_11(dark: bool) -> None:
    scatter = results.load("energy-scatter")
    shipped = results.load("energy").query("shipped").set_index("input")
    for column, kind in zip(st.columns(3), INPUTS, strict=True):
        with column:
            st.subheader(energy_tables.INPUTS[kind].capitalize())
            st.markdown(f"MSE **{scientific(shipped.loc[kind, 'test_mse'])}**")
            chart(
                figures.actual_against_predicted(
                    scatter[scatter["input"] == kind], shipped.loc[kind], dark
                ),
                f"energy-fig11-{kind}",
                f"Fig. 11 of the thesis for {kind}: predicted against actual energy, and the "
                f"fitted line of slope {shipped.loc[kind, 'slope']:.3f}.",
            )


@drawn_once("energy-error", "energy")
def errors_by_energy(dark: bool) -> None:
    best = results.load("energy").query("shipped").set_index("input")["seed"]
    errors = results.load("energy-error")
    errors = errors[errors["seed"] == errors["input"].map(best)]
    for column, against in zip(st.columns(2), ("energy", "shortest side"), strict=True):
        with column:
            chart(
                figures.error_against(errors, against, dark),
                f"energy-error-{against.replace(' ', '-')}",
                f"Error of the three predictors against the {against}, above how many molecules "
                "there are.",
            )
    st.markdown(
        "A high energy needs a short side, and there the curve is steepest: a small mistake in the "
        "side is a large one in the energy. Molecules whose energy is near the top are rare as "
        "well, since a second and a third side must be short too. So the networks have seen least "
        "where they would need most."
    )


@drawn_once("energy-fig18")
def fig_18(dark: bool) -> None:
    fig18 = results.load("energy-fig18")
    places = {"as printed": "As the thesis placed it", "in the box": "Moved into the training box"}
    for column, (place, title) in zip(st.columns(2), places.items(), strict=True):
        with column:
            st.subheader(title)
            chart(
                figures.varied_side(fig18[fig18["place"] == place], dark),
                f"energy-fig18-{place.replace(' ', '-')}",
                f"Fig. 18 of the thesis, {title.lower()}: exact energy and three predictions, "
                "three seeds as a band.",
            )
    fitting = fig18[(fig18["place"] == "in the box") & fig18["in_box"] & fig18["long_sides"]]["x"]
    st.markdown(
        f"Vertices at (0, 1, 0), (0, 0.46, 0) and (0, 0, x). **Shaded**: a side is below 0.48, or "
        f"an atom is outside the box of edge 0.7; no network has seen such a molecule. On the left "
        f"that is everywhere, since the first vertex is at y = 1: all three extrapolate. "
        "On the right the same molecules are turned and carried into the box, where they fit from "
        f"x = {fitting.min():.2f} to {fitting.max():.2f} in this one direction. The lines are "
        "means of three seeds, the bands their range."
    )


@drawn_once("energy-history")
def histories(dark: bool) -> None:
    chart(
        figures.training_curves(results.load("energy-history"), dark),
        "energy-history",
        "Validation error of the three kinds against epochs, three seeds as a band.",
    )


@fold(EVIDENCE, "one molecule in 500 poses, Fig. 11, Fig. 18, and why high energies are worst")
def evidence() -> None:
    st.header("One molecule, 500 poses")
    st.markdown(
        "The same molecules along two lines, each in 500 random rigid motions inside the box of "
        "edge 0.7 that the training molecules came from. Nine in ten predictions lie in the band. "
        "What sees the sides has no band: it can't tell the poses apart. The latent hardly can. "
        "What sees the coordinates can, and had to learn every pose for itself."
    )

    with errors_as_sentences():
        bands_of_poses()

    st.header("Actual against predicted", anchor="actual-against-predicted")

    with errors_as_sentences():
        fig_11()

    st.header("Fig. 18: a varied side", anchor="varied-side")

    with errors_as_sentences():
        fig_18()

    st.header("Why high energies are worst")

    with errors_as_sentences():
        errors_by_energy()


@drawn_once("readouts")
def order_of_atoms(dark: bool) -> None:
    spread = results.load("readouts").query("model == 'sides-h3'")["permutation_spread"].mean()
    st.markdown(
        "**The order of the atoms.** Renumbering three like atoms changes no energy, yet it "
        "changes what the networks see: sides in another order, another latent point. Under its "
        f"six orders the latent points of a triangle have a spread of {spread:.2f}, where 1 would "
        "say nothing of the triangle. No loss here asks for this symmetry, and none is found. The "
        "mean prediction over the six orders has it by construction; the table's last column says "
        "by how much that is better."
    )


@fold(RESEARCHERS, "errors beside the thesis's, how they were trained, how the energy is made")
def researchers() -> None:
    st.header("Ours beside the thesis", anchor="beside-the-thesis")

    with errors_as_sentences():
        beside_the_thesis()
        csv(lambda: energy_tables.compared(results.load("energy")), "energy", TABLE)
    with errors_as_sentences():
        order_of_atoms()

    st.header("How they were trained")

    with errors_as_sentences():
        histories()
        csv_of("energy-history")

    st.header("How the energy is made", anchor="formula")
    st.markdown("Two atoms at a distance $r$ have the energy (eq. 9 of the thesis)")
    st.latex(r"V(r) = \left(\frac{\sigma}{r}\right)^{12} - \left(\frac{\sigma}{r}\right)^{6}")
    st.markdown(
        "which is 0 at $r = \\sigma$, lowest at $r = 2^{1/6}\\sigma$, where it is $-1/4$, and "
        "without bound as $r$ goes to 0. An atom's energy sums over the two others, and the "
        "molecule's is (eqs. 10 and 11)"
    )
    st.latex(
        r"\varepsilon_i = \sum_{j \neq i} V(r_{ij}), \qquad "
        r"E = 2\,(\varepsilon_1 + \varepsilon_2 + \varepsilon_3)"
        r" = 4\,\bigl(V(l_1) + V(l_2) + V(l_3)\bigr)"
    )
    st.markdown(
        """
    with $\\sigma = 0.5$. Each pair stands in two of the $\\varepsilon_i$, hence the 4.

    **Where the notebooks differ.** The thesis's programs have the usual depth, $V =
    4\\,[(\\sigma/r)^{12} - (\\sigma/r)^6]$, and count each pair twice: $E = 2\\sum_{\\text{pairs}}
    V$. That is twice the energy in print. (Physics counts each pair once: $\\tfrac12\\sum_i
    \\varepsilon_i$.) It makes no difference to what was learned: energies are scaled to 0…1 by the
    lowest and highest of the training set, and the factor goes with it. Here the energies are those
    in print.

    **The data.** 200,000 molecules with atoms uniform in a box of edge 0.7 and every side above
    0.48; 80 % to train, 10 % to choose, 10 % to measure. What goes into a network is scaled to 0…1
    in the same way. The networks are those of table 4: 64, 32 and 16 nodes with leaky ReLU, one
    linear output.
    """
    )

    st.header("The numbers of the figures")
    for name in ("energy-bands", "energy-scatter", "energy-error", "energy-fig18"):
        with errors_as_sentences():
            csv_of(name)
