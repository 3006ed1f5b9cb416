/**
 * A training in this browser: its worker, what it has told, and where it is kept. It outlives the page
 * that shows it; after a reload it goes on from its last saved state.
 *
 * @typedef {import("../../kit/web/local_store.js").LocalFacts} LocalFacts
 * @typedef {import("../../kit/web/local_store.js").LocalCourse} LocalCourse
 * @typedef {import("./frames.js").Frame} Frame
 * @typedef {import("./worker/run.js").Told} Told
 * @typedef {import("./worker/run.js").Control} Control
 * @typedef {{id: string, name: string, config: import("../../kit/web/local_store.js").RunConfig}} Order
 */
import { frameFrom } from "./frames.js";
import { keepRun, keptCourse, keptRun } from "../../kit/web/local_store.js";
import { payloadOf } from "../../kit/web/local_model.js";

const NOT_KEPT = "This browser keeps nothing for this page: the run is lost with its tab.";
const NO_WORKER = "This browser runs no workers, so nothing can be trained in it: train on the server.";
const ELSEWHERE = "It is being trained in another tab of this browser.";
const PATIENCE_MS = 1500;
const SLOWED = 0.8; // of its pace: less is told

/** The runs of this page's life, by their ids. @returns {Map<string, LocalRun>} */
function running() {
  const place = /** @type {{trisymRuns?: Map<string, LocalRun>}} */ (globalThis);
  return (place.trisymRuns ??= new Map());
}

/** A run of this page's life. @param {string} id @returns {LocalRun | undefined} */
export function runningHere(id) {
  return running().get(id);
}

/** @param {string} id @returns {boolean} whether it is a run of a browser */
export function isLocal(id) {
  return id.startsWith("here-");
}

/** Start what was ordered, once. @param {Order} order @param {string} source of the worker
 * @param {string} version of trisym @returns {Promise<LocalRun>} */
export async function startedRun(order, source, version) {
  const known = await foundRun(order.id, source, version);
  if (known) return known;
  const facts = /** @type {LocalFacts} */ ({
    ...order, created: new Date().toISOString(), status: "running", message: "", metrics: {}, epochs: 0, steps: 0,
    seconds: 0, pace: 0, paused: false, changes: [], file: null, model: null, sent: "",
  });
  const run = new LocalRun(facts, null, source, version);
  running().set(order.id, run);
  run.begin();
  void run.keep();
  return run;
}

/** A run of this browser; one that was cut off goes on. @param {string} id @param {string} source
 * @param {string} version @returns {Promise<LocalRun | null>} */
export async function foundRun(id, source, version) {
  const known = running().get(id);
  if (known) return known;
  try {
    const [facts, course] = [await keptRun(id), await keptCourse(id)];
    const meanwhile = running().get(id);
    if (meanwhile || !facts) return meanwhile ?? null;
    const run = new LocalRun(facts, course ?? null, source, version);
    running().set(id, run);
    if (run.unfinished) run.begin();
    return run;
  } catch (error) {
    console.warn(error);
    return running().get(id) ?? null;
  }
}

export class LocalRun {
  /** @param {LocalFacts} facts @param {LocalCourse | null} course @param {string} source @param {string} version */
  constructor(facts, course, source, version) {
    this.facts = facts;
    this.source = source;
    this.version = version;
    /** @type {Frame[]} the film */
    this.frames = course ? framesOf(course) : [];
    /** @type {Frame | null} the newest, whether it is of the film or not */
    this.newest = null;
    this.records = course?.records ?? [];
    this.state = course?.state ?? null;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {Partial<Control>} */
    this.control = { paused: facts.paused, pace: "full" };
    this.dropped = false;
    this.shown = false; // as it goes on, its newest frame
    this.share = 0;
    this.plain = false; // whether its WebAssembly has no vectors
    /** @type {number | null} seconds */
    this.left = null;
    this.note = ""; // what a visitor should know beside where it stands
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.hiddenSince = 0;
    this.hiddenSteps = 0;
    this.seenPace = 0; // steps a second, until it was hidden
    this.release = () => {};
    document.addEventListener("visibilitychange", () => this.visibilityChanged());
    globalThis.addEventListener("pagehide", () => this.ask({ kind: "save" }));
  }

  get unfinished() {
    return ["running", "paused", "measuring"].includes(this.facts.status);
  }

  /** The learning rate that its schedule starts from now. */
  get rate() {
    return this.control.rate ?? this.state?.rate ?? this.facts.config.lr;
  }

  /** Train, from the start or from the saved state. */
  begin() {
    const locks = navigator.locks;
    if (!locks) {
      this.train();
      return;
    }
    // The page before a reload may hold it a moment longer; another tab, until the run is over there.
    const waiting = setTimeout(() => this.wait(), PATIENCE_MS);
    void locks.request(`trisym ${this.facts.id}`, async () => {
      clearTimeout(waiting);
      if (this.note === ELSEWHERE) await this.readAgain();
      if (!this.unfinished) return undefined;
      this.train();
      return new Promise((done) => (this.release = () => done(undefined)));
    });
  }

  /** Another tab trains it. */
  wait() {
    this.note = ELSEWHERE;
    this.changed();
  }

  /** What another tab has made of it meanwhile. */
  async readAgain() {
    const [facts, course] = [await keptRun(this.facts.id), await keptCourse(this.facts.id)];
    this.note = "";
    if (facts) this.facts = facts;
    if (course) Object.assign(this, { frames: framesOf(course), records: course.records, state: course.state });
    this.changed();
  }

  train() {
    const { facts, source, version } = this;
    try {
      const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      this.worker = new Worker(address);
    } catch (error) {
      console.warn(error);
      this.fail(NO_WORKER);
      return;
    }
    this.worker.onmessage = ({ data }) => this.heard(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.fail(event.message || NO_WORKER);
    };
    const { id, name, config } = facts;
    const task = { id, name, config, agent: navigator.userAgent.slice(0, 300), version, saved: this.state };
    this.ask({ kind: "start", task, control: this.control });
  }

  /** @param {import("./worker/worker.js").Asked} message */
  ask(message) {
    this.worker?.postMessage(message);
  }

  /** @param {Partial<Control>} asked */
  steer(asked) {
    Object.assign(this.control, asked);
    this.ask({ kind: "steer", control: asked });
    if (asked.paused !== undefined) {
      this.facts.paused = asked.paused;
      void this.keep();
    }
    this.changed();
  }

  /** @param {Told} told */
  heard(told) {
    const { facts } = this;
    if (told.kind === "frame") this.filmed(told);
    if (told.kind === "record") this.recorded(told.record);
    if (told.kind === "rate") facts.changes.push([told.step, told.rate]);
    if (told.kind === "standing") Object.assign(facts, { status: told.status, message: told.message });
    if (told.kind === "state") {
      this.state = told.state;
      void this.keep();
    }
    if (told.kind === "ended") this.ended(told);
    this.changed();
  }

  /** @param {Extract<Told, {kind: "frame"}>} told */
  filmed({ frame, keep, share, left, pace, vectors }) {
    const { facts, frames } = this;
    const newest = frameFrom(frame);
    this.newest = newest;
    const last = frames[frames.length - 1];
    if (keep && (!last || newest.step > last.step)) frames.push(newest);
    Object.assign(facts, { epochs: newest.epoch, steps: newest.step, seconds: newest.seconds, pace });
    Object.assign(this, { share, left, plain: !vectors });
  }

  /** @param {import("./worker/trainer.js").TrainingRecord} record */
  recorded(record) {
    const last = this.records[this.records.length - 1];
    if (!last || record.step > last.step) this.records.push(record);
  }

  /** @param {Extract<Told, {kind: "ended"}>} told */
  ended({ status, message, metrics, model, last, pace }) {
    const { facts } = this;
    Object.assign(facts, { status, message, metrics, file: model, pace });
    if (last) Object.assign(facts, { epochs: last.epoch, steps: last.step, seconds: last.seconds });
    if (model) facts.model = payloadOf(facts, model);
    this.state = null;
    this.close();
    void this.keep();
  }

  /** Runs of this browser are in the server's library. @param {Record<string, string>} sent */
  told(sent) {
    const { facts } = this;
    if (!sent[facts.id] || facts.sent === sent[facts.id]) return;
    facts.sent = sent[facts.id];
    void this.keep();
  }

  /** @param {string} message */
  fail(message) {
    Object.assign(this.facts, { status: "failed", message });
    this.close();
    void this.keep();
    this.changed();
  }

  close() {
    this.worker?.terminate();
    this.worker = null;
    this.release();
  }

  /** Into the database; without one it trains all the same. */
  async keep() {
    if (this.dropped) return;
    const { facts, frames, records, state } = this;
    const course = { id: facts.id, state, frames: joined(frames), count: frames.length, records };
    try {
      await keepRun(facts, course);
    } catch (error) {
      console.warn(error);
      this.note = NOT_KEPT;
      this.changed();
    }
  }

  changed() {
    for (const listener of this.listeners) listener();
  }

  /** A browser may slow down what nobody sees: say by how much, once it is seen again. */
  visibilityChanged() {
    if (!this.unfinished || this.control.paused) return;
    const { facts } = this;
    if (document.hidden) {
      [this.hiddenSince, this.hiddenSteps, this.seenPace] = [performance.now(), facts.steps, facts.pace];
      this.note = "This tab is hidden: the training goes on, as fast as the browser lets it.";
    } else {
      const seconds = (performance.now() - this.hiddenSince) / 1000;
      const share = (facts.steps - this.hiddenSteps) / seconds / (this.seenPace || 1);
      const slowed = seconds > 2 && share < SLOWED;
      this.note = slowed ? `While this tab was hidden it trained at ${Math.round(100 * share)} % of its pace.` : "";
    }
    this.changed();
  }

  /** It is dropped: what it tells from now on is kept no more. */
  forget() {
    this.dropped = true;
    this.close();
    running().delete(this.facts.id);
  }
}

/** @param {Frame[]} frames @returns {Uint8Array<ArrayBuffer>} their bytes, one behind the other */
export function joined(frames) {
  const parts = frames.map(({ codes }) => new Uint8Array(codes.buffer));
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {LocalCourse | undefined} course @returns {Frame[]} */
export function framesOf(course) {
  if (!course) return [];
  const { frames, count, state } = course;
  const size = frames.length / Math.max(count, 1);
  const all = Array.from({ length: count }, (_, i) => frameFrom(frames.slice(i * size, (i + 1) * size)));
  return state ? all.filter(({ step }) => step <= state.step) : all;
}
