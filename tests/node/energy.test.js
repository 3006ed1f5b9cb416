/** The energy view's arithmetic against torch and SciPy. */
import assert from "node:assert/strict";
import test from "node:test";
import { Bands } from "../../trisym/ui/energy/web/bands.js";
import { EnergyPredictor } from "../../trisym/ui/energy/web/predictor.js";
import { MoleculeScene, RIGHT_ANGLED, faultOfMolecule } from "../../trisym/ui/energy/web/molecule_scene.js";
import { Network } from "../../trisym/ui/kit/web/encoder.js";
import { PRINTED_POSE, lineByName } from "../../trisym/ui/energy/web/line.js";
import { curvesAlong, runsOf, tableOf } from "../../trisym/ui/energy/web/energy_curves.js";
import { energyText, forcesOn, lennardJones, moleculeEnergy, pairForce } from "../../trisym/ui/energy/web/potential.js";
import { isInsideCube, randomTurn, sideLengths } from "../../trisym/ui/kit/web/geometry.js";
import { EXPECTED, near, quantile } from "./helpers.js";

const expected = EXPECTED.energy;
const EDGE = 0.7;
const SETTING = { edge: EDGE, minSide: 0.48, sigma: 0.5 };
const encoder = new Network(expected.encoder);
const predictors = expected.kinds.map((/** @type {any} */ kind) => new EnergyPredictor(kind.model, encoder));

test("energies agree with torch and SciPy", () => {
  const found = expected.molecules.map((/** @type {number[]} */ v) => moleculeEnergy(sideLengths(v), 0.5));
  near(found, expected.exact, 0, 1e-12);
  near(found[0], expected.first, 0, 1e-12);
});

test("V'(2^(1/6) σ) = 0 and V = -1/4 there; V(σ) = 0; V(0) is infinite, not NaN", () => {
  const r = 2 ** (1 / 6) * 0.5;
  near(pairForce(r, 0.5), 0, 1e-12);
  const [below, lowest, above, sigma] = [r - 1e-3, r, r + 1e-3, 0.5].map((each) => lennardJones(each, 0.5));
  near(lowest, -0.25, 1e-12);
  assert.ok(lowest < below && lowest < above);
  assert.equal(sigma, 0);
  assert.equal(lennardJones(0, 0.5), Infinity);
  assert.equal(energyText(Infinity), "diverges");
});

test("F = -dE/dx by SciPy's differences; the three forces sum to zero", () => {
  const force = forcesOn(expected.molecules[0], 0.5);
  near(force, expected.force, 1e-4, 1e-4);
  for (const axis of [0, 1, 2]) near(force[axis] + force[axis + 3] + force[axis + 6], 0, 1e-9);
});

expected.kinds.forEach((/** @type {any} */ kind, /** @type {number} */ i) => {
  test(`the predictor from ${kind.model.kind} agrees with torch in both precisions`, () => {
    const found = expected.molecules.map((/** @type {number[]} */ v) => predictors[i].energy(v));
    near(found, kind.double, 0, 1e-9);
    near(found, kind.single, 1e-5, 1e-5);
  });
});

for (const side of [0, 1, 2]) {
  test(`l${side + 1}: at(v, t) has the side t, the rest stays, and parameter(at(v, t)) = t`, () => {
    const line = lineByName(`l${side + 1}`, EDGE);
    for (const molecule of expected.molecules.slice(0, 5)) {
      const v = molecule.map((/** @type {number} */ c) => c / EDGE);
      const [low, high] = line.range(v);
      for (const t of [low + 0.2 * (high - low), low + 0.7 * (high - low)]) {
        const moved = line.at(v, t);
        const wanted = sideLengths(v).map((l, k) => (k === side ? t : EDGE * l));
        near(sideLengths(moved).map((l) => EDGE * l), wanted, 0, 1e-6);
        near(line.parameter(moved), t, 0, 1e-9);
        const same = [0, 3, 6].filter((k) => [0, 1, 2].every((a) => Math.abs(moved[k + a] - v[k + a]) < 1e-9));
        assert.ok(same.length >= 2);
      }
    }
  });
}

test("the printed line is Fig. 18: (0, 1, 0), (0, 0.46, 0), (0, 0, x)", () => {
  const v = PRINTED_POSE.map((c) => c / EDGE);
  for (const x of [0, 0.3, 1.3]) {
    near(lineByName("fig18", EDGE).at(v, x).map((c) => EDGE * c), [0, 1, 0, 0, 0.46, 0, 0, 0, x], 1e-9);
  }
});

test("a hand off the line comes back to it: both arms stay, whichever end is carried", () => {
  const v = expected.home;
  const arms = sideLengths(v);
  for (const vertex of [1, 2]) {
    const wanted = v.slice();
    [0.11, -0.07, 0.2].forEach((shift, axis) => { wanted[3 * vertex + axis] += shift; });
    const found = sideLengths(lineByName("l2", EDGE).nearest(v, wanted, vertex));
    near([found[0], found[2]], [arms[0], arms[2]], 0, 1e-9);
  }
});

/** @param {string[]} kinds */
function doneBands(kinds) {
  const chosen = kinds.map((kind) => predictors.find((/** @type {any} */ each) => each.kind === kind));
  const bands = new Bands(chosen, EDGE, 0.5);
  bands.follow(lineByName("l2", EDGE), expected.home);
  while (!bands.done) bands.work(50);
  return bands;
}

test("bands: none from the sides; from coordinates the 5 and 95 % points of 500 energies", () => {
  const bands = doneBands(["sides", "coordinates"]);
  const [sides, coordinates] = [0, 1].map((i) => bands.offsetsAt(0.56, i, 0) ?? [NaN, NaN]);
  assert.ok(sides[1] - sides[0] < 1e-9);
  assert.ok(coordinates[1] - coordinates[0] > 1e-3);
  const energies = bands.found[14][1];
  assert.deepEqual(bands.found[14].map(({ length }) => length), [500, 500]);
  const span = Math.max(...energies) - Math.min(...energies);
  near(bands.ends[14][1], [0.05, 0.95].map((share) => quantile(energies, share)), 0.02 * span);
});

test("the table has a column for every heading, with and without predictions", () => {
  const bands = doneBands(["sides", "coordinates"]);
  const curves = curvesAlong(lineByName("l2", EDGE), expected.home, bands.predictors, SETTING);
  for (const kinds of [["sides", "coordinates"], []]) {
    const rows = tableOf(curves, "l2", kinds, bands).trim().split("\n").map((row) => row.split(","));
    assert.equal(rows.length, 122);
    assert.deepEqual(new Set(rows.map(({ length }) => length)), new Set([4 + 3 * kinds.length]));
  }
});

test("runs of flags reach halfway to their neighbours", () => {
  assert.deepEqual(runsOf([0, 1, 2, 3, 4], [true, true, false, false, true]), [[0, 1.5], [3.5, 4]]);
});

const IMPOSSIBLE = /** @type {[number[], string][]} */ ([
  [[0.5, 0.5, 1.2], "l3 must be shorter than the other two together"],
  [[0, 0.5, 0.5], "the energy diverges"],
  [[0.5, NaN, 0.5], "l2 must be a number"],
  [[0.5, 0.5, 9], "l3 must be a number from 0.05 to 1.6"],
]);
for (const [sides, words] of IMPOSSIBLE) {
  test(`impossible sides are one sentence: ${words}`, () => {
    assert.ok(faultOfMolecule(sides)?.includes(words));
    const scene = new MoleculeScene({ pose: expected.home, line: ["l2"] }, SETTING);
    assert.ok(scene.build(sides));
    assert.deepEqual(scene.vertices, expected.home, "and nothing changed");
  });
}

test("possible sides are built, and leave Fig. 18", () => {
  const scene = new MoleculeScene({ pose: expected.home, line: ["fig18"] }, SETTING);
  assert.equal(scene.build([0.5, 0.6, 0.7]), null);
  near(scene.lengths, [0.5, 0.6, 0.7], 1e-9);
  assert.equal(scene.line.name, "l2");
});

// ---- the walls of the box

const dice = () => {
  let state = 7;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
};

/** @param {string} line @param {number[]} [pose] */
const held = (line, pose = expected.home) => new MoleculeScene({ pose, line: [line] }, SETTING);

test("turned and carried, it slides along the walls and keeps its sides", () => {
  const [scene, random] = [held("l2"), dice()];
  const before = scene.lengths;
  let touched = 0;
  for (let i = 0; i < 500; i += 1) {
    scene.rotate(randomTurn(random));
    scene.move([random() - 0.5, random() - 0.5, random() - 0.5]);
    assert.ok(isInsideCube(scene.vertices));
    touched += Number(scene.vertices.some((c) => c < 1e-9 || c > 1 - 1e-9));
  }
  near(scene.lengths, before, 1e-9);
  assert.ok(touched > 100, "the walls were never reached");
});

test("it leaves the box where it may, and comes back where it may not", () => {
  const scene = held("l2");
  scene.letLeave(true);
  scene.move([0.8, 0, 0]);
  assert.ok(!isInsideCube(scene.vertices));
  scene.letLeave(false);
  assert.ok(isInsideCube(scene.vertices));
});

test("one that is too long for the box stops at its walls", () => {
  const long = [0, 0, 0, 1, 1, 1, 0.5, 0.5, 0]; // the box's diagonal
  const scene = held("l2", long);
  scene.rotate([Math.cos(0.2), Math.sin(0.2), 0, 0]);
  near(scene.vertices, long, 1e-12);
});

test("the molecule of Fig. 18 turns where the thesis placed it", () => {
  const scene = held("fig18");
  scene.showPrinted();
  scene.rotate([Math.cos(0.2), Math.sin(0.2), 0, 0]);
  assert.ok(!isInsideCube(scene.vertices));
});

test("a link with the molecule out of the box opens it there, and it may stay", () => {
  const out = expected.home.map((/** @type {number} */ c, /** @type {number} */ i) => (i % 3 ? c : c + 0.6));
  const scene = held("l2", out);
  scene.rotate([1, 0, 0, 0]);
  near(scene.vertices, out, 1e-12);
});

test("3 : 4 : 5 is a right angle in the box, of sides that networks know", () => {
  const scene = held("fig18");
  scene.buildRightAngled();
  near(scene.lengths, RIGHT_ANGLED, 1e-9);
  near(scene.lengths[0] ** 2 + scene.lengths[1] ** 2, scene.lengths[2] ** 2, 1e-9);
  near(scene.lengths.map((side) => side / scene.lengths[0]), [1, 4 / 3, 5 / 3], 1e-9);
  assert.ok(isInsideCube(scene.vertices));
  assert.equal(scene.unlike, "");
});
