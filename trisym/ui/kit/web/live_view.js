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
 *   An act ends a motion first, `moved`, but for a few (acts.js). "fullscreen" and "help" are there.
 * - `onKey(press)`: override for the other keys; answer true for a key that meant something.
 * - `animate(motion)`: a motion in time, `{done, step(seconds), skip()}`; who asks for reduced motion
 *   gets `skip()`, which ends it at once. `stopMotion()` ends it.
 * - `beginGesture()`, `endGesture()`: a hand takes hold and lets go. `reportSoon()` after what has no
 *   release, `reportWhenQuiet()` after what comes in bursts: wheels and keys.
 * - `sceneNow()`: override; the scene's values by the layout's names. It is what is taken away, too.
 * - `report()`: override; called when nothing is held or moving. Say what happened with `say(sentence)`
 *   (into `.status`), and tell Python with `sendScene(this.sceneNow(), more)`.
 * - `measured()`: override; what happened since it was last told, as amounts by name: {turned: 93}. It
 *   becomes the one event of the kit, a CustomEvent HAPPENED on globalThis with the detail
 *   {view: "stage", amounts}, after each `report()`: when a hand has let go, never a frame. Lessons wait
 *   for it; a view that makes news of itself (a training) calls `happened(amounts)`. The names are in
 *   the page's vocabulary.py.
 * - `data-place="name"` on an element: a lesson may put it away or point at it (store.js: `stage`).
 * - `data-printed` on an element outside the board: it belongs to the picture that one takes away.
 * - `arrived()`: override where data comes in messages of its own (store.js: `arrive`, `arrival`).
 * - `probe()`: extend; what tests and benchmarks may read, at `root.trisymProbe.state()`. Beside it:
 *   `frame(now)`, a frame out of turn; `restart()`, as a new visitor finds it; `meter` (meter.js).
 *
 * Beside it: dom, numbers, keyboard, radios (RadioGroup), pointer (Hand, CameraHand), theme, surface,
 * camera (Projection), cube, linked_heading, world_view and triangle_view (a triangle in the hand), cloud and
 * cloud_view (points in a space, with a brush), encoder, geometry, motion, live_region, downloads,
 * fullscreen, link_codec, store.
 *
 * @typedef {{uid: string, revision?: string, start?: string, fault?: string | null,
 *   layout?: import("./link_codec.js").Layout,
 *   takeAway?: import("./take_away.js").Offer | null}} ViewData
 * @typedef {import("./frame_loop.js").Stale} Stale
 * @typedef {{done: boolean, step(seconds: number): void, skip(): void}} Motion
 */
import { Acts } from "./acts.js";
import { FrameLoop, LAYOUT } from "./frame_loop.js";
import { LiveRegion } from "./live_region.js";
import { Meter } from "./meter.js";
import { TakeAway } from "./take_away.js";
import { Theme } from "./theme.js";
import { clamp } from "./camera.js";
import { decodeScene, encodeScene } from "./link_codec.js";
import { drawnForPrint } from "./surface.js";
import { forget, keep, store } from "./store.js";
import { listenToKeys } from "./keyboard.js";
import { showLinked } from "./linked_heading.js";
import { listenToPointer } from "./pointer.js";
import { offerFullscreen, toggleFullscreen } from "./fullscreen.js";
import { part, parts, setText } from "./dom.js";
import { mounting } from "./mounting.js";
import { pictureOf } from "./downloads.js";

/** The name of the event that says what a view measured: see the top. */
export const HAPPENED = "trisym-happened";
const RELEASE_MS = 150; // from letting go to the message
const BURST_MS = 450; // wheels and held keys come in bursts: told as one
const LONGEST_STEP = 0.05; // seconds: after a pause (a hidden tab) a motion goes on from where it was

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
    this.reports = 0;
    this.lastFrame = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.loop = new FrameLoop((stale, now) => this.frame(stale, now), this.abort.signal);
    this.buttons = new Acts(this);
    const status = root.querySelector(".status");
    this.region = status instanceof HTMLElement ? new LiveRegion(status) : null;
    this.takeAway = new TakeAway(this);
    this.reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
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
    const [full] = parts(root, "[data-act=fullscreen]");
    if (full) {
      offerFullscreen(full);
      this.acts({ fullscreen: () => void toggleFullscreen(root) }, { f: "fullscreen" });
    }
    const help = root.querySelector(".help");
    if (help instanceof HTMLElement) this.acts({ help: () => help.togglePopover() }, { "?": "help" });
  }

  // Streamlit

  /** At first, and at each change of data or theme. @param {Component<Data>} component */
  update(component) {
    const before = this.component === component ? null : this.data;
    this.component = component;
    this.data = component.data;
    this.theme = this.readTheme();
    this.received(before);
    this.takeAway.show();
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

  // Taken away

  /** The scene as it is now, by the names of its layout: override.
   * @returns {import("./link_codec.js").SceneValues} */
  sceneNow() {
    return {};
  }

  /** What the board shows, drawn for print. @returns {Promise<Blob>} a PNG */
  picture() {
    /** @type {Promise<Blob> | null} */
    let picture = null;
    drawnForPrint(() => {
      this.refit();
      this.loop.frame(performance.now());
      picture = pictureOf(part(this.root, ".board", HTMLElement), this.theme);
    });
    this.refit();
    return picture ?? Promise.reject(new Error("Nothing was drawn."));
  }

  /** The view's data as a saved page has them. @returns {Record<string, unknown>} */
  taken() {
    const { takeAway, ...data } = this.data;
    return { ...data, fault: null, start: encodeScene(data.layout ?? [], this.sceneNow()) };
  }

  /** What came in messages of its own, where Python does not know it. @returns {unknown[] | null} */
  carried() {
    return null;
  }

  // Frames

  /** @param {...string} parts that look different now */
  invalidate(...parts) {
    this.loop.invalidate(...parts);
  }

  /** The layout or the theme changed, and with it every picture. */
  refit() {
    this.invalidate(LAYOUT);
  }

  /** @param {Stale} stale @param {number} now */
  frame(stale, now) {
    const began = performance.now();
    this.stepMotion(clamp((now - this.lastFrame) / 1000, 0, LONGEST_STEP));
    this.lastFrame = now;
    if (stale.has()) {
      this.theme.measure();
      this.showPlaces();
    }
    this.draw(stale);
    this.meter.frame(began);
    if (this.motion) this.invalidate();
  }

  /** @param {Stale} _stale */
  draw(_stale) {}

  /** @param {...import("./surface.js").Surface} surfaces */
  watch(...surfaces) {
    this.loop.watch(surfaces);
  }

  /** @param {...import("./surface.js").Surface} surfaces that are gone */
  unwatch(...surfaces) {
    this.loop.unwatch(surfaces);
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

  /** @param {Record<string, import("./acts.js").Act>} table @param {Record<string, string>} [keys] */
  acts(table, keys = {}) {
    this.buttons.add(table, keys);
  }

  /** @param {import("./keyboard.js").Press} press @returns {boolean} */
  onKey({ name }) {
    return this.buttons.press(name);
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
    this.happened(this.measured());
  }

  report() {}

  // Lessons

  /** What happened since it was last told, by names of the page's vocabulary.
   * @returns {Record<string, number>} */
  measured() {
    return {};
  }

  /** Tell whoever waits, in this browser. @param {Record<string, number>} amounts */
  happened(amounts) {
    if (!Object.keys(amounts).length) return;
    const detail = { view: this.root.classList.item(1), amounts };
    globalThis.dispatchEvent(new CustomEvent(HAPPENED, { detail }));
  }

  /** A presenter's key, where the view is a lesson's panel: override. @param {string} _what "next",
   * "back", "reveal", "reset", "class", a step's number; or "follow", where a room leads @returns {boolean} whether it is taken */
  lead(_what) {
    return false;
  }

  /** The visitor's answer to a lesson's question: override.
   * @returns {import("./store.js").Guessed | null} */
  guessed() {
    return null;
  }

  /** Show what another hand did, and tell nobody of it. @param {string} text a scene of a link */
  showScene(text) {
    if (!this.data.layout) return;
    store().kept.delete(`${this.data.uid} scene`);
    this.data = { ...this.data, start: text };
    this.motion = null;
    this.received(null);
    this.cancelReport();
    this.refit();
  }

  showPlaces() {
    const { hide, highlight } = store().staged;
    for (const element of parts(this.root, "[data-place]")) {
      const name = element.dataset.place ?? "";
      element.classList.toggle("put-away", hide.includes(name));
      element.classList.toggle("pointed-at", highlight.includes(name));
    }
  }

  // Tests and the end

  /** As a new visitor finds it. */
  restart() {
    forget(this.data.uid);
    this.update(this.component);
    this.reportSoon();
  }

  /** What tests and benchmarks may read. `settled`: drawn, told, and nothing moves.
   * @returns {Record<string, unknown>} */
  probe() {
    const { loop } = this;
    return {
      dark: this.theme.dark,
      settled: !loop.request && this.timer === undefined && !this.motion && !this.holding,
      moving: this.motion !== null,
      drawn: loop.drawn,
      reports: this.reports,
      pixels: [...loop.surfaces].map(({ canvas }) => [canvas.width, canvas.height]),
    };
  }

  dispose() {
    this.cancelReport();
    this.loop.dispose();
    this.abort.abort();
    this.region?.dispose();
    store().views.delete(this);
    store().presenter?.changed();
  }
}

/** Once: the visitor may have gone elsewhere since. */
function findLinked() {
  const { hash, pathname } = location;
  if (!hash || store().address === pathname + hash) return;
  store().address = pathname + hash;
  showLinked();
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
  return mounting(selector, (root, /** @type {any} */ component) => {
    const view = new Kind(root, component);
    store().views.add(view);
    store().presenter?.changed();
    requestAnimationFrame(findLinked);
    const trisymProbe = {
      state: () => view.probe(),
      frame: (/** @type {number} */ now) => view.loop.frame(now),
      restart: () => view.restart(),
      meter: view.meter,
    };
    Object.assign(root, { trisymProbe });
    return view;
  }, ({ signal }) => signal.aborted);
}
