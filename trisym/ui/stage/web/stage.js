/**
 * The live stage: a triangle in the hand, its latent point in up to three networks, every frame, with
 * no message to the server until the hand lets go.
 *
 * @typedef {import("./encoder.js").ModelPayload} ModelPayload
 * @typedef {{uid: string, revision: string, start: import("./scene.js").ScenePayload,
 *   models: ModelPayload[], reference: string, fault: string | null}} StageData
 * @typedef {{data: StageData, parentElement: Element | ShadowRoot,
 *   setStateValue: (name: string, value: unknown) => void}} Component
 */
import { Controls } from "./controls.js";
import { LatentCloud, LatentTrack } from "./latent_track.js";
import { LatentHand } from "./latent_hand.js";
import { Meter } from "./meter.js";
import { Narrator, describe } from "./narrator.js";
import { Network } from "./encoder.js";
import { Panel, setText } from "./panel.js";
import { Glide, Tumble } from "./motion.js";
import { Scene } from "./scene.js";
import { Theme } from "./theme.js";
import { WorldHand } from "./world_hand.js";
import { WorldView } from "./world_view.js";
import { listenToKeyboard } from "./keyboard.js";
import { listenToPointer } from "./pointer.js";
import { perimetersOf } from "./perimeters.js";
import { place, randomMotion, randomTriangle } from "./geometry.js";
import { store } from "./store.js";

const REPORT_DELAY = 150; // milliseconds from letting go to the message: wheels and keys come in bursts
const BURST_DELAY = 450;
const CLOUD_BUDGET = 6; // milliseconds a frame for encoding the reference set

export class Stage {
  /** @param {HTMLElement} root @param {string} uid */
  constructor(root, uid) {
    this.root = root;
    this.uid = uid;
    this.abort = new AbortController();
    const find = (/** @type {string} */ name) =>
      /** @type {HTMLElement} */ (root.querySelector(name));
    this.status = find(".status");
    this.description = find("#description");
    this.latents = find(".latents");
    this.legend = find(".legend");
    this.canvas = /** @type {HTMLCanvasElement} */ (find(".world-canvas"));
    this.template = /** @type {HTMLTemplateElement} */ (find(".latent-template"));
    this.world = new WorldView(this.canvas);
    this.meter = new Meter();
    /** @type {Panel[]} */
    this.panels = [];
    /** @type {Glide | Tumble | null} */
    this.motion = null;
    this.random = Math.random;
    this.holding = false;
    this.frameRequest = 0;
    this.lastFrame = 0;
    /** What the next frame must draw again. */
    this.dirty = { pose: true, clouds: true, layout: true };
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.reportTimer = undefined;
    this.reportName = "";
    this.calls = 0;
    this.reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** Streamlit calls again at each change of data or theme. @param {Component} component */
  update({ data, setStateValue }) {
    const first = !this.data;
    this.data = data;
    this.setStateValue = setStateValue;
    this.theme = new Theme(this.root);
    this.keep();
    if (first) this.listen();
    this.arrange();
    if (data.fault && data.fault !== this.lastFault) this.showFault(data.fault);
    this.lastFault = data.fault;
    this.writeLegend();
    this.invalidate(true);
  }

  /** Find what was kept from before, or start; a new revision is a new start from Python. */
  keep() {
    const { kept } = store();
    let mine = kept.get(this.uid);
    if (!mine || mine.revision !== this.data.revision) {
      mine = { scene: new Scene(this.data.start), revision: this.data.revision, tracks: new Map() };
      kept.set(this.uid, mine);
      this.motion = null;
    }
    if (mine !== this.kept) this.narrator = new Narrator(mine.scene);
    this.kept = mine;
    this.scene = mine.scene;
  }

  listen() {
    const { signal } = this.abort;
    this.controls = new Controls(this.root, this, signal);
    listenToPointer(this.canvas, new WorldHand(this), signal);
    listenToKeyboard(this.root, this, signal);
    this.observer = new ResizeObserver(() => {
      this.dirty.layout = true;
      this.invalidate();
    });
    this.observer.observe(this.root);
    this.observer.observe(this.canvas);
    this.reducedMotion.addEventListener("change", () => this.stopMotion(), { signal });
    document.addEventListener("fullscreenchange", () => this.invalidate(true), { signal });
    this.onReference = () => this.data && this.update({
      data: this.data,
      parentElement: this.root,
      setStateValue: this.setStateValue,
    });
    store().waiting.add(this.onReference);
  }

  /** One track and one panel for each model; what is known already stays. */
  arrange() {
    const { models, reference } = this.data;
    const triangles = store().references.get(reference);
    if (!triangles) return;
    const known = this.kept.tracks;
    const tracks = new Map();
    for (const model of models) {
      const key = `${model.id} ${reference}`;
      const network = known.get(key)?.network ?? new Network(model);
      network.title = model.title;
      const track = known.get(key) ?? new LatentTrack(network, new LatentCloud(network, triangles));
      tracks.set(key, track);
    }
    this.kept.tracks = tracks;
    if (this.reference !== reference) {
      this.reference = reference;
      this.perimeters = perimetersOf(triangles);
    }
    this.arrangePanels([...tracks.values()]);
  }

  /** @param {LatentTrack[]} tracks */
  arrangePanels(tracks) {
    const same = tracks.length === this.panels.length
      && tracks.every((track, i) => track === this.panels[i].track);
    if (same) return;
    const { signal } = this.abort;
    this.panels = tracks.map((track, i) => new Panel(this.template, track, i));
    this.latents.replaceChildren(...this.panels.map((panel) => panel.element));
    this.root.dataset.models = String(tracks.length);
    if (this.scene.ghosts.size) this.scene.ghosts = new Set(tracks.map((track) => track.network.id));
    for (const panel of this.panels) {
      panel.chooseNodes(this.scene, () => this.invalidate(true), signal);
      listenToPointer(panel.canvas, new LatentHand(this), signal);
      this.observer?.observe(panel.canvas);
    }
    this.dirty.layout = true;
  }

  get tracks() {
    return this.panels.map((panel) => panel.track);
  }

  get tumbling() {
    return this.motion instanceof Tumble;
  }

  // ---- frames ----

  /** @param {boolean} [everything] the clouds too */
  invalidate(everything = false) {
    this.dirty.pose = true;
    if (everything) this.dirty.clouds = true;
    if (this.frameRequest || this.abort.signal.aborted) return;
    this.frameRequest = requestAnimationFrame((now) => this.frame(now));
  }

  /** @param {number} now */
  frame(now) {
    this.frameRequest = 0;
    const began = performance.now();
    this.stepMotion(now);
    this.encodeClouds();
    this.draw();
    this.lastFrame = now;
    this.meter.frame(began);
    if (this.motion || this.tracks.some((track) => !track.cloud.done)) this.invalidate();
  }

  /** @param {number} now */
  stepMotion(now) {
    if (!this.motion) return;
    const seconds = Math.min(Math.max((now - this.lastFrame) / 1000, 0), 0.05);
    this.scene.vertices = this.motion.step(seconds, this.scene.vertices, this.scene.speed);
    if (this.motion.done) this.stopMotion();
  }

  encodeClouds() {
    const waiting = this.tracks.find((track) => !track.cloud.done);
    if (!waiting) return;
    waiting.cloud.work(CLOUD_BUDGET);
    if (waiting.cloud.done) this.dirty.clouds = true;
  }

  draw() {
    const { scene, theme, dirty } = this;
    if (dirty.layout) this.fit();
    for (const { track } of this.panels) track.follow(scene);
    this.world.draw(scene, theme, this.ghosts());
    for (const panel of this.panels) this.drawPanel(panel);
    this.controls.write();
    this.writeHere();
    this.dirty = { pose: false, clouds: false, layout: false };
    const ready = this.panels.length > 0 && this.tracks.every((track) => track.cloud.done);
    if (ready && this.root.dataset.ready !== "true") this.becomeReady();
  }

  fit() {
    this.world.surface.fit();
    for (const { view } of this.panels) if (view.fit()) this.dirty.clouds = true;
  }

  /** @param {Panel} panel */
  drawPanel(panel) {
    const { view, track } = panel;
    if (this.dirty.clouds) {
      if (track.cloud.done && !panel.shown) {
        view.show(track, this.scene.axes.get(track.network.id) ?? [0]);
        panel.shown = true;
      }
      view.drawCloud(track, this.scene.latentCamera, this.theme, this.perimeters.colours);
    }
    view.drawPoint(track, this.theme);
    panel.write(this.scene);
  }

  ghosts() {
    return this.panels
      .filter(({ track }) => track.rebuilt.length && this.scene.ghosts.has(track.network.id))
      .map(({ track, colour, dash }) => ({ vertices: track.rebuilt, colour, dash }));
  }

  becomeReady() {
    this.root.dataset.ready = "true";
    setText(this.description, describe(this.scene, this.tracks));
  }

  writeLegend() {
    if (!this.perimeters) return;
    const [low, high] = this.perimeters.range;
    const ramp = this.theme.palette.map((rgb) => `rgb(${rgb.join(" ")})`).join(", ");
    const find = (/** @type {string} */ name) =>
      /** @type {HTMLElement} */ (this.legend.querySelector(name));
    find(".ramp").style.background = `linear-gradient(to right, ${ramp})`;
    setText(find(".lowest"), low.toFixed(1));
    setText(find(".highest"), high.toFixed(1));
  }

  /** Where the triangle in the hand is on the colour scale. */
  writeHere() {
    if (!this.perimeters) return;
    const here = /** @type {HTMLElement} */ (this.legend.querySelector(".here"));
    const [low, high] = this.perimeters.range;
    const perimeter = this.scene.sides.reduce((sum, side) => sum + side, 0);
    const part = Math.min(Math.max((perimeter - low) / (high - low), 0), 1);
    const left = `${(100 * part).toFixed(1)}%`;
    if (here.style.left !== left) here.style.left = left;
  }

  // ---- hands ----

  beginGesture() {
    if (this.motion) this.stopMotion();
    clearTimeout(this.reportTimer);
    if (!this.reportName) this.narrator.begin(this.scene);
    this.holding = true;
    this.showFault(null);
  }

  changed() {
    this.dirty.clouds ||= this.latentCameraMoved();
    this.invalidate();
  }

  latentCameraMoved() {
    const { yaw, pitch, zoom } = this.scene.latentCamera;
    const now = `${yaw} ${pitch} ${zoom}`;
    const moved = now !== this.lastLatentCamera;
    this.lastLatentCamera = now;
    return moved;
  }

  endGesture() {
    this.holding = false;
    this.invalidate();
    this.report();
  }

  /** A press of a key: presses in a burst are told as one. @param {() => void} push */
  keyGesture(push) {
    if (this.motion) this.stopMotion();
    this.showFault(null);
    push();
    this.changed();
    this.report("", BURST_DELAY);
  }

  cameraMoved() {
    this.changed();
    if (!this.holding) this.report("", BURST_DELAY);
  }

  /** @param {import("./world_view.js").Hold} hold */
  hover(hold) {
    const before = this.world.hover;
    const same = hold.kind === before.kind
      && (hold.kind !== "vertex" || before.kind !== "vertex" || hold.vertex === before.vertex);
    if (same) return;
    this.world.hover = hold;
    this.canvas.dataset.hold = hold.kind;
    this.invalidate();
  }

  /** @param {import("./scene.js").Tool} tool */
  chooseTool(tool) {
    this.scene.tool = tool;
    if (tool !== "reshape") this.scene.chosenVertex = null;
    this.invalidate();
    this.report(`Tool: ${tool}`);
  }

  /** @param {number | null} vertex */
  chooseVertex(vertex) {
    this.scene.endReshape();
    this.scene.chosenVertex = vertex;
    this.invalidate();
    this.report(vertex === null ? "No vertex chosen" : `Vertex ${vertex + 1} chosen: arrows move it`);
  }

  /** What a button or a letter does. @param {string} act @param {string} [pair] of vertices */
  act(act, pair) {
    /** @type {Record<string, () => void>} */
    const acts = {
      tumble: () => this.toggleTumble(),
      motion: () => this.glide(),
      triangle: () => this.scene.setTriangle(randomTriangle(this.random), "new"),
      swap: () => this.scene.swap(Number(pair?.[0]), Number(pair?.[1])),
      mirror: () => this.scene.mirror(this.world.view.right),
      ghost: () => this.toggleGhosts(),
      zero: () => this.scene.newReference("zero"),
      reset: () => this.reset(),
      fullscreen: () => this.toggleFullscreen(),
      help: () => this.toggleHelp(),
    };
    if (act !== "tumble") this.stopMotion(false);
    if (!["help", "fullscreen"].includes(act)) this.showFault(null);
    acts[act]();
    this.invalidate(act === "reset");
    if (["mirror"].includes(act)) this.report("Mirrored: the sides stay");
    else if (["triangle", "swap", "zero", "reset"].includes(act)) this.report();
  }

  reset() {
    this.scene.reset();
    this.scene.chosenVertex = null;
    this.latentCameraMoved();
  }

  toggleTumble() {
    if (this.tumbling) this.stopMotion();
    else if (this.reducedMotion.matches) this.glide();
    else {
      this.stopMotion(false);
      this.motion = new Tumble(this.scene.vertices, this.random);
      this.narrator.begin(this.scene);
      clearTimeout(this.reportTimer);
    }
  }

  /** To a random rigid motion; at once where the system asks for reduced motion. */
  glide() {
    const motion = randomMotion(this.scene.vertices, this.random);
    if (!motion.fits) this.showFault("This triangle is too large to fit the training cube.");
    if (this.reducedMotion.matches) {
      this.scene.vertices = place(this.scene.vertices, motion.q, motion.target);
      this.report();
    } else {
      this.motion = new Glide(this.scene.vertices, motion);
    }
  }

  /** @param {boolean} [tell] */
  stopMotion(tell = true) {
    if (!this.motion) return;
    this.motion = null;
    this.invalidate();
    if (tell) this.report();
  }

  toggleGhosts() {
    const ids = this.tracks.map((track) => track.network.id);
    this.scene.ghosts = new Set(this.scene.ghosts.size ? [] : ids);
    this.root.dataset.ghosts = String(this.scene.ghosts.size > 0);
  }

  toggleFullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  toggleHelp() {
    /** @type {HTMLElement} */ (this.root.querySelector("#help")).togglePopover();
  }

  /** @param {number[]} sides @returns {boolean} whether there is such a triangle */
  setSides(sides) {
    this.stopMotion(false);
    const fault = this.scene.setSides(sides);
    this.showFault(fault);
    this.invalidate();
    if (!fault) this.report();
    return !fault;
  }

  /** @param {string | null} sentence */
  showFault(sentence) {
    this.controls.showFault(sentence);
  }

  // ---- telling ----

  /** Say in words what happened and send the scene to Python, once things are quiet.
   * @param {string} [what] @param {number} [delay] */
  report(what = "", delay = REPORT_DELAY) {
    clearTimeout(this.reportTimer);
    this.reportName = what || this.reportName || " ";
    this.reportTimer = setTimeout(() => this.tell(), delay);
  }

  tell() {
    if (this.holding || this.motion) return;
    this.scene.endReshape();
    for (const track of this.tracks) track.follow(this.scene);
    const sentence = this.narrator.end(this.scene, this.tracks, this.reportName.trim());
    this.reportName = "";
    if (sentence) setText(this.status, sentence);
    setText(this.description, describe(this.scene, this.tracks));
    this.invalidate();
    const byName = (/** @type {"drift" | "largest"} */ what) =>
      Object.fromEntries(this.tracks.map((track) => [track.network.name, track[what]]));
    const scene = { ...this.scene.payload(), drift: byName("drift"), largest: byName("largest") };
    this.setStateValue("scene", scene);
  }

  dispose() {
    clearTimeout(this.reportTimer);
    cancelAnimationFrame(this.frameRequest);
    this.observer?.disconnect();
    this.abort.abort();
    store().waiting.delete(this.onReference);
    if (store().stages.get(this.uid) === this) store().stages.delete(this.uid);
  }
}

/** @type {WeakMap<object, Stage>} */
const mounted = new WeakMap();

/** @param {Component} component */
export default function mount(component) {
  const root = /** @type {HTMLElement} */ (component.parentElement.querySelector(".stage"));
  let stage = mounted.get(root);
  if (!stage || stage.abort.signal.aborted) {
    stage = new Stage(root, component.data.uid);
    mounted.set(root, stage);
    store().stages.set(component.data.uid, stage);
  }
  stage.update(component);
  // Streamlit runs the cleanup of a call that a newer one overtook: only the last may end the stage.
  const live = stage;
  live.calls += 1;
  const call = live.calls;
  return () => {
    if (call === live.calls) live.dispose();
  };
}
