/**
 * A brush over linked clouds: what lies under it in one space is marked, and drawn in all of them. It
 * follows the pointer; a click keeps it where it is, a second click lets it go; a drag turns the
 * camera, or carries the brush over a flat cloud.
 *
 * @typedef {import("./cloud_view.js").CloudView} CloudView
 * @typedef {{cloud: import("./cloud.js").Cloud, views: CloudView[]}} Linked the same triangles
 */
import { CameraHand } from "./pointer.js";

const SLIP = 5; // pixels that a click may slip

export class Brush {
  /** @param {() => void} changed what is brushed */
  constructor(changed) {
    this.changed = changed;
    this.pinned = false;
    /** @type {Linked | null} */
    this.on = null;
  }

  /** @param {Linked} linked @param {CloudView} view @param {number} x @param {number} y
   * @param {boolean} [pinned] */
  move(linked, view, x, y, pinned = false) {
    this.forget();
    this.on = linked;
    this.pinned = pinned;
    linked.cloud.brush(view.covering(view.brushAt(x, y, pinned)));
    this.changed();
  }

  forget() {
    if (!this.on) return;
    for (const view of this.on.views) view.brush = null;
    this.on.cloud.clearBrush();
    this.on = null;
    this.pinned = false;
  }

  clear() {
    if (!this.on) return;
    this.forget();
    this.changed();
  }

  leave() {
    if (!this.pinned) this.clear();
  }
}

export class BrushHand extends CameraHand {
  /** @param {Linked} linked @param {CloudView} view @param {Brush} brush
   * @param {() => import("./camera.js").CameraSettings} camera
   * @param {{beginGesture(): void, endGesture(): void, cameraMoved(): void}} owner */
  constructor(linked, view, brush, camera, owner) {
    super(camera, owner, true);
    this.linked = linked;
    this.view = view;
    this.brush = brush;
    this.slipped = 0;
    this.at = { x: 0, y: 0 };
    this.pins = true;
  }

  /** @param {number} x @param {number} y @param {PointerEvent} event */
  begin(x, y, event) {
    super.begin(x, y, event);
    this.slipped = 0;
    this.at = { x, y };
    this.pins = !this.brush.pinned;
    if (this.view.flat) this.brush.move(this.linked, this.view, x, y);
  }

  /** @param {import("./pointer.js").Move} move */
  move(move) {
    this.slipped += Math.hypot(move.dx, move.dy);
    this.at = move;
    if (this.view.flat) {
      this.brush.move(this.linked, this.view, move.x, move.y);
    } else {
      this.brush.clear();
      super.move(move);
    }
  }

  /** @param {import("./pointer.js").Pinch} pinch */
  pinch(pinch) {
    if (this.view.flat) return;
    this.brush.clear();
    this.slipped += SLIP + 1;
    super.pinch(pinch);
  }

  end() {
    if (this.slipped <= SLIP || this.view.flat) {
      this.brush.move(this.linked, this.view, this.at.x, this.at.y, this.pins);
    }
    super.end();
  }

  /** @param {number} x @param {number} y @param {PointerEvent} _event */
  hover(x, y, _event) {
    if (!this.brush.pinned) this.brush.move(this.linked, this.view, x, y);
  }

  leave() {
    this.brush.leave();
  }
}
