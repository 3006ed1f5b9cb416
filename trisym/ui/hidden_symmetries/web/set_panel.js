/**
 * One set's column: its side lengths, its latent plane, and how well its network rebuilds the
 * triangle in the hand.
 *
 * @typedef {{sides?: string, latents?: string, constant?: string}} CloudPayload base64 of float32:
 *   l1 l2 l3, N1 N2, and which side is constant (0: none), of each triangle; drawn here where they are missing
 * @typedef {import("./constrained_scene.js").SetRule & CloudPayload & {title: string, short: string,
 *   rule: string, model: import("../../kit/web/encoder.js").ModelPayload}} SetPayload
 */
import { Cloud, boxAround } from "../../kit/web/cloud.js";
import { CloudView, isJump, leaveTrail } from "../../kit/web/cloud_view.js";
import { Network } from "../../kit/web/encoder.js";
import { float32FromBase64 } from "../../kit/web/base64.js";
import { constantSideOf, drawMember, isMember } from "./constrained_scene.js";
import { part, setText } from "../../kit/web/dom.js";
import { seededRandom } from "../../kit/web/random.js";
import { sideLengths } from "../../kit/web/geometry.js";

const TRAIL = 200; // steps
const DRAWN = 3000; // triangles of a set, where the server sends none
const CLOUD_SEED = 2021;
const MEMBER = 2e-3; // tolerance of the constant side: what a picture can't show

/** @param {SetPayload} payload @param {Network} network */
function cloudOf({ constant, latents, sides, ...rule }, network) {
  if (!sides || !latents || !constant) return drawnCloud(rule, network);
  const constants = Uint8Array.from(float32FromBase64(constant));
  return { sides: float32FromBase64(sides), latents: float32FromBase64(latents), constants };
}

/** The same triangles of a set each time, and where a network with two nodes has them.
 * @param {import("./constrained_scene.js").SetRule} rule @param {Network} network */
export function drawnCloud(rule, network) {
  const random = seededRandom(CLOUD_SEED);
  const [sides, latents, constants] = [new Float32Array(3 * DRAWN), new Float32Array(2 * DRAWN), new Uint8Array(DRAWN)];
  for (let i = 0; i < DRAWN; i += 1) {
    const triangle = drawMember(rule, random, rule.movable ? i % 3 : 0);
    sides.set(sideLengths(triangle), 3 * i);
    latents.set(network.encode(triangle), 2 * i);
    constants[i] = 1 + constantSideOf(rule, triangle, MEMBER);
  }
  return { sides, latents, constants };
}

export class SetPanel {
  /** @param {HTMLTemplateElement} template @param {SetPayload} payload */
  constructor(template, payload) {
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.element = part(copy, ".set", HTMLElement);
    this.rule = payload;
    this.network = new Network(payload.model);
    const { sides, latents, constants } = cloudOf(payload, this.network);
    this.cloud = new Cloud(sides, latents, "halves");
    this.constants = constants;
    this.cloud.colours.constant = this.constants;
    this.side = new CloudView(part(this.element, ".side", HTMLElement), ["l₁", "l₂", "l₃"]);
    this.plane = new CloudView(part(this.element, ".plane", HTMLElement), ["N₁", "N₂"]);
    this.plane.show(this.cloud.spaces.latents, boxAround(this.cloud.spaces.latents));
    this.value = part(this.element, ".value", HTMLElement);
    this.unit = part(this.element, ".unit", HTMLElement);
    setText(part(this.element, "h2", HTMLElement), payload.short);
    this.element.dataset.set = payload.name;
    this.element.setAttribute("aria-label", payload.title);
    this.side.canvas.setAttribute("aria-label", `Side lengths, ${payload.title}. Arrow keys turn the view.`);
    this.plane.canvas.setAttribute("aria-label", `Latent plane, ${payload.title}. Arrow keys move the brush.`);
    /** @type {ArrayLike<number>[]} */
    this.sideTrail = [];
    /** @type {ArrayLike<number>[]} */
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
    this.member = isMember(this.rule, vertices, MEMBER);
    const sides = sideLengths(vertices);
    const latent = this.network.encode(vertices);
    const placed = this.cloud.place(latent);
    const rebuilt = sideLengths(Array.from(this.network.decode(latent)));
    this.error = sides.reduce((sum, l, i) => sum + Math.abs(l - rebuilt[i]), 0) / 3;
    const before = this.planeTrail[this.planeTrail.length - 1];
    if (before && isJump(before, placed)) this.jumps += 1;
    leaveTrail(this.sideTrail, sides, TRAIL);
    leaveTrail(this.planeTrail, placed, TRAIL);
  }

  clearTrails() {
    this.sideTrail = this.sideTrail.slice(-1);
    this.planeTrail = this.planeTrail.slice(-1);
  }

  /** @param {Omit<import("../../kit/web/cloud_view.js").CloudLook, "colours">} look of the sides
   * @param {string} colouring */
  drawClouds(look, colouring) {
    const { brushed, brushedCount } = this.cloud;
    const own = { ...look, colours: this.cloud.colours[colouring], brushed, brushedCount };
    this.side.drawCloud(own);
    this.plane.drawCloud({ ...own, camera: { yaw: 0, pitch: 0, zoom: 1 } });
  }

  /** @param {import("../../kit/web/theme.js").Theme} theme */
  drawHands(theme) {
    this.side.drawHand({ trail: this.sideTrail, hollow: !this.member }, theme);
    this.plane.drawHand({ trail: this.planeTrail, hollow: !this.member }, theme);
  }

  write() {
    this.element.dataset.member = String(this.member);
    setText(this.value, this.error.toFixed(4));
    setText(this.unit, this.member
      ? "mean error of a side,\nrebuilt from the plane"
      : "this triangle is not\none of the set");
  }

  /** What is brushed, in words. */
  tellBrushed() {
    const { brushed } = this.cloud;
    const sides = [1, 2, 3].filter((side) => this.constants.some((c, i) => c === side && brushed[i]));
    const where = sides.length ? `; constant side: ${sides.map((side) => `l${side}`).join(", ")}` : "";
    return `${this.rule.short}: ${this.cloud.tellBrushed(where)}`;
  }
}
