/**
 * Everything a pointer can do in the energy view, by keys. Handled keys stop here: Streamlit has
 * shortcuts of its own.
 *
 * @typedef {import("./energy_stage.js").EnergyStage} EnergyStage
 */
import { DIRECTIONS } from "../../kit/web/directions.js";
import { orbit, zoomBy } from "../../kit/web/camera.js";
import { turnAbout } from "../../kit/web/geometry.js";
import { energyAct } from "./energy_acts.js";

const KEY_TURN = Math.PI / 36;
const KEY_STEP = 0.02; // box edges
const KEY_PULL = 0.005; // of t
const KEY_ZOOM = 1.15;

/** @type {Record<string, string>} */
const KEY_ACTS = { t: "tumble", n: "motion", a: "molecule", e: "exact", f: "fullscreen", 0: "reset", "?": "help" };
/** @type {Record<string, import("../../kit/web/scene.js").Tool>} */
const KEY_TOOLS = { r: "rotate", m: "move", s: "reshape", v: "camera" };
/** @type {Record<string, string>} */
const KEY_LINES = { 1: "l1", 2: "l2", 3: "l3", 8: "fig18" };

/** @param {HTMLElement} root @param {EnergyStage} stage @param {AbortSignal} signal */
export function listenToEnergyKeys(root, stage, signal) {
  const listener = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!handleEnergyKey(event, /** @type {HTMLElement} */ (event.target), stage)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  root.addEventListener("keydown", listener, { signal });
}

/** @param {KeyboardEvent} event @param {HTMLElement} target @param {EnergyStage} stage */
function handleEnergyKey(event, target, stage) {
  if (target.matches("input")) return false;
  const direction = DIRECTIONS[event.key];
  if (direction && target.classList.contains("plot-canvas")) {
    const [x, y, far] = direction;
    stage.pull((x + y + 10 * far) * KEY_PULL * (event.shiftKey ? 10 : 1));
    return true;
  }
  if (direction && target.classList.contains("world-canvas")) {
    stage.stopMotion();
    pushMolecule(stage, direction, event.shiftKey);
    stage.changed();
    stage.tellSoon(450);
    return true;
  }
  if ("+=-−".includes(event.key)) {
    zoomBy(stage.scene.camera, "+=".includes(event.key) ? KEY_ZOOM : 1 / KEY_ZOOM);
    stage.cameraMoved();
    return true;
  }
  const key = event.key.toLowerCase();
  if (KEY_ACTS[key]) energyAct(stage, KEY_ACTS[key]);
  else if (KEY_TOOLS[key]) stage.chooseTool(KEY_TOOLS[key]);
  else if (KEY_LINES[key]) stage.chooseLine(KEY_LINES[key]);
  else return false;
  return true;
}

/** @param {EnergyStage} stage @param {[number, number, number]} direction @param {boolean} shift */
function pushMolecule(stage, [x, y, away], shift) {
  const { scene } = stage;
  const { view } = stage.screen.world;
  if (scene.tool === "camera" && !shift) {
    orbit(scene.camera, x * KEY_TURN, -y * KEY_TURN);
  } else if (shift || scene.tool === "move") {
    const step = [0, 1, 2].map((axis) =>
      KEY_STEP * (x * view.right[axis] + y * view.up[axis] + away * view.forward[axis]));
    scene.move(/** @type {import("../../kit/web/geometry.js").Point} */ (step));
  } else {
    const axis = x ? view.up : y ? view.right : view.forward;
    scene.rotate(turnAbout(axis, KEY_TURN * (x || -y || away)));
  }
}
