"""Symmetry: a triangle in the hand, its latent point in trained networks, and how far it drifts."""

import time

import streamlit as st

from trisym.figures import common as figures
from trisym.outside_text import in_markdown
from trisym.storage import results
from trisym.ui.kit import linked, models
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.tables import errors_as_sentences, short
from trisym.ui.symmetry import orbits, tables
from trisym.ui.symmetry.choice import choose
from trisym.ui.symmetry.scene import Scene
from trisym.ui.symmetry.stage import StageState, stage

# The stage draws itself first: Plotly's pictures in 3D hold the browser up as they are built.
STAGE_FIRST_S = 0.3

dark = st.context.theme.type == "dark"

st.title("Does the latent point stay put?")
link = SceneLink(Scene)
if missing := models.missing():
    st.error(missing)
titles = models.titles()
written = {model: in_markdown(title) for model, title in titles.items()}
choice, size = st.columns([3, 1])
with choice:
    chosen, fault = choose(titles, link)
with size:
    count = linked.one(
        st.selectbox,
        "Triangles in the cloud",
        {n: f"{n:,} triangles" for n in (1_000, 5_000, 20_000, 50_000)},
        key="cloud",
        start=5_000,
        label_visibility="collapsed",
    )
opened = "stage" not in st.session_state
held = StageState(link.scene or Scene())
with errors_as_sentences():
    held = stage(
        [models.in_browser(name) for name in chosen],
        models.reference(count),
        key="stage",
        link=link,
        fault=fault,
    )

if opened:
    time.sleep(STAGE_FIRST_S)

st.header("The same triangle, moved once")
st.markdown(
    "Here is the triangle as you let it go above, and again after a random rigid motion inside the "
    "cube. Its sides can't tell the two poses apart. Can the networks? **Drift** is how far the "
    "latent point went, in spreads of its cloud."
)
st.button(
    "Move it",
    icon=":material/casino:",
    type="primary",
    on_click=orbits.next_motion,
    help="Another random rotation and translation inside the cube",
)
passages = {}
with errors_as_sentences():
    before, after = held.pose, orbits.moved(held.pose, orbits.motion_number())
    passages = {name: orbits.passage(name, before, after, count) for name in chosen}
    world, *latents = st.columns([2, *(1 for _ in chosen)], vertical_alignment="bottom")
    world.plotly_chart(
        figures.poses({"before": before, "after": after}, dark, held.scene.camera[:2]),
        key="poses",
        alt="The triangle in the unit cube, in 3D, before and after the motion.",
    )
    for column, (name, passage) in zip(latents, passages.items(), strict=True):
        column.markdown(f"**{written[name]}**")
        column.metric("Drift", short(passage.drift))
        column.altair_chart(
            figures.latent_view(orbits.cloud(name, count)[:1000], passage.marks, dark),
            key=f"latent-{name}",
            alt=f"Latent cloud, {titles[name]}, and in it the points before and after.",
        )
    tables.sides({"before": orbits.sides(before), "after": orbits.sides(after)})
    tables.passages(list(passages.values()), written)

st.header("Many triangles, many motions each", anchor="orbits")
st.markdown(
    "Fig. 9 of the thesis: triangles that no network was trained on, each in many poses, one "
    "colour a triangle. Where the dots of a colour fall together, the network knows that triangle "
    "in any pose. **Orbit spread** puts a number on it: 0 when all poses of a triangle have the "
    "same latent point, 1 when the latent point says nothing about the shape. **Above 0**: no "
    "coordinate of the moved triangle is negative; **below 0**: on every axis one may be."
)
controls, picture = st.columns([2, 5])
with controls:
    shown = {model: written[model] for model in chosen}
    drawn = linked.one(st.radio, "Network", shown, key="network", start=chosen[0])
    reach = linked.one(st.radio, "Motions", orbits.RANGES, key="reach", start="inside")
    triangles, motions = (
        linked.one(st.select_slider, label, {n: str(n) for n in counts}, key=key, start=100)
        for label, key, counts in (
            ("Triangles", "triangles", (10, 30, 100, 300, 1000)),
            ("Motions of each", "motions", (20, 50, 100, 200, 500)),
        )
    )
with errors_as_sentences():
    found = {name: orbits.orbits(name, triangles, motions) for name in chosen}
    seen = found[drawn][reach]
    controls.metric("Orbit spread", short(seen.spread))
    picture.plotly_chart(
        figures.orbit_cloud(
            seen.latents,
            seen.triangle,
            passages[drawn].marks if drawn in passages else (),
            dark,
        ),
        key="orbits",
        alt=f"Latent points of {triangles:,} triangles in {motions} poses each, one colour a "
        f"triangle. {titles[drawn]}: orbit spread {short(seen.spread)}.",
    )
    picture.caption(
        f"{len(seen.latents):,} of {seen.count:,} points are drawn; the orbit spread is that of "
        "all. The two marks are your triangle's points from above."
    )
    tables.spreads(found, written, orbits.RANGES)

st.header("What was learned, and where it ends", anchor="learned")
with errors_as_sentences():
    measured = results.load("invariance")
    tables.invariance(measured, written)
    numbers = measured.set_index("model").map(short, na_action="ignore")
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
symmetry holds where no example was. With all coordinates above 0 the orbit spread is
{best["orbit_spread_near_above"]} near the cube and {best["orbit_spread_far_above"]} up to ten edges
away, beside {best["orbit_spread_inside"]} inside. Below 0 it ends at once:
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
