/**
 * One model's row: its latent view and its numbers as text, so that they can be read aloud, copied
 * and seen from the back row.
 *
 * @typedef {import("./latent_track.js").LatentTrack} LatentTrack
 * @typedef {import("./scene.js").Scene} Scene
 */
import { threeDecimals, verdict } from "./narrator.js";
import { LatentView } from "./latent_view.js";
import { GHOST_COLOURS, css } from "./theme.js";

/** Dashes of the reconstructions, in pixels, by model. */
export const GHOST_DASHES = [[9, 5], [3, 5], [14, 4, 3, 4]];

/** Touches the page only where the text changed. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export class Panel {
  /** @param {HTMLTemplateElement} template @param {LatentTrack} track @param {number} index */
  constructor(template, track, index) {
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.element = /** @type {HTMLElement} */ (copy.querySelector(".latent"));
    this.track = track;
    this.colour = GHOST_COLOURS[index];
    this.dash = GHOST_DASHES[index];
    const find = (/** @type {string} */ name) =>
      /** @type {HTMLElement} */ (this.element.querySelector(name));
    this.canvas = /** @type {HTMLCanvasElement} */ (find(".point-canvas"));
    const cloudCanvas = /** @type {HTMLCanvasElement} */ (find(".cloud-canvas"));
    this.view = new LatentView(cloudCanvas, this.canvas);
    this.value = find(".value");
    this.sign = find(".verdict .sign");
    this.word = find(".word");
    this.most = find(".most");
    this.latent = find(".latent-values dd");
    this.rebuilt = find(".rebuilt dd");
    this.errors = find(".errors dd");
    this.nodes = find(".nodes");
    this.shown = false;
    this.nameIt(find(".title"));
  }

  /** @param {HTMLElement} heading */
  nameIt(heading) {
    const { network } = this.track;
    heading.textContent = network.title;
    heading.style.setProperty("--ghost", css(this.colour));
    this.element.setAttribute("aria-label", `Latent space of ${network.title}`);
    this.canvas.setAttribute("aria-label", `Latent space of ${network.title}. Arrow keys turn the view.`);
  }

  /** Which nodes are drawn; a choice where there are more than three.
   * @param {Scene} scene @param {() => void} changed @param {AbortSignal} signal */
  chooseNodes(scene, changed, signal) {
    const { network } = this.track;
    const chosen = scene.axes.get(network.id) ?? [0, 1, 2].slice(0, Math.min(network.h, 3));
    scene.axes.set(network.id, chosen);
    if (network.h <= 3) return;
    this.nodes.hidden = false;
    this.nodes.replaceChildren("nodes ", ...chosen.map((node, axis) => {
      const select = document.createElement("select");
      select.setAttribute("aria-label", `Latent node on axis ${axis + 1}`);
      for (let k = 0; k < network.h; k += 1) select.add(new Option(`N${k + 1}`, String(k)));
      select.value = String(node);
      select.addEventListener("change", () => {
        chosen[axis] = Number(select.value);
        this.shown = false;
        changed();
      }, { signal });
      return select;
    }));
  }

  /** @param {Scene} scene */
  write(scene) {
    const { track } = this;
    const ready = track.cloud.done;
    const said = ready ? verdict(track.drift) : { word: "encoding the cloud …", sign: "", level: "none" };
    this.element.dataset.level = said.level;
    setText(this.value, track.drift === null ? "–" : threeDecimals(track.drift));
    setText(this.sign, said.sign);
    setText(this.word, said.word);
    const most = track.largest === null ? "" : `largest so far ${threeDecimals(track.largest)}`;
    setText(this.most, most);
    setText(this.latent, Array.from(track.latent, threeDecimals).join("  "));
    setText(this.rebuilt, track.rebuiltSides.map(threeDecimals).join("  "));
    const errors = track.rebuiltSides.map((l, i) => threeDecimals(l - scene.sides[i]));
    setText(this.errors, errors.map((text) => (text.startsWith("−") ? text : `+${text}`)).join("  "));
  }
}
