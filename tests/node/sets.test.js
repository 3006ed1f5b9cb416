/** A hand that obeys a set, and clouds in several spaces. */
import assert from "node:assert/strict";
import test from "node:test";
import { Cloud, boxAround, mostOf } from "../../trisym/ui/kit/web/cloud.js";
import { ConstrainedScene, constantSideOf, drawMember, isMember } from "../../trisym/ui/hidden_symmetries/web/constrained_scene.js";
import { Wander } from "../../trisym/ui/hidden_symmetries/web/wander.js";
import { seededRandom } from "../../trisym/ui/kit/web/random.js";
import { near } from "./helpers.js";

const random = seededRandom(11);
const RULES = [
  { name: "random", minSide: 0.48, constantSide: null, movable: false },
  { name: "constant-side", minSide: 0.48, constantSide: 0.68, movable: true },
  { name: "fixed-side", minSide: 0.48, constantSide: 0.68, movable: false },
];

/** @param {typeof RULES[number]} rule */
function scene(rule) {
  const pose = drawMember(rule, random, 0);
  const start = { pose, camera: [0, 0, 1], sideCamera: [0, 0, 1], choice: [rule.name, "perimeter"] };
  return new ConstrainedScene(start, rule, random);
}

for (const rule of RULES) {
  test(`${rule.name}: however one drags, the triangle stays one of the set`, () => {
    const held = scene(rule);
    for (let i = 0; i < 200; i += 1) {
      const shift = /** @type {[number, number, number]} */ ([0, 0, 0].map(() => 0.6 * (random() - 0.5)));
      held.reshape(i % 3, shift);
      assert.ok(isMember(rule, held.vertices, 1e-5));
    }
  });
}

test("a wander stays in the set, and renumbers where the constant side may move", () => {
  const held = scene(RULES[1]);
  const wander = new Wander(held, random);
  const places = new Set();
  for (let i = 0; i < 1500; i += 1) {
    wander.step(0.02);
    places.add(constantSideOf(RULES[1], held.vertices));
    assert.ok(isMember(RULES[1], held.vertices, 1e-5));
  }
  assert.deepEqual([...places].sort(), [0, 1, 2]);
});

const points = Float32Array.from({ length: 3000 }, random);

test("a cloud in spreads has mean 0 and total variance 1, and the way back is exact", () => {
  const cloud = new Cloud(points, points.map((c) => 3 * c + 1), "spreads");
  const placed = cloud.spaces.latents;
  near([0, 1, 2].map((axis) => placed.filter((_, k) => k % 3 === axis).reduce((a, b) => a + b) / 1000), [0, 0, 0], 1e-4);
  near(placed.reduce((sum, c) => sum + c * c, 0) / 1000, 1, 1e-4);
  near(cloud.latentAt(cloud.place([0.2, 1.4, 3])), [0.2, 1.4, 3], 1e-9);
});

test("a cloud in halves fills -1 to 1 on each of its nodes", () => {
  const cloud = new Cloud(points, points.slice(0, 2000), "halves");
  const { low, high } = boxAround(cloud.spaces.latents);
  near([...low, ...high], [-1, -1, 0, 1, 1, 0], 1e-5);
});

test("all but one in 200 at either end", () => {
  const [low, high] = mostOf(Float32Array.from({ length: 1001 }, (_, i) => i));
  assert.deepEqual([low, high], [5, 995]);
});

test("what a brush covers is counted and told; a cloud's points are usually near each other", () => {
  const cloud = new Cloud(points, points, "spreads");
  cloud.colourByPerimeter(mostOf(cloud.perimeters));
  cloud.brush((i) => i < 40);
  assert.equal(cloud.brushedCount, 40);
  assert.match(cloud.tellBrushed("; more"), /^40 triangles under the brush, perimeters .*; more\.$/);
  cloud.clearBrush();
  assert.equal(cloud.tellBrushed(), "No triangle under the brush.");
  const far = cloud.distance([9, 9, 9]);
  assert.ok(far > 5 && cloud.usualDistance() < 1);
});
