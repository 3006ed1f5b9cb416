/**
 * A live view of a shape in the hand and of its latent point in some networks, a panel each. Extend it,
 * and make the panels in `panelOf`.
 */
import { CameraHand } from "./pointer.js";
import { Glide, Tumble } from "./motion.js";
import { TriangleView } from "./triangle_view.js";
import { part } from "./dom.js";
import { randomMotion } from "./geometry.js";

const CLOUD_BUDGET = 6; // milliseconds a frame for encoding the reference sets

/**
 * @typedef {import("./triangle_scene.js").TriangleScene & {latentCamera: import("./camera.js").CameraSettings,
 *   newReference: (reason: string) => void}} LatentScene
 */

/**
 * @template {import("./live_view.js").ViewData} Data
 * @template {LatentScene} Scene
 * @template {import("./latent_panel.js").LatentPanel} Panel
 * @extends {TriangleView<Data, Scene>}
 */
export class LatentStage extends TriangleView {
  /** @param {HTMLElement} root @param {import("./live_view.js").Component<Data>} component
   * @param {import("./world_view.js").WorldView} world */
  constructor(root, component, world) {
    super(root, component, world);
    /** @type {Panel[]} */
    this.panels = [];
  }

  /** What every such view's buttons do. @param {string} what the shape is called */
  handActs(what) {
    return {
      tumble: (/** @type {unknown} */ _button, /** @type {unknown} */ moved) => {
        if (!(moved instanceof Tumble)) this.animate(new Tumble(this.scene, this.random));
      },
      motion: () => {
        const motion = randomMotion(this.scene.vertices, this.random);
        if (!motion.fits) this.showFault(`This ${what} is too large to turn freely inside the cube.`);
        this.animate(new Glide(this.scene, motion));
      },
      zero: () => this.change(() => this.scene.newReference("zero")),
      reset: () => this.change(() => this.scene.reset()),
    };
  }

  /** @param {() => void} change of the scene */
  change(change) {
    change();
    this.invalidate("camera");
    this.reportSoon();
  }

  /** @abstract @param {HTMLTemplateElement} _template @param {import("./latent_track.js").LatentTrack} _track
   * @param {number} _index @returns {Panel} */
  panelOf(_template, _track, _index) {
    throw new Error("A view makes its own panels.");
  }

  /** @param {import("./latent_track.js").LatentTrack[]} tracks */
  showPanels(tracks) {
    const same = tracks.length === this.panels.length
      && tracks.every((track, i) => track === this.panels[i].track);
    if (same) return;
    this.dismissPanels();
    const template = part(this.root, ".latent-template", HTMLTemplateElement);
    this.panels = tracks.map((track, i) => this.panelOf(template, track, i));
    part(this.root, ".latents", HTMLElement).replaceChildren(...this.panels.map((panel) => panel.element));
    for (const { abort, view } of this.panels) {
      this.watch(...view.surfaces);
      this.hand(view.canvas, new CameraHand(() => this.scene.latentCamera, this), abort.signal);
    }
    this.root.dataset.models = String(tracks.length);
    this.root.dataset.ready = "false";
    this.refit();
  }

  dismissPanels() {
    for (const panel of this.panels) {
      this.unwatch(...panel.view.surfaces);
      panel.dispose();
    }
  }

  get tracks() {
    return this.panels.map((panel) => panel.track);
  }

  get tumbling() {
    return this.motion instanceof Tumble;
  }

  /** @returns {boolean} whether another cloud is there */
  encodeClouds() {
    const waiting = this.tracks.find((track) => !track.cloud.done);
    if (!waiting) return false;
    waiting.cloud.work(CLOUD_BUDGET);
    this.invalidate();
    return waiting.cloud.done;
  }

  /** @param {HTMLElement} target */
  cameraAt(target) {
    return target === this.world.surface.canvas ? this.scene.camera : this.scene.latentCamera;
  }

  /** @param {import("./keyboard.js").Press} press @returns {boolean} */
  onKey(press) {
    const { direction, target } = press;
    if (!direction || !this.panels.some(({ view }) => view.canvas === target)) return super.onKey(press);
    this.turnByKey(target, direction);
    return true;
  }

  /** The largest drift of all networks. @returns {number} */
  get drift() {
    return Math.max(0, ...this.tracks.flatMap(({ drift }) => (drift === null ? [] : [drift])));
  }

  probe() {
    const { scene, tracks } = this;
    return {
      ...super.probe(),
      latentCamera: { ...scene.latentCamera },
      models: tracks.map((track) => track.network.name),
      drift: tracks.map((track) => track.drift),
    };
  }

  dispose() {
    this.dismissPanels();
    super.dispose();
  }
}
