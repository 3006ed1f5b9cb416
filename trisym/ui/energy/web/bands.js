/**
 * What each predictor says of one molecule in many poses: for every t of a line, rigid motions inside
 * the training box, and the interval that holds nine in ten of the energies. Worked out in slices, so
 * that no frame waits: the bands are there at once and grow exact.
 *
 * @typedef {import("./predictor.js").EnergyPredictor} EnergyPredictor
 */
import { place, randomMotion, sideLengths } from "../../kit/web/geometry.js";
import { seededRandom } from "../../kit/web/random.js";
import { moleculeEnergy } from "./potential.js";

export const BAND_MOTIONS = 500;
const BAND_STEPS = 48; // molecules along the line
const BAND_ROUND = 20; // motions of each before the bands are drawn again
const BAND_LEVELS = [0.05, 0.95];
const BAND_SEED = 2021;

export class Bands {
  /** @param {EnergyPredictor[]} predictors @param {number} edge of the training box
   * @param {number} sigma that the predictors were trained with */
  constructor(predictors, edge, sigma) {
    this.predictors = predictors;
    this.edge = edge;
    this.sigma = sigma;
    this.shape = "";
    /** @type {number[]} */
    this.t = [];
    this.motions = BAND_MOTIONS;
    /** @type {number[][]} one molecule for each t */
    this.molecules = [];
    /** @type {number[]} */
    this.exact = [];
    /** @type {number[][][]} energies by t and predictor */
    this.found = [];
    /** Lowest and highest, by t and predictor; null where no pose fits.
     * @type {(number[] | null)[][]} */
    this.ends = [];
    this.next = 0;
    this.random = seededRandom(BAND_SEED);
    /** The one molecule that is held still, in as many poses: no interpolation for it.
     * @type {{t: number, ends: (number[] | null)[]} | null} */
    this.here = null;
  }

  get done() {
    return this.motions >= BAND_MOTIONS;
  }

  /** Start anew where the line's shapes changed.
   * @param {import("./line.js").HingeLine | import("./line.js").PrintedLine} line
   * @param {number[]} vertices */
  follow(line, vertices) {
    const shape = line.shape(vertices);
    if (shape === this.shape) return;
    this.shape = shape;
    const [low, high] = line.range(vertices);
    this.t = Array.from({ length: BAND_STEPS }, (_, i) => low + ((high - low) * i) / (BAND_STEPS - 1));
    this.molecules = this.t.map((t) => line.at(vertices, t));
    this.exact = this.molecules.map((molecule) =>
      moleculeEnergy(sideLengths(molecule).map((side) => side * this.edge), this.sigma));
    this.found = this.t.map(() => this.predictors.map(() => []));
    this.ends = this.t.map(() => this.predictors.map(() => null));
    this.motions = 0;
    this.next = 0;
    this.random = seededRandom(BAND_SEED);
    this.here = null;
  }

  /** @param {number} budget in milliseconds @returns {boolean} whether the bands changed */
  work(budget) {
    const end = performance.now() + budget;
    let changed = false;
    while (!this.done && performance.now() < end) {
      this.sample(this.next);
      this.next += 1;
      if (this.next < this.t.length) continue;
      this.next = 0;
      this.motions += BAND_ROUND;
      this.measure();
      changed = true;
    }
    return changed;
  }

  /** @param {number} step */
  sample(step) {
    this.pose(this.molecules[step], BAND_ROUND, this.found[step]);
  }

  /** Poses of one molecule: the first rotation that fits of a hundred, then a place in the room that
   * it leaves. @param {number[]} molecule @param {number} count
   * @param {number[][]} energies by predictor, added to */
  pose(molecule, count, energies) {
    for (let k = 0; k < count; k += 1) {
      const { q, target, fits } = randomMotion(molecule, this.random);
      if (!fits) return;
      const atoms = place(molecule, q, target).map((c) => c * this.edge);
      this.predictors.forEach((predictor, i) => energies[i].push(predictor.energy(atoms)));
    }
  }

  /** @param {number} t @param {number[]} molecule @returns {boolean} whether it was not known yet */
  settle(t, molecule) {
    if (this.here?.t === t) return false;
    const energies = this.predictors.map(() => /** @type {number[]} */ ([]));
    this.pose(molecule, BAND_MOTIONS, energies);
    this.here = { t, ends: energies.map(endsOf) };
    return true;
  }

  measure() {
    this.ends = this.found.map((kinds) => kinds.map(endsOf));
  }

  /** The interval at t as distances from the exact energy, which unlike the energies themselves are
   * even enough to interpolate. @param {number} t @param {number} predictor @param {number} exact
   * @returns {number[] | null} */
  offsetsAt(t, predictor, exact) {
    if (this.here?.t === t) return this.here.ends[predictor]?.map((end) => end - exact) ?? null;
    const last = this.t.length - 1;
    const place = ((t - this.t[0]) / (this.t[last] - this.t[0])) * last;
    const k = Math.min(Math.max(Math.floor(place), 0), last - 1);
    const [before, after] = [this.ends[k][predictor], this.ends[k + 1][predictor]];
    if (!before || !after) return null;
    const part = Math.min(Math.max(place - k, 0), 1);
    return [0, 1].map((end) => (1 - part) * (before[end] - this.exact[k])
      + part * (after[end] - this.exact[k + 1]));
  }
}

/** @param {number[]} energies of one molecule @returns {number[] | null} null where hardly a pose fits */
function endsOf(energies) {
  if (energies.length < BAND_ROUND) return null;
  const sorted = Float64Array.from(energies).sort();
  return BAND_LEVELS.map((share) => sorted[Math.round(share * (sorted.length - 1))]);
}
