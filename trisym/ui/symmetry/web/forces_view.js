/**
 * The world with forces on its vertices: the exact ones broad, those of networks narrow over them.
 *
 * @typedef {import("../../kit/web/theme.js").Theme} Theme
 * @typedef {{forces: ArrayLike<number>, colour: number[] | null}} Pull colour: null for the exact one
 */
import { WorldView } from "../../kit/web/world_view.js";
import { css } from "../../kit/web/theme.js";
import { drawForces } from "../../kit/web/force_arrows.js";

const BROAD = 1.6;
const NARROW = 0.6;

export class ForcesView extends WorldView {
  /** What is drawn beside the triangle. @type {Pull[]} */
  pulls = [];

  /** Over the balls, from their rims. @param {CanvasRenderingContext2D} pen @param {any} scene
   * @param {Theme} theme */
  drawVertices(pen, scene, theme) {
    super.drawVertices(pen, scene, theme);
    for (const { forces, colour } of this.pulls) {
      const tone = colour ? css(colour) : theme.ink(0.35);
      drawForces(pen, this, scene.vertices, forces, tone, colour ? NARROW : BROAD);
    }
  }
}
