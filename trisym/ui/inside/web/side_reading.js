/**
 * An encoder as a measure of three sides, and what each of its hidden units watches
 * (trisym.encoder_units): side = constant + Σ gain σ(w·x + b), σ(p) = (1 + s)/2 p + (1 - s)/2 |p|.
 *
 * @typedef {{units: number, slope: number, inputActivation: boolean}} Shape
 * @typedef {{residual: number, offset: number}} Rule when a unit watches a side
 */
const COORDINATES = 9;
const SIDES = 3;
const STRONG = 0.05; // of the mean load: what carries less is idle

/** Weights (unit, 9), bias (unit), gains (side, unit) and constants (side), one after the other. */
export class SideReading {
  /** @param {Shape} shape @param {Float32Array} values @param {Rule} rule */
  constructor({ units, slope, inputActivation }, values, rule) {
    const cuts = [COORDINATES * units, units, SIDES * units, SIDES];
    let start = 0;
    const [weight, bias, gain, constant] = cuts.map((length) => values.subarray(start, (start += length)));
    this.units = units;
    this.slope = slope;
    this.inputActivation = inputActivation;
    this.weight = weight;
    this.bias = bias;
    this.gain = gain;
    this.constant = constant;
    /** What each unit sees, w·x + b; reused by the next call of `measure`. */
    this.seen = new Float64Array(units);
    this.side = new Uint8Array(units);
    /** Where a unit's dot is in its side's ball: on the sphere where all of its weight is n, -n. */
    this.places = new Float64Array(3 * units);
    /** The a of a|n·v|, n of length 1, and |n|. */
    this.share = new Float64Array(units);
    this.length = new Float64Array(units);
    this.load = new Float64Array(units);
    this.watches = new Uint8Array(units);
    for (let unit = 0; unit < units; unit += 1) this.look(unit, rule);
    const total = this.load.reduce((sum, load) => sum + load, 0);
    /** The part of the load in units that watch a side. */
    this.watching = this.load.reduce((sum, load, unit) => sum + load * this.watches[unit], 0) / (total || 1);
    this.strong = this.load.map((load) => Number(load > (STRONG * total) / units));
  }

  /** @param {number} unit @param {Rule} rule */
  look(unit, rule) {
    const { weight, gain, units } = this;
    const w = weight.subarray(COORDINATES * unit, COORDINATES * (unit + 1));
    const size = Math.hypot(...w);
    const patterns = [0, 1, 2].map((side) => [0, 1, 2].map((axis) =>
      (w[3 * side + axis] - w[3 * ((side + 1) % 3) + axis]) / 2));
    const lengths = patterns.map((n) => Math.hypot(...n));
    const side = lengths.indexOf(Math.max(...lengths));
    const within = size ? Math.min((2 * lengths[side] ** 2) / size ** 2, 1) : 0;
    this.side[unit] = side;
    this.length[unit] = lengths[side];
    const reach = lengths[side] ? Math.sqrt(within) / lengths[side] : 0;
    this.places.set(patterns[side].map((n) => reach * n), 3 * unit);
    this.share[unit] = ((1 - this.slope) / 2) * gain[side * units + unit] * lengths[side];
    this.load[unit] = size * Math.hypot(gain[unit], gain[units + unit], gain[2 * units + unit]);
    const offset = lengths[side] ? Math.abs(this.bias[unit]) / lengths[side] : Infinity;
    this.watches[unit] = Number(Math.sqrt(1 - within) <= rule.residual && offset <= rule.offset);
  }

  /** What the input's leaky ReLU makes of coordinates. @param {ArrayLike<number>} x nine of them
   * @param {boolean} active @returns {number[]} */
  bent(x, active) {
    return Array.from(x, (c) => (active && c < 0 ? this.slope * c : c));
  }

  /** What the units make of a triangle. @param {ArrayLike<number>} x nine coordinates
   * @param {boolean} [active] whether the input's leaky ReLU acts
   * @returns {{sums: number[], sides: number[]}} by side: Σ a|n·v| of the units that watch it, and the
   * side as read from the whole encoder */
  measure(x, active = this.inputActivation) {
    const { units, weight, bias, gain, slope, seen } = this;
    const sums = [0, 0, 0];
    const sides = Array.from(this.constant);
    const inputs = this.bent(x, active);
    for (let unit = 0, k = 0; unit < units; unit += 1) {
      let p = bias[unit];
      for (let i = 0; i < COORDINATES; i += 1, k += 1) p += weight[k] * inputs[i];
      seen[unit] = p;
      const passed = p < 0 ? slope * p : p;
      for (let side = 0; side < SIDES; side += 1) sides[side] += gain[side * units + unit] * passed;
      if (this.watches[unit]) sums[this.side[unit]] += this.added(unit);
    }
    return { sums, sides };
  }

  /** What a unit adds to its side now. @param {number} unit */
  added(unit) {
    return this.length[unit] ? (this.share[unit] * Math.abs(this.seen[unit])) / this.length[unit] : 0;
  }

  /** The units of a side that are not idle. @param {number} side @returns {number[]} */
  unitsOf(side) {
    return [...this.side.keys()].filter((unit) => this.side[unit] === side && this.strong[unit]);
  }
}
