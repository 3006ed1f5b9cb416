/**
 * One training in a worker: steered between its steps, told as records and frames, saved as it goes; as
 * trisym/jobs/worker_run.py does it on the server.
 *
 * @typedef {import("./trainer.js").TrainerState} TrainerState
 * @typedef {import("./trainer.js").TrainingRecord} TrainingRecord
 * @typedef {{id: string, name: string, config: import("./schedule.js").FitConfig & Record<string, unknown>,
 *   agent: string, version: string, saved: TrainerState | null}} Task
 * @typedef {{paused: boolean, stopped: boolean, pace: string, rate: number | null, steps: number}} Control
 *   steps: how many to take though paused
 * @typedef {"running" | "paused" | "measuring" | "finished" | "stopped" | "failed"} RunStanding
 * @typedef {{kind: "frame", frame: Uint8Array<ArrayBuffer>, keep: boolean, share: number, left: number | null,
 *     pace: number, vectors: boolean}
 *   | {kind: "record", record: TrainingRecord}
 *   | {kind: "rate", step: number, rate: number}
 *   | {kind: "state", state: TrainerState}
 *   | {kind: "standing", status: RunStanding, message: string}
 *   | {kind: "ended", status: RunStanding, message: string, metrics: Record<string, number>,
 *     model: Uint8Array<ArrayBuffer> | null, last: TrainingRecord | null, pace: number}} Told
 */
import { HeldOut } from "./held_out.js";
import { Trainer, TrainingError } from "./trainer.js";
import { evaluated } from "./evaluation.js";
import { modelFile } from "./safetensors.js";
import { drawnSet, splitOf } from "./sets.js";
import { energySplit } from "./molecules.js";
import { shapesOf } from "./network.js";

const MOST_FRAMES = 200; // of a film
const MOST_RECORDS = 1000; // of a history
const SLICE_MS = 12; // of steps between two looks at the messages
const RECORD_S = 0.06; // of training between two records
const PULSE_S = 0.2; // between two frames for who is watching
const STATE_S = 2; // between two saved states: what a closed tab may lose
/** Seconds to wait between two records. @type {Record<string, number>} */
export const PACE_SECONDS = { full: 0, slow: 0.2, "very slow": 1 };

/** An energy predictor has no film: it returns energies, not triangles. @param {Task["config"]} config */
function predicts({ network }) {
  return network.kind === "predictor";
}

/** @param {Task["config"]} config @returns {import("./sets.js").Split} */
function splitFor({ data, network }) {
  const split = splitOf(drawnSet(data));
  return network.kind === "predictor" ? energySplit(network.inputs === 3 ? "sides" : "coordinates", split) : split;
}

/** Chooses the moments that are kept: the k-th is due at the share (k / (count − 1))² of the budget. */
export class MomentSampler {
  /** @param {number} count @param {number} [from] share of the budget that is spent already */
  constructor(count, from = -1) {
    this.last = count - 1;
    this.next = from < 0 ? 0 : this.passed(from) + 1;
  }

  /** @param {number} share */
  passed(share) {
    return Math.floor(this.last * Math.sqrt(Math.min(Math.max(share, 0), 1)) + 1e-9);
  }

  /** @param {number} share @returns {boolean} whether this moment is to be kept; each is once */
  due(share) {
    const passed = this.passed(share);
    if (passed < this.next) return false;
    this.next = passed + 1;
    return true;
  }
}

export class Run {
  /** @param {Task} task @param {(told: Told) => void} tell @param {() => number} now in milliseconds */
  constructor(task, tell, now) {
    this.task = task;
    this.tell = tell;
    this.now = now;
    /** @type {Control} */
    this.control = { paused: false, stopped: false, pace: "full", rate: null, steps: 0 };
    this.trainer = new Trainer(task.config, splitFor(task.config));
    this.begun = task.saved ? task.saved.step : 0;
    if (task.saved) this.trainer.restore(task.saved);
    this.held = predicts(task.config) ? null : new HeldOut(this.trainer.split, task.config.data);
    this.kept = this.trainer.weights.unpadded(); // at the last good record
    /** @type {TrainingRecord | null} */
    this.last = null;
    const share = task.saved ? this.trainer.progress : -1;
    this.frames = new MomentSampler(MOST_FRAMES, share);
    this.records = new MomentSampler(MOST_RECORDS, share);
    this.recorded = this.trainer.seconds; // when the last record was made, in seconds of training
    this.shown = -Infinity; // when the last frame was told
    this.saved = now(); // when the last state was
    this.waitUntil = 0;
    this.toReport = false;
    this.toSave = false;
    this.over = false;
    this.standing = "";
    if (!task.saved) this.tellFrame(null, this.frames.due(0));
    this.stand("running");
  }

  /** @param {RunStanding} status @param {string} [message] */
  stand(status, message = "") {
    if (status === this.standing) return;
    this.standing = status;
    this.tell({ kind: "standing", status, message });
  }

  /** Take what is asked for; it holds from the next step on. @param {Partial<Control>} asked */
  steer(asked) {
    Object.assign(this.control, asked);
    const { rate } = this.control;
    if (rate !== null && rate !== this.trainer.rate) {
      this.trainer.rate = rate;
      this.tell({ kind: "rate", step: this.trainer.step, rate });
      if (this.trainer.step) this.save();
    }
  }

  /** Train for a slice of time. @returns {number} milliseconds to wait before the next; Infinity until
   * somebody steers, or for good */
  work() {
    if (this.over) return Infinity;
    try {
      return this.slice();
    } catch (error) {
      if (!(error instanceof TrainingError)) throw error;
      this.trainer.weights.fillFrom(this.kept);
      this.end("failed", error.message);
      return Infinity;
    }
  }

  /** @returns {number} */
  slice() {
    const { control, trainer } = this;
    if (control.stopped) return this.end("stopped");
    if (trainer.over && !this.toReport) return this.end("finished");
    if (control.paused && !control.steps) {
      if (this.standing === "running") this.pause();
      return Infinity;
    }
    const wait = this.waitUntil - this.now();
    if (wait > 0 && !control.paused) return wait;
    this.stand(control.paused ? "paused" : "running");
    // Each of these in a turn of its own: between two of them messages are heard.
    if (this.toSave) this.save();
    else if (this.toReport) this.report();
    else {
      this.steps();
      this.toReport = trainer.over || control.paused || trainer.seconds - this.recorded >= RECORD_S;
      if (control.paused) this.report();
    }
    return 0;
  }

  /** Steps of the optimiser for as long as a slice lasts; one at a time where somebody asks for that. */
  steps() {
    const { control, trainer } = this;
    const start = this.now();
    const before = trainer.seconds;
    do {
      trainer.advance();
      trainer.seconds = before + (this.now() - start) / 1000;
      if (control.steps) control.steps -= 1;
    } while (!control.steps && !control.paused && !trainer.over && this.now() - start < SLICE_MS
      && trainer.seconds - this.recorded < RECORD_S);
  }

  /** A record, and a frame where one is due. */
  report() {
    const { control, trainer } = this;
    const start = this.now();
    const record = trainer.record();
    trainer.seconds += (this.now() - start) / 1000; // as on the server, where measuring counts
    this.recorded = trainer.seconds;
    this.last = record;
    this.kept = trainer.weights.unpadded();
    const share = Math.min(trainer.progress, 1);
    if (this.records.due(share)) this.tell({ kind: "record", record });
    const keep = this.frames.due(share);
    const slowly = control.paused || control.pace !== "full";
    if (keep || slowly || this.now() - this.shown >= 1000 * PULSE_S) this.tellFrame(record, keep);
    this.waitUntil = this.now() + 1000 * PACE_SECONDS[control.pace];
    this.toReport = false;
    this.toSave = !trainer.over && this.now() - this.saved >= 1000 * STATE_S;
    if (control.paused && !trainer.over) this.save();
  }

  /** @param {TrainingRecord | null} record @param {boolean} keep */
  tellFrame(record, keep) {
    const { held, trainer } = this;
    if (!held) return;
    const share = Math.min(trainer.progress, 1);
    const left = share > 0 ? trainer.seconds * (1 / share - 1) : null;
    const frame = held.frame(trainer, record);
    this.shown = this.now();
    this.tell({ kind: "frame", frame, keep, share, left, pace: this.pace, vectors: trainer.workspace.vectors });
  }

  /** Steps a second of training. */
  get pace() {
    const { seconds, step } = this.trainer;
    return seconds > 0 ? step / seconds : 0;
  }

  save() {
    this.toSave = false;
    this.saved = this.now();
    this.tell({ kind: "state", state: this.trainer.state() });
  }

  pause() {
    this.stand("paused"); // at once; then what is to be kept of it
    if (this.trainer.summed) this.report();
    else this.save();
  }

  /** @param {RunStanding} status @param {string} [message] @returns {number} */
  end(status, message = "") {
    const { task, trainer } = this;
    this.over = true;
    if (trainer.step === this.begun && !this.last && !trainer.step) {
      this.tell({ kind: "ended", status, message, metrics: {}, model: null, last: null, pace: 0 });
      return Infinity;
    }
    if (status !== "failed" && (!this.last || trainer.summed)) this.report();
    this.stand("measuring");
    const last = this.last;
    if (last && status !== "failed") {
      this.tell({ kind: "record", record: last });
      this.tellFrame(last, true);
    }
    /** @type {Record<string, number>} */
    let metrics = {};
    let note = message;
    try {
      const measured = predicts(task.config) ? { validation_mse: last?.validation_loss ?? NaN } : evaluated(trainer);
      metrics = Object.fromEntries(Object.entries(measured).filter(([, value]) => Number.isFinite(value)));
    } catch (error) {
      note = `${message} It could not be measured: ${error instanceof Error ? error.message : error}`.trim();
    }
    const model = last && modelFile(shapesOf(task.config.network), this.kept, this.card(status, last, metrics));
    this.tell({ kind: "ended", status, message: note, metrics, model, last, pace: this.pace });
    return Infinity;
  }

  /** @param {RunStanding} status @param {TrainingRecord} last @param {Record<string, number>} metrics */
  card(status, last, metrics) {
    const { agent, config, id, name, version } = this.task;
    const pace = `${this.pace.toPrecision(3)} steps a second, ${this.trainer.workspace.vectors ? "WebAssembly" : "JavaScript"}`;
    return {
      name, config, epochs: last.epoch, steps: last.step, seconds: last.seconds, device: "a browser", metrics,
      notes: { run: id, ended: status, "trained in": "a browser", agent, pace },
      versions: { trisym: version }, created: new Date().toISOString().slice(0, 10), format: 1,
    };
  }
}
