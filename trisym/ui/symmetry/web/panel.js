/**
 * One model's row: its latent view and its numbers as text, so that they can be read aloud, copied
 * and seen from the back row.
 *
 * @typedef {import("../../kit/web/latent_track.js").LatentTrack} LatentTrack
 * @typedef {import("./symmetry_scene.js").SymmetryScene} Scene
 */
import { CloudView } from "../../kit/web/cloud_view.js";
import { GHOST_COLOURS, css } from "../../kit/web/theme.js";
import { boxAround } from "../../kit/web/cloud.js";
import { fixed, nodeName, signed } from "../../kit/web/numbers.js";
import { part, setText } from "../../kit/web/dom.js";
import { verdict } from "../../kit/web/verdict.js";

/** Dashes of the reconstructions, in pixels, by model. */
const GHOST_DASHES = [[9, 5], [3, 5], [14, 4, 3, 4]];

/** Where the bar ends, in spreads: two unrelated triangles are about 1.4 apart. */
const BAR_END = 1.5;

export class Panel {
  /** @param {HTMLTemplateElement} template @param {LatentTrack} track @param {number} index */
  constructor(template, track, index) {
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.element = part(copy, ".latent", HTMLElement);
    this.track = track;
    this.colour = GHOST_COLOURS[index];
    this.dash = GHOST_DASHES[index];
    const find = (/** @type {string} */ name) => part(this.element, name, HTMLElement);
    this.view = new CloudView(find(".plot"), []);
    this.value = find(".value");
    this.sign = find(".verdict .sign");
    this.word = find(".word");
    this.most = find(".most");
    this.latent = find(".latent-values dd");
    this.rebuilt = find(".rebuilt dd");
    this.errors = find(".errors dd");
    this.choice = find(".nodes");
    this.bar = find(".bar");
    this.abort = new AbortController();
    this.shown = false;
    /** @type {number[]} */
    this.nodes = [];
    this.nameIt(find(".title"));
  }

  /** @param {HTMLElement} heading */
  nameIt(heading) {
    const { network } = this.track;
    heading.textContent = network.title;
    heading.style.setProperty("--ghost", css(this.colour));
    this.element.setAttribute("aria-label", `Latent space of ${network.title}`);
    this.view.canvas.setAttribute("aria-label", `Latent space of ${network.title}. Arrow keys turn the view.`);
  }

  /** Three nodes are drawn; where there are more, the visitor chooses.
   * @param {Scene} scene @param {() => void} changed */
  listen(scene, changed) {
    const { h, id } = this.track.network;
    this.nodes = scene.nodes.get(id) ?? [0, 1, 2].slice(0, Math.min(h, 3));
    scene.nodes.set(id, this.nodes);
    if (h <= 3) return;
    this.choice.hidden = false;
    this.choice.replaceChildren("nodes ", ...this.nodes.map((node, axis) => {
      const select = document.createElement("select");
      select.setAttribute("aria-label", `Latent node on axis ${axis + 1}`);
      for (let k = 0; k < h; k += 1) select.add(new Option(nodeName(k), String(k)));
      select.value = String(node);
      const choose = () => {
        this.nodes[axis] = Number(select.value);
        this.shown = false;
        changed();
      };
      select.addEventListener("change", choose, { signal: this.abort.signal });
      return select;
    }));
  }

  /** @param {Scene} scene @param {import("../../kit/web/theme.js").Theme} theme
   * @param {Uint8Array} colours @param {boolean} draft */
  drawCloud(scene, theme, colours, draft) {
    const { track: { cloud }, view } = this;
    if (cloud.done && !this.shown) {
      const points = cloud.points(this.nodes);
      view.axes = this.nodes.map(nodeName);
      view.show(points, boxAround(points));
      this.shown = true;
    }
    view.drawCloud({ camera: scene.latentCamera, theme, colours, paint: theme, draft });
  }

  /** @param {import("../../kit/web/theme.js").Theme} theme */
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

  /** The reconstruction to draw into the world, if it is asked for. @param {Scene} scene */
  ghost(scene) {
    const { colour, dash, track } = this;
    const asked = scene.ghosts.has(track.network.id) && track.rebuilt.length > 0;
    return asked ? [{ vertices: track.rebuilt, colour, dash }] : [];
  }

  /** @param {Scene} scene */
  write(scene) {
    const { track } = this;
    const said = track.cloud.done
      ? verdict(track.drift, track.largest)
      : { word: "encoding the cloud …", sign: "", level: "none" };
    if (this.element.dataset.level !== said.level) this.element.dataset.level = said.level;
    setText(this.value, track.drift === null ? "–" : fixed(track.drift));
    setText(this.sign, said.sign);
    setText(this.word, said.word);
    setText(this.most, track.largest === null ? "" : `largest ${fixed(track.largest)}`);
    setText(this.latent, Array.from(track.latent, (value) => fixed(value)).join("  "));
    setText(this.rebuilt, track.rebuiltSides.map((side) => fixed(side)).join("  "));
    const errors = track.rebuiltSides.map((l, i) => signed(l - scene.sides[i]));
    setText(this.errors, errors.join("  "));
    this.drawBar(track.drift ?? 0, track.largest ?? 0);
  }

  /** The drift as a length, the largest so far as a mark. @param {number} drift
   * @param {number} largest */
  drawBar(drift, largest) {
    this.bar.style.setProperty("--drift", Math.min(drift / BAR_END, 1).toFixed(4));
    this.bar.style.setProperty("--largest", Math.min(largest / BAR_END, 1).toFixed(4));
  }

  dispose() {
    this.abort.abort();
  }
}
