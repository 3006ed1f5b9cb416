/**
 * All that is seen: the world, one panel a model, the legend; and what of it the next frame must draw.
 *
 * @typedef {import("../../kit/web/scene.js").Scene} Scene
 * @typedef {import("../../kit/web/theme.js").Theme} Theme
 * @typedef {import("../../kit/web/latent_track.js").LatentTrack} LatentTrack
 */
import { Legend } from "./legend.js";
import { Panel } from "./panel.js";
import { WorldView } from "../../kit/web/world_view.js";

export class Screen {
  /** @param {HTMLElement} root */
  constructor(root) {
    const find = (/** @type {string} */ name) =>
      /** @type {HTMLElement} */ (root.querySelector(name));
    this.root = root;
    this.template = /** @type {HTMLTemplateElement} */ (find(".latent-template"));
    this.latents = find(".latents");
    this.world = new WorldView(/** @type {HTMLCanvasElement} */ (find(".world-canvas")));
    this.legend = new Legend(find(".legend"));
    /** @type {Panel[]} */
    this.panels = [];
    /** What the next frame must do beyond drawing the hand. */
    this.stale = { clouds: true, layout: true, numbers: true };
    /** Whether the clouds were drawn quickly, while their camera turned. */
    this.draft = false;
    /** How many panels' numbers lag behind, and whose turn it is. */
    this.unwritten = 0;
    this.turn = 0;
  }

  /** @param {LatentTrack[]} tracks @param {string} reference its id
   * @param {Float32Array} triangles @returns {boolean} whether there are other panels now */
  arrange(tracks, reference, triangles) {
    this.legend.measure(reference, triangles);
    const same = tracks.length === this.panels.length
      && tracks.every((track, i) => track === this.panels[i].track);
    if (same) return false;
    this.dispose();
    this.panels = tracks.map((track, i) => new Panel(this.template, track, i));
    this.latents.replaceChildren(...this.panels.map((panel) => panel.element));
    this.root.dataset.models = String(tracks.length);
    this.root.dataset.ready = "false";
    this.stale.layout = true;
    return true;
  }

  /** @param {Scene} scene @param {Theme} theme @param {boolean} holding a hand is at work */
  draw(scene, theme, holding) {
    const { stale } = this;
    if (stale.layout) this.fit();
    this.world.draw(scene, theme, this.panels.flatMap((panel) => panel.ghost(scene)));
    const clouds = stale.clouds || stale.layout;
    if (clouds) this.draft = holding;
    for (const panel of this.panels) {
      if (clouds) panel.drawCloud(scene, theme, this.legend.colours, this.draft);
      panel.view.drawPoint(panel.track, theme);
    }
    if (stale.numbers) this.unwritten = this.panels.length;
    if (this.unwritten > 0) this.writeNumbers(scene);
    this.legend.point(scene.sides);
    this.stale = { clouds: false, layout: false, numbers: false };
  }

  fit() {
    this.world.surface.fit();
    for (const { view } of this.panels) view.fit();
  }

  /** Text costs the browser more than pictures: one panel a frame, in turn, is 20 a second each.
   * @param {Scene} scene */
  writeNumbers(scene) {
    this.turn = (this.turn + 1) % this.panels.length;
    this.panels[this.turn].write(scene);
    this.unwritten -= 1;
  }

  dispose() {
    for (const panel of this.panels) panel.dispose();
  }
}
