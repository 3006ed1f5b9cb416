/**
 * The spectra under each other on one logarithmic axis: twelve dots a network, a band for what it does
 * not see, the gap above it, and where the motion of the moment lies.
 *
 * @typedef {import("../../kit/web/kinds.js").Kind} Kind
 * @typedef {{title: string, values: number[], shares: Record<Kind, number>[], found: number,
 *   gap: number, threshold: number}} SpectrumRow
 * @typedef {(row: number, rank: number | null) => void} Choose rank from 1; null: none in the row
 */
import { MOTION_KINDS, kindColour, leadingKind } from "../../kit/web/kinds.js";
import { RadioGroup } from "../../kit/web/radios.js";
import { css } from "../../kit/web/theme.js";
import { part, parts, setAttribute, setText } from "../../kit/web/dom.js";
import { significant } from "../../kit/web/numbers.js";

const LEAST_ANSWER = 1e-4; // an answer below is drawn here: it is rounding
const AXIS_ROOM = 1.45; // of the axis beyond its outermost dots, as a factor
const APART = 17; // pixels along the axis between two dots of a lane
const LANE = 20; // between lanes, where there is room

export class SpectrumRows {
  /** @param {HTMLElement} root @param {{choose: Choose, point: Choose}} hears
   * @param {AbortSignal} signal */
  constructor(root, hears, signal) {
    this.place = part(root, ".rows", HTMLElement);
    this.axis = part(root, ".axis", HTMLElement);
    this.template = part(root, ".row-template", HTMLTemplateElement);
    this.hears = hears;
    this.signal = signal;
    /** @type {SpectrumRow[]} */
    this.rows = [];
    this.dark = false;
    /** @type {RadioGroup[]} */
    this.groups = [];
    this.low = -3;
    this.high = 1;
  }

  /** @param {SpectrumRow[]} rows @param {boolean} dark */
  show(rows, dark) {
    Object.assign(this, { rows, dark });
    const values = rows.flatMap((row) => row.values.map((value) => Math.max(value, LEAST_ANSWER)));
    this.low = Math.log10(Math.min(...values) / AXIS_ROOM);
    this.high = Math.log10(Math.max(...values) * AXIS_ROOM);
    this.place.replaceChildren(...rows.map((row, i) => this.build(row, i, dark)));
    this.groups = parts(this.place, ".line").map((line, i) =>
      new RadioGroup(line, "rank", (rank) => this.hears.choose(i, Number(rank)), this.signal));
    this.axis.replaceChildren(...this.ticks().map(([power, text]) => {
      const tick = document.createElement("span");
      tick.style.left = `${this.percent(10 ** power)}%`;
      tick.textContent = text;
      return tick;
    }));
    this.fit();
  }

  /** @param {SpectrumRow} row @param {number} place @param {boolean} dark @returns {HTMLElement} */
  build(row, place, dark) {
    const section = part(/** @type {DocumentFragment} */ (this.template.content.cloneNode(true)), ".row", HTMLElement);
    const title = part(section, ".title", HTMLElement);
    setText(title, row.title);
    title.addEventListener("click", () => this.hears.choose(place, null), { signal: this.signal });
    setText(part(section, ".count", HTMLElement), countText(row));
    const line = part(section, ".line", HTMLElement);
    line.setAttribute("aria-label", `${row.title}: its twelve motions, from the weakest answer to the strongest`);
    for (const [power] of this.ticks()) {
      const grid = document.createElement("i");
      grid.style.left = `${this.percent(10 ** power)}%`;
      line.prepend(grid);
    }
    this.drawBand(line, row);
    // From left to right, as arrow keys go.
    for (let rank = row.values.length; rank >= 1; rank -= 1) line.append(this.dot(row, place, rank, dark));
    return section;
  }

  /** @param {HTMLElement} line @param {SpectrumRow} row */
  drawBand(line, row) {
    part(line, ".zone", HTMLElement).style.width = `${this.percent(row.threshold)}%`;
    const gap = part(line, ".gap", HTMLElement);
    gap.hidden = row.found === 0;
    if (!row.found) return;
    const place = row.values.length - row.found;
    const [from, to] = [this.percent(row.values[place]), this.percent(row.values[place - 1])];
    gap.style.left = `${from}%`;
    gap.style.width = `${to - from}%`;
    setText(part(gap, "span", HTMLElement), row.gap < 1e4 ? `×${significant(row.gap)}` : "");
  }

  /** @param {SpectrumRow} row @param {number} place @param {number} rank @param {boolean} dark */
  dot(row, place, rank, dark) {
    const shares = row.shares[rank - 1];
    const kind = leadingKind(shares);
    const dot = document.createElement("button");
    dot.type = "button";
    dot.className = "motion";
    dot.setAttribute("role", "radio");
    dot.dataset.rank = String(rank);
    dot.dataset.kind = kind;
    dot.style.left = `${this.percent(row.values[rank - 1])}%`;
    dot.style.setProperty("--stripes", stripes(shares, dark));
    const seen = rank > row.values.length - row.found ? "not seen" : "seen";
    dot.setAttribute("aria-label", `Motion ${rank}, answer ${answerText(row.values[rank - 1])}, ${seen}: ${sharesText(shares)}`);
    const options = { signal: this.signal };
    dot.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") this.hears.point(place, rank);
    }, options);
    dot.addEventListener("pointerleave", () => this.hears.point(place, null), options);
    return dot;
  }

  /** Dots that would lie on each other are spread up and down; again where the size changed. */
  fit() {
    for (const line of parts(this.place, ".line")) {
      const width = line.clientWidth || 400;
      const dots = parts(line, ".motion");
      const places = dots.map((dot) => (Number.parseFloat(dot.style.left) / 100) * width);
      const lanes = lanesOf(places);
      const count = Math.max(...lanes) + 1;
      const step = Math.min(LANE, (line.clientHeight - LANE) / Math.max(count - 1, 1));
      const middle = count % 2 ? 0 : 0.5;
      dots.forEach((dot, i) => {
        const side = lanes[i] % 2 ? -1 : 1;
        dot.style.setProperty("--lane", `${(side * Math.ceil(lanes[i] / 2) + middle) * step}px`);
      });
    }
  }

  /** What is chosen, and where the motion of the moment lies in each row.
   * @param {number} chosenRow @param {number | null} rank @param {number[]} answers one a row */
  write(chosenRow, rank, answers) {
    parts(this.place, ".row").forEach((section, i) => {
      setAttribute(section, "data-shown", i === chosenRow);
      const on = i === chosenRow && rank !== null ? String(rank) : "";
      this.groups[i].show(on);
      if (!on) part(section, ".motion", HTMLElement).tabIndex = 0;
      setAttribute(part(section, ".title", HTMLElement), "aria-pressed", i === chosenRow);
      const mine = part(section, ".mine", HTMLElement);
      mine.hidden = !(answers[i] > 0);
      mine.style.left = `${this.percent(answers[i])}%`;
    });
  }

  /** @param {number} value @returns {number} per cent of the axis */
  percent(value) {
    const at = (Math.log10(Math.max(value, LEAST_ANSWER)) - this.low) / (this.high - this.low);
    return 100 * Math.min(Math.max(at, 0), 1);
  }

  /** @returns {[number, string][]} powers of ten */
  ticks() {
    const powers = [];
    for (let power = Math.ceil(this.low); power <= this.high; power += 1) powers.push(power);
    return powers.map((power) => [power, String(Number((10 ** power).toPrecision(1)))]);
  }
}

/** The first lane in which each place, from left to right, has room. @param {number[]} places
 * @returns {number[]} */
function lanesOf(places) {
  /** @type {number[]} where each lane ends */
  const ends = [];
  return places.map((place) => {
    const free = ends.findIndex((end) => place - end >= APART);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = place;
    return lane;
  });
}

/** The colours of a motion as upright stripes, as wide as its shares.
 * @param {Record<Kind, number>} shares @param {boolean} dark @returns {string} a CSS background */
function stripes(shares, dark) {
  let from = 0;
  const stops = MOTION_KINDS.map((kind) => {
    const to = from + 100 * shares[kind];
    const stop = `${css(kindColour(kind, dark))} ${from.toFixed(1)}% ${to.toFixed(1)}%`;
    from = to;
    return stop;
  });
  return `linear-gradient(90deg, ${stops.join(", ")})`;
}

/** @param {number} answer @returns {string} */
export function answerText(answer) {
  return answer < LEAST_ANSWER ? "0" : significant(answer);
}

/** @param {SpectrumRow} row */
function countText({ found }) {
  return found ? `${found} not seen` : "sees all 12";
}

/** @param {Record<Kind, number>} shares */
function sharesText(shares) {
  return MOTION_KINDS.filter((kind) => shares[kind] >= 0.05)
    .sort((a, b) => shares[b] - shares[a])
    .map((kind) => `${Math.round(100 * shares[kind])} % ${kind}`)
    .join(", ");
}
