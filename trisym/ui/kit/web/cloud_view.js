/**
 * A cloud of points in one space, 3D or flat: its points, what is brushed of it, and over it the point
 * in the hand with its trail, and the place it should not leave. The cloud is painted only when the
 * camera, the brush, the size or the theme changes; the rest every frame.
 *
 * @typedef {import("./cloud.js").Box} Box
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {import("./paint.js").Paint} Paint
 * @typedef {import("./camera.js").CameraSettings} CameraSettings
 * @typedef {{x: number, y: number, radius: number, pinned: boolean}} Brush in CSS pixels
 * @typedef {{camera: CameraSettings, theme: Theme, colours: Uint8Array, paint: Paint, draft?: boolean,
 *   faded?: Paint, brushed?: Uint8Array, brushedCount?: number}} CloudLook colours: a step of the
 *   palette for each point; draft: quick, while the camera turns; faded: where a brush leaves out
 * @typedef {{trail: ArrayLike<number>[], reference?: ArrayLike<number>, hollow?: boolean}} InHand
 *   trail: points of this space, newest last; hollow: it does not belong to the cloud
 */
import { BallPainter } from "./ball_painter.js";
import { Projection, clamp } from "./camera.js";
import { POINT_COLOUR, blend, css } from "./theme.js";
import { Surface } from "./surface.js";

const BOX_EDGES = [0, 1, 2].flatMap((axis) =>
  [[0, 0], [0, 1], [1, 0], [1, 1]].map(([b, c]) => ({ axis, b, c })),
);
/** Of a box's diagonal, or of a plane's longer side: a half, and a little for names and far points. */
const ROOM = { space: 0.53, flat: 0.58 };
const FINE_UP_TO = 20_000; // points: beyond that the coarse picture is quick, and crowded anyway
const FINE_RATIO = 1.5; // device pixels a CSS pixel: below, four pixels make one
const DRAFT_POINTS = 10_000; // while the camera turns; a set is in no order, so any part shows all
const FADES = 8; // strokes of the trail, each with one opacity
const JUMP = 0.3; // of a flat cloud between two steps: no hand is so quick

export class CloudView {
  /** @param {HTMLElement} plot with two canvases, the cloud's and the hand's
   * @param {string[]} axes their names, as many as are drawn: three make a space, fewer are flat */
  constructor(plot, axes) {
    const [cloudCanvas, overlayCanvas] = plot.querySelectorAll("canvas");
    this.cloudSurface = new Surface(cloudCanvas);
    this.overlay = new Surface(overlayCanvas);
    this.painter = new BallPainter();
    this.sheet = new OffscreenCanvas(1, 1);
    this.axes = axes;
    /** @type {Float32Array} x y z each */
    this.points = new Float32Array(0);
    /** @type {Box} */
    this.box = { low: [-1, -1, -1], high: [1, 1, 1] };
    /** @type {Brush | null} */
    this.brush = null;
    this.view = Projection.flat(1, [0, 0, 0], 1, 1, 1);
  }

  get canvas() {
    return this.overlay.canvas;
  }

  get surfaces() {
    return [this.cloudSurface, this.overlay];
  }

  get flat() {
    return this.axes.length < 3;
  }

  /** @param {Float32Array} points x y z each @param {Box} box */
  show(points, box) {
    this.points = points;
    this.box = box;
  }

  /** What must fit the canvas. */
  get radius() {
    const reach = this.box.high.map((end, axis) => end - this.box.low[axis]);
    return (this.flat ? ROOM.flat * Math.max(...reach) : ROOM.space * Math.hypot(...reach)) || 1;
  }

  /** @param {CameraSettings} camera @param {number} ratio
   * @returns {Projection} in canvas units of 1/ratio CSS pixels */
  projection(camera, ratio) {
    const [width, height] = [this.overlay.width * ratio, this.overlay.height * ratio];
    const middle = /** @type {import("./geometry.js").Point} */ (
      this.box.high.map((end, axis) => (end + this.box.low[axis]) / 2)
    );
    if (this.flat) return Projection.flat(camera.zoom, middle, this.radius, width, height);
    return new Projection(camera, middle, this.radius, width, height);
  }

  /** @param {CloudLook} look */
  drawCloud(look) {
    if (this.cloudSurface.empty) return;
    const pen = this.cloudSurface.clear();
    this.view = this.projection(look.camera, 1);
    if (!this.points.length) return;
    if (this.flat) this.drawAxes(pen, look.theme);
    else this.drawBox(pen, look.theme, false);
    const { brushed, brushedCount = 0, faded = look.paint } = look;
    this.paintBalls(pen, this.points, look.colours, brushedCount ? faded : look.paint, look, 1);
    if (brushed && brushedCount) {
      const [points, colours] = onlyBrushed(this.points, look.colours, brushed, brushedCount);
      this.paintBalls(pen, points, colours, look.paint, look, 1.35);
    }
    if (!this.flat) this.drawBox(pen, look.theme, true);
    this.drawAxisNames(pen, look.theme);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Float32Array} points @param {Uint8Array} colours
   * @param {Paint} paint @param {CloudLook} look @param {number} size of the balls */
  paintBalls(pen, points, colours, paint, { camera, draft = false }, size) {
    const { cloudSurface: surface, painter, sheet } = this;
    const count = this.points.length / 3;
    const fine = !draft && surface.ratio < FINE_RATIO && count <= FINE_UP_TO ? 2 : 1;
    const [width, height] = [surface.canvas.width * fine, surface.canvas.height * fine];
    painter.resize(width, height);
    painter.takeColours(paint);
    const view = this.projection(camera, surface.ratio * fine);
    // Balls shrink as they multiply, so that a crowd still shows its shape.
    const grain = size * clamp(0.0095 * (5000 / count) ** 0.28, 0.0035, 0.013);
    const radius = Math.max(1, grain * Math.min(width, height) * Math.sqrt(camera.zoom));
    const shown = Math.min(colours.length, draft ? DRAFT_POINTS : Infinity);
    const image = painter.paint(points, colours, shown, view, radius, 0.8 * this.radius);
    if (!image) return;
    if (sheet.width !== width || sheet.height !== height) Object.assign(sheet, { width, height });
    sheet.getContext("2d")?.putImageData(image, 0, 0);
    pen.drawImage(sheet, 0, 0, surface.width, surface.height);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {boolean} front */
  drawBox(pen, theme, front) {
    const ends = [this.box.low, this.box.high];
    const { forward } = this.view;
    pen.lineWidth = 1;
    pen.strokeStyle = css(theme.text, front ? 0.12 : 0.28);
    for (const { axis, b, c } of BOX_EDGES) {
      const [second, third] = [(axis + 1) % 3, (axis + 2) % 3];
      const facing = (b ? -1 : 1) * forward[second] > 0 && (c ? -1 : 1) * forward[third] > 0;
      if (facing !== front) continue;
      const end = [0, 0, 0];
      end[second] = ends[b][second];
      end[third] = ends[c][third];
      this.stroke(pen, ends.map((corner) => {
        end[axis] = corner[axis];
        return this.spot(end);
      }));
    }
  }

  /** The lines through the middle of a plane or a line. @param {CanvasRenderingContext2D} pen
   * @param {Theme} theme */
  drawAxes(pen, theme) {
    const [x, y] = this.view.project(0, 0, 0);
    const { width, height } = this.overlay;
    pen.lineWidth = 1;
    pen.strokeStyle = css(theme.text, 0.25);
    this.stroke(pen, [[8, y], [width - 8, y]]);
    if (this.axes.length === 2) this.stroke(pen, [[x, 8], [x, height - 8]]);
  }

  /** @param {CanvasRenderingContext2D} pen @param {number[][]} spots */
  stroke(pen, spots) {
    pen.beginPath();
    spots.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme */
  drawAxisNames(pen, theme) {
    const { width, height } = this.overlay;
    const size = theme.typeSize(Math.min(width, height) / 16, 16);
    pen.font = theme.type(size, 600);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    this.axes.forEach((name, axis) => {
      const half = pen.measureText(name).width / 2 + 3;
      const [endX, endY] = this.endOfAxis(axis);
      const x = clamp(endX, half + 2, width - half - 2);
      const y = clamp(endY, size * 0.7, height - size * 0.7);
      pen.fillStyle = css(theme.background, 0.7);
      pen.fillRect(x - half, y - size * 0.6, 2 * half, size * 1.2);
      pen.fillStyle = theme.ink(0.8);
      pen.fillText(name, x, y);
    });
  }

  /** @param {number} axis @returns {[number, number]} where its name goes */
  endOfAxis(axis) {
    const { low, high } = this.box;
    const end = this.flat ? [0, 0, 0] : low.slice();
    end[axis] = high[axis] + 0.07 * this.radius;
    const [x, y] = this.spot(end);
    if (!this.flat) return [x, y];
    return axis ? [x + 18, y] : [x, y + 14];
  }

  /** Where a point is on the canvas, and its depth. @param {ArrayLike<number>} point
   * @returns {[number, number, number]} */
  spot(point) {
    return this.view.project(point[0], point[1], point[2]);
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

  /** @param {number} x @param {number} y in CSS pixels @param {boolean} [pinned] it stays
   * @returns {Brush} */
  brushAt(x, y, pinned = false) {
    const radius = clamp(0.085 * Math.min(this.overlay.width, this.overlay.height), 14, 40);
    this.brush = { x, y, radius, pinned };
    return this.brush;
  }

  /** @param {InHand} inHand @param {Theme} theme */
  drawHand({ trail, reference, hollow = false }, theme) {
    if (this.overlay.empty) return;
    const pen = this.overlay.clear();
    const spots = trail.map((point) => this.spot(point));
    this.drawTrail(pen, trail, spots);
    const last = spots[spots.length - 1];
    if (last && reference) this.drawReference(pen, theme, this.spot(reference), last);
    if (last) this.drawPoint(pen, last, hollow);
    if (this.brush) this.drawBrush(pen, this.brush, theme);
  }

  /** Steps as a line that fades, jumps dashed. @param {CanvasRenderingContext2D} pen
   * @param {ArrayLike<number>[]} trail @param {number[][]} spots */
  drawTrail(pen, trail, spots) {
    const jumps = trail.map((point, i) => i > 0 && this.flat && isJump(trail[i - 1], point));
    const step = Math.ceil(spots.length / FADES);
    pen.lineJoin = "round";
    pen.lineCap = "round";
    for (let start = 0; start < spots.length - 1; start += step) {
      pen.strokeStyle = css(POINT_COLOUR, 0.08 + (0.75 * (start + step)) / (spots.length + step));
      const part = spots.slice(start, start + step + 1);
      pen.beginPath();
      part.forEach(([x, y], i) => (i && !jumps[start + i] ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.lineWidth = 3;
      pen.stroke();
      pen.lineWidth = 1.5;
      pen.setLineDash([3, 5]);
      part.forEach((spot, i) => i && jumps[start + i] && this.stroke(pen, [part[i - 1], spot]));
      pen.setLineDash([]);
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {number[]} spot @param {boolean} hollow */
  drawPoint(pen, [x, y], hollow) {
    const radius = clamp(Math.min(this.overlay.width, this.overlay.height) / 37, 6, 11);
    if (!hollow) this.drawGlow(pen, x, y, radius);
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fillStyle = css(POINT_COLOUR, hollow ? 0 : 1);
    pen.fill();
    pen.lineWidth = hollow ? 5 : 2.5;
    pen.strokeStyle = "#fff";
    pen.stroke();
    pen.beginPath();
    pen.arc(x, y, radius + (hollow ? 0 : 1.8), 0, 2 * Math.PI);
    pen.lineWidth = hollow ? 2.5 : 1;
    pen.strokeStyle = hollow ? css(POINT_COLOUR) : "rgba(0,0,0,0.55)";
    pen.stroke();
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y
   * @param {number} radius */
  drawGlow(pen, x, y, radius) {
    const glow = pen.createRadialGradient(x, y, radius * 0.6, x, y, radius * 3);
    glow.addColorStop(0, css(POINT_COLOUR, 0.5));
    glow.addColorStop(1, css(POINT_COLOUR, 0));
    pen.fillStyle = glow;
    pen.fillRect(x - radius * 3, y - radius * 3, radius * 6, radius * 6);
  }

  /** A cross-haired ring at the reference, and the way from there.
   * @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {number[]} reference
   * @param {number[]} spot of the point in the hand */
  drawReference(pen, theme, [rx, ry], [x, y]) {
    pen.strokeStyle = css(blend(theme.text, theme.background, 0.05));
    pen.lineWidth = 1.5;
    if (Math.hypot(x - rx, y - ry) > 14) {
      pen.setLineDash([4, 4]);
      this.stroke(pen, [[rx, ry], [x, y]]);
      pen.setLineDash([]);
    }
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(rx, ry, 13, 0, 2 * Math.PI);
    pen.stroke();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      this.stroke(pen, [[rx + dx * 10, ry + dy * 10], [rx + dx * 17, ry + dy * 17]]);
    }
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

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function isJump(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]) > JUMP;
}

/** Add a point to a trail, unless it is where the last one was. @param {ArrayLike<number>[]} trail
 * @param {ArrayLike<number>} point @param {number} most */
export function leaveTrail(trail, point, most) {
  const last = trail[trail.length - 1];
  if (last && Array.from(last).every((value, k) => value === point[k])) return;
  trail.push(Array.from(point));
  if (trail.length > most) trail.shift();
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
