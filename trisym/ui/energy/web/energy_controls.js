/**
 * What is clicked, dragged and typed around the molecule; it calls the energy view.
 *
 * @typedef {import("./energy_stage.js").EnergyStage} EnergyStage
 */
import { WorldHand } from "../../kit/web/world_hand.js";
import { buildMolecule, energyAct } from "./energy_acts.js";
import { listenToEnergyKeys } from "./energy_keyboard.js";
import { listenToPointer } from "../../kit/web/pointer.js";

/** Steps of the arrow keys within a group of buttons. @type {Record<string, number>} */
const WALK_STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** @param {HTMLElement} root @param {EnergyStage} stage @param {AbortSignal} signal */
export function listenToEnergyControls(root, stage, signal) {
  const { canvas, plotCanvas } = stage.screen;
  listenToPointer(canvas, new WorldHand(/** @type {any} */ (stage), stage.screen.world), signal);
  listenToPointer(plotCanvas, plotHand(stage), signal);
  listenToEnergyKeys(root, stage, signal);
  const on = (/** @type {string} */ name, /** @type {(element: HTMLElement) => void} */ react) => {
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(name))) {
      element.addEventListener("click", () => react(element), { signal });
    }
  };
  on("[data-act]", (element) => energyAct(stage, element.dataset.act ?? ""));
  on("[data-line]", (element) => stage.chooseLine(element.dataset.line ?? ""));
  on("[data-tool]", (element) => stage.chooseTool(/** @type {any} */ (element.dataset.tool)));
  for (const group of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[role=radiogroup]"))) {
    group.addEventListener("keydown", (event) => walkRadios(event, group), { signal });
  }
  listenToSliders(stage, signal);
  listenToSides(stage, signal);
}

/** @param {EnergyStage} stage @param {AbortSignal} signal */
function listenToSliders(stage, signal) {
  const { slider, sigma } = stage.screen;
  slider.addEventListener("input", () => stage.pullTo(Number(slider.value)), { signal });
  slider.addEventListener("change", () => stage.tellSoon(), { signal });
  sigma.addEventListener("input", () => {
    stage.kept.sigma = Number(sigma.value);
    stage.changed();
    stage.tellSoon(450);
  }, { signal });
}

/** @param {EnergyStage} stage @param {AbortSignal} signal */
function listenToSides(stage, signal) {
  const { screen } = stage;
  const { form, boxes } = screen;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const sides = boxes.map((box) => Number(box.value.trim().replace(",", ".") || NaN));
    if (buildMolecule(stage, sides)) screen.edited = false;
  }, { signal });
  form.addEventListener("input", () => { screen.edited = true; }, { signal });
  // What was typed and not sent gives way to the molecule's own sides.
  form.addEventListener("focusout", (event) => {
    if (form.contains(/** @type {Node | null} */ (event.relatedTarget))) return;
    screen.edited = false;
    stage.changed();
  }, { signal });
}

/** @param {KeyboardEvent} event @param {Element} group */
function walkRadios(event, group) {
  const step = WALK_STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  const radios = /** @type {HTMLElement[]} */ ([...group.querySelectorAll("[role=radio]")]);
  const at = radios.findIndex((radio) => radio.getAttribute("aria-checked") === "true");
  const next = radios[(at + step + radios.length) % radios.length];
  next.click();
  next.focus();
}

/** A finger or the mouse on the plot takes the dot along. @param {EnergyStage} stage
 * @returns {import("../../kit/web/pointer.js").Hand} */
function plotHand(stage) {
  return {
    begin(x) {
      stage.beginGesture();
      stage.pullTo(stage.screen.plot.parameterAt(x));
    },
    move: ({ x }) => stage.pullTo(stage.screen.plot.parameterAt(x)),
    pinch() {},
    end: () => stage.endGesture(),
    hover() {},
    wheel: () => false,
    seen: (event) => stage.meter.input(event),
  };
}
