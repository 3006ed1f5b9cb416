/**
 * The decoder by hand: a latent point that a hand carries, the triangle that the network makes of it,
 * and both among triangles that it has seen, every frame; three spaces linked by one brush.
 *
 * @typedef {{sides: string, latents: string, rebuilt: string}} CloudPayload base64 of float32, three
 *   numbers of each triangle
 * @typedef {import("../../kit/web/live_view.js").ViewData & {cloud: CloudPayload | null,
 *   triangles: string | null, models: string[],
 *   model: import("../../kit/web/encoder.js").ModelPayload}} DecoderData triangles: in place of a cloud
 */
import { Brush } from "../../kit/web/brush.js";
import { CameraHand } from "../../kit/web/pointer.js";
import { Cloud, boxAround, mostOf } from "../../kit/web/cloud.js";
import { CloudView, leaveTrail } from "../../kit/web/cloud_view.js";
import { LiveView, mount } from "../../kit/web/live_view.js";
import { Network } from "../../kit/web/encoder.js";
import { PointHand } from "./point_hand.js";
import { TriangleScene } from "../../kit/web/triangle_scene.js";
import { WorldView } from "../../kit/web/world_view.js";
import { cameraFrom, numbersOf } from "../../kit/web/camera.js";
import { centroid, sideLengths } from "../../kit/web/geometry.js";
import { faded } from "../../kit/web/paint.js";
import { fixed } from "../../kit/web/numbers.js";
import { float32FromBase64 } from "../../kit/web/base64.js";
import { spacesOf } from "./spaces.js";
import { gradient } from "../../kit/web/theme.js";
import { part, setText } from "../../kit/web/dom.js";

const TRAIL = 60;
const KEY_STEP = 0.04; // spreads a press
const LENGTHS = ["l₁", "l₂", "l₃"];
const AXES = { sides: LENGTHS, latents: ["N₁", "N₂", "N₃"], rebuilt: LENGTHS };
const SPACES = /** @type {(keyof typeof AXES)[]} */ (["sides", "latents", "rebuilt"]);

/** @extends {LiveView<DecoderData>} */
export class Decoder extends LiveView {
  /** @param {HTMLElement} root @param {import("../../kit/web/live_view.js").Component<DecoderData>}
   *   component */
  constructor(root, component) {
    super(root, component);
    const { model, cloud, triangles } = this.data;
    this.network = new Network(model);
    const [sides, latents, rebuilt] = cloud ? SPACES.map((space) => float32FromBase64(cloud[space]))
      : spacesOf(this.network, float32FromBase64(triangles ?? ""));
    this.cloud = new Cloud(sides, latents, "spreads", { rebuilt });
    this.range = mostOf(this.cloud.perimeters);
    this.cloud.colourByPerimeter(this.range);
    this.usual = this.cloud.usualDistance();
    this.boxes = { latents: boxAround(this.cloud.spaces.latents), sides: boxAround(sides, rebuilt) };
    this.views = SPACES.map((space) => {
      const view = new CloudView(part(root, `.plot.${space}`, HTMLElement), AXES[space]);
      view.show(this.cloud.spaces[space], space === "latents" ? this.boxes.latents : this.boxes.sides);
      return view;
    });
    this.latentView = this.views[1];
    this.world = new WorldView(part(root, ".world-canvas", HTMLCanvasElement));
    this.sliders = [...root.querySelectorAll("input")];
    this.brush = new Brush(() => {
      this.invalidate("cloud");
      this.reportWhenQuiet();
    });
    /** @type {number[][]} the sides and the latent place of past frames, newest last */
    this.trail = [];
    this.sides = [0, 0, 0];
    this.returned = 0;
    this.away = 0;
    this.kept = this.keep(() => this.newScene());
    this.placeAt(this.kept.place);
    this.toldAt = this.kept.place;
    this.listenToHands();
  }

  /** The latent point in spreads; of the triangle, the camera. */
  newScene() {
    const { latent, camera, cubeCamera } = this.start();
    const pose = new Array(9).fill(0);
    const unplaced = !this.data.cloud && latent.every((/** @type {number} */ value) => value === 0);
    return {
      place: unplaced ? this.cloud.middle() : this.cloud.place(latent),
      camera: cameraFrom(camera),
      triangle: new TriangleScene({ pose, camera: cubeCamera, tool: "camera" }),
    };
  }

  /** @param {DecoderData | null} _before */
  received(_before) {
    this.faded = faded(this.theme);
    const kept = this.keep(() => this.newScene());
    if (kept === this.kept) return;
    this.kept = kept;
    this.trail = [];
    this.toldAt = kept.place;
    this.placeAt(kept.place);
  }

  listenToHands() {
    const linked = { cloud: this.cloud, views: this.views };
    for (const view of this.views) {
      this.watch(...view.surfaces);
      this.hand(view.canvas, new PointHand(this, linked, view));
    }
    this.watch(this.world.surface);
    this.hand(this.world.surface.canvas, new CameraHand(() => this.kept.triangle.camera, this, true));
    this.sliders.forEach((slider, node) => {
      const { low, high } = this.boxes.latents;
      const room = 0.25 * (high[node] - low[node]);
      Object.assign(slider, { min: low[node] - room, max: high[node] + room, step: 0.001 });
      const slide = () => this.slide(node, Number(slider.value));
      slider.addEventListener("input", slide, { signal: this.signal });
    });
    this.acts({ draw: () => this.jump() });
  }

  /** @param {import("../../kit/web/live_view.js").Stale} stale */
  draw(stale) {
    const { theme, cloud, trail, kept } = this;
    if (stale.has("cloud", "camera")) {
      const { brushed, brushedCount, colours: { perimeter: colours } } = cloud;
      const look = { theme, colours, paint: theme, faded: this.faded, brushed, brushedCount };
      for (const view of this.views) {
        view.drawCloud({ ...look, camera: kept.camera, draft: this.holding });
      }
    }
    const hollow = !this.onCloud;
    const sides = { trail: trail.map((step) => step.slice(0, 3)), hollow };
    const latents = { trail: trail.map((step) => step.slice(3)), hollow };
    for (const view of this.views) view.drawHand(view === this.latentView ? latents : sides, theme);
    this.world.draw(kept.triangle, theme, []);
    this.write();
    this.root.dataset.ready = "true";
  }

  /** @param {number[]} place in spreads */
  placeAt(place) {
    const { cloud, kept, network } = this;
    kept.place = [place[0], place[1], place[2]];
    const triangle = Array.from(network.decode(cloud.latentAt(place)));
    this.sides = sideLengths(triangle);
    // Where it lies is left to chance by the side loss: it is shown in the middle of the cube.
    const middle = centroid(triangle);
    kept.triangle.vertices = triangle.map((value, k) => value - middle[k % 3] + 0.5);
    const again = cloud.place(network.encode(kept.triangle.vertices));
    this.returned = Math.hypot(...again.map((value, node) => value - place[node]));
    this.away = cloud.distance(place);
    leaveTrail(this.trail, [...this.sides, ...place], TRAIL);
    this.invalidate();
  }

  get onCloud() {
    return this.away <= this.usual;
  }

  /** Where the point is drawn in the latent view. @returns {[number, number, number]} */
  spot() {
    return this.latentView.spot(this.kept.place);
  }

  /** In the plane that faces the viewer. @param {number} dx @param {number} dy pixels */
  carry(dx, dy) {
    const step = this.latentView.view.stepInSpace(dx, dy, this.spot()[2]);
    this.placeAt(this.kept.place.map((value, node) => value + step[node]));
  }

  /** @param {number} node @param {number} value in spreads */
  slide(node, value) {
    this.placeAt(this.kept.place.map((old, k) => (k === node ? value : old)));
    this.reportWhenQuiet();
  }

  /** To a triangle of the cloud. */
  jump() {
    const i = Math.floor(Math.random() * this.cloud.count);
    this.trail = [];
    this.placeAt(Array.from(this.cloud.spaces.latents.subarray(3 * i, 3 * i + 3)));
    this.reportSoon();
  }

  /** @param {import("../../kit/web/keyboard.js").Press} press @returns {boolean} */
  onKey(press) {
    const { direction, target } = press;
    if (target !== this.latentView.canvas || !direction) return super.onKey(press);
    const pixels = KEY_STEP * this.latentView.view.scaleAt(this.spot()[2]);
    this.carry(direction[0] * pixels, -direction[1] * pixels);
    this.reportWhenQuiet();
    return true;
  }

  write() {
    const { root, kept: { place }, range } = this;
    const write = (/** @type {string} */ name, /** @type {string} */ text) =>
      setText(part(root, name, HTMLElement), text);
    const latent = this.cloud.latentAt(place).map((value) => fixed(value, 2));
    write(".latent-value", latent.join("  "));
    write(".sides-value", this.sides.map((side) => fixed(side)).join("  "));
    write(".returned-value", fixed(this.returned));
    root.dataset.cloud = this.onCloud ? "on" : "off";
    write(".where", this.where);
    this.sliders.forEach((slider, node) => {
      slider.value = String(place[node]);
      if (slider.nextElementSibling) setText(slider.nextElementSibling, latent[node]);
    });
    part(root, ".ramp", HTMLElement).style.background = gradient(this.theme.palette);
    write(".low", `perimeter ${range[0].toFixed(1)}`);
    write(".high", range[1].toFixed(1));
  }

  get where() {
    return this.onCloud
      ? "✓ among the triangles it has seen"
      : `⚠ off the cloud by ${this.away.toFixed(2)} spreads: no triangle was ever encoded here`;
  }

  report() {
    const sides = this.sides.map((side, i) => `${LENGTHS[i]} ${fixed(side)}`).join(", ");
    const decoded = `Decoded sides: ${sides}.${this.onCloud ? "" : ` ${this.where}.`}`;
    this.say(this.brush.on ? this.cloud.tellBrushed() : decoded);
    this.sendScene(this.sceneNow());
  }

  /** @returns {Record<string, number>} */
  measured() {
    const { away, kept: { place }, returned, sides, toldAt, usual } = this;
    this.toldAt = place;
    return {
      carried: Math.hypot(...place.map((value, node) => value - toldAt[node])),
      off: Number(away > usual),
      longest: Math.max(...sides),
      returned,
    };
  }

  sceneNow() {
    const { camera, triangle, place } = this.kept;
    return {
      latent: this.cloud.latentAt(place),
      camera: numbersOf(camera),
      cubeCamera: numbersOf(triangle.camera),
      models: this.data.models,
    };
  }

  probe() {
    const { cloud, kept } = this;
    return {
      ...super.probe(),
      latent: cloud.latentAt(kept.place),
      sides: this.sides,
      spot: this.spot(),
      camera: { ...kept.camera },
      brushed: cloud.brushedCount,
      returned: this.returned,
      spread: cloud.placing.unit[0],
    };
  }
}

export default mount(".decoder", Decoder);
