/**
 * Linear motions of space, v -> c + exp(t A)(v - c) + …: the flow of the field A (v - c) + b about the
 * cube's centre c. A motion is 12 numbers, A row by row and then b (trisym.symmetries).
 *
 * @typedef {ArrayLike<number>} LinearMotion twelve numbers
 * @typedef {import("../../kit/web/kinds.js").Kind} Kind
 * @typedef {{values: number[], motions: Float64Array[], metric: Float64Array}} Spectrum values in
 *   spreads per unit of rms displacement, the largest first; G row by row
 */

import { MOTION_KINDS } from "../../kit/web/kinds.js";

export const MOTIONS = 12;

/** A plain motion: its kind, its name, and its entries in the 12 numbers.
 * @type {{kind: Kind, name: string, entries: [number, number][]}[]} */
export const PLAIN_MOTIONS = [
  { kind: "translation", name: "x", entries: [[9, 1]] },
  { kind: "translation", name: "y", entries: [[10, 1]] },
  { kind: "translation", name: "z", entries: [[11, 1]] },
  { kind: "rotation", name: "x", entries: [[7, 1], [5, -1]] },
  { kind: "rotation", name: "y", entries: [[2, 1], [6, -1]] },
  { kind: "rotation", name: "z", entries: [[3, 1], [1, -1]] },
  { kind: "strain", name: "x", entries: [[0, 1]] },
  { kind: "strain", name: "y", entries: [[4, 1]] },
  { kind: "strain", name: "z", entries: [[8, 1]] },
  { kind: "strain", name: "yz", entries: [[7, 1], [5, 1]] },
  { kind: "strain", name: "zx", entries: [[2, 1], [6, 1]] },
  { kind: "strain", name: "xy", entries: [[3, 1], [1, 1]] },
];

/** @param {number} plain its place in PLAIN_MOTIONS @returns {Float64Array} */
export function plainMotion(plain) {
  const motion = new Float64Array(MOTIONS);
  for (const [entry, value] of PLAIN_MOTIONS[plain].entries) motion[entry] = value;
  return motion;
}

/** @param {LinearMotion} motion @param {number} plain @returns {number} how much of it there is */
export function partOf(motion, plain) {
  const { entries } = PLAIN_MOTIONS[plain];
  return entries.reduce((sum, [entry, value]) => sum + value * motion[entry], 0) / entries.length;
}

/** @param {LinearMotion} motion @param {Kind} kind @returns {Float64Array} its part of that kind */
export function kindOf(motion, kind) {
  const part = new Float64Array(MOTIONS);
  PLAIN_MOTIONS.forEach((plain, i) => {
    if (plain.kind !== kind) return;
    for (const [entry, value] of plain.entries) part[entry] += value * partOf(motion, i);
  });
  return part;
}

/** pᵀ G q. @param {LinearMotion} p @param {Float64Array} metric @param {LinearMotion} q */
export function product(p, metric, q) {
  let sum = 0;
  for (let i = 0; i < MOTIONS; i += 1) {
    for (let j = 0; j < MOTIONS; j += 1) sum += p[i] * metric[MOTIONS * i + j] * q[j];
  }
  return sum;
}

/** The rms displacement of a motion, in edges. @param {LinearMotion} motion
 * @param {Float64Array} metric */
export function displacement(motion, metric) {
  return Math.sqrt(Math.max(0, product(motion, metric, motion)));
}

/** How much of a motion's displacement² is of each kind; they add up to 1.
 * @param {LinearMotion} motion @param {Float64Array} metric @returns {Record<Kind, number>} */
export function sharesOf(motion, metric) {
  const squares = MOTION_KINDS.map((kind) => {
    const part = kindOf(motion, kind);
    return product(part, metric, part);
  });
  const total = squares.reduce((sum, square) => sum + square, 0) || 1;
  const [translation, rotation, strain] = squares.map((square) => square / total);
  return { translation, rotation, strain };
}

/** The rms drift, in spreads, that the spectrum predicts: |M p|.
 * @param {Spectrum} spectrum @param {LinearMotion} motion */
export function predictedDrift({ values, motions, metric }, motion) {
  return Math.hypot(...values.map((value, k) => value * product(motions[k], metric, motion)));
}

/** @param {LinearMotion} motion @param {number} factor @returns {Float64Array} */
export function scaled(motion, factor) {
  return Float64Array.from(motion, (value) => value * factor);
}

/** Where points go: linear (nine numbers, row by row) about the centre, and a shift. */
export class Flow {
  /** exp(t (A, b)), by squaring a Taylor series of a small step.
   * @param {LinearMotion} motion @param {number} time @param {number} centre of the cube, an axis */
  constructor(motion, time, centre) {
    this.centre = centre;
    const a = Array.from({ length: 9 }, (_, i) => time * motion[i]);
    const b = [9, 10, 11].map((i) => time * motion[i]);
    const size = Math.max(...a.map(Math.abs)) * 3;
    const halvings = Math.max(0, Math.ceil(Math.log2(Math.max(size, 1e-9) / 0.25)));
    const part = 2 ** -halvings;
    let [linear, shift] = expSeries(a.map((x) => x * part), b.map((x) => x * part));
    for (let k = 0; k < halvings; k += 1) {
      shift = timesVector(linear, shift).map((x, axis) => x + shift[axis]);
      linear = timesMatrix(linear, linear);
    }
    this.linear = linear;
    this.shift = shift;
  }

  /** @param {ArrayLike<number>} points x y z after each other @param {number} [from] the first number
   * @param {number} [count] of numbers @param {Float64Array} [out] @returns {Float64Array} */
  apply(points, from = 0, count = points.length, out = new Float64Array(count)) {
    const { linear: m, shift: s, centre: c } = this;
    for (let i = 0; i < count; i += 3) {
      const x = points[from + i] - c;
      const y = points[from + i + 1] - c;
      const z = points[from + i + 2] - c;
      out[i] = c + m[0] * x + m[1] * y + m[2] * z + s[0];
      out[i + 1] = c + m[3] * x + m[4] * y + m[5] * z + s[1];
      out[i + 2] = c + m[6] * x + m[7] * y + m[8] * z + s[2];
    }
    return out;
  }
}

/** exp of a small affine field: Σ Aᵏ / k!, and Σ Aᵏ⁻¹ b / k!. @param {number[]} a @param {number[]} b
 * @returns {[number[], number[]]} */
function expSeries(a, b) {
  const linear = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const shift = [0, 0, 0];
  let term = linear.slice();
  let moved = b.slice();
  for (let k = 1; k <= 12; k += 1) {
    term = timesMatrix(a, term).map((x) => x / k);
    for (let i = 0; i < 9; i += 1) linear[i] += term[i];
    for (let i = 0; i < 3; i += 1) shift[i] += moved[i];
    moved = timesVector(a, moved).map((x) => x / (k + 1));
  }
  return [linear, shift];
}

/** @param {number[]} m @param {number[]} v @returns {number[]} */
function timesVector(m, v) {
  return [0, 3, 6].map((row) => m[row] * v[0] + m[row + 1] * v[1] + m[row + 2] * v[2]);
}

/** @param {number[]} m @param {number[]} n @returns {number[]} */
function timesMatrix(m, n) {
  return m.map((_, i) => {
    const row = 3 * Math.floor(i / 3);
    return m[row] * n[i % 3] + m[row + 1] * n[(i % 3) + 3] + m[row + 2] * n[(i % 3) + 6];
  });
}

/** A motion in plain words. @param {LinearMotion} motion @param {Float64Array} metric */
export function inWords(motion, metric) {
  const shares = sharesOf(motion, metric);
  const [first, second] = [...MOTION_KINDS].sort((a, b) => shares[b] - shares[a]);
  if (shares[first] < 0.9) {
    const percent = (/** @type {Kind} */ kind) => `${Math.round(100 * shares[kind])} % ${kind}`;
    return `a mixture: ${percent(first)}, ${percent(second)}`;
  }
  if (first === "translation") return `a translation along ${axisInWords([9, 10, 11].map((i) => motion[i]))}`;
  if (first === "rotation") return `a rotation about ${axisInWords([3, 4, 5].map((i) => partOf(motion, i)))}`;
  const trace = (motion[0] + motion[4] + motion[8]) / 3;
  const grows = kindOf(motion, "strain");
  const evenly = Math.abs(trace) * Math.sqrt(3) / Math.hypot(...grows.slice(0, 9));
  return evenly > 0.95 ? "growing and shrinking" : "a strain: stretching and squeezing";
}

/** A direction by its axis where it is near one. @param {number[]} vector */
function axisInWords(vector) {
  const size = Math.hypot(...vector) || 1;
  const along = vector.map((x) => Math.abs(x) / size);
  const best = along.indexOf(Math.max(...along));
  if (along[best] > 0.97) return "xyz"[best];
  const sign = vector[best] < 0 ? -1 : 1;
  return `(${vector.map((x) => ((sign * x) / size).toFixed(1).replace("-0.0", "0.0").replace("-", "−")).join(", ")})`;
}
