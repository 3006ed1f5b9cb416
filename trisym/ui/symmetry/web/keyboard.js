/**
 * Everything a pointer can do, by keys: arrows turn, Shift carries, 1 to 3 choose a vertex, letters
 * take tools and act. Handled keys stop here: Streamlit has shortcuts of its own (R, C).
 *
 * @typedef {import("./stage.js").Stage} Stage
 */
import { DIRECTIONS } from "../../kit/web/directions.js";
import { act } from "./acts.js";
import { orbit, zoomBy } from "../../kit/web/camera.js";
import { turnAbout } from "../../kit/web/geometry.js";

const TURN = Math.PI / 36; // 5 degrees a press
const STEP = 0.02; // cube edges a press
const ZOOM = 1.15;

/** @type {Record<string, (stage: Stage) => void>} */
const LETTERS = {
  r: (stage) => stage.chooseTool("rotate"),
  m: (stage) => stage.chooseTool("move"),
  s: (stage) => stage.chooseTool("reshape"),
  v: (stage) => stage.chooseTool("camera"),
  t: (stage) => act(stage, "tumble"),
  n: (stage) => act(stage, "motion"),
  a: (stage) => act(stage, "triangle"),
  x: (stage) => act(stage, "swap"),
  i: (stage) => act(stage, "mirror"),
  g: (stage) => act(stage, "ghost"),
  z: (stage) => act(stage, "zero"),
  f: (stage) => act(stage, "fullscreen"),
  0: (stage) => act(stage, "reset"),
  "?": (stage) => act(stage, "help"),
};

/** @param {HTMLElement} root @param {Stage} stage @param {AbortSignal} signal */
export function listenToKeyboard(root, stage, signal) {
  root.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (!handleKey(event, /** @type {HTMLElement} */ (event.target), stage)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );
}

/** @param {KeyboardEvent} event @param {HTMLElement} target @param {Stage} stage
 * @returns {boolean} whether the key meant something */
function handleKey(event, target, stage) {
  if (target.matches("input, select")) return false;
  const onCanvas = target instanceof HTMLCanvasElement;
  if (onCanvas && DIRECTIONS[event.key]) {
    const onWorld = target.classList.contains("world-canvas");
    stage.keyGesture(() => pushTriangle(stage, DIRECTIONS[event.key], event.shiftKey, onWorld));
    return true;
  }
  if (onCanvas && ["1", "2", "3"].includes(event.key)) {
    stage.chooseVertex(Number(event.key) - 1);
    return true;
  }
  if (event.key === "Escape" && stage.scene.chosenVertex !== null) {
    stage.chooseVertex(null);
    return true;
  }
  if ("+=-−".includes(event.key)) {
    const camera = target.classList.contains("point-canvas") ? "latentCamera" : "camera";
    zoomBy(stage.scene[camera], "+=".includes(event.key) ? ZOOM : 1 / ZOOM);
    stage.cameraMoved();
    return true;
  }
  const letter = LETTERS[event.key.toLowerCase()];
  letter?.(stage);
  return Boolean(letter);
}

/** @param {Stage} stage @param {[number, number, number]} direction @param {boolean} shift
 * @param {boolean} onWorld */
function pushTriangle(stage, [x, y, away], shift, onWorld) {
  const { scene } = stage;
  const { view } = stage.screen.world;
  const step = /** @type {import("../../kit/web/geometry.js").Point} */ (
    [0, 1, 2].map(
      (axis) => STEP * (x * view.right[axis] + y * view.up[axis] + away * view.forward[axis]),
    )
  );
  if (!onWorld) orbit(scene.latentCamera, x * TURN, -y * TURN);
  else if (scene.tool === "camera" && !shift) orbit(scene.camera, x * TURN, -y * TURN);
  else if (scene.chosenVertex !== null) stage.showFault(scene.reshape(scene.chosenVertex, step));
  else if (shift || scene.tool === "move") scene.move(step);
  else scene.rotate(turnAbout(x ? view.up : y ? view.right : view.forward, TURN * (x || -y || away)));
}
