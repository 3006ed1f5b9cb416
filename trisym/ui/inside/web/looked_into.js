/**
 * A network of this browser, looked into here: the best linear reading of the sides from its latent by
 * least squares, and whether its units tell the story, as trisym.encoder_units and the page have it.
 *
 * @typedef {{id: string, title: string, short: string, model: import("../../kit/web/encoder.js").ModelPayload,
 *   triangles: string}} UnreadNetwork triangles: base64 of float32, held out
 * @typedef {import("./spheres.js").NetworkPayload} NetworkPayload
 */
import { Network } from "../../kit/web/encoder.js";
import { SideReading } from "./side_reading.js";
import { eigen } from "../../kit/web/symmetric.js";
import { base64FromBytes, float32FromBase64 } from "../../kit/web/base64.js";
import { significant } from "../../kit/web/numbers.js";
import { sideLengths } from "../../kit/web/geometry.js";

const EXPLAINED = 0.99; // of a side's variance, by what its units add up
const WATCHING = 0.9; // of the load
const NEVER_CHANGES = 1e-6; // of a side's mean: its deviation
const NO_DIRECTION = 1e-12; // of the largest variance: a dead node's
const OTHER_SHAPE = "only encoders with one hidden layer of leaky ReLUs can be looked into, such as that of table 3.";

/** @param {UnreadNetwork} unread @param {import("./side_reading.js").Rule} rule
 * @returns {NetworkPayload} @throws {Error} a sentence, for an encoder of another shape */
export function lookedInto({ id, title, short, model, triangles }, rule) {
  const network = new Network(model);
  if (network.encoder.length !== 2 || network.slope === 1) throw new Error(`${title}: ${OTHER_SHAPE}`);
  const all = float32FromBase64(triangles);
  const half = 9 * Math.floor(all.length / 18); // one half is read on, the other is judged on
  const values = readingOf(network, all.subarray(0, half));
  const shape = { units: network.encoder[0].rows, slope: network.slope, inputActivation: model.inputActivation };
  const told = toldOf(new SideReading(shape, values, rule), all.subarray(half));
  return { id, title, short, ...shape, told, values: base64FromBytes([new Uint8Array(values.buffer)]) };
}

/** Weights, biases, gains and constants: the sides are mix · latent + rest, before the latent's own leaky
 * ReLU. @param {Network} network @param {Float32Array} triangles @returns {Float32Array} */
function readingOf(network, triangles) {
  const [hidden, out] = network.encoder;
  const [units, nodes] = [hidden.rows, out.rows];
  const [weights, outs] = [hidden.values, out.values];
  const { mix, rest } = leastSquares(rawLatents(network, triangles), nodes, sidesOfAll(triangles));
  const gain = new Float64Array(3 * units);
  const constant = [...rest];
  for (let side = 0; side < 3; side += 1) {
    for (let node = 0; node < nodes; node += 1) {
      const share = mix[side * nodes + node];
      for (let unit = 0; unit < units; unit += 1) gain[side * units + unit] += share * outs[node * units + unit];
      constant[side] += share * outs[nodes * units + node];
    }
  }
  return Float32Array.from([...weights, ...gain, ...constant]);
}

/** Latent points before the latent's own leaky ReLU. @param {Network} network @param {Float32Array} triangles */
function rawLatents(network, triangles) {
  const [hidden, out] = network.encoder;
  const latents = new Float64Array((triangles.length / 9) * out.rows);
  for (let i = 0; 9 * i < triangles.length; i += 1) {
    network.encode(triangles, 9 * i);
    latents.set(out.apply(hidden.output, 1), i * out.rows);
  }
  return latents;
}

/** @param {Float32Array} triangles @returns {Float64Array} three sides of each */
function sidesOfAll(triangles) {
  const lengths = new Float64Array(triangles.length / 3);
  for (let i = 0; 9 * i < triangles.length; i += 1) {
    lengths.set(sideLengths(Array.from(triangles.subarray(9 * i, 9 * i + 9))), 3 * i);
  }
  return lengths;
}

/** The shortest solution where a node says nothing. @param {Float64Array} latents @param {number} nodes
 * @param {Float64Array} sides @returns {{mix: Float64Array, rest: number[]}} mix: side by side, by node */
function leastSquares(latents, nodes, sides) {
  const count = sides.length / 3;
  const [middle, mean] = [means(latents, nodes), means(sides, 3)];
  const [gram, cross] = [new Float64Array(nodes * nodes), new Float64Array(3 * nodes)];
  for (let i = 0; i < count; i += 1) {
    for (let a = 0; a < nodes; a += 1) {
      const x = latents[i * nodes + a] - middle[a];
      for (let b = 0; b < nodes; b += 1) gram[a * nodes + b] += x * (latents[i * nodes + b] - middle[b]);
      for (let side = 0; side < 3; side += 1) cross[side * nodes + a] += x * (sides[3 * i + side] - mean[side]);
    }
  }
  const { values, vectors } = eigen(gram, nodes);
  const mix = new Float64Array(3 * nodes);
  values.forEach((value, k) => {
    if (!(value > NO_DIRECTION * values[0])) return;
    const vector = vectors.subarray(k * nodes, (k + 1) * nodes);
    for (let side = 0; side < 3; side += 1) {
      const along = vector.reduce((sum, x, a) => sum + x * cross[side * nodes + a], 0) / value;
      vector.forEach((x, a) => (mix[side * nodes + a] += along * x));
    }
  });
  const rest = mean.map((value, side) => value - middle.reduce((sum, x, a) => sum + mix[side * nodes + a] * x, 0));
  return { mix, rest };
}

/** @param {Float64Array} values @param {number} width @returns {number[]} of each column */
function means(values, width) {
  const sums = new Array(width).fill(0);
  values.forEach((value, k) => (sums[k % width] += value));
  return sums.map((sum) => (sum * width) / values.length);
}

/** In one sentence, whether the network measures sides as the spheres show it.
 * @param {SideReading} reading @param {Float32Array} triangles */
function toldOf(reading, triangles) {
  const lengths = sidesOfAll(triangles);
  const count = lengths.length / 3;
  const [left, spread] = [[0, 0, 0], [0, 0, 0]];
  const mean = means(lengths, 3);
  let error = 0;
  for (let i = 0; i < count; i += 1) {
    const { sums } = reading.measure(triangles.subarray(9 * i, 9 * i + 9));
    sums.forEach((sum, side) => {
      const length = lengths[3 * i + side];
      left[side] += (sum - length) ** 2 / count;
      spread[side] += (length - mean[side]) ** 2 / count;
      error += Math.abs(sum - length) / (3 * count);
    });
  }
  const measured = [0, 1, 2].filter((side) => Math.sqrt(spread[side]) >= NEVER_CHANGES * mean[side]
    && 1 - left[side] / spread[side] >= EXPLAINED);
  const share = `${Math.round(100 * reading.watching)}% of the weight lies in units that watch one side`;
  const watchful = reading.watching >= WATCHING;
  if (watchful && measured.length === 3) {
    return `${share}, and what these add up to is off by ${significant(error)} a side.`;
  }
  if (watchful) return `No such story: ${share}, but no sum of theirs is a side: only their total comes out.`;
  if (measured.length) return `In part: ${measured.map((side) => `l${"₁₂₃"[side]}`).join(" and ")} is measured so; ${share}.`;
  return `No such story: ${share}.`;
}
