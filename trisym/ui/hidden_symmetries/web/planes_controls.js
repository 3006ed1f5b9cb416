/**
 * Buttons, keys and the legend around the linked views.
 *
 * @typedef {import("./planes.js").Planes} Planes
 * @typedef {import("../../kit/web/geometry.js").Point} Point
 */
import { DIRECTIONS } from "../../kit/web/directions.js";
import { orbit } from "../../kit/web/camera.js";
import { setText } from "../../symmetry/web/panel.js";
import { css } from "../../kit/web/theme.js";
import { turnAbout } from "../../kit/web/geometry.js";

const TURN_STEP = Math.PI / 36; // 5 degrees a press
const CARRY_STEP = 0.02; // cube edges a press
const BRUSH_STEP = 0.06; // of a plane's width a press

/** @type {Record<string, (planes: Planes) => void>} */
const PLANES_ACTS = {
  wander: (planes) => planes.toggleWander(),
  renumber: (planes) => planes.renumber(),
  draw: (planes) => planes.newTriangle(),
  save: (planes) => void planes.save(),
};
/** @type {Record<string, string>} */
const PLANES_KEYS = { w: "wander", x: "renumber", a: "draw" };

/** @param {Planes} planes @param {AbortSignal} signal */
export function listenToControls(planes, signal) {
  const { root } = planes;
  const laws = planes.panels.map(({ law }) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: law.short, title: law.rule });
    button.setAttribute("role", "radio");
    button.dataset.law = law.name;
    button.addEventListener("click", () => planes.obey(law.name), { signal });
    return button;
  });
  planes.find(".laws").replaceChildren(...laws);
  for (const button of root.querySelectorAll("[data-act]")) {
    const name = /** @type {HTMLElement} */ (button).dataset.act ?? "";
    button.addEventListener("click", () => PLANES_ACTS[name](planes), { signal });
  }
  for (const button of root.querySelectorAll("[data-colouring]")) {
    const name = /** @type {any} */ (button).dataset.colouring;
    button.addEventListener("click", () => planes.colour(name), { signal });
  }
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!pressed(event, planes)) return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal });
}

/** @param {KeyboardEvent} event @param {Planes} planes @returns {boolean} */
function pressed(event, planes) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.getAttribute("role") === "radio" && DIRECTIONS[event.key]) return walk(target, DIRECTIONS[event.key]);
  if (!(target instanceof HTMLCanvasElement)) return false;
  const act = PLANES_KEYS[event.key.toLowerCase()];
  if (act) PLANES_ACTS[act](planes);
  else if (DIRECTIONS[event.key]) push(planes, target, DIRECTIONS[event.key], event.shiftKey);
  else if (["1", "2", "3", "Escape"].includes(event.key)) choose(planes, event.key);
  else return false;
  return true;
}

/** The next button of a radio group. @param {HTMLElement} button @param {number[]} arrow */
function walk(button, [x, y]) {
  const group = /** @type {HTMLElement[]} */ ([...(button.parentElement?.querySelectorAll("[role=radio]") ?? [])]);
  const next = group[(group.indexOf(button) + (x - y) + group.length) % group.length];
  next.click();
  next.focus();
  return true;
}

/** @param {Planes} planes @param {string} key */
function choose(planes, key) {
  planes.scene.chosenVertex = key === "Escape" ? null : Number(key) - 1;
  if (key === "Escape") planes.clearBrush();
  planes.changed();
}

/** @param {Planes} planes @param {HTMLCanvasElement} canvas @param {number[]} arrow
 * @param {boolean} shift */
function push(planes, canvas, [x, y, away], shift) {
  const { scene, world } = planes;
  planes.motion = null;
  if (canvas !== planes.canvas) {
    pushCloud(planes, canvas, x, y);
    return;
  }
  const { right, up, forward } = world.view;
  const step = /** @type {Point} */ (
    [0, 1, 2].map((axis) => CARRY_STEP * (x * right[axis] + y * up[axis] + away * forward[axis]))
  );
  if (scene.chosenVertex !== null) scene.reshape(scene.chosenVertex, step);
  else if (shift) scene.move(step);
  else scene.rotate(turnAbout(x ? up : y ? right : forward, TURN_STEP * (x || -y || away)));
  scene.endReshape();
  planes.changed();
  planes.soon();
}

/** Turn the side lengths, or move the brush over a plane. @param {Planes} planes
 * @param {HTMLCanvasElement} canvas @param {number} x @param {number} y */
function pushCloud(planes, canvas, x, y) {
  const panel = planes.panels.find(({ views }) => views.some((view) => view.canvas === canvas));
  const view = panel?.views.find((each) => each.canvas === canvas);
  if (!panel || !view) return;
  if (!view.flat) {
    orbit(planes.camera, x * TURN_STEP, -y * TURN_STEP);
    planes.turned();
    return;
  }
  const { width, height } = view.overlay;
  const from = view.brush ?? { x: width / 2, y: height / 2 };
  const to = [from.x + x * BRUSH_STEP * width, from.y - y * BRUSH_STEP * height];
  planes.brush(panel, view, to[0], to[1]);
}

/** Show what holds now. @param {Planes} planes */
export function writeControls(planes) {
  const { scene, colouring, motion } = planes;
  check(planes.root, "law", scene.law.name);
  check(planes.root, "colouring", colouring);
  const wander = planes.find("[data-act=wander]");
  wander.setAttribute("aria-pressed", String(motion !== null));
  setText(/** @type {Element} */ (wander.querySelector(".sign")), motion ? "■" : "▶");
  setText(/** @type {Element} */ (wander.querySelector(".name")), motion ? "Stop" : "Wander");
  const panel = planes.panels.find(({ law }) => law === scene.law);
  setText(planes.find(".rule"), panel?.law.rule ?? "");
  writeLegend(planes);
}

/** @param {HTMLElement} root @param {string} group @param {string} chosen */
function check(root, group, chosen) {
  for (const button of root.querySelectorAll(`[data-${group}]`)) {
    const on = /** @type {HTMLElement} */ (button).dataset[group] === chosen;
    button.setAttribute("aria-checked", String(on));
    /** @type {HTMLElement} */ (button).tabIndex = on ? 0 : -1;
  }
}

/** @param {Planes} planes */
function writeLegend(planes) {
  const legend = planes.find(".legend");
  const { theme, colouring } = planes;
  const state = `${colouring} ${theme.dark}`;
  if (legend.dataset.state === state) return;
  legend.dataset.state = state;
  legend.replaceChildren(...(colouring === "perimeter" ? rampOf(planes) : dotsOf(planes)));
}

/** @param {Planes} planes */
function rampOf({ theme, range }) {
  const ramp = document.createElement("span");
  ramp.className = "ramp";
  const steps = theme.palette.map((rgb) => css(rgb)).join(", ");
  ramp.style.background = `linear-gradient(to right, ${steps})`;
  return ["perimeter", range[0].toFixed(1), ramp, range[1].toFixed(1)];
}

/** @param {Planes} planes */
function dotsOf({ paints }) {
  const named = paints.sides.flatMap((rgb, i) => [dot(rgb), `l${"₁₂₃"[i]}`]);
  return ["constant side", ...named, dot([128, 128, 128]), "none"];
}

/** @param {number[]} rgb */
function dot(rgb) {
  const mark = document.createElement("span");
  mark.className = "dot";
  mark.style.background = css(rgb);
  return mark;
}
