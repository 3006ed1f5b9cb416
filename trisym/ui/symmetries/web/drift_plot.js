/** Drift against the size of a motion: what the spectrum predicts, a straight line to either side, and
 * what happens, a curve; both where the motion is now. */
import { Surface } from "../../kit/web/surface.js";
import { clamp } from "../../kit/web/camera.js";
import { css } from "../../kit/web/theme.js";

const LEAST_TOP = 0.3; // of the drift's axis, in spreads: what stays must look as if it stayed

export class DriftPlot {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.surface = new Surface(canvas);
  }

  /** @param {import("./drift_curve.js").DriftCurve} curve @param {number} slope predicted, per edge
   * @param {number} size of the motion now @param {number[]} colour
   * @param {import("../../kit/web/theme.js").Theme} theme */
  draw(curve, slope, size, colour, theme) {
    const { surface } = this;
    if (surface.empty) return;
    const pen = surface.clear();
    const type = theme.typeSize(surface.width / 19, 15);
    const points = curve.points();
    const highest = Math.max(LEAST_TOP, ...points.map(([, drift]) => 1.12 * drift));
    const [left, right, top, bottom] = [type * 2.2, surface.width - 6, type * 0.9, surface.height - type * 1.5];
    const x = (/** @type {number} */ value) => left + ((value + 1) / 2) * (right - left);
    const y = (/** @type {number} */ drift) => bottom - (drift / highest) * (bottom - top);
    this.drawAxes(pen, theme, type, { left, right, top, bottom, highest, x, y });
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, right - left, bottom + 2);
    pen.clip();
    pen.lineJoin = "round";
    strokeLine(pen, [[-1, slope], [0, 0], [1, slope]].map(([a, b]) => [x(a), y(b)]), theme.ink(0.75), 1.8, [6, 4]);
    strokeLine(pen, points.map(([a, b]) => [x(a), y(b)]), css(colour), 3.2, []);
    pen.restore();
    const happens = curve.at(size);
    drawDot(pen, x(size), clamp(y(Math.abs(size) * slope), top - 4, bottom), theme.ink(0.75), css(theme.background), false);
    if (happens !== null) drawDot(pen, x(size), y(happens), css(colour), css(theme.background), true);
  }

  /** @param {CanvasRenderingContext2D} pen @param {import("../../kit/web/theme.js").Theme} theme
   * @param {number} type @param {{left: number, right: number, top: number, bottom: number,
   *   highest: number, x: (value: number) => number, y: (value: number) => number}} frame */
  drawAxes(pen, theme, type, { left, right, bottom, highest, x, y }) {
    pen.font = theme.type(type);
    pen.lineWidth = 1;
    pen.fillStyle = theme.ink(0.7);
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    const step = niceStep(highest);
    for (let tick = 0; tick <= highest; tick += step) {
      strokeLine(pen, [[left, y(tick)], [right, y(tick)]], css(theme.text, tick ? 0.12 : 0.45), 1, []);
      pen.fillText(String(Number(tick.toPrecision(2))), left - type * 0.35, y(tick));
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const tick of [-1, -0.5, 0, 0.5, 1]) {
      strokeLine(pen, [[x(tick), bottom], [x(tick), bottom + 4]], css(theme.text, 0.45), 1, []);
      const text = tick ? String(Math.abs(tick)) : "size";
      pen.fillText(text, clamp(x(tick), left + type * 0.4, right - type * 0.6), bottom + type * 0.35);
    }
  }
}

/** 1, 2 or 5 times a power of ten, three to six of them up to the top. @param {number} top */
function niceStep(top) {
  const power = 10 ** Math.floor(Math.log10(top / 3));
  return power * ([1, 2, 5].find((each) => top / (each * power) <= 4.5) ?? 10);
}

/** @param {CanvasRenderingContext2D} pen @param {number[][]} spots @param {string} colour
 * @param {number} width @param {number[]} dash */
function strokeLine(pen, spots, colour, width, dash) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  spots.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
  pen.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y @param {string} colour
 * @param {string} ground @param {boolean} full */
function drawDot(pen, x, y, colour, ground, full) {
  pen.beginPath();
  pen.arc(x, y, full ? 6 : 5, 0, 2 * Math.PI);
  pen.fillStyle = full ? colour : ground;
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = full ? ground : colour;
  pen.stroke();
}
