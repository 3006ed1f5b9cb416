"""The stage's pure parts, run in the browser against torch, NumPy and SciPy."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser
from scipy.spatial.transform import Rotation
from torch.nn import functional
from trisym.ui.symmetry.component import WEB

from tests.browser.stage import models
from trisym.geometry import side_lengths
from trisym.storage import checkpoints
from trisym.ui.kit.browser_model import Layer
from trisym.ui.kit.bundle import bundle
from trisym.ui.symmetry import StageModel

Js = Callable[..., Any]

EXPORTS = """
Network, LatentCloud, LatentTrack, Narrator, Scene, Glide, Tumble, Projection,
sideLengths, rotate, place, mirror, swapVertices, randomTurn, randomMotion, randomTriangle,
triangleFromSides, faultOfSides, faultOfVertices, bestTurn, align, isInsideCube, turnAbout, turn,
compose, turnAngle, partOfTurn, perimetersOf, verdict, threeDecimals, describe, orbit, zoomBy
"""


@pytest.fixture(scope="module")
def js(browser: Browser) -> Js:
    """Evaluate a function body with the modules' names in M and an argument `it`."""
    source = bundle(WEB / "stage.js") + f"\nglobalThis.M = {{ {EXPORTS} }};"
    with browser.new_context() as context:
        page = context.new_page()
        page.add_script_tag(content=source, type="module")
        page.wait_for_function("() => globalThis.M")
        yield lambda body, it=None: page.evaluate(f"(it) => {{ {body} }}", it)


def triangles(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(size=(n, 3, 3))


# The networks


def torch_encode(model: StageModel, x: torch.Tensor) -> torch.Tensor:
    """Table 3, written with torch's own layers, in the precision of x."""
    if model.input_activation:
        x = functional.leaky_relu(x, model.slope)
    for layer in model.encoder:
        x = functional.leaky_relu(linear(layer, x), model.slope)
    return x


def torch_decode(model: StageModel, z: torch.Tensor) -> torch.Tensor:
    *hidden, last = model.decoder
    for layer in hidden:
        z = functional.leaky_relu(linear(layer, z), model.slope)
    return linear(last, z)


def linear(layer: Layer, x: torch.Tensor) -> torch.Tensor:
    weight, bias = (torch.tensor(array, dtype=x.dtype) for array in layer)
    return functional.linear(x, weight, bias)


RUN = """
const network = new M.Network(it.model);
const latents = it.inputs.map((x) => Array.from(network.encode(x)));
return { latents, rebuilt: latents.map((z) => Array.from(network.decode(z))) };
"""


@pytest.mark.parametrize("name", [*models.RANDOM, *models.shipped()])
@pytest.mark.parametrize("slope", [0.3, 0.01])
def test_js_and_torch_agree(js: Js, name: str, slope: float) -> None:
    """|Δz| < 1e-5 and |Δx'| < 1e-5 on 1,000 random inputs, some of them outside the cube.

    Against float64: JavaScript computes in it, while float32 by itself is 1e-5 off on `mse-h3`.
    """
    model = replace(models.stage_model(name), slope=slope)
    inputs = np.random.default_rng(3).uniform(-0.3, 1.3, (1000, 9)).astype(np.float32)
    found = js(RUN, {"model": model.payload(), "inputs": inputs.tolist()})
    latents = torch_encode(model, torch.tensor(inputs, dtype=torch.float64))
    rebuilt = torch_decode(model, latents)
    assert np.abs(np.array(found["latents"]) - latents.numpy()).max() < 1e-5
    assert np.abs(np.array(found["rebuilt"]) - rebuilt.numpy()).max() < 1e-5


def test_the_slope_matters(js: Js) -> None:
    """The control: the other slope gives other latents."""
    model = models.stage_model("h3")
    other = replace(model, slope=0.01)
    inputs = triangles(20).reshape(-1, 9).tolist()
    found = [js(RUN, {"model": m.payload(), "inputs": inputs})["latents"] for m in (model, other)]
    assert np.abs(np.array(found[0]) - np.array(found[1])).max() > 1e-3


@pytest.mark.parametrize("name", models.shipped())
def test_a_shipped_model_is_the_library_s(js: Js, name: str) -> None:
    """The same latents as trisym.load(name).encode."""
    inputs = triangles(100).reshape(-1, 9)
    model = models.shipped_model(name)
    found = js(RUN, {"model": model.payload(), "inputs": inputs.tolist()})
    library = checkpoints.load_autoencoder(name).double()
    expected = library.encode(torch.tensor(inputs))
    assert np.abs(np.array(found["latents"]) - expected.numpy()).max() < 1e-5


def test_spread_is_the_root_of_the_total_variance(js: Js) -> None:
    """spread² = Σ over nodes of the variance over the cloud."""
    model = models.stage_model("h3")
    cloud = models.reference(500).reshape(-1, 9)
    found = js(
        """
        const cloud = new M.LatentCloud(new M.Network(it.model), new Float32Array(it.cloud));
        while (!cloud.done) cloud.work(5);
        return { spread: cloud.spread, mean: Array.from(cloud.mean) };
        """,
        {"model": model.payload(), "cloud": cloud.ravel().tolist()},
    )
    latents = torch_encode(model, torch.tensor(cloud)).numpy().astype(float)
    assert found["spread"] == pytest.approx(np.sqrt(latents.var(axis=0).sum()), rel=1e-5)
    assert found["mean"] == pytest.approx(latents.mean(axis=0), abs=1e-5)


def test_drift_is_measured_in_spreads(js: Js) -> None:
    """drift = |z - z_reference| / spread; a new shape starts again, a mirror image does not."""
    model = models.stage_model("h3")
    found = js(
        """
        const cloud = new M.LatentCloud(new M.Network(it.model), new Float32Array(it.cloud));
        while (!cloud.done) cloud.work(5);
        const pose = it.cloud.slice(0, 9);
        const scene = new M.Scene({ pose, camera: null, latentCamera: null, tool: "rotate" });
        const track = new M.LatentTrack(cloud.network, cloud);
        const told = [];
        const tell = () => { track.follow(scene); told.push([track.drift, track.largest]); };
        tell();
        scene.move([0.2, -0.1, 0.05]); tell();
        scene.move([-0.2, 0.1, -0.05]); tell();
        scene.mirror([0, 0, 1]); tell();
        scene.swap(0, 1); tell();
        return { told, jump: track.jump, references: scene.references, spread: cloud.spread };
        """,
        {"model": model.payload(), "cloud": models.reference(500).ravel().tolist()},
    )
    pose = models.reference(500)[0].astype(float)
    moved = np.stack([pose, pose + np.array([0.2, -0.1, 0.05])]).reshape(2, 9)
    here, there = torch_encode(model, torch.tensor(moved, dtype=torch.float32)).numpy()
    drift = np.linalg.norm(here - there) / found["spread"]
    start, away, back, mirrored, swapped = found["told"]
    assert start == [0, 0]
    assert away == pytest.approx([drift, drift], rel=1e-4)
    assert back == pytest.approx([0, drift], rel=1e-4, abs=1e-9)
    assert mirrored[0] > 0.01  # random weights know no mirror: it is drift, and is told
    assert swapped == [0, 0]
    assert found["jump"] > 0.01
    assert found["references"] == 1


# Geometry


def test_sides_are_the_library_s(js: Js) -> None:
    found = js("return it.map((v) => M.sideLengths(v));", triangles(50).reshape(-1, 9).tolist())
    assert np.allclose(found, side_lengths(torch.tensor(triangles(50))).numpy())


def test_rotations_agree_with_scipy(js: Js) -> None:
    """turn(q, p) = R p, compose(a, b) = first b, then a, about the centroid."""
    turns = Rotation.random(20, rng=1)
    poses = triangles(20)
    quaternions = turns.as_quat(scalar_first=True).tolist()
    found = js(
        "return it.q.map((q, i) => M.rotate(it.v[i], q));",
        {"q": quaternions, "v": poses.reshape(-1, 9).tolist()},
    )
    centroids = poses.mean(axis=1, keepdims=True)
    expected = np.stack([r.apply(p) for r, p in zip(turns, poses - centroids, strict=True)])
    assert np.allclose(np.reshape(found, (20, 3, 3)), expected + centroids)
    both = js("return it.map((q) => M.compose(q, it[0]));", quaternions)
    product = (turns * turns[0]).as_quat(scalar_first=True)
    assert np.allclose(np.abs(np.sum(np.array(both) * product, axis=1)), 1)


def test_random_turns_are_uniform(js: Js) -> None:
    """Haar measure: E[R] = 0 and E[R_ij²] = 1/3, as for no single axis or Euler angles."""
    found = js("return Array.from({ length: 20000 }, () => M.randomTurn(Math.random));")
    matrices = Rotation.from_quat(found, scalar_first=True).as_matrix()
    assert np.abs(matrices.mean(axis=0)).max() < 0.02
    assert np.abs((matrices**2).mean(axis=0) - 1 / 3).max() < 0.02
    # Angles of uniform rotations have density (1 - cos a) / pi: their mean is pi/2 + 2/pi.
    angles = Rotation.from_quat(found, scalar_first=True).magnitude()
    assert angles.mean() == pytest.approx(np.pi / 2 + 2 / np.pi, abs=0.02)


def test_random_motions_are_rigid_and_stay_inside(js: Js) -> None:
    poses = (0.3 * triangles(200) + 0.2).reshape(-1, 9)
    found = js(
        """return it.map((v) => {
          const motion = M.randomMotion(v, Math.random);
          return [motion.fits, M.place(v, motion.q, motion.target)];
        });""",
        poses.tolist(),
    )
    moved = np.reshape([pose for _, pose in found], (-1, 3, 3))
    assert all(fits for fits, _ in found)
    assert moved.min() > -1e-9
    assert moved.max() < 1 + 1e-9
    before, after = (side_lengths(torch.tensor(p)) for p in (poses.reshape(-1, 3, 3), moved))
    assert torch.allclose(before, after, atol=1e-12)


def test_a_triangle_too_large_to_turn_says_so(js: Js) -> None:
    large = [0, 0, 0, 3, 0, 0, 0, 3, 0]
    assert js("return M.randomMotion(it, Math.random).fits;", large) is False


@pytest.mark.parametrize("kind", ["Tumble", "Glide"])
def test_motions_in_time_are_rigid(js: Js, kind: str) -> None:
    """A tumble of ten minutes (36,000 steps) keeps the sides to 1e-9 and stays in the cube."""
    found = js(
        """
        const v = [0.3, 0.3, 0.3, 0.8, 0.4, 0.3, 0.4, 0.7, 0.5];
        const motion = it === "Tumble"
          ? new M.Tumble(v, Math.random)
          : new M.Glide(v, M.randomMotion(v, Math.random));
        let [at, inside, away] = [v, true, 0];
        for (let i = 0; i < 36000 && !motion.done; i += 1) {
          at = motion.step(1 / 60, at, 2);
          inside &&= at.every((x) => x > -1e-9 && x < 1 + 1e-9) || it === "Glide";
          away = Math.max(away, Math.hypot(at[0] - v[0], at[1] - v[1], at[2] - v[2]));
        }
        const [before, after] = [M.sideLengths(v), M.sideLengths(at)];
        return { before, after, inside, away, done: motion.done };
        """,
        kind,
    )
    assert found["after"] == pytest.approx(found["before"], abs=1e-9)
    assert found["inside"]
    assert found["away"] > 0.05
    assert found["done"] == (kind == "Glide")


def test_typed_sides_come_true(js: Js) -> None:
    """triangleFromSides: the sides asked for, the centroid and the plane of the triangle before."""
    random = np.random.default_rng(5)
    cases = [
        (side_lengths(torch.tensor(t)).tolist(), random.uniform(size=9).tolist())
        for t in triangles(100, 6)
    ]
    cases.append(([0.3, 0.4, 0.5], [0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.6, 0.6, 0.6]))  # on one line
    found = np.array(js("return it.map(([sides, v]) => M.triangleFromSides(sides, v));", cases))
    poses = found.reshape(-1, 3, 3)
    wanted = np.array([sides for sides, _ in cases])
    likes = np.array([like for _, like in cases]).reshape(-1, 3, 3)
    assert np.allclose(side_lengths(torch.tensor(poses)).numpy(), wanted)
    assert np.allclose(poses.mean(axis=1), likes.mean(axis=1))
    normals = np.cross(likes[:-1, 1] - likes[:-1, 0], likes[:-1, 2] - likes[:-1, 0])
    out_of_plane = np.einsum("nvx,nx->nv", poses[:-1] - poses[:-1].mean(1, keepdims=True), normals)
    assert np.abs(out_of_plane).max() < 1e-9


BAD_SIDES = {
    "not a number": ([None, 0.5, 0.5], "l1 must be a number"),
    "zero": ([0.5, 0, 0.5], "l2 must be a number"),
    "negative": ([0.5, 0.5, -1], "l3 must be a number"),
    "endless": ([0.5, 9, 9], "l2 must be at most 3"),
    "triangle inequality": ([0.2, 0.3, 0.6], "l3 must be shorter than the other two together"),
    "on one line": ([0.25, 0.25, 0.5], "l3 must be shorter than the other two together"),
}


@pytest.mark.parametrize(("sides", "told"), BAD_SIDES.values(), ids=BAD_SIDES)
def test_bad_sides_are_told(js: Js, sides: list[float | None], told: str) -> None:
    assert told in js("return M.faultOfSides(it.map((l) => l ?? NaN));", sides)


def test_good_sides_are_not_refused(js: Js) -> None:
    assert js("return M.faultOfSides([0.3, 0.4, 0.5]);") is None


def test_alignment_is_kabsch(js: Js) -> None:
    """bestTurn maximises the fit: SciPy's align_vectors finds no better rotation."""
    fixed, moving = triangles(50, 8), triangles(50, 9)
    found = js(
        "return it.a.map((a, i) => M.align(a, it.b[i]));",
        {"a": moving.reshape(-1, 9).tolist(), "b": fixed.reshape(-1, 9).tolist()},
    )
    ours = np.linalg.norm(np.reshape(found, (-1, 3, 3)) - fixed, axis=(1, 2))
    for i in range(50):
        a, b = (p[i] - p[i].mean(axis=0) for p in (moving, fixed))
        theirs = Rotation.align_vectors(b, a)[1]
        assert ours[i] == pytest.approx(theirs, abs=1e-7)


def test_alignment_of_a_mirror_image_is_exact(js: Js) -> None:
    """det = -1 needs no case of its own: a triangle's mirror image is a rotated triangle."""
    pose = triangles(1, 4)[0].reshape(9).tolist()
    found = js("return M.align(M.mirror(it, [0.6, 0, 0.8]), it);", pose)
    assert found == pytest.approx(pose, abs=1e-9)


def test_mirror_keeps_sides_and_swap_permutes_them(js: Js) -> None:
    """l(mirror v) = l(v); swapping vertices 1 and 2 keeps l1 and exchanges l2 and l3."""
    pose = triangles(1, 2)[0].reshape(9).tolist()
    l1, l2, l3 = js("return M.sideLengths(it);", pose)
    assert js("return M.sideLengths(M.mirror(it, [0, 1, 0]));", pose) == pytest.approx([l1, l2, l3])
    assert js("return M.sideLengths(M.swapVertices(it, 0, 1));", pose) == pytest.approx(
        [l1, l3, l2]
    )


def test_projection_and_its_way_back(js: Js) -> None:
    """stepInSpace moves a point by as many pixels as it was asked to."""
    found = js("""
      const camera = { yaw: 0.7, pitch: 0.3, zoom: 1.4 };
      const view = new M.Projection(camera, [0.5, 0.5, 0.5], 0.9, 640, 480);
      const p = [0.2, 0.8, 0.4];
      const [x, y, depth] = view.project(...p);
      const step = view.stepInSpace(30, -12, depth);
      const [nx, ny, ndepth] = view.project(...p.map((c, i) => c + step[i]));
      return [nx - x, ny - y, ndepth - depth];
    """)
    assert found == pytest.approx([30, -12, 0], abs=1e-9)


def test_camera_stays_upright_and_within_its_zoom(js: Js) -> None:
    camera = js("""
      const camera = { yaw: 0, pitch: 0, zoom: 1 };
      for (let i = 0; i < 1000; i += 1) { M.orbit(camera, 0.3, 0.2); M.zoomBy(camera, 1.1); }
      return camera;
    """)
    assert camera["pitch"] < np.pi / 2
    assert abs(camera["yaw"]) <= 2 * np.pi
    assert camera["zoom"] == 6


# Words


@pytest.mark.parametrize(
    ("drift", "largest", "word"),
    [
        (None, 0.3, "new shape"),
        (0.0, 0.0, "not moved yet"),
        (0.003, 0.02, "stayed put"),
        (0.049, 0.1, "stayed put"),
        (0.003, 0.9, "came back"),
        (0.1, 0.1, "drifted"),
        (0.8, 0.8, "moved"),
    ],
)
def test_verdicts(js: Js, drift: float | None, largest: float, word: str) -> None:
    assert js("return M.verdict(...it).word;", [drift, largest]) == word


def test_numbers_have_a_true_minus_and_no_negative_zero(js: Js) -> None:
    assert js("return it.map(M.threeDecimals);", [-0.5, -0.0001, 1.23456]) == [
        "−0.500",
        "0.000",
        "1.235",
    ]


def test_the_narrator_tells_the_turn(js: Js) -> None:
    told = js("""
      const scene = new M.Scene({ pose: [0.3, 0.3, 0.3, 0.8, 0.4, 0.3, 0.4, 0.7, 0.5],
        camera: null, latentCamera: null, tool: "rotate" });
      const narrator = new M.Narrator(scene);
      for (let i = 0; i < 24; i += 1) scene.rotate(M.turnAbout([0, 0, 1], (5 * Math.PI) / 180));
      const track = { network: { title: "sides" }, drift: 0.003, largest: 0.01 };
      return [narrator.end(scene, [track]), narrator.end(scene, [track])];
    """)
    assert told == ["Rotated 120°. Latent point: sides stayed put (0.003).", ""]


def test_colours_follow_the_perimeter(js: Js) -> None:
    cloud = models.reference(400)
    found = js(
        "const p = M.perimetersOf(Float32Array.from(it)); return [Array.from(p.colours), p.range];",
        cloud.ravel().tolist(),
    )
    perimeters = side_lengths(torch.tensor(cloud)).sum(-1).numpy()
    order = np.argsort(perimeters)
    assert (np.diff(np.array(found[0])[order]) >= 0).all()
    assert json.dumps(found[1])  # numbers, not NaN
    assert perimeters.min() <= found[1][0] < found[1][1] <= perimeters.max()
