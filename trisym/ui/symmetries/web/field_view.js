/**
 * A linear motion in the cube: where points of space go, as streaks on a lattice, and where the
 * vertices go, as arrows; the triangle itself moves.
 *
 * @typedef {import("../../kit/web/theme.js").Theme} Theme
 * @typedef {{vertices: number[], base: number[], motion: Float64Array, centre: number}} FieldScene
 */
import { WorldView } from "../../kit/web/world_view.js";
import { clamp } from "../../kit/web/camera.js";
import { css } from "../../kit/web/theme.js";
import { Flow } from "./motions.js";

const LATTICE = [-0.42, 0, 0.42]; // from the centre, in edges of the cube
const STREAK_STEPS = 6; // of a streak: a turning one bends
const STREAK_REACH = 0.16; // of a streak, for a motion of rms displacement 1
const VERTEX_REACH = 0.3;
const SHORTEST = 3; // pixels: below, nothing moves there

export class FieldView extends WorldView {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    super(canvas);
    this.colour = [0, 0, 0];
    /** Streaks through the lattice, x y z of each step. @type {Float64Array[]} */
    this.streaks = [];
    /** @type {Float64Array[]} */
    this.paths = [];
  }

  /** @param {Float64Array} unit a motion of rms displacement 1 @param {ArrayLike<number>} base
   * @param {number} centre @param {number[]} colour */
  follow(unit, base, centre, colour) {
    this.colour = colour;
    const places = LATTICE.flatMap((x) => LATTICE.flatMap((y) => LATTICE.map((z) => [x, y, z])));
    const edge = 2 * centre;
    const lattice = places.map((place) => place.map((at) => centre + edge * at));
    this.streaks = flowPaths(unit, centre, lattice, -STREAK_REACH / 2, STREAK_REACH / 2);
    const vertices = [0, 3, 6].map((i) => [base[i], base[i + 1], base[i + 2]]);
    this.paths = flowPaths(unit, centre, vertices, 0, VERTEX_REACH);
  }

  /** Behind the triangle. @param {CanvasRenderingContext2D} pen @param {any} scene
   * @param {Theme} theme */
  drawShadow(pen, scene, theme) {
    super.drawShadow(pen, scene, theme);
    const far = [...this.streaks].sort((a, b) => this.depthOf(b) - this.depthOf(a));
    for (const streak of far) {
      const near = clamp(0.5 - this.depthOf(streak), 0.12, 0.9);
      this.drawArrow(pen, streak, css(this.colour, 0.22 + 0.5 * near), 1.4 + 1.2 * near);
    }
  }

  /** Before the balls, which hide where the arrows begin. @param {CanvasRenderingContext2D} pen
   * @param {any} scene @param {Theme} theme */
  drawVertices(pen, scene, theme) {
    for (const path of this.paths) {
      this.drawArrow(pen, path, css(theme.background, 0.9), 8);
      this.drawArrow(pen, path, css(this.colour), 4);
    }
    super.drawVertices(pen, scene, theme);
  }

  /** @param {Float64Array} path */
  depthOf(path) {
    return this.view.project(path[0], path[1], path[2])[2];
  }

  /** @param {CanvasRenderingContext2D} pen @param {Float64Array} path @param {string} colour
   * @param {number} width */
  drawArrow(pen, path, colour, width) {
    const spots = [];
    for (let i = 0; i < path.length; i += 3) spots.push(this.view.project(path[i], path[i + 1], path[i + 2]));
    const [x, y] = spots[spots.length - 1];
    const [bx, by] = spots[spots.length - 2];
    if (Math.hypot(x - spots[0][0], y - spots[0][1]) < SHORTEST) return;
    const angle = Math.atan2(y - by, x - bx);
    const head = 3.2 + 1.9 * width;
    pen.strokeStyle = colour;
    pen.fillStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    spots.forEach(([px, py], i) => (i ? pen.lineTo(px, py) : pen.moveTo(px, py)));
    pen.stroke();
    pen.beginPath();
    pen.moveTo(x + head * Math.cos(angle), y + head * Math.sin(angle));
    for (const side of [2.5, -2.5]) {
      pen.lineTo(x + head * 0.62 * Math.cos(angle + side), y + head * 0.62 * Math.sin(angle + side));
    }
    pen.fill();
  }
}

/** Where points go between two times of a flow. @param {Float64Array} unit @param {number} centre
 * @param {number[][]} points @param {number} from @param {number} to @returns {Float64Array[]} */
function flowPaths(unit, centre, points, from, to) {
  const flows = Array.from({ length: STREAK_STEPS }, (_, k) =>
    new Flow(unit, from + ((to - from) * k) / (STREAK_STEPS - 1), centre));
  return points.map((point) => {
    const path = new Float64Array(3 * STREAK_STEPS);
    flows.forEach((flow, k) => path.set(flow.apply(point), 3 * k));
    return path;
  });
}
