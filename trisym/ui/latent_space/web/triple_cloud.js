/**
 * The same triangles in three spaces: side lengths, latent points, rebuilt side lengths. What is
 * brushed in one is marked here and drawn in all. A latent point is off the cloud when it is farther
 * from every point of it than 99 % of those are from their own nearest neighbour.
 *
 * @typedef {{sides: string, latents: string, rebuilt: string}} TriplePayload base64 of float32:
 *   three numbers of each triangle
 */
import { commonBox, perimeterRange } from "../../kit/web/set_cloud.js";
import { float32FromBase64 } from "../../kit/web/base64.js";

const USUAL = 0.99; // of the cloud's points
const PALETTE_STEPS = 64;

export class TripleCloud {
  /** @param {TriplePayload} payload */
  constructor(payload) {
    this.sides = float32FromBase64(payload.sides);
    this.latents = float32FromBase64(payload.latents);
    this.rebuilt = float32FromBase64(payload.rebuilt);
    this.count = this.sides.length / 3;
    this.perimeters = Float32Array.from({ length: this.count }, (_, i) =>
      this.sides[3 * i] + this.sides[3 * i + 1] + this.sides[3 * i + 2]);
    this.range = perimeterRange(/** @type {any} */ ([this]));
    const [low, high] = this.range;
    /** @type {Record<string, Uint8Array>} */
    this.colours = {
      perimeter: Uint8Array.from(this.perimeters, (perimeter) => {
        const step = Math.floor(((perimeter - low) / (high - low)) * PALETTE_STEPS);
        return Math.min(PALETTE_STEPS - 1, Math.max(0, step));
      }),
    };
    this.brushed = new Uint8Array(this.count);
    this.brushedCount = 0;
    this.measure();
    this.boxes = { sides: commonBox([this.sides, this.rebuilt]), latents: commonBox([this.placed]) };
  }

  /** Mean and spread of the latents, the cloud in spreads, and how near its points usually are. */
  measure() {
    const { latents, count } = this;
    this.mean = [0, 0, 0];
    for (let k = 0; k < latents.length; k += 1) this.mean[k % 3] += latents[k] / count;
    let squares = 0;
    for (let k = 0; k < latents.length; k += 1) squares += (latents[k] - this.mean[k % 3]) ** 2;
    this.spread = Math.sqrt(squares / count) || 1;
    this.placed = new Float32Array(latents.length);
    for (let i = 0; i < count; i += 1) {
      this.placed.set(this.place(latents.subarray(3 * i, 3 * i + 3)), 3 * i);
    }
    const nearest = Float32Array.from({ length: count }, (_, i) =>
      this.distance(this.placed.subarray(3 * i, 3 * i + 3), i)).sort();
    this.usual = nearest[Math.floor(USUAL * (count - 1))];
  }

  /** A latent point in spreads from the mean. @param {ArrayLike<number>} latent
   * @returns {number[]} */
  place(latent) {
    const mean = /** @type {number[]} */ (this.mean);
    return [0, 1, 2].map((node) => (latent[node] - mean[node]) / this.spread);
  }

  /** From a place back to the latent point. @param {ArrayLike<number>} placed
   * @returns {number[]} */
  latentAt(placed) {
    const mean = /** @type {number[]} */ (this.mean);
    return [0, 1, 2].map((node) => placed[node] * this.spread + mean[node]);
  }

  /** How far the nearest point of the cloud is, in spreads. @param {ArrayLike<number>} at
   * @param {number} [but] a point that does not count */
  distance(at, but = -1) {
    const { placed, count } = this;
    let least = Infinity;
    for (let i = 0, k = 0; i < count; i += 1, k += 3) {
      const [dx, dy, dz] = [placed[k] - at[0], placed[k + 1] - at[1], placed[k + 2] - at[2]];
      const square = dx * dx + dy * dy + dz * dz;
      if (square < least && i !== but) least = square;
    }
    return Math.sqrt(least);
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
    return `${this.brushedCount} triangles under the brush, perimeters ${low} to ${high}.`;
  }
}
