/** A group of buttons of which one is on: arrows choose, the tab key stops once. */
import { parts, setAttribute } from "./dom.js";

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class RadioGroup {
  /** @param {HTMLElement} group role=radiogroup @param {string} name of the data attribute that
   * holds a button's value @param {(value: string) => void} choose @param {AbortSignal} signal */
  constructor(group, name, choose, signal) {
    this.group = group;
    this.name = name;
    group.addEventListener("click", ({ target }) => {
      const radio = target instanceof Element ? target.closest(`[data-${name}]`) : null;
      if (radio instanceof HTMLElement) choose(radio.dataset[name] ?? "");
    }, { signal });
    group.addEventListener("keydown", (event) => this.walk(event), { signal });
  }

  get radios() {
    return parts(this.group, `[data-${this.name}]`);
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { radios } = this;
    // The one in focus: what is checked is drawn in the next frame, and a second key may come before.
    const focused = radios.findIndex((radio) => radio === event.target);
    const checked = radios.findIndex((radio) => radio.getAttribute("aria-checked") === "true");
    const at = focused < 0 ? checked : focused;
    const next = radios[(at + step + radios.length) % radios.length];
    next.click();
    next.focus();
  }

  /** @param {string} value */
  show(value) {
    for (const radio of this.radios) {
      const on = radio.dataset[this.name] === value;
      setAttribute(radio, "aria-checked", on);
      radio.tabIndex = on ? 0 : -1;
    }
  }
}
