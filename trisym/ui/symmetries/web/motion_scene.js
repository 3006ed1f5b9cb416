/**
 * What is shown of the spectra, without any drawing: a network, a triangle, and a motion that carries it,
 * swinging to and fro or held at its end.
 *
 * @typedef {import("./motions.js").Spectrum & {id: string, law: string}} AskedNetwork
 * @typedef {{edge: number, triangles: Float32Array}} Law held-out triangles, nine numbers each
 * @typedef {{motion: number[], rank: string, shown: string, triangle: number[], camera: number[],
 *   latentCamera: number[]}} SceneStart
 */
import { Flow, displacement, scaled } from "./motions.js";
import { cameraFrom, numbersOf } from "../../kit/web/camera.js";

export const FIRST_SIZE = 0.2; // rms displacement, in edges of the cube
const LEAST_SIZE = 1e-3;
const SWING_SECONDS = 3.6;
export const NO_RANK = "none";

export class MotionScene {
  /** @param {SceneStart} start */
  constructor(start) {
    this.row = Number(start.shown) - 1;
    /** @type {number | null} which of the network's own motions it is, from 1 */
    this.rank = start.rank === NO_RANK ? null : Number(start.rank);
    /** @type {Float64Array} */
    this.motion = Float64Array.from(start.motion);
    this.triangle = Math.round(start.triangle[0]);
    this.camera = cameraFrom(start.camera);
    this.latentCamera = cameraFrom(start.latentCamera);
    /** From -1 to 1: the part of the motion that is done. */
    this.part = 0;
    this.phase = 0;
    this.swings = 0; // there and back again
    /** @type {number[]} */
    this.base = new Array(9).fill(0.5);
    this.vertices = this.base.slice();
    this.edge = 1;
    this.chosenVertex = null;
  }

  /** @param {AskedNetwork} network @param {Law} law */
  bring(network, law) {
    const count = law.triangles.length / 9;
    const first = 9 * (this.triangle % count);
    this.edge = law.edge;
    this.base = Array.from(law.triangles.subarray(first, first + 9));
    if (this.rank === null) return;
    const own = network.motions[this.rank - 1];
    this.motion = scaled(own, displacement(this.motion, network.metric) || FIRST_SIZE);
  }

  get centre() {
    return this.edge / 2;
  }

  get inside() {
    return this.vertices.every((x) => x >= 0 && x <= this.edge);
  }

  /** @param {number} seconds */
  swing(seconds) {
    this.phase += (2 * Math.PI * seconds) / SWING_SECONDS;
    if (this.phase >= 2 * Math.PI) {
      this.phase -= 2 * Math.PI;
      this.swings += 1;
    }
    this.part = Math.sin(this.phase);
  }

  /** From where nothing has moved yet. */
  rest() {
    this.phase = 0;
    this.part = 0;
  }

  /** At the motion's end, for who wants nothing to move. */
  hold() {
    this.phase = Math.PI / 2;
    this.part = 1;
  }

  /** @param {import("./motions.js").LinearMotion} motion the one that is played */
  carry(motion) {
    this.vertices = Array.from(new Flow(motion, this.part, this.centre).apply(this.base));
  }

  /** @param {Float64Array} metric @param {number} size rms displacement of the whole motion */
  resize(metric, size) {
    const now = displacement(this.motion, metric);
    if (now > LEAST_SIZE) this.motion = scaled(this.motion, size / now);
  }

  /** By the names of the scene's layout. */
  values() {
    return {
      motion: [...this.motion],
      triangle: [this.triangle],
      camera: numbersOf(this.camera),
      latentCamera: numbersOf(this.latentCamera),
      rank: this.rank === null ? NO_RANK : String(this.rank),
      shown: String(this.row + 1),
    };
  }
}
