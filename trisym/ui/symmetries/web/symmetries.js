/**
 * Which motions does a network not see? Its spectrum, dot by dot; a triangle that the chosen motion
 * carries; the latent point, which stays or runs; and any motion put together by hand.
 *
 * @typedef {import("./asked.js").AskedPayload} AskedPayload
 * @typedef {import("../../kit/web/live_view.js").ViewData & {models: AskedPayload[], gap: number,
 *   laws: Record<string, {edge: number, triangles: string}>}} SymmetriesData
 */
import { CameraHand } from "../../kit/web/pointer.js";
import { CloudView, leaveTrail } from "../../kit/web/cloud_view.js";
import { askedNetwork } from "./asked.js";
import { DriftPlot } from "./drift_plot.js";
import { Faders } from "./faders.js";
import { FieldView } from "./field_view.js";
import { LiveView, mount } from "../../kit/web/live_view.js";
import { FIRST_SIZE, MotionScene } from "./motion_scene.js";
import { SpectrumRows, answerText } from "./spectrum_rows.js";
import { displacement, inWords, predictedDrift, scaled, sharesOf } from "./motions.js";
import { fixed, significant } from "../../kit/web/numbers.js";
import { blend, css } from "../../kit/web/theme.js";
import { float32FromBase64 } from "../../kit/web/base64.js";
import { MOTION_KINDS, kindColour, leadingKind } from "../../kit/web/kinds.js";
import { part, press, setAttribute, setText } from "../../kit/web/dom.js";
import { turnCamera, zoomBy } from "../../kit/web/camera.js";

const TRAIL_STEPS = 140;
const CURVE_MS = 4; // of a frame, for the curve
const HALF_AXIS = 2.1; // half the axes of the latent view, in spreads
const STAYED_BELOW = 0.05; // of the largest drift in a swing, in spreads
const MOVED_FROM = 0.25;
const VERDICTS = { stayed: ["✓", "stays"], drifted: ["~", "drifts"], moved: ["✗", "moves"] };
const KEY_TURN = Math.PI / 36; // a key press
const KEY_ZOOM = 1.15;
const CLOUD = [92, 126, 168];
const STILL = 1e-3; // edges: a motion below carries nothing

/** @extends {LiveView<SymmetriesData>} */
class SymmetriesView extends LiveView {
  /** @param {HTMLElement} root @param {import("../../kit/web/live_view.js").Component<SymmetriesData>} component */
  constructor(root, component) {
    super(root, component);
    this.scene = this.keep(() => new MotionScene(/** @type {any} */ (this.start())));
    /** @type {import("./asked.js").Asked[]} */
    this.asked = [];
    /** What the pointer is over: a motion for a moment. @type {{row: number, rank: number} | null} */
    this.pointed = null;
    this.playing = !this.reducedMotion.matches;
    this.visible = true;
    /** @type {number[][]} */
    this.trail = [];
    this.farthest = 0; // drift since this motion began
    this.random = Math.random;
    this.field = new FieldView(part(root, ".world-canvas", HTMLCanvasElement));
    this.latent = new CloudView(part(root, ".plot", HTMLElement), ["N₁", "N₂", "N₃"]);
    this.plot = new DriftPlot(part(root, ".drift-canvas", HTMLCanvasElement));
    this.rows = new SpectrumRows(root, {
      choose: (row, rank) => this.choose(row, rank),
      point: (row, rank) => this.point(row, rank),
    }, this.signal);
    this.faders = new Faders(part(root, ".desk", HTMLElement), (motion) => this.combine(motion), {
      begin: () => this.beginGesture(), end: () => this.endGesture(),
    }, this.signal);
    this.size = part(root, ".size input", HTMLInputElement);
    this.watch(this.field.surface, ...this.latent.surfaces, this.plot.surface);
    this.listenHere(root);
  }

  /** @param {HTMLElement} root */
  listenHere(root) {
    const { signal } = this;
    this.hand(this.field.surface.canvas, new CameraHand(() => this.scene.camera, this));
    this.hand(this.latent.canvas, new CameraHand(() => this.scene.latentCamera, this));
    this.size.addEventListener("input", () => this.resize(Number(this.size.value)), { signal });
    this.size.addEventListener("change", () => this.reportSoon(), { signal });
    this.acts({
      play: () => this.togglePlay(),
      another: () => this.takeAnother(),
      still: () => this.combine(new Float64Array(12)),
    }, { p: "play", " ": "play", a: "another", 0: "still" });
    const seen = new IntersectionObserver((entries) => {
      this.visible = entries[entries.length - 1].isIntersecting;
      this.invalidate();
    });
    const sized = new ResizeObserver(() => this.rows.fit());
    seen.observe(part(root, ".board", HTMLElement));
    sized.observe(part(root, ".rows", HTMLElement));
    signal.addEventListener("abort", () => {
      seen.disconnect();
      sized.disconnect();
    });
  }

  readTheme() {
    const theme = super.readTheme();
    for (const kind of MOTION_KINDS) {
      this.root.style.setProperty(`--${kind}`, css(kindColour(kind, theme.dark)));
    }
    return theme;
  }

  /** @param {SymmetriesData | null} before */
  received(before) {
    const { data } = this;
    const laws = Object.fromEntries(Object.entries(data.laws).map(([name, { edge, triangles }]) =>
      [name, { edge, triangles: float32FromBase64(triangles) }]));
    const others = !before || JSON.stringify(before.models) !== JSON.stringify(data.models);
    if (others) {
      this.asked = this.ask(laws);
      this.scene = this.keep(() => new MotionScene(/** @type {any} */ (this.start())));
      if (this.scene.row >= this.asked.length) this.scene.row = 0;
    }
    // Only where they look different: a dot may have the keyboard.
    if (others || this.rows.dark !== this.theme.dark) {
      this.rows.show(this.asked.map(({ row }) => row), this.theme.dark);
    }
    if (this.asked.length) this.bring();
    this.root.dataset.ready = "true";
  }

  /** Ask those that the server could not ask. @param {Record<string, {edge: number, triangles: Float32Array}>} laws */
  ask(laws) {
    const { models, gap } = this.data;
    const asked = models.map((each) => askedNetwork(each, laws[each.law], gap));
    const silent = models.filter((_, i) => !asked[i]).map(({ network }) => network.title);
    if (silent.length) this.showFault(`${silent.join(", ")}: all triangles have one latent point there, so that no motion is seen at all. Train it longer.`);
    return asked.filter((each) => each !== null);
  }

  /** The network that is shown: the one pointed at, or the chosen one. */
  get shown() {
    return this.asked[this.pointed?.row ?? this.scene.row];
  }

  /** The motion that is played, of the size of the chosen one. */
  get played() {
    if (!this.pointed) return this.scene.motion;
    const { metric, spectrum } = this.shown;
    const size = displacement(this.scene.motion, this.asked[this.scene.row].metric);
    const own = spectrum.motions[this.pointed.rank - 1];
    return scaled(own, (size > STILL ? size : FIRST_SIZE) / (displacement(own, metric) || 1));
  }

  /** The scene's network changed, or its triangle: everything begins again. */
  bring() {
    const { spectrum, law, metric } = this.asked[this.scene.row];
    this.scene.bring(/** @type {any} */ (spectrum), law);
    this.faders.measure(metric);
    this.beginAgain();
  }

  /** Another motion is played. */
  beginAgain() {
    this.trail = [];
    this.farthest = 0;
    if (!this.playing) this.scene.hold();
    this.latent.axes = this.shown.axes;
    this.invalidate("latent", "motion");
  }

  /** @param {number} row @param {number | null} rank */
  choose(row, rank) {
    const { scene } = this;
    scene.row = row;
    scene.rank = rank ?? scene.rank;
    scene.rest();
    this.pointed = null;
    this.bring();
    this.reportSoon();
  }

  /** @param {number} row @param {number | null} rank */
  point(row, rank) {
    this.pointed = rank === null ? null : { row, rank };
    this.scene.rest();
    this.beginAgain();
  }

  /** @param {Float64Array} motion put together by hand */
  combine(motion) {
    if (!this.asked.length) return;
    this.scene.rank = null;
    this.scene.motion = motion;
    this.pointed = null;
    this.beginAgain();
    if (!this.holding) this.reportWhenQuiet();
  }

  /** @param {number} size */
  resize(size) {
    if (!this.asked.length) return;
    this.scene.resize(this.asked[this.scene.row].metric, size);
    this.beginAgain();
  }

  takeAnother() {
    if (!this.asked.length) return;
    const { scene } = this;
    const count = this.shown.law.triangles.length / 9;
    scene.triangle = (scene.triangle + 1 + Math.floor(this.random() * (count - 1))) % count;
    this.bring();
    this.reportSoon();
  }

  togglePlay() {
    this.playing = !this.playing;
    if (this.playing) this.scene.phase = Math.asin(this.scene.part);
    this.invalidate();
  }

  /** Keys on a picture turn its camera. @param {import("../../kit/web/keyboard.js").Press} key */
  onKey(key) {
    const camera = key.target === this.field.surface.canvas ? this.scene.camera
      : key.target === this.latent.canvas ? this.scene.latentCamera : null;
    if (key.name === " " && key.target.matches("button")) return false;
    if (camera && key.direction) turnCamera(camera, key.direction[0] * KEY_TURN, -key.direction[1] * KEY_TURN);
    else if (camera && (key.name === "+" || key.name === "-")) zoomBy(camera, key.name === "+" ? KEY_ZOOM : 1 / KEY_ZOOM);
    else return super.onKey(key);
    this.cameraMoved();
    return true;
  }

  // Pictures

  /** @param {import("../../kit/web/frame_loop.js").Stale} stale @param {number} now */
  frame(stale, now) {
    if (this.playing && this.visible) this.scene.swing(Math.min((now - this.lastFrame) / 1000, 0.05));
    super.frame(stale, now);
    if (!this.visible || !this.asked.length) return;
    if (this.playing || !this.shown.curve.done) this.invalidate();
  }

  /** @param {import("../../kit/web/frame_loop.js").Stale} stale */
  draw(stale) {
    if (!this.asked.length) return;
    const { scene, shown, played: motion, theme } = this;
    const size = displacement(motion, shown.metric);
    const shares = sharesOf(motion, shown.metric);
    const colour = kindColour(leadingKind(shares), theme.dark);
    if (stale.has("motion", "layout")) {
      const unit = scaled(motion, size > STILL ? 1 / size : 0);
      this.field.follow(unit, scene.base, scene.centre, colour);
      // Another layout is no other motion: what the curve knows of it stays.
      if (stale.parts.has("motion") || !shown.curve.known) shown.curve.follow(unit);
    }
    shown.curve.work(CURVE_MS);
    scene.carry(motion);
    this.field.draw(/** @type {any} */ (scene), theme, []);
    const drift = this.drawLatent(stale, motion);
    const slope = size > STILL ? predictedDrift(shown.spectrum, motion) / size : 0;
    this.plot.draw(shown.curve, slope, size * scene.part, colour, theme);
    this.write(drift, size, slope);
  }

  /** @param {import("../../kit/web/frame_loop.js").Stale} stale @param {Float64Array} motion
   * @returns {number} how far the latent point is, in spreads */
  drawLatent(stale, motion) {
    const { shown, latent, theme, scene: { base, vertices, latentCamera, centre } } = this;
    const cloud = shown.cloud();
    const ends = [0, 1, 2].map((axis) => (axis < shown.network.h ? (latent.flat ? HALF_AXIS : 0.66 * HALF_AXIS) : 0));
    if (latent.flat) ends[1] = Math.max(ends[1], 0.5);
    latent.show(cloud, { low: ends.map((end) => -end), high: ends });
    if (stale.has("latent", "camera")) {
      const colours = new Uint8Array(cloud.length / 3); // one colour: what counts is where they are
      const paint = { ...theme, palette: [blend(theme.background, CLOUD, theme.dark ? 0.85 : 0.75)] };
      latent.drawCloud({ camera: latentCamera, theme, colours, paint, draft: this.holding });
    }
    const rest = Float64Array.from(shown.network.encode(base));
    const now = Float64Array.from(shown.network.encode(vertices));
    leaveTrail(this.trail, shown.place(now), TRAIL_STEPS);
    latent.drawHand({ trail: this.trail, reference: shown.place(rest) }, theme);
    const drift = Math.hypot(...now.map((value, node) => value - rest[node])) / shown.spread;
    this.farthest = Math.max(this.farthest, drift);
    return drift;
  }

  // Words

  /** @param {number} drift @param {number} size @param {number} slope */
  write(drift, size, slope) {
    const { root, shown, scene, played: motion, asked } = this;
    const still = size <= STILL;
    setText(part(root, ".latent .title", HTMLElement), shown.row.title);
    setText(part(root, ".drift .value", HTMLElement), fixed(drift, 2));
    setText(part(root, ".words b", HTMLElement), still ? "no motion: move a slider" : inWords(motion, shown.metric));
    setText(part(root, ".words span", HTMLElement), still ? "" : `answer ${answerText(slope)}`);
    const level = this.farthest < STAYED_BELOW ? "stayed" : this.farthest < MOVED_FROM ? "drifted" : "moved";
    const [sign, word] = still ? ["", ""] : VERDICTS[level];
    setAttribute(part(root, ".latent", HTMLElement), "data-level", still ? "" : level);
    setText(part(root, ".verdict .sign", HTMLElement), sign);
    setText(part(root, ".verdict .word", HTMLElement), word);
    const answers = asked.map(({ spectrum, metric }) => {
      const length = displacement(motion, metric);
      return length > STILL ? predictedDrift(spectrum, motion) / length : 0;
    });
    this.rows.write(this.pointed?.row ?? scene.row, this.pointed?.rank ?? scene.rank, answers);
    this.faders.write(motion);
    if (!this.size.matches(":active")) this.size.value = String(size);
    setText(part(root, ".size output", HTMLElement), `${fixed(size, 2)} edges`);
    this.writeAlt(size, slope);
    const play = part(root, "[data-act=play]", HTMLElement);
    press(play, this.playing);
    setText(part(play, ".sign", HTMLElement), this.playing ? "■" : "▶");
    setText(part(play, ".name", HTMLElement), this.playing ? "Stop" : "Play");
  }

  /** @param {number} size @param {number} slope */
  writeAlt(size, slope) {
    const { root, shown, plot } = this;
    const happens = shown.curve.at(Math.min(size, 1));
    const sentence = `At size ${fixed(size, 2)} the spectrum predicts a drift of ${significant(size * slope)}; `
      + `${happens === null ? "it is being measured" : `${significant(happens)} happens`}.`;
    setAttribute(plot.surface.canvas, "aria-label", sentence);
    setText(part(root, ".predicted", HTMLElement), `predicted ${significant(size * slope)}`);
    setText(part(root, ".happens", HTMLElement), `happens ${happens === null ? "…" : significant(happens)}`);
    setAttribute(this.latent.canvas, "aria-label",
      `Latent points of ${shown.row.title}; the one in the motion drifts by ${fixed(this.farthest, 2)} spreads at most.`);
  }

  report() {
    if (!this.asked.length) return;
    const { scene, shown } = this;
    const answer = predictedDrift(shown.spectrum, scene.motion) / (displacement(scene.motion, shown.metric) || 1);
    const which = scene.rank === null ? "This motion" : `Motion ${scene.rank}`;
    this.say(`${which}, ${inWords(scene.motion, shown.metric)}: ${shown.row.title} answers ${answerText(answer)}.`);
    this.sendScene(this.sceneNow());
  }

  /** @returns {Record<string, number>} */
  measured() {
    if (!this.asked.length) return {};
    const { scene, shown } = this;
    const row = scene.row + 1;
    if (scene.rank === null) return { row, combined: 1 };
    const seen = 12 - shown.row.found; // the strongest answers come first
    return { row, played: scene.rank, unseen: Number(scene.rank > seen) };
  }

  sceneNow() {
    return { ...this.scene.values(), models: this.data.models.map(({ network }) => network.name) };
  }

  probe() {
    if (!this.asked.length) return super.probe();
    const { scene, shown } = this;
    return {
      ...super.probe(),
      playing: this.playing,
      motion: [...this.played],
      rank: this.pointed?.rank ?? scene.rank,
      row: this.pointed?.row ?? scene.row,
      vertices: scene.vertices,
      base: scene.base,
      part: scene.part,
      swings: scene.swings,
      farthest: this.farthest,
      size: displacement(this.played, shown.metric),
      curve: shown.curve.done ? shown.curve.points() : null,
      camera: { ...scene.camera },
    };
  }
}

export default mount(".symmetries", SymmetriesView);
