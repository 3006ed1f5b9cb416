/**
 * Shipped triangles of one set: their sides, their latent points in the set's network, and their
 * colours. What is brushed in one space is marked here and drawn in both.
 *
 * @typedef {{sides: string, latents: string, constant: string}} CloudPayload base64 of float32:
 *   l1 l2 l3, N1 N2, and which side is constant (0: none), of each triangle
 */
import { float32FromBase64 } from "./base64.js";

const PERIMETER_STEPS = 64; // of the perimeter scale

export class SetCloud {
  /** @param {CloudPayload} payload */
  constructor(payload) {
    this.sides = float32FromBase64(payload.sides);
    this.latents = float32FromBase64(payload.latents);
    this.count = this.sides.length / 3;
    this.constants = Uint8Array.from(float32FromBase64(payload.constant));
    this.perimeters = Float32Array.from({ length: this.count }, (_, i) =>
      this.sides[3 * i] + this.sides[3 * i + 1] + this.sides[3 * i + 2]);
    this.measure();
    /** Of each triangle: brushed or not. */
    this.brushed = new Uint8Array(this.count);
    this.brushedCount = 0;
    /** @type {Record<string, Uint8Array>} */
    this.colours = { constant: this.constants };
  }

  /** The latent plane fills its canvas: a network's nodes have units of their own. */
  measure() {
    const { latents, count } = this;
    this.plane = new Float32Array(3 * count);
    for (let i = 0; i < count; i += 1) this.plane.set(latents.subarray(2 * i, 2 * i + 2), 3 * i);
    const { low, high } = commonBox([this.plane]);
    this.middle = [0, 1].map((node) => (low[node] + high[node]) / 2);
    this.half = [0, 1].map((node) => (high[node] - low[node]) / 2 || 1);
    for (let i = 0; i < count; i += 1) {
      this.plane.set(this.placed(latents.subarray(2 * i, 2 * i + 2)), 3 * i);
    }
  }

  /** A latent point, each node from -1 to 1 over the cloud. @param {ArrayLike<number>} latent
   * @returns {[number, number, number]} */
  placed(latent) {
    const { middle, half } = /** @type {{middle: number[], half: number[]}} */ (/** @type {any} */ (this));
    return [(latent[0] - middle[0]) / half[0], (latent[1] - middle[1]) / half[1], 0];
  }

  /** @param {[number, number]} range of perimeters that takes the whole scale */
  colourByPerimeter([low, high]) {
    this.colours.perimeter = Uint8Array.from(this.perimeters, (perimeter) => {
      const part = (perimeter - low) / (high - low);
      return Math.min(PERIMETER_STEPS - 1, Math.max(0, Math.floor(part * PERIMETER_STEPS)));
    });
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

  /** What is brushed, in words. @returns {string} */
  tellBrushed() {
    if (!this.brushedCount) return "No triangle under the brush.";
    const kept = this.perimeters.filter((_, i) => this.brushed[i]);
    const [low, high] = [Math.min(...kept), Math.max(...kept)].map((l) => l.toFixed(2));
    const sheets = [1, 2, 3].filter((side) => this.constants.some((c, i) => c === side && this.brushed[i]));
    const where = sheets.length ? `; constant side: ${sheets.map((side) => `l${side}`).join(", ")}` : "";
    return `${this.brushedCount} triangles under the brush, perimeters ${low} to ${high}${where}.`;
  }
}

/** The perimeters that take the whole colour scale: one in 200 of all sets lies beyond either end.
 * @param {SetCloud[]} clouds @returns {[number, number]} */
export function perimeterRange(clouds) {
  const all = Float32Array.from(clouds.flatMap((cloud) => [...cloud.perimeters])).sort();
  return [all[Math.floor(0.005 * (all.length - 1))], all[Math.ceil(0.995 * (all.length - 1))]];
}

/** The box that holds all but one in 200 points along each axis. @param {Float32Array[]} clouds
 * @returns {{low: number[], high: number[]}} */
export function commonBox(clouds) {
  const [low, high] = [[0, 0, 0], [0, 0, 0]];
  for (let axis = 0; axis < 3; axis += 1) {
    const along = Float32Array.from(
      clouds.flatMap((points) => [...points].filter((_, k) => k % 3 === axis)),
    ).sort();
    low[axis] = along[Math.floor(0.005 * (along.length - 1))];
    high[axis] = along[Math.ceil(0.995 * (along.length - 1))];
  }
  return { low, high };
}
