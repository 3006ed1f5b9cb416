/**
 * The live view of three to six points: a shape in the hand, and where it lies in the latent space of
 * the networks of as many points, every frame in the browser.
 *
 * @typedef {import("../../kit/web/encoder.js").ModelPayload} ModelPayload
 * @typedef {import("../../kit/web/live_view.js").ViewData & {models: ModelPayload[]}} PointsData
 */
import { LatentStage } from "../../kit/web/latent_stage.js";
import { LatentCloud, LatentTrack } from "../../kit/web/latent_track.js";
import { Network } from "../../kit/web/encoder.js";
import { PointsPanel } from "./points_panel.js";
import { PointsScene, signedVolume } from "./points_scene.js";
import { PointsWorld } from "./points_world.js";
import { RadioGroup } from "../../kit/web/radios.js";
import { RandomSets } from "./points_cloud.js";
import { clamp } from "../../kit/web/camera.js";
import { fixed, signed } from "../../kit/web/numbers.js";
import { gradient } from "../../kit/web/theme.js";
import { mount } from "../../kit/web/live_view.js";
import { pairsOf } from "../../kit/web/geometry.js";
import { part, pressToStop, setText } from "../../kit/web/dom.js";
import { verdict } from "../../kit/web/verdict.js";

/** @type {Record<string, string>} */
const WHAT = {
  reshape: "New shape",
  new: "New points",
  swap: "Points 1 and 2 have changed numbers: the distances trade places",
  zero: "Drift is measured from here",
  reset: "Reset",
};

/** @extends {LatentStage<PointsData, PointsScene, PointsPanel>} */
export class PointsStage extends LatentStage {
  /** @param {HTMLElement} root
   * @param {import("../../kit/web/live_view.js").Component<PointsData>} component */
  constructor(root, component) {
    super(root, component, new PointsWorld(part(root, ".world-canvas", HTMLCanvasElement)));
    this.mirrored = 0; // times since it was last told
    this.referencesTold = 0;
    this.counts = new RadioGroup(part(root, ".counts", HTMLElement), "count",
      (count) => this.showPoints(Number(count)), this.signal);
    this.acts({
      ...this.handActs("shape"),
      mirror: () => this.change(() => {
        this.scene.mirror(this.world.view.right);
        this.mirrored += 1;
      }),
      draw: () => this.change(() => this.scene.drawPoints(this.random)),
      swap: () => this.change(() => this.scene.swap(0, 1)),
    }, { t: "tumble", n: "motion", i: "mirror", a: "draw", x: "swap", z: "zero", 0: "reset" });
  }

  newScene() {
    return new PointsScene(this.start());
  }

  readTheme() {
    const theme = super.readTheme();
    theme.vertices = theme.points;
    return theme;
  }

  startedAnew() {
    this.cancelReport();
    this.referencesTold = this.scene.references;
  }

  /** @param {PointsData | null} before */
  received(before) {
    super.received(before);
    this.arrange();
  }

  /** @param {number} count */
  showPoints(count) {
    if (count === this.scene.count) return;
    this.stopMotion();
    this.scene.show(count, this.random);
    this.tellFromHere(); // another number of points is no motion
    this.arrange();
    this.change(() => {});
  }

  /** The networks of as many points as are shown; what is known of each already stays. */
  arrange() {
    const { count } = this.scene;
    const kept = this.keep(() => ({
      sets: /** @type {Map<number, RandomSets>} */ (new Map()),
      tracks: /** @type {Map<string, LatentTrack>} */ (new Map()),
    }), "tracks");
    const sets = kept.sets.get(count) ?? new RandomSets(count);
    kept.sets.set(count, sets);
    this.sets = sets;
    const tracks = this.data.models.flatMap((model) => {
      const known = kept.tracks.get(model.id) ?? newTrack(model, sets, count);
      if (!known || known.network.input.length !== 3 * count) return [];
      kept.tracks.set(model.id, known);
      return [known];
    });
    this.showPanels(tracks);
    this.paintLegend(sets);
  }

  /** @param {HTMLTemplateElement} template @param {LatentTrack} track */
  panelOf(template, track) {
    return new PointsPanel(template, track, /** @type {RandomSets} */ (this.sets));
  }

  /** @param {RandomSets} sets */
  paintLegend(sets) {
    const find = (/** @type {string} */ name) => part(this.root, `.legend ${name}`, HTMLElement);
    setText(find(".colours"), sets.name);
    setText(find(".lowest"), fixed(sets.range[0], 2));
    setText(find(".highest"), fixed(sets.range[1], 2));
    find(".ramp").style.background = gradient(this.theme.palette);
  }

  /** @param {import("../../kit/web/live_view.js").Stale} stale */
  draw(stale) {
    const { panels, scene, theme } = this;
    if (this.encodeClouds()) stale.add("cloud");
    for (const track of this.tracks) track.follow(scene);
    this.world.draw(scene, theme, []);
    for (const panel of panels) {
      if (stale.has("camera", "cloud")) panel.drawCloud(scene, theme, panel.random.colours, this.holding);
      panel.drawHand(theme);
      panel.write(scene);
    }
    this.writeControls();
    if (this.root.dataset.ready !== "true" && this.tracks.every(({ cloud }) => cloud.done)) {
      this.root.dataset.ready = "true";
      this.describeIt();
    }
  }

  writeControls() {
    const { root, scene } = this;
    this.writeTools();
    this.counts.show(String(scene.count));
    pressToStop(part(root, "[data-act=tumble]", HTMLElement), this.tumbling, "Tumble");
    part(root, ".band", HTMLElement).hidden = scene.inside;
    setText(part(root, ".facts", HTMLElement), this.facts());
    const value = this.sets?.valueOf(scene.vertices) ?? 0;
    const [low, high] = this.sets?.range ?? [0, 1];
    const here = part(root, ".here", HTMLElement);
    here.style.left = `${(100 * clamp((value - low) / (high - low), 0, 1)).toFixed(1)}%`;
  }

  /** How much there is to know of the shape. */
  facts() {
    const { count, vertices } = this.scene;
    const volume = count === 4 ? `, signed volume ${signed(signedVolume(vertices))}` : "";
    return `${3 * count} coordinates, ${pairsOf(count).length} distances, ${3 * count - 6} of them free${volume}`;
  }

  describeIt() {
    setText(part(this.root, "#points-description", HTMLElement),
      `${this.scene.count} points: ${this.facts()}. ${this.tellDrifts()}.`);
  }

  tellDrifts() {
    return this.tracks.map(({ drift, largest, network }) => (drift === null
      ? `${network.title}: not measured yet`
      : `${network.title}: ${verdict(drift, largest).word} (${fixed(drift)})`)).join("; ");
  }

  report() {
    super.report();
    for (const track of this.tracks) track.follow(this.scene);
    this.say(`${this.tellWhat()} Latent point: ${this.tellDrifts()}.`);
    this.referencesTold = this.scene.references;
    this.describeIt();
    this.invalidate();
    this.sendScene(this.sceneNow());
  }

  /** @returns {string} a sentence */
  tellWhat() {
    const { count, referenceReason, references } = this.scene;
    if (this.mirrored) {
      return count === 3
        ? "Mirrored: three points lie in a plane, so a rotation in space does the same."
        : "Mirrored: every distance is as before, and no rotation does the same.";
    }
    if (references === this.referencesTold) return "Moved: every distance is as before.";
    if (referenceReason === "count") return `${count} points: ${this.facts()}.`;
    const told = WHAT[referenceReason] ?? "Changed";
    if (referenceReason !== "swap" && referenceReason !== "new") return `${told}.`;
    const went = this.tracks.flatMap(({ jump, network }) =>
      (jump === null ? [] : [`${network.title} went ${fixed(jump)} of the spread`]));
    return `${[told, ...went].join(", ")}.`;
  }

  /** @returns {Record<string, number>} */
  measured() {
    const { drift, mirrored, scene } = this;
    this.mirrored = 0;
    return { ...super.measured(), points: scene.count, drift, ...(mirrored ? { mirrored } : {}) };
  }

  sceneNow() {
    return this.scene.values();
  }

  probe() {
    const { panels, scene, tracks } = this;
    return {
      ...super.probe(),
      count: scene.count,
      distances: scene.sides,
      latents: tracks.map((track) => Array.from(track.latent)),
      pairErrors: panels.map((panel) => panel.pairError(scene.sides)),
    };
  }
}

/** @param {ModelPayload} model @param {RandomSets} sets @param {number} count
 * @returns {LatentTrack | null} null for a network of another number of points */
function newTrack(model, sets, count) {
  if (model.encoder[0].columns !== 3 * count) return null;
  const network = new Network(model);
  return new LatentTrack(network, new LatentCloud(network, sets.sets));
}

export default mount(".points", PointsStage);
