/**
 * What buttons with data-act do, and keys that stand for them.
 *
 * @typedef {import("./live_view.js").Motion} Motion
 * @typedef {(button: HTMLElement | null, moved: Motion | null) => void} Act `moved`: what it ended
 */
import { parts } from "./dom.js";

/** Acts that leave what moves alone. */
const QUIET = ["fullscreen", "help", "csv", "png"];

export class Acts {
  /** @param {{root: HTMLElement, signal: AbortSignal, motion: Motion | null, stopMotion(): void,
   *   showFault(sentence: string | null): void, invalidate(): void}} view */
  constructor(view) {
    this.view = view;
    /** @type {Map<string, Act>} */
    this.table = new Map();
    /** @type {Map<string, string>} */
    this.keys = new Map();
  }

  /** @param {Record<string, Act>} table @param {Record<string, string>} keys */
  add(table, keys) {
    const { root, signal } = this.view;
    for (const [name, act] of Object.entries(table)) {
      this.table.set(name, act);
      for (const button of parts(root, `[data-act=${name}]`)) {
        button.addEventListener("click", () => this.act(name, button), { signal });
      }
    }
    for (const [key, name] of Object.entries(keys)) this.keys.set(key, name);
  }

  /** @param {string} name @param {HTMLElement | null} button */
  act(name, button) {
    const { motion } = this.view;
    if (!QUIET.includes(name)) {
      this.view.showFault(null);
      this.view.stopMotion();
    }
    this.table.get(name)?.(button, motion);
    this.view.invalidate();
  }

  /** @param {string} key @returns {boolean} whether it stands for an act */
  press(key) {
    const name = this.keys.get(key);
    if (name) this.act(name, null);
    return name !== undefined;
  }
}
