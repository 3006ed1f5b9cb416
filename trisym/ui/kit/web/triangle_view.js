/**
 * A live view with a triangle in the hand: pointer and keys turn, carry and reshape it, or turn the
 * camera. Extend it, and say in `newScene` what Python starts from.
 */
import { LiveView } from "./live_view.js";
import { RadioGroup } from "./radios.js";
import { WorldHand } from "./world_hand.js";
import { parts } from "./dom.js";
import { bestTurn } from "./alignment.js";
import { centroid, distancesOf, turnAbout, turnAngle } from "./geometry.js";
import { turnCamera, zoomBy } from "./camera.js";

const TURN = Math.PI / 36; // 5 degrees a press
const STEP = 0.02; // cube edges a press
const ZOOM = 1.15;
const TURNED = 0.5; // degrees, and
const MOVED_BY = 0.005; // edges: below, nothing has happened
const SAME_SIDE = 1e-4; // edges: what rounding does to a side
/** @type {Record<string, import("./triangle_scene.js").Tool>} */
const TOOL_KEYS = { r: "rotate", m: "move", s: "reshape", v: "camera" };

/**
 * @template {import("./live_view.js").ViewData} Data
 * @template {import("./triangle_scene.js").TriangleScene} Scene
 * @extends {LiveView<Data>}
 */
export class TriangleView extends LiveView {
  /** @param {HTMLElement} root @param {import("./live_view.js").Component<Data>} component
   * @param {import("./world_view.js").WorldView} world */
  constructor(root, component, world) {
    super(root, component);
    /** `received` sets it, before anything is drawn or touched. @type {Scene} */
    this.scene = /** @type {any} */ (null);
    this.world = world;
    /** As it was when it was last told. @type {import("./geometry.js").Vertices} */
    this.poseTold = [];
    this.random = Math.random;
    this.watch(world.surface);
    this.hand(world.surface.canvas, new WorldHand(this));
    this.tools = parts(root, ".tools").map((group) =>
      new RadioGroup(group, "tool", (tool) => this.chooseTool(tool), this.signal));
  }

  /** @param {Data | null} _before */
  received(_before) {
    const scene = this.keep(() => this.newScene());
    if (scene === this.scene) return;
    this.scene = scene;
    this.tellFromHere();
    this.motion = null;
    this.startedAnew();
  }

  /** What is measured next is measured from this pose. */
  tellFromHere() {
    this.poseTold = this.scene.vertices.slice();
  }

  /** The scene that Python starts from. @abstract @returns {Scene} */
  newScene() {
    throw new Error("A view says what its scene is.");
  }

  /** Another scene than a moment ago. */
  startedAnew() {}

  /** Where the pointer would take hold. @param {import("./world_view.js").Hold} hold */
  hover(hold) {
    const name = hold.kind === "vertex" ? `vertex ${hold.vertex}` : hold.kind;
    const { canvas } = this.world.surface;
    if (canvas.dataset.hold === name) return;
    this.world.hover = hold;
    canvas.dataset.hold = name;
    this.invalidate();
  }

  /** @param {string} tool */
  chooseTool(tool) {
    this.scene.tool = /** @type {import("./triangle_scene.js").Tool} */ (tool);
    if (tool !== "reshape") this.scene.chosenVertex = null;
    this.invalidate();
    this.reportSoon();
  }

  /** @param {number | null} vertex that the keys move */
  chooseVertex(vertex) {
    this.scene.endReshape();
    this.scene.chosenVertex = vertex;
    this.invalidate();
    this.reportSoon();
  }

  /** @param {import("./keyboard.js").Press} press @returns {boolean} */
  onKey(press) {
    const { name, direction, target } = press;
    const onWorld = target === this.world.surface.canvas;
    if (onWorld && direction) this.pushByKey(press);
    else if (onWorld && this.isVertex(name)) this.chooseVertex(Number(name) - 1);
    else if (name === "Escape" && this.scene.chosenVertex !== null) this.chooseVertex(null);
    else if (name === "+" || name === "-") this.zoomByKey(target, name === "+" ? ZOOM : 1 / ZOOM);
    else if (this.tools.length && TOOL_KEYS[name]) this.chooseTool(TOOL_KEYS[name]);
    else return super.onKey(press);
    return true;
  }

  /** @param {string} key */
  isVertex(key) {
    return /^[1-9]$/.test(key) && Number(key) <= this.scene.vertices.length / 3;
  }

  /** The camera that keys on a canvas turn and zoom. @param {HTMLElement} _target */
  cameraAt(_target) {
    return this.scene.camera;
  }

  /** @param {HTMLElement} target */
  cameraMovedBy(target) {
    if (target !== this.world.surface.canvas) this.cameraMoved();
    this.invalidate();
    this.reportWhenQuiet();
  }

  /** @param {HTMLElement} target @param {number} factor */
  zoomByKey(target, factor) {
    zoomBy(this.cameraAt(target), factor);
    this.cameraMovedBy(target);
  }

  /** @param {HTMLElement} target @param {import("./keyboard.js").Direction} direction */
  turnByKey(target, [x, y]) {
    turnCamera(this.cameraAt(target), x * TURN, -y * TURN);
    this.cameraMovedBy(target);
  }

  /** @param {import("./keyboard.js").Press} press */
  pushByKey({ direction, shift, target }) {
    const { scene, world: { view } } = this;
    if (!direction) return;
    this.stopMotion();
    this.showFault(null);
    const [x, y, away] = direction;
    const step = /** @type {import("./geometry.js").Point} */ ([0, 1, 2].map((axis) =>
      STEP * (x * view.right[axis] + y * view.up[axis] + away * view.forward[axis])));
    if (scene.tool === "camera" && !shift) this.turnByKey(target, direction);
    else if (scene.chosenVertex !== null) this.showFault(scene.reshape(scene.chosenVertex, step));
    else if (shift || scene.tool === "move") scene.move(step);
    else scene.rotate(turnAbout(x ? view.up : y ? view.right : view.forward, TURN * (x || -y || away)));
    this.invalidate();
    this.reportWhenQuiet();
  }

  /** What the tools show. */
  writeTools() {
    for (const group of this.tools) group.show(this.scene.tool);
  }

  report() {
    this.scene.endReshape();
  }

  /** @returns {Record<string, number>} */
  measured() {
    const [before, after] = [this.poseTold, this.scene.vertices];
    this.poseTold = after.slice();
    const sides = distancesOf(after);
    const reshaped = Math.max(...distancesOf(before).map((side, i) => Math.abs(sides[i] - side)));
    if (reshaped > SAME_SIDE) return { reshaped };
    const turned = (turnAngle(bestTurn(before, after)) * 180) / Math.PI;
    const [a, b] = [centroid(before), centroid(after)];
    const moved = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    return { ...(turned >= TURNED ? { turned } : {}), ...(moved >= MOVED_BY ? { moved } : {}) };
  }

  probe() {
    const { scene, world } = this;
    return {
      ...super.probe(),
      vertices: scene.vertices,
      spots: world.spots,
      camera: { ...scene.camera },
      tool: scene.tool,
    };
  }
}
