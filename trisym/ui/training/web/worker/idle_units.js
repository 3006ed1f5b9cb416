/** Idle hidden units, put to work: trisym/training/idle_units.py, with the same random numbers. */
import { Twister } from "./twister.js";
import { encoderDepth } from "./network.js";

const EVERY = 0.05; // of the budget
const ROUNDS = 12;
const NOISE = 0.1;
const TURN = 0x7f4a7c15; // the lower half of 2^64 over the golden ratio: a generator's seed has 32 bits

/** @param {number} progress @returns {number} rounds that a run has had by then */
export function roundsDue(progress) {
  return Math.min(Math.floor(progress / EVERY + 1e-9), ROUNDS);
}

/** @param {number} seed @param {number} round */
export function generatorOfRound(seed, round) {
  const low = Number(BigInt(Math.trunc(seed)) & 0xffffffffn);
  return new Twister((low + Math.imul(TURN, round)) >>> 0);
}

/**
 * Change weights in place. @param {import("./network.js").Weights} weights
 * @param {import("./network.js").NetworkConfig} config @param {number} below a share of the layer's mean
 * @param {Twister} random @returns {[number, number, number][]} layer, unit and the unit that it copied
 */
export function putToWork(weights, config, below, random) {
  /** @type {[number, number, number][]} */
  const revived = [];
  const layers = weights.parts.length / 2;
  const latent = config.kind === "autoencoder" ? encoderDepth(config) : layers;
  let place = 0;
  for (let layer = 0; layer + 1 < layers; layer += 1) {
    if (layer + 1 === latent) continue; // what lies between is the latent: its nodes are a choice
    const found = workIn(weights, layer, below, random);
    for (const [unit, like] of found) revived.push([place, unit, like]);
    place += 1;
  }
  return revived;
}

/** @param {import("./network.js").Weights} weights @param {number} layer @param {number} below
 * @param {Twister} random @returns {[number, number][]} */
function workIn(weights, layer, below, random) {
  const [before, bias, behind] = [2 * layer, 2 * layer + 1, 2 * layer + 2].map((i) => weights.parts[i]);
  const units = before.rows;
  const strength = Float32Array.from({ length: units }, (_, unit) => {
    let [inwards, outwards] = [0, 0];
    for (let k = 0; k < before.columns; k += 1) inwards += before.values[unit * before.stride + k] ** 2;
    for (let k = 0; k < behind.rows; k += 1) outwards += behind.values[k * behind.stride + unit] ** 2;
    return Math.sqrt(inwards) * Math.sqrt(outwards);
  });
  const floor = (below * strength.reduce((sum, each) => sum + each, 0)) / units;
  const idle = [...strength.keys()].filter((unit) => strength[unit] < floor);
  return idle.map((unit) => {
    let like = 0;
    for (let other = 1; other < units; other += 1) if (strength[other] > strength[like]) like = other;
    const noise = random.normals(before.columns);
    for (let k = 0; k < before.columns; k += 1) {
      const copied = before.values[like * before.stride + k];
      before.values[unit * before.stride + k] = copied * Math.fround(1 + Math.fround(NOISE * noise[k]));
    }
    bias.values[unit] = bias.values[like];
    for (let k = 0; k < behind.rows; k += 1) {
      behind.values[k * behind.stride + like] /= 2;
      behind.values[k * behind.stride + unit] = behind.values[k * behind.stride + like];
    }
    strength[like] /= 2;
    strength[unit] = strength[like];
    return [unit, like];
  });
}
