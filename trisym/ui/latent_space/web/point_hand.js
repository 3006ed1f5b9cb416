/** Takes the latent point where it finds it; else brushes and turns, as over any cloud. */
import { BrushHand } from "../../kit/web/brush.js";

const REACH = { mouse: 18, touch: 34 }; // pixels around the point: a finger is wider

export class PointHand extends BrushHand {
  /** @param {import("./decoder.js").Decoder} decoder @param {import("../../kit/web/brush.js").Linked}
   *   linked @param {import("../../kit/web/cloud_view.js").CloudView} view */
  constructor(decoder, linked, view) {
    super(linked, view, decoder.brush, () => decoder.kept.camera, decoder);
    this.decoder = decoder;
    this.carrying = false;
  }

  /** @param {number} x @param {number} y @param {PointerEvent} event */
  begin(x, y, event) {
    super.begin(x, y, event);
    this.carrying = this.near(x, y, event);
    if (this.carrying) this.brush.clear();
  }

  /** @param {number} x @param {number} y @param {PointerEvent} event */
  near(x, y, { pointerType }) {
    if (this.view !== this.decoder.latentView) return false;
    const [px, py] = this.decoder.spot();
    return Math.hypot(px - x, py - y) < (pointerType === "touch" ? REACH.touch : REACH.mouse);
  }

  /** @param {import("../../kit/web/pointer.js").Move} move */
  move(move) {
    if (this.carrying) this.decoder.carry(move.dx, move.dy);
    else super.move(move);
  }

  end() {
    if (this.carrying) this.slipped = Infinity;
    super.end();
  }

  /** @param {number} x @param {number} y @param {PointerEvent} event */
  hover(x, y, event) {
    const near = this.near(x, y, event);
    this.view.canvas.dataset.hold = near ? "point" : "space";
    if (near) this.leave();
    else super.hover(x, y, event);
  }
}
