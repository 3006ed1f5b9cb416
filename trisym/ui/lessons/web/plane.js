/**
 * The latent plane of a question: a cloud, the dot as it is, the visitor's guess, and at the end where
 * it lands.
 *
 * @typedef {{points: number[][], low: [number, number], high: [number, number],
 *   before: [number, number], after: [number, number], spread: number, axes: [string, string]}} Plane
 * @typedef {{here: string, lands: string, guessed: string}} Labels
 */
import { Hand } from "../../kit/web/pointer.js";
import { Surface } from "../../kit/web/surface.js";
import { clamp } from "../../kit/web/camera.js";
import { POINT_COLOUR, css } from "../../kit/web/theme.js";

const EDGE_OF_PLANE = 18; // pixels

const RING = 9; // pixels
export const STEP_OF_PLANE = 0.04; // of its width a key press

export class PlaneView {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.surface = new Surface(canvas);
    /** @type {Plane | null} */
    this.plane = null;
    /** @type {[number, number] | null} */
    this.guess = null;
    /** Where the others of a class guess. @type {number[][]} */
    this.crowd = [];
  }

  /** One scale for both axes: distances are what counts. */
  get scale() {
    const { plane, surface: { width, height } } = this;
    if (!plane) return 1;
    const [w, h] = [0, 1].map((axis) => plane.high[axis] - plane.low[axis] || 1);
    return Math.min((width - 2 * EDGE_OF_PLANE) / w, (height - 2 * EDGE_OF_PLANE) / h);
  }

  /** @param {ArrayLike<number>} point @returns {[number, number]} pixels */
  spot(point) {
    const { plane, scale, surface: { width, height } } = this;
    if (!plane) return [0, 0];
    const middle = [0, 1].map((axis) => (plane.low[axis] + plane.high[axis]) / 2);
    return [width / 2 + scale * (point[0] - middle[0]), height / 2 - scale * (point[1] - middle[1])];
  }

  /** @param {number} x @param {number} y @returns {[number, number]} what a pixel means */
  pointAt(x, y) {
    const { plane, scale, surface: { width, height } } = this;
    if (!plane) return [0, 0];
    const middle = [0, 1].map((axis) => (plane.low[axis] + plane.high[axis]) / 2);
    return [
      middle[0] + (clamp(x, 0, width) - width / 2) / scale,
      middle[1] - (clamp(y, 0, height) - height / 2) / scale,
    ];
  }

  /** @param {import("../../kit/web/theme.js").Theme} theme @param {boolean} revealed
   * @param {Labels} labels */
  draw(theme, revealed, labels) {
    const { guess, plane, surface } = this;
    if (!plane || surface.empty) return;
    const pen = surface.clear();
    pen.fillStyle = theme.ink(theme.dark ? 0.4 : 0.3);
    for (const point of plane.points) {
      const [x, y] = this.spot(point);
      pen.fillRect(x - 1, y - 1, 2, 2);
    }
    pen.font = theme.type(14, 600);
    pen.textBaseline = "middle";
    this.drawCrowd(pen, theme);
    if (revealed && guess) this.drawLine(pen, theme, guess, plane.after);
    this.drawDot(pen, theme, plane.before, labels.here, false);
    if (guess) this.drawRing(pen, theme, guess, labels.guessed);
    if (revealed) this.drawDot(pen, theme, plane.after, labels.lands, true);
  }

  /** @param {CanvasRenderingContext2D} pen @param {import("../../kit/web/theme.js").Theme} theme */
  drawCrowd(pen, theme) {
    pen.fillStyle = css(theme.background, 0.6);
    pen.strokeStyle = theme.ink(0.9);
    pen.lineWidth = 2;
    for (const point of this.crowd) {
      const [x, y] = this.spot(point);
      pen.beginPath();
      pen.arc(x, y, 5, 0, 2 * Math.PI);
      pen.fill();
      pen.stroke();
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {import("../../kit/web/theme.js").Theme} theme
   * @param {number[]} from @param {number[]} to */
  drawLine(pen, theme, from, to) {
    const [[x, y], [u, v]] = [this.spot(from), this.spot(to)];
    pen.strokeStyle = theme.ink(0.7);
    pen.lineWidth = 2;
    pen.setLineDash([5, 4]);
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(u, v);
    pen.stroke();
    pen.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} pen @param {import("../../kit/web/theme.js").Theme} theme
   * @param {number[]} point @param {string} label @param {boolean} below */
  drawDot(pen, theme, point, label, below) {
    const [x, y] = this.spot(point);
    pen.fillStyle = css(POINT_COLOUR);
    pen.strokeStyle = theme.ink(1);
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.arc(x, y, 7, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
    this.write(pen, theme, label, x, y + (below ? 18 : -16));
  }

  /** @param {CanvasRenderingContext2D} pen @param {import("../../kit/web/theme.js").Theme} theme
   * @param {number[]} point @param {string} label */
  drawRing(pen, theme, point, label) {
    const [x, y] = this.spot(point);
    pen.strokeStyle = theme.ink(1);
    pen.lineWidth = 3;
    pen.beginPath();
    pen.arc(x, y, RING, 0, 2 * Math.PI);
    pen.stroke();
    this.write(pen, theme, label, x, y + RING + 12);
  }

  /** @param {CanvasRenderingContext2D} pen @param {import("../../kit/web/theme.js").Theme} theme
   * @param {string} label @param {number} x @param {number} y */
  write(pen, theme, label, x, y) {
    const { width, height } = this.surface;
    const half = pen.measureText(label).width / 2 + 4;
    const [at, on] = [clamp(x, half, width - half), clamp(y, 10, height - 10)];
    pen.textAlign = "center";
    pen.fillStyle = css(theme.background, 0.8);
    pen.fillRect(at - half, on - 9, 2 * half, 18);
    pen.fillStyle = theme.ink(1);
    pen.fillText(label, at, on);
  }
}

/** A finger or the mouse puts the guess where it is. */
export class PlaneHand extends Hand {
  /** @param {(x: number, y: number) => void} put in pixels */
  constructor(put) {
    super();
    this.put = put;
  }

  /** @param {number} x @param {number} y */
  begin(x, y) {
    this.put(x, y);
  }

  /** @param {import("../../kit/web/pointer.js").Move} move */
  move({ x, y }) {
    this.put(x, y);
  }
}
