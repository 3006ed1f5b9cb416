/**
 * Rigid motions that take time: a glide to one place, and a tumble (a smooth random walk through
 * rotations and places that keep the triangle in the cube while it fits).
 *
 * @typedef {{vertices: import("./geometry.js").Vertices, speed: number}} Moved a scene
 * @typedef {import("./geometry.js").Point} Point
 */
import {
  centroid, isInsideCube, partOfTurn, place, randomMotion, roomInCube, rotate, translate, turnAbout,
} from "./geometry.js";
import { clamp } from "./camera.js";

const GLIDE_SECONDS = 0.7;
const SPIN = 1.1; // radians a second at speed 1
const WANDER = 0.9; // how quickly the axis of the spin changes its mind
const DRIFT_RATES = [0.62, 0.47, 0.53]; // radians a second of the path along each axis

/** From one pose to another by the shortest turn, slow at both ends. */
export class Glide {
  /** @param {Moved} scene
   * @param {{q: import("./geometry.js").Quaternion, target: Point}} motion */
  constructor(scene, motion) {
    this.scene = scene;
    this.from = scene.vertices;
    this.start = centroid(scene.vertices);
    this.motion = motion;
    this.elapsed = 0;
    this.done = false;
  }

  /** @param {number} seconds since the last step */
  step(seconds) {
    this.elapsed = Math.min(this.elapsed + seconds / GLIDE_SECONDS, 1);
    this.done = this.elapsed === 1;
    const part = this.elapsed ** 2 * (3 - 2 * this.elapsed);
    const target = this.start.map((c, axis) => c + part * (this.motion.target[axis] - c));
    const q = this.done ? this.motion.q : partOfTurn(this.motion.q, part);
    this.scene.vertices = place(this.from, q, /** @type {Point} */ (target));
  }

  skip() {
    this.step(GLIDE_SECONDS);
  }
}

export class Tumble {
  /** @param {Moved} scene @param {import("./geometry.js").Random} random */
  constructor(scene, random) {
    this.scene = scene;
    this.random = random;
    this.axis = [gauss(random), gauss(random), gauss(random)];
    const { low, high } = roomInCube(scene.vertices);
    // The place along each axis is (1 + sin phase) / 2 of the room there is: always inside.
    this.phases = low.map((lowest, axis) => {
      const room = high[axis] - lowest;
      return Math.asin(clamp(room > 0 ? -1 - (2 * lowest) / room : 0, -1, 1));
    });
    this.done = false; // it ends only by being stopped
  }

  /** @param {number} seconds since the last step */
  step(seconds) {
    const { random, scene } = this;
    const { vertices, speed } = scene;
    const time = seconds * speed;
    const noise = WANDER * Math.sqrt(time);
    this.axis = this.axis.map((a) => a + noise * gauss(random));
    const norm = Math.hypot(...this.axis) || 1;
    this.axis = this.axis.map((a) => a / norm);
    const turned = rotate(vertices, turnAbout(/** @type {Point} */ (this.axis), SPIN * time));
    const { low, high } = roomInCube(turned);
    const wasInside = isInsideCube(vertices);
    const ease = 1 - Math.exp(-6 * seconds); // from outside it comes in gently
    const shift = low.map((lowest, axis) => {
      this.phases[axis] += DRIFT_RATES[axis] * time * (1 + 0.3 * gauss(random));
      const part = (1 + Math.sin(this.phases[axis])) / 2;
      const room = high[axis] - lowest;
      if (room < 0) return (ease * (lowest + high[axis])) / 2;
      const step = ease * (lowest + part * room);
      return wasInside ? clamp(step, lowest, high[axis]) : step;
    });
    scene.vertices = translate(turned, /** @type {Point} */ (shift));
  }

  /** One random motion at once. */
  skip() {
    const { q, target } = randomMotion(this.scene.vertices, this.random);
    this.scene.vertices = place(this.scene.vertices, q, target);
  }
}

/** A standard normal number (Box and Muller). @param {import("./geometry.js").Random} random */
export function gauss(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
