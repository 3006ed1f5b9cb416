/**
 * One hand, three sets: the triangle obeys a set, and its point moves in the side lengths and in the
 * latent plane of each set's network, every frame; what is brushed in one space shows in the other.
 *
 * @typedef {import("./set_panel.js").SetPayload} SetPayload
 * @typedef {{pose: number[], camera: number[], sideCamera: number[], set: string,
 *   colouring: import("../../kit/web/paints.js").Colouring}} PlanesStart
 * @typedef {{uid: string, revision: string, sets: SetPayload[], start: PlanesStart}} PlanesData
 * @typedef {{data: PlanesData, parentElement: Element | ShadowRoot,
 *   setStateValue: (name: string, value: unknown) => void}} PlanesComponent
 */
import { CloudHand } from "./cloud_hand.js";
import { Meter } from "../../kit/web/meter.js";
import { ObedientScene, constantSideOf, drawMember } from "./obedience.js";
import { Paints } from "../../kit/web/paints.js";
import { SetPanel } from "./set_panel.js";
import { Theme, css } from "../../kit/web/theme.js";
import { Wander } from "./wander.js";
import { WorldHand } from "../../kit/web/world_hand.js";
import { WorldView } from "../../kit/web/world_view.js";
import { commonBox, perimeterRange } from "../../kit/web/set_cloud.js";
import { listenToControls, writeControls } from "./planes_controls.js";
import { listenToPointer } from "../../kit/web/pointer.js";
import { mounting } from "../../kit/web/mounting.js";
import { pictureOf, saveBlob } from "../../kit/web/picture.js";
import { setText } from "../../symmetry/web/panel.js";

const RELEASE = 200; // milliseconds of quiet before Python and the status line are told
const ENDS_OF_SIDES = [[0, 1], [1, 2], [2, 0]];

export class Planes {
  /** @param {HTMLElement} root @param {PlanesComponent} component */
  constructor(root, component) {
    const { signal } = (this.abort = new AbortController());
    const { data } = component;
    this.root = root;
    this.calls = 0;
    this.data = data;
    this.send = component.setStateValue;
    this.theme = new Theme(root);
    this.paints = new Paints(this.theme);
    this.random = Math.random;
    this.meter = new Meter();
    this.canvas = /** @type {HTMLCanvasElement} */ (this.find(".world-canvas"));
    this.world = new WorldView(this.canvas);
    const template = /** @type {HTMLTemplateElement} */ (this.find(".set-template"));
    this.panels = data.sets.map((payload) => new SetPanel(template, payload));
    this.find(".sets").replaceChildren(...this.panels.map((panel) => panel.element));
    this.range = perimeterRange(this.panels.map((panel) => panel.cloud));
    const box = commonBox(this.panels.map((panel) => panel.cloud.sides));
    for (const { cloud, side } of this.panels) {
      cloud.colourByPerimeter(this.range);
      side.show(cloud.sides, box);
    }
    this.revision = data.revision;
    this.startFrom(data.start);
    this.pinned = false;
    /** @type {Wander | null} */
    this.motion = null;
    this.stale = { sides: true, planes: true, layout: true };
    this.sent = "";
    this.frameRequest = 0;
    this.lastFrame = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.observer = new ResizeObserver(() => this.refit());
    this.listen(signal);
  }

  /** @param {PlanesStart} start what a link asks for */
  startFrom({ pose, camera, sideCamera, set, colouring }) {
    const payload = { pose, camera, latentCamera: sideCamera, tool: "rotate" };
    this.scene = new ObedientScene(/** @type {any} */ (payload), this.lawNamed(set));
    this.scene.follow(this.scene.law, this.random);
    /** @type {import("../../kit/web/paints.js").Colouring} */
    this.colouring = colouring;
  }

  /** Of the side lengths, one for all sets. */
  get camera() {
    return this.scene.latentCamera;
  }

  /** @param {string} name @returns {HTMLElement} */
  find(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(name));
  }

  /** @param {string} name @returns {import("./obedience.js").SetLaw} */
  lawNamed(name) {
    return (this.panels.find((panel) => panel.law.name === name) ?? this.panels[0]).law;
  }

  /** @param {AbortSignal} signal */
  listen(signal) {
    listenToPointer(this.canvas, new WorldHand(/** @type {any} */ (this), this.world), signal);
    for (const panel of this.panels) {
      for (const view of panel.views) {
        listenToPointer(view.canvas, new CloudHand(this, panel, view), signal);
        view.canvas.addEventListener("pointerleave", () => this.leave(), { signal });
        this.observer.observe(view.canvas);
      }
    }
    this.observer.observe(this.canvas);
    listenToControls(this, signal);
  }

  /** Streamlit calls at first and at each change of data or theme.
   * @param {PlanesComponent} component */
  update({ data, setStateValue }) {
    this.send = setStateValue;
    if (data.revision !== this.revision) this.startFrom(data.start);
    this.revision = data.revision;
    this.theme = new Theme(this.root);
    this.paints = new Paints(this.theme);
    this.refit();
  }

  refit() {
    this.stale = { sides: true, planes: true, layout: true };
    this.invalidate();
  }

  invalidate() {
    if (this.frameRequest || this.abort.signal.aborted) return;
    this.frameRequest = requestAnimationFrame((now) => this.frame(now));
  }

  /** @param {number} now */
  frame(now) {
    this.frameRequest = 0;
    const began = performance.now();
    if (this.motion) {
      this.motion.step(Math.min(Math.max((now - this.lastFrame) / 1000, 0), 0.05), this.scene);
      this.invalidate();
    }
    this.lastFrame = now;
    for (const panel of this.panels) panel.follow(this.scene.vertices);
    this.draw();
    this.meter.frame(began);
  }

  draw() {
    const { scene, theme, stale, paints, colouring } = this;
    if (stale.layout) {
      this.world.surface.fit();
      for (const view of this.panels.flatMap((panel) => panel.views)) view.fit();
    }
    this.world.draw(scene, theme, []);
    this.drawRod();
    for (const { cloud, side, plane, sideTrail, planeTrail, member } of this.panels) {
      if (stale.sides) side.drawCloud(cloud, this.camera, theme, paints, colouring);
      if (stale.planes) plane.drawCloud(cloud, this.camera, theme, paints, colouring);
      side.drawHand(sideTrail, member, theme);
      plane.drawHand(planeTrail, member, theme);
    }
    for (const panel of this.panels) panel.write();
    writeControls(this);
    this.stale = { sides: false, planes: false, layout: false };
    this.root.dataset.ready = "true";
  }

  /** The constant side as a rod, in the colour of its name. */
  drawRod() {
    const { scene, world } = this;
    const rod = constantSideOf(scene.law, scene.vertices, 1e-3);
    if (rod < 0 || world.surface.empty) return;
    const [a, b] = ENDS_OF_SIDES[rod].map((end) => world.spots[end]);
    const pen = world.surface.pen;
    pen.lineCap = "round";
    pen.lineWidth = 9;
    pen.strokeStyle = css(this.paints.sides[rod], 0.75);
    pen.beginPath();
    pen.moveTo(a[0], a[1]);
    pen.lineTo(b[0], b[1]);
    pen.stroke();
    world.drawVertices(pen, scene, this.theme);
    world.drawSideLengths(pen, scene, this.theme);
  }

  /** Brush what lies under a circle of one view; all views of the set show it.
   * @param {SetPanel} panel @param {import("../../kit/web/linked_view.js").LinkedView} view
   * @param {number} x @param {number} y in CSS pixels */
  brush(panel, view, x, y) {
    this.clearBrush();
    view.brush = { x, y, radius: view.brushRadius, pinned: false };
    panel.cloud.brush(view.covering(view.brush));
    this.stale.sides = true;
    this.stale.planes = true;
    this.invalidate();
    this.soon();
  }

  /** Keep the brush where it is; a second click lets it go.
   * @param {SetPanel} panel @param {import("../../kit/web/linked_view.js").LinkedView} view
   * @param {number} x @param {number} y */
  pin(panel, view, x, y) {
    const release = this.pinned;
    this.brush(panel, view, x, y);
    this.pinned = !release;
    if (view.brush) view.brush.pinned = this.pinned;
  }

  leave() {
    if (!this.pinned) this.clearBrush();
  }

  clearBrush() {
    this.soon();
    const brushed = this.panels.filter((panel) => panel.views.some((view) => view.brush));
    if (!brushed.length) return;
    for (const panel of brushed) {
      panel.cloud.clearBrush();
      for (const view of panel.views) view.brush = null;
    }
    this.pinned = false;
    this.stale.sides = true;
    this.stale.planes = true;
    this.invalidate();
  }

  /** The camera of the side lengths moved. */
  turned() {
    this.stale.sides = true;
    this.invalidate();
    this.soon();
  }

  /** @param {import("../../kit/web/paints.js").Colouring} colouring */
  colour(colouring) {
    this.colouring = colouring;
    this.refit();
    this.soon();
  }

  /** @param {string} name of the set */
  obey(name) {
    this.scene.follow(this.lawNamed(name), this.random);
    this.startTrails();
  }

  newTriangle() {
    const { law } = this.scene;
    const rod = law.movable ? Math.floor(3 * this.random()) : 0;
    this.scene.setTriangle(drawMember(law, this.random, rod), "new");
    this.scene.rod = rod;
    this.startTrails();
  }

  /** A renumbered triangle of set iii is none any more: the hand then obeys set ii. */
  renumber() {
    const { law } = this.scene;
    if (law.constantSide !== null && !law.movable) {
      this.scene.law = (this.panels.find((panel) => panel.law.movable) ?? this.panels[0]).law;
    }
    this.scene.renumber();
    this.changed();
    this.soon();
  }

  startTrails() {
    for (const panel of this.panels) panel.follow(this.scene.vertices);
    for (const panel of this.panels) panel.clearTrails();
    this.changed();
    this.soon();
  }

  toggleWander() {
    this.motion = this.motion ? null : new Wander(this.random);
    this.lastFrame = performance.now();
    this.changed();
    this.soon();
  }

  async save() {
    saveBlob(await pictureOf(this.find(".board"), this.theme), "hidden-symmetries.png");
  }

  // What the hand of the stage asks of its stage:

  beginGesture() {
    this.motion = null;
    clearTimeout(this.timer);
  }

  endGesture() {
    this.invalidate();
    this.soon();
  }

  changed() {
    this.invalidate();
  }

  cameraMoved() {
    this.invalidate();
    this.soon();
  }

  showFault() {}

  /** @param {import("../../kit/web/world_view.js").Hold} hold */
  hover(hold) {
    if (this.canvas.dataset.hold === hold.kind) return;
    this.world.hover = hold;
    this.canvas.dataset.hold = hold.kind;
    this.invalidate();
  }

  /** Tell when things are quiet. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), RELEASE);
  }

  tell() {
    if (this.motion) return;
    const brushed = this.panels.find((panel) => panel.views.some((view) => view.brush));
    const said = this.describe();
    setText(this.find("#said"), said);
    setText(this.find(".status"), brushed ? `${brushed.law.short}: ${brushed.cloud.tellBrushed()}` : said);
    const { pose, camera, latentCamera } = this.scene.payload();
    const now = { pose, camera, sideCamera: latentCamera, set: this.scene.law.name, colouring: this.colouring };
    const text = JSON.stringify(now);
    if (text === this.sent) return;
    this.sent = text;
    this.send("hand", now);
  }

  describe() {
    const sides = this.scene.sides.map((l, i) => `l${i + 1} ${l.toFixed(3)}`).join(", ");
    const errors = this.panels.map((panel) => `${panel.law.short} ${panel.error.toFixed(4)}`).join(", ");
    return `Sides ${sides}. Mean error of a side when rebuilt: ${errors}.`;
  }

  dispose() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frameRequest);
    this.observer.disconnect();
    this.abort.abort();
  }
}

/** What outlives a rerun that takes the elements away. @type {Map<string, Planes>} */
const lastPlanes = ((/** @type {any} */ (globalThis)).__trisymPlanes ??= new Map());

export default mounting(".planes", (root, component) => {
  const before = lastPlanes.get(component.data.uid);
  const planes = new Planes(root, component);
  if (before) resumeFrom(planes, before);
  lastPlanes.set(component.data.uid, planes);
  return planes;
});

/** @param {Planes} planes @param {Planes} before */
function resumeFrom(planes, before) {
  if (before.revision !== planes.revision) return;
  const { law } = before.scene;
  planes.startFrom({ ...planes.data.start, set: law.name, colouring: before.colouring });
  planes.scene.setTriangle(before.scene.vertices, "resumed");
  planes.scene.rod = before.scene.rod;
  Object.assign(planes.scene.camera, before.scene.camera);
  Object.assign(planes.scene.latentCamera, before.scene.latentCamera);
}
