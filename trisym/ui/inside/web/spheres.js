/**
 * Inside an encoder: three spheres with a dot for each hidden unit, lit by how much of its side it
 * sees, and what they add up to, beside the side; for a network, or a moment of the recorded run.
 *
 * @typedef {import("./side_reading.js").Shape & {id: string, title: string, short: string,
 *   told: string, values: string}} NetworkPayload
 * @typedef {import("../../kit/web/live_view.js").ViewData
 *   & {networks: (NetworkPayload | import("./looked_into.js").UnreadNetwork)[], film: {id: string, digest: string} | null, rule: import("./side_reading.js").Rule,
 *   shifts: number[]}} SpheresData
 * @typedef {import("./encoder_reel.js").EncoderReel} EncoderReel
 */
import { Glide, Tumble } from "../../kit/web/motion.js";
import { CameraHand } from "../../kit/web/pointer.js";
import { EncoderScene } from "./encoder_scene.js";
import { RadioGroup } from "../../kit/web/radios.js";
import { SidePanel } from "./side_panel.js";
import { SideReading } from "./side_reading.js";
import { TriangleView } from "../../kit/web/triangle_view.js";
import { WorldView } from "../../kit/web/world_view.js";
import { arrival } from "../../kit/web/store.js";
import { clamp } from "../../kit/web/camera.js";
import { drawKinkPlanes } from "./kink_planes.js";
import { fixed, signed, significant } from "../../kit/web/numbers.js";
import { float32FromBase64 } from "../../kit/web/base64.js";
import { glow } from "./glow.js";
import { lookedInto } from "./looked_into.js";
import { gradient } from "../../kit/web/theme.js";
import { mount } from "../../kit/web/live_view.js";
import { part, press, pressToStop, setAttribute, setText } from "../../kit/web/dom.js";
import { randomMotion, sideLengths } from "../../kit/web/geometry.js";

const SHORTEST_SCALE = 1.5; // cube edges across a bar
const PLAY_SECONDS = 0.15; // a moment: 80 of them take 12 seconds
const ALL_SIDES = [0, 1, 2];

/** @extends {TriangleView<SpheresData, EncoderScene>} */
export class Spheres extends TriangleView {
  /** @param {HTMLElement} root
   * @param {import("../../kit/web/live_view.js").Component<SpheresData>} component */
  constructor(root, component) {
    super(root, component, new WorldView(part(root, ".world-canvas", HTMLCanvasElement)));
    const template = part(root, ".side-template", HTMLTemplateElement);
    this.panels = ALL_SIDES.map((side) => new SidePanel(template, side));
    part(root, ".sides", HTMLElement).replaceChildren(...this.panels.map(({ element }) => element));
    /** @type {Map<string, SideReading>} */
    this.readings = new Map();
    /** What can be looked into. @type {NetworkPayload[]} */
    this.looked = [];
    this.networks = new RadioGroup(part(root, ".networks", HTMLElement), "network", (id) => this.choose(id),
      this.signal);
    this.moment = part(root, ".moment", HTMLInputElement);
    this.shift = part(root, ".shift", HTMLInputElement);
    this.listenToControls();
  }

  listenToControls() {
    const { moment, panels, shift, signal } = this;
    for (const { sphere, surfaces } of panels) {
      this.watch(...surfaces);
      this.hand(sphere.surface.canvas, new CameraHand(() => this.scene.camera, this, true));
    }
    moment.addEventListener("input", () => this.scrub(Number(moment.value)), { signal });
    shift.addEventListener("input", () => this.shiftTo(Number(shift.value)), { signal });
    this.acts({
      motion: () => this.animate(new Glide(this.scene, randomMotion(this.scene.vertices, this.random))),
      tumble: (_button, moved) => {
        if (!(moved instanceof Tumble)) this.animate(new Tumble(this.scene, this.random));
      },
      play: (_button, moved) => {
        if (!(moved instanceof Playing)) this.play();
      },
      straight: () => this.straighten(),
      unshift: () => this.shiftTo(0),
    }, { n: "motion", t: "tumble", p: "play", i: "straight", 0: "unshift" });
  }

  newScene() {
    return new EncoderScene(this.start(), this.data.shifts);
  }

  /** @param {SpheresData | null} before */
  received(before) {
    super.received(before);
    const { data, scene, root } = this;
    const known = new Set(before?.networks.map(({ id }) => id));
    const added = before && data.networks.find(({ id }) => !known.has(id));
    if (added) scene.network = added.id;
    this.look(before);
    this.readings = new Map(this.looked.map((network) => {
      const values = float32FromBase64(network.values);
      return [network.id, new SideReading(network, values, data.rule)];
    }));
    this.offerNetworks();
    part(root, ".film", HTMLElement).hidden = !data.film;
    part(root, ".ramp", HTMLElement).style.background =
      gradient([0, 0.25, 0.5, 0.75, 1].map((light) => glow(this.theme, light)));
    this.arrived();
  }

  /** Look into those that the server could not. @param {SpheresData | null} before */
  look(before) {
    const { data } = this;
    if (before && JSON.stringify(before.networks) === JSON.stringify(data.networks)) return;
    this.looked = data.networks.flatMap((network) => {
      if ("values" in network) return [network];
      try {
        return [lookedInto(network, data.rule)];
      } catch (error) {
        this.showFault(error instanceof Error ? error.message : String(error));
        return [];
      }
    });
  }

  /** A button for each network, and one for the recorded run. */
  offerNetworks() {
    const { data, looked } = this;
    const group = part(this.root, ".networks", HTMLElement);
    const offers = looked.map(({ id, short, title }) => ({ id, short, title }));
    if (data.film) offers.push({ id: data.film.id, short: "in training", title: "The recorded run" });
    if (group.dataset.offers === JSON.stringify(offers)) return;
    group.dataset.offers = JSON.stringify(offers);
    group.querySelectorAll("button").forEach((button) => button.remove());
    group.append(...offers.map(({ id, short, title }) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: short, title });
      button.setAttribute("role", "radio");
      button.dataset.network = id;
      return button;
    }));
  }

  /** The recorded run comes in a message of its own. */
  arrived() {
    const { data } = this;
    const found = data.film ? arrival("moments", data.film.digest) : undefined;
    this.reel = /** @type {EncoderReel | undefined} */ (found);
    this.moment.max = String(this.reel ? this.reel.count - 1 : 0);
    this.invalidate();
  }

  get filming() {
    return Boolean(this.data.film) && this.scene.network === this.data.film?.id;
  }

  /** Which moment of the recorded run is shown. */
  get at() {
    return this.reel ? Math.round(this.scene.moment * (this.reel.count - 1)) : 0;
  }

  /** What is looked into; undefined while the recorded run is on its way. */
  get reading() {
    if (this.filming) return this.reel?.reading(this.at, this.data.rule);
    return this.readings.get(this.scene.network) ?? this.readings.values().next().value;
  }

  /** The units of the recorded run that have just been put to work. @returns {Map<number, number>} */
  get fresh() {
    return (this.filming && this.reel?.freshAt(this.at)) || new Map();
  }

  get payload() {
    return this.looked.find(({ id }) => id === this.scene.network) ?? this.looked[0];
  }

  draw() {
    const { panels, reading, root, scene, theme } = this;
    if (!reading) return;
    const active = reading.inputActivation && !scene.straight;
    const x = scene.shifted;
    const bent = reading.bent(x, active);
    /** What the units make of it. */
    this.found = reading.measure(x, active);
    this.drawWorld(bent, active);
    const [lengths, seen] = [scene.sides, sideLengths(bent)];
    const { found } = this;
    const measured = panels.map((panel, side) =>
      panel.measured(reading, lengths[side], seen[side], found));
    const { fresh } = this;
    const longest = Math.max(SHORTEST_SCALE, ...measured.flatMap((each) => [each.true, each.sum]));
    panels.forEach((panel, side) => {
      const next = (side + 1) % 3;
      const edge = ALL_SIDES.map((axis) => bent[3 * side + axis] - bent[3 * next + axis]);
      panel.sphere.draw(reading, edge, scene.camera, theme, fresh);
      panel.bars.draw(measured[side], longest, theme);
      panel.write(measured[side]);
    });
    this.write(reading, active, x);
    root.dataset.ready = "true";
  }

  /** The triangle, as the network's input has it where that is another, and where that bends it.
   * @param {number[]} bent @param {boolean} active */
  drawWorld(bent, active) {
    const { scene, theme, world } = this;
    const asSeen = bent.map((c) => c - scene.shift);
    const differs = asSeen.some((c, i) => Math.abs(c - scene.vertices[i]) > 1e-9);
    const ghosts = differs ? [{ vertices: asSeen, colour: theme.warning, dash: [7, 5] }] : [];
    world.draw(scene, theme, ghosts);
    const kink = -scene.shift;
    if (active && kink > 0 && kink <= 1) drawKinkPlanes(world.surface.pen, world.view, theme, kink);
  }

  /** @param {SideReading} reading @param {boolean} active @param {number[]} x */
  write(reading, active, x) {
    const { moment, root, scene, shift } = this;
    this.networks.show(scene.network);
    const find = (/** @type {string} */ name) => part(root, name, HTMLElement);
    pressToStop(find("[data-act=tumble]"), this.motion instanceof Tumble, "Tumble");
    const playing = this.motion instanceof Playing;
    setText(find("[data-act=play]"), playing ? "❚❚" : "▶");
    setAttribute(find("[data-act=play]"), "aria-label", playing ? "Stop the training" : "Play the training");
    moment.value = String(this.at);
    setAttribute(moment, "aria-valuetext", this.momentText());
    setText(find(".place"), this.momentText());
    shift.value = String(scene.notch);
    setAttribute(shift, "aria-valuetext", `${signed(scene.shift, 2)} edges`);
    setText(find(".shifted"), scene.shift ? signed(scene.shift, 2) : "0");
    press(find("[data-act=straight]"), active);
    setText(find(".told"), this.told(reading));
    const below = active && x.some((c) => c < 0);
    const band = find(".band");
    band.hidden = !below;
    setText(band, `▲ Below 0 only ${reading.slope} of a coordinate is left: dashed`);
  }

  momentText() {
    if (!this.reel) return "";
    const { epoch } = this.reel.numbersAt(this.at);
    return `epoch ${epoch < 10 ? fixed(epoch, 2) : fixed(epoch, 0)}`;
  }

  /** @param {SideReading} reading */
  told(reading) {
    if (!this.filming) return this.payload.told;
    const share = `${Math.round(100 * reading.watching)} % of the weight lies in units that watch one side`;
    const { sideError } = this.reel?.numbersAt(this.at) ?? {};
    const { size } = this.fresh;
    if (size) return `${size === 1 ? "An idle unit is" : `${size} idle units are`} put to work (ringed): copies of the strongest, which soon part.`;
    return sideError ? `${share}; the network errs by ${significant(sideError)} a side.` : `${share}: nothing is learned yet.`;
  }

  // What hands and buttons do

  /** @param {string} id */
  choose(id) {
    if (!(this.motion instanceof Tumble)) this.stopMotion();
    this.scene.network = id;
    this.invalidate();
    this.reportSoon();
  }

  /** @param {number} at */
  scrub(at) {
    const { data, reel, scene } = this;
    if (!reel || !data.film) return;
    if (this.motion instanceof Playing) this.stopMotion();
    scene.network = data.film.id;
    scene.moment = at / Math.max(reel.count - 1, 1);
    this.invalidate();
    this.reportWhenQuiet();
  }

  play() {
    const { data, reel, scene } = this;
    if (!reel || !data.film) return;
    if (scene.moment === 1 || !this.filming) scene.moment = 0;
    scene.network = data.film.id;
    this.animate(new Playing(scene, reel.count - 1));
  }

  /** @param {number} notch of the slider */
  shiftTo(notch) {
    this.scene.notch = clamp(notch, -100, 100);
    this.invalidate();
    this.reportWhenQuiet();
  }

  straighten() {
    this.scene.straight = !this.scene.straight;
    this.reportSoon();
  }

  /** @param {import("../../kit/web/keyboard.js").Press} key @returns {boolean} */
  onKey(key) {
    const onSphere = this.panels.some(({ sphere }) => sphere.surface.canvas === key.target);
    if (!onSphere || !key.direction) return super.onKey(key);
    this.turnByKey(key.target, key.direction);
    return true;
  }

  report() {
    super.report();
    this.say(this.describe());
    this.sendScene(this.sceneNow());
  }

  /** @returns {Record<string, number>} */
  measured() {
    const { data, reading, scene } = this;
    const active = Boolean(reading?.inputActivation) && !scene.straight;
    return {
      ...super.measured(),
      chosen: 1 + data.networks.findIndex(({ id }) => id === scene.network),
      shifted: scene.shift,
      bent: Number(active && scene.shifted.some((c) => c < 0)),
      ...(this.filming ? { moment: scene.moment } : {}),
    };
  }

  sceneNow() {
    return this.scene.values();
  }

  describe() {
    const { found, scene } = this;
    if (!found) return "The recorded run is on its way.";
    const sums = ALL_SIDES.map((side) => `l${side + 1} ${fixed(found.sums[side])} for ${fixed(scene.sides[side])}`);
    const error = ALL_SIDES.reduce((sum, side) => sum + Math.abs(found.sides[side] - scene.sides[side]), 0) / 3;
    return `The units add up to ${sums.join(", ")}. Read from the whole encoder, a side is off by ${significant(error)}.`;
  }

  probe() {
    const { found, reading, scene } = this;
    return {
      ...super.probe(),
      network: scene.network,
      at: this.at,
      shift: scene.shift,
      straight: scene.straight,
      sums: found?.sums,
      sides: found?.sides,
      watching: reading?.watching,
      fresh: [...this.fresh.keys()],
      units: this.panels.map(({ count }) => count.textContent),
    };
  }
}

/** The recorded run, from where it is to its end. */
class Playing {
  /** @param {EncoderScene} scene @param {number} last moment */
  constructor(scene, last) {
    this.scene = scene;
    this.last = last;
    this.exact = scene.moment * last;
    this.done = false;
  }

  /** @param {number} seconds */
  step(seconds) {
    this.exact = Math.min(this.exact + seconds / PLAY_SECONDS, this.last);
    this.scene.moment = Math.floor(this.exact) / this.last;
    this.done = this.exact === this.last;
  }

  skip() {
    this.scene.moment = 1;
    this.done = true;
  }
}

export default mount(".spheres", Spheres);
