/**
 * What is looked at: a triangle and a shift of all its coordinates, a network or a moment of the
 * recorded run, and whether the leaky ReLU on the input acts.
 */
import { TriangleScene } from "../../kit/web/triangle_scene.js";

export const INPUT = ["as-trained", "without"];
const NOTCHES = 100; // of the shift's slider, on each side of 0

export class EncoderScene extends TriangleScene {
  /** @param {import("../../kit/web/link_codec.js").SceneValues} start
   * @param {number[]} shifts the least and the most */
  constructor({ pose, camera, dials, inputActivation, network }, shifts) {
    super({ pose, camera });
    /** Of the recorded run, from 0 to 1. */
    this.moment = Number(dials[0]);
    this.shift = Number(dials[1]);
    this.straight = inputActivation === INPUT[1];
    this.network = network[0] ?? "";
    this.shifts = shifts;
  }

  /** The nine coordinates as the network gets them. */
  get shifted() {
    return this.vertices.map((c) => c + this.shift);
  }

  /** The slider has 0 in its middle, and 100 steps to either end. @returns {number} */
  get notch() {
    return Math.round((NOTCHES * this.shift) / Math.abs(this.shifts[this.shift < 0 ? 0 : 1]));
  }

  set notch(value) {
    this.shift = (value / NOTCHES) * Math.abs(this.shifts[value < 0 ? 0 : 1]);
  }

  values() {
    return {
      ...super.values(),
      dials: [this.moment, this.shift],
      inputActivation: INPUT[Number(this.straight)],
      network: [this.network],
    };
  }
}
