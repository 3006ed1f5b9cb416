/**
 * The colour scale of perimeters, and where the triangle in the hand lies on it.
 */
import { clamp } from "../../kit/web/camera.js";
import { gradient } from "../../kit/web/theme.js";
import { part, setText } from "../../kit/web/dom.js";
import { perimetersOf } from "../../kit/web/perimeters.js";

export class Legend {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.ramp = part(element, ".ramp", HTMLElement);
    this.here = part(element, ".here", HTMLElement);
    this.lowest = part(element, ".lowest", HTMLElement);
    this.highest = part(element, ".highest", HTMLElement);
    this.reference = "";
    this.colours = new Uint8Array(0);
    /** @type {[number, number]} */
    this.range = [0, 1];
  }

  /** @param {string} reference its id @param {Float32Array} triangles */
  measure(reference, triangles) {
    if (reference === this.reference) return;
    this.reference = reference;
    Object.assign(this, perimetersOf(triangles));
  }

  /** @param {import("../../kit/web/theme.js").Theme} theme */
  paint(theme) {
    this.ramp.style.background = gradient(theme.palette);
    setText(this.lowest, this.range[0].toFixed(1));
    setText(this.highest, this.range[1].toFixed(1));
  }

  /** @param {number[]} sides of the triangle in the hand */
  point(sides) {
    const [low, high] = this.range;
    const perimeter = sides[0] + sides[1] + sides[2];
    const left = `${(100 * clamp((perimeter - low) / (high - low), 0, 1)).toFixed(1)}%`;
    if (this.here.style.left !== left) this.here.style.left = left;
  }
}
