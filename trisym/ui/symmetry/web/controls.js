/**
 * The buttons and boxes around the views: they call the stage, and show its state.
 *
 * @typedef {import("./stage.js").Stage} Stage
 */
import { TOOLS } from "../../kit/web/scene.js";
import { act } from "./acts.js";
import { setText } from "./panel.js";

export class Controls {
  /** @param {HTMLElement} root @param {Stage} stage @param {AbortSignal} signal */
  constructor(root, stage, signal) {
    this.stage = stage;
    const all = (/** @type {string} */ name) =>
      /** @type {HTMLElement[]} */ ([...root.querySelectorAll(name)]);
    this.tools = all("[data-tool]");
    this.tumble = all("[data-act=tumble]")[0];
    this.ghost = all("[data-act=ghost]")[0];
    this.speed = /** @type {HTMLInputElement} */ (all(".speed input")[0]);
    this.form = /** @type {HTMLFormElement} */ (all("form.sides")[0]);
    this.boxes = /** @type {HTMLInputElement[]} */ (all("form.sides input"));
    this.band = all(".band")[0];
    this.fault = all(".fault")[0];
    this.edited = false;
    this.listen(all("[data-act]"), signal);
  }

  /** @param {HTMLElement[]} buttons @param {AbortSignal} signal */
  listen(buttons, signal) {
    for (const tool of this.tools) {
      const name = /** @type {import("../../kit/web/scene.js").Tool} */ (tool.dataset.tool);
      tool.addEventListener("click", () => this.stage.chooseTool(name), { signal });
      tool.addEventListener("keydown", (event) => this.walkTools(event), { signal });
    }
    for (const button of buttons) {
      const { act: name = "", pair } = button.dataset;
      button.addEventListener("click", () => act(this.stage, name, pair), { signal });
    }
    this.speed.addEventListener("input", () => {
      this.stage.scene.speed = Number(this.speed.value);
    }, { signal });
    for (const box of this.boxes) {
      box.addEventListener("input", () => { this.edited = true; }, { signal });
      box.addEventListener("focus", () => box.select(), { signal });
    }
    this.form.addEventListener("focusout", (event) => this.leaveForm(event), { signal });
    this.form.addEventListener("submit", (event) => this.submitSides(event), { signal });
  }

  /** A radio group: arrows choose, one stop of the tab key. @param {KeyboardEvent} event */
  walkTools(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = TOOLS.indexOf(this.stage.scene.tool);
    this.stage.chooseTool(TOOLS[(at + step + TOOLS.length) % TOOLS.length]);
    this.tools.find((tool) => tool.dataset.tool === this.stage.scene.tool)?.focus();
  }

  /** What was typed and not sent gives way to the triangle's own sides. @param {FocusEvent} event */
  leaveForm(event) {
    if (this.form.contains(/** @type {Node | null} */ (event.relatedTarget))) return;
    this.edited = false;
    this.write();
  }

  /** @param {SubmitEvent} event */
  submitSides(event) {
    event.preventDefault();
    const sides = this.boxes.map((box) => Number(box.value.trim().replace(",", ".") || NaN));
    if (this.stage.setSides(sides)) this.edited = false;
  }

  /** Show what holds now. */
  write() {
    const { scene, tumbling } = this.stage;
    for (const tool of this.tools) {
      const on = tool.dataset.tool === scene.tool;
      tool.setAttribute("aria-checked", String(on));
      tool.tabIndex = on ? 0 : -1;
    }
    this.tumble.setAttribute("aria-pressed", String(tumbling));
    setText(/** @type {Element} */ (this.tumble.querySelector(".sign")), tumbling ? "■" : "▶");
    setText(/** @type {Element} */ (this.tumble.querySelector(".name")), tumbling ? "Stop" : "Tumble");
    const ghosts = String(scene.ghosts.size > 0);
    this.ghost.setAttribute("aria-pressed", ghosts);
    this.stage.root.dataset.ghosts = ghosts;
    this.speed.value = String(scene.speed);
    this.band.hidden = scene.inside;
    if (this.edited) return;
    scene.sides.forEach((side, i) => {
      const text = side.toFixed(3);
      if (this.boxes[i].value !== text) this.boxes[i].value = text;
    });
  }

  /** @param {string | null} sentence */
  showFault(sentence) {
    setText(this.fault, sentence ?? "");
  }
}
