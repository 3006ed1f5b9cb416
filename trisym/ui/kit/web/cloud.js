/**
 * The same triangles in several spaces, x y z each: what is brushed in one is marked here and drawn in
 * all. Latent points are placed in units that fill a view: spreads from their mean, or half widths
 * from the middle of their box.
 *
 * @typedef {{low: number[], high: number[]}} Box
 * @typedef {"spreads" | "halves"} Unit
 */
import { PALETTE_STEPS } from "./theme.js";

const USUAL = 0.99; // of the cloud's points
const LEFT_OUT = 0.005; // at either end: a few far ones don't shrink the rest

export class Cloud {
  /** @param {Float32Array} sides l1 l2 l3 of each triangle @param {Float32Array} latents two or three
   * numbers of each @param {Unit} unit @param {Record<string, Float32Array>} [others] spaces */
  constructor(sides, latents, unit, others = {}) {
    this.count = sides.length / 3;
    this.perimeters = Float32Array.from({ length: this.count }, (_, i) =>
      sides[3 * i] + sides[3 * i + 1] + sides[3 * i + 2]);
    const nodes = latents.length / this.count;
    this.latents = latents;
    this.placing = unit === "spreads" ? spreadOf(latents, nodes) : halvesOf(latents, nodes);
    /** @type {Record<string, Float32Array>} */
    this.spaces = { sides, latents: new Float32Array(3 * this.count), ...others };
    for (let i = 0; i < this.count; i += 1) {
      this.spaces.latents.set(this.place(latents.subarray(nodes * i, nodes * (i + 1))), 3 * i);
    }
    /** Of each triangle: brushed or not. */
    this.brushed = new Uint8Array(this.count);
    this.brushedCount = 0;
    /** An index into a palette, by colouring. @type {Record<string, Uint8Array>} */
    this.colours = {};
  }

  /** A latent point as it is drawn. @param {ArrayLike<number>} latent
   * @returns {[number, number, number]} */
  place(latent) {
    const { middle, unit } = this.placing;
    const placed = middle.map((value, node) => (latent[node] - value) / unit[node]);
    return [placed[0], placed[1] ?? 0, placed[2] ?? 0];
  }

  /** From a place back to the latent point. @param {ArrayLike<number>} placed
   * @returns {number[]} */
  latentAt(placed) {
    const { middle, unit } = this.placing;
    return middle.map((value, node) => placed[node] * unit[node] + value);
  }

  /** The place of the point that is nearest to the mean: a mean may lie off a hollow cloud.
   * @returns {[number, number, number]} */
  middle() {
    const points = this.spaces.latents;
    const mean = [0, 1, 2].map((axis) => points.reduce((sum, x, k) => sum + (k % 3 === axis ? x : 0), 0) / this.count);
    let [best, least] = [0, Infinity];
    for (let i = 0; i < this.count; i += 1) {
      const away = mean.reduce((sum, x, axis) => sum + (points[3 * i + axis] - x) ** 2, 0);
      if (away < least) [best, least] = [i, away];
    }
    return [points[3 * best], points[3 * best + 1], points[3 * best + 2]];
  }

  /** How far the nearest point of the latent cloud is. @param {ArrayLike<number>} at
   * @param {number} [but] a point that does not count */
  distance(at, but = -1) {
    const points = this.spaces.latents;
    let least = Infinity;
    for (let i = 0, k = 0; i < this.count; i += 1, k += 3) {
      const [dx, dy, dz] = [points[k] - at[0], points[k + 1] - at[1], points[k + 2] - at[2]];
      const square = dx * dx + dy * dy + dz * dz;
      if (square < least && i !== but) least = square;
    }
    return Math.sqrt(least);
  }

  /** How far 99 % of the latent points are from their nearest neighbour at most. */
  usualDistance() {
    const points = this.spaces.latents;
    const nearest = Float32Array.from({ length: this.count }, (_, i) =>
      this.distance(points.subarray(3 * i, 3 * i + 3), i)).sort();
    return nearest[Math.floor(USUAL * (this.count - 1))];
  }

  /** @param {[number, number]} range of perimeters that takes the whole palette */
  colourByPerimeter(range) {
    this.colours.perimeter = Uint8Array.from(this.perimeters, (value) => stepOf(value, range));
  }

  /** Mark what a brush covers. @param {(i: number) => boolean} covers */
  brush(covers) {
    this.brushedCount = 0;
    for (let i = 0; i < this.count; i += 1) {
      this.brushed[i] = Number(covers(i));
      this.brushedCount += this.brushed[i];
    }
  }

  clearBrush() {
    this.brushed.fill(0);
    this.brushedCount = 0;
  }

  /** What is brushed, in words. @param {string} [more] about it @returns {string} */
  tellBrushed(more = "") {
    if (!this.brushedCount) return "No triangle under the brush.";
    const kept = this.perimeters.filter((_, i) => this.brushed[i]);
    const [low, high] = [Math.min(...kept), Math.max(...kept)].map((l) => l.toFixed(2));
    return `${this.brushedCount} triangles under the brush, perimeters ${low} to ${high}${more}.`;
  }
}

/** The step of the palette for a value. @param {number} value @param {[number, number]} range */
export function stepOf(value, [low, high]) {
  const part = high > low ? (value - low) / (high - low) : 0.5;
  return Math.min(PALETTE_STEPS - 1, Math.max(0, Math.floor(part * PALETTE_STEPS)));
}

/** All but one in 200 values at either end. @param {ArrayLike<number>[]} lists
 * @returns {[number, number]} */
export function mostOf(...lists) {
  const all = new Float32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  all.sort();
  const last = all.length - 1;
  return [all[Math.floor(LEFT_OUT * last)], all[Math.ceil((1 - LEFT_OUT) * last)]];
}

/** The box that holds all but one in 200 points at either end of each axis.
 * @param {...Float32Array} clouds x y z each @returns {Box} */
export function boxAround(...clouds) {
  const ends = [0, 1, 2].map((axis) =>
    mostOf(...clouds.map((points) => points.filter((_, k) => k % 3 === axis))));
  return { low: ends.map(([low]) => low), high: ends.map(([, high]) => high) };
}

/** sqrt(total variance) is the unit of every node. @param {Float32Array} latents
 * @param {number} nodes of each */
function spreadOf(latents, nodes) {
  const count = latents.length / nodes;
  const middle = new Array(nodes).fill(0);
  for (let k = 0; k < latents.length; k += 1) middle[k % nodes] += latents[k] / count;
  let squares = 0;
  for (let k = 0; k < latents.length; k += 1) squares += (latents[k] - middle[k % nodes]) ** 2;
  return { middle, unit: middle.map(() => Math.sqrt(squares / count) || 1) };
}

/** A network's nodes have units of their own: each fills the view.
 * @param {Float32Array} latents @param {number} nodes of each */
function halvesOf(latents, nodes) {
  const ends = Array.from({ length: nodes }, (_, node) =>
    mostOf(latents.filter((_value, k) => k % nodes === node)));
  return {
    middle: ends.map(([low, high]) => (low + high) / 2),
    unit: ends.map(([low, high]) => (high - low) / 2 || 1),
  };
}
