/**
 * The live stage: a triangle in the hand, its latent point in up to three networks, every frame, with
 * no message to the server until the hand lets go.
 *
 * @typedef {import("../../kit/web/encoder.js").ModelPayload} ModelPayload
 * @typedef {import("../../kit/web/live_view.js").ViewData
 *   & {models: ModelPayload[], reference: string, showing: boolean, shortest?: number,
 *   potential?: {edge: number, sigma: number}}} StageData
 *   reference: the id of a set of triangles; showing: it tumbles by itself, without controls;
 *   shortest: no side of a new triangle is shorter; potential: of molecules, in the unit of sigma
 */
import { EnergyHead } from "./energy_head.js";
import { ForcesView } from "./forces_view.js";
import { LatentStage } from "../../kit/web/latent_stage.js";
import { LatentCloud, LatentTrack } from "../../kit/web/latent_track.js";
import { Legend } from "./legend.js";
import { Narrator, describe } from "./narrator.js";
import { Network } from "../../kit/web/encoder.js";
import { Panel } from "./panel.js";
import { SideBoxes } from "../../kit/web/side_boxes.js";
import { SymmetryScene } from "./symmetry_scene.js";
import { Tumble } from "../../kit/web/motion.js";
import { arrival } from "../../kit/web/store.js";
import { mount } from "../../kit/web/live_view.js";
import { forcesOn } from "../../energy/web/potential.js";
import { part, press, pressToStop, setText } from "../../kit/web/dom.js";
import { randomTriangle } from "../../kit/web/geometry.js";

/** @extends {LatentStage<StageData, SymmetryScene, Panel>} */
export class Stage extends LatentStage {
  /** @param {HTMLElement} root
   * @param {import("../../kit/web/live_view.js").Component<StageData>} component */
  constructor(root, component) {
    super(root, component, new ForcesView(part(root, ".world-canvas", HTMLCanvasElement)));
    this.legend = new Legend(part(root, ".legend", HTMLElement));
    this.speed = part(root, ".speed input", HTMLInputElement);
    this.boxes = new SideBoxes(this, (sides) => this.setSides(sides));
    /** By the ids of networks. @type {Map<string, EnergyHead>} */
    this.heads = new Map();
    /** How many panels' numbers lag behind, and whose turn it is. */
    this.unwritten = 0;
    this.turn = 0;
    this.mirrored = false; // since it was last told
    this.what = ""; // names what happened, where the motion alone does not
    /** @type {Narrator | null} */
    this.narrator = null;
    this.listenToButtons();
  }

  listenToButtons() {
    this.speed.addEventListener("input", () => {
      this.scene.speed = Number(this.speed.value);
    }, { signal: this.signal });
    this.acts({
      ...this.handActs("triangle"),
      triangle: () => this.change(() => this.scene.setTriangle(randomTriangle(this.random, this.data.shortest), "new")),
      swap: (button) => this.change(() => {
        const [i, j] = button?.dataset.pair ?? "01";
        this.scene.swap(Number(i), Number(j));
      }),
      mirror: () => this.change(() => {
        this.scene.mirror(this.world.view.right);
        this.mirrored = true;
        this.what = "Mirrored: every side stays as it was. Three points lie in a plane, so a rotation in "
          + "space does the same";
      }),
      ghost: () => {
        const ids = this.tracks.map((track) => track.network.id);
        this.scene.ghosts = new Set(this.scene.ghosts.size ? [] : ids);
      },
      forces: () => {
        if (this.data.potential) this.scene.forces = !this.scene.forces;
      },
    }, { t: "tumble", n: "motion", a: "triangle", x: "swap", i: "mirror", g: "ghost", e: "forces", z: "zero", 0: "reset" });
  }

  newScene() {
    return new SymmetryScene(this.start());
  }

  startedAnew() {
    this.cancelReport();
    this.narrator = new Narrator(this.scene);
  }

  /** @param {StageData | null} before */
  received(before) {
    super.received(before);
    this.root.dataset.showing = String(this.data.showing);
    this.arrange();
  }

  arrived() {
    this.arrange();
    this.invalidate();
  }

  /** One track and one panel for each model; what is known already stays. */
  arrange() {
    const { models, reference } = this.data;
    const triangles = arrival("reference", reference);
    if (!(triangles instanceof Float32Array)) return;
    const kept = this.keep(() => ({ tracks: /** @type {Map<string, LatentTrack>} */ (new Map()) }), "tracks");
    const known = kept.tracks;
    kept.tracks = new Map(models.map((model) => {
      const key = `${model.id} ${model.name} ${reference}`;
      const track = known.get(key) ?? this.newTrack(model, triangles);
      track.network.title = model.title;
      return [key, track];
    }));
    this.heads.clear();
    for (const track of kept.tracks.values()) {
      const { head } = models.find(({ id }) => id === track.network.id) ?? {};
      if (head) this.heads.set(track.network.id, new EnergyHead(track.network, head.layers, head.width));
    }
    this.legend.measure(reference, triangles);
    this.legend.paint(this.theme);
    this.showPanels([...kept.tracks.values()]);
  }

  /** @param {ModelPayload} model @param {Float32Array} triangles */
  newTrack(model, triangles) {
    const network = new Network(model);
    if (this.scene.ghosts.size) this.scene.ghosts.add(network.id);
    return new LatentTrack(network, new LatentCloud(network, triangles));
  }

  /** @param {HTMLTemplateElement} template @param {LatentTrack} track @param {number} index */
  panelOf(template, track, index) {
    const panel = new Panel(template, track, index);
    panel.listen(this.scene, () => this.refit());
    return panel;
  }

  /** @param {import("../../kit/web/live_view.js").Stale} stale */
  draw(stale) {
    const { panels, scene, theme } = this;
    if (this.encodeClouds()) stale.add("cloud");
    for (const track of this.tracks) track.follow(scene);
    this.forces.pulls = this.pulls();
    this.world.draw(scene, theme, panels.flatMap((panel) => panel.ghost(scene)));
    for (const panel of panels) {
      if (stale.has("camera", "cloud")) panel.drawCloud(scene, theme, this.legend.colours, this.holding);
      panel.drawHand(theme);
    }
    this.legend.point(scene.sides);
    if (!stale.only("numbers")) this.unwritten = panels.length;
    this.writeNumbers();
    this.writeControls();
    this.tellWhenReady();
  }

  /** The world as it is: with forces. */
  get forces() {
    return /** @type {ForcesView} */ (this.world);
  }

  /** What is asked for: the exact forces and each network's, for each edge of the box.
   * @returns {import("./forces_view.js").Pull[]} */
  pulls() {
    const { data: { potential }, panels, scene } = this;
    if (!potential || !scene.forces) return [];
    const { edge, sigma } = potential;
    const exact = forcesOn(scene.vertices.map((c) => edge * c), sigma);
    return [{ forces: exact, colour: null }, ...panels.flatMap(({ colour, track }) => {
      const head = this.heads.get(track.network.id);
      return head ? [{ forces: head.forces(scene.vertices).map((f) => f / edge), colour }] : [];
    })];
  }

  /** Text costs the browser more than pictures: one panel a frame, in turn, is 20 a second each. */
  writeNumbers() {
    if (!this.unwritten) return;
    this.turn = (this.turn + 1) % this.panels.length;
    this.panels[this.turn].write(this.scene);
    this.unwritten -= 1;
    if (this.unwritten) this.invalidate("numbers");
  }

  writeControls() {
    const { root, scene } = this;
    this.writeTools();
    pressToStop(part(root, "[data-act=tumble]", HTMLElement), this.tumbling, "Tumble");
    press(part(root, "[data-act=ghost]", HTMLElement), scene.ghosts.size > 0);
    const forces = part(root, "[data-act=forces]", HTMLElement);
    forces.hidden = !this.data.potential;
    press(forces, scene.forces);
    root.dataset.ghosts = String(scene.ghosts.size > 0 || scene.forces);
    this.speed.value = String(scene.speed);
    this.writeBand();
    this.boxes.write(scene.sides);
  }

  /** Above 0 only the examples end; below it the networks' first layer bends what they get. */
  writeBand() {
    const band = part(this.root, ".band", HTMLElement);
    band.hidden = this.scene.inside;
    const bent = this.scene.belowZero && this.tracks.some(({ network }) => network.inputSlope < 1);
    setText(part(band, "b", HTMLElement), bent ? "Below 0" : "Outside the training cube");
    setText(part(band, ".why", HTMLElement),
      bent ? "the leaky ReLU on the input bends the triangle" : "no example was ever here");
  }

  tellWhenReady() {
    const ready = this.panels.length > 0 && this.tracks.every((track) => track.cloud.done);
    if (!ready || this.root.dataset.ready === "true") return;
    this.root.dataset.ready = "true";
    this.describe();
    if (this.data.showing && !this.holding) this.animate(new Tumble(this.scene, this.random));
  }

  describe() {
    setText(part(this.root, "#description", HTMLElement), describe(this.scene, this.tracks));
  }

  /** @param {string} tool */
  chooseTool(tool) {
    this.what = `Tool: ${tool}`;
    super.chooseTool(tool);
  }

  /** @param {number | null} vertex */
  chooseVertex(vertex) {
    this.what = vertex === null ? "No vertex chosen" : `Vertex ${vertex + 1} chosen, arrows move it`;
    super.chooseVertex(vertex);
  }

  /** @param {number[]} sides @returns {boolean} whether there is such a triangle */
  setSides(sides) {
    this.stopMotion();
    const fault = this.scene.setSides(sides);
    this.showFault(fault);
    if (!fault) this.change(() => {});
    return !fault;
  }

  report() {
    super.report();
    for (const track of this.tracks) track.follow(this.scene);
    const sentence = this.narrator?.end(this.scene, this.tracks, this.what);
    this.what = "";
    if (sentence) this.say(sentence);
    this.describe();
    this.invalidate();
    this.sendScene(this.sceneNow(), { drift: this.byName("drift"), largest: this.byName("largest") });
  }

  /** @returns {Record<string, number>} */
  measured() {
    const { drift, mirrored, scene } = this;
    this.mirrored = false;
    return {
      ...super.measured(),
      below: Number(scene.belowZero),
      outside: Number(!scene.inside),
      drift,
      ...(mirrored ? { mirrored: 1 } : {}),
    };
  }

  sceneNow() {
    return { ...this.scene.values(), models: this.data.models.map(({ name }) => name) };
  }

  /** @param {"drift" | "largest"} number @returns {Record<string, number | null>} */
  byName(number) {
    const tracks = this.tracks.filter((track) => track.cloud.done);
    return Object.fromEntries(tracks.map((track) => [track.network.name, track[number]]));
  }

  probe() {
    const { panels, scene, tracks } = this;
    return {
      ...super.probe(),
      ghosts: panels.flatMap((panel) => panel.ghost(scene)).map(({ vertices }) => vertices),
      forces: this.pulls().map(({ forces }) => Array.from(forces)),
      largest: tracks.map((track) => track.largest),
      rebuiltSides: tracks.map((track) => track.rebuiltSides),
      rights: panels.map(({ view }) => view.view.right),
      firstPoints: panels.map(({ view }) => Array.from(view.points.slice(0, 3))),
      shown: panels.map(({ shown }) => shown),
    };
  }
}

export default mount(".stage", Stage);
