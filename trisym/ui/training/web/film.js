/**
 * The film of a training run: its latent cloud, its curves and its numbers, all at the frame that the
 * scrubber chose; or at the newest, while the run goes on and nobody holds the scrubber.
 *
 * @typedef {import("./frames.js").Frame} Frame
 * @typedef {import("../../kit/web/live_view.js").ViewData & {run: string, parcels: string[],
 *   latest: string, nodes: number, orbits: number, gap: number, live: boolean, feed: string,
 *   status: string, marks: import("./film_curves.js").Mark[], others: number[][][],
 *   local?: LocalData | null,
 *   moment?: {at: number, camera: import("../../kit/web/camera.js").CameraSettings}}} FilmData
 *   moment: where a saved page was taken; local: what a training in this browser needs
 * @typedef {{worker: string, version: string, bounds: import("./checks.js").Bounds,
 *   order: import("./local_run.js").Order | null, marks: Record<string, import("./film_curves.js").Mark[]>,
 *   base: import("../../kit/web/local_store.js").RunConfig, sets: Record<string, import("./worker/sets.js").DataConfig>,
 *   sent: Record<string, string>, alone?: boolean}} LocalData
 *   order: a run to be started, once; marks: by loss; base: settings to start from; sent: runs of this
 *   browser that are in the library; alone: there is no server
 */
import { AnswersView, findsInWords, findsOf, notSeen } from "./film_answers.js";
import { CURVES, CurvesView, curveColour } from "./film_curves.js";
import { CameraHand, Hand } from "../../kit/web/pointer.js";
import { Feed } from "./feed.js";
import { LocalBar, standingInWords } from "./local_bar.js";
import { LocalForm } from "./local_form.js";
import { LiveView, mount } from "../../kit/web/live_view.js";
import { MOTION_KINDS, kindColour } from "../../kit/web/kinds.js";
import { OrbitCloud, orbitPalette } from "./orbit_cloud.js";
import { compared, whenCompared } from "./compared.js";
import { css } from "../../kit/web/theme.js";
import { foundRun, isLocal, startedRun } from "./local_run.js";
import { base64FromFrames, framesFromBase64, framesIn, keepParcel, parcel, savedPlaces } from "./frames.js";
import { part, parts, press, setAttribute, setText } from "../../kit/web/dom.js";
import { epochs, significant } from "../../kit/web/numbers.js";
import { turnCamera } from "../../kit/web/camera.js";

const TURN = 0.12; // radians a press
const ERRS = ["validation loss", "side error"];
const ANSWERS_ALT = "Mean answers to translations, rotations and strains on logarithmic axes. Drag to scrub.";
const PLAY_SECONDS = 0.06; // a frame when playing: 200 frames take 12 seconds
const NOT_HERE = "This run was trained in a browser, and not in this one; it was not sent to the server.";
const STILL_MS = 160; // after the last change the picture is drawn again, finely

/** @extends {LiveView<FilmData>} */
export class Film extends LiveView {
  /** @param {HTMLElement} root
   * @param {import("../../kit/web/live_view.js").Component<FilmData>} component */
  constructor(root, component) {
    super(root, component);
    /** @type {Frame[]} */
    this.frames = [];
    this.run = "";
    this.at = 0;
    this.following = true;
    this.opening = false; // to be played once, when all of it has come
    this.standing = "";
    this.moved = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.polish = undefined;
    // It outlasts the film, since one run's film follows another's: the visitor's, whatever the run does.
    this.camera = this.keep(() => this.data.moment?.camera ?? { yaw: 0.75, pitch: 0.42, zoom: 1 }, "camera");
    this.cloud = new OrbitCloud(part(root, ".orbits", HTMLElement));
    this.curves = new CurvesView(part(root, ".curve-canvas", HTMLCanvasElement), true);
    this.answers = new AnswersView(part(root, ".answer-canvas", HTMLCanvasElement), true);
    this.slider = part(root, ".scrubber", HTMLInputElement);
    /** The run that is shown, where it is one of this browser's.
     * @type {import("./local_run.js").LocalRun | null} */
    this.local = null;
    this.asked = ""; // the run of this browser that is looked for
    this.bar = new LocalBar(this);
    this.form = new LocalForm(this);
    this.localChanged = () => this.followLocal();
    this.feed = new Feed(() => framesIn(this.data.parcels), (news) => this.heard(news), this.signal);
    whenCompared(() => this.showOthers(), this.signal);
    this.listenToHands();
  }

  listenToHands() {
    const { answers, cloud, curves, signal, slider } = this;
    this.watch(...cloud.surfaces, curves.surface, answers.surface);
    this.hand(cloud.canvas, new CameraHand(() => this.camera, this));
    this.hand(curves.surface.canvas, new CurveHand(this));
    this.hand(answers.surface.canvas, new CurveHand(this));
    slider.addEventListener("input", () => this.scrub(Number(slider.value)), { signal });
    this.acts({
      play: (_button, moved) => {
        if (!moved) this.play();
      },
      newest: () => this.follow(),
    });
    part(this.root, ".axis", HTMLElement).addEventListener("click", () => {
      curves.along = curves.along === "epoch" ? "seconds" : "epoch";
      answers.along = curves.along;
      this.invalidate();
    }, { signal });
  }

  readTheme() {
    const theme = super.readTheme();
    theme.palette = orbitPalette(this.data.orbits, theme.dark);
    return theme;
  }

  /** @param {FilmData | null} before */
  received(before) {
    const { data, root, theme } = this;
    if (data.feed && before?.run === data.run) {
      // What the feed has brought since is newer than what the page was drawn with.
      const { latest, nodes, others, parcels } = before;
      Object.assign(data, { latest, nodes, others, parcels });
    }
    root.dataset.live = String(data.live);
    parts(root, ".loss-keys .key").forEach((key, i) => {
      key.style.setProperty("--curve", curveColour(CURVES[i].rgb, theme.dark));
    });
    parts(root, ".answer-keys .key").forEach((key, i) => {
      key.style.setProperty("--curve", css(kindColour(MOTION_KINDS[i], theme.dark)));
    });
    this.say(data.status);
    this.showOthers();
    part(root, ".thin-key", HTMLElement).style.setProperty("--curve", curveColour(CURVES[0].rgb, theme.dark));
    if (data.run !== this.run) {
      this.run = data.run;
      this.following = data.live;
      this.opening = !data.live && !data.moment;
      this.at = data.moment?.at ?? 0;
      this.motion = null;
    }
    this.feed.follow(data.feed);
    this.form.show();
    void this.attach();
    this.arrived();
  }

  /** Train without a server, and show it. @param {import("./local_run.js").Order} order */
  train(order) {
    const { local } = this.data;
    if (!local) return;
    local.order = order;
    Object.assign(this.data, { run: order.id, live: true });
    this.received(null);
  }

  /** Show the run of this browser that the page asks for; start it where it was ordered. */
  async attach() {
    const { local } = this.data;
    // A saved page shows what it was saved with, and what is then trained on it.
    const saved = local?.alone && local.order?.id !== this.data.run;
    const wanted = local && !saved && isLocal(this.data.run) ? this.data.run : "";
    if (wanted === this.asked) {
      this.followLocal();
      return;
    }
    this.asked = wanted;
    this.detach();
    if (!local || !wanted) return;
    const { order, version, worker } = local;
    const run = order?.id === wanted ? await startedRun(order, worker, version) : await foundRun(wanted, worker, version);
    if (this.asked !== wanted || this.signal.aborted) return;
    if (!run) {
      this.say(NOT_HERE);
      return;
    }
    this.local = run;
    run.listeners.add(this.localChanged);
    this.opening = !run.unfinished;
    this.followLocal();
  }

  detach() {
    this.local?.listeners.delete(this.localChanged);
    this.local = null;
    this.root.dataset.local = "false";
    this.bar.show();
  }

  /** Curves of other runs of this browser. @returns {number[][][]} */
  get compared() {
    return [...compared()].filter(([id]) => id !== this.data.run).map(([, curve]) => curve);
  }

  showOthers() {
    this.root.dataset.others = String(this.data.others.length + this.compared.length > 0);
    this.invalidate();
  }

  /** News of a run of this browser. */
  followLocal() {
    const { data, local } = this;
    if (!local) return;
    const { config } = local.facts;
    const live = local.unfinished;
    if (live && !local.shown) this.following = true;
    local.shown = true;
    local.told(data.local?.sent ?? {});
    data.live = live;
    data.nodes = Math.min(3, config.network.kind === "autoencoder" ? config.network.latent : 1);
    data.marks = marksFor(config, data.local?.marks ?? {});
    Object.assign(this.root.dataset, { live: String(live), local: "true", standing: local.facts.status });
    this.bar.show();
    this.say(standingInWords(local));
    this.arrived();
    if (live) this.tellTrained();
  }

  /** What a run that somebody started has reached: a lesson may wait for it. */
  tellTrained() {
    const newest = this.frames[this.frames.length - 1];
    if (newest && newest.sideError >= 0) this.happened({ trained: newest.sideError });
  }

  /** News of a run that goes on. @param {import("./feed.js").News} news */
  heard({ fresh, standing, ...data }) {
    Object.assign(this.data, data);
    this.say(data.status);
    for (const { id, frames, count } of fresh) keepParcel(id, framesFromBase64(frames, count));
    this.arrived();
    this.tellTrained();
    if (standing !== this.standing) this.send("standing", standing);
    this.standing = standing;
  }

  /** As it is now: a run that goes on goes no further there. */
  taken() {
    const { at, camera, saved } = this;
    const frozen = { feed: "", live: false, latest: "", parcels: [this.nameOf(saved)] };
    const local = this.data.local && { ...this.data.local, order: null, sent: {}, alone: true };
    return { ...super.taken(), ...frozen, local, moment: { at: saved.indexOf(at), camera: { ...camera } } };
  }

  sceneNow() {
    return { run: this.run, frame: this.at };
  }

  /** The frames that a saved page keeps, as one parcel. */
  carried() {
    const { frames, saved } = this;
    const kept = saved.map((place) => frames[place]);
    return [{ id: this.nameOf(saved), frames: base64FromFrames(kept), count: kept.length }];
  }

  get saved() {
    return savedPlaces(this.frames.length, this.at);
  }

  /** @param {number[]} places of the frames in a saved page's one parcel @returns {string} */
  nameOf(places) {
    return `${this.run}:0:${places.length}`;
  }

  /** Put together what has come, the newest frame last. */
  arrived() {
    const { data, local } = this;
    const frames = local?.frames ?? data.parcels.flatMap(parcel);
    const newest = local ? [local.newest].filter((frame) => frame !== null) : data.latest ? framesFromBase64(data.latest, 1) : [];
    const last = frames[frames.length - 1];
    this.frames = frames.concat(newest.filter((frame) => !last || frame.step > last.step));
    this.slider.max = String(Math.max(0, this.frames.length - 1));
    if (this.following) this.at = this.frames.length - 1;
    const all = local ? !local.unfinished : frames.length === framesIn(data.parcels);
    if (this.opening && frames.length && all) this.open();
    this.invalidate();
  }

  /** A film that is seen for the first time starts at its first frame and plays once. */
  open() {
    const seen = this.keep(() => ({ yes: false }), `seen ${this.run}`);
    this.opening = false;
    this.at = this.frames.length - 1;
    if (!seen.yes && !this.reducedMotion.matches) this.play();
    seen.yes = true;
  }

  draw() {
    const { cloud, curves, data, frames, theme } = this;
    this.at = Math.max(0, Math.min(this.at, frames.length - 1));
    const frame = frames[this.at];
    if (frame) {
      cloud.showFrame(frame, data.nodes, data.orbits);
      const look = { camera: this.camera, theme, paint: theme, colours: cloud.colours };
      cloud.drawCloud({ ...look, draft: this.quick() });
      const finds = findsOf(frames, data.gap, theme.dark);
      const asked = this.answers.draw(frames, frame, theme, finds);
      curves.named = !asked; // else the plot below names their common axis
      curves.draw(frames, frame, theme, data.marks, finds, [...data.others, ...this.compared]);
      this.root.dataset.asked = String(asked);
      setAttribute(this.answers.surface.canvas, "aria-label", `${ANSWERS_ALT} ${findsInWords(finds)}`);
    }
    this.write(frame);
    Object.assign(this.root.dataset, { ready: Boolean(frame), run: frame ? this.run : "" });
  }

  /** While frames follow each other they are drawn quickly, and the last one finely a little later.
   * @returns {boolean} */
  quick() {
    const now = performance.now();
    const quick = now - this.moved < STILL_MS;
    this.moved = now;
    clearTimeout(this.polish);
    if (quick) this.polish = setTimeout(() => this.invalidate(), STILL_MS);
    return quick;
  }

  /** @param {Frame | undefined} frame */
  write(frame) {
    const { root, slider, frames } = this;
    const find = (/** @type {string} */ name) => part(root, name, HTMLElement);
    const { sided } = this;
    root.dataset.sided = String(sided);
    setText(find(".side-error dt"), ERRS[Number(sided)]);
    const numbers = numbersOfFrame(frame, this.data.gap, sided);
    for (const [name, text] of Object.entries(numbers)) setText(find(`.${name} dd`), text);
    setText(find(".place"), `frame ${frames.length ? this.at + 1 : 0} of ${frames.length}`);
    slider.value = String(this.at);
    setAttribute(slider, "aria-valuetext", frame ? `epoch ${epochs(frame.epoch)}` : "no frame yet");
    const [play, newest] = [find(".play"), find(".newest")];
    newest.hidden = !this.data.live;
    press(newest, this.following);
    setAttribute(play, "aria-label", this.motion ? "Stop the film" : "Play the film");
    setText(play, this.motion ? "❚❚" : "▶");
    setText(find(".axis"), this.curves.along === "epoch" ? "against seconds" : "against epochs");
  }

  /** @param {number} index */
  scrub(index) {
    this.motion = null;
    this.opening = false;
    this.at = index;
    this.following = this.data.live && index === this.frames.length - 1;
    this.invalidate();
    this.reportWhenQuiet();
  }

  follow() {
    this.scrub(this.frames.length - 1);
    this.following = true;
  }

  /** What a visitor plays is no decoration: it plays where reduced motion is asked for, too. */
  play() {
    if (this.at >= this.frames.length - 1) this.at = 0;
    this.following = false;
    this.lastFrame = performance.now();
    this.motion = new Playing(this);
  }

  /** @param {import("../../kit/web/keyboard.js").Press} press @returns {boolean} */
  onKey(press) {
    const { direction, target } = press;
    if (!direction || target !== this.cloud.canvas) return super.onKey(press);
    turnCamera(this.camera, direction[0] * TURN, direction[1] * TURN);
    this.cameraMoved();
    return true;
  }

  /** A network that was asked for the energy alone rebuilds no sides: its loss is what it errs by. */
  get sided() {
    const last = this.frames[this.frames.length - 1];
    return !last || last.sideError >= 0;
  }

  /** How it stands where the film stopped, or where a hand let go of it. */
  report() {
    const frame = this.frames[this.at];
    if (!frame) return;
    const { "side-error": error, "orbit-spread": spread, epoch } = numbersOfFrame(frame, this.data.gap, this.sided);
    this.region?.tell(`Epoch ${epoch}: ${ERRS[Number(this.sided)]} ${error}, orbit spread ${spread}.`);
  }

  /** @returns {Record<string, number>} */
  measured() {
    const { at, frames } = this;
    const frame = frames[at];
    if (!frame) return {};
    const scrubbed = frames.length > 1 ? at / (frames.length - 1) : 0;
    return { scrubbed, ...(frame.sideError >= 0 ? { error: frame.sideError } : {}) };
  }

  /** The camera may turn while the film plays. */
  beginGesture() {
    const { motion } = this;
    super.beginGesture();
    this.motion = motion;
  }

  probe() {
    const finds = findsOf(this.frames, this.data.gap, false).map(({ kind, frame }) => [kind, frame.epoch]);
    const local = this.local && { ...this.local.facts, file: null, model: null };
    return { ...super.probe(), local, run: this.run, frames: this.frames.length, camera: { ...this.camera }, finds };
  }

  dispose() {
    clearTimeout(this.polish);
    this.local?.listeners.delete(this.localChanged);
    super.dispose();
  }
}

/** The side errors to hold a run against: table 3's network at h = 3 on random triangles.
 * @param {import("../../kit/web/local_store.js").RunConfig} config @param {LocalData["marks"]} marks by loss */
function marksFor({ data, loss, network }, marks) {
  const table3 = network.kind === "autoencoder" && network.latent === 3 && network.hidden.join() === "256";
  return (table3 && data.name === "random" && marks[loss]) || [];
}

/** Frame after frame until the last. */
class Playing {
  /** @param {Film} film */
  constructor(film) {
    this.film = film;
    this.elapsed = 0;
    this.done = false;
  }

  /** @param {number} seconds */
  step(seconds) {
    const { film } = this;
    this.elapsed += seconds;
    const steps = Math.floor(this.elapsed / PLAY_SECONDS);
    this.elapsed -= steps * PLAY_SECONDS;
    film.at = Math.min(film.at + steps, film.frames.length - 1);
    this.done = film.at === film.frames.length - 1;
    if (this.done) film.following = film.data.live;
  }

  skip() {}
}

/** Scrubs by pointing into the curves. */
class CurveHand extends Hand {
  /** @param {Film} film */
  constructor(film) {
    super();
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
}

/** By the class of its row. @param {Frame | undefined} frame @param {number} gap
 * @param {boolean} sided  a side error is what the first says @returns {Record<string, string>} */
function numbersOfFrame(frame, gap, sided) {
  if (!frame) {
    return { "side-error": "–", "orbit-spread": "–", blind: "–", epoch: "–", pace: "–", time: "–", rate: "–" };
  }
  const { epoch, rate, seconds, spread } = frame;
  const error = sided ? frame.sideError : frame.validation;
  return {
    "side-error": error >= 0 ? significant(error) : "–",
    "orbit-spread": significant(spread),
    blind: `${notSeen(frame, gap) ?? "–"}`,
    epoch: epochs(epoch),
    pace: seconds > 0 ? significant(epoch / seconds) : "–",
    time: `${seconds.toFixed(1)} s`,
    rate: rate ? rate.toExponential(1) : "0",
  };
}

export default mount(".film", Film);
