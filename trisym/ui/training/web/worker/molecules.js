/** What an energy predictor learns from: trisym/energy.py, features and energies scaled to 0 to 1.
 *
 * @typedef {import("./sets.js").Samples} Samples
 * @typedef {import("./sets.js").Split} Split
 */
import { moleculeEnergy } from "../../../energy/web/potential.js";
import { sidesOf } from "./answers.js";

const SIGMA = 0.5; // where the Lennard-Jones energy is 0

/** What a predictor of a kind sees of a molecule. @type {Record<string, (v: Float32Array) => ArrayLike<number>>} */
const FEATURES = { sides: (v) => sidesOf(v, 0), coordinates: (v) => v };

/** @param {string} kind `sides` or `coordinates` @param {Split} split of molecules @returns {Split} */
export function energySplit(kind, split) {
  const parts = [split.train, split.validation, split.test];
  const columns = parts.map((part) => ofEach(part, FEATURES[kind]));
  const energies = parts.map((part) => ofEach(part, (v) => [moleculeEnergy(sidesOf(v, 0), SIGMA)]));
  const width = columns[0].length / split.train.count;
  const ends = [endsOf(columns[0], width), endsOf(energies[0], 1)];
  const [train, validation, test] = parts.map(({ count }, i) => ({
    inputs: scaledBy(columns[i], ends[0]), targets: scaledBy(energies[i], ends[1]), width, targetWidth: 1, count,
  }));
  return { train, validation, test };
}

/** @param {Samples} samples @param {(v: Float32Array) => ArrayLike<number>} of @returns {Float32Array} */
function ofEach({ inputs, count, width }, of) {
  const rows = Array.from({ length: count }, (_, i) => of(inputs.subarray(width * i, width * i + width)));
  return Float32Array.from(rows.flatMap((row) => Array.from(row)));
}

/** @param {Float32Array} values @param {number} width @returns {[number, number][]} of each column */
function endsOf(values, width) {
  const ends = Array.from({ length: width }, () => /** @type {[number, number]} */ ([Infinity, -Infinity]));
  values.forEach((value, k) => {
    const end = ends[k % width];
    end[0] = Math.min(end[0], value);
    end[1] = Math.max(end[1], value);
  });
  return ends;
}

/** @param {Float32Array} values @param {[number, number][]} ends @returns {Float32Array} */
function scaledBy(values, ends) {
  return values.map((value, k) => {
    const [low, high] = ends[k % ends.length];
    return (value - low) / (high > low ? high - low : 1);
  });
}
