/**
 * What a class guesses, beside a question: how many chose each option, a histogram of numbers, and where
 * the dots were put. Names are never asked.
 *
 * @typedef {import("./panel.js").Question} Question
 */
import { part, parts, setAttribute } from "../../kit/web/dom.js";
import { store } from "../../kit/web/store.js";

const BINS = 9; // of a histogram that thirty fill

export class Crowd {
  /** @param {HTMLElement} root of the question */
  constructor(root) {
    this.root = root;
    this.list = part(root, ".crowd", HTMLElement);
  }

  /** @param {string} name of the question @returns {unknown[]} what may be shown */
  guesses(name) {
    const { room } = store();
    return room && room.question === name && room.guesses ? room.guesses : [];
  }

  /** @param {string} name @returns {number[][]} */
  points(name) {
    return /** @type {number[][]} */ (this.guesses(name).filter((each) => Array.isArray(each) && each.length === 2));
  }

  /** @param {string} name @param {Question} question @param {boolean} opened
   * @param {Record<string, string>} words */
  write(name, question, opened, words) {
    const guesses = this.guesses(name);
    for (const button of parts(this.root, ".choices button")) {
      const count = guesses.filter((each) => each === button.dataset.option).length;
      setAttribute(button, "data-count", guesses.length ? count : "");
      button.style.setProperty("--share", String(guesses.length ? count / guesses.length : 0));
    }
    const numbers = /** @type {number[]} */ (guesses.filter((each) => typeof each === "number"));
    this.list.hidden = question.kind !== "number" || !numbers.length;
    if (!this.list.hidden) this.writeBins(numbers, question, opened, words);
  }

  /** @param {number[]} numbers @param {Question} question @param {boolean} opened
   * @param {Record<string, string>} words */
  writeBins(numbers, question, opened, words) {
    const { from, to } = question.accepted;
    const right = opened && from !== undefined && to !== undefined ? { from, to } : null;
    const bins = binned(right ? [...numbers, right.from, right.to] : numbers, numbers, BINS);
    const most = Math.max(...bins.map(({ count }) => count));
    while (this.list.children.length > bins.length) this.list.lastChild?.remove();
    while (this.list.children.length < bins.length) this.list.append(document.createElement("li"));
    bins.forEach(({ low, high, count }, i) => {
      const bar = /** @type {HTMLElement} */ (this.list.children[i]);
      const isRight = right !== null && low <= right.to && high >= right.from;
      setAttribute(bar, "data-count", count || "");
      bar.style.setProperty("--share", String(count / most));
      setAttribute(bar, "data-right", isRight);
      const ends = i === 0 ? "first" : i === bins.length - 1 ? "last" : "";
      setAttribute(bar, "data-end", ends);
      setAttribute(bar, "data-edge", ends === "first" ? short(low) : ends === "last" ? short(high) : "");
      setAttribute(bar, "aria-label", `${short(low)} – ${short(high)}: ${count}${isRight ? `, ${words.right}` : ""}`);
    });
  }
}

/** @param {number[]} all that must have a place @param {number[]} numbers to be counted
 * @param {number} most bins @returns {{low: number, high: number, count: number}[]} */
export function binned(all, numbers, most) {
  const [low, high] = [Math.min(...all), Math.max(...all)];
  if (low === high) return [{ low, high, count: numbers.length }];
  const width = (high - low) / most;
  const place = (/** @type {number} */ number) => Math.min(most - 1, Math.floor((number - low) / width));
  return Array.from({ length: most }, (_, i) => ({
    low: low + i * width,
    high: low + (i + 1) * width,
    count: numbers.filter((number) => place(number) === i).length,
  }));
}

/** @param {number} value */
function short(value) {
  return String(Number(value.toPrecision(3)));
}
