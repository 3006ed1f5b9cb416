/**
 * The triangle in the training cube: translucent and lit, with its shadow and plumb lines on the
 * floor, coloured vertices and side lengths; and where a pointer would take hold of it.
 *
 * @typedef {import("./triangle_scene.js").TriangleScene} Scene
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {{kind: "vertex", vertex: number} | {kind: "triangle"} | {kind: "space"}} Hold
 * @typedef {[number, number, number]} Spot canvas x, y and depth
 * @typedef {{vertices: number[], colour: number[], dash: number[]}} Ghost
 */
import { drawAxisNames, drawCubeBehind, drawCubeInFront } from "./cube.js";
import { Projection, clamp } from "./camera.js";
import { centroid, cross, pairsOf, vertexDistance } from "./geometry.js";
import { blend, css, luminance } from "./theme.js";
import { Surface } from "./surface.js";

const RADIUS = 0.9; // of the sphere that must fit: the cube's half diagonal is 0.87
const SUBSCRIPTS = ["₁", "₂", "₃"];

export class WorldView {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.surface = new Surface(canvas);
    /** What the pointer is over. @type {Hold} */
    this.hover = { kind: "space" };
    /** @type {Spot[]} */
    this.spots = [];
    this.edges = pairsOf(3);
    this.typeSize = 0; // it grows with the view, so that it reads from the back row
    this.view = new Projection({ yaw: 0, pitch: 0, zoom: 1 }, [0.5, 0.5, 0.5], RADIUS, 1, 1);
  }

  /** @param {Scene} scene */
  look(scene) {
    const { width, height } = this.surface;
    this.view = new Projection(scene.camera, [0.5, 0.5, 0.5], RADIUS, width, height);
    this.view.centreY += 0.025 * height; // the tools lie over the upper edge
    const v = scene.vertices;
    this.spots = starts(v).map((i) => this.view.project(v[i], v[i + 1], v[i + 2]));
    if (this.edges.length !== pairCount(this.spots.length)) this.edges = pairsOf(this.spots.length);
  }

  /** @param {Scene} scene @param {Theme} theme @param {Ghost[]} ghosts */
  draw(scene, theme, ghosts) {
    if (this.surface.empty) return;
    this.look(scene);
    this.fitType(theme);
    const pen = this.surface.clear();
    pen.lineJoin = "round";
    pen.lineCap = "round";
    drawCubeBehind(pen, this.view, theme);
    drawAxisNames(pen, this.view, theme, this.typeSize);
    this.drawShadow(pen, scene, theme);
    this.drawFace(pen, scene, theme);
    this.drawEdges(pen, theme);
    for (const ghost of ghosts) this.drawGhost(pen, ghost);
    drawCubeInFront(pen, this.view, theme);
    if (!scene.inside) this.drawEscapes(pen, scene, theme);
    this.drawVertices(pen, scene, theme);
    this.drawSideLengths(pen, scene, theme);
  }

  /** @param {Theme} theme */
  fitType(theme) {
    this.typeSize = theme.typeSize(Math.min(this.surface.width, this.surface.height) / 30);
  }

  /** @param {Spot[]} spots @param {CanvasRenderingContext2D} pen */
  outline(pen, spots) {
    pen.beginPath();
    spots.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
  }

  /** Soft by layers: the canvas's own blur is slow without a GPU.
   * @param {CanvasRenderingContext2D} pen @param {Scene} scene @param {Theme} theme */
  drawShadow(pen, scene, theme) {
    const v = scene.vertices;
    if (starts(v).every((i) => v[i + 2] <= 0)) return;
    const ground = starts(v).map((i) => this.view.project(v[i], v[i + 1], 0));
    this.outline(pen, this.hull(ground));
    const shade = theme.dark ? [0, 0, 0] : blend(theme.text, [40, 60, 90], 0.5);
    pen.fillStyle = css(shade, theme.dark ? 0.3 : 0.08);
    pen.strokeStyle = css(shade, theme.dark ? 0.065 : 0.019);
    pen.fill();
    for (const width of [2, 5, 8, 11, 14, 17, 20, 24]) {
      pen.lineWidth = width;
      pen.stroke();
    }
    pen.strokeStyle = css(theme.text, 0.28);
    pen.lineWidth = 1;
    pen.setLineDash([2, 4]);
    ground.forEach(([x, y], i) => {
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(this.spots[i][0], this.spots[i][1]);
      pen.stroke();
    });
    pen.setLineDash([]);
  }

  /** The face, brighter the more it turns to the light, tinted towards each vertex's colour.
   * @param {CanvasRenderingContext2D} pen @param {Scene} scene @param {Theme} theme */
  drawFace(pen, scene, theme) {
    const v = scene.vertices;
    const normal = cross(
      [v[3] - v[0], v[4] - v[1], v[5] - v[2]],
      [v[6] - v[0], v[7] - v[1], v[8] - v[2]],
    );
    const size = Math.hypot(...normal) || 1;
    const { forward, up, right } = this.view;
    // A light over the viewer's left shoulder; both faces of the triangle catch it.
    const light = [0, 1, 2].map((axis) => -forward[axis] + 0.9 * up[axis] - 0.6 * right[axis]);
    const lit = Math.abs(normal.reduce((sum, n, axis) => sum + n * light[axis], 0)) / (size * 1.48);
    const base = theme.dark
      ? blend([60, 74, 98], [196, 214, 240], lit)
      : blend([120, 138, 165], [226, 236, 248], lit);
    this.outline(pen, this.spots);
    pen.fillStyle = css(base, 0.74);
    pen.fill();
    this.spots.forEach(([x, y], i) => {
      const [nx, ny] = this.spots[(i + 1) % 3];
      const [px, py] = this.spots[(i + 2) % 3];
      const reach = Math.max(Math.hypot(nx - x, ny - y), Math.hypot(px - x, py - y), 1);
      const tint = pen.createRadialGradient(x, y, 0, x, y, reach * 0.9);
      tint.addColorStop(0, css(theme.vertices[i], 0.62));
      tint.addColorStop(1, css(theme.vertices[i], 0));
      pen.fillStyle = tint;
      pen.fill();
    });
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme */
  drawEdges(pen, theme) {
    for (const [i, j] of this.edges) {
      const [a, b] = [this.spots[i], this.spots[j]];
      const ramp = pen.createLinearGradient(a[0], a[1], b[0], b[1]);
      ramp.addColorStop(0, css(theme.vertices[i]));
      ramp.addColorStop(1, css(theme.vertices[j]));
      pen.strokeStyle = ramp;
      pen.lineWidth = 0.011 * this.view.scaleAt((a[2] + b[2]) / 2);
      pen.beginPath();
      pen.moveTo(a[0], a[1]);
      pen.lineTo(b[0], b[1]);
      pen.stroke();
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {Ghost} ghost */
  drawGhost(pen, ghost) {
    const g = ghost.vertices;
    this.outline(pen, starts(g).map((i) => this.view.project(g[i], g[i + 1], g[i + 2])));
    pen.fillStyle = css(ghost.colour, 0.1);
    pen.fill();
    pen.strokeStyle = css(ghost.colour, 1);
    pen.lineWidth = 2.5;
    pen.setLineDash(ghost.dash);
    pen.stroke();
    pen.setLineDash([]);
  }

  /** From each vertex outside the cube to the nearest place inside.
   * @param {CanvasRenderingContext2D} pen @param {Scene} scene @param {Theme} theme */
  drawEscapes(pen, scene, theme) {
    pen.strokeStyle = css(theme.warning);
    pen.lineWidth = 2;
    this.spots.forEach(([x, y, depth], i) => {
      const p = scene.vertices.slice(3 * i, 3 * i + 3);
      const q = p.map((c) => clamp(c, 0, 1));
      if (q.every((c, axis) => c === p[axis])) return;
      const [qx, qy] = this.view.project(q[0], q[1], q[2]);
      pen.setLineDash([5, 4]);
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(qx, qy);
      pen.stroke();
      pen.setLineDash([]);
      pen.beginPath();
      pen.arc(x, y, this.ballRadius(depth) + 5, 0, 2 * Math.PI);
      pen.stroke();
    });
  }

  /** @param {number} depth */
  ballRadius(depth) {
    return clamp(0.034 * this.view.scaleAt(depth), 9, 26);
  }

  /** The farthest first. @param {CanvasRenderingContext2D} pen @param {Scene} scene
   * @param {Theme} theme */
  drawVertices(pen, scene, theme) {
    const order = [...this.spots.keys()].sort((i, j) => this.spots[j][2] - this.spots[i][2]);
    for (const i of order) {
      const [x, y, depth] = this.spots[i];
      const radius = this.ballRadius(depth);
      const held = this.hover.kind === "vertex" && this.hover.vertex === i;
      if (held || scene.chosenVertex === i) this.drawRing(pen, x, y, radius + 4, theme);
      const colour = theme.vertices[i];
      const ball = pen.createRadialGradient(
        x - radius * 0.4, y - radius * 0.45, radius * 0.1, x, y, radius * 1.05,
      );
      ball.addColorStop(0, css(blend(colour, [255, 255, 255], 0.5)));
      ball.addColorStop(0.5, css(colour));
      ball.addColorStop(1, css(blend(colour, [0, 0, 0], 0.25)));
      pen.fillStyle = ball;
      pen.beginPath();
      pen.arc(x, y, radius, 0, 2 * Math.PI);
      pen.fill();
      pen.fillStyle = luminance(colour) > 0.3 ? "#111" : "#fff";
      pen.font = theme.type(theme.typeSize(radius * 1.15, 30), 700);
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(String(i + 1), x, y + 0.5);
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y
   * @param {number} radius @param {Theme} theme */
  drawRing(pen, x, y, radius, theme) {
    pen.strokeStyle = theme.ink(0.9);
    pen.lineWidth = 2.5;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.stroke();
  }

  /** Beside the middle of each side, away from the triangle.
   * @param {CanvasRenderingContext2D} pen @param {Scene} scene @param {Theme} theme */
  drawSideLengths(pen, scene, theme) {
    const size = Math.round(this.typeSize);
    const [mx, my] = this.view.project(...centroid(scene.vertices));
    pen.font = theme.type(size, 600);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    this.edges.forEach(([i, j], k) => {
      if (!this.isLabelled(i, j, scene)) return;
      const [a, b] = [this.spots[i], this.spots[j]];
      let [nx, ny] = [b[1] - a[1], a[0] - b[0]];
      const norm = Math.hypot(nx, ny) || 1;
      const [x, y] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      const away = (x - mx) * nx + (y - my) * ny < 0 ? -1 : 1;
      [nx, ny] = [(away * nx) / norm, (away * ny) / norm];
      const text = `${this.nameOf(i, j, k)} ${vertexDistance(scene.vertices, i, j).toFixed(3)}`;
      const half = pen.measureText(text).width / 2;
      const lx = x + nx * (half + 12);
      const ly = y + ny * (size / 2 + 12);
      pen.fillStyle = css(theme.background, 0.82);
      pen.beginPath();
      pen.roundRect(lx - half - 6, ly - size * 0.78, 2 * half + 12, size * 1.56, size * 0.5);
      pen.fill();
      pen.fillStyle = theme.ink(1);
      pen.fillText(text, lx, ly + 0.5);
    });
  }

  /** Whether the length between two vertices is written.
   * @param {number} _i @param {number} _j @param {Scene} _scene */
  isLabelled(_i, _j, _scene) {
    return true;
  }

  /** What the k-th length is called. @param {number} _i @param {number} _j @param {number} k */
  nameOf(_i, _j, k) {
    return `l${SUBSCRIPTS[k]}`;
  }

  /** The outline of what is held: a triangle's own. @param {Spot[]} spots @returns {Spot[]} */
  hull(spots) {
    return spots;
  }

  /** What a pointer at (x, y) would take hold of. @param {number} x @param {number} y
   * @param {number} slack extra pixels: a finger is wider than a mouse @returns {Hold} */
  holdAt(x, y, slack) {
    const near = this.nearestVertex(x, y);
    const [vx, vy, depth] = this.spots[near];
    if (Math.hypot(vx - x, vy - y) <= this.ballRadius(depth) + slack) {
      return { kind: "vertex", vertex: near };
    }
    const onEdge = this.edges.some(
      ([i, j]) => distanceToSegment(x, y, this.spots[i], this.spots[j]) < 8 + slack,
    );
    return { kind: onEdge || this.isInside(x, y) ? "triangle" : "space" };
  }

  /** @param {number} x @param {number} y @returns {number} */
  nearestVertex(x, y) {
    const distances = this.spots.map(([vx, vy]) => Math.hypot(vx - x, vy - y));
    return distances.indexOf(Math.min(...distances));
  }

  /** @param {number} x @param {number} y */
  isInside(x, y) {
    const outline = this.hull(this.spots);
    const signs = outline.map((a, i) => {
      const b = outline[(i + 1) % outline.length];
      return Math.sign((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]));
    });
    return signs.every((sign) => sign === signs[0]);
  }
}

/** @param {ArrayLike<number>} v @returns {number[]} where each vertex begins */
function starts(v) {
  return Array.from({ length: v.length / 3 }, (_, i) => 3 * i);
}

/** @param {number} count @returns {number} */
function pairCount(count) {
  return (count * (count - 1)) / 2;
}

/** @param {number} x @param {number} y @param {Spot} a @param {Spot} b */
function distanceToSegment(x, y, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const t = clamp(((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy || 1), 0, 1);
  return Math.hypot(x - a[0] - t * dx, y - a[1] - t * dy);
}
