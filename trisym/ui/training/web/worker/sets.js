/**
 * The triangle sets: trisym/datasets.py and trisym/sampling.py, with the same random numbers in the same
 * order, so that a seed means the same set, up to rounding.
 *
 * A block is the candidates that are drawn at once; what keeps to the limits is what a set is made of.
 *
 * @typedef {{name: string, n: number, seed: number, edge: number, min_side: number,
 *   constant_side: number | null, directions: string}} DataConfig
 * @typedef {{inputs: Float32Array, targets: Float32Array, width: number, targetWidth: number, count: number}
 *   } Samples one after the other; one and the same array when autoencoding
 * @typedef {{train: Samples, validation: Samples, test: Samples}} Split
 * @typedef {() => Float32Array} Blocks gives the next accepted triangles, nine numbers each
 */
import { Twister } from "./twister.js";

const BLOCK_SIZE = 2 ** 14; // as Python draws: the order of the random numbers hangs on it
const NINE = 9;
const f = Math.fround;
const SLACK = 1 + 1e-6; // a side must be a millionth longer than the least, as in Python

/** @param {Twister} random @param {number} count @returns {Float32Array} */
function uniform(random, count) {
  const drawn = new Float32Array(count);
  for (let i = 0; i < count; i += 1) drawn[i] = random.single();
  return drawn;
}

/** Unit vectors. @param {string} kind @param {Twister} random @param {number} count */
function directions(kind, random, count) {
  const phis = uniform(random, count);
  const heights = uniform(random, count);
  const found = new Float32Array(3 * count);
  for (let i = 0; i < count; i += 1) {
    const phi = f(f(2 * Math.PI) * phis[i]);
    const cosine = kind === "polar" ? f(Math.cos(f(f(Math.PI) * heights[i]))) : f(f(2 * heights[i]) - 1);
    const sine = f(Math.sqrt(f(1 - f(cosine * cosine))));
    found[3 * i] = f(sine * f(Math.cos(phi)));
    found[3 * i + 1] = f(sine * f(Math.sin(phi)));
    found[3 * i + 2] = cosine;
  }
  return found;
}

/** @param {Float32Array} a @param {number} i @param {Float32Array} b @param {number} j
 * @param {number} least @returns {boolean} */
function apart(a, i, b, j, least) {
  const [x, y, z] = [f(a[i] - b[j]), f(a[i + 1] - b[j + 1]), f(a[i + 2] - b[j + 2])];
  return f(Math.sqrt(x * x + y * y + z * z)) > least * SLACK;
}

/** Vertices 1 and 2 of the candidates whose side l1 is as it must be, six numbers each.
 * @param {DataConfig} data @param {Twister} random @returns {Float32Array} */
function firstTwo({ edge, min_side: least, constant_side: constant, directions: kind }, random) {
  const e = f(edge);
  if (constant === null) {
    const two = uniform(random, 6 * BLOCK_SIZE).map((value) => f(e * value));
    return least ? kept(two, 6, (i) => apart(two, i, two, i + 3, least)) : two;
  }
  const first = uniform(random, 3 * BLOCK_SIZE).map((value) => f(e * value));
  const turned = directions(kind, random, BLOCK_SIZE);
  const two = new Float32Array(6 * BLOCK_SIZE);
  for (let i = 0; i < BLOCK_SIZE; i += 1) {
    for (let axis = 0; axis < 3; axis += 1) {
      two[6 * i + axis] = first[3 * i + axis];
      two[6 * i + 3 + axis] = f(first[3 * i + axis] + f(f(constant) * turned[3 * i + axis]));
    }
  }
  return kept(two, 6, (i) => [3, 4, 5].every((axis) => two[i + axis] > 0 && two[i + axis] < e));
}

/** @param {Float32Array} rows @param {number} width @param {(start: number) => boolean} keep
 * @returns {Float32Array} */
function kept(rows, width, keep) {
  let count = 0;
  const found = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i += width) {
    if (!keep(i)) continue;
    found.set(rows.subarray(i, i + width), count);
    count += width;
  }
  return found.subarray(0, count);
}

/** Uniform in the cube; survivors of the first side get a third vertex. @param {DataConfig} data
 * @param {Twister} random @returns {Blocks} */
function inCube(data, random) {
  return () => {
    const two = firstTwo(data, random);
    const count = two.length / 6;
    const third = uniform(random, 3 * count).map((value) => f(f(data.edge) * value));
    const triangles = new Float32Array(NINE * count);
    for (let i = 0; i < count; i += 1) {
      triangles.set(two.subarray(6 * i, 6 * i + 6), NINE * i);
      triangles.set(third.subarray(3 * i, 3 * i + 3), NINE * i + 6);
    }
    const least = data.min_side;
    if (!least) return triangles;
    return kept(triangles, NINE, (i) =>
      apart(triangles, i, triangles, i + 6, least) && apart(triangles, i + 3, triangles, i + 6, least));
  };
}

/** The same renumbered: the constant side is l1, l2 or l3. @param {DataConfig} data
 * @param {Twister} random @returns {Blocks} */
function inCubeTurned(data, random) {
  const blocks = inCube(data, random);
  return () => {
    const triangles = blocks();
    const starts = uniform(random, triangles.length / NINE);
    const turned = new Float32Array(triangles.length);
    starts.forEach((share, i) => {
      const start = Math.min(Math.floor(f(3 * share)), 2);
      for (let k = 0; k < NINE; k += 1) turned[NINE * i + k] = triangles[NINE * i + ((3 * start + k) % NINE)];
    });
    return turned;
  };
}

/** Uniform in the square of the plane z = 0. @param {DataConfig} data @param {Twister} random
 * @returns {Blocks} */
function onFloor({ edge, min_side: least }, random) {
  return () => {
    const triangles = uniform(random, NINE * BLOCK_SIZE).map((value, k) => (k % 3 === 2 ? 0 : f(f(edge) * value)));
    if (!least) return triangles;
    return kept(triangles, NINE, (i) => [0, 3, 6].every((from) =>
      apart(triangles, i + from, triangles, i + ((from + 3) % NINE), least)));
  };
}

/** Translations of a length uniform in [0, 1). @param {DataConfig} data @param {Twister} random
 * @param {number} count */
function translations(data, random, count) {
  const lengths = uniform(random, count);
  return directions(data.directions, random, count).map((value, k) => f(lengths[Math.floor(k / 3)] * value));
}

/** @param {Float32Array} triangles @param {(k: number) => number} shift of coordinate k */
function shifted(triangles, shift) {
  return triangles.map((value, k) => f(value + shift(k)));
}

/** Pairs of table 2: from blocks of triangles to inputs and targets.
 * @typedef {(blocks: Blocks, data: DataConfig, random: Twister) => () => [Float32Array, Float32Array]} PairsOf */

/** One same triangle, raised by a height. @type {PairsOf} */
function oneLifted(blocks, _data, random) {
  let first = blocks();
  while (!first.length) first = blocks();
  const triangle = first.slice(0, NINE);
  const inputs = new Float32Array(NINE * BLOCK_SIZE).map((_, k) => triangle[k % NINE]);
  return () => {
    const lifts = uniform(random, BLOCK_SIZE);
    return [inputs, shifted(inputs, (k) => (k % 3 === 2 ? lifts[Math.floor(k / NINE)] : 0))];
  };
}

/** Each triangle, moved by one translation for all. @type {PairsOf} */
function movedAlike(blocks, data, random) {
  const shift = translations(data, random, 1);
  return () => {
    const triangles = blocks();
    return [triangles, shifted(triangles, (k) => shift[k % 3])];
  };
}

/** Each triangle, moved by a translation of its own. @type {PairsOf} */
function movedAnyhow(blocks, data, random) {
  return () => {
    const triangles = blocks();
    const shifts = translations(data, random, triangles.length / NINE);
    return [triangles, shifted(triangles, (k) => shifts[3 * Math.floor(k / NINE) + (k % 3)])];
  };
}

/** By their names, as in trisym.datasets.
 * @type {Record<string, {triangles: (data: DataConfig, random: Twister) => Blocks, pairs?: PairsOf}>} */
export const SETS = {
  random: { triangles: inCube },
  "constant-side": { triangles: inCubeTurned },
  "fixed-side": { triangles: inCube },
  "lennard-jones": { triangles: inCube },
  "translation-a": { triangles: onFloor, pairs: oneLifted },
  "translation-b": { triangles: onFloor, pairs: movedAlike },
  "translation-c": { triangles: inCube, pairs: movedAnyhow },
};

/** Draw a set. @param {DataConfig} data @returns {Samples} */
export function drawnSet(data) {
  const random = new Twister(data.seed);
  const { triangles, pairs } = SETS[data.name];
  const blocks = triangles(data, random);
  const next = pairs ? pairs(blocks, data, random) : () => {
    const block = blocks();
    return [block, block];
  };
  const inputs = new Float32Array(NINE * data.n);
  const targets = pairs ? new Float32Array(NINE * data.n) : inputs;
  for (let filled = 0; filled < inputs.length; ) {
    const [from, to] = next();
    const size = Math.min(from.length, inputs.length - filled);
    inputs.set(from.subarray(0, size), filled);
    if (pairs) targets.set(to.subarray(0, size), filled);
    filled += size;
  }
  return { inputs, targets, width: NINE, targetWidth: NINE, count: data.n };
}

/** 80 %, 10 % and 10 %, in their order. @param {Samples} set @returns {Split} */
export function splitOf(set) {
  const ends = [0, Math.floor((set.count * 8) / 10), Math.floor((set.count * 9) / 10), set.count];
  const [train, validation, test] = [0, 1, 2].map((i) => samplesFrom(set, ends[i], ends[i + 1]));
  return { train, validation, test };
}

/** @param {Samples} set @param {number} from @param {number} to @returns {Samples} */
export function samplesFrom({ inputs, targets, width, targetWidth }, from, to) {
  const taken = inputs.subarray(from * width, to * width);
  const same = targets === inputs;
  return {
    inputs: taken, width, targetWidth, count: to - from,
    targets: same ? taken : targets.subarray(from * targetWidth, to * targetWidth),
  };
}
