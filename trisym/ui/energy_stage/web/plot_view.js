/**
 * The plot beside the molecule: the exact curve, each predictor's in this pose, their bands over many
 * poses, and a dot that runs on the curve with the hand. What is far above the plot is marked so.
 *
 * @typedef {import("../../stage/web/theme.js").Theme} Theme
 * @typedef {import("./curves.js").Curves} Curves
 */
import { Surface } from "../../stage/web/surface.js";
import { clamp } from "../../stage/web/camera.js";
import { blend, css } from "../../stage/web/theme.js";
import { energyText } from "./potential.js";
import { runsOf } from "./curves.js";

const ENERGY_RANGE = [-3.4, 4.4]; // from a little below -3, all sides at the minimum, to what was trained
const TICK_STEPS = [0.02, 0.05, 0.1, 0.2, 0.5];
/** By kind: colours on paper (a little lighter on dark pages), and dashes. */
const KIND_LOOKS = /** @type {Record<string, {colour: number[], dash: number[], width: number}>} */ ({
  sides: { colour: [0, 114, 178], dash: [], width: 3 },
  latent: { colour: [0, 128, 94], dash: [10, 6], width: 3 },
  coordinates: { colour: [213, 94, 0], dash: [2.5, 5], width: 3.4 },
});

/** @param {string} kind @param {Theme} theme */
export function colourOf(kind, theme) {
  const { colour } = KIND_LOOKS[kind];
  return theme.dark ? blend(colour, [255, 255, 255], 0.28) : colour;
}

export class PlotView {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.surface = new Surface(canvas);
    this.low = 0;
    this.high = 1;
  }

  get typeSize() {
    return clamp(Math.min(this.surface.width / 44, this.surface.height / 22), 12, 22);
  }

  /** The frame of the plot in pixels. */
  get frame() {
    const size = this.typeSize;
    const { width, height } = this.surface;
    return { left: size * 2.6, right: width - size * 0.9, top: size * 2.3, bottom: height - size * 2.9 };
  }

  /** @param {number} t */
  x(t) {
    const { left, right } = this.frame;
    return left + ((t - this.low) / (this.high - this.low)) * (right - left);
  }

  /** @param {number} energy */
  y(energy) {
    const { top, bottom } = this.frame;
    return bottom - ((energy - ENERGY_RANGE[0]) / (ENERGY_RANGE[1] - ENERGY_RANGE[0])) * (bottom - top);
  }

  /** @param {number} x in pixels @returns {number} t */
  parameterAt(x) {
    const { left, right } = this.frame;
    return this.low + clamp((x - left) / (right - left), 0, 1) * (this.high - this.low);
  }

  /** @param {Curves} curves @param {string[]} kinds @param {import("./bands.js").Bands} bands
   * @param {{t: number, exact: number, predicted: number[], label: string, exactOnly: boolean}} now
   * @param {Theme} theme */
  draw(curves, kinds, bands, now, theme) {
    if (this.surface.empty) return;
    [this.low, this.high] = [curves.t[0], curves.t[curves.t.length - 1]];
    const pen = this.surface.clear();
    pen.lineJoin = "round";
    pen.lineCap = "round";
    const shown = now.exactOnly ? [] : kinds;
    this.drawAxes(pen, theme, now.label);
    pen.save();
    const { left, right, top, bottom } = this.frame;
    pen.beginPath();
    pen.rect(left, top, right - left, bottom - top);
    pen.clip();
    if (!now.exactOnly) this.drawUnlike(pen, curves, theme);
    shown.forEach((kind, i) => this.drawBand(pen, bands, i, colourOf(kind, theme), theme));
    this.drawCurve(pen, curves.t, curves.exact, theme.ink(1), [], 6);
    shown.forEach((kind, i) => {
      const { dash, width } = KIND_LOOKS[kind];
      this.drawCurve(pen, curves.t, curves.predicted[i], css(colourOf(kind, theme)), dash, width);
    });
    pen.restore();
    this.drawNow(pen, shown, now, theme);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {string} label */
  drawAxes(pen, theme, label) {
    const { left, right, top, bottom } = this.frame;
    const size = this.typeSize;
    pen.font = theme.type(size, 500);
    pen.lineWidth = 1;
    pen.fillStyle = theme.ink(0.75);
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    for (let energy = Math.ceil(ENERGY_RANGE[0]); energy <= ENERGY_RANGE[1]; energy += 1) {
      const y = this.y(energy);
      pen.strokeStyle = css(theme.text, energy === 0 ? 0.4 : 0.1);
      pen.beginPath();
      pen.moveTo(left, y);
      pen.lineTo(right, y);
      pen.stroke();
      pen.fillText(String(energy).replace("-", "−"), left - size * 0.45, y);
    }
    pen.textAlign = "center";
    const span = this.high - this.low;
    const step = TICK_STEPS.find((tick) => span / tick <= Math.max(3, (right - left) / (size * 4))) ?? 1;
    for (let k = Math.ceil(this.low / step); k * step <= this.high + 1e-9; k += 1) {
      const x = this.x(k * step);
      pen.strokeStyle = css(theme.text, 0.1);
      pen.beginPath();
      pen.moveTo(x, top);
      pen.lineTo(x, bottom);
      pen.stroke();
      pen.fillText((k * step).toFixed(step < 0.1 ? 2 : 1), x, bottom + size * 0.85);
    }
    pen.fillStyle = theme.ink(0.9);
    pen.font = theme.type(size * 1.05, 600);
    pen.fillText(label, (left + right) / 2, bottom + size * 2.15);
    pen.textAlign = "left";
    pen.fillText("energy E", size * 0.5, size * 1.15);
  }

  /** Where no predictor was trained: hatched, and said in words.
   * @param {CanvasRenderingContext2D} pen @param {Curves} curves @param {Theme} theme */
  drawUnlike(pen, curves, theme) {
    const { top, bottom } = this.frame;
    const size = this.typeSize;
    const kinds = /** @type {const} */ ([
      [curves.outside, "an atom out of the box", 1, bottom - size],
      [curves.short, "a side < 0.48", -1, bottom - 2.6 * size],
    ]);
    for (const [flags, words, slant, y] of kinds) {
      for (const [from, to] of runsOf(curves.t, flags)) {
        const [x0, x1] = [this.x(from), this.x(to)];
        pen.save();
        pen.beginPath();
        pen.rect(x0, top, x1 - x0, bottom - top);
        pen.clip();
        pen.fillStyle = css(theme.warning, 0.09);
        pen.fillRect(x0, top, x1 - x0, bottom - top);
        this.hatch(pen, x0, x1, slant, css(theme.warning, 0.2));
        pen.restore();
        this.tell(pen, words, (x0 + x1) / 2, y, x1 - x0, theme);
      }
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} x0 @param {number} x1
   * @param {number} slant @param {string} colour */
  hatch(pen, x0, x1, slant, colour) {
    const { top, bottom } = this.frame;
    const height = bottom - top;
    pen.strokeStyle = colour;
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (let x = x0 - height; x < x1 + height; x += 11) {
      pen.moveTo(x, slant > 0 ? bottom : top);
      pen.lineTo(x + height, slant > 0 ? top : bottom);
    }
    pen.stroke();
  }

  /** @param {CanvasRenderingContext2D} pen @param {string} words @param {number} x @param {number} y
   * @param {number} room @param {Theme} theme */
  tell(pen, words, x, y, room, theme) {
    pen.font = theme.type(this.typeSize * 0.9, 600);
    const width = pen.measureText(words).width;
    if (width > room) return;
    pen.fillStyle = css(theme.panel, 0.85);
    pen.fillRect(x - width / 2 - 4, y - this.typeSize * 0.7, width + 8, this.typeSize * 1.4);
    pen.fillStyle = css(theme.warning);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(words, x, y);
  }

  /** @param {CanvasRenderingContext2D} pen @param {import("./bands.js").Bands} bands
   * @param {number} index @param {number[]} colour @param {Theme} theme */
  drawBand(pen, bands, index, colour, theme) {
    pen.fillStyle = css(colour, theme.dark ? 0.3 : 0.22);
    for (let i = 1; i < bands.t.length; i += 1) {
      const [a, b] = [bands.ends[i - 1][index], bands.ends[i][index]];
      if (!a || !b) continue;
      const [x0, x1] = [this.x(bands.t[i - 1]), this.x(bands.t[i]) + 0.6];
      pen.beginPath();
      pen.moveTo(x0, this.y(a[0]));
      pen.lineTo(x0, this.y(a[1]));
      pen.lineTo(x1, this.y(b[1]));
      pen.lineTo(x1, this.y(b[0]));
      pen.fill();
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {number[]} t @param {number[]} energies
   * @param {string} colour @param {number[]} dash @param {number} width */
  drawCurve(pen, t, energies, colour, dash, width) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.beginPath();
    energies.forEach((energy, i) => {
      const y = this.y(clamp(energy, ENERGY_RANGE[0] - 20, ENERGY_RANGE[1] + 20));
      if (i) pen.lineTo(this.x(t[i]), y);
      else pen.moveTo(this.x(t[i]), y);
    });
    pen.stroke();
    pen.setLineDash([]);
  }

  /** The dot on the curve, and how far the predictions are from it.
   * @param {CanvasRenderingContext2D} pen @param {string[]} kinds
   * @param {{t: number, exact: number, predicted: number[]}} now @param {Theme} theme */
  drawNow(pen, kinds, now, theme) {
    const { top, bottom } = this.frame;
    const x = this.x(now.t);
    const size = this.typeSize;
    pen.strokeStyle = theme.ink(0.45);
    pen.lineWidth = 1.5;
    pen.setLineDash([3, 4]);
    pen.beginPath();
    pen.moveTo(x, top);
    pen.lineTo(x, bottom);
    pen.stroke();
    pen.setLineDash([]);
    kinds.forEach((kind, i) => {
      this.dot(pen, x, now.predicted[i], size * 0.36, css(colourOf(kind, theme)), theme);
    });
    this.dot(pen, x, now.exact, size * 0.62, theme.ink(1), theme);
    if (now.exact <= ENERGY_RANGE[1]) return;
    pen.fillStyle = theme.ink(1);
    pen.font = theme.type(size, 600);
    pen.textBaseline = "middle";
    pen.textAlign = x > this.surface.width / 2 ? "right" : "left";
    const words = Number.isFinite(now.exact) ? `E = ${energyText(now.exact)}, far above` : "E diverges";
    pen.fillText(`↑ ${words}`, x + (pen.textAlign === "left" ? size : -size), top + size * 2.4);
  }

  /** At the edge where it is beyond. @param {CanvasRenderingContext2D} pen @param {number} x
   * @param {number} energy @param {number} radius @param {string} colour @param {Theme} theme */
  dot(pen, x, energy, radius, colour, theme) {
    pen.beginPath();
    pen.arc(x, this.y(clamp(energy, ENERGY_RANGE[0], ENERGY_RANGE[1])), radius, 0, 2 * Math.PI);
    pen.fillStyle = colour;
    pen.strokeStyle = css(theme.background);
    pen.lineWidth = 2.5;
    pen.stroke();
    pen.fill();
  }
}
