/**
 * The way between two triangles: one in the hand, another one, and what networks decode between their
 * codes, every frame.
 *
 * @typedef {{heading: string, network: import("../../kit/web/encoder.js").ModelPayload}} ModelEntry
 * @typedef {import("../../kit/web/live_view.js").ViewData & {models: ModelEntry[]}} BetweenData
 */
import { BetweenScene, Walk } from "./between_scene.js";
import { Glide } from "../../kit/web/motion.js";
import { TriangleView } from "../../kit/web/triangle_view.js";
import { WayPanel } from "./way_panel.js";
import { WorldView } from "../../kit/web/world_view.js";
import { fixed } from "../../kit/web/numbers.js";
import { mount } from "../../kit/web/live_view.js";
import { part, pressToStop } from "../../kit/web/dom.js";
import { randomMotion, randomTriangle } from "../../kit/web/geometry.js";

const WALKED = 0.01; // of the way: below, nothing has happened

/** @extends {TriangleView<BetweenData, BetweenScene>} */
export class Between extends TriangleView {
  /** @param {HTMLElement} root
   * @param {import("../../kit/web/live_view.js").Component<BetweenData>} component */
  constructor(root, component) {
    super(root, component, new WorldView(part(root, ".world-canvas", HTMLCanvasElement)));
    this.slider = part(root, ".share input", HTMLInputElement);
    this.walkButton = part(root, ".walk", HTMLElement);
    /** @type {WayPanel[]} */
    this.panels = [];
    this.shareTold = 0;
    /** Of the scene's reference, when the panels measured from there. */
    this.measuredFrom = -1;
    this.listenToButtons();
  }

  listenToButtons() {
    this.slider.addEventListener("input", () => {
      this.stopMotion();
      this.scene.share = Number(this.slider.value);
      this.invalidate();
      this.reportWhenQuiet();
    }, { signal: this.signal });
    this.acts({
      walk: (_button, moved) => {
        if (!(moved instanceof Walk)) this.animate(new Walk(this.scene, () => this.invalidate()));
      },
      motion: () => {
        const motion = randomMotion(this.scene.vertices, this.random);
        if (!motion.fits) this.showFault("This triangle is too large to turn freely inside the cube.");
        this.animate(new Glide(this.scene, motion));
      },
      pair: () => {
        this.scene.end = randomTriangle(this.random);
        this.scene.setTriangle(randomTriangle(this.random), "new");
        this.reportSoon();
      },
      zero: () => {
        this.scene.newReference("zero");
        this.reportSoon();
      },
    }, { p: "walk", n: "motion", a: "pair", z: "zero" });
  }

  newScene() {
    return new BetweenScene(/** @type {any} */ (this.start()));
  }

  startedAnew() {
    this.shareTold = this.scene.share;
    this.measuredFrom = -1;
  }

  /** @param {BetweenData | null} before */
  received(before) {
    super.received(before);
    const ids = this.data.models.map(({ network }) => network.id).join();
    if (ids === this.panels.map(({ id }) => id).join()) return;
    for (const { world, plot } of this.panels) this.unwatch(world.surface, plot.surface);
    this.panels = this.data.models.map((entry) => new WayPanel(this, entry));
    part(this.root, ".ways", HTMLElement).replaceChildren(...this.panels.map(({ root }) => root));
    this.measuredFrom = -1;
  }

  /** Follow the hand; a new shape, or a press, is where changes are measured from. */
  follow() {
    const { scene, panels } = this;
    const anew = scene.reshaping || scene.references !== this.measuredFrom;
    for (const panel of panels) {
      if (anew) {
        panel.way.lead(scene.reshaping ? scene.vertices : scene.reference, scene.end);
        panel.way.measureFromHere();
      }
      panel.follow(scene);
    }
    this.measuredFrom = scene.references;
  }

  /** @param {import("../../kit/web/live_view.js").Stale} _stale */
  draw(_stale) {
    const { scene, theme, world } = this;
    this.follow();
    world.draw(scene, theme, [{ vertices: scene.end, colour: theme.text, dash: [7, 5] }]);
    for (const panel of this.panels) panel.draw(scene, theme);
    this.slider.value = String(scene.share);
    pressToStop(this.walkButton, this.motion instanceof Walk, "Walk");
    this.writeTools();
    this.root.dataset.ready = "true";
  }

  report() {
    super.report();
    this.follow();
    for (const panel of this.panels) panel.tell(this.scene.share);
    const told = this.panels.map(({ heading, way }) => `${heading} by ${fixed(way.changed)}`);
    this.say(`The sides on the path have moved: ${told.join(", ")} edges.`);
    this.sendScene(this.scene.values());
  }

  sceneNow() {
    return this.scene.values();
  }

  measured() {
    const walked = Math.abs(this.scene.share - this.shareTold);
    this.shareTold = this.scene.share;
    return { ...super.measured(), ...(walked >= WALKED ? { walked } : {}) };
  }

  probe() {
    const { scene, panels } = this;
    return {
      ...super.probe(),
      end: scene.end,
      share: scene.share,
      ways: panels.map(({ way }) => way.sides),
      changed: panels.map(({ way }) => way.changed),
    };
  }
}

export default mount(".between", Between);
