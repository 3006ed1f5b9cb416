/**
 * Loss and side error of a run on logarithmic axes, against epochs or seconds, with the frame that is
 * shown as a cursor, and the thesis's side error as a line.
 *
 * @typedef {import("./frames.js").Frame} Frame
 * @typedef {import("../../kit/web/theme.js").Theme} Theme
 * @typedef {{value: number, text: string}} Mark
 */
import { Surface } from "../../kit/web/surface.js";
import { clamp } from "../../kit/web/camera.js";
import { blend, css } from "../../kit/web/theme.js";

/** What is drawn: its name, its colour (Okabe and Ito), its dashes. */
export const CURVES = /** @type {const} */ ([
  { key: "sideError", name: "side error", rgb: [0, 114, 178], dash: [], width: 3 },
  { key: "spread", name: "orbit spread", rgb: [204, 121, 167], dash: [10, 4, 2, 4], width: 2 },
  { key: "validation", name: "validation loss", rgb: [213, 94, 0], dash: [7, 4], width: 2 },
  { key: "training", name: "training loss", rgb: [150, 140, 30], dash: [2, 3], width: 2 },
]);

/** @param {readonly number[]} rgb @param {boolean} dark */
export function curveColour(rgb, dark) {
  return css(dark ? blend([...rgb], [255, 255, 255], 0.25) : [...rgb]);
}

/** A logarithmic scale between two ends of a canvas. */
class LogScale {
  /** @param {number} low @param {number} high @param {number} from @param {number} to */
  constructor(low, high, from, to) {
    this.low = Math.log10(low);
    this.high = Math.max(Math.log10(high), this.low + 0.3);
    this.from = from;
    this.to = to;
  }

  /** @param {number} value */
  at(value) {
    return this.from + ((Math.log10(value) - this.low) / (this.high - this.low)) * (this.to - this.from);
  }

  /** @param {number} place @returns {number} the value there */
  value(place) {
    return 10 ** (this.low + ((place - this.from) / (this.to - this.from)) * (this.high - this.low));
  }

  /** Powers of ten, with 2 and 5 between where there are few. @returns {number[]} */
  ticks() {
    const span = this.high - this.low;
    const steps = span > 2.2 ? [1] : span > 1.1 ? [1, 3] : [1, 2, 5];
    const ticks = [];
    for (let power = Math.floor(this.low); power <= Math.ceil(this.high); power += 1) {
      for (const step of steps) ticks.push(step * 10 ** power);
    }
    return ticks.filter((tick) => Math.log10(tick) >= this.low - 1e-9 && Math.log10(tick) <= this.high + 1e-9);
  }
}

/** @param {number} value of an axis tick */
function tickText(value) {
  return value >= 1000 || value < 0.0001 ? value.toExponential(0) : String(Number(value.toPrecision(2)));
}

export class CurvesView {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.surface = new Surface(canvas);
    /** @type {"epoch" | "seconds"} */
    this.along = "epoch";
    this.x = new LogScale(1, 10, 0, 1);
    this.y = new LogScale(1, 10, 1, 0);
  }

  /** @param {Frame[]} frames @param {Mark | null} thesis @param {number} size of the type */
  scale(frames, thesis, size) {
    const { width, height } = this.surface;
    const along = frames.map((frame) => frame[this.along]).filter((value) => value > 0);
    const values = frames.flatMap((frame) => CURVES.map(({ key }) => frame[key]));
    if (thesis) values.push(thesis.value * 0.9);
    const seen = values.filter((value) => value > 0);
    const left = size * 3.6;
    this.x = new LogScale(Math.min(...along, 1e9), Math.max(...along, 1e-9), left, width - size * 0.8);
    this.y = new LogScale(Math.min(...seen) * 0.85, Math.max(...seen) * 1.15, height - size * 2.7, size * 0.6);
  }

  /** @param {Frame[]} frames @param {Frame} shown @param {Theme} theme @param {Mark | null} thesis */
  draw(frames, shown, theme, thesis) {
    const { surface } = this;
    if (surface.empty) return;
    const size = clamp(surface.width / 34, 12, 17);
    const pen = surface.clear();
    const drawn = frames.filter((frame) => frame.step > 0);
    pen.font = theme.type(size);
    if (drawn.length < 2) {
      pen.fillStyle = theme.ink(0.65);
      pen.textAlign = "center";
      pen.fillText("The curves begin with the second frame.", surface.width / 2, surface.height / 2);
      return;
    }
    this.scale(drawn, thesis, size);
    this.drawGrid(pen, theme, size);
    if (thesis) this.drawThesis(pen, theme, thesis, size);
    for (const curve of CURVES) this.drawCurve(pen, theme, drawn, curve);
    if (shown.step > 0) this.drawCursor(pen, theme, shown);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {number} size */
  drawGrid(pen, theme, size) {
    const { x, y } = this;
    pen.lineWidth = 1;
    pen.strokeStyle = css(theme.text, 0.13);
    pen.fillStyle = theme.ink(0.72);
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    for (const tick of y.ticks()) {
      line(pen, x.from, y.at(tick), x.to, y.at(tick));
      pen.fillText(tickText(tick), x.from - size * 0.4, y.at(tick));
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const tick of x.ticks()) {
      line(pen, x.at(tick), y.from, x.at(tick), y.to);
      pen.fillText(tickText(tick), x.at(tick), y.from + size * 0.35);
    }
    pen.fillText(this.along === "epoch" ? "epochs" : "seconds of training", (x.from + x.to) / 2, y.from + size * 1.55);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {Mark} thesis
   * @param {number} size */
  drawThesis(pen, theme, thesis, size) {
    const height = this.y.at(thesis.value);
    pen.setLineDash([]);
    pen.lineWidth = 1.5;
    pen.strokeStyle = theme.ink(0.85);
    line(pen, this.x.from, height, this.x.to, height);
    pen.textAlign = "left";
    pen.textBaseline = "bottom";
    const half = pen.measureText(thesis.text).width;
    pen.fillStyle = css(theme.panel, 0.85);
    pen.fillRect(this.x.from + 4, height - size * 1.3, half + 8, size * 1.2);
    pen.fillStyle = theme.ink(0.95);
    pen.fillText(thesis.text, this.x.from + 8, height - 2);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {Frame[]} frames
   * @param {typeof CURVES[number]} curve */
  drawCurve(pen, theme, frames, curve) {
    pen.strokeStyle = curveColour(curve.rgb, theme.dark);
    pen.lineWidth = curve.width;
    pen.lineJoin = "round";
    pen.setLineDash([...curve.dash]);
    pen.beginPath();
    let begun = false;
    for (const frame of frames) {
      const value = frame[curve.key];
      if (!(value > 0)) continue;
      const [px, py] = [this.x.at(frame[this.along]), this.y.at(value)];
      if (begun) pen.lineTo(px, py);
      else pen.moveTo(px, py);
      begun = true;
    }
    pen.stroke();
    pen.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {Frame} shown */
  drawCursor(pen, theme, shown) {
    const at = this.x.at(shown[this.along]);
    pen.lineWidth = 1.5;
    pen.strokeStyle = theme.ink(0.6);
    line(pen, at, this.y.from, at, this.y.to);
    for (const curve of CURVES) {
      const value = shown[curve.key];
      if (!(value > 0)) continue;
      pen.beginPath();
      pen.arc(at, this.y.at(value), 5, 0, 2 * Math.PI);
      pen.fillStyle = curveColour(curve.rgb, theme.dark);
      pen.fill();
      pen.lineWidth = 2;
      pen.strokeStyle = css(theme.background);
      pen.stroke();
    }
  }

  /** @param {Frame[]} frames @param {number} place x on the canvas @returns {number} nearest frame */
  frameAt(frames, place) {
    const wanted = this.x.value(place);
    let best = 0;
    frames.forEach((frame, i) => {
      if (Math.abs(frame[this.along] - wanted) < Math.abs(frames[best][this.along] - wanted)) best = i;
    });
    return best;
  }
}

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y @param {number} tx
 * @param {number} ty */
function line(pen, x, y, tx, ty) {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(tx, ty);
  pen.stroke();
}
