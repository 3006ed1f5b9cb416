/**
 * The live stage: a triangle in the hand, its latent point in up to three networks, every frame, with
 * no message to the server until the hand lets go.
 *
 * @typedef {import("../../kit/web/encoder.js").ModelPayload} ModelPayload
 * @typedef {{uid: string, revision: string, start: import("../../kit/web/scene.js").ScenePayload,
 *   models: ModelPayload[], reference: string, fault: string | null}} StageData
 * @typedef {{data: StageData, parentElement: Element | ShadowRoot,
 *   setStateValue: (name: string, value: unknown) => void}} Component
 */
import { BURST_DELAY, Reporter } from "./reporter.js";
import { Controls } from "./controls.js";
import { LatentCloud, LatentTrack } from "../../kit/web/latent_track.js";
import { LatentHand } from "./latent_hand.js";
import { Meter } from "../../kit/web/meter.js";
import { Network } from "../../kit/web/encoder.js";
import { Scene } from "../../kit/web/scene.js";
import { Screen } from "./screen.js";
import { Theme } from "../../kit/web/theme.js";
import { Tumble } from "../../kit/web/motion.js";
import { WorldHand } from "../../kit/web/world_hand.js";
import { listenToKeyboard } from "./keyboard.js";
import { listenToPointer } from "../../kit/web/pointer.js";
import { mounting } from "../../kit/web/mounting.js";
import { store } from "../../kit/web/store.js";

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
    this.screen = new Screen(root);
    this.meter = new Meter();
    this.reporter = new Reporter(this);
    this.controls = new Controls(root, this, signal);
    /** @type {import("../../kit/web/motion.js").Glide | Tumble | null} */
    this.motion = null;
    this.random = Math.random;
    this.frameRequest = 0;
    this.lastFrame = 0;
    this.lastLatentCamera = "";
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

  /** @param {AbortSignal} signal */
  listen(signal) {
    const { world } = this.screen;
    const { canvas } = world.surface;
    listenToPointer(canvas, new WorldHand(this, world), signal);
    listenToKeyboard(this.root, this, signal);
    this.observer.observe(canvas);
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

  /** Python asks for another start. @param {import("../../kit/web/store.js").Kept} kept */
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
    const arranged = this.screen.arrange([...this.kept.tracks.values()], reference, triangles);
    if (arranged) this.listenToPanels();
    this.screen.legend.paint(this.theme);
  }

  listenToPanels() {
    for (const panel of this.screen.panels) {
      panel.listen(this.scene, () => this.refit());
      listenToPointer(panel.canvas, new LatentHand(this), panel.abort.signal);
      this.observer.observe(panel.canvas);
    }
  }

  /** @param {ModelPayload} model @param {Float32Array} triangles */
  newTrack(model, triangles) {
    const network = new Network(model);
    if (this.scene.ghosts.size) this.scene.ghosts.add(network.id);
    return new LatentTrack(network, new LatentCloud(network, triangles));
  }

  get tracks() {
    return this.screen.panels.map((panel) => panel.track);
  }

  get tumbling() {
    return this.motion instanceof Tumble;
  }

  /** Something changed: draw it with the next frame. */
  invalidate() {
    this.screen.stale.numbers = true;
    this.nextFrame();
  }

  nextFrame() {
    if (this.frameRequest || this.abort.signal.aborted) return;
    this.frameRequest = requestAnimationFrame((now) => this.frame(now));
  }

  /** The layout changed, and with it every picture. */
  refit() {
    this.screen.stale.layout = true;
    this.invalidate();
  }

  /** @param {number} now */
  frame(now) {
    cancelAnimationFrame(this.frameRequest); // a test or a benchmark may ask for one out of turn
    this.frameRequest = 0;
    const began = performance.now();
    this.stepMotion(now);
    this.encodeClouds();
    this.follow();
    this.screen.draw(this.scene, this.theme, this.reporter.holding);
    this.controls.write();
    this.tellWhenReady();
    this.lastFrame = now;
    this.meter.frame(began);
    const encoding = this.tracks.some((track) => !track.cloud.done);
    if (this.motion || encoding) this.invalidate();
    else if (this.screen.unwritten > 0) this.nextFrame();
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
    if (waiting.cloud.done) this.screen.stale.clouds = true;
  }

  follow() {
    for (const track of this.tracks) track.follow(this.scene);
  }

  tellWhenReady() {
    const ready = this.tracks.length > 0 && this.tracks.every((track) => track.cloud.done);
    if (!ready || this.root.dataset.ready === "true") return;
    this.root.dataset.ready = "true";
    this.reporter.describe();
  }

  /** The scene changed, perhaps its cameras too. */
  changed() {
    const { yaw, pitch, zoom } = this.scene.latentCamera;
    const camera = `${yaw} ${pitch} ${zoom}`;
    if (camera !== this.lastLatentCamera) this.screen.stale.clouds = true;
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
    if (this.screen.draft) this.screen.stale.clouds = true;
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

  /** @param {import("../../kit/web/world_view.js").Hold} hold */
  hover(hold) {
    const name = hold.kind === "vertex" ? `vertex ${hold.vertex}` : hold.kind;
    const { world } = this.screen;
    if (world.surface.canvas.dataset.hold === name) return;
    world.hover = hold;
    world.surface.canvas.dataset.hold = name;
    this.invalidate();
  }

  /** @param {import("../../kit/web/scene.js").Tool} tool */
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
    this.screen.dispose();
    store().waiting.delete(this.onReference);
    if (store().stages.get(this.data.uid) === this) store().stages.delete(this.data.uid);
  }
}

/** What was kept from before, or a start; another revision is another start from Python.
 * @param {StageData} data @returns {import("../../kit/web/store.js").Kept} */
function keptScene({ uid, revision, start }) {
  const { kept } = store();
  let mine = kept.get(uid);
  if (!mine || mine.revision !== revision) {
    mine = { scene: new Scene(start), revision, tracks: new Map() };
    kept.set(uid, mine);
  }
  return mine;
}

export default mounting(".stage", (root, component) => {
  const stage = new Stage(root, component);
  store().stages.set(component.data.uid, stage);
  return stage;
});
