/**
 * How the points of a cloud are coloured: by perimeter, one scale for all sets, or by which side is
 * the constant one; and both faded, for what a brush leaves out.
 *
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {{palette: number[][], background: number[], dark: boolean}} Paint
 * @typedef {"perimeter" | "constant"} Colouring
 */
import { blend } from "./theme.js";

/** Constant side l1, l2, l3 (Okabe and Ito 2008): blue, orange, bluish green. */
export const SIDE_COLOURS = [[0, 114, 178], [230, 159, 0], [0, 158, 115]];
const NO_SIDE = [128, 128, 128];
const FADE = 0.86;

export class Paints {
  /** @param {Theme} theme */
  constructor(theme) {
    const { background, dark, palette } = theme;
    const lift = (/** @type {number[]} */ rgb) => (dark ? blend(rgb, [255, 255, 255], 0.2) : rgb);
    this.sides = SIDE_COLOURS.map(lift);
    /** @type {Record<Colouring, Paint>} */
    this.full = {
      perimeter: { palette, background, dark },
      constant: { palette: [NO_SIDE, ...this.sides], background, dark },
    };
    this.faded = {
      perimeter: { ...this.full.perimeter, palette: fade(palette, background) },
      constant: { ...this.full.constant, palette: fade(this.full.constant.palette, background) },
    };
  }
}

/** @param {number[][]} palette @param {number[]} background */
function fade(palette, background) {
  return palette.map((rgb) => blend(rgb, background, FADE));
}
