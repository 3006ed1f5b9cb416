/** A hand that obeys a set, and clouds in several spaces. */
import assert from "node:assert/strict";
import test from "node:test";
import { Cloud, boxAround, mostOf } from "../../trisym/ui/kit/web/cloud.js";
import { ConstrainedScene, constantSideOf, drawMember, isMember } from "../../trisym/ui/hidden_symmetries/web/constrained_scene.js";
import { Wander } from "../../trisym/ui/hidden_symmetries/web/wander.js";
import { seededRandom } from "../../trisym/ui/kit/web/random.js";
import { EXPECTED, near } from "./helpers.js";
import { Network } from "../../trisym/ui/kit/web/encoder.js";
import { drawnCloud } from "../../trisym/ui/hidden_symmetries/web/set_panel.js";
import { sideLengths } from "../../trisym/ui/kit/web/geometry.js";
import { spacesOf } from "../../trisym/ui/latent_space/web/spaces.js";

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

/** A network with two nodes that reads two coordinates off. */
const READER = new Network({
  id: "reader", name: "reader", title: "reader", slope: 0.3, inputActivation: true,
  encoder: [layer(2, 9, (row, column) => Number(row === column))],
  decoder: [layer(9, 2, (row, column) => Number(row === column))],
});

/** @param {number} rows @param {number} columns @param {(row: number, column: number) => number} weight */
function layer(rows, columns, weight) {
  const values = new Float32Array(rows * columns + rows);
  for (let k = 0; k < rows * columns; k += 1) values[k] = weight(Math.floor(k / columns), k % columns);
  return { rows, columns, weights: Buffer.from(values.buffer).toString("base64") };
}

for (const rule of RULES) {
  test(`${rule.name}: a cloud that is drawn here is of the set, and where the network has it`, () => {
    const { sides, latents, constants } = drawnCloud(rule, READER);
    const again = drawnCloud(rule, READER);
    assert.deepEqual(again.sides, sides); // the same each time
    assert.equal(latents.length / 2, sides.length / 3);
    assert.ok(latents.every((value) => value >= 0 && value <= 1));
    assert.ok(sides.every((side) => side >= rule.minSide - 1e-6));
    const wanted = rule.constantSide === null ? [0] : rule.movable ? [1, 2, 3] : [1];
    assert.deepEqual([...new Set(constants)].sort(), wanted);
    constants.forEach((constant, i) => {
      if (constant) near(sides[3 * i + constant - 1], rule.constantSide, 2e-3);
    });
  });
}

test("triangles in a network's three spaces, and the middle of a hollow cloud", () => {
  const { network, triangles, spread } = EXPECTED.motions;
  const own = new Network(network);
  const points = Float32Array.from(triangles.flat());
  const [sides, latents, rebuilt] = spacesOf(own, points);
  const last = points.slice(-9);
  near(sides.slice(-3), sideLengths([...last]), 1e-6);
  near(latents.slice(-3), own.encode(last), 1e-6);
  near(rebuilt.slice(-3), sideLengths([...own.decode(own.encode(last))]), 1e-6);
  const cloud = new Cloud(sides, latents, "spreads", { rebuilt });
  near(cloud.placing.unit[0], spread, 1e-5);
  const middle = cloud.middle();
  assert.equal(cloud.distance(middle), 0); // a point of the cloud
  const away = (/** @type {ArrayLike<number>} */ place) => Math.hypot(place[0], place[1], place[2]);
  for (let i = 0; i < cloud.count; i += 1) {
    assert.ok(away(middle) <= away(cloud.spaces.latents.subarray(3 * i, 3 * i + 3)) + 1e-5);
  }
});

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
