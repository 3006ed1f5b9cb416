/**
 * One model's latent space: the cloud of the reference set coloured by perimeter, and over it the
 * latent point in the hand, its trail, and the place it should not leave. The cloud is painted only
 * when the camera, the size or the theme changes; the rest every frame.
 *
 * @typedef {import("./latent_track.js").LatentTrack} LatentTrack
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {import("./camera.js").CameraSettings} CameraSettings
 */
import { CloudPainter } from "./cloud.js";
import { Projection, clamp } from "./camera.js";
import { POINT_COLOUR, blend, css } from "./theme.js";
import { Surface } from "./surface.js";

const BOX_EDGES = [0, 1, 2].flatMap((axis) =>
  [[-1, -1], [-1, 1], [1, -1], [1, 1]].map(([b, c]) => ({ axis, b, c })),
);
const FADES = 8; // strokes of the trail, each with one opacity

export class LatentView {
  /** @param {HTMLCanvasElement} cloudCanvas @param {HTMLCanvasElement} overlayCanvas */
  constructor(cloudCanvas, overlayCanvas) {
    this.cloudSurface = new Surface(cloudCanvas);
    this.overlay = new Surface(overlayCanvas);
    this.painter = new CloudPainter();
    this.sheet = new OffscreenCanvas(1, 1);
    this.points = new Float32Array(0);
    /** @type {number[]} */
    this.nodes = [];
    this.view = Projection.flat(1, 1, 1, 1);
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
  }

  /** @param {LatentTrack} track @param {CameraSettings} camera @param {number} ratio
   * @returns {Projection} in canvas units of 1/ratio CSS pixels */
  projection(track, camera, ratio) {
    const width = this.overlay.width * ratio;
    const height = this.overlay.height * ratio;
    const radius = 1.12 * track.cloud.reach || 1;
    if (this.nodes.length < 3) return Projection.flat(camera.zoom, radius, width, height);
    return new Projection(camera, [0, 0, 0], radius, width, height);
  }

  /** @param {LatentTrack} track @param {CameraSettings} camera @param {Theme} theme
   * @param {Uint8Array} colours an index into the palette for each triangle */
  drawCloud(track, camera, theme, colours) {
    const surface = this.cloudSurface;
    if (surface.empty) return;
    const pen = surface.clear();
    this.view = this.projection(track, camera, 1);
    if (!track.cloud.done) return;
    const reach = track.cloud.reach;
    if (this.nodes.length === 3) this.drawBox(pen, theme, reach * 0.86, false);
    else this.drawAxes(pen, theme);
    this.paintBalls(pen, track, camera, theme, colours);
    if (this.nodes.length === 3) this.drawBox(pen, theme, reach * 0.86, true);
    this.drawAxisNames(pen, theme, reach * 0.86);
  }

  /** @param {CanvasRenderingContext2D} pen @param {LatentTrack} track
   * @param {CameraSettings} camera @param {Theme} theme @param {Uint8Array} colours */
  paintBalls(pen, track, camera, theme, colours) {
    const surface = this.cloudSurface;
    const { painter, sheet } = this;
    const { width, height } = surface.canvas;
    painter.resize(width, height);
    painter.setColours(theme.palette, theme.background, theme.dark);
    const view = this.projection(track, camera, surface.ratio);
    const count = track.cloud.count;
    // Balls shrink as they multiply, so that a crowd still shows its shape.
    const grain = clamp(0.0085 * (5000 / count) ** 0.28, 0.0035, 0.013);
    const radius = Math.max(1, grain * Math.min(width, height) * Math.sqrt(camera.zoom));
    const image = painter.paint(this.points, colours, count, view, radius, track.cloud.reach);
    if (!image) return;
    sheet.width = width;
    sheet.height = height;
    sheet.getContext("2d")?.putImageData(image, 0, 0);
    pen.drawImage(sheet, 0, 0, surface.width, surface.height);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {number} reach
   * @param {boolean} front */
  drawBox(pen, theme, reach, front) {
    pen.lineWidth = 1;
    pen.strokeStyle = css(theme.text, front ? 0.12 : 0.28);
    for (const { axis, b, c } of BOX_EDGES) {
      const [second, third] = [(axis + 1) % 3, (axis + 2) % 3];
      const facing = -this.view.forward[second] * b > 0 && -this.view.forward[third] * c > 0;
      if (facing !== front) continue;
      const end = [0, 0, 0];
      end[second] = b * reach;
      end[third] = c * reach;
      end[axis] = -reach;
      const [x, y] = this.view.project(end[0], end[1], end[2]);
      end[axis] = reach;
      const [tx, ty] = this.view.project(end[0], end[1], end[2]);
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(tx, ty);
      pen.stroke();
    }
  }

  /** The zero lines of a plane or a line. @param {CanvasRenderingContext2D} pen
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

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {number} reach */
  drawAxisNames(pen, theme, reach) {
    const size = clamp(Math.min(this.overlay.width, this.overlay.height) / 17, 11, 16);
    pen.font = theme.type(size, 600);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    this.nodes.forEach((node, axis) => {
      const end = this.nodes.length === 3 ? [-reach, -reach, -reach] : [0, 0, 0];
      end[axis] = this.nodes.length === 3 ? reach * 1.13 : reach;
      let [x, y] = this.view.project(end[0], end[1], end[2]);
      if (this.nodes.length < 3) [x, y] = axis ? [x + size * 1.3, y] : [x, y + size];
      pen.fillStyle = css(theme.background, 0.7);
      const text = `N${node + 1}`;
      const half = pen.measureText(text).width / 2 + 3;
      pen.fillRect(x - half, y - size * 0.6, 2 * half, size * 1.2);
      pen.fillStyle = theme.ink(0.8);
      pen.fillText(text, x, y);
    });
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
