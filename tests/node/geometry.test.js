/** Triangles and rigid motions against SciPy; the camera, and what is typed. */
import assert from "node:assert/strict";
import test from "node:test";
import * as geometry from "../../trisym/ui/kit/web/geometry.js";
import { Glide, Tumble } from "../../trisym/ui/kit/web/motion.js";
import { Projection, turnCamera, zoomBy } from "../../trisym/ui/kit/web/camera.js";
import { align } from "../../trisym/ui/kit/web/alignment.js";
import { seededRandom } from "../../trisym/ui/kit/web/random.js";
import { EXPECTED, mean, near, triangles } from "./helpers.js";

const expected = EXPECTED.geometry;
const random = seededRandom(7);
const {
  centroid, compose, faultOfSides, faultOfVertices, mirror, place, randomMotion, randomTurn, rotate,
  sideLengths, swapVertices, triangleFromSides, turn, turnAngle,
} = geometry;

test("sides are the library's", () => {
  near(expected.poses.map(sideLengths), expected.sides, 1e-12);
});

test("turn(q, p) = R p about the centroid; compose(a, b) is first b, then a", () => {
  near(expected.turns.map((/** @type {any} */ q, /** @type {number} */ i) =>
    rotate(expected.poses[i], q)), expected.rotated, 1e-12);
  expected.turns.forEach((/** @type {any} */ q, /** @type {number} */ i) => {
    const product = compose(q, expected.turns[0]);
    const along = product.reduce((sum, c, k) => sum + c * expected.products[i][k], 0);
    near(Math.abs(along), 1, 1e-12); // q and -q are one rotation
  });
});

test("random turns are uniform: E[R] = 0, E[R_ij²] = 1/3, mean angle π/2 + 2/π", () => {
  const turns = Array.from({ length: 20_000 }, () => randomTurn(random));
  const axes = /** @type {import("../../trisym/ui/kit/web/geometry.js").Point[]} */ (
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
  for (const axis of axes) {
    const columns = turns.map((q) => turn(q, axis));
    for (const k of [0, 1, 2]) {
      near(mean(columns.map((p) => p[k])), 0, 0.02);
      near(mean(columns.map((p) => p[k] ** 2)), 1 / 3, 0.02);
    }
  }
  near(mean(turns.map(turnAngle)), Math.PI / 2 + 2 / Math.PI, 0.02);
});

test("random motions are rigid and stay inside", () => {
  for (const v of triangles(random, 200).map((each) => each.map((c) => 0.3 * c + 0.2))) {
    const motion = randomMotion(v, random);
    const moved = place(v, motion.q, motion.target);
    assert.ok(motion.fits);
    assert.ok(moved.every((c) => c > -1e-9 && c < 1 + 1e-9));
    near(sideLengths(moved), sideLengths(v), 1e-12);
  }
});

test("a triangle too large to turn says so", () => {
  assert.equal(randomMotion([0, 0, 0, 3, 0, 0, 0, 3, 0], random).fits, false);
});

/** @returns {{vertices: number[], speed: number}} */
const moved = () => ({ vertices: [0.3, 0.3, 0.3, 0.8, 0.4, 0.3, 0.4, 0.7, 0.5], speed: 2 });

test("a tumble of ten minutes (36,000 steps) keeps the sides to 1e-9 and stays in the cube", () => {
  const scene = moved();
  const start = scene.vertices;
  const tumble = new Tumble(scene, random);
  let away = 0;
  for (let i = 0; i < 36_000; i += 1) {
    tumble.step(1 / 60);
    assert.ok(scene.vertices.every((c) => c > -1e-9 && c < 1 + 1e-9));
    away = Math.max(away, Math.hypot(...[0, 1, 2].map((k) => scene.vertices[k] - start[k])));
  }
  near(sideLengths(scene.vertices), sideLengths(start), 1e-9);
  assert.ok(away > 0.05);
  assert.equal(tumble.done, false);
});

for (const skipped of [false, true]) {
  test(`a glide ends where it is told${skipped ? ", at once where it is skipped" : ""}`, () => {
    const scene = moved();
    const { vertices } = scene;
    const motion = randomMotion(vertices, random);
    const glide = new Glide(scene, motion);
    if (skipped) glide.skip();
    for (let i = 0; i < 600 && !glide.done; i += 1) {
      glide.step(1 / 60);
      near(sideLengths(scene.vertices), sideLengths(vertices), 1e-9);
    }
    assert.ok(glide.done);
    near(scene.vertices, place(vertices, motion.q, motion.target), 1e-12);
  });
}

test("a skipped tumble is one rigid motion inside the cube", () => {
  const scene = moved();
  const start = scene.vertices;
  new Tumble(scene, random).skip();
  near(sideLengths(scene.vertices), sideLengths(start), 1e-9);
  assert.ok(scene.vertices.every((c) => c > -1e-9 && c < 1 + 1e-9));
  assert.notDeepEqual(scene.vertices, start);
});

test("typed sides come true, in the plane and at the centroid of the triangle before", () => {
  expected.typed.forEach((/** @type {number[]} */ sides, /** @type {number} */ i) => {
    const like = expected.like[i];
    const built = triangleFromSides(sides, like);
    near(sideLengths(built), sides, 1e-9);
    near(centroid(built), centroid(like), 1e-9);
    const at = (/** @type {number[]} */ v, /** @type {number} */ k, /** @type {number} */ from) =>
      /** @type {[number, number, number]} */ ([0, 1, 2].map((axis) => v[3 * k + axis] - v[3 * from + axis]));
    const normal = geometry.cross(at(like, 1, 0), at(like, 2, 0));
    for (const k of [1, 2]) near(at(built, k, 0).reduce((sum, c, axis) => sum + c * normal[axis], 0), 0, 1e-9);
  });
});

test("typed sides come true also where the triangle before is on one line", () => {
  const built = triangleFromSides([0.3, 0.4, 0.5], [0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.6, 0.6, 0.6]);
  near(sideLengths(built), [0.3, 0.4, 0.5], 1e-9);
});

const BAD_SIDES = /** @type {[string, number[], string][]} */ ([
  ["not a number", [NaN, 0.5, 0.5], "l1 must be a number"],
  ["zero", [0.5, 0, 0.5], "l2 must be a number"],
  ["negative", [0.5, 0.5, -1], "l3 must be a number"],
  ["endless", [0.5, 9, 9], "l2 must be at most 3"],
  ["triangle inequality", [0.2, 0.3, 0.6], "l3 must be shorter than the other two together"],
  ["on one line", [0.25, 0.25, 0.5], "l3 must be shorter than the other two together"],
]);
for (const [name, sides, told] of BAD_SIDES) {
  test(`bad sides are told: ${name}`, () => assert.ok(faultOfSides(sides)?.includes(told)));
}

test("good sides are not refused, and vertices that coincide are", () => {
  assert.equal(faultOfSides([0.3, 0.4, 0.5]), null);
  assert.match(faultOfVertices([0, 0, 0, 0, 0, 0, 1, 0, 0]) ?? "", /1 and 2 must stay at least 0.01/);
});

test("align is Kabsch's: SciPy's align_vectors finds no better rotation", () => {
  expected.moving.forEach((/** @type {number[]} */ moving, /** @type {number} */ i) => {
    const found = align(moving, expected.fixed[i]);
    near(Math.hypot(...found.map((c, k) => c - expected.fixed[i][k])), expected.fits[i], 1e-7);
  });
});

test("a triangle's mirror image is a rotated triangle: its alignment is exact", () => {
  const [pose] = triangles(random, 1);
  near(align(mirror(pose, [0.6, 0, 0.8]), pose), pose, 1e-9);
});

test("l(mirror v) = l(v); swapping vertices 1 and 2 keeps l1 and exchanges l2 and l3", () => {
  const [pose] = triangles(random, 1);
  const [l1, l2, l3] = sideLengths(pose);
  near(sideLengths(mirror(pose, [0, 1, 0])), [l1, l2, l3], 1e-12);
  near(sideLengths(swapVertices(pose, 0, 1)), [l1, l3, l2], 1e-12);
});

test("stepInSpace moves a point by as many pixels as it was asked to", () => {
  const view = new Projection({ yaw: 0.7, pitch: 0.3, zoom: 1.4 }, [0.5, 0.5, 0.5], 0.9, 640, 480);
  const p = [0.2, 0.8, 0.4];
  const [x, y, depth] = view.project(p[0], p[1], p[2]);
  const [a, b, c] = view.stepInSpace(30, -12, depth).map((step, axis) => p[axis] + step);
  const [nx, ny, nearDepth] = view.project(a, b, c);
  near([nx - x, ny - y, nearDepth - depth], [30, -12, 0], 1e-9);
});

test("the camera stays upright and within its zoom", () => {
  const camera = { yaw: 0, pitch: 0, zoom: 1 };
  for (let i = 0; i < 1000; i += 1) {
    turnCamera(camera, 0.3, 0.2);
    zoomBy(camera, 1.1);
  }
  assert.ok(camera.pitch < Math.PI / 2 && Math.abs(camera.yaw) <= 2 * Math.PI);
  assert.equal(camera.zoom, 6);
});
