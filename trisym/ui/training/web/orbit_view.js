/**
 * The latent cloud of a frame: 20 triangles in 25 poses each, one colour a triangle. Drawn by the
 * stage's latent view.
 *
 * @typedef {import("./reel.js").Frame} Frame
 */
import { LatentView } from "../../kit/web/latent_view.js";
import { blend } from "../../kit/web/theme.js";
import { pointsOf } from "./reel.js";

/** Okabe and Ito's seven, as they are, lighter and darker: 20 that stay apart. */
const HUES = [[0, 114, 178], [213, 94, 0], [0, 158, 115], [204, 121, 167], [230, 159, 0],
  [86, 180, 233], [150, 140, 30]];
const TINTS = { light: [0, 0.45, -0.45], dark: [0.12, 0.55, -0.2] }; // off the background
const REACH = 2.1; // half the axes of a plane or a line, in spreads: what any cloud keeps within
const CLOSER = 0.66; // of it is half the box: corners are far, and clouds seldom there

/** @param {number} count @param {boolean} dark @returns {number[][]} */
export function orbitPalette(count, dark) {
  const tints = dark ? TINTS.dark : TINTS.light;
  return Array.from({ length: count }, (_, i) => {
    const tint = tints[Math.floor(i / HUES.length) % tints.length];
    return blend(HUES[i % HUES.length], tint < 0 ? [0, 0, 0] : [255, 255, 255], Math.abs(tint));
  });
}

export class OrbitView {
  /** @param {HTMLCanvasElement} canvas @param {HTMLCanvasElement} overlay */
  constructor(canvas, overlay) {
    this.view = new LatentView(canvas, overlay);
    this.colours = new Uint8Array(0);
    this.orbits = 0;
  }

  /** @param {Frame} frame @param {number} nodes @param {number} orbits */
  show(frame, nodes, orbits) {
    const count = frame.codes.length / nodes;
    if (orbits !== this.orbits || count !== this.colours.length) {
      this.orbits = orbits;
      this.colours = Uint8Array.from({ length: count }, (_, i) => Math.floor((i * orbits) / count));
    }
    this.view.nodes = [0, 1, 2].slice(0, nodes);
    this.view.points = pointsOf(frame, nodes);
    const flat = [0, 1, 2].map((axis) => (axis < nodes ? REACH : 0));
    const box = nodes === 3 ? flat.map((end) => end * CLOSER) : flat;
    this.view.box = { low: box.map((end) => -end), high: box };
  }

  /** @param {import("../../kit/web/camera.js").CameraSettings} camera
   * @param {import("../../kit/web/theme.js").Theme} theme with the orbits' palette
   * @param {boolean} draft quick, while things move */
  draw(camera, theme, draft) {
    const count = this.colours.length;
    const track = /** @type {any} */ ({ cloud: { done: true, count } });
    this.view.drawCloud(track, camera, theme, this.colours, draft);
  }
}
