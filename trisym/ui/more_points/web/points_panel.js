/** One network's latent space, three of its nodes, and its numbers as text. */
import { CloudView } from "../../kit/web/cloud_view.js";
import { boxAround } from "../../kit/web/cloud.js";
import { fixed, nodeName, signed } from "../../kit/web/numbers.js";
import { part, setText } from "../../kit/web/dom.js";
import { signedVolume } from "./points_scene.js";
import { tellingNodes } from "./points_cloud.js";
import { verdict } from "../../kit/web/verdict.js";

const LONGEST_BAR = 1.5; // spreads: two unrelated sets are about 1.4 apart

export class PointsPanel {
  /** @param {HTMLTemplateElement} template @param {import("../../kit/web/latent_track.js").LatentTrack} track
   * @param {import("./points_cloud.js").RandomSets} random */
  constructor(template, track, random) {
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.element = part(copy, ".latent", HTMLElement);
    this.track = track;
    this.random = random;
    this.view = new CloudView(part(this.element, ".plot", HTMLElement), []);
    this.abort = new AbortController();
    this.shown = false;
    /** @type {number[]} */
    this.nodes = [];
    const { title } = track.network;
    setText(part(this.element, ".title", HTMLElement), title);
    this.element.setAttribute("aria-label", `Latent space: ${title}`);
    this.view.canvas.setAttribute("aria-label", `Latent space: ${title}. Arrow keys turn the view.`);
  }

  /** @param {import("./points_scene.js").PointsScene} scene
   * @param {import("../../kit/web/theme.js").Theme} theme @param {boolean} draft */
  drawCloud(scene, theme, draft) {
    const { random, track: { cloud }, view } = this;
    if (cloud.done && !this.shown) {
      this.nodes = tellingNodes(cloud, random.values);
      const points = cloud.points(this.nodes);
      view.axes = this.nodes.map(nodeName);
      view.show(points, boxAround(points));
      this.shown = true;
    }
    view.drawCloud({ camera: scene.latentCamera, theme, colours: random.colours, paint: theme, draft });
  }

  /** @param {import("../../kit/web/theme.js").Theme} theme */
  drawHand(theme) {
    if (!this.shown) return;
    const { track, view } = this;
    const trail = track.trail.map((latent) => this.placed(latent));
    view.drawHand({ trail, reference: this.placed(track.referenceLatent) }, theme);
  }

  /** @param {ArrayLike<number>} latent @returns {number[]} */
  placed(latent) {
    return this.nodes.map((node) => this.track.cloud.place(latent[node], node));
  }

  /** Mean of |d − d′| over all pairs. @param {number[]} distances of the set in the hand */
  pairError(distances) {
    const { rebuiltSides } = this.track;
    return distances.reduce((sum, d, i) => sum + Math.abs(d - rebuiltSides[i]), 0) / distances.length;
  }

  /** @param {import("./points_scene.js").PointsScene} scene */
  write(scene) {
    const { element, track } = this;
    const find = (/** @type {string} */ name) => part(element, name, HTMLElement);
    const said = track.cloud.done
      ? verdict(track.drift, track.largest)
      : { word: "encoding the cloud …", sign: "", level: "none" };
    if (element.dataset.level !== said.level) element.dataset.level = said.level;
    setText(find(".value"), track.drift === null ? "–" : fixed(track.drift));
    setText(find(".verdict .sign"), said.sign);
    setText(find(".word"), said.word);
    setText(find(".most"), track.largest === null ? "" : `largest ${fixed(track.largest)}`);
    setText(find(".error dd"), fixed(this.pairError(scene.sides)));
    find(".volume").hidden = scene.count !== 4;
    if (scene.count === 4) {
      const decoded = track.network.decode(track.latent);
      setText(find(".volume dd"), signed(signedVolume(decoded)));
    }
    const bar = find(".bar");
    bar.style.setProperty("--drift", Math.min((track.drift ?? 0) / LONGEST_BAR, 1).toFixed(4));
    bar.style.setProperty("--largest", Math.min((track.largest ?? 0) / LONGEST_BAR, 1).toFixed(4));
  }

  dispose() {
    this.abort.abort();
  }
}
