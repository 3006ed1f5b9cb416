/**
 * What a hand on a latent view does: it turns the one camera that all latent views share.
 *
 * @typedef {import("./stage.js").Stage} Stage
 * @typedef {import("../../kit/web/pointer.js").Hand} Hand
 */
import { orbit, zoomBy } from "../../kit/web/camera.js";
import { ORBIT_PER_PIXEL } from "../../kit/web/world_hand.js";

/** @implements {Hand} */
export class LatentHand {
  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  begin() {
    this.stage.beginGesture();
  }

  /** @param {import("../../kit/web/pointer.js").Move} move */
  move({ dx, dy }) {
    orbit(this.stage.scene.latentCamera, dx * ORBIT_PER_PIXEL, dy * ORBIT_PER_PIXEL);
    this.stage.changed();
  }

  /** @param {import("../../kit/web/pointer.js").Pinch} pinch */
  pinch({ dx, dy, zoom }) {
    zoomBy(this.stage.scene.latentCamera, zoom);
    this.move({ x: 0, y: 0, dx, dy, shift: false });
  }

  end() {
    this.stage.endGesture();
  }

  hover() {}

  /** @param {number} factor */
  wheel(factor) {
    const changed = zoomBy(this.stage.scene.latentCamera, factor);
    this.stage.cameraMoved();
    return changed;
  }

  /** @param {PointerEvent} event */
  seen(event) {
    this.stage.meter.input(event);
  }
}
