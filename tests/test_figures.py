"""What the figures show: every point, one colour a triangle, and no colour lost in the page."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import pytest
from plotly.colors import unlabel_rgb

from trisym.figures import common as figures
from trisym.figures.common import AFTER, BEFORE, Mark

RNG = np.random.default_rng(0)
TRIANGLE = np.array([[0.1, 0.2, 0.3], [0.9, 0.2, 0.4], [0.5, 0.8, 0.6]])
THEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def luminance(rgb: tuple[float, ...]) -> float:
    """Relative luminance of 0…255 values (WCAG 2)."""
    scaled = np.array(rgb) / 255
    linear = np.where(scaled <= 0.04045, scaled / 12.92, ((scaled + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(first: float, second: float) -> float:
    """Contrast of two luminances (WCAG 2), from 1 to 21."""
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def hexadecimal(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def orbits(triangles: int = 7, motions: int = 5, nodes: int = 3) -> pd.DataFrame:
    latents = RNG.normal(size=(triangles * motions, nodes))
    table = pd.DataFrame(latents, columns=[f"N{i + 1}" for i in range(nodes)])
    return table.assign(triangle=np.arange(triangles).repeat(motions), model="m", perimeter=1.0)


def marks(nodes: int = 3) -> list[Mark]:
    return [
        Mark("before", RNG.normal(size=nodes), BEFORE),
        Mark("after", RNG.normal(size=nodes), AFTER),
    ]


@THEMES
def test_colours_rise_in_lightness_and_show_on_the_page(dark: bool) -> None:
    run = [luminance(unlabel_rgb(colour)) for colour in figures.palette(dark)]
    assert np.all(np.diff(run) > 0)
    page = luminance(hexadecimal(figures.PAPER[dark]))
    assert min(contrast(one, page) for one in run) > 1.7


@THEMES
def test_lines_show_on_both_pages(dark: bool) -> None:
    page = luminance(hexadecimal(figures.PAPER[dark]))
    assert all(contrast(luminance(hexadecimal(c)), page) > 3 for c in (figures.GREY, BEFORE, AFTER))


def test_the_other_page_would_swallow_a_colour() -> None:
    """The control: without the cut, an end of the map is lost on its page."""
    for dark in (False, True):
        page = luminance(hexadecimal(figures.PAPER[dark]))
        other = [luminance(unlabel_rgb(colour)) for colour in figures.palette(not dark)]
        assert min(contrast(one, page) for one in other) < 1.7


def test_principal_view_is_a_rotation_to_the_widest_directions() -> None:
    """Wᵀ W = 1, and var(x W)₁ ≥ var(x W)₂ ≥ var(x W)₃."""
    points = RNG.normal(size=(500, 3)) @ RNG.normal(size=(3, 3))
    view = figures.principal_view(points)
    np.testing.assert_allclose(view.T @ view, np.eye(3), atol=1e-12)
    variances = (points @ view).var(axis=0)
    assert variances[0] >= variances[1] >= variances[2]
    assert variances[0] > points.var(axis=0).max() * 0.999


@pytest.mark.parametrize("nodes", [1, 2, 3, 5])
def test_orbit_view_shows_every_pose_with_its_triangle(nodes: int) -> None:
    table = orbits(nodes=nodes)
    chart = figures.orbit_view(table, dark=False)
    assert isinstance(chart.data, pd.DataFrame)
    assert len(chart.data) == len(table)
    assert sorted(chart.data["triangle"]) == sorted(table["triangle"])
    assert chart.data["near"].is_monotonic_increasing  # the near ones are drawn last, on top
    assert "triangle" in str(chart.to_dict()["encoding"]["color"])


@THEMES
@pytest.mark.parametrize("nodes", [1, 2, 3, 5])
def test_latent_view_shows_both_marks_where_they_are(nodes: int, dark: bool) -> None:
    cloud = RNG.normal(size=(50, nodes))
    chart = figures.latent_view(cloud, {"a": BEFORE, "b": AFTER}, dark)
    at = figures.seen_marks(cloud, [Mark("a", cloud[3], BEFORE), Mark("b", cloud[4], AFTER)])
    assert isinstance(chart, alt.LayerChart)
    seen, *others = (layer.data for layer in chart.layer)
    assert len(seen) == 50
    assert [other.name for other in others] == [figures.MARKS, figures.MARKS]
    assert list(at["mark"]) == ["a", "b"]
    axes = ["right", "up"]
    np.testing.assert_allclose(at[axes], seen.loc[[3, 4], axes], atol=2e-4)
    chart.to_dict()  # a specification that Vega-Lite's schema does not allow raises


@pytest.mark.parametrize("nodes", [1, 2, 3, 5])
def test_orbit_cloud_has_one_colour_a_triangle(nodes: int) -> None:
    table = orbits(nodes=nodes)
    latents = table.filter(like="N").to_numpy()
    figure = figures.orbit_cloud(latents, table["triangle"].to_numpy(), marks(nodes))
    cloud, before, after = figure.data
    assert len(cloud.x) == len(table)
    np.testing.assert_array_equal(cloud.marker.color, table["triangle"])
    np.testing.assert_allclose(cloud.x, latents[:, 0], rtol=1e-6)
    assert [before.name, after.name] == ["before", "after"]
    assert before.marker.symbol != after.marker.symbol  # told apart without colour
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"


def test_orbit_cloud_names_the_nodes_there_are() -> None:
    scene = figures.orbit_cloud(RNG.normal(size=(9, 2)), np.arange(9)).layout.scene
    assert [scene.xaxis.title.text, scene.yaxis.title.text] == ["N₁", "N₂"]
    assert [scene.yaxis.visible, scene.zaxis.visible] == [True, False]


def test_poses_draws_closed_triangles_in_a_cube_of_twelve_edges() -> None:
    figure = figures.poses({"before": TRIANGLE, "after": 1 - TRIANGLE})
    cube, *rest = figure.data
    path = np.array([cube.x, cube.y, cube.z]).T
    edges = np.split(path, 12)
    assert all(np.isnan(gap).all() for *_, gap in edges)
    assert {np.abs(a - b).sum() for a, b, _ in edges} == {1.0}
    outlines = {line.name: line for line in rest if line.type == "scatter3d"}
    for name, vertices in (("before", TRIANGLE), ("after", 1 - TRIANGLE)):
        drawn = np.array([outlines[name].x, outlines[name].y, outlines[name].z]).T
        np.testing.assert_allclose(drawn, vertices[[0, 1, 2, 0]], rtol=1e-6)
    assert outlines["before"].line.color != outlines["after"].line.color


def test_poses_keeps_the_cube_in_view_until_a_triangle_leaves_it() -> None:
    inside = figures.poses({"before": TRIANGLE}).layout.scene.xaxis.range
    assert inside[0] < 0
    assert inside[1] > 1
    assert figures.poses({"before": TRIANGLE + 3}).layout.scene.xaxis.range is None
