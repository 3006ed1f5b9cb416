/**
 * Loss and side error of a run, and side errors to hold it against as lines.
 *
 * @typedef {import("./frames.js").Frame} Frame
 * @typedef {import("../../kit/web/theme.js").Theme} Theme
 * @typedef {{value: number, text: string}} Mark
 * @typedef {import("./film_answers.js").Find} Find
 */
import { LogPlot, line } from "./log_plot.js";
import { blend, css } from "../../kit/web/theme.js";
import { clamp } from "../../kit/web/camera.js";

/** What is drawn: its name, its colour (Okabe and Ito), its dashes. */
export const CURVES = /** @type {const} */ ([
  { key: "sideError", name: "side error", rgb: [0, 114, 178], dash: [], width: 3 },
  { key: "spread", name: "orbit spread", rgb: [204, 121, 167], dash: [10, 4, 2, 4], width: 2 },
  { key: "validation", name: "validation loss", rgb: [213, 94, 0], dash: [7, 4], width: 2 },
  { key: "training", name: "training loss", rgb: [150, 140, 30], dash: [2, 3], width: 2 },
]);

const NAME = 1.3; // height of a mark's name, in type sizes

/** Where names end that stand on lines, none on another. @param {number[]} lines from the top
 * @param {number} height of a name @returns {number[]} */
export function namesApart(lines, height) {
  const places = [...lines];
  let free = Infinity;
  for (const i of lines.map((_, i) => i).sort((a, b) => lines[b] - lines[a])) {
    places[i] = Math.min(lines[i], free);
    free = places[i] - height;
  }
  return places;
}

/** @param {readonly number[]} rgb @param {boolean} dark */
export function curveColour(rgb, dark) {
  return css(dark ? blend([...rgb], [255, 255, 255], 0.25) : [...rgb]);
}

export class CurvesView extends LogPlot {
  /** @param {Frame[]} frames @param {Frame} shown @param {Theme} theme @param {Mark[]} marks
   * @param {Find[]} finds moments that another plot names
   * @param {number[][][]} others runs started with this one: epochs, seconds and side errors each */
  draw(frames, shown, theme, marks, finds, others) {
    if (this.surface.empty) return;
    const drawn = frames.filter((frame) => frame.step > 0);
    if (drawn.length < 2) {
      this.drawWaiting(theme);
      return;
    }
    const values = drawn.flatMap((frame) => CURVES.map(({ key }) => frame[key]));
    values.push(...marks.map(({ value }) => value * 0.9), ...others.flatMap(([, , error]) => error));
    const pen = this.begin(drawn, values, theme);
    for (const { frame, colour } of finds) this.drawMoment(pen, frame, colour);
    this.drawMarks(pen, theme, marks);
    this.drawOthers(pen, theme, others);
    const colours = CURVES.map(({ rgb }) => curveColour(rgb, theme.dark));
    CURVES.forEach(({ key, dash, width }, i) =>
      this.drawCurve(pen, drawn, (frame) => frame[key], { colour: colours[i], dash, width }));
    this.drawCursor(pen, theme, shown, CURVES.map(({ key }, i) => [shown[key], colours[i]]));
  }

  /** The side errors of runs that were started with this one. @param {CanvasRenderingContext2D} pen
   * @param {Theme} theme @param {number[][][]} others */
  drawOthers(pen, theme, others) {
    pen.strokeStyle = curveColour(CURVES[0].rgb, theme.dark);
    pen.lineWidth = 1.2;
    pen.globalAlpha = 0.55;
    for (const [epochs, seconds, errors] of others) {
      const along = this.along === "epoch" ? epochs : seconds;
      pen.beginPath();
      errors.forEach((error, i) => pen.lineTo(clamp(this.x.at(along[i]), this.x.from, this.x.to), this.y.at(error)));
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  /** @param {Theme} theme */
  drawWaiting(theme) {
    const { width, height } = this.surface;
    const pen = this.surface.clear();
    pen.font = theme.type(theme.typeSize(width / 34, 17));
    pen.fillStyle = theme.ink(0.65);
    pen.textAlign = "center";
    pen.fillText("The curves begin with the second frame.", width / 2, height / 2);
  }

  /** From the lowest up: a name that would cover another one stands above it.
   * @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {Mark[]} marks */
  drawMarks(pen, theme, marks) {
    const heights = namesApart(marks.map(({ value }) => this.y.at(value)), this.size * NAME);
    marks.forEach((mark, i) => this.drawMark(pen, theme, mark, heights[i]));
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {Mark} mark
   * @param {number} bottom of its name */
  drawMark(pen, theme, mark, bottom) {
    const { size, x } = this;
    const height = this.y.at(mark.value);
    pen.setLineDash([]);
    pen.lineWidth = 1.5;
    pen.strokeStyle = theme.ink(0.85);
    line(pen, x.from, height, x.to, height);
    pen.textAlign = "left";
    pen.textBaseline = "bottom";
    const half = pen.measureText(mark.text).width;
    pen.fillStyle = css(theme.panel, 0.85);
    pen.fillRect(x.from + 4, bottom - size * NAME, half + 8, size * (NAME - 0.1));
    pen.fillStyle = theme.ink(0.95);
    pen.fillText(mark.text, x.from + 8, bottom - 2);
  }
}
