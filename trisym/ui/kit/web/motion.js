/**
 * Rigid motions that take time: a glide to one place, and a tumble (a smooth random walk through
 * rotations and places that keep the triangle in the cube while it fits).
 *
 * @typedef {import("./geometry.js").Vertices} Vertices
 * @typedef {import("./geometry.js").Point} Point
 */
import {
  centroid, isInsideCube, partOfTurn, place, roomInCube, rotate, translate, turnAbout,
} from "./geometry.js";
import { clamp } from "./camera.js";

const GLIDE_SECONDS = 0.7;
const SPIN = 1.1; // radians a second at speed 1
const WANDER = 0.9; // how quickly the axis of the spin changes its mind
const DRIFT_RATES = [0.62, 0.47, 0.53]; // radians a second of the path along each axis

/** From one pose to another by the shortest turn, slow at both ends. */
export class Glide {
  /** @param {Vertices} vertices
   * @param {{q: import("./geometry.js").Quaternion, target: Point}} motion */
  constructor(vertices, motion) {
    this.from = vertices;
    this.start = centroid(vertices);
    this.motion = motion;
    this.elapsed = 0;
    this.done = false;
  }

  /** @param {number} seconds since the last step @returns {Vertices} */
  step(seconds) {
    this.elapsed = Math.min(this.elapsed + seconds / GLIDE_SECONDS, 1);
    this.done = this.elapsed === 1;
    const part = this.elapsed ** 2 * (3 - 2 * this.elapsed);
    const target = this.start.map((c, axis) => c + part * (this.motion.target[axis] - c));
    const q = this.done ? this.motion.q : partOfTurn(this.motion.q, part);
    return place(this.from, q, /** @type {Point} */ (target));
  }
}

export class Tumble {
  /** @param {Vertices} vertices @param {import("./geometry.js").Random} random */
  constructor(vertices, random) {
    this.random = random;
    this.axis = [this.gauss(), this.gauss(), this.gauss()];
    const { low, high } = roomInCube(vertices);
    // The place along each axis is (1 + sin phase) / 2 of the room there is: always inside.
    this.phases = low.map((lowest, axis) => {
      const room = high[axis] - lowest;
      return Math.asin(clamp(room > 0 ? -1 - (2 * lowest) / room : 0, -1, 1));
    });
    this.done = false; // it ends only by being stopped
  }

  /** A standard normal number (Box and Muller). */
  gauss() {
    return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
  }

  /** @param {number} seconds since the last step @param {Vertices} vertices
   * @param {number} speed @returns {Vertices} */
  step(seconds, vertices, speed) {
    const time = seconds * speed;
    const noise = WANDER * Math.sqrt(time);
    this.axis = this.axis.map((a) => a + noise * this.gauss());
    const norm = Math.hypot(...this.axis) || 1;
    this.axis = this.axis.map((a) => a / norm);
    const turned = rotate(vertices, turnAbout(/** @type {Point} */ (this.axis), SPIN * time));
    const { low, high } = roomInCube(turned);
    const wasInside = isInsideCube(vertices);
    const ease = 1 - Math.exp(-6 * seconds); // from outside it comes in gently
    const shift = low.map((lowest, axis) => {
      this.phases[axis] += DRIFT_RATES[axis] * time * (1 + 0.3 * this.gauss());
      const part = (1 + Math.sin(this.phases[axis])) / 2;
      const room = high[axis] - lowest;
      if (room < 0) return (ease * (lowest + high[axis])) / 2;
      const step = ease * (lowest + part * room);
      return wasInside ? clamp(step, lowest, high[axis]) : step;
    });
    return translate(turned, /** @type {Point} */ (shift));
  }
}
