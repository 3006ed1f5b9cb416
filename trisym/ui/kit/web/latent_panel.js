/**
 * One network beside a hand: its latent view, and its drift as a number, a word and a bar, so that it can
 * be read aloud, copied and seen from the back row. Extend it with what else is told of the network.
 *
 * @typedef {import("./latent_track.js").LatentTrack} LatentTrack
 */
import { CloudView } from "./cloud_view.js";
import { boxAround } from "./cloud.js";
import { fixed, nodeName } from "./numbers.js";
import { part, setText } from "./dom.js";
import { verdict } from "./verdict.js";

/** Where the bar ends, in spreads: two unrelated shapes are about 1.4 apart. */
const BAR_END = 1.5;

export class LatentPanel {
  /** @param {HTMLTemplateElement} template @param {LatentTrack} track */
  constructor(template, track) {
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.element = part(copy, ".latent", HTMLElement);
    this.track = track;
    this.view = new CloudView(this.find(".plot"), []);
    this.value = this.find(".value");
    this.sign = this.find(".verdict .sign");
    this.word = this.find(".word");
    this.most = this.find(".most");
    this.bar = this.find(".bar");
    this.abort = new AbortController();
    this.shown = false;
    /** The latent nodes on the axes, up to three. @type {number[]} */
    this.nodes = [];
    const { title } = track.network;
    setText(this.find(".title"), title);
    this.element.setAttribute("aria-label", `Latent space of ${title}`);
    this.view.canvas.setAttribute("aria-label", `Latent space of ${title}. Arrow keys turn the view.`);
  }

  /** @param {string} name @returns {HTMLElement} */
  find(name) {
    return part(this.element, name, HTMLElement);
  }

  /** The nodes to draw, up to three, once the cloud is there. @returns {number[]} */
  chosenNodes() {
    return this.nodes;
  }

  /** @param {{latentCamera: import("./camera.js").CameraSettings}} scene
   * @param {import("./theme.js").Theme} theme @param {Uint8Array} colours @param {boolean} draft */
  drawCloud(scene, theme, colours, draft) {
    const { track: { cloud }, view } = this;
    if (cloud.done && !this.shown) {
      this.nodes = this.chosenNodes();
      const points = cloud.points(this.nodes);
      view.axes = this.nodes.map(nodeName);
      view.show(points, boxAround(points));
      this.shown = true;
    }
    view.drawCloud({ camera: scene.latentCamera, theme, colours, paint: theme, draft });
  }

  /** @param {import("./theme.js").Theme} theme */
  drawHand(theme) {
    const { track, view } = this;
    const trail = track.cloud.done ? track.trail.map((latent) => this.placed(latent)) : [];
    view.drawHand({ trail, reference: this.placed(track.referenceLatent) }, theme);
  }

  /** @param {ArrayLike<number>} latent @returns {number[]} x, y, z */
  placed(latent) {
    const place = (/** @type {number} */ node) => this.track.cloud.place(latent[node], node);
    return [0, 1, 2].map((axis) => (axis < this.nodes.length ? place(this.nodes[axis]) : 0));
  }

  /** The drift as a number, a word and a length, the largest so far as a mark. */
  writeDrift() {
    const { bar, element, track: { cloud, drift, largest } } = this;
    const said = cloud.done ? verdict(drift, largest) : { word: "encoding the cloud …", sign: "", level: "none" };
    if (element.dataset.level !== said.level) element.dataset.level = said.level;
    setText(this.value, drift === null ? "–" : fixed(drift));
    setText(this.sign, said.sign);
    setText(this.word, said.word);
    setText(this.most, largest === null ? "" : `largest ${fixed(largest)}`);
    bar.style.setProperty("--drift", Math.min((drift ?? 0) / BAR_END, 1).toFixed(4));
    bar.style.setProperty("--largest", Math.min((largest ?? 0) / BAR_END, 1).toFixed(4));
  }

  dispose() {
    this.abort.abort();
  }
}
