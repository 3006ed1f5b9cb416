/**
 * A network that was asked for its symmetries: its spectrum, its triangles, their latent points.
 *
 * @typedef {{network: import("../../kit/web/encoder.js").ModelPayload, law: string, spread: number,
 *   values: number[], motions: number[][], metric: number[], found: number, gap: number,
 *   threshold: number}} AskedPayload
 */
import { DriftCurve } from "./drift_curve.js";
import { Network } from "../../kit/web/encoder.js";
import { sharesOf } from "./motions.js";

export class Asked {
  /** @param {AskedPayload} payload @param {{edge: number, triangles: Float32Array}} law */
  constructor(payload, law) {
    this.network = new Network(payload.network);
    this.law = law;
    this.spread = payload.spread;
    this.metric = Float64Array.from(payload.metric);
    this.spectrum = {
      values: payload.values,
      motions: payload.motions.map((motion) => Float64Array.from(motion)),
      metric: this.metric,
    };
    this.shares = this.spectrum.motions.map((motion) => sharesOf(motion, this.metric));
    this.row = {
      title: payload.network.title, values: payload.values, shares: this.shares, found: payload.found,
      gap: payload.gap, threshold: payload.threshold,
    };
    /** @type {DriftCurve | null} */
    this.drifts = null;
    /** Its latent points, in spreads from their mean. @type {Float32Array | null} */
    this.points = null;
    this.mean = new Float64Array(this.network.h);
  }

  get curve() {
    this.drifts ??= new DriftCurve(this.network, this.law.triangles, this.spread, this.law.edge / 2);
    return this.drifts;
  }

  /** @returns {Float32Array} */
  cloud() {
    if (this.points) return this.points;
    const { network: { h }, law: { triangles } } = this;
    const count = triangles.length / 9;
    const latents = new Float64Array(count * h);
    for (let i = 0; i < count; i += 1) latents.set(this.network.encode(triangles, 9 * i), i * h);
    latents.forEach((value, k) => { this.mean[k % h] += value / count; });
    this.points = new Float32Array(3 * count);
    for (let i = 0; i < count; i += 1) {
      this.points.set(this.place(latents.subarray(i * h, (i + 1) * h)), 3 * i);
      // A line of points is unreadable: each has a fixed place across it.
      if (h === 1) this.points[3 * i + 1] = (((i * 0.618034) % 1) - 0.5) * 0.8;
    }
    return this.points;
  }

  /** @param {ArrayLike<number>} latent @returns {[number, number, number]} of its first three nodes */
  place(latent) {
    const at = (/** @type {number} */ node) =>
      node < this.network.h ? (latent[node] - this.mean[node]) / this.spread : 0;
    return [at(0), at(1), at(2)];
  }

  get axes() {
    return ["N₁", "N₂", "N₃"].slice(0, this.network.h);
  }
}
