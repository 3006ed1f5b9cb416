/**
 * A camera that turns about its target, the third axis up: yaw and pitch in radians, a zoom factor,
 * and the perspective projection (x, y, depth) that every view shares.
 *
 * @typedef {{yaw: number, pitch: number, zoom: number}} CameraSettings
 */

const STEEPEST = 1.54; // just under a right angle: at the pole left and right would flip
export const ZOOM_RANGE = [0.35, 6];
const DISTANCE = 4.2; // in radii of what is shown: a gentle perspective

/** @param {number} value @param {number} low @param {number} high @returns {number} */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** Turn by a drag of (dx, dy) radians. @param {CameraSettings} camera
 * @param {number} dx @param {number} dy */
export function turnCamera(camera, dx, dy) {
  camera.yaw = (camera.yaw - dx) % (2 * Math.PI);
  camera.pitch = clamp(camera.pitch + dy, -STEEPEST, STEEPEST);
}

/** @param {CameraSettings} camera @param {number} factor
 * @returns {boolean} whether the zoom changed: false at either end */
export function zoomBy(camera, factor) {
  const before = camera.zoom;
  camera.zoom = clamp(camera.zoom * factor, ZOOM_RANGE[0], ZOOM_RANGE[1]);
  return camera.zoom !== before;
}

/** @param {ArrayLike<number>} numbers yaw, pitch, zoom @returns {CameraSettings} */
export function cameraFrom(numbers) {
  return { yaw: numbers[0], pitch: numbers[1], zoom: numbers[2] };
}

/** @param {CameraSettings} camera @returns {[number, number, number]} */
export function numbersOf({ yaw, pitch, zoom }) {
  return [yaw, pitch, zoom];
}

/** What one camera sees in one canvas: fixed for a frame. */
export class Projection {
  /**
   * @param {CameraSettings} camera @param {import("./geometry.js").Point} target looked at
   * @param {number} radius of the sphere around the target that fills the view at zoom 1
   * @param {number} width @param {number} height of the canvas, in any one unit
   */
  constructor(camera, target, radius, width, height) {
    const [sy, cy] = [Math.sin(camera.yaw), Math.cos(camera.yaw)];
    const [sp, cp] = [Math.sin(camera.pitch), Math.cos(camera.pitch)];
    this.target = target;
    this.right = /** @type {import("./geometry.js").Point} */ ([-sy, cy, 0]);
    this.up = /** @type {import("./geometry.js").Point} */ ([-cy * sp, -sy * sp, cp]);
    this.forward = /** @type {import("./geometry.js").Point} */ ([-cp * cy, -cp * sy, -sp]);
    this.distance = DISTANCE * radius;
    this.focal = (camera.zoom * Math.min(width, height) * this.distance) / (2 * radius);
    this.centreX = width / 2;
    this.centreY = height / 2;
  }

  /** A view straight down the third axis without perspective, for planes and lines.
   * @param {number} zoom @param {import("./geometry.js").Point} target @param {number} radius
   * @param {number} width @param {number} height */
  static flat(zoom, target, radius, width, height) {
    const flat = new Projection({ yaw: 0, pitch: 0, zoom }, target, radius, width, height);
    flat.right = [1, 0, 0];
    flat.up = [0, 1, 0];
    flat.forward = [0, 0, -1];
    return flat;
  }

  /** @param {number} x @param {number} y @param {number} z
   * @returns {[number, number, number]} canvas x and y, and depth: 0 at the target, + is behind */
  project(x, y, z) {
    const { target: t, right: r, up: u, forward: f } = this;
    const [a, b, c] = [x - t[0], y - t[1], z - t[2]];
    const depth = a * f[0] + b * f[1] + c * f[2];
    const scale = this.scaleAt(depth);
    return [
      this.centreX + scale * (a * r[0] + b * r[1] + c * r[2]),
      this.centreY - scale * (a * u[0] + b * u[1] + c * u[2]),
      depth,
    ];
  }

  /** Canvas units for one unit of space at a depth; what is behind the eye is held just before it.
   * @param {number} depth @returns {number} */
  scaleAt(depth) {
    return this.focal / Math.max(this.distance + depth, 0.05 * this.distance);
  }

  /** The step in space that moves a point at `depth` by (dx, dy) on the canvas and `away` in depth.
   * @param {number} dx @param {number} dy @param {number} depth @param {number} [away]
   * @returns {import("./geometry.js").Point} */
  stepInSpace(dx, dy, depth, away = 0) {
    const scale = this.scaleAt(depth);
    return /** @type {import("./geometry.js").Point} */ (
      [0, 1, 2].map(
        (axis) =>
          (dx * this.right[axis] - dy * this.up[axis]) / scale + away * this.forward[axis],
      )
    );
  }
}
