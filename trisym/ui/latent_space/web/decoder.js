/**
 * The decoder by hand: a latent point that a hand carries, the triangle that the network makes of it,
 * and both among triangles that it has seen, every frame; three spaces linked by one brush.
 *
 * @typedef {{model: import("../../kit/web/encoder.js").ModelPayload,
 *   cloud: import("./triple_cloud.js").TriplePayload, start: number[] | null}} DecoderData
 * @typedef {{data: DecoderData, parentElement: Element | ShadowRoot,
 *   setStateValue: (name: string, value: unknown) => void}} DecoderComponent
 */
import { CubeHand, TripleHand } from "./triple_hand.js";
import { LinkedView } from "../../kit/web/linked_view.js";
import { Network } from "../../kit/web/encoder.js";
import { Paints } from "../../kit/web/paints.js";
import { Scene } from "../../kit/web/scene.js";
import { Theme, css } from "../../kit/web/theme.js";
import { TripleCloud } from "./triple_cloud.js";
import { WorldView } from "../../kit/web/world_view.js";
import { centroid, sideLengths } from "../../kit/web/geometry.js";
import { listenToPointer } from "../../kit/web/pointer.js";
import { mounting } from "../../kit/web/mounting.js";
import { pictureOf, saveBlob } from "../../kit/web/picture.js";

const QUIET = 200; // milliseconds before Python and the status line are told
const TRAIL = 60;
const COLOURS = "perimeter";
const KEY_STEP = 0.04; // spreads a press
/** @type {Record<string, number[]>} */
const ARROW_STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SPACES = /** @type {const} */ (["sides", "latents", "rebuilt"]);

export class Decoder {
  /** @param {HTMLElement} root @param {DecoderComponent} component */
  constructor(root, { data, setStateValue }) {
    const { signal } = (this.abort = new AbortController());
    this.root = root;
    this.calls = 0;
    this.send = setStateValue;
    this.network = new Network(data.model);
    this.cloud = new TripleCloud(data.cloud);
    this.theme = new Theme(root);
    this.paints = new Paints(this.theme);
    this.camera = { yaw: -0.55, pitch: 0.3, zoom: 1 }; // across the direction of equal sides
    this.scene = new Scene(/** @type {any} */ ({
      pose: [0, 0, 0, 1, 0, 0, 0, 1, 0], camera: [0.62, 0.36, 1], latentCamera: [0, 0, 1], tool: "camera",
    }));
    this.views = SPACES.map((space) => {
      const names = space === "latents" ? ["N1", "N2", "N3"] : ["l1", "l2", "l3"];
      return new LinkedView(this.find(`.plot.${space}`), false, names);
    });
    this.latentView = this.views[1];
    this.views.forEach((view, i) => {
      const { boxes, placed, sides, rebuilt } = this.cloud;
      view.show([sides, placed, rebuilt][i], i === 1 ? boxes.latents : boxes.sides);
    });
    this.worldCanvas = /** @type {HTMLCanvasElement} */ (this.find(".world-canvas"));
    this.world = new WorldView(this.worldCanvas);
    this.pinned = false;
    this.stale = { clouds: true, layout: true };
    this.frameRequest = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.sent = "";
    /** @type {number[][][]} the sides and the latent place of past frames, newest last */
    this.trail = [];
    this.placeAt(this.cloud.place(data.start ?? this.middle()));
    this.observer = new ResizeObserver(() => this.refit());
    this.listen(signal);
  }

  /** The latent point of a triangle near the mean: a mean of points may lie off a hollow cloud. */
  middle() {
    const { placed, count, latents } = this.cloud;
    let [best, least] = [0, Infinity];
    for (let i = 0; i < count; i += 1) {
      const away = Math.hypot(placed[3 * i], placed[3 * i + 1], placed[3 * i + 2]);
      if (away < least) [best, least] = [i, away];
    }
    return Array.from(latents.subarray(3 * best, 3 * best + 3));
  }

  /** @param {string} name @returns {HTMLElement} */
  find(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(name));
  }

  /** @param {AbortSignal} signal */
  listen(signal) {
    this.views.forEach((view, i) => {
      listenToPointer(view.canvas, new TripleHand(this, view, i === 1), signal);
      view.canvas.addEventListener("pointerleave", () => this.leave(), { signal });
      this.observer.observe(view.canvas);
    });
    listenToPointer(this.worldCanvas, new CubeHand(this), signal);
    this.observer.observe(this.worldCanvas);
    this.latentView.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    this.root.querySelectorAll("input").forEach((input, node) => {
      const { low, high } = this.cloud.boxes.latents;
      const room = 0.25 * (high[node] - low[node]);
      Object.assign(input, { min: low[node] - room, max: high[node] + room, step: 0.001 });
      input.addEventListener("input", () => this.slide(node, Number(input.value)), { signal });
    });
    this.find("[data-act=draw]").addEventListener("click", () => this.jump(), { signal });
    this.find("[data-act=save]").addEventListener("click", () => void this.save(), { signal });
  }

  /** Streamlit calls at first and at each change of data or theme.
   * @param {DecoderComponent} component */
  update({ setStateValue }) {
    this.send = setStateValue;
    this.theme = new Theme(this.root);
    this.paints = new Paints(this.theme);
    this.refit();
  }

  refit() {
    this.stale = { clouds: true, layout: true };
    this.invalidate();
  }

  invalidate() {
    if (this.frameRequest || this.abort.signal.aborted) return;
    this.frameRequest = requestAnimationFrame(() => this.frame());
  }

  frame() {
    this.frameRequest = 0;
    const { theme, stale, cloud } = this;
    if (stale.layout) {
      for (const view of this.views) view.fit();
      this.world.surface.fit();
    }
    if (stale.clouds) for (const view of this.views) view.drawCloud(cloud, this.camera, theme, this.paints, COLOURS);
    const sides = this.trail.map(([lengths]) => lengths);
    this.views[0].drawHand(sides, this.onCloud, theme);
    this.views[2].drawHand(sides, this.onCloud, theme);
    this.latentView.drawHand(this.trail.map(([, place]) => place), this.onCloud, theme);
    this.world.draw(this.scene, theme, []);
    this.write();
    this.stale = { clouds: false, layout: false };
    this.root.dataset.ready = "true";
  }

  /** @param {number[]} place in spreads */
  placeAt(place) {
    this.place = place;
    const latent = this.cloud.latentAt(place);
    const triangle = Array.from(this.network.decode(latent));
    this.sides = sideLengths(triangle);
    // Where it lies is left to chance by the side loss: it is shown in the middle of the cube.
    const middle = centroid(triangle);
    this.scene.vertices = triangle.map((value, k) => value - middle[k % 3] + 0.5);
    const again = this.cloud.place(this.network.encode(this.scene.vertices));
    this.returned = Math.hypot(...again.map((value, node) => value - place[node]));
    this.away = this.cloud.distance(place);
    this.onCloud = this.away <= this.cloud.usual;
    this.trail.push([this.sides, place]);
    if (this.trail.length > TRAIL) this.trail.shift();
    this.invalidate();
  }

  /** Where the point is drawn in the latent view. @returns {[number, number, number]} */
  spot() {
    const [x, y, z] = this.place;
    return this.latentView.view.project(x, y, z);
  }

  /** In the plane that faces the viewer. @param {number} dx @param {number} dy pixels */
  carry(dx, dy) {
    const step = this.latentView.view.stepInSpace(dx, dy, this.spot()[2]);
    this.placeAt(this.place.map((value, node) => value + step[node]));
  }

  /** @param {number} node @param {number} value in spreads */
  slide(node, value) {
    this.placeAt(this.place.map((old, k) => (k === node ? value : old)));
    this.soon();
  }

  /** To a triangle of the cloud. */
  jump() {
    const i = Math.floor(Math.random() * this.cloud.count);
    this.trail = [];
    this.placeAt(Array.from(this.cloud.placed.subarray(3 * i, 3 * i + 3)));
    this.soon();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = ARROW_STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const pixels = KEY_STEP * this.latentView.view.scaleAt(this.spot()[2]);
    this.carry(step[0] * pixels, step[1] * pixels);
    this.soon();
  }

  /** @param {LinkedView} view @param {number} x @param {number} y in CSS pixels */
  brush(view, x, y) {
    this.clearBrush();
    view.brush = { x, y, radius: view.brushRadius, pinned: false };
    this.cloud.brush(view.covering(view.brush));
    this.turned();
  }

  /** Keep the brush where it is; a second click lets it go. @param {LinkedView} view
   * @param {number} x @param {number} y */
  pin(view, x, y) {
    const release = this.pinned;
    this.brush(view, x, y);
    this.pinned = !release;
    if (view.brush) view.brush.pinned = this.pinned;
  }

  leave() {
    if (!this.pinned) this.clearBrush();
  }

  clearBrush() {
    if (!this.views.some((view) => view.brush)) return;
    for (const view of this.views) view.brush = null;
    this.cloud.clearBrush();
    this.pinned = false;
    this.turned();
  }

  /** The clouds look different. */
  turned() {
    this.stale.clouds = true;
    this.invalidate();
    this.soon();
  }

  write() {
    const latent = this.cloud.latentAt(this.place);
    put(this.find(".latent-value"), latent.map((value) => value.toFixed(2)).join("  "));
    put(this.find(".sides-value"), this.sides.map((side) => side.toFixed(3)).join("  "));
    put(this.find(".returned-value"), this.returned.toFixed(3));
    this.root.dataset.cloud = this.onCloud ? "on" : "off";
    put(this.find(".where"), this.onCloud
      ? "✓ among the triangles it has seen"
      : `⚠ off the cloud by ${this.away.toFixed(2)} spreads: no triangle was ever encoded here`);
    this.root.querySelectorAll("input").forEach((input, node) => {
      input.value = String(this.place[node]);
      put(/** @type {HTMLElement} */ (input.nextElementSibling), latent[node].toFixed(2));
    });
    const ramp = this.find(".ramp");
    const colours = this.theme.palette.filter((_, i) => i % 7 === 0).map((rgb) => css(rgb));
    ramp.style.background = `linear-gradient(90deg, ${colours.join(", ")})`;
    const [low, high] = this.cloud.range;
    put(this.find(".low"), `perimeter ${low.toFixed(1)}`);
    put(this.find(".high"), high.toFixed(1));
  }

  async save() {
    saveBlob(await pictureOf(this.find(".board"), this.theme), "latent-space.png");
  }

  /** Tell when things are quiet. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), QUIET);
  }

  tell() {
    const brushed = this.views.some((view) => view.brush);
    const sides = this.sides.map((side, i) => `l${i + 1} ${side.toFixed(3)}`).join(", ");
    put(this.find(".status"), brushed ? this.cloud.tellBrushed() : `Decoded sides: ${sides}.`);
    const latent = this.cloud.latentAt(this.place).map((value) => Number(value.toFixed(4)));
    const text = latent.join();
    if (text === this.sent) return;
    const first = this.sent === "";
    this.sent = text;
    if (!first || this.trail.length > 1) this.send("latent", latent);
  }

  dispose() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frameRequest);
    this.observer.disconnect();
    this.abort.abort();
  }
}

/** Write only what changed: layout is dear. @param {HTMLElement} element @param {string} text */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export default mounting(".decoder", (root, component) => {
  const decoder = new Decoder(root, component);
  (/** @type {any} */ (globalThis)).__trisymDecoder = decoder; // for the tests
  return decoder;
});
