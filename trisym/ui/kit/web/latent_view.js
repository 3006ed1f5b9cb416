/**
 * One model's latent space: the cloud of the reference set coloured by perimeter, and over it the
 * latent point in the hand, its trail, and the place it should not leave. The cloud is painted only
 * when the camera, the size or the theme changes; the rest every frame.
 *
 * @typedef {import("./latent_track.js").LatentTrack} LatentTrack
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {import("./camera.js").CameraSettings} CameraSettings
 */
import { CloudPainter } from "./ball_painter.js";
import { Projection, clamp } from "./camera.js";
import { POINT_COLOUR, blend, css } from "./theme.js";
import { Surface } from "./surface.js";

const BOX_EDGES = [0, 1, 2].flatMap((axis) =>
  [[0, 0], [0, 1], [1, 0], [1, 1]].map(([b, c]) => ({ axis, b, c })),
);
const FINE_UP_TO = 20_000; // points: beyond that the coarse picture is quick, and crowded anyway
const DRAFT_POINTS = 10_000; // while the camera turns; the set is in no order, so any part shows all
const FADES = 8; // strokes of the trail, each with one opacity

export class LatentView {
  /** @param {HTMLCanvasElement} cloudCanvas @param {HTMLCanvasElement} overlayCanvas */
  constructor(cloudCanvas, overlayCanvas) {
    this.cloudSurface = new Surface(cloudCanvas);
    this.overlay = new Surface(overlayCanvas);
    this.painter = new CloudPainter();
    this.sheet = new OffscreenCanvas(1, 1);
    /** @type {Float32Array} */
    this.points = new Float32Array(0);
    /** The box around the cloud, in spreads from its mean. */
    this.box = { low: [-1, -1, -1], high: [1, 1, 1] };
    /** @type {number[]} */
    this.nodes = [];
    this.view = Projection.flat(1, [0, 0, 0], 1, 1, 1);
  }

  /** @returns {boolean} whether the size changed */
  fit() {
    const changed = this.cloudSurface.fit();
    return this.overlay.fit() || changed;
  }

  /** @param {LatentTrack} track @param {number[]} nodes up to three */
  show(track, nodes) {
    this.nodes = nodes;
    this.points = track.cloud.points(nodes);
    this.box = boxAround(this.points);
  }

  /** Half the diagonal of the box: what must fit the canvas. */
  get radius() {
    const { low, high } = this.box;
    return Math.hypot(...high.map((end, axis) => end - low[axis])) / 2 || 1;
  }

  /** @param {CameraSettings} camera @param {number} ratio
   * @returns {Projection} in canvas units of 1/ratio CSS pixels */
  projection(camera, ratio) {
    const width = this.overlay.width * ratio;
    const height = this.overlay.height * ratio;
    const middle = /** @type {import("./geometry.js").Point} */ (
      this.box.high.map((end, axis) => (end + this.box.low[axis]) / 2)
    );
    if (this.nodes.length === 3) {
      return new Projection(camera, middle, this.radius, width, height);
    }
    return Projection.flat(camera.zoom, middle, this.radius, width, height);
  }

  /** @param {LatentTrack} track @param {CameraSettings} camera @param {Theme} theme
   * @param {Uint8Array} colours an index into the palette for each triangle
   * @param {boolean} draft quick, while the camera turns */
  drawCloud(track, camera, theme, colours, draft) {
    const surface = this.cloudSurface;
    if (surface.empty) return;
    const pen = surface.clear();
    this.view = this.projection(camera, 1);
    if (!track.cloud.done) return;
    if (this.nodes.length === 3) this.drawBox(pen, theme, false);
    else this.drawAxes(pen, theme);
    this.paintBalls(pen, track, camera, theme, colours, draft);
    if (this.nodes.length === 3) this.drawBox(pen, theme, true);
    this.drawAxisNames(pen, theme);
  }

  /** @param {CanvasRenderingContext2D} pen @param {LatentTrack} track
   * @param {CameraSettings} camera @param {Theme} theme @param {Uint8Array} colours
   * @param {boolean} draft */
  paintBalls(pen, track, camera, theme, colours, draft) {
    const surface = this.cloudSurface;
    const { painter, sheet } = this;
    const count = track.cloud.count;
    // Where pixels are coarse, four make one: round balls, smooth edges.
    const fine = !draft && surface.ratio < 1.5 && count <= FINE_UP_TO ? 2 : 1;
    const width = surface.canvas.width * fine;
    const height = surface.canvas.height * fine;
    painter.resize(width, height);
    painter.takeColours(theme);
    const view = this.projection(camera, surface.ratio * fine);
    // Balls shrink as they multiply, so that a crowd still shows its shape.
    const grain = clamp(0.0095 * (5000 / count) ** 0.28, 0.0035, 0.013);
    const radius = Math.max(1, grain * Math.min(width, height) * Math.sqrt(camera.zoom));
    const shown = draft ? Math.min(count, DRAFT_POINTS) : count;
    const image = painter.paint(this.points, colours, shown, view, radius, 0.8 * this.radius);
    if (!image) return;
    if (sheet.width !== width || sheet.height !== height) Object.assign(sheet, { width, height });
    sheet.getContext("2d")?.putImageData(image, 0, 0);
    pen.drawImage(sheet, 0, 0, surface.width, surface.height);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {boolean} front */
  drawBox(pen, theme, front) {
    const ends = [this.box.low, this.box.high];
    pen.lineWidth = 1;
    pen.strokeStyle = css(theme.text, front ? 0.12 : 0.28);
    for (const { axis, b, c } of BOX_EDGES) {
      const [second, third] = [(axis + 1) % 3, (axis + 2) % 3];
      const { forward } = this.view;
      const facing = (b ? -1 : 1) * forward[second] > 0 && (c ? -1 : 1) * forward[third] > 0;
      if (facing !== front) continue;
      const end = [0, 0, 0];
      end[second] = ends[b][second];
      end[third] = ends[c][third];
      end[axis] = this.box.low[axis];
      const [x, y] = this.view.project(end[0], end[1], end[2]);
      end[axis] = this.box.high[axis];
      const [tx, ty] = this.view.project(end[0], end[1], end[2]);
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(tx, ty);
      pen.stroke();
    }
  }

  /** The lines through the mean of a plane or a line. @param {CanvasRenderingContext2D} pen
   * @param {Theme} theme */
  drawAxes(pen, theme) {
    const [x, y] = this.view.project(0, 0, 0);
    pen.lineWidth = 1;
    pen.strokeStyle = css(theme.text, 0.25);
    pen.beginPath();
    pen.moveTo(8, y);
    pen.lineTo(this.overlay.width - 8, y);
    if (this.nodes.length === 2) {
      pen.moveTo(x, 8);
      pen.lineTo(x, this.overlay.height - 8);
    }
    pen.stroke();
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme */
  drawAxisNames(pen, theme) {
    const size = clamp(Math.min(this.overlay.width, this.overlay.height) / 16, 11, 16);
    pen.font = theme.type(size, 600);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    this.nodes.forEach((node, axis) => {
      const text = `N${node + 1}`;
      const half = pen.measureText(text).width / 2 + 3;
      let [x, y] = this.endOfAxis(axis);
      x = clamp(x, half + 2, this.overlay.width - half - 2);
      y = clamp(y, size * 0.7, this.overlay.height - size * 0.7);
      pen.fillStyle = css(theme.background, 0.7);
      pen.fillRect(x - half, y - size * 0.6, 2 * half, size * 1.2);
      pen.fillStyle = theme.ink(0.8);
      pen.fillText(text, x, y);
    });
  }

  /** @param {number} axis @returns {[number, number]} where its name goes */
  endOfAxis(axis) {
    const { low, high } = this.box;
    const end = this.nodes.length === 3 ? low.slice() : [0, 0, 0];
    end[axis] = high[axis] + 0.07 * this.radius;
    const [x, y] = this.view.project(end[0], end[1], end[2]);
    if (this.nodes.length === 3) return [x, y];
    return axis ? [x + 18, y] : [x, y + 14];
  }

  /** Where a latent is on the canvas. @param {LatentTrack} track @param {ArrayLike<number>} latent
   * @returns {[number, number, number]} */
  spot(track, latent) {
    const p = [0, 0, 0];
    this.nodes.forEach((node, axis) => {
      p[axis] = track.cloud.place(latent[node], node);
    });
    return this.view.project(p[0], p[1], p[2]);
  }

  /** @param {LatentTrack} track @param {Theme} theme */
  drawPoint(track, theme) {
    if (this.overlay.empty) return;
    const pen = this.overlay.clear();
    if (!track.cloud.done) return;
    this.drawTrail(pen, track);
    const [x, y] = this.spot(track, track.latent);
    const [rx, ry] = this.spot(track, track.referenceLatent);
    this.drawReference(pen, theme, rx, ry, x, y);
    const radius = clamp(Math.min(this.overlay.width, this.overlay.height) / 38, 6, 11);
    const glow = pen.createRadialGradient(x, y, radius * 0.6, x, y, radius * 3);
    glow.addColorStop(0, css(POINT_COLOUR, 0.5));
    glow.addColorStop(1, css(POINT_COLOUR, 0));
    pen.fillStyle = glow;
    pen.fillRect(x - radius * 3, y - radius * 3, radius * 6, radius * 6);
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fillStyle = css(POINT_COLOUR);
    pen.fill();
    pen.lineWidth = 2.5;
    pen.strokeStyle = "#fff";
    pen.stroke();
    pen.beginPath();
    pen.arc(x, y, radius + 1.8, 0, 2 * Math.PI);
    pen.lineWidth = 1;
    pen.strokeStyle = "rgba(0,0,0,0.55)";
    pen.stroke();
  }

  /** @param {CanvasRenderingContext2D} pen @param {LatentTrack} track */
  drawTrail(pen, track) {
    const spots = track.trail.map((latent) => this.spot(track, latent));
    const step = Math.ceil(spots.length / FADES);
    pen.lineJoin = "round";
    pen.lineWidth = 3;
    for (let start = 0; start < spots.length - 1; start += step) {
      pen.strokeStyle = css(POINT_COLOUR, 0.08 + (0.75 * (start + step)) / (spots.length + step));
      pen.beginPath();
      spots.slice(start, start + step + 1).forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.stroke();
    }
  }

  /** A cross-haired ring where the latent was at the reference, and the way from there.
   * @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {number} rx
   * @param {number} ry @param {number} x @param {number} y */
  drawReference(pen, theme, rx, ry, x, y) {
    pen.strokeStyle = css(blend(theme.text, theme.background, 0.05));
    pen.lineWidth = 1.5;
    if (Math.hypot(x - rx, y - ry) > 14) {
      pen.setLineDash([4, 4]);
      pen.beginPath();
      pen.moveTo(rx, ry);
      pen.lineTo(x, y);
      pen.stroke();
      pen.setLineDash([]);
    }
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(rx, ry, 13, 0, 2 * Math.PI);
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      pen.moveTo(rx + dx * 10, ry + dy * 10);
      pen.lineTo(rx + dx * 17, ry + dy * 17);
    }
    pen.stroke();
  }
}

/** From the 1st to the 199th of 200 points along each axis: a few far ones don't shrink the rest.
 * @param {Float32Array} points x y z each */
function boxAround(points) {
  const count = points.length / 3;
  const [low, high] = [[0, 0, 0], [0, 0, 0]];
  for (let axis = 0; axis < 3; axis += 1) {
    const sorted = new Float32Array(count);
    for (let i = 0; i < count; i += 1) sorted[i] = points[3 * i + axis];
    sorted.sort();
    low[axis] = sorted[Math.floor(0.005 * (count - 1))];
    high[axis] = sorted[Math.ceil(0.995 * (count - 1))];
  }
  return { low, high };
}
