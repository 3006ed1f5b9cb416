/**
 * The film of a training run: its latent cloud, its curves and its numbers, all at the frame that the
 * scrubber chose; or at the newest, while the run goes on and nobody holds the scrubber.
 *
 * @typedef {import("./reel.js").Frame} Frame
 * @typedef {{uid: string, run: string, parcels: string[], latest: string, nodes: number,
 *   orbits: number, live: boolean, status: string, budget: string,
 *   thesis: import("./curves.js").Mark | null}} FilmData
 * @typedef {{data: FilmData, parentElement: Element | ShadowRoot}} FilmComponent
 */
import { Theme } from "../../kit/web/theme.js";
import { orbit, zoomBy } from "../../kit/web/camera.js";
import { listenToPointer } from "../../kit/web/pointer.js";
import { mounting } from "../../kit/web/mounting.js";
import { CURVES, CurvesView, curveColour } from "./curves.js";
import { OrbitView, orbitPalette } from "./orbit_view.js";
import { filmStore, framesFromBase64, placeOf } from "./reel.js";

const TURN_PER_PIXEL = 0.009; // radians
const PLAY_MS = 60; // a frame when playing: 200 frames take 12 seconds
const STILL_MS = 160; // after the last change the picture is drawn again, finely

export class FilmPlayer {
  /** @param {HTMLElement} root @param {FilmComponent} component */
  constructor(root, component) {
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.root = root;
    this.calls = 0;
    this.data = component.data;
    /** @type {Frame[]} */
    this.frames = [];
    this.run = "";
    this.at = 0;
    this.following = true;
    this.playing = 0;
    this.request = 0;
    this.drawn = 0; // frames drawn, for benchmarks
    this.moved = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.polish = undefined;
    this.camera = cameraOf(component.data.uid);
    this.theme = new Theme(root);
    const canvas = /** @type {HTMLCanvasElement} */ (this.find(".orbit-overlay"));
    this.orbitView = new OrbitView(/** @type {HTMLCanvasElement} */ (this.find(".orbit-canvas")), canvas);
    this.curves = new CurvesView(/** @type {HTMLCanvasElement} */ (this.find(".curve-canvas")));
    this.slider = /** @type {HTMLInputElement} */ (this.find(".scrubber"));
    this.play = /** @type {HTMLButtonElement} */ (this.find(".play"));
    this.newest = /** @type {HTMLButtonElement} */ (this.find(".newest"));
    this.axis = /** @type {HTMLButtonElement} */ (this.find(".axis"));
    this.observer = new ResizeObserver(() => this.invalidate());
    this.onParcel = () => this.collect();
    this.listen(canvas, signal);
  }

  /** @param {string} name @returns {HTMLElement} */
  find(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(name));
  }

  /** @param {HTMLCanvasElement} canvas @param {AbortSignal} signal */
  listen(canvas, signal) {
    this.slider.addEventListener("input", () => this.scrub(Number(this.slider.value)), { signal });
    this.play.addEventListener("click", () => this.togglePlay(), { signal });
    this.newest.addEventListener("click", () => this.follow(), { signal });
    this.axis.addEventListener("click", () => this.swapAxis(), { signal });
    listenToPointer(canvas, new OrbitHand(this), signal);
    canvas.addEventListener("keydown", (event) => this.turnByKey(event), { signal });
    listenToPointer(this.curves.surface.canvas, new CurveHand(this), signal);
    this.observer.observe(canvas);
    this.observer.observe(this.curves.surface.canvas);
    filmStore().waiting.add(this.onParcel);
  }

  /** Streamlit calls at first and at each change of data or theme. @param {FilmComponent} component */
  update({ data }) {
    this.data = data;
    this.theme = new Theme(this.root);
    this.theme.palette = orbitPalette(data.orbits, this.theme.dark);
    this.root.dataset.live = String(data.live);
    this.root.querySelectorAll(".key").forEach((key, i) => {
      /** @type {HTMLElement} */ (key).style.setProperty("--line", curveColour(CURVES[i].rgb, this.theme.dark));
    });
    if (data.run !== this.run) {
      this.run = data.run;
      this.following = true;
      this.stopPlaying();
      this.frames = [];
    }
    this.collect();
  }

  /** Put together what has come, the newest frame last. */
  collect() {
    const { data } = this;
    const { parcels } = filmStore();
    const frames = data.parcels.flatMap((id) => parcels.get(placeOf(id)) ?? []);
    const newest = data.latest ? framesFromBase64(data.latest, 1) : [];
    const last = frames[frames.length - 1];
    this.frames = frames.concat(newest.filter((frame) => !last || frame.step > last.step));
    this.slider.max = String(Math.max(0, this.frames.length - 1));
    if (this.following) this.at = this.frames.length - 1;
    this.invalidate();
  }

  invalidate() {
    if (this.request || this.abort.signal.aborted) return;
    this.request = requestAnimationFrame((now) => this.draw(now));
  }

  /** @param {number} now */
  draw(now) {
    this.request = 0;
    if (this.playing) this.advance(now);
    this.orbitView.view.fit();
    this.curves.surface.fit();
    this.at = Math.max(0, Math.min(this.at, this.frames.length - 1));
    const frame = this.frames[this.at];
    if (frame) {
      this.orbitView.show(frame, this.data.nodes, this.data.orbits);
      this.orbitView.draw(this.camera, this.theme, this.moving(now));
      this.curves.draw(this.frames, frame, this.theme, this.data.thesis);
    }
    this.write(frame);
    this.drawn += 1;
    this.root.dataset.ready = String(Boolean(frame));
    if (this.playing) this.invalidate();
  }

  /** While frames follow each other they are drawn quickly, and the last one finely a little later.
   * @param {number} now @returns {boolean} */
  moving(now) {
    const moving = now - this.moved < STILL_MS;
    this.moved = now;
    clearTimeout(this.polish);
    if (moving) this.polish = setTimeout(() => this.invalidate(), STILL_MS);
    return moving;
  }

  /** @param {Frame | undefined} frame */
  write(frame) {
    const text = (/** @type {string} */ name, /** @type {string} */ value) => {
      const element = this.find(name);
      if (element.textContent !== value) element.textContent = value;
    };
    text(".side-error dd", frame && frame.sideError >= 0 ? significant(frame.sideError) : "–");
    text(".orbit-spread dd", frame ? significant(frame.spread) : "–");
    text(".epoch dd", frame ? frame.epoch.toFixed(frame.epoch < 10 ? 2 : 1) : "–");
    text(".pace dd", frame && frame.seconds > 0 ? significant(frame.epoch / frame.seconds) : "–");
    text(".time dd", frame ? `${frame.seconds.toFixed(1)} s` : "–");
    text(".rate dd", frame ? (frame.rate ? frame.rate.toExponential(1) : "0") : "–");
    text(".status", this.data.status);
    text(".place", `frame ${this.frames.length ? this.at + 1 : 0} of ${this.frames.length}`);
    this.slider.value = String(this.at);
    this.slider.setAttribute("aria-valuetext", frame ? `epoch ${frame.epoch.toFixed(2)}` : "no frame yet");
    this.newest.hidden = !this.data.live;
    this.newest.setAttribute("aria-pressed", String(this.following));
    this.play.setAttribute("aria-label", this.playing ? "Stop the film" : "Play the film");
    this.play.textContent = this.playing ? "❚❚" : "▶";
    text(".axis", this.curves.along === "epoch" ? "against seconds" : "against epochs");
  }

  /** @param {number} index */
  scrub(index) {
    this.stopPlaying();
    this.at = index;
    this.following = this.data.live && index === this.frames.length - 1;
    this.invalidate();
  }

  follow() {
    this.stopPlaying();
    this.following = true;
    this.at = this.frames.length - 1;
    this.invalidate();
  }

  togglePlay() {
    if (this.playing) this.stopPlaying();
    else {
      if (this.at >= this.frames.length - 1) this.at = 0;
      this.following = false;
      this.playing = performance.now();
    }
    this.invalidate();
  }

  stopPlaying() {
    this.playing = 0;
  }

  /** @param {number} now */
  advance(now) {
    const steps = Math.floor((now - this.playing) / PLAY_MS);
    if (steps <= 0) return;
    this.playing += steps * PLAY_MS;
    this.at += steps;
    if (this.at < this.frames.length - 1) return;
    this.stopPlaying();
    this.following = this.data.live;
  }

  swapAxis() {
    this.curves.along = this.curves.along === "epoch" ? "seconds" : "epoch";
    this.invalidate();
  }

  /** @param {KeyboardEvent} event */
  turnByKey(event) {
    const turns = /** @type {Record<string, number[]>} */ ({
      ArrowLeft: [-0.12, 0], ArrowRight: [0.12, 0], ArrowUp: [0, 0.12], ArrowDown: [0, -0.12],
    });
    const turn = turns[event.key];
    if (!turn) return;
    event.preventDefault();
    orbit(this.camera, turn[0], turn[1]);
    this.invalidate();
  }

  dispose() {
    cancelAnimationFrame(this.request);
    clearTimeout(this.polish);
    this.observer.disconnect();
    this.abort.abort();
    filmStore().waiting.delete(this.onParcel);
    if (filmStore().films.get(this.data.uid) === this) filmStore().films.delete(this.data.uid);
  }
}

/** Turns the camera; it is the visitor's, whatever the run does, and stays when it ends. */
class OrbitHand {
  /** @param {FilmPlayer} film */
  constructor(film) {
    this.film = film;
  }

  begin() {}

  /** @param {import("../../kit/web/pointer.js").Move} move */
  move({ dx, dy }) {
    orbit(this.film.camera, dx * TURN_PER_PIXEL, dy * TURN_PER_PIXEL);
    this.film.invalidate();
  }

  /** @param {import("../../kit/web/pointer.js").Pinch} pinch */
  pinch({ dx, dy, zoom }) {
    zoomBy(this.film.camera, zoom);
    this.move({ x: 0, y: 0, dx, dy, shift: false });
  }

  end() {}

  hover() {}

  /** @param {number} factor */
  wheel(factor) {
    const changed = zoomBy(this.film.camera, factor);
    this.film.invalidate();
    return changed;
  }

  seen() {}
}

/** Scrubs by pointing into the curves. */
class CurveHand {
  /** @param {FilmPlayer} film */
  constructor(film) {
    this.film = film;
  }

  /** @param {number} x */
  begin(x) {
    this.film.scrub(this.film.curves.frameAt(this.film.frames, x));
  }

  /** @param {import("../../kit/web/pointer.js").Move} move */
  move({ x }) {
    this.begin(x);
  }

  pinch() {}

  end() {}

  hover() {}

  wheel() {
    return false;
  }

  seen() {}
}

/** The camera at a place on the page: it outlasts the film, since one run's film follows another's.
 * @param {string} uid @returns {import("../../kit/web/camera.js").CameraSettings} */
function cameraOf(uid) {
  const { cameras } = filmStore();
  const camera = cameras.get(uid) ?? { yaw: 0.75, pitch: 0.42, zoom: 1 };
  cameras.set(uid, camera);
  return camera;
}

/** @param {number} value @returns {string} two significant digits, without an exponent */
function significant(value) {
  if (value === 0) return "0";
  const digits = Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toFixed(digits);
}

export default mounting(".film", (root, component) => {
  const player = new FilmPlayer(root, component);
  filmStore().films.set(component.data.uid, player);
  return player;
});
