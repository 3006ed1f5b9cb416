/**
 * The losses, and their slopes by the output: trisym/losses.py, sample by sample.
 *
 * Target and output lie feature by feature, x y z of three vertices; side j is between vertices j and
 * j + 1. Of a side of length 0 the slope is 0, as PyTorch has it.
 *
 * @typedef {import("./workspace.js").Matrix} Matrix
 * @typedef {(target: Matrix, output: Matrix, slope: Matrix | null, count: number, share: number) => number
 *   } Loss returns the sum over `count` samples, and adds `share` of each sample's slope
 */

const SIDES = 3;

/** @param {Float32Array} v @param {number} stride @param {number} sample @param {number} side */
export function sideAt(v, stride, sample, side) {
  const from = 3 * side * stride + sample;
  const to = 3 * ((side + 1) % SIDES) * stride + sample;
  const x = v[from] - v[to];
  const y = v[from + stride] - v[to + stride];
  const z = v[from + 2 * stride] - v[to + 2 * stride];
  return Math.sqrt(x * x + y * y + z * z);
}

/** The slope of a side's length by its six coordinates, times a factor, is added.
 * @param {Matrix} slope @param {Matrix} output @param {number} sample @param {number} side
 * @param {number} length @param {number} factor */
function pull(slope, output, sample, side, length, factor) {
  if (length === 0 || factor === 0) return;
  const { stride, values } = output;
  const from = 3 * side * stride + sample;
  const to = 3 * ((side + 1) % SIDES) * stride + sample;
  const d = slope.values;
  for (let axis = 0; axis < 3 * stride; axis += stride) {
    const part = (factor * (values[from + axis] - values[to + axis])) / length;
    d[from + axis] += part;
    d[to + axis] -= part;
  }
}

/** Σ_j |l_j − l_j′|. @type {Loss} */
function sidesLoss(target, output, slope, count, share) {
  let sum = 0;
  for (let sample = 0; sample < count; sample += 1) {
    for (let side = 0; side < SIDES; side += 1) {
      const length = sideAt(output.values, output.stride, sample, side);
      const error = length - sideAt(target.values, target.stride, sample, side);
      sum += Math.abs(error);
      if (slope) pull(slope, output, sample, side, length, share * Math.sign(error));
    }
  }
  return sum;
}

/** |Σ_j l_j − Σ_j l_j′|. @type {Loss} */
function perimeterLoss(target, output, slope, count, share) {
  let sum = 0;
  for (let sample = 0; sample < count; sample += 1) {
    const lengths = [0, 1, 2].map((side) => sideAt(output.values, output.stride, sample, side));
    let error = lengths[0] + lengths[1] + lengths[2];
    for (let side = 0; side < SIDES; side += 1) error -= sideAt(target.values, target.stride, sample, side);
    sum += Math.abs(error);
    if (!slope) continue;
    for (let side = 0; side < SIDES; side += 1) {
      pull(slope, output, sample, side, lengths[side], share * Math.sign(error));
    }
  }
  return sum;
}

/** The mean square difference of a sample's values. @type {Loss} */
export function mseLoss(target, output, slope, count, share) {
  let sum = 0;
  const { rows } = output;
  for (let row = 0; row < rows; row += 1) {
    const [at, to] = [row * target.stride, row * output.stride];
    for (let sample = 0; sample < count; sample += 1) {
      const error = output.values[to + sample] - target.values[at + sample];
      sum += (error * error) / rows;
      if (slope) slope.values[row * slope.stride + sample] += (share * 2 * error) / rows;
    }
  }
  return sum;
}

/** By their names in a configuration. @type {Record<string, Loss>} */
export const LOSS_FUNCTIONS = { sides: sidesLoss, perimeter: perimeterLoss, mse: mseLoss };

/** Σ over samples and sides of |l − l′|. @param {Matrix} target @param {Matrix} output
 * @param {number} count @returns {number} */
export function sideErrors(target, output, count) {
  return sidesLoss(target, output, null, count, 0);
}
