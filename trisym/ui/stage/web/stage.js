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
import { BURST_DELAY, Reporter } from "./reporter.js";
import { Controls } from "./controls.js";
import { LatentCloud, LatentTrack } from "./latent_track.js";
import { LatentHand } from "./latent_hand.js";
import { Legend } from "./legend.js";
import { Meter } from "./meter.js";
import { Network } from "./encoder.js";
import { Panel } from "./panel.js";
import { Scene } from "./scene.js";
import { Theme } from "./theme.js";
import { Tumble } from "./motion.js";
import { WorldHand } from "./world_hand.js";
import { WorldView } from "./world_view.js";
import { listenToKeyboard } from "./keyboard.js";
import { listenToPointer } from "./pointer.js";
import { store } from "./store.js";

const CLOUD_BUDGET = 6; // milliseconds a frame for encoding the reference set

export class Stage {
  /** @param {HTMLElement} root @param {Component} component */
  constructor(root, component) {
    const { signal } = (this.abort = new AbortController());
    this.root = root;
    this.calls = 0;
    this.data = component.data;
    this.send = component.setStateValue;
    this.kept = keptScene(this.data);
    this.scene = this.kept.scene;
    this.theme = new Theme(root);
    this.canvas = /** @type {HTMLCanvasElement} */ (this.find(".world-canvas"));
    this.world = new WorldView(this.canvas);
    this.legend = new Legend(this.find(".legend"));
    this.meter = new Meter();
    this.reporter = new Reporter(this, this.find(".status"), this.find("#description"));
    this.controls = new Controls(root, this, signal);
    /** @type {Panel[]} */
    this.panels = [];
    /** @type {import("./motion.js").Glide | Tumble | null} */
    this.motion = null;
    this.random = Math.random;
    this.frameRequest = 0;
    this.lastFrame = 0;
    this.lastLatentCamera = "";
    /** What the next frame must do beyond drawing the hand. */
    this.stale = { clouds: true, layout: true };
    /** Whether the clouds were drawn quickly, while their camera turned. */
    this.draft = false;
    /** How many panels' numbers lag behind, and whose turn it is. */
    this.unwritten = 0;
    this.turn = 0;
    /** @type {string | null} */
    this.lastFault = null;
    this.reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
    this.observer = new ResizeObserver(() => this.refit());
    this.onReference = () => {
      this.arrange();
      this.invalidate();
    };
    this.listen(signal);
  }

  /** @param {string} name @returns {HTMLElement} */
  find(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(name));
  }

  /** @param {AbortSignal} signal */
  listen(signal) {
    listenToPointer(this.canvas, new WorldHand(this), signal);
    listenToKeyboard(this.root, this, signal);
    this.observer.observe(this.canvas);
    this.reducedMotion.addEventListener("change", () => this.stopMotion(), { signal });
    document.addEventListener("fullscreenchange", () => this.refit(), { signal });
    store().waiting.add(this.onReference);
  }

  /** Streamlit calls at first and at each change of data or theme. @param {Component} component */
  update({ data, setStateValue }) {
    this.data = data;
    this.send = setStateValue;
    this.theme = new Theme(this.root);
    const kept = keptScene(data);
    if (kept !== this.kept) this.startFrom(kept);
    this.arrange();
    if (data.fault !== this.lastFault) this.showFault(data.fault);
    this.lastFault = data.fault;
    this.refit();
  }

  /** Python asks for another start. @param {import("./store.js").Kept} kept */
  startFrom(kept) {
    this.kept = kept;
    this.scene = kept.scene;
    this.motion = null;
    this.reporter.cancel();
    this.reporter.narrator.begin(this.scene);
  }

  /** One track and one panel for each model; what is known already stays. */
  arrange() {
    const { models, reference } = this.data;
    const triangles = store().references.get(reference);
    if (!triangles) return;
    const known = this.kept.tracks;
    this.kept.tracks = new Map(models.map((model) => {
      const key = `${model.id} ${model.name} ${reference}`;
      const track = known.get(key) ?? this.newTrack(model, triangles);
      track.network.title = model.title;
      return [key, track];
    }));
    this.legend.measure(reference, triangles);
    this.legend.paint(this.theme);
    this.arrangePanels([...this.kept.tracks.values()]);
  }

  /** @param {ModelPayload} model @param {Float32Array} triangles */
  newTrack(model, triangles) {
    const network = new Network(model);
    if (this.scene.ghosts.size) this.scene.ghosts.add(network.id);
    return new LatentTrack(network, new LatentCloud(network, triangles));
  }

  /** @param {import("./latent_track.js").LatentTrack[]} tracks */
  arrangePanels(tracks) {
    const same = tracks.length === this.panels.length
      && tracks.every((track, i) => track === this.panels[i].track);
    if (same) return;
    for (const panel of this.panels) panel.dispose();
    const template = /** @type {HTMLTemplateElement} */ (this.find(".latent-template"));
    this.panels = tracks.map((track, i) => new Panel(template, track, i));
    this.find(".latents").replaceChildren(...this.panels.map((panel) => panel.element));
    this.root.dataset.models = String(tracks.length);
    this.root.dataset.ready = "false";
    for (const panel of this.panels) {
      panel.listen(this.scene, () => this.refit());
      listenToPointer(panel.canvas, new LatentHand(this), panel.abort.signal);
      this.observer.observe(panel.canvas);
    }
    this.stale = { clouds: true, layout: true };
  }

  get tracks() {
    return this.panels.map((panel) => panel.track);
  }

  get tumbling() {
    return this.motion instanceof Tumble;
  }

  /** Something changed: draw it with the next frame. */
  invalidate() {
    this.unwritten = this.panels.length;
    this.nextFrame();
  }

  nextFrame() {
    if (this.frameRequest || this.abort.signal.aborted) return;
    this.frameRequest = requestAnimationFrame((now) => this.frame(now));
  }

  /** The layout changed, and with it every picture. */
  refit() {
    this.stale = { clouds: true, layout: true };
    this.invalidate();
  }

  /** @param {number} now */
  frame(now) {
    this.frameRequest = 0;
    const began = performance.now();
    this.stepMotion(now);
    this.encodeClouds();
    this.follow();
    this.draw();
    this.lastFrame = now;
    this.meter.frame(began);
    const encoding = this.tracks.some((track) => !track.cloud.done);
    if (this.motion || encoding || this.unwritten > 0) this.nextFrame();
  }

  /** @param {number} now */
  stepMotion(now) {
    if (!this.motion) return;
    // After a pause (a hidden tab) it goes on from where it was.
    const seconds = Math.min(Math.max((now - this.lastFrame) / 1000, 0), 0.05);
    this.scene.vertices = this.motion.step(seconds, this.scene.vertices, this.scene.speed);
    if (this.motion.done) this.stopMotion();
  }

  encodeClouds() {
    const waiting = this.tracks.find((track) => !track.cloud.done);
    if (!waiting) return;
    waiting.cloud.work(CLOUD_BUDGET);
    if (waiting.cloud.done) this.stale.clouds = true;
  }

  follow() {
    for (const { track } of this.panels) track.follow(this.scene);
  }

  draw() {
    const { scene, theme, stale } = this;
    if (stale.layout) {
      this.world.surface.fit();
      for (const { view } of this.panels) view.fit();
    }
    this.world.draw(scene, theme, this.panels.flatMap((panel) => panel.ghost(scene)));
    if (stale.clouds) this.draft = this.reporter.holding;
    for (const panel of this.panels) {
      if (stale.clouds) panel.drawCloud(scene, theme, this.legend.colours, this.draft);
      panel.view.drawPoint(panel.track, theme);
    }
    this.writeNumbers();
    this.controls.write();
    this.legend.point(scene.sides);
    this.stale = { clouds: false, layout: false };
    const ready = this.panels.length > 0 && this.tracks.every((track) => track.cloud.done);
    if (!ready || this.root.dataset.ready === "true") return;
    this.root.dataset.ready = "true";
    this.reporter.describe();
  }

  /** Text costs the browser more than the pictures: one panel a frame, in turn, is 20 a second each. */
  writeNumbers() {
    if (this.motion) this.unwritten = this.panels.length;
    if (this.unwritten === 0) return;
    this.turn = (this.turn + 1) % this.panels.length;
    this.panels[this.turn].write(this.scene);
    this.unwritten -= 1;
  }

  /** The scene changed, perhaps its cameras too. */
  changed() {
    const { yaw, pitch, zoom } = this.scene.latentCamera;
    const camera = `${yaw} ${pitch} ${zoom}`;
    if (camera !== this.lastLatentCamera) this.stale.clouds = true;
    this.lastLatentCamera = camera;
    this.invalidate();
  }

  beginGesture() {
    if (this.motion) this.stopMotion();
    this.reporter.hold();
    this.showFault(null);
  }

  endGesture() {
    this.reporter.letGo();
    if (this.draft) this.stale.clouds = true;
    this.invalidate();
  }

  /** A press of a key. @param {() => void} push */
  keyGesture(push) {
    if (this.motion) this.stopMotion();
    this.showFault(null);
    push();
    this.changed();
    this.reporter.soon("", BURST_DELAY);
  }

  /** By wheel or keys: there is no release to wait for. */
  cameraMoved() {
    this.changed();
    if (!this.reporter.holding) this.reporter.soon("", BURST_DELAY);
  }

  /** @param {import("./world_view.js").Hold} hold */
  hover(hold) {
    const name = hold.kind === "vertex" ? `vertex ${hold.vertex}` : hold.kind;
    if (this.canvas.dataset.hold === name) return;
    this.world.hover = hold;
    this.canvas.dataset.hold = name;
    this.invalidate();
  }

  /** @param {import("./scene.js").Tool} tool */
  chooseTool(tool) {
    this.scene.tool = tool;
    if (tool !== "reshape") this.scene.chosenVertex = null;
    this.invalidate();
    this.reporter.soon(`Tool: ${tool}`);
  }

  /** @param {number | null} vertex */
  chooseVertex(vertex) {
    this.scene.endReshape();
    this.scene.chosenVertex = vertex;
    this.invalidate();
    const chosen = vertex === null ? "No vertex chosen" : `Vertex ${vertex + 1} chosen, arrows move it`;
    this.reporter.soon(chosen);
  }

  stopMotion() {
    if (!this.motion) return;
    this.motion = null;
    this.invalidate();
    this.reporter.soon();
  }

  /** @param {number[]} sides @returns {boolean} whether there is such a triangle */
  setSides(sides) {
    if (this.motion) this.stopMotion();
    const fault = this.scene.setSides(sides);
    this.showFault(fault);
    this.invalidate();
    if (!fault) this.reporter.soon();
    return !fault;
  }

  /** @param {string | null} sentence */
  showFault(sentence) {
    this.controls.showFault(sentence);
  }

  dispose() {
    this.reporter.cancel();
    cancelAnimationFrame(this.frameRequest);
    this.observer.disconnect();
    this.abort.abort();
    for (const panel of this.panels) panel.dispose();
    store().waiting.delete(this.onReference);
    if (store().stages.get(this.data.uid) === this) store().stages.delete(this.data.uid);
  }
}

/** What was kept from before, or a start; another revision is another start from Python.
 * @param {StageData} data @returns {import("./store.js").Kept} */
function keptScene({ uid, revision, start }) {
  const { kept } = store();
  let mine = kept.get(uid);
  if (!mine || mine.revision !== revision) {
    mine = { scene: new Scene(start), revision, tracks: new Map() };
    kept.set(uid, mine);
  }
  return mine;
}

/** @type {WeakMap<object, Stage>} */
const mounted = new WeakMap();

/** @param {Component} component */
export default function mount(component) {
  const root = /** @type {HTMLElement} */ (component.parentElement.querySelector(".stage"));
  let stage = mounted.get(root);
  if (!stage || stage.abort.signal.aborted) {
    stage = new Stage(root, component);
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
