/** One side of the triangle: its sphere of units, its two bars, and its numbers. */
import { SumBars } from "./sum_bars.js";
import { UnitSphere } from "./unit_sphere.js";
import { fixed } from "../../kit/web/numbers.js";
import { part, setAttribute, setText } from "../../kit/web/dom.js";

export class SidePanel {
  /** @param {HTMLTemplateElement} template @param {number} side */
  constructor(template, side) {
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.element = part(copy, ".side", HTMLElement);
    this.side = side;
    this.name = `l${"₁₂₃"[side]}`;
    this.sphere = new UnitSphere(part(copy, ".ball canvas", HTMLCanvasElement), side);
    this.bars = new SumBars(part(copy, ".bars canvas", HTMLCanvasElement));
    this.count = part(copy, ".count", HTMLElement);
    this.sum = part(copy, ".sum", HTMLElement);
    this.beside = part(copy, ".beside", HTMLElement);
    setText(part(copy, ".name", HTMLElement), this.name);
  }

  get surfaces() {
    return [this.sphere.surface, this.bars.surface];
  }

  /** @param {import("./side_reading.js").SideReading} reading that has just measured
   * @param {number} length the side's true length @param {number} seen as the network's input has it
   * @param {{sums: number[], sides: number[]}} found */
  measured(reading, length, seen, { sums, sides }) {
    const watching = reading.unitsOf(this.side).filter((unit) => reading.watches[unit]);
    const pieces = watching.map((unit) => {
      const added = reading.added(unit);
      const full = Math.abs(reading.share[unit]) * seen;
      return { length: added, light: full ? Math.abs(added) / full : 0 };
    });
    return {
      true: length, sum: sums[this.side], whole: sides[this.side], pieces, watching: watching.length,
    };
  }

  /** @param {ReturnType<SidePanel["measured"]>} measured */
  write({ true: length, sum, whole, watching }) {
    setText(this.count, watching === 1 ? "1 unit" : `${watching} units`);
    setText(this.sum, fixed(sum));
    setText(this.beside, `${this.name} is ${fixed(length)}\nwhole encoder ${fixed(whole)}`);
    setAttribute(this.sphere.surface.canvas, "aria-label",
      `Sphere of ${this.name}: ${watching} units watch it, and add up to ${fixed(sum)}; it is ${fixed(length)}. Arrow keys turn the view.`);
  }
}
