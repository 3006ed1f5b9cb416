/** Training in the browser against the library: random numbers, sets, slopes, steps, idle units. */
import assert from "node:assert/strict";
import test from "node:test";
import { EXPECTED, mean, near } from "./helpers.js";
import { Trainer } from "../../trisym/ui/training/web/worker/trainer.js";
import { Twister } from "../../trisym/ui/training/web/worker/twister.js";
import { Weights } from "../../trisym/ui/training/web/worker/network.js";
import { Workspace } from "../../trisym/ui/training/web/worker/workspace.js";
import { drawnSet, splitOf } from "../../trisym/ui/training/web/worker/sets.js";
import { energySplit } from "../../trisym/ui/training/web/worker/molecules.js";
import { bytesFromBase64, float32FromBase64 } from "../../trisym/ui/kit/web/base64.js";
import { Run } from "../../trisym/ui/training/web/worker/run.js";
import { HeldOut } from "../../trisym/ui/training/web/worker/held_out.js";
import { evaluated } from "../../trisym/ui/training/web/worker/evaluation.js";
import { generatorOfRound, putToWork } from "../../trisym/ui/training/web/worker/idle_units.js";

const { training } = EXPECTED;
/** @param {string[]} texts */
const arrays = (texts) => texts.map(float32FromBase64);

test("a seed draws PyTorch's numbers, kind after kind", () => {
  const { seed, singles, doubles, order, normals, last } = training.random;
  const random = new Twister(seed);
  assert.deepEqual(singles.map(() => random.single()), singles);
  assert.deepEqual(doubles.map(() => random.double()), doubles);
  assert.deepEqual([...random.permutation(order.length)], order);
  for (const wanted of normals) near(random.normals(wanted.length), wanted, 1e-12);
  assert.deepEqual(last.map(() => random.single()), last);
});

for (const row of training.sets) {
  test(`the set ${row.data.name}, ${row.data.directions}, is the library's`, () => {
    const { inputs, targets } = drawnSet(row.data);
    // Near a pole the sine is the root of a small difference, which a last digit of the cosine moves.
    const tolerance = row.data.directions === "polar" ? 3e-6 : 3e-7;
    near(inputs.subarray(0, 1800), float32FromBase64(row.inputs), tolerance);
    near(targets.subarray(0, 1800), float32FromBase64(row.targets), tolerance);
    const mean = (/** @type {Float32Array} */ x) => x.reduce((sum, value) => sum + value, 0) / x.length;
    near([mean(inputs), mean(targets)], row.means, 1e-7);
  });
}

/** The relative distance of two lists of weights. @param {Float32Array[]} found @param {Float32Array[]} wanted */
function distance(found, wanted) {
  let [apart, size] = [0, 0];
  wanted.forEach((part, i) => part.forEach((value, k) => {
    apart += (found[i][k] - value) ** 2;
    size += value ** 2;
  }));
  return Math.sqrt(apart / size);
}

for (const vectors of [true, false]) {
  const by = vectors ? "vectors" : "plain loops";
  // Plain loops take ten times as long: a few cases show that they are the same kernels.
  const some = (/** @type {any} */ { title, config }) => vectors || (title ?? config.optimizer).match(/^(table 3|adam)$/);
  for (const row of training.descents.filter(some)) {
    test(`${row.title}, ${row.config.loss}: loss and slopes are torch's (${by})`, () => {
      const run = new Trainer(row.config, undefined, vectors);
      run.weights.fillFrom(arrays(row.weights));
      run.order = run.random.permutation(run.split.train.count);
      near(run.descend(run.order, 0), row.loss, 1e-5, 1e-5);
      const wanted = arrays(row.gradients);
      run.gradients.unpadded().forEach((part, i) => near(part, wanted[i], 1e-5));
    });
  }
  for (const row of training.runs.filter(some)) {
    test(`100 steps of ${row.config.optimizer} follow torch's (${by})`, () => {
      const run = new Trainer(row.config, undefined, vectors);
      for (const wanted of row.losses) {
        for (let i = 0; i < 10; i += 1) run.advance();
        near(run.lossSum / run.summed, wanted, 0, 1e-3);
        [run.lossSum, run.summed] = [0, 0];
      }
      near(run.present, row.rate, 1e-9);
      assert.deepEqual(run.revived, row.revived);
      const apart = distance(run.weights.unpadded(), arrays(row.weights));
      assert.ok(apart < 1e-3, `${apart}`);
    });
  }
}

for (const row of training.idle) {
  test(`idle units of ${row.config.network.kind}s are put to work as in the library`, () => {
    const workspace = new Workspace();
    const weights = new Weights(workspace, row.config.network);
    workspace.commit();
    weights.fillFrom(arrays(row.before));
    const { network, revive, seed } = row.config;
    assert.deepEqual(putToWork(weights, network, revive, generatorOfRound(seed, 3)), row.units);
    assert.ok(row.units.length > 6);
    const wanted = arrays(row.after);
    weights.unpadded().forEach((part, i) => near(part, wanted[i], 1e-6, 1e-6));
  });
}

for (const row of training.molecules) {
  test(`molecules by their ${row.kind}: features, energies and slopes are the library's`, () => {
    const split = energySplit(row.kind, splitOf(drawnSet(row.config.data)));
    near(split.validation.inputs.subarray(0, 50 * split.validation.width), float32FromBase64(row.inputs), 2e-6);
    near(split.validation.targets.subarray(0, 50), float32FromBase64(row.targets), 2e-6);
    const run = new Trainer(row.config, split);
    run.weights.fillFrom(arrays(row.weights));
    run.order = run.random.permutation(run.split.train.count);
    near(run.descend(run.order, 0), row.loss, 1e-5, 1e-5);
    const wanted = arrays(row.gradients);
    run.gradients.unpadded().forEach((part, i) => near(part, wanted[i], 1e-5));
  });
}

test("the kernels' plain loops are the vectors, SOAP's included", () => {
  const config = { ...training.runs[0].config, network: { ...training.runs[0].config.network, hidden: [21] } };
  const [vectors, plain] = [true, false].map((each) => new Trainer(config, undefined, each));
  for (let i = 0; i < 100; i += 1) {
    vectors.advance();
    plain.advance();
  }
  assert.ok(distance(plain.weights.unpadded(), vectors.weights.unpadded()) < 1e-3);
});

test("eight seeds end where the library's end, after as many steps", () => {
  const { config, errors } = training.seeds;
  const found = errors.map((/** @type {number} */ _, /** @type {number} */ seed) => {
    const run = new Trainer({ ...config, seed });
    while (!run.over) run.advance();
    return run.record().side_error;
  });
  const spread = Math.sqrt(mean(errors.map((/** @type {number} */ error) => (error - mean(errors)) ** 2)));
  assert.ok(Math.abs(mean(found) - mean(errors)) < spread, `${found} against ${errors}`);
  for (const error of found) {
    assert.ok(error > Math.min(...errors) - spread && error < Math.max(...errors) + spread, `${error}: ${errors}`);
  }
});

test("a state goes on to the same weights, to the bit", () => {
  const [{ config }] = training.runs;
  const [whole, first, second] = [0, 1, 2].map(() => new Trainer(config));
  for (let i = 0; i < 75; i += 1) whole.advance();
  for (let i = 0; i < 40; i += 1) first.advance();
  second.restore(structuredClone(first.state()));
  for (let i = 0; i < 35; i += 1) second.advance();
  assert.deepEqual(second.weights.values, whole.weights.values);
});

for (const row of training.measured.rows) {
  test(`a frame of ${row.name} and its worth on fresh triangles are the library's`, () => {
    const run = new Trainer(row.config);
    run.weights.fillFrom(arrays(row.weights));
    const held = new HeldOut(run.split, row.config.data);
    near(held.poses, float32FromBase64(row.poses), 2e-6);
    for (const [found, wanted] of [
      [held.frame(run, row.record), row.frame],
      [held.frame(Object.assign(run, { rate: 2e-3 }), null), row.start],
    ]) sameFrame(found, bytesFromBase64(wanted));
    const metrics = evaluated(run);
    assert.deepEqual(Object.keys(metrics), Object.keys(row.metrics));
    for (const [name, value] of Object.entries(row.metrics)) near(metrics[name], value, 1e-6, 2e-3);
  });
}

/** @param {Uint8Array<ArrayBuffer>} found @param {Uint8Array<ArrayBuffer>} wanted */
function sameFrame(found, wanted) {
  assert.equal(found.length, wanted.length);
  const head = training.measured.numbers + 6;
  const [a, b] = [found, wanted].map((bytes) => [...new Float64Array(bytes.buffer, 0, head)]);
  assert.deepEqual(a.map(Number.isNaN), b.map(Number.isNaN));
  near(a.filter((value) => !Number.isNaN(value)), b.filter((value) => !Number.isNaN(value)), 1e-6, 1e-4);
  const codes = [found, wanted].map((bytes) => new Uint16Array(bytes.buffer, 8 * head));
  near(codes[0], codes[1], 12);
}

/** A run as a worker has it, and what it has told. @param {any} config @param {number} [ms] of a step */
function runOf(config, ms = 1) {
  /** @type {any[]} */
  const told = [];
  let now = 0;
  const task = { id: "here-00000000", name: "test", config, agent: "", version: "", saved: null };
  const run = new Run(task, (message) => told.push(message), () => (now += ms));
  return { run, told, last: () => told[told.length - 1] };
}

test("a loss that is not finite ends a run with the library's sentence and its last good weights", () => {
  const { run, told } = runOf(training.runs[0].config);
  while (!run.last) run.work();
  const good = run.kept;
  run.trainer.weights.values.fill(NaN);
  while (run.work() < Infinity);
  const ended = told.find(({ kind }) => kind === "ended");
  assert.equal(ended.status, "failed");
  assert.match(ended.message, /^The loss stopped being finite in epoch [\d.]+ at the learning rate 0\.001; the last good weights are kept\. Try a smaller rate\.$/);
  assert.equal(run.kept, good);
  assert.ok(good.every((part) => part.every(Number.isFinite)));
});

test("a paused run stands still, takes the steps that are asked for, and a new rate", () => {
  const { run, told } = runOf(training.runs[0].config);
  run.work();
  run.steer({ paused: true });
  assert.equal(run.work(), Infinity);
  const { step } = run.trainer;
  assert.equal(run.work(), Infinity);
  assert.equal(run.trainer.step, step);
  run.steer({ steps: 1 });
  run.work();
  assert.equal(run.work(), Infinity);
  assert.equal(run.trainer.step, step + 1);
  assert.equal(told.filter(({ kind }) => kind === "state").at(-1).state.step, step + 1);
  run.steer({ rate: 0.5 });
  assert.equal(run.trainer.rate, 0.5);
  run.steer({ paused: false, stopped: true });
  run.work();
  assert.equal(told.find(({ kind }) => kind === "ended").status, "stopped");
});
