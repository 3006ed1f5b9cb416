/**
 * One cloud in one space, side lengths (3D, one camera for all sets) or a latent plane: its points,
 * the brush, and the triangle in the hand with its trail. The cloud is painted when camera, brush, size
 * or theme change; the rest every frame.
 *
 * @typedef {import("./set_cloud.js").SetCloud} SetCloud
 * @typedef {import("./paints.js").Paints} Paints
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {{x: number, y: number, radius: number, pinned: boolean}} Brush in CSS pixels
 * @typedef {{low: number[], high: number[]}} Box
 */
import { CloudPainter } from "./ball_painter.js";
import { Projection, clamp } from "./camera.js";
import { POINT_COLOUR, css } from "./theme.js";
import { Surface } from "./surface.js";

const JUMP = 0.3; // half widths of a cloud between two frames: no hand is so quick
const FINE_RATIO = 1.5; // device pixels a CSS pixel: below, four pixels make one

export class LinkedView {
  /** @param {HTMLElement} plot with two canvases @param {boolean} flat a plane, not a space
   * @param {string[]} axes names */
  constructor(plot, flat, axes) {
    const [cloudCanvas, overlayCanvas] = plot.querySelectorAll("canvas");
    this.canvas = overlayCanvas;
    this.cloudSurface = new Surface(cloudCanvas);
    this.overlay = new Surface(overlayCanvas);
    this.painters = [new CloudPainter(), new CloudPainter()];
    this.sheet = new OffscreenCanvas(1, 1);
    this.flat = flat;
    this.axes = axes;
    /** @type {Float32Array} x y z each */
    this.points = new Float32Array(0);
    /** @type {Box} */
    this.box = { low: [-1, -1, -1], high: [1, 1, 1] };
    /** @type {Brush | null} */
    this.brush = null;
    this.view = Projection.flat(1, [0, 0, 0], 1, 1, 1);
  }

  /** @param {Float32Array} points @param {Box} box */
  show(points, box) {
    this.points = points;
    this.box = box;
  }

  fit() {
    this.cloudSurface.fit();
    this.overlay.fit();
  }

  /** @param {import("./camera.js").CameraSettings} camera @param {number} ratio */
  projection(camera, ratio) {
    const [width, height] = [this.overlay.width * ratio, this.overlay.height * ratio];
    const { low, high } = this.box;
    const middle = /** @type {import("./geometry.js").Point} */ (
      high.map((end, axis) => (end + low[axis]) / 2)
    );
    const reach = high.map((end, axis) => end - low[axis]);
    if (!this.flat) return new Projection(camera, middle, 0.56 * Math.hypot(...reach), width, height);
    return Projection.flat(1, middle, 0.56 * Math.max(reach[0], reach[1]), width, height);
  }

  /** @param {SetCloud} cloud @param {import("./camera.js").CameraSettings} camera
   * @param {Theme} theme @param {Paints} paints @param {import("./paints.js").Colouring} colouring */
  drawCloud(cloud, camera, theme, paints, colouring) {
    const pen = this.cloudSurface.clear();
    if (this.cloudSurface.empty) return;
    this.view = this.projection(camera, 1);
    const colours = cloud.colours[colouring];
    if (!this.flat) this.drawBox(pen, theme, false);
    const base = cloud.brushedCount ? paints.faded : paints.full;
    this.paintBalls(pen, 0, this.points, colours, base[colouring], camera);
    if (cloud.brushedCount) {
      const [points, chosen] = onlyBrushed(this.points, colours, cloud.brushed, cloud.brushedCount);
      this.paintBalls(pen, 1, points, chosen, paints.full[colouring], camera);
    }
    if (!this.flat) this.drawBox(pen, theme, true);
    this.drawAxisNames(pen, theme);
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} layer 0: the cloud, 1: the brushed
   * @param {Float32Array} points @param {Uint8Array} colours
   * @param {import("./paints.js").Paint} paint
   * @param {import("./camera.js").CameraSettings} camera */
  paintBalls(pen, layer, points, colours, paint, camera) {
    const { cloudSurface: surface, sheet } = this;
    const painter = this.painters[layer];
    const fine = surface.ratio < FINE_RATIO ? 2 : 1;
    const [width, height] = [surface.canvas.width * fine, surface.canvas.height * fine];
    painter.resize(width, height);
    painter.takeColours(/** @type {Theme} */ (paint));
    const view = this.projection(camera, surface.ratio * fine);
    const radius = Math.max(1, 0.0092 * (1 + 0.35 * layer) * Math.min(width, height));
    const reach = 0.55 * Math.hypot(...this.box.high.map((end, axis) => end - this.box.low[axis]));
    const image = painter.paint(points, colours, colours.length, view, radius, reach);
    if (!image) return;
    if (sheet.width !== width || sheet.height !== height) Object.assign(sheet, { width, height });
    sheet.getContext("2d")?.putImageData(image, 0, 0);
    pen.drawImage(sheet, 0, 0, surface.width, surface.height);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {boolean} front */
  drawBox(pen, theme, front) {
    const ends = [this.box.low, this.box.high];
    pen.lineWidth = 1;
    pen.strokeStyle = css(theme.text, front ? 0.12 : 0.3);
    for (let axis = 0; axis < 3; axis += 1) {
      for (const [b, c] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
        const [second, third] = [(axis + 1) % 3, (axis + 2) % 3];
        const { forward } = this.view;
        const facing = (b ? -1 : 1) * forward[second] > 0 && (c ? -1 : 1) * forward[third] > 0;
        if (facing !== front) continue;
        const corner = [0, 0, 0];
        corner[second] = ends[b][second];
        corner[third] = ends[c][third];
        pen.beginPath();
        for (const end of ends) {
          corner[axis] = end[axis];
          const [x, y] = this.view.project(corner[0], corner[1], corner[2]);
          if (end === ends[0]) pen.moveTo(x, y);
          else pen.lineTo(x, y);
        }
        pen.stroke();
      }
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme */
  drawAxisNames(pen, theme) {
    const { width, height } = this.overlay;
    const size = clamp(Math.min(width, height) / 17, 11, 16);
    pen.font = theme.type(size, 600);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    this.axes.forEach((name, axis) => {
      const half = pen.measureText(name).width / 2 + 3;
      const [ax, ay] = this.endOfAxis(axis, size);
      const x = clamp(ax, half + 2, width - half - 2);
      const y = clamp(ay, size * 0.7, height - size * 0.7);
      pen.fillStyle = css(theme.background, 0.7);
      pen.fillRect(x - half, y - size * 0.6, 2 * half, size * 1.2);
      pen.fillStyle = theme.ink(0.8);
      pen.fillText(name, x, y);
    });
  }

  /** @param {number} axis @param {number} size of the type @returns {[number, number]} */
  endOfAxis(axis, size) {
    const { width, height } = this.overlay;
    if (this.flat) return axis ? [size, size] : [width - size, height - size];
    const end = this.box.low.slice();
    end[axis] += 1.1 * (this.box.high[axis] - this.box.low[axis]);
    const [x, y] = this.view.project(end[0], end[1], end[2]);
    return [x, y];
  }

  /** Which points a brush covers, all depths alike. @param {Brush} brush
   * @returns {(i: number) => boolean} */
  covering({ x, y, radius }) {
    const { points, view } = this;
    return (i) => {
      const [px, py] = view.project(points[3 * i], points[3 * i + 1], points[3 * i + 2]);
      return (px - x) ** 2 + (py - y) ** 2 <= radius ** 2;
    };
  }

  get brushRadius() {
    return clamp(0.085 * Math.min(this.overlay.width, this.overlay.height), 14, 40);
  }

  /** @param {number[][]} trail points of this space, newest last
   * @param {boolean} member whether the triangle is one of the set @param {Theme} theme */
  drawHand(trail, member, theme) {
    const pen = this.overlay.clear();
    if (this.overlay.empty) return;
    const spots = trail.map(([x, y, z]) => this.view.project(x, y, z));
    this.drawTrail(pen, trail, spots);
    if (spots.length) this.drawPoint(pen, spots[spots.length - 1], member);
    if (this.brush) this.drawBrush(pen, this.brush, theme);
  }

  /** Steps as a line, jumps dashed. @param {CanvasRenderingContext2D} pen
   * @param {number[][]} trail @param {number[][]} spots */
  drawTrail(pen, trail, spots) {
    pen.lineJoin = "round";
    pen.lineCap = "round";
    for (let i = 1; i < spots.length; i += 1) {
      const jump = this.flat && isJump(trail[i - 1], trail[i]);
      pen.strokeStyle = css(POINT_COLOUR, 0.1 + (0.7 * i) / spots.length);
      pen.lineWidth = jump ? 1.5 : 3;
      pen.setLineDash(jump ? [3, 5] : []);
      pen.beginPath();
      pen.moveTo(spots[i - 1][0], spots[i - 1][1]);
      pen.lineTo(spots[i][0], spots[i][1]);
      pen.stroke();
    }
    pen.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} pen @param {number[]} spot @param {boolean} member */
  drawPoint(pen, [x, y], member) {
    const radius = clamp(Math.min(this.overlay.width, this.overlay.height) / 36, 6, 11);
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fillStyle = css(POINT_COLOUR, member ? 1 : 0);
    pen.fill();
    pen.lineWidth = member ? 2.5 : 5;
    pen.strokeStyle = "#fff";
    pen.stroke();
    pen.beginPath();
    pen.arc(x, y, radius + (member ? 1.8 : 0), 0, 2 * Math.PI);
    pen.lineWidth = member ? 1 : 2.5;
    pen.strokeStyle = member ? "rgba(0,0,0,0.55)" : css(POINT_COLOUR);
    pen.stroke();
  }

  /** @param {CanvasRenderingContext2D} pen @param {Brush} brush @param {Theme} theme */
  drawBrush(pen, { x, y, radius, pinned }, theme) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.lineWidth = pinned ? 3 : 2;
    pen.strokeStyle = theme.ink(pinned ? 1 : 0.65);
    pen.stroke();
  }
}

/** @param {number[]} a @param {number[]} b in half widths */
export function isJump(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]) > JUMP;
}

/** @param {Float32Array} points @param {Uint8Array} colours @param {Uint8Array} brushed
 * @param {number} count @returns {[Float32Array, Uint8Array]} */
function onlyBrushed(points, colours, brushed, count) {
  const [kept, chosen] = [new Float32Array(3 * count), new Uint8Array(count)];
  for (let i = 0, k = 0; i < brushed.length; i += 1) {
    if (!brushed[i]) continue;
    kept.set(points.subarray(3 * i, 3 * i + 3), 3 * k);
    chosen[k] = colours[i];
    k += 1;
  }
  return [kept, chosen];
}
