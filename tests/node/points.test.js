/** Sets of three to six points against the library; their hull, faults and random sets. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  FEWEST_SHOWN, MOST_SHOWN, PointsScene, faultOfPoints, randomPoints, signedVolume,
} from "../../trisym/ui/more_points/web/points_scene.js";
import { LatentCloud } from "../../trisym/ui/kit/web/latent_track.js";
import { Network } from "../../trisym/ui/kit/web/encoder.js";
import { RandomSets, tellingNodes } from "../../trisym/ui/more_points/web/points_cloud.js";
import { align } from "../../trisym/ui/kit/web/alignment.js";
import { distancesOf, isInsideCube, mirror, place, randomMotion } from "../../trisym/ui/kit/web/geometry.js";
import { EXPECTED, near } from "./helpers.js";
import { hullOf } from "../../trisym/ui/more_points/web/points_world.js";
import { seededRandom } from "../../trisym/ui/kit/web/random.js";

const expected = EXPECTED.points;
const random = seededRandom(5);
const COUNTS = [3, 4, 5, 6];

/** @param {number} count */
function scene(count) {
  const pose = [...randomPoints(count, random), ...randomPoints(MOST_SHOWN, random)].slice(0, 18);
  return new PointsScene({ pose, points: String(count) });
}

test("distances and volumes are the library's", () => {
  for (const { sets, distances } of expected.sets) near(sets.map(distancesOf), distances, 1e-12);
  near(expected.tetrahedra.map(signedVolume), expected.volumes, 1e-12);
});

test("latents of four points are torch's", () => {
  const network = new Network(expected.model);
  const { sets } = expected.sets.find((/** @type {any} */ each) => each.sets[0].length === 12);
  near(sets.map((/** @type {number[]} */ v) => Array.from(network.encode(v))), expected.latents, 1e-5);
});

test("a rigid motion keeps every distance of any number of points, and stays inside", () => {
  for (const count of COUNTS) {
    const v = randomPoints(count, random).map((c) => 0.3 * c + 0.3);
    const { q, target } = randomMotion(v, random);
    const moved = place(v, q, target);
    near(distancesOf(moved), distancesOf(v), 1e-12);
    assert.ok(moved.every((c) => c > -1e-9 && c < 1 + 1e-9));
    near(align(moved, v), v, 1e-9);
  }
});

test("a mirrored triangle can be turned back; four points can't, and their volume says so", () => {
  for (const count of COUNTS) {
    const v = randomPoints(count, random);
    const image = mirror(v, [1, 0, 0]);
    near(distancesOf(image), distancesOf(v), 1e-12);
    const left = Math.max(...align(image, v).map((c, i) => Math.abs(c - v[i])));
    assert.equal(left < 1e-6, count === 3);
    if (count === 4) near(signedVolume(image), -signedVolume(v), 1e-12);
  }
});

test("more or fewer points may be shown; those left out wait, and none meet", () => {
  const held = scene(4);
  const six = held.values().pose;
  held.show(6, random);
  assert.equal(held.count, 6);
  near(held.values().pose.slice(0, 12), six.slice(0, 12), 1.5); // carried inside at most
  held.show(3, random);
  assert.equal(held.sides.length, 3);
  assert.equal(held.values().pose.length, 18);
  const meeting = scene(3);
  meeting.waiting.splice(0, 3, ...meeting.vertices.slice(0, 3));
  meeting.show(4, random);
  assert.equal(faultOfPoints(meeting.vertices), null);
  assert.ok(isInsideCube(meeting.vertices));
});

test("a mirror and a reset keep the shape inside the cube", () => {
  const held = scene(5);
  const before = held.sides;
  held.mirror([0.6, 0.8, 0]);
  near(held.sides, before, 1e-12);
  assert.ok(held.vertices.every((c) => c > -1e-9 && c < 1 + 1e-9));
  held.reset();
  near(held.vertices, held.reference, 1e-12);
});

test("what no points can be is a sentence", () => {
  for (const count of [2, FEWEST_SHOWN, MOST_SHOWN, 7]) {
    const v = Array.from({ length: 3 * count }, random);
    const allowed = count >= FEWEST_SHOWN && count <= MOST_SHOWN;
    assert.equal(faultOfPoints(v) === null, allowed);
  }
  assert.match(faultOfPoints([0, 0, 0, 1, 1, 1, 0, 0, 0]) ?? "", /Points 3 and 1 must stay/);
  assert.match(faultOfPoints([...new Array(11).fill(0.5), Number.NaN]) ?? "", /finite/);
  const held = scene(4);
  const before = held.vertices.slice();
  const onto = [0, 1, 2].map((axis) => before[axis] - before[3 + axis]);
  assert.match(held.reshape(1, /** @type {[number, number, number]} */ (onto)) ?? "", /Points 1 and 2/);
  assert.deepEqual(held.vertices, before);
});

test("the hull goes round all spots", () => {
  const inside = [[1, 1, 0], [2, 1, 0]];
  const corners = [[0, 0, 0], [4, 0, 0], [4, 3, 0], [0, 3, 0]];
  const spots = /** @type {[number, number, number][]} */ ([...inside, ...corners]);
  const hull = hullOf(spots);
  assert.deepEqual(new Set(hull.map(String)), new Set(corners.map(String)));
});

test("random sets are the same each time, and the nodes that tell their colour come first", () => {
  const sets = new RandomSets(4);
  assert.deepEqual(sets.values.slice(0, 5), new RandomSets(4).values.slice(0, 5));
  assert.equal(sets.name, "signed volume");
  const cloud = new LatentCloud(new Network(expected.model), sets.sets);
  while (!cloud.done) cloud.work(50);
  const nodes = tellingNodes(cloud, sets.values);
  assert.equal(new Set(nodes).size, 3);
  const own = Float32Array.from(sets.values, (_, i) => cloud.latents[i * cloud.network.h + 4]);
  assert.equal(tellingNodes(cloud, own)[0], 4);
});
