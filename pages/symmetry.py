"""Symmetry: a triangle in the hand, its latent point in trained networks, and how far it drifts."""

import numpy as np
import pandas as pd
import streamlit as st

from trisym.figures import common as figures
from trisym.figures.common import Mark
from trisym.names import UNTRAINED
from trisym.outside_text import in_markdown
from trisym.storage import results
from trisym.ui.kit import charts, linked, models
from trisym.ui.kit.about import of_models
from trisym.ui.kit.drawn import drawn_once
from trisym.ui.kit.folds import EVIDENCE, RESEARCHERS, fold
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.local import sending
from trisym.ui.kit.model_choice import choose
from trisym.ui.kit.places import MORE, heading, is_away
from trisym.ui.kit.tables import TABLE, csv, errors_as_sentences, short
from trisym.ui.symmetry import orbits, tables
from trisym.ui.symmetry.orbits import Passage, Titled
from trisym.ui.symmetry.scene import Scene
from trisym.ui.symmetry.stage import StageState, stage

heading(
    "Does the latent point stay put?",
    "Each network squeezes nine coordinates into three numbers, its orange dot. "
    "Turn the triangle: **whose dot stays?**",
)
link = SceneLink(Scene)
if missing := models.missing():
    st.error(missing)
titles = models.titles(here=True)
live = st.container()  # what is chosen stands below it: the hand and its effect share a screen
choice, extent = st.columns([3, 1])
with choice:
    chosen, fault = choose(titles, link, models.FIRST, lambda names: Scene(models=names))
with extent:
    count = linked.one(
        st.selectbox,
        "Triangles in the cloud",
        {n: f"{n:,} triangles" for n in (1_000, 5_000, 20_000, 50_000)},
        key="cloud",
        start=5_000,
        label_visibility="collapsed",
    )
held = StageState(link.scene or Scene())
with live, errors_as_sentences():
    held = stage(
        [models.shown(name) for name in chosen],
        models.reference(count),
        key="stage",
        link=link,
        fault=fault,
        cards=of_models(chosen),
    )
asked = models.on_server(chosen) or [UNTRAINED]  # what the server computes with below
sending.offer(chosen, chosen="models")
if not is_away(MORE):
    st.caption(
        "**Drift** is how far a network's latent point has gone, in spreads of its cloud; a "
        "**spread** is the root of the cloud's total variance."
    )


@drawn_once(passing=True)
def moved_once(
    dark: bool,
    passages: tuple[Passage, ...],
    before: np.ndarray,
    after: np.ndarray,
    camera: figures.View,
    titled: tuple[Titled, ...],
    count: int,
) -> None:
    titles = orbits.titles(titled)
    world, *latents = st.columns([2, *(1 for _ in passages)], vertical_alignment="bottom")
    with world:
        charts.figure(
            figures.poses({"before": before, "after": after}, dark, camera),
            key="poses",
            alt="The triangle in the unit cube, in 3D, before and after the motion.",
        )
    for column, passage in zip(latents, passages, strict=True):
        title = titles[passage.name]
        with column:
            st.markdown(f"**{in_markdown(title)}**")
            st.metric("Drift", short(passage.drift))
            charts.fill(
                orbits.view(passage.name, count, dark),
                orbits.seen(passage, count),
                key=f"latent-{passage.name}",
                alt=f"Latent cloud, {title}, and in it the points before and after.",
            )


@drawn_once(passing=True)
def fig_9(
    dark: bool, titled: Titled, reach: str, size: tuple[int, int], marks: tuple[Mark, ...]
) -> None:
    name, title, _ = titled
    triangles, motions = size
    seen = orbits.orbits(name, triangles, motions)[reach]
    charts.figure(
        figures.orbit_cloud(seen.latents, seen.triangle, marks, dark),
        key="orbits",
        alt=f"Latent points of {triangles:,} triangles in {motions} poses each, one colour a "
        f"triangle. {title}: orbit spread {short(seen.spread)}.",
    )
    st.caption(
        f"{len(seen.latents):,} of {seen.count:,} points are drawn; the orbit spread is that of "
        "all. The two marks are your triangle's points from above."
    )


@drawn_once("invariance")
def learned(dark: bool) -> None:
    numbers = results.load("invariance").set_index("model").map(short, na_action="ignore")
    best, printed = numbers.loc["sides-h3"], numbers.loc["perimeter-h3"]
    st.markdown(
        f"""
**Invariant** means: move the triangle, and the answer stays. The three sides are invariant.
**Equivariant** means: the answer moves along. The three vertices are equivariant. The network
trained on *sides* has three numbers to pass on and three sides to bring back: there is no room for
the pose, so the pose is thrown away. The loss does not ask for that, it is only blind to the pose:
with six numbers to pass on, the same loss keeps the pose (page *Hidden symmetries*, the spread
against h). Loss and bottleneck together make the invariance. The network
trained on *coordinates* must bring back the pose, so it keeps some of it, at the cost of the shape.

**Where it ends: at 0, not at the cube.** All training triangles lie in the unit cube, and yet the
symmetry goes on where no example was. With all coordinates above 0 the orbit spread is
{best["orbit_spread_near_above"]} near the cube, beside {best["orbit_spread_inside"]} inside; it
grows slowly, to {best["orbit_spread_far_above"]} up to ten edges away. Below 0 it ends at once:
{best["orbit_spread_near_below"]}. The examples are not the reason: the thesis's network begins with
a leaky ReLU on the coordinates themselves, which leaves positive ones alone and shrinks negative
ones. *How does it measure a side?* shows what happens without it.

**The formula in print learns one number.** Eq. 8 of the thesis compares the *sums* of the sides, so
any triangle of the right perimeter is a perfect answer. The network trained with it gets the
perimeter right to {printed["perimeter_error"]}, and a side wrong by {printed["side_error"]}: it has
found an invariant, but one of three. The thesis's own results come from comparing side by side, as
its program did: “trained on sides” here.
"""
    )


@drawn_once(passing=True)
def passages_in_numbers(
    dark: bool,
    passages: tuple[Passage, ...],
    before: np.ndarray,
    after: np.ndarray,
    titled: tuple[Titled, ...],
) -> None:
    tables.show_sides(tables.sides({"before": before, "after": after}))
    tables.show_passages(passages, orbits.titles(titled))


@drawn_once(passing=True)
def spreads(dark: bool, titled: tuple[Titled, ...], size: tuple[int, int]) -> None:
    found = {name: orbits.orbits(name, *size) for name, *_ in titled}
    tables.show_spreads(tables.spreads(found), orbits.titles(titled), orbits.RANGES)


def spreads_in_full(size: tuple[int, int]) -> pd.DataFrame:
    return tables.spreads({name: orbits.orbits(name, *size) for name in asked})


@drawn_once("invariance", passing=True)
def invariance(dark: bool, titles: tuple[tuple[str, str], ...]) -> None:
    tables.show_invariance(tables.invariance(results.load("invariance")), dict(titles))


titled = tuple((name, titles[name], models.digest(name)) for name in asked)


def moved() -> tuple[np.ndarray, np.ndarray, tuple[Passage, ...]]:
    """Return the triangle as it was let go, the same after a motion, and what the networks say."""
    before, after = held.pose, orbits.moved(held.pose, orbits.motion_number())
    return before, after, tuple(orbits.passage(name, before, after, count) for name in asked)


def sized() -> tuple[int, int]:
    """Ask for how many triangles in how many poses."""
    triangles, motions = (
        linked.one(st.select_slider, label, {n: str(n) for n in counts}, key=key, start=100)
        for label, key, counts in (
            ("Triangles", "triangles", (10, 30, 100, 300, 1000)),
            ("Motions of each", "motions", (20, 50, 100, 200, 500)),
        )
    )
    return triangles, motions


@fold(EVIDENCE, "the same triangle moved once, Fig. 9, and where what was learned ends")
def evidence() -> None:
    st.header("The same triangle, moved once")
    st.markdown(
        "Here is the triangle as you let it go above, and again after a random rigid motion inside "
        "the cube. Its sides can't tell the two poses apart. Can the networks? **Drift** is how "
        "far the latent point went, in spreads of its cloud."
    )
    if st.button(
        "Move it",
        icon=":material/casino:",
        type="primary",
        on_click=orbits.next_motion,
        help="Another random rotation and translation inside the cube",
    ):
        st.rerun()  # its numbers stand in the other fold
    passages: tuple[Passage, ...] = ()
    with errors_as_sentences():
        before, after, passages = moved()
        moved_once(passages, before, after, held.scene.camera[:2], titled, count)

    st.header("Many triangles, many motions each", anchor="orbits")
    st.markdown(
        "Fig. 9 of the thesis: triangles that no network was trained on, each in many poses, one "
        "colour a triangle. Where the dots of a colour fall together, the network knows that "
        "triangle in any pose. **Orbit spread** puts a number on it: 0 when all poses of a "
        "triangle have the same latent point, 1 when a latent point says nothing about the shape. "
        "**Above 0**: no coordinate of the moved triangle is negative; **below 0**: on every axis "
        "one may be."
    )
    controls, picture = st.columns([2, 5])
    with controls:
        networks = {model: in_markdown(titles[model]) for model in asked}
        drawn = linked.one(st.radio, "Network", networks, key="network", start=asked[0])
        reach = linked.one(st.radio, "Motions", orbits.RANGES, key="reach", start="inside")
        size = sized()
    with errors_as_sentences():
        found = orbits.orbits(drawn, *size)
        controls.metric("Orbit spread", short(found[reach].spread))
        marks = next((each.marks for each in passages if each.name == drawn), ())
        with picture:
            fig_9(next(each for each in titled if each[0] == drawn), reach, size, marks)
        spreads(titled, size)
        csv(lambda: spreads_in_full(size), "orbit-spread", TABLE)

    st.header("What was learned, and where it ends", anchor="learned")
    with errors_as_sentences():
        learned()


@fold(
    RESEARCHERS, "the motion in numbers, and the errors of the shipped networks beside the thesis's"
)
def researchers() -> None:
    st.header("The motion above in numbers")
    with errors_as_sentences():
        before, after, passages = moved()
        passages_in_numbers(passages, before, after, titled)
        csv(lambda: tables.sides({"before": before, "after": after}), "sides", TABLE)
        csv(lambda: tables.passages(passages), "drift", TABLE)
    st.header("The shipped networks, and the thesis's errors beside them")
    with errors_as_sentences():
        invariance(tuple(titles.items()))
        csv(lambda: tables.invariance(results.load("invariance")), "invariance", TABLE)
