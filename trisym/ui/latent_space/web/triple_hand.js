/**
 * What a hand does in the three spaces and the cube: over a cloud it brushes, a click keeps the brush;
 * it takes the latent point where it finds it; any other drag turns the camera.
 *
 * @typedef {import("./decoder.js").Decoder} Decoder
 * @typedef {import("../../kit/web/linked_view.js").LinkedView} LinkedView
 */
import { orbit, zoomBy } from "../../kit/web/camera.js";

const RADIANS_A_PIXEL = 0.009;
const SLIP = 5; // pixels that a click may slip
const REACH = { mouse: 18, touch: 34 }; // pixels around the point: a finger is wider

/** @implements {import("../../kit/web/pointer.js").Hand} */
export class TripleHand {
  /** @param {Decoder} decoder @param {LinkedView} view @param {boolean} latent its space */
  constructor(decoder, view, latent) {
    this.decoder = decoder;
    this.view = view;
    this.latent = latent;
    this.holding = false;
    this.slipped = 0;
    this.at = { x: 0, y: 0 };
  }

  /** @param {number} x @param {number} y @param {PointerEvent} event */
  begin(x, y, event) {
    this.slipped = 0;
    this.at = { x, y };
    this.holding = this.latent && this.near(x, y, event.pointerType);
    if (this.holding) this.decoder.clearBrush();
  }

  /** @param {number} x @param {number} y @param {string} pointer */
  near(x, y, pointer) {
    const [px, py] = this.decoder.spot();
    return Math.hypot(px - x, py - y) < (pointer === "touch" ? REACH.touch : REACH.mouse);
  }

  /** @param {import("../../kit/web/pointer.js").Move} move */
  move({ x, y, dx, dy }) {
    this.slipped += Math.hypot(dx, dy);
    this.at = { x, y };
    if (this.holding) this.decoder.carry(dx, dy);
    else this.turn(dx, dy);
  }

  /** @param {number} dx @param {number} dy */
  turn(dx, dy) {
    this.decoder.clearBrush();
    orbit(this.decoder.camera, dx * RADIANS_A_PIXEL, dy * RADIANS_A_PIXEL);
    this.decoder.turned();
  }

  /** @param {import("../../kit/web/pointer.js").Pinch} pinch */
  pinch({ dx, dy, zoom }) {
    zoomBy(this.decoder.camera, zoom);
    this.turn(dx, dy);
  }

  end() {
    if (!this.holding && this.slipped <= SLIP) this.decoder.pin(this.view, this.at.x, this.at.y);
    this.holding = false;
    this.decoder.soon();
  }

  /** @param {number} x @param {number} y @param {PointerEvent} event */
  hover(x, y, event) {
    const near = this.latent && this.near(x, y, event.pointerType);
    this.view.canvas.dataset.hold = near ? "point" : "space";
    if (near && !this.decoder.pinned) this.decoder.clearBrush();
    else if (!this.decoder.pinned) this.decoder.brush(this.view, x, y);
  }

  /** The page scrolls. */
  wheel() {
    return false;
  }

  seen() {}
}

/** Turns the cube. @implements {import("../../kit/web/pointer.js").Hand} */
export class CubeHand {
  /** @param {Decoder} decoder */
  constructor(decoder) {
    this.decoder = decoder;
  }

  begin() {}

  /** @param {import("../../kit/web/pointer.js").Move} move */
  move({ dx, dy }) {
    orbit(this.decoder.scene.camera, dx * RADIANS_A_PIXEL, dy * RADIANS_A_PIXEL);
    this.decoder.invalidate();
  }

  /** @param {import("../../kit/web/pointer.js").Pinch} pinch */
  pinch({ dx, dy }) {
    this.move({ x: 0, y: 0, dx, dy, shift: false });
  }

  end() {}

  hover() {}

  wheel() {
    return false;
  }

  seen() {}
}
