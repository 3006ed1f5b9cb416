/**
 * The plots beside the molecule: above, the exact curve with a dot that runs on it with the hand, and
 * each predictor's curve in this pose; below, how far the predictions are off, with their bands over
 * many poses. What is far above the plot is marked so.
 *
 * @typedef {import("../../kit/web/theme.js").Theme} Theme
 * @typedef {import("./energy_curves.js").Curves} Curves
 * @typedef {{top: number, bottom: number, range: number[], step: number}} Chart one of the two plots
 */
import { Surface } from "../../kit/web/surface.js";
import { clamp } from "../../kit/web/camera.js";
import { blend, css } from "../../kit/web/theme.js";
import { energyText } from "./potential.js";
import { runsOf } from "./energy_curves.js";

const ENERGY_RANGE = [-3.4, 4.4]; // from a little below -3, all sides at the minimum, to what was trained
const RESIDUAL_RANGE = [-0.25, 0.25]; // a few times the widest band where the networks were trained
const RESIDUAL_SHARE = 0.4; // of the height
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
    this.typeSize = 0;
  }

  /** Left and right ends of both plots, in pixels. */
  get frame() {
    const size = this.typeSize;
    return { left: size * 3.2, right: this.surface.width - size * 0.9 };
  }

  /** The upper plot, alone where there are no predictions. @param {boolean} alone @returns {Chart} */
  energyChart(alone) {
    const size = this.typeSize;
    const height = this.surface.height - size * 2.9;
    const bottom = alone ? height : height * (1 - RESIDUAL_SHARE) - size * 0.4;
    return { top: size * 2.1, bottom, range: ENERGY_RANGE, step: 1 };
  }

  /** @returns {Chart} */
  residualChart() {
    const size = this.typeSize;
    const bottom = this.surface.height - size * 2.9;
    const top = bottom * (1 - RESIDUAL_SHARE) + size * 1.5;
    return { top, bottom, range: RESIDUAL_RANGE, step: 0.1 };
  }

  /** @param {number} t */
  x(t) {
    const { left, right } = this.frame;
    return left + ((t - this.low) / (this.high - this.low)) * (right - left);
  }

  /** @param {number} value @param {Chart} chart */
  y(value, { top, bottom, range }) {
    return bottom - ((value - range[0]) / (range[1] - range[0])) * (bottom - top);
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
    this.typeSize = theme.typeSize(Math.min(this.surface.width / 44, this.surface.height / 22));
    [this.low, this.high] = [curves.t[0], curves.t[curves.t.length - 1]];
    const pen = this.surface.clear();
    pen.lineJoin = "round";
    pen.lineCap = "round";
    const shown = now.exactOnly ? [] : kinds;
    this.drawEnergies(pen, curves, shown, now, theme);
    if (!now.exactOnly) this.drawResiduals(pen, curves, shown, bands, now, theme);
    const { left, right } = this.frame;
    pen.fillStyle = theme.ink(0.9);
    pen.font = theme.type(this.typeSize * 1.05, 600);
    pen.textAlign = "center";
    pen.fillText(now.label, (left + right) / 2, this.surface.height - this.typeSize * 0.75);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Curves} curves @param {string[]} shown
   * @param {{t: number, exact: number, predicted: number[], exactOnly: boolean}} now
   * @param {Theme} theme */
  drawEnergies(pen, curves, shown, now, theme) {
    const chart = this.energyChart(now.exactOnly);
    this.drawAxes(pen, theme, chart, "energy E", now.exactOnly);
    this.inside(pen, chart, () => {
      if (!now.exactOnly) this.drawUnlike(pen, curves, theme, chart, false);
      this.drawCurve(pen, curves.t, curves.exact, theme.ink(1), [], 6, chart);
      shown.forEach((kind, i) => {
        const { dash, width } = KIND_LOOKS[kind];
        const colour = css(colourOf(kind, theme));
        this.drawCurve(pen, curves.t, curves.predicted[i], colour, dash, width, chart);
      });
    });
    this.drawNow(pen, now.t, theme, chart);
    shown.forEach((kind, i) => {
      this.dot(pen, now.t, now.predicted[i], 0.36, css(colourOf(kind, theme)), theme, chart);
    });
    this.dot(pen, now.t, now.exact, 0.62, theme.ink(1), theme, chart);
    if (!(now.exact <= ENERGY_RANGE[1])) this.tellAbove(pen, now, theme, chart);
  }

  /** Predicted minus exact: lines for this pose, bands over poses.
   * @param {CanvasRenderingContext2D} pen @param {Curves} curves @param {string[]} shown
   * @param {import("./bands.js").Bands} bands
   * @param {{t: number, exact: number, predicted: number[]}} now @param {Theme} theme */
  drawResiduals(pen, curves, shown, bands, now, theme) {
    const chart = this.residualChart();
    this.drawAxes(pen, theme, chart, "prediction − exact; bands: 500 poses", true);
    this.inside(pen, chart, () => {
      this.drawUnlike(pen, curves, theme, chart, true);
      const widestFirst = shown.map((_, i) => i).reverse();
      for (const i of widestFirst) this.drawBand(pen, bands, i, colourOf(shown[i], theme), theme, chart);
      this.drawCurve(pen, curves.t, curves.exact.map(() => 0), theme.ink(1), [], 2.5, chart);
      for (const i of widestFirst) {
        const { dash, width } = KIND_LOOKS[shown[i]];
        const off = curves.predicted[i].map((energy, k) => energy - curves.exact[k]);
        this.drawCurve(pen, curves.t, off, css(colourOf(shown[i], theme)), dash, width, chart);
      }
    });
    this.drawNow(pen, now.t, theme, chart);
    shown.forEach((kind, i) => {
      const off = now.predicted[i] - now.exact;
      this.dot(pen, now.t, off, 0.42, css(colourOf(kind, theme)), theme, chart);
    });
  }

  /** Draw clipped to a plot. @param {CanvasRenderingContext2D} pen @param {Chart} chart
   * @param {() => void} draw */
  inside(pen, { top, bottom }, draw) {
    const { left, right } = this.frame;
    pen.save();
    pen.beginPath();
    pen.rect(left, top, right - left, bottom - top);
    pen.clip();
    draw();
    pen.restore();
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {Chart} chart
   * @param {string} title @param {boolean} lowest whether the numbers of t stand below */
  drawAxes(pen, theme, chart, title, lowest) {
    const { left, right } = this.frame;
    const size = this.typeSize;
    const { top, bottom, range, step } = chart;
    pen.font = theme.type(size, 500);
    pen.lineWidth = 1;
    pen.fillStyle = theme.ink(0.75);
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    for (let k = Math.ceil(range[0] / step); k * step <= range[1]; k += 1) {
      const y = this.y(k * step, chart);
      pen.strokeStyle = css(theme.text, k === 0 ? 0.4 : 0.1);
      pen.beginPath();
      pen.moveTo(left, y);
      pen.lineTo(right, y);
      pen.stroke();
      const text = (k * step).toFixed(step < 1 ? 1 : 0).replace("-", "−");
      const room = ((bottom - top) * step) / (range[1] - range[0]);
      if (room > size * 1.1 || k % 2 === 0) pen.fillText(text, left - size * 0.45, y);
    }
    this.drawGrid(pen, theme, chart, lowest);
    pen.fillStyle = theme.ink(0.9);
    pen.font = theme.type(size, 600);
    pen.textAlign = "left";
    pen.fillText(title, size * 0.6, top - size * 0.95);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {Chart} chart
   * @param {boolean} numbers */
  drawGrid(pen, theme, { top, bottom }, numbers) {
    const { left, right } = this.frame;
    const size = this.typeSize;
    const span = this.high - this.low;
    const step = TICK_STEPS.find((tick) => span / tick <= Math.max(3, (right - left) / (size * 4))) ?? 1;
    pen.textAlign = "center";
    pen.strokeStyle = css(theme.text, 0.1);
    for (let k = Math.ceil(this.low / step - 1e-9); k * step <= this.high + 1e-9; k += 1) {
      const x = this.x(k * step);
      pen.beginPath();
      pen.moveTo(x, top);
      pen.lineTo(x, bottom);
      pen.stroke();
      if (numbers) pen.fillText((k * step).toFixed(step < 0.1 ? 2 : 1), x, bottom + size * 0.85);
    }
  }

  /** Where no predictor was trained: hatched, and said in words.
   * @param {CanvasRenderingContext2D} pen @param {Curves} curves @param {Theme} theme
   * @param {Chart} chart @param {boolean} silent */
  drawUnlike(pen, curves, theme, chart, silent) {
    const { top, bottom } = chart;
    const size = this.typeSize;
    const kinds = /** @type {const} */ ([
      [curves.outside, "an atom out of the box", 1, bottom - size],
      [curves.short, `a side < ${curves.minSide}`, -1, bottom - 2.6 * size],
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
        this.hatch(pen, x0, x1, slant, css(theme.warning, 0.2), chart);
        pen.restore();
        if (!silent) this.tell(pen, words, (x0 + x1) / 2, y, x1 - x0, theme);
      }
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} x0 @param {number} x1
   * @param {number} slant @param {string} colour @param {Chart} chart */
  hatch(pen, x0, x1, slant, colour, { top, bottom }) {
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
    pen.font = theme.type(this.typeSize, 600);
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
   * @param {number} index @param {number[]} colour @param {Theme} theme @param {Chart} chart */
  drawBand(pen, bands, index, colour, theme, chart) {
    pen.fillStyle = css(colour, theme.dark ? 0.4 : 0.3);
    const y = (/** @type {number} */ energy, /** @type {number} */ i) =>
      this.y(clamp(energy - bands.exact[i], -9, 9), chart);
    for (let i = 1; i < bands.t.length; i += 1) {
      const [a, b] = [bands.ends[i - 1][index], bands.ends[i][index]];
      if (!a || !b) continue;
      const [x0, x1] = [this.x(bands.t[i - 1]), this.x(bands.t[i]) + 0.6];
      pen.beginPath();
      pen.moveTo(x0, y(a[0], i - 1));
      pen.lineTo(x0, y(a[1], i - 1));
      pen.lineTo(x1, y(b[1], i));
      pen.lineTo(x1, y(b[0], i));
      pen.fill();
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {number[]} t @param {number[]} values
   * @param {string} colour @param {number[]} dash @param {number} width @param {Chart} chart */
  drawCurve(pen, t, values, colour, dash, width, chart) {
    const room = 4 * (chart.range[1] - chart.range[0]);
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.beginPath();
    values.forEach((value, i) => {
      const y = this.y(clamp(value, chart.range[0] - room, chart.range[1] + room), chart);
      if (i) pen.lineTo(this.x(t[i]), y);
      else pen.moveTo(this.x(t[i]), y);
    });
    pen.stroke();
    pen.setLineDash([]);
  }

  /** Where the hand is. @param {CanvasRenderingContext2D} pen @param {number} t
   * @param {Theme} theme @param {Chart} chart */
  drawNow(pen, t, theme, { top, bottom }) {
    pen.strokeStyle = theme.ink(0.45);
    pen.lineWidth = 1.5;
    pen.setLineDash([3, 4]);
    pen.beginPath();
    pen.moveTo(this.x(t), top);
    pen.lineTo(this.x(t), bottom);
    pen.stroke();
    pen.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} pen @param {{t: number, exact: number}} now
   * @param {Theme} theme @param {Chart} chart */
  tellAbove(pen, now, theme, { top }) {
    const x = this.x(now.t);
    const size = this.typeSize;
    pen.fillStyle = theme.ink(1);
    pen.font = theme.type(size, 600);
    pen.textBaseline = "middle";
    pen.textAlign = x > this.surface.width / 2 ? "right" : "left";
    const words = Number.isFinite(now.exact) ? `E = ${energyText(now.exact)}, far above` : "E diverges";
    pen.fillText(`↑ ${words}`, x + (pen.textAlign === "left" ? size : -size), top + size * 1.2);
  }

  /** At the edge where it is beyond. @param {CanvasRenderingContext2D} pen @param {number} t
   * @param {number} value @param {number} size in units of the type @param {string} colour
   * @param {Theme} theme @param {Chart} chart */
  dot(pen, t, value, size, colour, theme, chart) {
    const y = this.y(clamp(value, chart.range[0], chart.range[1]), chart);
    pen.beginPath();
    pen.arc(this.x(t), y, size * this.typeSize, 0, 2 * Math.PI);
    pen.fillStyle = colour;
    pen.strokeStyle = css(theme.background);
    pen.lineWidth = 2.5;
    pen.stroke();
    pen.fill();
  }
}
