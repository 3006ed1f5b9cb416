/**
 * One hand, three sets: the triangle obeys a set, and its point moves in the side lengths and in the
 * latent plane of each set's network, every frame; what is brushed in one space shows in the other.
 *
 * @typedef {import("../../kit/web/live_view.js").ViewData
 *   & {sets: import("./set_panel.js").SetPayload[]}} SetsData
 */
import { Brush, BrushHand } from "../../kit/web/brush.js";
import { ConstrainedScene, constantSideOf, drawMember } from "./constrained_scene.js";
import { RadioGroup } from "../../kit/web/radios.js";
import { SetPanel } from "./set_panel.js";
import { TriangleView } from "../../kit/web/triangle_view.js";
import { Wander } from "./wander.js";
import { WorldView } from "../../kit/web/world_view.js";
import { boxAround, mostOf } from "../../kit/web/cloud.js";
import { blend, css, gradient } from "../../kit/web/theme.js";
import { faded } from "../../kit/web/paint.js";
import { fixed } from "../../kit/web/numbers.js";
import { mount } from "../../kit/web/live_view.js";
import { part, pressToStop, setText } from "../../kit/web/dom.js";

const BRUSH_STEP = 0.06; // of a plane's width a press
const ENDS_OF_SIDES = [[0, 1], [1, 2], [2, 0]];
const NO_SIDE = [128, 128, 128];

/** @extends {TriangleView<SetsData, ConstrainedScene>} */
export class LinkedSets extends TriangleView {
  /** @param {HTMLElement} root
   * @param {import("../../kit/web/live_view.js").Component<SetsData>} component */
  constructor(root, component) {
    super(root, component, new WorldView(part(root, ".world-canvas", HTMLCanvasElement)));
    const template = part(root, ".set-template", HTMLTemplateElement);
    this.panels = this.data.sets.map((payload) => new SetPanel(template, payload));
    part(root, ".sets", HTMLElement).replaceChildren(...this.panels.map((panel) => panel.element));
    this.range = mostOf(...this.panels.map((panel) => panel.cloud.perimeters));
    const box = boxAround(...this.panels.map((panel) => panel.cloud.spaces.sides));
    for (const { cloud, side } of this.panels) {
      cloud.colourByPerimeter(this.range);
      side.show(cloud.spaces.sides, box);
    }
    this.renumbered = false; // since it was last told
    this.brush = new Brush(() => {
      this.invalidate("cloud");
      this.reportWhenQuiet();
    });
    this.paints = this.newPaints();
    this.listenToClouds();
    this.listenToControls();
  }

  listenToClouds() {
    for (const panel of this.panels) {
      this.watch(...panel.views.flatMap((view) => view.surfaces));
      for (const view of panel.views) {
        this.hand(view.canvas, new BrushHand(panel, view, this.brush, () => this.scene.sideCamera, this));
      }
    }
  }

  listenToControls() {
    const { root, signal } = this;
    const rules = part(root, ".rules", HTMLElement);
    rules.replaceChildren(...this.panels.map(({ rule }) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: rule.short, title: rule.rule });
      button.setAttribute("role", "radio");
      button.dataset.rule = rule.name;
      return button;
    }));
    this.rules = new RadioGroup(rules, "rule", (name) => this.obey(name), signal);
    this.colourings = new RadioGroup(part(root, ".colouring", HTMLElement), "colouring",
      (name) => this.colour(name), signal);
    this.acts({
      wander: (_button, moved) => {
        if (!moved) this.animate(new Wander(this.scene, this.random));
      },
      renumber: () => this.renumber(),
      draw: () => this.newTriangle(),
    }, { w: "wander", x: "renumber", a: "draw" });
  }

  /** @param {SetsData | null} before */
  received(before) {
    super.received(before);
    this.paints = this.newPaints();
  }

  newScene() {
    const start = this.start();
    return new ConstrainedScene(start, this.ruleNamed(start.choice[0]), this.random);
  }

  /** The colours of the two colourings, full and faded, and of the sides. */
  newPaints() {
    const { theme } = this;
    const sides = theme.vertices.map((rgb) => (theme.dark ? blend(rgb, [255, 255, 255], 0.06) : rgb));
    const constant = { ...theme, palette: [NO_SIDE, ...sides] };
    return {
      sides,
      perimeter: { paint: theme, faded: faded(theme) },
      constant: { paint: constant, faded: faded(constant) },
    };
  }

  /** @param {string} name @returns {import("./set_panel.js").SetPayload} */
  ruleNamed(name) {
    return (this.panels.find(({ rule }) => rule.name === name) ?? this.panels[0]).rule;
  }

  /** @param {import("../../kit/web/live_view.js").Stale} stale */
  draw(stale) {
    const { scene, theme, paints } = this;
    for (const panel of this.panels) panel.follow(scene.vertices);
    this.world.draw(scene, theme, []);
    this.drawConstantSide();
    const look = { camera: scene.sideCamera, theme, ...paints[scene.colouring], draft: this.holding };
    for (const panel of this.panels) {
      if (stale.has("cloud", "camera")) panel.drawClouds(look, scene.colouring);
      panel.drawHands(theme);
      panel.write();
    }
    this.write(stale);
    this.root.dataset.ready = "true";
  }

  /** As a rod, in the colour of its name. */
  drawConstantSide() {
    const { paints, scene, theme, world } = this;
    const side = constantSideOf(scene.rule, scene.vertices, 1e-3);
    if (side < 0 || world.surface.empty) return;
    const [a, b] = ENDS_OF_SIDES[side].map((end) => world.spots[end]);
    const { pen } = world.surface;
    pen.lineCap = "round";
    pen.lineWidth = 9;
    pen.strokeStyle = css(paints.sides[side], 0.75);
    pen.beginPath();
    pen.moveTo(a[0], a[1]);
    pen.lineTo(b[0], b[1]);
    pen.stroke();
    world.drawVertices(pen, scene, theme);
    world.drawSideLengths(pen, scene, theme);
  }

  /** @param {import("../../kit/web/live_view.js").Stale} stale */
  write(stale) {
    const { scene, root } = this;
    this.rules?.show(scene.rule.name);
    this.colourings?.show(scene.colouring);
    pressToStop(part(root, "[data-act=wander]", HTMLElement), this.motion !== null, "Wander");
    setText(part(root, ".rule", HTMLElement), this.ruleNamed(scene.rule.name).rule);
    if (!stale.has("colouring")) return;
    const legend = part(root, ".legend", HTMLElement);
    legend.replaceChildren(...(scene.colouring === "perimeter" ? this.scale() : this.dots()));
  }

  scale() {
    const ramp = document.createElement("span");
    ramp.className = "ramp";
    ramp.style.background = gradient(this.theme.palette);
    return [`perimeter ${this.range[0].toFixed(1)}`, ramp, this.range[1].toFixed(1)];
  }

  dots() {
    const named = this.paints.sides.flatMap((rgb, i) => [dot(rgb), `l${"₁₂₃"[i]}`]);
    return ["constant side", ...named, dot(NO_SIDE), "none"];
  }

  /** @param {string} colouring */
  colour(colouring) {
    this.scene.colouring = /** @type {"perimeter" | "constant"} */ (colouring);
    this.invalidate("cloud", "colouring");
    this.reportSoon();
  }

  /** @param {string} name of the set */
  obey(name) {
    this.scene.follow(this.ruleNamed(name), this.random);
    this.startTrails();
  }

  newTriangle() {
    const { rule } = this.scene;
    const constant = rule.movable ? Math.floor(3 * this.random()) : 0;
    this.scene.setTriangle(drawMember(rule, this.random, constant), "new");
    this.scene.constant = constant;
    this.startTrails();
  }

  /** A renumbered triangle of set iii is none any more: the hand then obeys set ii. */
  renumber() {
    const { rule } = this.scene;
    if (rule.constantSide !== null && !rule.movable) {
      this.scene.rule = (this.panels.find((panel) => panel.rule.movable) ?? this.panels[0]).rule;
    }
    this.scene.renumber();
    this.renumbered = true;
    this.invalidate();
    this.reportSoon();
  }

  startedAnew() {
    this.brush.clear();
    this.clearTrails();
  }

  startTrails() {
    for (const panel of this.panels) panel.follow(this.scene.vertices);
    this.clearTrails();
    this.invalidate();
    this.reportSoon();
  }

  clearTrails() {
    for (const panel of this.panels) panel.clearTrails();
  }

  /** @param {HTMLElement} target */
  cameraAt(target) {
    return target === this.world.surface.canvas ? this.scene.camera : this.scene.sideCamera;
  }

  /** @param {import("../../kit/web/keyboard.js").Press} press @returns {boolean} */
  onKey(press) {
    const { direction, name, target } = press;
    if (name === "Escape") this.brush.clear();
    const panel = this.panels.find(({ views }) => views.some((view) => view.canvas === target));
    if (!panel || !direction) return super.onKey(press);
    if (target === panel.side.canvas) this.turnByKey(target, direction);
    else this.moveBrush(panel, direction);
    return true;
  }

  /** @param {SetPanel} panel @param {import("../../kit/web/keyboard.js").Direction} direction */
  moveBrush(panel, [x, y]) {
    const { plane } = panel;
    const { width, height } = plane.overlay;
    const from = plane.brush ?? { x: width / 2, y: height / 2 };
    this.brush.move(panel, plane, from.x + x * BRUSH_STEP * width, from.y - y * BRUSH_STEP * height);
  }

  report() {
    super.report();
    const brushed = this.panels.find(({ cloud }) => cloud.brushedCount);
    const said = this.describe();
    setText(part(this.root, "#said", HTMLElement), said);
    this.say(brushed ? brushed.tellBrushed() : said);
    this.sendScene(this.sceneNow());
  }

  /** @returns {Record<string, number>} */
  measured() {
    const { panels, renumbered, scene } = this;
    this.renumbered = false;
    return {
      ...super.measured(),
      obeyed: 1 + panels.findIndex(({ rule }) => rule.name === scene.rule.name),
      ...(renumbered ? { renumbered: 1 } : {}),
      brushed: Math.max(...panels.map(({ cloud }) => cloud.brushedCount)),
    };
  }

  sceneNow() {
    return this.scene.values();
  }

  describe() {
    const sides = this.scene.sides.map((l, i) => `l${i + 1} ${fixed(l)}`).join(", ");
    const errors = this.panels.map(({ rule, error }) => `${rule.short} ${error.toFixed(4)}`).join(", ");
    return `Sides ${sides}. Mean error of a side when rebuilt: ${errors}.`;
  }

  probe() {
    const { scene } = this;
    return {
      ...super.probe(),
      rule: scene.rule.name,
      sideCamera: { ...scene.sideCamera },
      colouring: scene.colouring,
      panels: this.panels.map(({ member, jumps, cloud, error, network }) => ({
        member, jumps, error, brushed: cloud.brushedCount, latent: [...network.encode(scene.vertices)],
      })),
    };
  }
}

/** @param {number[]} rgb */
function dot(rgb) {
  const mark = document.createElement("span");
  mark.className = "dot";
  mark.style.background = css(rgb);
  return mark;
}

export default mount(".linked-sets", LinkedSets);
