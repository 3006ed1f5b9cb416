/**
 * One model under the hand: the latent cloud of the reference set, the present latent point, its
 * trail, and drift = |z - z_reference| / spread, with spread = sqrt(sum over nodes of the variance
 * over the cloud), both of the nodes that count: 0 where the latent stays, about 1.4 for two unrelated triangles.
 *
 * @typedef {import("./encoder.js").Network} Network
 * @typedef {import("./triangle_scene.js").TriangleScene & {ghosts: Set<string>}} Scene ghosts: the ids
 *   of the networks whose reconstruction is shown
 */
import { align } from "./alignment.js";
import { distancesOf } from "./geometry.js";

const TRAIL_LENGTH = 160;
const CHUNK = 250; // triangles encoded between two looks at the clock: about a millisecond

/** The latents of the reference set, computed a slice a frame. */
export class LatentCloud {
  /** @param {Network} network @param {Float32Array} triangles nine numbers each, or sets of as
   *   many points as the network has */
  constructor(network, triangles) {
    this.network = network;
    this.triangles = triangles;
    this.count = triangles.length / network.input.length;
    this.latents = new Float32Array(this.count * network.h);
    this.encoded = 0;
    this.mean = new Float64Array(network.h);
    /** sqrt(total variance); 0 until every triangle is encoded. */
    this.spread = 0;
  }

  get done() {
    return this.encoded === this.count;
  }

  /** Encode until the time is used up. @param {number} milliseconds */
  work(milliseconds) {
    const { network, triangles, latents } = this;
    const end = performance.now() + milliseconds;
    while (!this.done && performance.now() < end) {
      const stop = Math.min(this.encoded + CHUNK, this.count);
      for (; this.encoded < stop; this.encoded += 1) {
        latents.set(network.encode(triangles, network.input.length * this.encoded), this.encoded * network.h);
      }
    }
    if (this.done) this.measure();
  }

  measure() {
    const { latents, count, mean } = this;
    const h = this.network.h;
    for (let k = 0; k < latents.length; k += 1) mean[k % h] += latents[k] / count;
    let squares = 0;
    for (let k = 0; k < latents.length; k += 1) {
      if (k % h < this.network.counted) squares += (latents[k] - mean[k % h]) ** 2;
    }
    this.spread = Math.sqrt(squares / count);
  }

  /** The cloud as points in spreads from its mean, on up to three nodes.
   * @param {number[]} nodes @returns {Float32Array} x y z each */
  points(nodes) {
    const points = new Float32Array(3 * this.count);
    for (let i = 0; i < this.count; i += 1) {
      nodes.forEach((node, axis) => {
        points[3 * i + axis] = this.place(this.latents[i * this.network.h + node], node);
      });
      if (nodes.length === 1) points[3 * i + 1] = spreadOut(i);
    }
    return points;
  }

  /** @param {number} value @param {number} node */
  place(value, node) {
    return this.spread > 0 ? (value - this.mean[node]) / this.spread : 0;
  }
}

/** A line of points is unreadable: give each a fixed place across it (golden-ratio sequence). */
function spreadOut(/** @type {number} */ i) {
  return (((i * 0.618034) % 1) - 0.5) * 0.8;
}

export class LatentTrack {
  /** @param {Network} network @param {LatentCloud} cloud */
  constructor(network, cloud) {
    this.network = network;
    this.cloud = cloud;
    this.latent = new Float64Array(network.h);
    this.referenceLatent = new Float64Array(network.h);
    /** @type {Scene | null} */
    this.scene = null;
    this.references = 0;
    /** Distances in spreads; null where none can be told. @type {number | null} */
    this.drift = null;
    /** @type {number | null} */
    this.largest = null;
    /** How far the last change of shape or labels moved the latent. @type {number | null} */
    this.jump = null;
    /** @type {Float64Array[]} newest last */
    this.trail = [];
    /** The reconstruction, carried rigidly onto the triangle. @type {number[]} */
    this.rebuilt = [];
    /** @type {number[]} */
    this.rebuiltSides = [0, 0, 0];
  }

  /** Follow the scene; call once a frame in which the pose, the reference or the cloud changed.
   * @param {Scene} scene */
  follow(scene) {
    const before = this.latent.slice();
    this.latent.set(this.network.encode(scene.vertices));
    if (this.scene !== scene || this.references !== scene.references) this.startAgain(scene, before);
    this.leaveTrail();
    this.drift = scene.reshaping ? null : this.inSpreads(this.latent, this.referenceLatent);
    if (this.drift !== null) this.largest = Math.max(this.largest ?? 0, this.drift);
    const decoded = Array.from(this.network.decode(this.latent));
    this.rebuiltSides = distancesOf(decoded);
    this.rebuilt = scene.ghosts.has(this.network.id) ? align(decoded, scene.vertices) : [];
  }

  /** @param {Scene} scene @param {Float64Array} before */
  startAgain(scene, before) {
    this.jump = this.scene === scene ? this.inSpreads(before, this.latent) : null;
    this.scene = scene;
    this.referenceLatent.set(this.network.encode(scene.reference));
    this.references = scene.references;
    this.largest = null;
    this.trail = [];
  }

  leaveTrail() {
    const last = this.trail[this.trail.length - 1];
    if (last && last.every((value, node) => value === this.latent[node])) return;
    if (this.trail.length < TRAIL_LENGTH) this.trail.push(this.latent.slice());
    else {
      const oldest = /** @type {Float64Array} */ (this.trail.shift());
      oldest.set(this.latent);
      this.trail.push(oldest);
    }
  }

  /** @param {Float64Array} a @param {Float64Array} b @returns {number | null} */
  inSpreads(a, b) {
    if (!(this.cloud.spread > 0)) return null;
    const counted = a.subarray(0, this.network.counted);
    return Math.hypot(...counted.map((value, node) => value - b[node])) / this.cloud.spread;
  }
}
