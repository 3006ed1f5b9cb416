/**
 * The unit cube with its floor and axes, drawn around whatever is inside: what lies behind first,
 * then, after the contents, what lies in front.
 *
 * @typedef {import("./camera.js").Projection} Projection
 * @typedef {import("./theme.js").Theme} Theme
 */
import { clamp } from "./camera.js";
import { css } from "./theme.js";

/** Faces as [axis, side]; a face looks away from the eye where its normal points along the view. */
const FACES = [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]];
const GRID_STEPS = 5;

/** @param {number} axis @param {number} side @param {number} a @param {number} b */
function pointOfFace(axis, side, a, b) {
  const point = [0, 0, 0];
  point[axis] = side;
  point[(axis + 1) % 3] = a;
  point[(axis + 2) % 3] = b;
  return point;
}

/** Whether the eye sees the outside of a face. @param {Projection} view
 * @param {number} axis @param {number} side */
function isFront(view, axis, side) {
  const eye = view.target[axis] - view.distance * view.forward[axis];
  return side === 1 ? eye > 1 : eye < 0;
}

/** @param {CanvasRenderingContext2D} pen @param {Projection} view @param {number[][]} points */
function path(pen, view, points) {
  pen.beginPath();
  points.forEach((p, i) => {
    const [x, y] = view.project(p[0], p[1], p[2]);
    if (i) pen.lineTo(x, y);
    else pen.moveTo(x, y);
  });
}

/** Faces, edges and floor grid behind the contents.
 * @param {CanvasRenderingContext2D} pen @param {Projection} view @param {Theme} theme */
export function drawCubeBehind(pen, view, theme) {
  for (const [axis, side] of FACES) {
    if (isFront(view, axis, side)) continue;
    const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([a, b]) => pointOfFace(axis, side, a, b));
    path(pen, view, corners);
    pen.closePath();
    const floor = axis === 2 && side === 0;
    pen.fillStyle = css(theme.text, floor ? 0.06 : axis === 2 ? 0.02 : 0.022 + 0.012 * axis);
    pen.fill();
    drawGrid(pen, view, theme, axis, side, floor ? 0.2 : 0.09);
  }
  drawEdges(pen, view, theme, false);
}

/** @param {CanvasRenderingContext2D} pen @param {Projection} view @param {Theme} theme
 * @param {number} axis @param {number} side @param {number} strength */
function drawGrid(pen, view, theme, axis, side, strength) {
  pen.strokeStyle = css(theme.text, strength);
  pen.lineWidth = 1;
  for (let k = 1; k < GRID_STEPS; k += 1) {
    const at = k / GRID_STEPS;
    path(pen, view, [pointOfFace(axis, side, at, 0), pointOfFace(axis, side, at, 1)]);
    pen.stroke();
    path(pen, view, [pointOfFace(axis, side, 0, at), pointOfFace(axis, side, 1, at)]);
    pen.stroke();
  }
}

/** Edges between two faces that look at the eye, thin: they cross the contents.
 * @param {CanvasRenderingContext2D} pen @param {Projection} view @param {Theme} theme */
export function drawCubeInFront(pen, view, theme) {
  drawEdges(pen, view, theme, true);
}

/** @param {CanvasRenderingContext2D} pen @param {Projection} view @param {Theme} theme
 * @param {boolean} front */
function drawEdges(pen, view, theme, front) {
  pen.lineWidth = front ? 1 : 1.5;
  pen.strokeStyle = css(theme.text, front ? 0.22 : 0.42);
  for (let axis = 0; axis < 3; axis += 1) {
    for (const [b, c] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
      const [second, third] = [(axis + 1) % 3, (axis + 2) % 3];
      const fronts = Number(isFront(view, second, b)) + Number(isFront(view, third, c));
      if ((fronts === 2) !== front) continue;
      const [from, to] = [[0, 0, 0], [0, 0, 0]];
      for (const end of [from, to]) {
        end[second] = b;
        end[third] = c;
      }
      to[axis] = 1;
      path(pen, view, [from, to]);
      pen.stroke();
    }
  }
}

/** x, y, z with 0 and 1, each along the outermost of the four edges that run its way; all on the
 * canvas, and where two axes meet in one number it is written once.
 * @param {CanvasRenderingContext2D} pen @param {Projection} view @param {Theme} theme
 * @param {number} size of the type */
export function drawAxisNames(pen, view, theme, size) {
  const [middleX, middleY] = view.project(0.5, 0.5, 0.5);
  pen.font = theme.type(size, 500);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = theme.ink(0.62);
  const { a: pixels } = pen.getTransform();
  const [width, height] = [pen.canvas.width / pixels, pen.canvas.height / pixels];
  /** @type {[string, number, number][]} */
  const written = [];
  for (let axis = 0; axis < 3; axis += 1) {
    const edge = outermostEdge(view, axis, middleX, middleY);
    for (const [at, label] of /** @type {[number, string][]} */ ([[0, "0"], [0.5, "xyz"[axis]], [1, "1"]])) {
      const p = edge.slice();
      p[axis] = at;
      const [x, y] = view.project(p[0], p[1], p[2]);
      const [ax, ay] = edge.outward;
      const left = clamp(x + ax * size * 1.05, size * 0.6, width - size * 0.6);
      const top = clamp(y + ay * size * 1.05, size * 0.7, height - size * 0.7);
      const near = written.some(([other, u, v]) => other === label && Math.hypot(u - left, v - top) < 2 * size);
      if (near) continue;
      written.push([label, left, top]);
      pen.fillText(label, left, top);
    }
  }
}

/** Of the four edges along an axis, the silhouette edge lowest (for z: leftmost) on the canvas.
 * @param {Projection} view @param {number} axis @param {number} middleX @param {number} middleY
 * @returns {number[] & {outward: number[]}} */
function outermostEdge(view, axis, middleX, middleY) {
  const [second, third] = [(axis + 1) % 3, (axis + 2) % 3];
  /** @type {any} */
  let best = null;
  let bestScore = -Infinity;
  for (const [b, c] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
    const silhouette = isFront(view, second, b) !== isFront(view, third, c);
    const point = [0.5, 0.5, 0.5];
    point[second] = b;
    point[third] = c;
    const [x, y] = view.project(point[0], point[1], point[2]);
    const score = (axis === 2 ? middleX - x : y - middleY) + (silhouette ? 1e4 : 0);
    if (score <= bestScore) continue;
    bestScore = score;
    const away = Math.hypot(x - middleX, y - middleY) || 1;
    best = Object.assign(point, { outward: [(x - middleX) / away, (y - middleY) / away] });
  }
  return best;
}
