/** A triangle that changes by itself, slowly and within its set: each vertex follows a smooth random
 * path as far as the set lets it; in the set with a movable constant side it is renumbered at times. */
import { gauss } from "../../kit/web/motion.js";

const SPEED = 0.4; // cube edges a second
const TURNING = 2.2; // how quickly a path changes its mind
const RENUMBER_SECONDS = 3;
const SKIPPED = { steps: 50, seconds: 0.02 }; // a second of it at once

export class Wander {
  /** @param {import("./constrained_scene.js").ConstrainedScene} scene @param {() => number} random */
  constructor(scene, random) {
    this.scene = scene;
    this.random = random;
    this.velocity = Array.from({ length: 9 }, () => gauss(random));
    this.elapsed = 0;
    this.done = false; // it ends only by being stopped
  }

  /** @param {number} seconds */
  step(seconds) {
    const { random, scene } = this;
    const keep = Math.exp(-TURNING * seconds);
    const noise = Math.sqrt(1 - keep * keep);
    this.velocity = this.velocity.map((v) => keep * v + noise * gauss(random));
    for (let vertex = 0; vertex < 3; vertex += 1) {
      const shift = this.velocity.slice(3 * vertex, 3 * vertex + 3).map((v) => SPEED * seconds * v);
      scene.reshape(vertex, /** @type {import("../../kit/web/geometry.js").Point} */ (shift));
    }
    scene.endReshape();
    this.elapsed += seconds;
    if (scene.rule.movable && this.elapsed > RENUMBER_SECONDS) {
      this.elapsed = 0;
      scene.renumber();
    }
  }

  skip() {
    for (let i = 0; i < SKIPPED.steps; i += 1) this.step(SKIPPED.seconds);
  }
}
