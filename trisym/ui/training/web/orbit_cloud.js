/**
 * The latent cloud of a frame: 20 triangles in 25 poses each, one colour an orbit, which is a triangle
 * in all its poses.
 *
 * @typedef {import("./frames.js").Frame} Frame
 */
import { CloudView } from "../../kit/web/cloud_view.js";
import { blend } from "../../kit/web/theme.js";
import { pointsOf } from "./frames.js";

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

export class OrbitCloud extends CloudView {
  /** @param {HTMLElement} plot with two canvases */
  constructor(plot) {
    super(plot, []);
    this.colours = new Uint8Array(0);
    this.orbits = 0;
  }

  /** @param {Frame} frame @param {number} nodes @param {number} orbits */
  showFrame(frame, nodes, orbits) {
    const count = frame.codes.length / nodes;
    if (orbits !== this.orbits || count !== this.colours.length) {
      this.orbits = orbits;
      this.colours = Uint8Array.from({ length: count }, (_, i) => Math.floor((i * orbits) / count));
    }
    this.axes = ["N₁", "N₂", "N₃"].slice(0, nodes);
    const reach = nodes === 3 ? REACH * CLOSER : REACH;
    const high = [0, 1, 2].map((axis) => (axis < nodes ? reach : 0));
    this.show(pointsOf(frame, nodes), { low: high.map((end) => -end), high });
  }
}
