/**
 * The live energy view: a molecule in the hand, its exact energy, three predictions, and the curve that
 * a pulled side traces; every frame in the browser, one message to the server when the hand lets go.
 *
 * @typedef {import("../../kit/web/live_view.js").ViewData & {edge: number, minSide: number,
 *   sigma: number, encoder: import("../../kit/web/encoder.js").ModelPayload,
 *   predictors: import("./predictor.js").PredictorPayload[]}} EnergyData
 */
import { Bands } from "./bands.js";
import { EnergyCards, tellEnergy } from "./energy_cards.js";
import { EnergyPredictor } from "./predictor.js";
import { Glide, Tumble } from "../../kit/web/motion.js";
import { Hand } from "../../kit/web/pointer.js";
import { MoleculeScene } from "./molecule_scene.js";
import { MoleculeView } from "./molecule_view.js";
import { Network } from "../../kit/web/encoder.js";
import { PlotView, colourOf } from "./plot_view.js";
import { RadioGroup } from "../../kit/web/radios.js";
import { SideBoxes } from "../../kit/web/side_boxes.js";
import { TriangleView } from "../../kit/web/triangle_view.js";
import { clamp } from "../../kit/web/camera.js";
import { css } from "../../kit/web/theme.js";
import { curvesAlong, tableOf } from "./energy_curves.js";
import { forcesOn, moleculeEnergy } from "./potential.js";
import { mount } from "../../kit/web/live_view.js";
import { offer } from "../../kit/web/downloads.js";
import { part, press, setAttribute, setText } from "../../kit/web/dom.js";
import { randomMotion } from "../../kit/web/geometry.js";

/** Milliseconds a frame for the bands: while something moves, and while nothing does. */
const BAND_BUDGET = { moving: 5, still: 12 };
const ATOM_COLOURS = { light: [96, 116, 148], dark: [150, 170, 204] };
const PULL_STEP = 0.005; // of t a press
/** @type {Record<string, string>} */
const LINE_KEYS = { 1: "l1", 2: "l2", 3: "l3", 8: "fig18" };

/** @extends {TriangleView<EnergyData, MoleculeScene>} */
export class Molecule extends TriangleView {
  /** @param {HTMLElement} root
   * @param {import("../../kit/web/live_view.js").Component<EnergyData>} component */
  constructor(root, component) {
    const canvas = part(root, ".world-canvas", HTMLCanvasElement);
    const molecule = new MoleculeView(canvas, component.data.edge);
    super(root, component, molecule);
    this.molecule = molecule;
    this.kinds = this.data.predictors.map(({ kind }) => kind);
    this.plot = new PlotView(part(root, ".plot-canvas", HTMLCanvasElement));
    this.cards = new EnergyCards(root, this.kinds);
    this.slider = part(root, ".pull input", HTMLInputElement);
    this.sigma = part(root, ".sigma input", HTMLInputElement);
    this.boxes = new SideBoxes(this, (sides) => this.build(sides));
    /** @type {import("./energy_curves.js").Curves | null} */
    this.curves = null;
    /** @type {{line: string, t: number, force: number, lowest: number, highest: number} | null} */
    this.pulled = null;
    const { predictors, bands } = this.newPredictors();
    this.predictors = predictors;
    this.bands = bands;
    this.watch(this.plot.surface);
    this.hand(this.plot.surface.canvas, new PlotHand(this));
    this.lines = new RadioGroup(part(root, ".lines", HTMLElement), "line",
      (name) => this.chooseLine(name), this.signal);
    this.listenToSliders();
    this.listenToButtons();
  }

  listenToSliders() {
    const { sigma, signal, slider } = this;
    slider.addEventListener("input", () => this.pullTo(Number(slider.value)), { signal });
    slider.addEventListener("change", () => this.reportSoon(), { signal });
    sigma.addEventListener("input", () => {
      this.scene.sigma = Number(sigma.value);
      this.invalidate("scene");
      this.reportWhenQuiet();
    }, { signal });
  }

  listenToButtons() {
    this.acts({
      tumble: (_button, moved) => {
        if (!(moved instanceof Tumble)) this.animate(new Tumble(this.scene, this.random));
      },
      motion: () => {
        const motion = randomMotion(this.scene.vertices, this.random);
        if (!motion.fits) this.showFault("No pose of this molecule was found that fits into the box.");
        this.animate(new Glide(this.scene, motion));
      },
      molecule: () => this.change(() => this.scene.drawMolecule(this.random)),
      reset: () => this.change(() => this.backToStart()),
      right: () => this.change(() => this.scene.buildRightAngled()),
      leave: () => this.change(() => this.scene.letLeave(!this.scene.mayLeave)),
      exact: () => this.change(() => {
        this.scene.exactOnly = !this.scene.exactOnly;
        if (!this.scene.exactOnly) this.scene.sigma = this.data.sigma;
      }),
      csv: () => offer(new Blob([this.table()], { type: "text/csv" }), "energy-curve.csv"),
      png: () => this.plot.surface.canvas.toBlob((blob) => blob && offer(blob, "energy-curve.png")),
    }, { t: "tumble", n: "motion", a: "molecule", b: "leave", e: "exact", 0: "reset" });
  }

  /** @param {() => void} change of the scene */
  change(change) {
    change();
    this.invalidate("scene");
    this.reportSoon();
  }

  newScene() {
    const scene = new MoleculeScene(this.start(), this.data);
    if (scene.printed) scene.showPrinted();
    return scene;
  }

  /** As at first. */
  backToStart() {
    Object.assign(this.scene, this.newScene());
  }

  newPredictors() {
    const encoder = new Network(this.data.encoder);
    const predictors = this.data.predictors.map((payload) => new EnergyPredictor(payload, encoder));
    return { predictors, bands: new Bands(predictors, this.data.edge, this.data.sigma) };
  }

  /** @param {EnergyData | null} before */
  received(before) {
    super.received(before);
    const networks = (/** @type {EnergyData | null} */ data) =>
      JSON.stringify([data?.encoder, data?.predictors]);
    if (before && networks(before) !== networks(this.data)) Object.assign(this, this.newPredictors());
    for (const kind of this.kinds) {
      const card = part(this.root, `.card.from-${kind}`, HTMLElement);
      card.style.setProperty("--kind", css(colourOf(kind, this.theme)));
    }
  }

  /** Three equal atoms: the vertices' own colours would mean nothing here. */
  readTheme() {
    const theme = super.readTheme();
    const colour = theme.dark ? ATOM_COLOURS.dark : ATOM_COLOURS.light;
    theme.vertices = [colour, colour, colour];
    return theme;
  }

  /** Any change but that of the bands. @param {...string} stale */
  invalidate(...stale) {
    super.invalidate(...(stale.length ? stale : ["scene"]));
  }

  /** The bands grow while nothing else happens. @param {import("../../kit/web/live_view.js").Stale}
   *   stale */
  draw(stale) {
    const { bands, motion, scene } = this;
    const changed = stale.has("scene", "camera") || motion !== null;
    const still = !this.holding && !changed;
    bands.follow(scene.line, scene.vertices);
    const grown = bands.work(still ? BAND_BUDGET.still : BAND_BUDGET.moving)
      || (still && bands.done && bands.settle(scene.line.parameter(scene.vertices), scene.vertices));
    if (changed) this.drawAll();
    else if (grown) this.drawPlot();
    this.root.dataset.ready = String(bands.done);
    if (!bands.done || !still) super.invalidate("bands");
  }

  drawAll() {
    const { molecule, predictors, scene } = this;
    const { line, sigma } = scene;
    molecule.pullable = scene.tool === "reshape" ? null : line.pullable;
    molecule.drawMolecule(scene, this.theme, line, sigma);
    this.curves = curvesAlong(line, scene.vertices, predictors, { ...scene.setting, sigma });
    this.writeControls(this.drawPlot());
    this.followPull();
  }

  /** The curves as they are, with the bands as far as they are known. */
  drawPlot() {
    const now = this.now();
    if (this.curves) this.plot.draw(this.curves, this.kinds, this.bands, now, this.theme);
    this.cards.write(now, this.bands);
    return now;
  }

  /** @param {import("./energy_cards.js").Now} now */
  writeControls(now) {
    const { root, scene } = this;
    const find = (/** @type {string} */ name) => part(root, name, HTMLElement);
    this.writeTools();
    this.lines.show(scene.line.name);
    press(find("[data-act=tumble]"), this.motion instanceof Tumble);
    press(find("[data-act=exact]"), scene.exactOnly);
    press(find("[data-act=leave]"), scene.mayLeave);
    find(".sigma").hidden = !scene.exactOnly;
    setText(find(".sigma output"), scene.sigma.toFixed(2));
    this.sigma.value = String(scene.sigma);
    find(".band").hidden = scene.unlike === "" || scene.exactOnly;
    setText(find(".band .words"), scene.unlike);
    setText(find(".pull .name"), now.label);
    setText(find(".pull output"), now.t.toFixed(3));
    this.writePull(now);
    this.boxes.write(scene.lengths);
  }

  /** How far the side is pulled: the slider, and the plot as a slider.
   * @param {import("./energy_cards.js").Now} now */
  writePull(now) {
    const [low, high] = this.scene.line.range(this.scene.vertices);
    Object.assign(this.slider, { min: String(low), max: String(high), value: String(now.t) });
    const text = `${now.label} ${now.t.toFixed(3)}, energy ${now.exact.toFixed(3)}`;
    const { canvas } = this.plot.surface;
    for (const element of [this.slider, canvas]) setAttribute(element, "aria-valuetext", text);
    setAttribute(canvas, "aria-valuemin", low.toFixed(3));
    setAttribute(canvas, "aria-valuemax", high.toFixed(3));
    setAttribute(canvas, "aria-valuenow", now.t.toFixed(3));
  }

  /** What holds for the molecule now. @returns {import("./energy_cards.js").Now} */
  now() {
    const { scene } = this;
    const t = scene.line.parameter(scene.vertices);
    return {
      t,
      exact: moleculeEnergy(scene.lengths, scene.sigma),
      predicted: this.predictors.map((predictor) => predictor.energy(scene.atoms)),
      force: this.forceAlong(t),
      label: scene.printed ? "x of Fig. 18" : `side ${scene.line.label}`,
      exactOnly: scene.exactOnly,
    };
  }

  /** -dE/dt: the force on the pulled atom along the line. @param {number} t */
  forceAlong(t) {
    const { line, vertices, setting, atoms, sigma } = this.scene;
    const step = 1e-5;
    const at = 3 * line.moving;
    const [low, high] = [t - step, t + step].map((value) => line.at(vertices, value));
    const slope = [0, 1, 2].map((axis) => ((high[at + axis] - low[at + axis]) * setting.edge) / (2 * step));
    return forcesOn(atoms, sigma).slice(at, at + 3).reduce((sum, f, axis) => sum + f * slope[axis], 0);
  }

  /** @returns {string} CSV of the curves and bands shown */
  table() {
    const { printed, line, exactOnly } = this.scene;
    const name = printed ? "x" : line.name;
    return this.curves ? tableOf(this.curves, name, exactOnly ? [] : this.kinds, this.bands) : "";
  }

  /** @param {string} name */
  chooseLine(name) {
    this.stopMotion();
    this.showFault(null);
    this.change(() => {
      if (name === "fig18") this.scene.showPrinted();
      else if (this.scene.printed) this.backToStart();
      this.scene.useLine(name);
    });
  }

  /** @param {number} t */
  pullTo(t) {
    this.stopMotion();
    this.showFault(null);
    const { line, vertices } = this.scene;
    this.scene.vertices = line.at(vertices, clamp(t, ...line.range(vertices)));
    this.invalidate();
  }

  /** @param {number[]} sides @returns {boolean} whether there is such a molecule */
  build(sides) {
    this.stopMotion();
    const fault = this.scene.build(sides);
    this.showFault(fault);
    if (!fault) this.change(() => {});
    return !fault;
  }

  /** @param {import("../../kit/web/keyboard.js").Press} press @returns {boolean} */
  onKey(press) {
    const { direction, name, shift, target } = press;
    if (LINE_KEYS[name]) {
      this.chooseLine(LINE_KEYS[name]);
    } else if (direction && target === this.plot.surface.canvas) {
      const [x, y, far] = direction;
      const { line, vertices } = this.scene;
      this.pullTo(line.parameter(vertices) + (x + y + 10 * far) * PULL_STEP * (shift ? 10 : 1));
      this.reportWhenQuiet();
    } else {
      return super.onKey(press);
    }
    return true;
  }

  endGesture() {
    if (this.scene.tool === "reshape") this.scene.leavePrinted();
    super.endGesture();
  }

  report() {
    super.report();
    const { lengths, unlike } = this.scene;
    this.say(tellEnergy(this.now(), this.kinds, lengths, unlike));
    this.sendScene(this.sceneNow());
  }

  /** Where the curve falls on one side and rises on the other the pulled side went through a minimum.
   * @returns {Record<string, number>} */
  measured() {
    const { pulled } = this;
    const now = this.pulledNow();
    this.pulled = { ...now, lowest: now.force, highest: now.force };
    const same = pulled && pulled.line === now.line;
    const by = same ? Math.abs(now.t - pulled.t) : 0;
    return {
      ...super.measured(),
      line: now.line === "fig18" ? 8 : Number(now.line.slice(1)),
      ...(by > PULL_STEP ? { pulled: by } : {}),
      ...(same && by > 0 ? { minimum: Number(pulled.lowest < 0 && pulled.highest > 0) } : {}),
    };
  }

  /** The line, how far it is pulled, and the force along it. */
  pulledNow() {
    const { line, vertices } = this.scene;
    const t = line.parameter(vertices);
    return { line: line.name, t, force: this.forceAlong(t) };
  }

  /** The forces that the hand has gone through since it was last told. */
  followPull() {
    const now = this.pulledNow();
    const { pulled } = this;
    if (!pulled || pulled.line !== now.line) this.pulled = { ...now, lowest: now.force, highest: now.force };
    else {
      pulled.lowest = Math.min(pulled.lowest, now.force);
      pulled.highest = Math.max(pulled.highest, now.force);
    }
  }

  sceneNow() {
    return this.scene.values();
  }

  probe() {
    const { bands, curves, plot, scene } = this;
    return {
      ...super.probe(),
      now: this.now(),
      line: scene.line.name,
      sigma: scene.sigma,
      bandsDone: bands.done,
      curve: curves && { points: curves.t.length, outside: curves.outside },
      plot: { left: plot.x(plot.low), right: plot.x(plot.high), low: plot.low, high: plot.high },
    };
  }
}

/** A finger or the mouse on the plot takes the dot along. */
class PlotHand extends Hand {
  /** @param {Molecule} view */
  constructor(view) {
    super();
    this.view = view;
  }

  /** @param {number} x */
  begin(x) {
    this.view.beginGesture();
    this.view.pullTo(this.view.plot.parameterAt(x));
  }

  /** @param {import("../../kit/web/pointer.js").Move} move */
  move({ x }) {
    this.view.pullTo(this.view.plot.parameterAt(x));
  }

  end() {
    this.view.endGesture();
  }
}

export default mount(".energy", Molecule);
