/** What a trained network is worth on 20,000 fresh triangles: the numbers of trisym/evaluation.py. */
import { Twister } from "./twister.js";
import { SETS, drawnSet, samplesFrom } from "./sets.js";
import { eigen } from "../../../kit/web/symmetric.js";
import { encodeAll, rebuildAll, sidesOf } from "./answers.js";
import { freshSeed } from "./held_out.js";
import { posesIn, posesInside, spreadOfOrbits } from "./orbits.js";

const TRIANGLES = 20_000; // the thesis's test set
const ORBITS = 200; // of these triangles,
const POSES = 100; // each in so many poses
const SEED = 2021; // of the poses
const NEAR = 0.5;
const FAR = 10;
const DEAD = 1e-7; // of the largest scale: a direction of the latents in which nothing varies

/** @type {[string, number, number][]} ranges of the lowest coordinates, in edges */
const OUTSIDE = [["near_above", 0, NEAR], ["near_below", -NEAR, 0], ["far_above", 0, FAR], ["far_below", -FAR, 0]];

/** @param {import("./trainer.js").Trainer} trainer of an autoencoder @returns {Record<string, number>} */
export function evaluated(trainer) {
  const { config: { data }, watching } = trainer;
  const { inputs, targets } = freshTriangles(data);
  const rebuilt = rebuildAll(watching, inputs);
  const metrics = errorsOf(targets, rebuilt);
  const random = new Twister(SEED);
  const shapes = inputs.subarray(0, 9 * ORBITS);
  const nodes = watching.signals[watching.depth].rows;
  const inside = posesInside(shapes, POSES, random, data.edge);
  const latents = encodeAll(watching, inside);
  metrics.orbit_spread_inside = spreadOfOrbits(latents, nodes, POSES);
  for (const [name, start, end] of OUTSIDE) {
    const poses = posesIn(shapes, POSES, random, [start * data.edge, end * data.edge]);
    metrics[`orbit_spread_${name}`] = spreadOfOrbits(encodeAll(watching, poses), nodes, POSES);
  }
  const white = whitened(latents, nodes);
  metrics.orbit_spread_whitened = spreadOfOrbits(white.points, white.alive, POSES);
  metrics.pose_side_sd = poseSideSd(rebuildAll(watching, inside));
  return metrics;
}

/** Of the same law; for pairs, what follows the training set. @param {import("./sets.js").DataConfig} data */
function freshTriangles(data) {
  if (!SETS[data.name].pairs) return drawnSet({ ...data, n: TRIANGLES, seed: freshSeed(data) });
  return samplesFrom(drawnSet({ ...data, n: data.n + TRIANGLES }), data.n, data.n + TRIANGLES);
}

/** @param {Float32Array} targets @param {Float32Array} rebuilt @returns {Record<string, number>} */
function errorsOf(targets, rebuilt) {
  const count = targets.length / 9;
  let [squares, sides, perimeters] = [0, 0, 0];
  for (let k = 0; k < targets.length; k += 1) squares += (targets[k] - rebuilt[k]) ** 2;
  for (let i = 0; i < count; i += 1) {
    const [wanted, found] = [sidesOf(targets, 9 * i), sidesOf(rebuilt, 9 * i)];
    const errors = wanted.map((side, j) => side - found[j]);
    sides += errors.reduce((sum, error) => sum + Math.abs(error), 0);
    perimeters += Math.abs(errors[0] + errors[1] + errors[2]);
  }
  return { mse: squares / targets.length, side_error: sides / (3 * count), perimeter_error: perimeters / count };
}

/** Latents turned and stretched to unit covariance, without dead directions. @param {Float64Array} latents
 * @param {number} nodes @returns {{points: Float64Array, alive: number}} */
export function whitened(latents, nodes) {
  const count = latents.length / nodes;
  const means = new Float64Array(nodes);
  latents.forEach((value, k) => (means[k % nodes] += value / count));
  const covariance = new Float64Array(nodes * nodes);
  for (let i = 0; i < count; i += 1) {
    for (let a = 0; a < nodes; a += 1) {
      for (let b = 0; b < nodes; b += 1) {
        covariance[a * nodes + b] += (latents[i * nodes + a] - means[a]) * (latents[i * nodes + b] - means[b]) / count;
      }
    }
  }
  const { values, vectors } = eigen(covariance, nodes);
  const scales = values.map((value) => Math.sqrt(Math.max(value, 0)));
  const alive = Math.max(1, scales.filter((scale) => scale > DEAD * scales[0]).length);
  const points = new Float64Array(count * alive);
  for (let i = 0; i < count; i += 1) {
    for (let a = 0; a < alive; a += 1) {
      let sum = 0;
      for (let b = 0; b < nodes; b += 1) sum += (latents[i * nodes + b] - means[b]) * vectors[a * nodes + b];
      points[i * alive + a] = scales[a] > 0 ? sum / scales[a] : 0;
    }
  }
  return { points, alive };
}

/** The standard deviation of a rebuilt side that the pose alone causes. @param {Float32Array} rebuilt */
function poseSideSd(rebuilt) {
  const triangles = rebuilt.length / (9 * POSES);
  let variance = 0;
  for (let i = 0; i < triangles; i += 1) {
    const sides = Array.from({ length: POSES }, (_, pose) => sidesOf(rebuilt, 9 * (i * POSES + pose)));
    for (let side = 0; side < 3; side += 1) {
      const mean = sides.reduce((sum, each) => sum + each[side], 0) / POSES;
      variance += sides.reduce((sum, each) => sum + (each[side] - mean) ** 2, 0) / ((POSES - 1) * 3 * triangles);
    }
  }
  return Math.sqrt(variance);
}
