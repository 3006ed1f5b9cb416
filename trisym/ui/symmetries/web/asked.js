/**
 * A network that was asked for its symmetries: its spectrum, its triangles, their latent points.
 *
 * @typedef {{spread: number, values: number[], motions: number[][], metric: number[], found: number,
 *   gap: number, threshold: number}} Answered
 * @typedef {{network: import("../../kit/web/encoder.js").ModelPayload, law: string,
 *   asked: Answered | null}} AskedPayload asked: by the server, which does not have every network
 */
import { DriftCurve } from "./drift_curve.js";
import { Network } from "../../kit/web/encoder.js";
import { gapOf, spectrumOf } from "../../kit/web/spectrum.js";
import { sharesOf } from "./motions.js";

/** Ask a network here. @param {Network} network @param {{edge: number, triangles: Float32Array}} law
 * @param {number} least gap above motions that are not seen @returns {Answered | null} */
function answered({ encoder, slope, inputSlope }, { edge, triangles }, least) {
  const layers = encoder.map(({ rows, columns, values }) => (
    { rows, columns, weight: values.subarray(0, rows * columns), bias: values.subarray(rows * columns) }));
  const found = spectrumOf({ layers, slope, inputSlope }, triangles, edge);
  if (!found) return null;
  const [values, motions, metric] = [[...found.values], found.motions.map((motion) => [...motion]), [...found.metric]];
  return { values, motions, metric, spread: found.spread, ...gapOf(values, least) };
}

/** @param {AskedPayload} payload @param {{edge: number, triangles: Float32Array}} law
 * @param {number} least gap above motions that are not seen
 * @returns {Asked | null} none for a network that tells no triangle from another */
export function askedNetwork(payload, law, least) {
  const network = new Network(payload.network);
  const found = payload.asked ?? answered(network, law, least);
  return found && new Asked(network, found, law);
}

export class Asked {
  /** @param {Network} network @param {Answered} found @param {{edge: number, triangles: Float32Array}} law */
  constructor(network, { found, gap, metric, motions, spread, threshold, values }, law) {
    this.network = network;
    this.law = law;
    this.spread = spread;
    this.metric = Float64Array.from(metric);
    this.spectrum = { values, motions: motions.map((motion) => Float64Array.from(motion)), metric: this.metric };
    this.shares = this.spectrum.motions.map((motion) => sharesOf(motion, this.metric));
    this.row = { title: network.title, values, shares: this.shares, found, gap, threshold };
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
