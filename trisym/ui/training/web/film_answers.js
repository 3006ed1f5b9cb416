/**
 * The symmetry spectrum of a run as it trains: twelve thin lines, the mean answers to translations,
 * rotations and strains over them, and the moments from which on a kind of motion is not seen.
 *
 * @typedef {import("./frames.js").Frame} Frame
 * @typedef {import("../../kit/web/theme.js").Theme} Theme
 * @typedef {import("../../kit/web/kinds.js").Kind} Kind
 * @typedef {{kind: Kind, frame: Frame, colour: string}} Find
 */
import { LogPlot } from "./log_plot.js";
import { MOTION_KINDS, kindColour } from "../../kit/web/kinds.js";
import { css } from "../../kit/web/theme.js";

const RANKS = 12;
const LOWEST = 1e-3; // an answer below would flatten all others
/** @type {Record<Kind, readonly number[]>} */
const KIND_DASHES = { translation: [], rotation: [8, 3], strain: [2, 3] };
/** @type {Record<string, string>} */
const KINDS_IN_WORDS = { translation: "translations", rotation: "rotations" };

/** What a run did not see from some moment on, to its newest frame: the mean answer to a kind stays
 * `gap` times weaker than that to strains, a lapse of a single frame aside. @param {Frame[]} frames @param {number} gap
 * @param {boolean} dark @returns {Find[]} */
export function findsOf(frames, gap, dark) {
  const asked = frames.filter((frame) => frame.step > 0);
  return MOTION_KINDS.filter((kind) => kind in KINDS_IN_WORDS).flatMap((kind) => {
    const holds = asked.map(({ answers }) => answers[kind] * gap < answers.strain);
    const last = holds.findLastIndex((held, at) => !(held || (holds[at - 1] && holds[at + 1])));
    const frame = asked[last + 1];
    return frame ? [{ kind, frame, colour: css(kindColour(kind, dark)) }] : [];
  });
}

/** How many motions a network does not see: those below the first gap in its spectrum.
 * @param {Frame} frame @param {number} gap @returns {number | null} */
export function notSeen({ spectrum }, gap) {
  if (!(spectrum[0] > 0)) return null;
  for (let rank = 1; rank < RANKS; rank += 1) {
    if (spectrum[rank - 1] >= gap * spectrum[rank]) return RANKS - rank;
  }
  return 0;
}

export class AnswersView extends LogPlot {
  /** @param {Frame[]} frames @param {Frame} shown @param {Theme} theme @param {Find[]} finds
   * @returns {boolean} whether there is something to draw */
  draw(frames, shown, theme, finds) {
    const drawn = frames.filter((frame) => frame.step > 0 && frame.answers.strain > 0);
    if (drawn.length < 2) return false;
    if (this.surface.empty) return true;
    const values = drawn.flatMap((frame) => [...frame.spectrum].filter((value) => value > LOWEST));
    const pen = this.begin(drawn, [...values, ...drawn.map((frame) => frame.answers.strain)], theme);
    pen.save();
    pen.beginPath();
    pen.rect(this.x.from, 0, this.x.to - this.x.from + 6, this.y.from);
    pen.clip();
    const faint = { colour: css(theme.text, 0.3), width: 1, dash: [] };
    for (let rank = 0; rank < RANKS; rank += 1) {
      this.drawCurve(pen, drawn, (frame) => frame.spectrum[rank], faint);
    }
    for (const { frame, colour } of finds) this.drawMoment(pen, frame, colour);
    const colours = MOTION_KINDS.map((kind) => css(kindColour(kind, theme.dark)));
    MOTION_KINDS.forEach((kind, i) => this.drawCurve(pen, drawn, (frame) => frame.answers[kind],
      { colour: colours[i], width: 3, dash: KIND_DASHES[kind] }));
    pen.restore();
    this.drawCursor(pen, theme, shown, MOTION_KINDS.map((kind, i) => [shown.answers[kind], colours[i]]));
    this.nameFinds(pen, theme, finds);
    return true;
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {Find[]} finds */
  nameFinds(pen, theme, finds) {
    const { size } = this;
    pen.font = theme.type(size, 600);
    pen.textBaseline = "middle";
    const middle = (this.x.from + this.x.to) / 2;
    finds.forEach(({ kind, frame, colour }, i) => {
      const at = this.x.at(frame[this.along]);
      const text = `${KINDS_IN_WORDS[kind]} found`;
      const width = pen.measureText(text).width;
      // Two moments are often one: the second name stands on the other side where there is room, and
      // where the first stands there already, below it.
      const aside = i % 2 === 1 && at <= middle && at - this.x.from > width + 14;
      const x = at > middle || aside ? at - width - 10 : at + 10;
      const y = this.y.from - size * (1 + (aside ? 0 : 1.4 * i));
      pen.fillStyle = css(theme.panel, 0.9);
      pen.fillRect(x - 4, y - 0.65 * size, width + 8, 1.3 * size);
      pen.fillStyle = colour;
      pen.textAlign = "left";
      pen.fillText(text, x, y);
    });
  }
}

/** In words, for who can't see the plot. @param {Find[]} finds @returns {string} */
export function findsInWords(finds) {
  if (!finds.length) return "No symmetry is found yet.";
  return finds.map(({ kind, frame }) => `${KINDS_IN_WORDS[kind]} found in epoch ${frame.epoch.toFixed(2)}`).join(", ");
}
