/**
 * What a hand on a cloud does: over any cloud it brushes, a click keeps the brush; a drag turns the
 * camera that the three clouds of side lengths share, or carries the brush over a plane.
 *
 * @typedef {import("./planes.js").Planes} Planes
 * @typedef {import("./set_panel.js").SetPanel} SetPanel
 * @typedef {import("../../kit/web/linked_view.js").LinkedView} LinkedView
 */
import { orbit, zoomBy } from "../../kit/web/camera.js";

const ORBIT_STEP = 0.009; // radians a pixel
const CLICK = 5; // pixels that a click may slip

/** @implements {import("../../kit/web/pointer.js").Hand} */
export class CloudHand {
  /** @param {Planes} planes @param {SetPanel} panel @param {LinkedView} view */
  constructor(planes, panel, view) {
    this.planes = planes;
    this.panel = panel;
    this.view = view;
    this.slipped = 0;
    this.at = { x: 0, y: 0 };
  }

  /** @param {number} x @param {number} y */
  begin(x, y) {
    this.slipped = 0;
    this.at = { x, y };
    if (this.view.flat) this.planes.brush(this.panel, this.view, x, y);
  }

  /** @param {import("../../kit/web/pointer.js").Move} move */
  move({ x, y, dx, dy }) {
    this.slipped += Math.hypot(dx, dy);
    this.at = { x, y };
    if (this.view.flat) this.planes.brush(this.panel, this.view, x, y);
    else this.turn(dx, dy);
  }

  /** @param {number} dx @param {number} dy */
  turn(dx, dy) {
    this.planes.clearBrush();
    orbit(this.planes.camera, dx * ORBIT_STEP, dy * ORBIT_STEP);
    this.planes.turned();
  }

  /** @param {import("../../kit/web/pointer.js").Pinch} pinch */
  pinch({ dx, dy, zoom }) {
    if (this.view.flat) return;
    zoomBy(this.planes.camera, zoom);
    this.turn(dx, dy);
  }

  end() {
    if (this.slipped > CLICK && !this.view.flat) return;
    this.planes.pin(this.panel, this.view, this.at.x, this.at.y);
  }

  /** @param {number} x @param {number} y */
  hover(x, y) {
    if (!this.planes.pinned) this.planes.brush(this.panel, this.view, x, y);
  }

  /** The page scrolls. */
  wheel() {
    return false;
  }

  seen() {}
}
