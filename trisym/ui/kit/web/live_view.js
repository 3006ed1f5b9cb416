/**
 * The base of every live view: what a hand moves in the browser, with no message to the server until
 * it lets go.
 *
 * To build one: a class that extends LiveView, a page NAME.html with one root element of class
 * "live NAME", a style NAME.css (kit.css comes before it), and in NAME.js
 *
 *     export default mount(".NAME", NameView);
 *
 * Python: `LiveComponent("trisym_name", WEB / "NAME.js", NameScene)` registers them, and its
 * `show(data, key=…, start=…, link=…)` mounts the view and returns where the hand left things.
 *
 * - `received(before)`: override; `this.data` is what Python sent, `before` what it had sent last, or
 *   null at first. `this.start()` is the scene that Python starts from, by the names of its layout.
 * - `this.keep(() => …)` in the constructor: a value that outlives reruns and visits elsewhere, made
 *   anew where Python asks for another start. Put the scene there.
 * - `invalidate(...parts)`: something changed; `draw(stale)` runs once in the next frame, and
 *   `stale.has(part)` says what of the dear parts changed. After a resize, a change of pixels or of
 *   theme every part is stale.
 * - `watch(surface, …)`: canvases to keep crisp. `hand(canvas, hand)`: a Hand (pointer.js) on a canvas.
 * - `acts({name(button, moved) {…}}, {key: "name"})`: buttons with data-act="name", and keys for them.
 *   An act ends a motion first, `moved`; those of QUIET_ACTS do not. "fullscreen" and "help" are there.
 * - `onKey(press)`: override for the other keys; answer true for a key that meant something.
 * - `animate(motion)`: a motion in time, `{done, step(seconds), skip()}`; who asks for reduced motion
 *   gets `skip()`, which ends it at once. `stopMotion()` ends it.
 * - `beginGesture()`, `endGesture()`: a hand takes hold and lets go. `reportSoon()` after what has no
 *   release, `reportWhenQuiet()` after what comes in bursts: wheels and keys.
 * - `report()`: override; called when nothing is held or moving. Say what happened with `say(sentence)`
 *   (into `.status`), and tell Python with `sendScene(values, more)`, values by the layout's names.
 * - `arrived()`: override where data comes in messages of its own (store.js: `arrive`, `arrival`).
 * - `probe()`: extend; what tests and benchmarks may read, at `root.trisymProbe.state()`; beside it
 *   `frame(now)`, a frame out of turn, and `meter` (meter.js).
 *
 * Beside it: dom, numbers, keyboard, radios (RadioGroup), pointer (Hand, CameraHand), theme, surface,
 * camera (Projection), cube, world_view and triangle_view (a triangle in the hand), cloud and
 * cloud_view (points in a space, with a brush), encoder, geometry, motion, live_region, downloads,
 * fullscreen, link_codec, store.
 *
 * @typedef {{uid: string, revision?: string, start?: string, fault?: string | null,
 *   layout?: import("./link_codec.js").Layout}} ViewData
 * @typedef {{done: boolean, step(seconds: number): void, skip(): void}} Motion
 * @typedef {(button: HTMLElement | null, moved: Motion | null) => void} Act `moved`: what it ended
 */
import { LiveRegion } from "./live_region.js";
import { Meter } from "./meter.js";
import { Theme } from "./theme.js";
import { clamp } from "./camera.js";
import { decodeScene, encodeScene } from "./link_codec.js";
import { keep, store } from "./store.js";
import { listenToKeys } from "./keyboard.js";
import { listenToPointer } from "./pointer.js";
import { offerFullscreen, toggleFullscreen } from "./fullscreen.js";
import { part, parts, setText } from "./dom.js";

const RELEASE_MS = 150; // from letting go to the message
const BURST_MS = 450; // wheels and held keys come in bursts: told as one
const LONGEST_STEP = 0.05; // seconds: after a pause (a hidden tab) a motion goes on from where it was
/** Acts that leave what moves alone. */
const QUIET_ACTS = ["fullscreen", "help", "save", "csv", "png"];

/**
 * What Streamlit's Components v2 hand over at each call.
 * @template Data
 * @typedef {{data: Data, parentElement: Element | ShadowRoot,
 *   setStateValue: (name: string, value: unknown) => void}} Component
 */

/** @template {ViewData} Data */
export class LiveView {
  /** @param {HTMLElement} root @param {Component<Data>} component */
  constructor(root, component) {
    this.abort = new AbortController();
    this.root = root;
    this.component = component;
    this.data = component.data;
    this.theme = new Theme(root);
    this.meter = new Meter();
    /** @type {Motion | null} */
    this.motion = null;
    this.holding = false;
    this.drafted = false;
    /** @type {Set<string>} */
    this.stale = new Set();
    this.frames = 0;
    this.reports = 0;
    this.lastFrame = 0;
    this.request = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Set<import("./surface.js").Surface>} */
    this.surfaces = new Set();
    /** @type {Record<string, Act>} */
    this.actTable = {};
    /** @type {Record<string, string>} */
    this.actKeys = { f: "fullscreen", "?": "help" };
    const status = root.querySelector(".status");
    this.region = status instanceof HTMLElement ? new LiveRegion(status) : null;
    this.reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
    this.observer = new ResizeObserver(() => this.refit());
    this.listen();
  }

  get signal() {
    return this.abort.signal;
  }

  listen() {
    const { root, signal } = this;
    this.reducedMotion.addEventListener("change", () => this.stopMotion(), { signal });
    document.addEventListener("fullscreenchange", () => this.refit(), { signal });
    listenToKeys(root, (press) => this.onKey(press), signal);
    for (const button of parts(root, "[data-act=fullscreen]")) offerFullscreen(button);
    this.acts({
      fullscreen: () => void toggleFullscreen(root),
      help: () => part(root, ".help", HTMLElement).togglePopover(),
    });
    this.watchPixels();
  }

  /** Another screen, or the page zoomed: as many pixels again. */
  watchPixels() {
    const query = matchMedia(`(resolution: ${globalThis.devicePixelRatio}dppx)`);
    const changed = () => {
      this.refit();
      this.watchPixels();
    };
    query.addEventListener("change", changed, { signal: this.signal, once: true });
  }

  // Streamlit

  /** At first, and at each change of data or theme. @param {Component<Data>} component */
  update(component) {
    const before = this.component === component ? null : this.data;
    this.component = component;
    this.data = component.data;
    this.theme = this.readTheme();
    this.received(before);
    if (before?.fault !== this.data.fault) this.showFault(this.data.fault ?? null);
    this.refit();
  }

  readTheme() {
    return new Theme(this.root);
  }

  /** @param {Data | null} _before */
  received(_before) {}

  arrived() {}

  /** The scene that Python starts from, by the names of its layout. */
  start() {
    return decodeScene(this.data.layout ?? [], this.data.start ?? "");
  }

  /** @template T @param {() => T} start @param {string} [what] tells two kept values apart
   * @returns {T} */
  keep(start, what = "scene") {
    return keep(`${this.data.uid} ${what}`, this.data.revision ?? "", start);
  }

  /** @param {string} name @param {unknown} value */
  send(name, value) {
    this.reports += 1;
    this.component.setStateValue(name, value);
  }

  /** @param {import("./link_codec.js").SceneValues} values @param {Record<string, unknown>} [more] */
  sendScene(values, more = {}) {
    this.send("scene", { text: encodeScene(this.data.layout ?? [], values), ...more });
  }

  // Frames

  /** @param {...string} stale */
  invalidate(...stale) {
    for (const each of stale) this.stale.add(each);
    if (this.request || this.signal.aborted) return;
    this.request = requestAnimationFrame((now) => this.frame(now));
  }

  /** The layout, the pixels or the theme changed, and with them every picture. */
  refit() {
    this.invalidate("layout");
  }

  /** @param {number} now */
  frame(now) {
    cancelAnimationFrame(this.request); // a test or a benchmark may ask for one out of turn
    this.request = 0;
    const began = performance.now();
    this.stepMotion(clamp((now - this.lastFrame) / 1000, 0, LONGEST_STEP));
    this.lastFrame = now;
    const stale = new Stale(this.stale);
    this.stale.clear();
    if (stale.has("layout")) for (const surface of this.surfaces) surface.fit();
    this.draw(stale);
    this.frames += 1;
    this.meter.frame(began);
    if (this.motion) this.invalidate();
  }

  /** @param {Stale} _stale */
  draw(_stale) {}

  /** @param {...import("./surface.js").Surface} surfaces */
  watch(...surfaces) {
    for (const surface of surfaces) {
      this.surfaces.add(surface);
      this.observer.observe(surface.canvas);
    }
  }

  /** @param {...import("./surface.js").Surface} surfaces that are gone */
  unwatch(...surfaces) {
    for (const surface of surfaces) {
      this.surfaces.delete(surface);
      this.observer.unobserve(surface.canvas);
    }
  }

  // Motions

  /** @param {Motion} motion */
  animate(motion) {
    if (this.reducedMotion.matches) {
      motion.skip();
      this.reportSoon();
    } else {
      this.lastFrame = performance.now();
      this.motion = motion;
    }
    this.invalidate();
  }

  /** @param {number} seconds */
  stepMotion(seconds) {
    this.motion?.step(seconds);
    if (this.motion?.done) this.stopMotion();
  }

  stopMotion() {
    if (!this.motion) return;
    this.motion = null;
    this.invalidate();
    this.reportSoon();
  }

  // Hands, keys, buttons

  /** @param {HTMLCanvasElement} canvas @param {import("./pointer.js").Hand} hand
   * @param {AbortSignal} [signal] */
  hand(canvas, hand, signal = this.signal) {
    listenToPointer(canvas, hand, signal, (event) => this.meter.input(event));
  }

  /** @param {Record<string, Act>} table @param {Record<string, string>} [keys] */
  acts(table, keys = {}) {
    Object.assign(this.actTable, table);
    Object.assign(this.actKeys, keys);
    for (const name of Object.keys(table)) {
      for (const button of parts(this.root, `[data-act=${name}]`)) {
        button.addEventListener("click", () => this.act(name, button), { signal: this.signal });
      }
    }
  }

  /** @param {string} name @param {HTMLElement | null} [button] */
  act(name, button = null) {
    const { motion } = this;
    if (!QUIET_ACTS.includes(name)) {
      this.showFault(null);
      this.stopMotion();
    }
    this.actTable[name](button, motion);
    this.invalidate();
  }

  /** @param {import("./keyboard.js").Press} press @returns {boolean} */
  onKey({ name }) {
    const act = this.actKeys[name];
    if (act) this.act(act);
    return Boolean(act);
  }

  beginGesture() {
    this.motion = null;
    this.cancelReport();
    this.holding = true;
    this.showFault(null);
  }

  endGesture() {
    this.holding = false;
    if (this.drafted) this.invalidate("camera"); // what was drawn quickly is drawn finely
    this.drafted = false;
    this.invalidate();
    this.reportSoon();
  }

  /** The camera of a cloud moved; by wheel or keys there is no release to wait for. */
  cameraMoved() {
    this.drafted = this.holding;
    this.invalidate("camera");
    if (!this.holding) this.reportWhenQuiet();
  }

  // Words

  /** @param {string} sentence */
  say(sentence) {
    this.region?.say(sentence);
  }

  /** @param {string | null} sentence about what can't be, until the next gesture */
  showFault(sentence) {
    const fault = this.root.querySelector(".fault");
    if (fault) setText(fault, sentence ?? "");
  }

  /** @param {number} [delay] in milliseconds */
  reportSoon(delay = RELEASE_MS) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), delay);
  }

  reportWhenQuiet() {
    this.reportSoon(BURST_MS);
  }

  /** What was to be told is told with what comes next. */
  cancelReport() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  tell() {
    this.timer = undefined;
    if (this.holding || this.motion) return;
    this.report();
  }

  report() {}

  // Tests and the end

  /** What tests and benchmarks may read. `settled`: drawn, told, and nothing moves.
   * @returns {Record<string, unknown>} */
  probe() {
    return {
      settled: !this.request && this.timer === undefined && !this.motion && !this.holding,
      moving: this.motion !== null,
      frames: this.frames,
      reports: this.reports,
      pixels: [...this.surfaces].map(({ canvas }) => [canvas.width, canvas.height]),
    };
  }

  dispose() {
    this.cancelReport();
    cancelAnimationFrame(this.request);
    this.observer.disconnect();
    this.abort.abort();
    this.region?.dispose();
    store().views.delete(this);
  }
}

/** What changed since the last frame: a new layout changes every part. */
export class Stale {
  /** @param {Iterable<string>} parts */
  constructor(parts) {
    this.parts = new Set(parts);
  }

  /** @param {string} part */
  add(part) {
    this.parts.add(part);
  }

  /** @param {string} name @returns {boolean} whether nothing else changed */
  only(name) {
    return this.parts.size === 1 && this.parts.has(name);
  }

  /** @param {...string} names @returns {boolean} whether one of them changed */
  has(...names) {
    return this.parts.has("layout") || names.some((name) => this.parts.has(name));
  }
}

/**
 * What Components v2 take as the default export: one view for each root element.
 *
 * @template {LiveView<any>} View
 * @param {string} selector of the root element
 * @param {new (root: HTMLElement, component: any) => View} Kind
 * @returns {(component: Component<any>) => () => void}
 */
export function mount(selector, Kind) {
  /** @type {WeakMap<Element, {view: View, calls: number}>} */
  const mounted = new WeakMap();
  return (component) => {
    const root = part(component.parentElement, selector, HTMLElement);
    let known = mounted.get(root);
    if (!known || known.view.signal.aborted) {
      const view = new Kind(root, component);
      known = { view, calls: 0 };
      mounted.set(root, known);
      store().views.add(view);
      Object.assign(root, { trisymProbe: {
        state: () => view.probe(), frame: (/** @type {number} */ now) => view.frame(now), meter: view.meter,
      } });
    }
    known.view.update(component);
    // Streamlit runs the cleanup of a call that a newer one overtook: only the last may end the view.
    const { view } = known;
    known.calls += 1;
    const call = known.calls;
    return () => {
      if (call === known?.calls) view.dispose();
    };
  };
}
