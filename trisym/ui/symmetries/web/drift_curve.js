/**
 * How far a network's latent really goes under a motion of some size: |f(exp(t p) x) - f(x)| in spreads,
 * rms over held-out triangles, sampled a slice a frame, the small sizes first.
 *
 * @typedef {import("../../kit/web/encoder.js").Network} Network
 */
import { Flow } from "./motions.js";

const HALF = 16; // samples to either side
const LARGEST = 1; // rms displacement, in edges of the cube
const ASKED = 150; // triangles

export class DriftCurve {
  /** @param {Network} network @param {Float32Array} triangles nine numbers each
   * @param {number} spread of the network's latent cloud @param {number} centre of the cube */
  constructor(network, triangles, spread, centre) {
    this.network = network;
    this.spread = spread;
    this.centre = centre;
    this.count = Math.min(ASKED, triangles.length / 9);
    this.triangles = triangles.subarray(0, 9 * this.count);
    this.moved = new Float64Array(this.triangles.length);
    /** Latents at rest. */
    this.rest = new Float64Array(this.count * network.h);
    for (let i = 0; i < this.count; i += 1) {
      this.rest.set(network.encode(this.triangles, 9 * i), i * network.h);
    }
    /** @type {Float64Array} a motion of rms displacement 1 */
    this.unit = new Float64Array(12);
    this.samples = new Float64Array(2 * HALF + 1);
    this.known = 0; // sizes to either side that are sampled, and 0
  }

  /** @param {Float64Array} unit a motion of rms displacement 1 */
  follow(unit) {
    this.unit = unit;
    this.known = 0;
  }

  get done() {
    return this.known === HALF;
  }

  /** Sample until the time is used up. @param {number} milliseconds */
  work(milliseconds) {
    const end = performance.now() + milliseconds;
    while (!this.done && performance.now() < end) {
      this.known += 1;
      for (const side of [-1, 1]) {
        this.samples[HALF + side * this.known] = this.driftAt((side * this.known * LARGEST) / HALF);
      }
    }
  }

  /** @param {number} size rms displacement, in edges; of either sign @returns {number} */
  driftAt(size) {
    const { network, moved, rest } = this;
    new Flow(this.unit, size, this.centre).apply(this.triangles, 0, moved.length, moved);
    let squares = 0;
    for (let i = 0; i < this.count; i += 1) {
      const latent = network.encode(moved, 9 * i);
      for (let node = 0; node < network.h; node += 1) {
        squares += (latent[node] - rest[i * network.h + node]) ** 2;
      }
    }
    return Math.sqrt(squares / this.count) / this.spread;
  }

  /** Between two samples; null where there is none yet. @param {number} size
   * @returns {number | null} */
  at(size) {
    const place = HALF + (size / LARGEST) * HALF;
    const below = Math.floor(place);
    const [low, high] = [Math.max(below, 0), Math.min(below + 1, 2 * HALF)];
    if (Math.max(Math.abs(low - HALF), Math.abs(high - HALF)) > this.known) return null;
    return this.samples[low] + (place - below) * (this.samples[high] - this.samples[low]);
  }

  /** What is known, as [size, drift], from left to right. @returns {[number, number][]} */
  points() {
    return Array.from({ length: 2 * this.known + 1 }, (_, i) => {
      const place = HALF - this.known + i;
      return [((place - HALF) / HALF) * LARGEST, this.samples[place]];
    });
  }
}
