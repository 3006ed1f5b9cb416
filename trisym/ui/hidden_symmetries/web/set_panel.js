/**
 * One set's column: its side lengths, its latent plane, and how well its network rebuilds the
 * triangle in the hand.
 *
 * @typedef {import("./obedience.js").SetLaw} SetLaw
 * @typedef {SetLaw & import("../../kit/web/set_cloud.js").CloudPayload & {title: string, short: string,
 *   rule: string, model: import("../../kit/web/encoder.js").ModelPayload}} SetPayload
 */
import { LinkedView, isJump } from "../../kit/web/linked_view.js";
import { Network } from "../../kit/web/encoder.js";
import { SetCloud, commonBox } from "../../kit/web/set_cloud.js";
import { isMember } from "./obedience.js";
import { setText } from "../../symmetry/web/panel.js";
import { sideLengths } from "../../kit/web/geometry.js";

const TRAIL = 200; // steps

export class SetPanel {
  /** @param {HTMLTemplateElement} template @param {SetPayload} payload */
  constructor(template, payload) {
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.element = /** @type {HTMLElement} */ (copy.querySelector(".set"));
    const find = (/** @type {string} */ name) =>
      /** @type {HTMLElement} */ (this.element.querySelector(name));
    this.law = payload;
    this.network = new Network(payload.model);
    this.cloud = new SetCloud(payload);
    this.side = new LinkedView(find(".side"), false, ["l₁", "l₂", "l₃"]);
    this.plane = new LinkedView(find(".plane"), true, ["N₁", "N₂"]);
    this.plane.show(this.cloud.plane, commonBox([this.cloud.plane]));
    this.value = find(".value");
    this.unit = find(".unit");
    setText(find("h3"), payload.short);
    this.element.dataset.set = payload.name;
    this.element.setAttribute("aria-label", payload.title);
    this.side.canvas.setAttribute("aria-label", `Side lengths, ${payload.title}. Arrow keys turn the view.`);
    this.plane.canvas.setAttribute("aria-label", `Latent plane, ${payload.title}. Arrow keys move the brush.`);
    /** @type {number[][]} */
    this.sideTrail = [];
    /** @type {number[][]} */
    this.planeTrail = [];
    this.member = true;
    this.error = NaN;
    this.jumps = 0;
  }

  get views() {
    return [this.side, this.plane];
  }

  /** Follow the triangle in the hand. @param {number[]} vertices */
  follow(vertices) {
    this.member = isMember(this.law, vertices, 2e-3);
    const sides = sideLengths(vertices);
    const latent = this.network.encode(vertices);
    const rebuilt = sideLengths(Array.from(this.network.decode(latent)));
    this.error = sides.reduce((sum, l, i) => sum + Math.abs(l - rebuilt[i]), 0) / 3;
    const placed = this.cloud.placed(latent);
    const before = this.planeTrail[this.planeTrail.length - 1];
    if (before && isJump(before, placed)) this.jumps += 1;
    leave(this.sideTrail, sides);
    leave(this.planeTrail, placed);
  }

  clearTrails() {
    this.sideTrail = this.sideTrail.slice(-1);
    this.planeTrail = this.planeTrail.slice(-1);
  }

  write() {
    this.element.dataset.member = String(this.member);
    setText(this.value, this.error.toFixed(4));
    const lines = this.member
      ? ["mean error of a side,", "rebuilt from the plane"]
      : ["this triangle is not", "one of the set"];
    if (this.unit.dataset.first === lines[0]) return;
    this.unit.dataset.first = lines[0];
    this.unit.replaceChildren(lines[0], document.createElement("br"), lines[1]);
  }
}

/** @param {number[][]} trail @param {number[]} point */
function leave(trail, point) {
  const last = trail[trail.length - 1];
  if (last && last.every((c, axis) => c === point[axis])) return;
  trail.push(Array.from(point));
  if (trail.length > TRAIL) trail.shift();
}
