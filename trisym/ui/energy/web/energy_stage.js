/**
 * The live energy view: a molecule in the hand, its exact energy, three predictions, and the curve that
 * a pulled side traces; every frame in the browser, one message to the server when the hand lets go.
 *
 * @typedef {{pose: number[], camera: number[] | null, latentCamera: number[] | null,
 *   tool: import("../../kit/web/scene.js").Tool}} Start pose in box units
 * @typedef {{uid: string, revision: string, start: Start, line: string, edge: number,
 *   minSide: number, sigma: number, encoder: import("../../kit/web/encoder.js").ModelPayload,
 *   predictors: import("./predictor.js").PredictorPayload[], fault: string | null}} EnergyData
 * @typedef {{scene: Scene, line: string, sigma: number, exactOnly: boolean, revision: string}} KeptMolecule
 * @typedef {{data: EnergyData, parentElement: Element | ShadowRoot,
 *   setStateValue: (name: string, value: unknown) => void}} EnergyComponent
 */
import { Bands } from "./bands.js";
import { EnergyPredictor } from "./predictor.js";
import { EnergyScreen } from "./energy_screen.js";
import { Meter } from "../../kit/web/meter.js";
import { Network } from "../../kit/web/encoder.js";
import { Scene, TOOLS } from "../../kit/web/scene.js";
import { Theme } from "../../kit/web/theme.js";
import { clamp } from "../../kit/web/camera.js";
import { forcesOn, moleculeEnergy } from "./potential.js";
import { lineByName } from "./line.js";
import { listenToEnergyControls } from "./energy_controls.js";
import { setText } from "../../symmetry/web/panel.js";
import { showPrinted } from "./energy_acts.js";
import { sideLengths } from "../../kit/web/geometry.js";
import { mounting } from "../../kit/web/mounting.js";
import { store } from "../../kit/web/store.js";
import { tableOf } from "./curves.js";
import { tellEnergy } from "./energy_numbers.js";

/** Milliseconds a frame for the bands: while something moves, and while nothing does. */
const BAND_BUDGET = { moving: 5, still: 12 };
const ATOM_COLOURS = { light: [96, 116, 148], dark: [150, 170, 204] };

export class EnergyStage {
  /** @param {HTMLElement} root @param {EnergyComponent} component */
  constructor(root, component) {
    const { signal } = (this.abort = new AbortController());
    this.root = root;
    this.calls = 0;
    this.data = component.data;
    this.send = component.setStateValue;
    this.kept = keptMolecule(this.data);
    this.theme = this.readTheme();
    this.screen = new EnergyScreen(root, this.data.edge, this.data.predictors.map(({ kind }) => kind));
    this.meter = new Meter();
    /** @type {import("../../kit/web/motion.js").Glide | import("../../kit/web/motion.js").Tumble | null} */
    this.motion = null;
    this.reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
    this.frameRequest = 0;
    this.lastFrame = 0;
    this.staleLayout = true;
    /** The molecule, or how it is looked at, changed: more to draw than grown bands. */
    this.staleScene = true;
    this.holding = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {string | null} */
    this.lastFault = null;
    this.observer = new ResizeObserver(() => this.refit());
    this.take(this.data);
    this.observer.observe(this.screen.canvas);
    this.observer.observe(this.screen.plotCanvas);
    document.addEventListener("fullscreenchange", () => this.refit(), { signal });
    listenToEnergyControls(root, this, signal);
  }

  /** @param {string} name @returns {HTMLElement} */
  find(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(name));
  }

  get scene() {
    return this.kept.scene;
  }

  /** Three equal atoms: the vertices' own colours would mean nothing here. */
  readTheme() {
    const theme = new Theme(this.root);
    const colour = theme.dark ? ATOM_COLOURS.dark : ATOM_COLOURS.light;
    theme.vertices = [colour, colour, colour];
    return theme;
  }

  /** Networks from Python. @param {EnergyData} data */
  take(data) {
    const encoder = new Network(data.encoder);
    this.predictors = data.predictors.map((payload) => new EnergyPredictor(payload, encoder));
    this.bands = new Bands(this.predictors, data.edge, data.sigma);
    this.useLine(this.kept.line);
  }

  /** Streamlit calls at first and at each change of data or theme. @param {EnergyComponent} component */
  update({ data, setStateValue }) {
    this.send = setStateValue;
    this.theme = this.readTheme();
    const changed = JSON.stringify(data.predictors) !== JSON.stringify(this.data.predictors);
    this.data = data;
    this.kept = keptMolecule(data);
    if (changed) this.take(data);
    else this.useLine(this.kept.line);
    if (data.fault !== this.lastFault) this.showFault(data.fault);
    this.lastFault = data.fault;
    this.screen.paintCards(this.theme);
    this.refit();
  }

  /** @param {string} name */
  useLine(name) {
    this.kept.line = name;
    this.line = lineByName(name, this.data.edge);
    this.scene.constrain = (wanted, vertex) => {
      if (this.scene.tool === "reshape") return wanted;
      return this.line.nearest(this.scene.vertices, wanted, vertex);
    };
  }

  /** @param {string} name */
  chooseLine(name) {
    this.stopMotion();
    this.showFault(null);
    if (name === "fig18") showPrinted(this);
    else if (this.kept.line === "fig18") this.restart();
    this.useLine(name);
    this.changed();
    this.tellSoon();
  }

  /** A molecule of another shape is none of Fig. 18. */
  leavePrinted() {
    if (this.kept.line !== "fig18") return;
    this.scene.camera.zoom = 1;
    this.useLine("l2");
  }

  /** As at first. */
  restart() {
    const { start, sigma, line } = this.data;
    Object.assign(this.kept, { scene: new Scene(start), sigma, exactOnly: false });
    this.useLine(line);
    if (line === "fig18") showPrinted(this);
  }

  /** Draw again with the next frame. */
  invalidate() {
    this.staleScene = true;
    this.requestFrame();
  }

  requestFrame() {
    if (this.frameRequest || this.abort.signal.aborted) return;
    this.frameRequest = requestAnimationFrame((now) => this.frame(now));
  }

  refit() {
    this.staleLayout = true;
    this.invalidate();
  }

  changed() {
    this.invalidate();
  }

  /** @param {number} now */
  frame(now) {
    this.frameRequest = 0;
    const began = performance.now();
    if (this.motion) this.stepMotion(now);
    if (this.staleLayout) {
      this.screen.fit();
      this.staleLayout = false;
    }
    this.bands.follow(this.line, this.scene.vertices);
    const still = !this.holding && !this.motion && !this.staleScene;
    const grown = this.bands.work(still ? BAND_BUDGET.still : BAND_BUDGET.moving)
      || (still && this.bands.done && this.settle());
    if (this.staleScene || this.motion) this.screen.draw(this);
    else if (grown) this.screen.drawPlot(this);
    this.staleScene = false;
    this.lastFrame = now;
    this.meter.frame(began);
    this.root.dataset.ready = String(this.bands.done);
    if (this.motion || !this.bands.done || !still) this.requestFrame();
  }

  /** The bands of the very molecule that is shown. */
  settle() {
    const { bands, line, scene } = this;
    return bands.settle(line.parameter(scene.vertices), scene.vertices);
  }

  /** @param {number} now */
  stepMotion(now) {
    const seconds = clamp((now - this.lastFrame) / 1000, 0, 0.05);
    const motion = /** @type {import("../../kit/web/motion.js").Tumble} */ (this.motion);
    this.scene.vertices = motion.step(seconds, this.scene.vertices, 1);
    if (motion.done) this.stopMotion();
  }

  stopMotion() {
    if (!this.motion) return;
    this.motion = null;
    this.tellSoon();
  }

  /** What holds for the molecule now. @returns {import("./energy_numbers.js").Now} */
  now() {
    const { line, scene, data, kept } = this;
    const atoms = scene.vertices.map((c) => c * data.edge);
    const t = line.parameter(scene.vertices);
    return {
      t,
      exact: moleculeEnergy(sideLengths(atoms), kept.sigma),
      predicted: this.predictors.map((predictor) => predictor.energy(atoms)),
      force: this.forceAlong(atoms, t),
      label: this.label,
      exactOnly: kept.exactOnly,
    };
  }

  /** -dE/dt: the force on the pulled atom along the line. @param {number[]} atoms @param {number} t */
  forceAlong(atoms, t) {
    const { line, scene, data, kept } = this;
    const step = 1e-5;
    const at = 3 * line.moving;
    const [low, high] = [t - step, t + step].map((value) => line.at(scene.vertices, value));
    const slope = [0, 1, 2].map((axis) => ((high[at + axis] - low[at + axis]) * data.edge) / (2 * step));
    const force = forcesOn(atoms, kept.sigma).slice(at, at + 3);
    return force.reduce((sum, f, axis) => sum + f * slope[axis], 0);
  }

  get label() {
    return this.kept.line === "fig18" ? "x of Fig. 18" : `side ${this.line.label}`;
  }

  /** Why the predictors have never seen such a molecule; empty where they have. */
  get where() {
    const { scene, data } = this;
    const short = Math.min(...sideLengths(scene.vertices)) * data.edge <= data.minSide;
    const parts = [
      ...(short ? [`a side is under ${data.minSide}`] : []),
      ...(scene.inside ? [] : ["an atom is out of the training box"]),
    ];
    return parts.length ? `No network was trained here: ${parts.join(", ")}.` : "";
  }

  /** @returns {string} CSV of the curves and bands shown */
  table() {
    const { curves, kinds } = this.screen;
    if (!curves) return "";
    const name = this.kept.line === "fig18" ? "x" : this.kept.line;
    return tableOf(curves, name, this.kept.exactOnly ? [] : kinds, this.bands);
  }

  /** @param {number} t */
  pullTo(t) {
    this.stopMotion();
    this.showFault(null);
    const { scene, line } = this;
    scene.vertices = line.at(scene.vertices, clamp(t, ...line.range(scene.vertices)));
    this.changed();
  }

  /** By keys. @param {number} step of t */
  pull(step) {
    this.pullTo(this.line.parameter(this.scene.vertices) + step);
    this.tellSoon(450);
  }

  beginGesture() {
    this.motion = null;
    clearTimeout(this.timer);
    this.holding = true;
    this.showFault(null);
  }

  endGesture() {
    this.holding = false;
    if (this.scene.tool === "reshape") this.leavePrinted();
    this.tellSoon();
    this.invalidate();
  }

  cameraMoved() {
    this.changed();
    if (!this.holding) this.tellSoon(450);
  }

  /** @param {import("../../kit/web/world_view.js").Hold} hold */
  hover(hold) {
    const name = hold.kind === "vertex" ? `vertex ${hold.vertex}` : hold.kind;
    const { canvas, world } = this.screen;
    if (canvas.dataset.hold === name) return;
    world.hover = hold;
    canvas.dataset.hold = name;
    this.invalidate();
  }

  /** @param {import("../../kit/web/scene.js").Tool} tool */
  chooseTool(tool) {
    if (TOOLS.includes(tool)) this.scene.tool = tool;
    this.invalidate();
  }

  /** @param {string | null} sentence */
  showFault(sentence) {
    setText(this.find(".fault"), sentence ?? "");
  }

  /** Say what holds, and tell Python, once things are quiet. @param {number} [delay] milliseconds */
  tellSoon(delay = 150) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), delay);
  }

  tell() {
    if (this.holding || this.motion) return;
    const { scene, kept, data } = this;
    scene.endReshape();
    const sides = sideLengths(scene.vertices).map((side) => side * data.edge);
    setText(this.find(".status"), tellEnergy(this.now(), this.screen.kinds, sides, this.where));
    this.send("scene", { ...scene.payload(), line: kept.line });
  }

  dispose() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frameRequest);
    this.observer.disconnect();
    this.abort.abort();
    if (store().stages.get(this.data.uid) === this) store().stages.delete(this.data.uid);
  }
}

/** What was kept from before, or a start. @param {EnergyData} data @returns {KeptMolecule} */
function keptMolecule({ uid, revision, start, line, sigma }) {
  const kept = /** @type {Map<string, any>} */ (store().kept);
  let mine = kept.get(uid);
  if (!mine || mine.revision !== revision) {
    mine = { scene: new Scene(start), line, sigma, exactOnly: false, revision };
    kept.set(uid, mine);
  }
  return mine;
}

export default mounting(".stage", (root, component) => {
  const stage = new EnergyStage(root, component);
  store().stages.set(component.data.uid, stage);
  return stage;
});
