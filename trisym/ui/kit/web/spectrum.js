/**
 * The symmetry spectrum of an encoder, as trisym/symmetries.py has it: the singular values of its answer
 * to twelve linear motions, and its mean answers to translations, rotations and strains.
 *
 * @typedef {{layers: {weight: ArrayLike<number>, bias: ArrayLike<number>, rows: number, columns: number}[],
 *   slope: number, inputSlope: number}} Encoder every layer is bent, the latent too
 * @typedef {{values: Float64Array, motions: Float64Array[], metric: Float64Array, spread: number,
 *   answers: number[]}} Asking values, the largest first, and their motions, of rms displacement 1; the
 *   answers are mean ones, to translations, rotations and strains
 */
import { cholesky, eigen, solveLower, solveUpper, transposed } from "./symmetric.js";

const MOTION_NUMBERS = 12; // A row by row, then b: v -> v + A (v - c) + b
const COORDINATES = 9;
const VERTICES = 3;
const FLAT = 1e-9; // of the metric's largest eigenvalue: below it the vertices fill no space

/** The motions of each kind: entries of A and b. @type {[string, number[][]][]} */
const MOTION_BASIS = [
  ["translation", [9, 10, 11].map((i) => basisMotion(i))],
  ["rotation", [[7, 5], [2, 6], [3, 1]].map(([a, b]) => basisMotion(a, b, -1))],
  ["strain", [...[0, 4, 8].map((i) => basisMotion(i)), ...[[7, 5], [2, 6], [3, 1]].map(([a, b]) => basisMotion(a, b, 1))]],
];

/** @param {number} one @param {number} [other] @param {number} [sign] @returns {number[]} */
function basisMotion(one, other = -1, sign = 0) {
  return Array.from({ length: MOTION_NUMBERS }, (_, k) => (k === one ? 1 : k === other ? sign : 0));
}

/** Mean answers in the basis's order, then the twelve values, the largest first.
 * @param {Encoder} encoder @param {ArrayLike<number>} triangles nine numbers each @param {number} edge
 * @returns {number[]} NaN for a network that can't be asked */
export function spectrumNumbers(encoder, triangles, edge) {
  const found = spectrumOf(encoder, triangles, edge);
  return found ? [...found.answers, ...found.values] : new Array(MOTION_BASIS.length + MOTION_NUMBERS).fill(NaN);
}

/** @param {Encoder} encoder @param {ArrayLike<number>} triangles nine numbers each @param {number} edge of
 * the cube that they lie in @returns {Asking | null} none for a network that can't be asked */
export function spectrumOf(encoder, triangles, edge) {
  const count = triangles.length / COORDINATES;
  const nodes = encoder.layers[encoder.layers.length - 1].rows;
  const values = new Float64Array(count * nodes);
  const gram = new Float64Array(MOTION_NUMBERS ** 2);
  const metric = new Float64Array(MOTION_NUMBERS ** 2);
  const answer = new Float64Array(MOTION_NUMBERS);
  for (let i = 0; i < count; i += 1) {
    const v = Float64Array.from({ length: COORDINATES }, (_, k) => triangles[COORDINATES * i + k]);
    const jacobian = respond(encoder, v, values.subarray(i * nodes, (i + 1) * nodes));
    const moved = v.map((value) => value - edge / 2);
    for (let node = 0; node < nodes; node += 1) {
      answerOf(jacobian.subarray(COORDINATES * node, COORDINATES * (node + 1)), moved, answer);
      addOuter(gram, answer, 1 / count);
    }
    for (let k = 0; k < COORDINATES; k += 1) {
      answerOf(unitVector(k), moved, answer);
      addOuter(metric, answer, 1 / (VERTICES * count));
    }
  }
  const n = MOTION_NUMBERS;
  const spread = spreadOfPoints(values, nodes);
  const sizes = eigen(metric, n).values;
  if (!(spread > 0) || !gram.every(Number.isFinite) || !(sizes[n - 1] > FLAT * sizes[0])) return null;
  const lower = cholesky(metric, n);
  const half = solveLower(lower, gram.map((value) => value / spread ** 2), n, n);
  const whitened = solveLower(lower, transposed(half, n, n), n, n);
  const { values: squares, vectors } = eigen(whitened, n);
  return {
    values: squares.map((value) => Math.sqrt(Math.max(value, 0))),
    motions: Array.from({ length: n }, (_, rank) => solveUpper(lower, vectors.subarray(n * rank, n * (rank + 1)), n)),
    metric,
    spread,
    answers: MOTION_BASIS.map(([, basis]) => meanAnswer(whitened, lower, basis)),
  };
}

/** How many motions lie below the first gap of so many times: the unseen ones; and that gap, or the widest.
 * As trisym.spectrum has it. @param {ArrayLike<number>} values the largest first @param {number} least */
export function gapOf(values, least) {
  const gaps = Array.from({ length: values.length - 1 }, (_, i) => values[i] / Math.max(values[i + 1], Number.MIN_VALUE));
  const wide = gaps.findIndex((gap) => gap >= least);
  const found = wide < 0 ? 0 : values.length - 1 - wide;
  const gap = wide < 0 ? Math.max(...gaps) : gaps[wide];
  return { found, gap, threshold: values[values.length - 1 - found] / least };
}

/** Values and derivatives of an encoder at one triangle. @param {Encoder} encoder @param {Float64Array} v
 * @param {Float64Array} values the answer @returns {Float64Array} node by node, by each coordinate */
function respond({ layers, slope, inputSlope }, v, values) {
  const gain = (/** @type {number} */ x, /** @type {number} */ leaky) => (x > 0 ? 1 : leaky);
  let signal = v.map((x) => x * gain(x, inputSlope));
  const gains = [v.map((x) => gain(x, inputSlope))];
  for (const { weight, bias, rows, columns } of layers) {
    const next = new Float64Array(rows);
    for (let i = 0; i < rows; i += 1) {
      let sum = bias[i];
      for (let k = 0; k < columns; k += 1) sum += weight[i * columns + k] * signal[k];
      next[i] = sum;
    }
    gains.push(next.map((x) => gain(x, slope)));
    signal = next.map((x) => x * gain(x, slope));
  }
  values.set(signal);
  return backThrough(layers, gains);
}

/** @param {Encoder["layers"]} layers @param {Float64Array[]} gains @returns {Float64Array} */
function backThrough(layers, gains) {
  const nodes = layers[layers.length - 1].rows;
  let back = new Float64Array(nodes * nodes);
  for (let node = 0; node < nodes; node += 1) back[node * nodes + node] = 1;
  for (let layer = layers.length - 1; layer >= 0; layer -= 1) {
    const { weight, rows, columns } = layers[layer];
    const next = new Float64Array(nodes * columns);
    for (let node = 0; node < nodes; node += 1) {
      for (let i = 0; i < rows; i += 1) {
        const factor = back[node * rows + i] * gains[layer + 1][i];
        if (factor === 0) continue;
        for (let k = 0; k < columns; k += 1) next[node * columns + k] += factor * weight[i * columns + k];
      }
    }
    back = next;
  }
  return back.map((value, k) => value * gains[0][k % COORDINATES]);
}

/** @param {number} k */
function unitVector(k) {
  const vector = new Float64Array(COORDINATES);
  vector[k] = 1;
  return vector;
}

/** How a function with this slope by the coordinates answers each of the twelve numbers.
 * @param {Float64Array} slope @param {Float64Array} centred @param {Float64Array} answer */
function answerOf(slope, centred, answer) {
  answer.fill(0);
  for (let k = 0; k < COORDINATES; k += 1) {
    if (slope[k] === 0) continue;
    const [vertex, axis] = [3 * Math.floor(k / 3), k % 3];
    for (let j = 0; j < 3; j += 1) answer[3 * axis + j] += slope[k] * centred[vertex + j];
    answer[9 + axis] += slope[k];
  }
}

/** @param {Float64Array} matrix @param {Float64Array} vector @param {number} factor */
function addOuter(matrix, vector, factor) {
  for (let i = 0; i < MOTION_NUMBERS; i += 1) {
    for (let j = 0; j < MOTION_NUMBERS; j += 1) matrix[i * MOTION_NUMBERS + j] += factor * vector[i] * vector[j];
  }
}

/** The rms distance of points from their mean. @param {Float64Array} values @param {number} nodes */
export function spreadOfPoints(values, nodes) {
  const count = values.length / nodes;
  const means = new Float64Array(nodes);
  values.forEach((value, k) => (means[k % nodes] += (value - values[k % nodes]) / count));
  let sum = 0;
  values.forEach((value, k) => (sum += (value - values[k % nodes] - means[k % nodes]) ** 2));
  return Math.sqrt(sum / count);
}

/** The rms answer over the motions of a kind, of rms displacement 1. @param {Float64Array} whitened
 * @param {Float64Array} lower @param {number[][]} basis @returns {number} */
function meanAnswer(whitened, lower, basis) {
  const n = MOTION_NUMBERS;
  const directions = orthonormal(basis.map((p) => Float64Array.from({ length: n }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += lower[i * n + j] * p[i];
    return sum;
  })));
  let squares = 0;
  for (const d of directions) {
    for (let i = 0; i < n; i += 1) for (let j = 0; j < n; j += 1) squares += d[i] * whitened[i * n + j] * d[j];
  }
  return Math.sqrt(Math.max(squares, 0) / basis.length);
}

/** Gram and Schmidt. @param {Float64Array[]} vectors @returns {Float64Array[]} */
function orthonormal(vectors) {
  /** @type {Float64Array[]} */
  const found = [];
  for (const vector of vectors) {
    const rest = vector.slice();
    for (const other of found) {
      const along = other.reduce((sum, value, k) => sum + value * rest[k], 0);
      other.forEach((value, k) => (rest[k] -= along * value));
    }
    const length = Math.hypot(...rest);
    found.push(rest.map((value) => value / length));
  }
  return found;
}
