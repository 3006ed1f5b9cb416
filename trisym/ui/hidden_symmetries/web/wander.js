/** A triangle that changes by itself, slowly and within its set: each vertex follows a smooth random
 * path as far as the set lets it; in the set with a movable constant side it is renumbered at times. */

const SPEED = 0.4; // cube edges a second
const TURNING = 2.2; // how quickly a path changes its mind
const RENUMBER_SECONDS = 3;

export class Wander {
  /** @param {() => number} random */
  constructor(random) {
    this.random = random;
    this.velocity = Array.from({ length: 9 }, () => this.gauss());
    this.elapsed = 0;
  }

  /** A standard normal number (Box and Muller). */
  gauss() {
    return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
  }

  /** @param {number} seconds @param {import("./obedience.js").ObedientScene} scene */
  step(seconds, scene) {
    const keep = Math.exp(-TURNING * seconds);
    const noise = Math.sqrt(1 - keep * keep);
    this.velocity = this.velocity.map((v) => keep * v + noise * this.gauss());
    for (let vertex = 0; vertex < 3; vertex += 1) {
      const shift = this.velocity.slice(3 * vertex, 3 * vertex + 3).map((v) => SPEED * seconds * v);
      scene.reshape(vertex, /** @type {import("../../kit/web/geometry.js").Point} */ (shift));
    }
    scene.endReshape();
    this.elapsed += seconds;
    if (scene.law.movable && this.elapsed > RENUMBER_SECONDS) {
      this.elapsed = 0;
      scene.renumber();
    }
  }
}
