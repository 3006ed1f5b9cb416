/**
 * All that is seen: the molecule, the two plots, the cards, and what the controls show.
 *
 * @typedef {import("./energy_stage.js").EnergyStage} EnergyStage
 * @typedef {import("./energy_numbers.js").Now} Now
 */
import { EnergyNumbers } from "./energy_numbers.js";
import { MoleculeView } from "./molecule_view.js";
import { PlotView, colourOf } from "./plot_view.js";
import { Tumble } from "../../kit/web/motion.js";
import { css } from "../../kit/web/theme.js";
import { curvesAlong } from "./curves.js";
import { setText } from "../../symmetry/web/panel.js";
import { sideLengths } from "../../kit/web/geometry.js";

export class EnergyScreen {
  /** @param {HTMLElement} root @param {number} edge of the box @param {string[]} kinds */
  constructor(root, edge, kinds) {
    const find = (/** @type {string} */ name) =>
      /** @type {HTMLElement} */ (root.querySelector(name));
    this.root = root;
    this.find = find;
    this.kinds = kinds;
    this.canvas = /** @type {HTMLCanvasElement} */ (find(".world-canvas"));
    this.plotCanvas = /** @type {HTMLCanvasElement} */ (find(".plot-canvas"));
    this.world = new MoleculeView(this.canvas, edge);
    this.plot = new PlotView(this.plotCanvas);
    this.numbers = new EnergyNumbers(root, kinds);
    this.slider = /** @type {HTMLInputElement} */ (find(".pull input"));
    this.sigma = /** @type {HTMLInputElement} */ (find(".sigma input"));
    this.form = /** @type {HTMLFormElement} */ (find("form.sides"));
    this.boxes = /** @type {HTMLInputElement[]} */ ([...this.form.querySelectorAll("input")]);
    /** Whether sides were typed and not sent: then they stay. */
    this.edited = false;
    /** @type {import("./curves.js").Curves | null} */
    this.curves = null;
  }

  fit() {
    this.world.surface.fit();
    this.plot.surface.fit();
  }

  /** @param {import("../../kit/web/theme.js").Theme} theme */
  paintCards(theme) {
    for (const kind of this.kinds) {
      this.find(`.card.from-${kind}`).style.setProperty("--kind", css(colourOf(kind, theme)));
    }
  }

  /** @param {EnergyStage} stage */
  draw(stage) {
    const { scene, theme, kept, data, line, predictors } = stage;
    const { edge, minSide } = data;
    this.world.pullable = scene.tool === "reshape" ? null : line.pullable;
    this.world.drawMolecule(scene, theme, line, kept.sigma);
    this.curves = curvesAlong(line, scene.vertices, predictors, { edge, minSide, sigma: kept.sigma });
    this.writeControls(stage, this.drawPlot(stage));
  }

  /** The curves as they are, with the bands as far as they are known. @param {EnergyStage} stage */
  drawPlot(stage) {
    const now = stage.now();
    if (this.curves) this.plot.draw(this.curves, this.kinds, stage.bands, now, stage.theme);
    this.numbers.write(now, stage.bands);
    return now;
  }

  /** @param {EnergyStage} stage @param {Now} now */
  writeControls(stage, now) {
    const { scene, kept, motion, where } = stage;
    this.check("tool", scene.tool);
    this.check("line", kept.line);
    this.press("tumble", motion instanceof Tumble);
    this.press("exact", kept.exactOnly);
    this.find(".sigma").hidden = !kept.exactOnly;
    setText(this.find(".sigma output"), kept.sigma.toFixed(2));
    this.sigma.value = String(kept.sigma);
    this.find(".band").hidden = where === "" || kept.exactOnly;
    setText(this.find(".band .words"), where);
    this.writePull(stage, now);
    if (this.edited) return;
    sideLengths(scene.vertices).forEach((side, i) => {
      const length = (side * stage.data.edge).toFixed(3);
      if (this.boxes[i].value !== length) this.boxes[i].value = length;
    });
  }

  /** How far the side is pulled: slider, number, and the plot as a slider. @param {EnergyStage} stage
   * @param {Now} now */
  writePull({ line, scene }, now) {
    const [low, high] = line.range(scene.vertices);
    Object.assign(this.slider, { min: String(low), max: String(high) });
    this.slider.value = String(now.t);
    setText(this.find(".pull .name"), now.label);
    setText(this.find(".pull output"), now.t.toFixed(3));
    const text = `${now.label} ${now.t.toFixed(3)}, energy ${now.exact.toFixed(3)}`;
    this.slider.setAttribute("aria-valuetext", text);
    this.plotCanvas.setAttribute("aria-valuetext", text);
    for (const [name, value] of /** @type {[string, number][]} */ ([["min", low], ["max", high], ["now", now.t]])) {
      this.plotCanvas.setAttribute(`aria-value${name}`, value.toFixed(3));
    }
  }

  /** One of a group of buttons is on. @param {"tool" | "line"} group @param {string} value */
  check(group, value) {
    const radios = /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll(`[data-${group}]`));
    for (const radio of radios) {
      const on = radio.dataset[group] === value;
      radio.setAttribute("aria-checked", String(on));
      radio.tabIndex = on ? 0 : -1;
    }
  }

  /** @param {string} act @param {boolean} on */
  press(act, on) {
    this.find(`[data-act=${act}]`).setAttribute("aria-pressed", String(on));
  }
}
