/**
 * One model's row: its latent view, three of its nodes by the visitor's choice, and its numbers as text.
 *
 * @typedef {import("../../kit/web/latent_track.js").LatentTrack} LatentTrack
 * @typedef {import("./symmetry_scene.js").SymmetryScene} Scene
 */
import { GHOST_COLOURS, css } from "../../kit/web/theme.js";
import { LatentPanel } from "../../kit/web/latent_panel.js";
import { fixed, nodeName, signed } from "../../kit/web/numbers.js";
import { setText } from "../../kit/web/dom.js";

/** Dashes of the reconstructions, in pixels, by model. */
const GHOST_DASHES = [[9, 5], [3, 5], [14, 4, 3, 4]];

export class Panel extends LatentPanel {
  /** @param {HTMLTemplateElement} template @param {LatentTrack} track @param {number} index */
  constructor(template, track, index) {
    super(template, track);
    this.colour = GHOST_COLOURS[index];
    this.dash = GHOST_DASHES[index];
    this.latent = this.find(".latent-values dd");
    this.rebuilt = this.find(".rebuilt dd");
    this.errors = this.find(".errors dd");
    this.choice = this.find(".nodes");
    this.find(".title").style.setProperty("--ghost", css(this.colour));
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

  /** The reconstruction to draw into the world, if it is asked for. @param {Scene} scene */
  ghost(scene) {
    const { colour, dash, track } = this;
    const asked = scene.ghosts.has(track.network.id) && track.rebuilt.length > 0;
    return asked ? [{ vertices: track.rebuilt, colour, dash }] : [];
  }

  /** @param {Scene} scene */
  write(scene) {
    const { track } = this;
    this.writeDrift();
    setText(this.latent, Array.from(track.latent, (value) => fixed(value)).join("  "));
    setText(this.rebuilt, track.rebuiltSides.map((side) => fixed(side)).join("  "));
    const errors = track.rebuiltSides.map((l, i) => signed(l - scene.sides[i]));
    setText(this.errors, errors.join("  "));
  }
}
