/**
 * What colours the points of a cloud: a palette on a background; a theme is one, by perimeter.
 *
 * @typedef {{palette: number[][], background: number[], dark: boolean}} Paint
 */
import { blend } from "./theme.js";

const FADE = 0.86;

/** The same, for what a brush leaves out. @param {Paint} paint @returns {Paint} */
export function faded({ palette, background, dark }) {
  return { palette: palette.map((rgb) => blend(rgb, background, FADE)), background, dark };
}
