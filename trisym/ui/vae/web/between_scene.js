/** A triangle in the hand, another one, and how far it is from the one to the other. */
import { TriangleScene } from "../../kit/web/triangle_scene.js";

export class BetweenScene extends TriangleScene {
  /** @param {{pose: number[], end: number[], share: number[], camera?: number[],
   *   tool?: import("../../kit/web/triangle_scene.js").Tool}} start */
  constructor(start) {
    super(start);
    this.end = start.end.slice();
    this.share = start.share[0];
  }

  values() {
    return { ...super.values(), end: this.end, share: [this.share] };
  }
}

/** Along the way, there and back, until it is stopped. */
export class Walk {
  /** @param {BetweenScene} scene @param {() => void} stepped */
  constructor(scene, stepped) {
    this.scene = scene;
    this.stepped = stepped;
    this.direction = scene.share < 1 ? 1 : -1;
    this.done = false;
  }

  /** @param {number} seconds since the last step */
  step(seconds) {
    const share = this.scene.share + (this.direction * seconds) / SECONDS;
    if (share <= 0 || share >= 1) this.direction = -this.direction;
    this.scene.share = Math.min(Math.max(share, 0), 1);
    this.stepped();
  }

  /** To the farther end. */
  skip() {
    this.scene.share = this.scene.share < 0.5 ? 1 : 0;
    this.stepped();
  }
}

const SECONDS = 3; // from one end to the other
