/** The three sides along a way: decoded, and dashed where they would go evenly; and where the hand is. */
import { Surface } from "../../kit/web/surface.js";
import { css } from "../../kit/web/theme.js";
import { mixed } from "./way.js";

const NAMES = ["l₁", "l₂", "l₃"];
const LONGEST = 1.2; // edges: longer sides than this are rare in the cube, and stretch the axis

export class WayPlot {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.surface = new Surface(canvas);
  }

  /** @param {number[][]} sides step by step @param {number[][]} ends the true sides at both ends
   * @param {number} share @param {import("../../kit/web/theme.js").Theme} theme */
  draw(sides, ends, share, theme) {
    const { surface } = this;
    if (surface.empty) return;
    const pen = surface.clear();
    const type = theme.typeSize(surface.width / 22, 15);
    const highest = Math.max(LONGEST, ...sides.flat(), ...ends.flat());
    const [left, right] = [type * 2.2, surface.width - type * 1.9];
    const [top, bottom] = [type * 0.8, surface.height - type * 0.7];
    const x = (/** @type {number} */ part) => left + part * (right - left);
    const y = (/** @type {number} */ side) => bottom - (side / highest) * (bottom - top);
    pen.font = theme.type(type);
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    pen.lineJoin = "round";
    for (let tick = 0; tick <= highest; tick += 0.5) {
      stroke(pen, [[left, y(tick)], [right, y(tick)]], css(theme.text, tick ? 0.14 : 0.45), 1);
      pen.fillStyle = theme.ink(0.75);
      pen.fillText(String(tick), left - type * 0.4, y(tick));
    }
    stroke(pen, [[x(share), top], [x(share), bottom]], theme.ink(0.6), 1.5);
    pen.textAlign = "left";
    const now = mixed(ends[0], ends[1], share);
    NAMES.forEach((name, k) => {
      const colour = css(theme.vertices[k]);
      const even = ends.map((row, end) => [x(end), y(row[k])]);
      stroke(pen, even, theme.ink(0.75), 1.5, [5, 4]);
      stroke(pen, sides.map((row, i) => [x(i / (sides.length - 1)), y(row[k])]), colour, 3);
      dot(pen, x(share), y(now[k]), theme.ink(0.75), 3);
      pen.fillStyle = theme.ink(1);
    });
    const last = sides[sides.length - 1];
    for (const [k, at] of namesApart(last.map(y), type * 1.1).entries()) {
      pen.fillText(NAMES[k], right + type * 0.35, at);
    }
    const step = Math.round(share * (sides.length - 1));
    sides[step].forEach((side, k) => dot(pen, x(share), y(side), css(theme.vertices[k]), 5.5));
  }
}

/** Heights of names beside lines, none on another, in the lines' order. @param {number[]} lines
 * @param {number} height of a name @returns {number[]} */
function namesApart(lines, height) {
  const places = lines.slice();
  const order = lines.map((_, i) => i).sort((a, b) => lines[b] - lines[a]);
  order.forEach((i, n) => {
    if (n) places[i] = Math.min(lines[i], places[order[n - 1]] - height);
  });
  return places;
}

/** @param {CanvasRenderingContext2D} pen @param {number[][]} spots @param {string} colour
 * @param {number} width @param {number[]} [dash] */
function stroke(pen, spots, colour, width, dash = []) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  spots.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
  pen.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y @param {string} colour
 * @param {number} radius */
function dot(pen, x, y, colour, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
}
