import { numberFrom } from "./numbers.js";
import { part } from "./dom.js";

/** Boxes for three sides, as a form: what is typed and not sent gives way to
 * the triangle's own. */
export class SideBoxes {
  /** @param {{root: HTMLElement, signal: AbortSignal, invalidate(): void}} view
   * @param {(sides: number[]) => boolean} build from what was typed; whether there is such a one */
  constructor(view, build) {
    const { root, signal } = view;
    this.form = part(root, "form.sides", HTMLFormElement);
    this.boxes = [...this.form.querySelectorAll("input")];
    this.edited = false;
    this.pressed = false; // within the form: Safari gives a pressed button no focus
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (build(this.boxes.map((box) => numberFrom(box.value)))) this.edited = false;
    }, { signal });
    this.form.addEventListener("input", () => { this.edited = true; }, { signal });
    this.form.addEventListener("pointerdown", () => { this.pressed = true; }, { signal });
    for (const end of ["pointerup", "pointercancel"]) {
      document.addEventListener(end, () => void setTimeout(() => { this.pressed = false; }), { signal });
    }
    this.form.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLInputElement) target.select();
    }, { signal });
    this.form.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && this.form.contains(relatedTarget)) return;
      if (this.pressed || !document.hasFocus()) return; // another window was looked at
      this.edited = false;
      view.invalidate();
    }, { signal });
  }

  /** @param {number[]} sides */
  write(sides) {
    if (this.edited) return;
    sides.forEach((side, i) => {
      const text = side.toFixed(3);
      if (this.boxes[i].value !== text) this.boxes[i].value = text;
    });
  }
}
