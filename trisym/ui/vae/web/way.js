/**
 * The straight way between the codes of two triangles, through one network: what it decodes on it.
 *
 * @typedef {import("../../kit/web/encoder.js").Network} Network
 * @typedef {import("../../kit/web/geometry.js").Vertices} Vertices
 */
import { sideLengths } from "../../kit/web/geometry.js";

const ALONG = 40; // of the curves

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} share from a to b */
export function mixed(a, b, share) {
  return Array.from(a, (value, i) => value + share * (b[i] - value));
}

export class Way {
  /** @param {Network} network */
  constructor(network) {
    this.network = network;
    /** @type {number[][]} the codes of both ends */
    this.ends = [[], []];
    /** The sides of the decoded triangles, step by step. @type {number[][]} */
    this.sides = [];
    /** The same on the way that the change is measured from. @type {number[][]} */
    this.reference = [];
  }

  /** @param {Vertices} first @param {Vertices} second */
  lead(first, second) {
    this.ends = [first, second].map((each) => Array.from(this.network.encode(each)));
    this.sides = Array.from({ length: ALONG + 1 }, (_, i) => sideLengths(this.at(i / ALONG)));
  }

  /** Changes are measured from here. */
  measureFromHere() {
    this.reference = this.sides;
  }

  /** The decoded triangle. @param {number} share of the way @returns {Vertices} */
  at(share) {
    return Array.from(this.network.decode(mixed(this.ends[0], this.ends[1], share)));
  }

  /** How much a decoded side has changed since the reference, the mean along the way, in edges. */
  get changed() {
    const { sides, reference } = this;
    const changes = sides.flatMap((row, i) => row.map((side, k) => Math.abs(side - reference[i][k])));
    return changes.reduce((sum, each) => sum + each, 0) / changes.length;
  }
}
