/**
 * Curves of a run on logarithmic axes, against epochs or seconds, with the frame that is shown as a
 * cursor.
 *
 * @typedef {import("./frames.js").Frame} Frame
 * @typedef {import("../../kit/web/theme.js").Theme} Theme
 * @typedef {{colour: string, width: number, dash: readonly number[]}} Look
 */
import { Surface } from "../../kit/web/surface.js";
import { css } from "../../kit/web/theme.js";

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

export class LogPlot {
  /** @param {HTMLCanvasElement} canvas @param {boolean} named whether the axis along is named below */
  constructor(canvas, named) {
    this.surface = new Surface(canvas);
    this.named = named;
    /** @type {"epoch" | "seconds"} */
    this.along = "epoch";
    this.size = 0; // of the type
    this.x = new LogScale(1, 10, 0, 1);
    this.y = new LogScale(1, 10, 1, 0);
  }

  /** An empty plot with its axes. @param {Frame[]} frames two and more, after the start
   * @param {number[]} values that must fit @param {Theme} theme @returns {CanvasRenderingContext2D} */
  begin(frames, values, theme) {
    const { width, height } = this.surface;
    const pen = this.surface.clear();
    this.size = theme.typeSize(width / 34, 17);
    const { size } = this;
    const along = frames.map((frame) => frame[this.along]).filter((value) => value > 0);
    const seen = values.filter((value) => value > 0);
    const bottom = height - size * (this.named ? 2.7 : 0.5);
    this.x = new LogScale(Math.min(...along, 1e9), Math.max(...along, 1e-9), size * 3.6, width - size * 0.8);
    this.y = new LogScale(Math.min(...seen) * 0.85, Math.max(...seen) * 1.15, bottom, size * 0.6);
    pen.font = theme.type(size);
    this.drawGrid(pen, theme);
    return pen;
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme */
  drawGrid(pen, theme) {
    const { size, x, y } = this;
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
      if (this.named) pen.fillText(tickText(tick), x.at(tick), y.from + size * 0.35);
    }
    if (!this.named) return;
    const name = this.along === "epoch" ? "epochs" : "seconds of training";
    pen.fillText(name, (x.from + x.to) / 2, y.from + size * 1.55);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Frame[]} frames
   * @param {(frame: Frame) => number} valueOf @param {Look} look */
  drawCurve(pen, frames, valueOf, { colour, width, dash }) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.lineJoin = "round";
    pen.setLineDash([...dash]);
    pen.beginPath();
    let begun = false;
    for (const frame of frames) {
      const value = valueOf(frame);
      if (!(value > 0)) continue;
      const [px, py] = [this.x.at(frame[this.along]), this.y.at(value)];
      if (begun) pen.lineTo(px, py);
      else pen.moveTo(px, py);
      begun = true;
    }
    pen.stroke();
    pen.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {Frame} shown
   * @param {[number, string][]} points values and colours */
  drawCursor(pen, theme, shown, points) {
    if (!(shown.step > 0)) return;
    const at = this.x.at(shown[this.along]);
    pen.lineWidth = 1.5;
    pen.strokeStyle = theme.ink(0.6);
    line(pen, at, this.y.from, at, this.y.to);
    for (const [value, colour] of points) {
      if (!(value > 0)) continue;
      pen.beginPath();
      pen.arc(at, this.y.at(value), 5, 0, 2 * Math.PI);
      pen.fillStyle = colour;
      pen.fill();
      pen.lineWidth = 2;
      pen.strokeStyle = css(theme.background);
      pen.stroke();
    }
  }

  /** Upright, where something happened. @param {CanvasRenderingContext2D} pen @param {Frame} frame
   * @param {string} colour */
  drawMoment(pen, frame, colour) {
    const at = this.x.at(frame[this.along]);
    pen.lineWidth = 2;
    pen.strokeStyle = colour;
    pen.setLineDash([3, 3]);
    line(pen, at, this.y.from, at, this.y.to);
    pen.setLineDash([]);
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
export function line(pen, x, y, tx, ty) {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(tx, ty);
  pen.stroke();
}
