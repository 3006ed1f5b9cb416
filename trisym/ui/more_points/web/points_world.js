/** Three to six points in the training cube, every pair joined; lengths at the point that is held. */
import { WorldView } from "../../kit/web/world_view.js";
import { blend, css } from "../../kit/web/theme.js";

const INDEX = "₁₂₃₄₅₆";

/** @typedef {import("../../kit/web/world_view.js").Spot} Spot */

export class PointsWorld extends WorldView {
  /** A body of light inside its outline, so that a hand finds it.
   * @param {CanvasRenderingContext2D} pen @param {import("../../kit/web/world_view.js").Scene} scene
   * @param {import("../../kit/web/theme.js").Theme} theme */
  drawFace(pen, scene, theme) {
    if (this.spots.length === 3) {
      super.drawFace(pen, scene, theme);
      return;
    }
    this.outline(pen, this.hull(this.spots));
    pen.fillStyle = css(theme.dark ? [196, 214, 240] : blend([120, 138, 165], [226, 236, 248], 0.4), 0.22);
    pen.fill();
  }

  /** @param {Spot[]} spots @returns {Spot[]} */
  hull(spots) {
    return spots.length === 3 ? spots : hullOf(spots);
  }

  /** Six lengths and more hide what they measure: those of one point are written.
   * @param {number} i @param {number} j @param {import("../../kit/web/world_view.js").Scene} scene */
  isLabelled(i, j, scene) {
    if (this.spots.length === 3) return true;
    const held = this.hover.kind === "vertex" ? this.hover.vertex : scene.chosenVertex;
    return held === i || held === j;
  }

  /** @param {number} i @param {number} j @param {number} k */
  nameOf(i, j, k) {
    return this.spots.length === 3 ? super.nameOf(i, j, k) : `d${INDEX[i]}${INDEX[j]}`;
  }
}

/** The convex hull, in order round it (Andrew 1979). @param {Spot[]} spots @returns {Spot[]} */
export function hullOf(spots) {
  const sorted = spots.slice().sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (/** @type {Spot[]} */ points) => {
    /** @type {Spot[]} */
    const kept = [];
    for (const p of points) {
      while (kept.length > 1 && turnsRight(kept[kept.length - 2], kept[kept.length - 1], p)) kept.pop();
      kept.push(p);
    }
    return kept.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

/** @param {Spot} a @param {Spot} b @param {Spot} c */
function turnsRight(a, b, c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) <= 0;
}
