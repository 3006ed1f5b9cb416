/** Linear motions against SciPy, predicted and real drifts against torch, and what a training finds. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  Flow, MOTIONS, PLAIN_MOTIONS, displacement, inWords, kindOf, partOf, plainMotion, predictedDrift,
  product, scaled, sharesOf,
} from "../../trisym/ui/symmetries/web/motions.js";
import { askedNetwork } from "../../trisym/ui/symmetries/web/asked.js";
import { DriftCurve } from "../../trisym/ui/symmetries/web/drift_curve.js";
import { MOTION_KINDS } from "../../trisym/ui/kit/web/kinds.js";
import { MotionScene } from "../../trisym/ui/symmetries/web/motion_scene.js";
import { Network } from "../../trisym/ui/kit/web/encoder.js";
import { findsOf, notSeen } from "../../trisym/ui/training/web/film_answers.js";
import { EXPECTED, near } from "./helpers.js";

const { motions: wanted, finds } = EXPECTED;
/** @param {any} payload @param {any} law */
const askedHere = (payload, law) => /** @type {import("../../trisym/ui/symmetries/web/asked.js").Asked} */ (
  askedNetwork(payload, law, wanted.least));
const metric = Float64Array.from(wanted.spectrum.metric);
const spectrum = {
  values: wanted.spectrum.values,
  motions: wanted.spectrum.motions.map((/** @type {number[]} */ row) => Float64Array.from(row)),
  metric,
};

test("exp(t (A, b)) about a centre is SciPy's", () => {
  wanted.motions.forEach((/** @type {number[]} */ motion, /** @type {number} */ i) => {
    near(new Flow(motion, 0.7, 0.35).apply(wanted.points), wanted.moved[i], 1e-11, 1e-11);
  });
});

test("a flow there and back again leaves a point where it was", () => {
  const [motion] = wanted.motions;
  const there = new Flow(motion, 0.3, 0.5).apply(wanted.points);
  near(new Flow(motion, -0.3, 0.5).apply(there), wanted.points, 1e-11);
});

test("the plain motions are the library's, kind by kind", () => {
  near(PLAIN_MOTIONS.map((_, i) => plainMotion(i)), wanted.plain, 0);
  const kinds = PLAIN_MOTIONS.map(({ kind }) => kind);
  assert.deepEqual([...new Set(kinds)], MOTION_KINDS);
});

test("a motion is the sum of its kinds, and of its plain parts", () => {
  for (const motion of wanted.motions) {
    const kinds = MOTION_KINDS.map((kind) => kindOf(motion, kind));
    near(motion.map((_, k) => kinds.reduce((sum, part) => sum + part[k], 0)), motion, 1e-12);
    const sum = new Float64Array(MOTIONS);
    PLAIN_MOTIONS.forEach((_, i) => plainMotion(i).forEach((entry, k) => {
      sum[k] += entry * partOf(motion, i);
    }));
    near(sum, motion, 1e-12);
  }
});

test("sizes, shares and predicted drifts are those of the spectrum", () => {
  near(wanted.motions.map((/** @type {number[]} */ motion) => displacement(motion, metric)),
    wanted.sizes, 1e-12, 1e-9);
  near(wanted.motions.map((/** @type {number[]} */ motion) => predictedDrift(spectrum, motion)),
    wanted.answers, 1e-12, 1e-9);
  spectrum.motions.forEach((/** @type {Float64Array} */ motion, /** @type {number} */ i) => {
    const shares = sharesOf(motion, metric);
    near(MOTION_KINDS.map((kind) => shares[kind]), MOTION_KINDS.map((kind) => wanted.shares[kind][i]), 1e-9);
    near(predictedDrift(spectrum, motion), spectrum.values[i], 1e-9);
  });
});

test("a network that is asked here has the spectrum that the library finds", () => {
  const triangles = Float32Array.from(wanted.triangles.flat());
  const payload = { network: wanted.network, law: "random", asked: null };
  const { spectrum: found, spread, row } = askedHere(payload, { edge: 1, triangles });
  near(found.values, spectrum.values, 0, 1e-5);
  near(found.metric, metric, 1e-6);
  near(spread, wanted.spread, 0, 1e-5);
  found.motions.forEach((/** @type {Float64Array} */ motion, /** @type {number} */ i) => {
    const sign = Math.sign(product(motion, metric, spectrum.motions[i])); // either one is the motion
    near(scaled(motion, sign), spectrum.motions[i], 2e-3);
  });
  assert.equal(row.found, wanted.found);
  near([row.gap, row.threshold], [wanted.gap, wanted.threshold], 0, 1e-4);
});

test("a network with one latent point can't be asked", () => {
  const dead = structuredClone(wanted.network);
  const last = dead.encoder[dead.encoder.length - 1];
  const zeros = new Uint8Array(4 * (last.rows * last.columns + last.rows));
  last.weights = Buffer.from(zeros).toString("base64");
  const triangles = Float32Array.from(wanted.triangles.flat());
  assert.equal(askedNetwork({ network: dead, law: "random", asked: null }, { edge: 1, triangles }, wanted.least), null);
});

test("what happens in a large motion is what torch encodes", () => {
  const triangles = Float32Array.from(wanted.triangles.flat());
  const curve = new DriftCurve(new Network(wanted.network), triangles, wanted.spread, 0.5);
  curve.follow(spectrum.motions[5]);
  assert.equal(curve.at(0.5), null); // not before it is sampled
  curve.work(Infinity);
  near(wanted.at.map((/** @type {number} */ size) => curve.at(size)), wanted.drifts, 1e-6, 1e-5);
  const small = 1e-4;
  near(curve.driftAt(small) / small, spectrum.values[5], 0, 0.01); // where the linear answer holds
});

test("a motion in words", () => {
  const unit = (/** @type {number} */ i) => inWords(plainMotion(i), metric);
  assert.equal(unit(0), "a translation along x");
  assert.equal(unit(5), "a rotation about z");
  assert.match(unit(11), /^a strain/);
  assert.equal(inWords([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], metric), "growing and shrinking");
  assert.match(inWords(wanted.motions[1], metric), /^a mixture: \d+ % \w+, \d+ % \w+$/);
});

/** @param {string} rank @param {number[]} motion */
const sceneOf = (rank, motion) => new MotionScene({
  motion, rank, shown: "1", triangle: [0], camera: [0, 0, 1], latentCamera: [0, 0, 1],
});
const LAW = { edge: 1, triangles: Float32Array.from({ length: 18 }, (_, i) => i / 18) };

test("a scene takes the network's own motion, or keeps the one put together by hand", () => {
  const own = sceneOf("3", new Array(12).fill(0));
  own.bring(/** @type {any} */ (spectrum), LAW);
  near(displacement(own.motion, metric), 0.2, 1e-9);
  near(own.motion, scaled(spectrum.motions[2], 0.2), 1e-9);
  own.resize(metric, 0.7);
  near(displacement(own.motion, metric), 0.7, 1e-9);
  const hand = sceneOf("none", wanted.motions[1]);
  hand.bring(/** @type {any} */ (spectrum), LAW);
  near(hand.motion, wanted.motions[1], 0);
});

test("a scene swings through its rest, and stands still at its end", () => {
  const scene = sceneOf("1", new Array(12).fill(0));
  scene.bring(/** @type {any} */ (spectrum), LAW);
  scene.carry(scene.motion);
  near(scene.vertices, scene.base, 1e-12);
  const parts = Array.from({ length: 400 }, () => {
    scene.swing(0.01);
    return scene.part;
  });
  assert.ok(Math.max(...parts) > 0.99 && Math.min(...parts) < -0.99);
  scene.hold();
  assert.equal(scene.part, 1);
});

test("what a training finds is what the library finds", () => {
  const frames = finds.epochs.map((/** @type {number} */ epoch, /** @type {number} */ i) => ({
    epoch, step: i + 1, spectrum: Float64Array.from(finds.values[i]),
    answers: Object.fromEntries(MOTION_KINDS.map((kind) => [kind, finds.answers[kind][i]])),
  }));
  const found = findsOf(/** @type {any} */ (frames), finds.gap, false);
  assert.deepEqual(Object.fromEntries(found.map(({ kind, frame }) => [kind, frame.epoch])),
    finds.found);
  assert.ok(found.length > 0);
  near(frames.map((/** @type {any} */ frame) => notSeen(frame, finds.gap) ?? NaN), finds.not_seen, 0);
});

test("a film from before the spectrum finds nothing, and counts nothing", () => {
  const nothing = { epoch: 1, step: 1, spectrum: new Float64Array(12).fill(NaN),
    answers: { translation: NaN, rotation: NaN, strain: NaN } };
  assert.deepEqual(findsOf(/** @type {any} */ ([nothing, nothing]), 5, false), []);
  assert.equal(notSeen(/** @type {any} */ (nothing), 5), null);
});
