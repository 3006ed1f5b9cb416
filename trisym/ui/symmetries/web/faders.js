/** Twelve sliders for three translations, three rotations and six strains, each of rms displacement 1 at
 * its end: together they are one motion. */
import { MOTIONS, PLAIN_MOTIONS, displacement, partOf, plainMotion } from "./motions.js";
import { fixed } from "../../kit/web/numbers.js";
import { part, setAttribute } from "../../kit/web/dom.js";

/** @type {Record<import("../../kit/web/kinds.js").Kind, (name: string) => string>} */
const FADER_NAMES = {
  translation: (name) => `Translation along ${name}`,
  rotation: (name) => `Rotation about ${name}`,
  strain: (name) => (name.length === 1 ? `Stretch along ${name}` : `Shear in ${name}`),
};

export class Faders {
  /** @param {HTMLElement} desk @param {(motion: Float64Array) => void} moved
   * @param {{begin: () => void, end: () => void}} hand @param {AbortSignal} signal */
  constructor(desk, moved, hand, signal) {
    this.moved = moved;
    /** Of each plain motion at a slider's end. */
    this.lengths = PLAIN_MOTIONS.map(() => 1);
    const template = part(desk, "template", HTMLTemplateElement);
    this.sliders = PLAIN_MOTIONS.map(({ kind, name }) => {
      const label = part(/** @type {DocumentFragment} */ (template.content.cloneNode(true)), "label", HTMLElement);
      part(desk, `[data-kind=${kind}]`, HTMLElement).append(label);
      part(label, "span", HTMLElement).textContent = name;
      const slider = part(label, "input", HTMLInputElement);
      slider.setAttribute("aria-label", FADER_NAMES[kind](name));
      slider.dataset.plain = `${kind}-${name}`;
      return slider;
    });
    const options = { signal };
    desk.addEventListener("input", () => this.read(), options);
    desk.addEventListener("pointerdown", ({ target }) => target instanceof HTMLInputElement && hand.begin(), options);
    desk.addEventListener("change", () => hand.end(), options);
    desk.addEventListener("dblclick", ({ target }) => {
      if (!(target instanceof HTMLInputElement)) return;
      target.value = "0";
      this.read();
      hand.end();
    }, options);
  }

  /** @param {Float64Array} metric of the network that is shown */
  measure(metric) {
    this.lengths = PLAIN_MOTIONS.map((_, i) => displacement(plainMotion(i), metric));
  }

  read() {
    const motion = new Float64Array(MOTIONS);
    this.sliders.forEach((slider, i) => {
      const amount = Number(slider.value) / this.lengths[i];
      plainMotion(i).forEach((entry, k) => { motion[k] += amount * entry; });
    });
    this.moved(motion);
  }

  /** @param {Float64Array} motion */
  write(motion) {
    this.sliders.forEach((slider, i) => {
      const amount = partOf(motion, i) * this.lengths[i];
      const text = amount.toFixed(2);
      // A slider in the hand is the hand's.
      if (Number(slider.value) !== Number(text) && !slider.matches(":active")) slider.value = text;
      setAttribute(slider, "aria-valuetext", `${fixed(amount, 2)} edges`);
    });
  }
}
