/**
 * Two bars for a side: its true length, and what the units that watch it add up to, a piece each.
 *
 * @typedef {import("../../kit/web/theme.js").Theme} Theme
 * @typedef {{true: number, sum: number, pieces: {length: number, light: number}[]}} Measured
 */
import { Surface } from "../../kit/web/surface.js";
import { css } from "../../kit/web/theme.js";
import { glow } from "./glow.js";

const GAP = 0.12; // of the height, between the bars
const THINNEST = 2.5; // pixels of a piece that has room for a line beside it

export class SumBars {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.surface = new Surface(canvas);
  }

  /** @param {Measured} measured @param {number} longest what fills the width @param {Theme} theme */
  draw(measured, longest, theme) {
    const { surface } = this;
    if (surface.empty) return;
    const pen = surface.clear();
    const { width, height } = surface;
    const thick = (height * (1 - GAP)) / 2;
    const lower = height - thick;
    const scale = width / longest;
    pen.fillStyle = css(theme.text, 0.07);
    pen.fillRect(0, 0, width, thick);
    pen.fillRect(0, lower, width, thick);
    pen.fillStyle = theme.ink(0.78);
    pen.fillRect(0, 0, measured.true * scale, thick);
    this.drawPieces(pen, measured, scale, lower, thick, theme);
    pen.strokeStyle = theme.ink(1);
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(measured.true * scale, 0);
    pen.lineTo(measured.true * scale, height);
    pen.stroke();
  }

  /** The largest first, so that the bar fades out to the right. @param {CanvasRenderingContext2D} pen
   * @param {Measured} measured @param {number} scale @param {number} top @param {number} thick
   * @param {Theme} theme */
  drawPieces(pen, { pieces }, scale, top, thick, theme) {
    let from = 0;
    for (const { length, light } of pieces.sort((a, b) => b.length - a.length)) {
      const wide = length * scale;
      pen.fillStyle = css(glow(theme, light));
      pen.fillRect(from, top, Math.max(wide, 0) + 0.3, thick);
      if (wide > THINNEST) {
        pen.fillStyle = css(theme.background, 0.55);
        pen.fillRect(from + wide - 0.6, top, 0.9, thick);
      }
      from += wide;
    }
  }
}
