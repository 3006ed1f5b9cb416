/**
 * Forces as arrows on the vertices of a world; their length levels off, as a force has no bound.
 *
 * @typedef {import("./world_view.js").WorldView} WorldView
 */
import { clamp } from "./camera.js";

const LONGEST_ARROW = 0.42; // cube edges
const HALF_FORCE = 7; // a force of this size has half the longest arrow
const LEAST_FORCE = 0.02; // below, there is nothing to see

/** @param {CanvasRenderingContext2D} pen @param {WorldView} world that looks at the vertices
 * @param {ArrayLike<number>} vertices @param {ArrayLike<number>} forces nine numbers each
 * @param {string} colour @param {number} [thick] 1 for the usual thickness */
export function drawForces(pen, world, vertices, forces, colour, thick = 1) {
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  for (let i = 0; i < 3; i += 1) {
    const force = [0, 1, 2].map((axis) => forces[3 * i + axis]);
    const size = Math.hypot(...force);
    if (!(size > LEAST_FORCE)) continue;
    const length = size < 1e9 ? (LONGEST_ARROW * size) / (size + HALF_FORCE) : LONGEST_ARROW;
    const tip = force.map((f, axis) => vertices[3 * i + axis] + (length * f) / size);
    const [x, y] = world.view.project(tip[0], tip[1], tip[2]);
    arrow(pen, world.spots[i], world.ballRadius(world.spots[i][2]), x, y, thick);
  }
}

/** From the rim of the ball. @param {CanvasRenderingContext2D} pen
 * @param {import("./world_view.js").Spot} spot @param {number} rim @param {number} x
 * @param {number} y @param {number} thick */
function arrow(pen, [fromX, fromY], rim, x, y, thick) {
  const [dx, dy] = [x - fromX, y - fromY];
  const length = Math.hypot(dx, dy);
  if (length < 2) return;
  const [ux, uy] = [dx / length, dy / length];
  const head = clamp(rim * 0.85, 8, 20) * Math.sqrt(thick);
  const [tipX, tipY] = [x + rim * ux, y + rim * uy];
  pen.lineWidth = thick * clamp(rim * 0.34, 3.5, 8);
  pen.beginPath();
  pen.moveTo(fromX + rim * ux, fromY + rim * uy);
  pen.lineTo(tipX, tipY);
  pen.stroke();
  pen.beginPath();
  pen.moveTo(tipX + head * ux, tipY + head * uy);
  pen.lineTo(tipX - head * 0.62 * uy, tipY + head * 0.62 * ux);
  pen.lineTo(tipX + head * 0.62 * uy, tipY - head * 0.62 * ux);
  pen.closePath();
  pen.fill();
}
