/**
 * Training of one network, step by step: trisym/training/trainer.py for one member on a CPU, from the
 * same random numbers. No messages, no clock but the one that it is given.
 *
 * @typedef {import("./schedule.js").FitConfig} FitConfig
 * @typedef {import("./sets.js").Split} Split
 * @typedef {{epoch: number, step: number, train_loss: number, validation_loss: number,
 *   side_error: number | null, lr: number, seconds: number}} TrainingRecord
 * @typedef {{weights: Float32Array, rule: Record<string, Float32Array>, count: number,
 *   generator: {words: Uint32Array, next: number}, step: number, seconds: number, rate: number,
 *   rounds: number, revived: number[][]}} TrainerState
 */
import { Descent, Pass, Weights, initialWeights } from "./network.js";
import { LOSS_FUNCTIONS, mseLoss, sideErrors } from "./losses.js";
import { RULES } from "./optimizers.js";
import { Twister } from "./twister.js";
import { Workspace } from "./workspace.js";
import { drawnSet, splitOf } from "./sets.js";
import { generatorOfRound, putToWork, roundsDue } from "./idle_units.js";
import { rateAt, spentOf } from "./schedule.js";

const WATCHED = 4096; // validation samples behind a record
const AT_ONCE_WATCHED = 512; // of them

/** The loss stopped being finite. */
export class TrainingError extends Error {}

export class Trainer {
  /** @param {FitConfig} config checked already @param {Split} [split] in place of the set that it names
   * @param {boolean} [vectors] whether to use WebAssembly's */
  constructor(config, split, vectors) {
    this.config = config;
    this.split = split ?? splitOf(drawnSet(config.data));
    this.rate = config.lr;
    this.step = 0;
    this.seconds = 0;
    this.rounds = 0;
    /** @type {number[][]} step, layer, unit and the unit that it copied */
    this.revived = [];
    this.lossSum = 0;
    this.summed = 0; // steps in that sum
    this.lastLoss = NaN; // a mean over the steps between two records
    this.perEpoch = Math.max(1, Math.floor(this.split.train.count / config.batch));
    const { network, batch } = config;
    const workspace = new Workspace(vectors);
    this.workspace = workspace;
    this.weights = new Weights(workspace, network);
    this.gradients = new Weights(workspace, network);
    const place = { workspace, network, weights: this.weights, gradients: this.gradients, betas: config.betas };
    this.rule = RULES[config.optimizer](place);
    this.rows = Math.min(batch, this.split.train.count);
    this.descent = new Descent(workspace, network, this.weights, this.gradients, this.rows);
    this.watching = new Pass(workspace, network, this.weights, AT_ONCE_WATCHED);
    const { targetWidth } = this.split.train;
    this.target = workspace.matrix(targetWidth, this.rows);
    this.watchedTarget = workspace.matrix(targetWidth, AT_ONCE_WATCHED);
    workspace.commit();
    this.rule.begin();
    this.random = new Twister(config.seed);
    this.weights.fillFrom(initialWeights(network, this.random));
    this.begunWith = this.random.state();
    /** @type {Uint32Array} */
    this.order = new Uint32Array(0);
    this.loss = LOSS_FUNCTIONS[config.loss];
  }

  get epoch() {
    return this.step / this.perEpoch;
  }

  /** The share of the budget that is spent. */
  get progress() {
    return spentOf(this.config, this.epoch, this.seconds);
  }

  get over() {
    return this.progress >= 1;
  }

  /** The learning rate of the next step. */
  get present() {
    return rateAt(this.config, this.rate, this.progress);
  }

  /** One step of the optimiser. */
  advance() {
    this.putToWork();
    const within = this.step % this.perEpoch;
    if (within === 0) {
      this.begunWith = this.random.state();
      this.order = this.random.permutation(this.split.train.count);
    }
    const loss = this.descend(this.order, within * this.config.batch);
    this.lossSum += loss;
    this.summed += 1;
    this.rule.step(this.present);
    this.step += 1;
    const { refreshEvery } = this.rule;
    if (refreshEvery && this.step % refreshEvery === 0) this.rule.refresh();
  }

  /** The loss of a batch, and its slopes in `gradients`. @param {ArrayLike<number> | null} order
   * @param {number} from @returns {number} */
  descend(order, from) {
    const { config, descent, rows, split, target } = this;
    const { inputs, targets } = split.train;
    descent.take(inputs, order, from, rows);
    takeTargets(target, targets, order, from, rows);
    descent.forward();
    const slope = descent.outputSlope;
    slope.values.fill(0);
    let sum = this.loss(target, descent.output, slope, rows, 1 / rows);
    if (config.mse_weight) {
      const share = config.mse_weight / rows;
      sum += config.mse_weight * mseLoss(target, descent.output, slope, rows, share);
    }
    descent.backward();
    return sum / rows;
  }

  /** Start idle units again where a round is due. */
  putToWork() {
    const { config } = this;
    const due = roundsDue(this.progress);
    if (!config.revive || due <= this.rounds) return;
    this.rounds = due;
    const random = generatorOfRound(config.seed, due);
    const units = putToWork(this.weights, config.network, config.revive, random);
    this.revived.push(...units.map((unit) => [this.step, ...unit]));
  }

  /** Where the run stands. @returns {TrainingRecord} @throws {TrainingError} */
  record() {
    if (this.summed) this.lastLoss = this.lossSum / this.summed;
    const training = this.lastLoss;
    this.lossSum = 0;
    this.summed = 0;
    const { validation, sideError } = this.watch();
    if (!Number.isFinite(training) || !Number.isFinite(validation)) {
      throw new TrainingError(`The loss stopped being finite in epoch ${general(this.epoch, 4)} at the `
        + `learning rate ${general(this.rate, 6)}; the last good weights are kept. Try a smaller rate.`);
    }
    return {
      epoch: this.epoch, step: this.step, train_loss: training, validation_loss: validation,
      side_error: sideError, lr: this.present, seconds: this.seconds,
    };
  }

  /** The loss and the side error on the first validation samples. */
  watch() {
    const { split, watchedTarget, watching } = this;
    const { inputs, targets, count, targetWidth } = split.validation;
    const watched = Math.min(count, WATCHED);
    let [loss, errors] = [0, 0];
    for (let from = 0; from < watched; from += AT_ONCE_WATCHED) {
      const size = Math.min(AT_ONCE_WATCHED, watched - from);
      watching.take(inputs, null, from, size);
      takeTargets(watchedTarget, targets, null, from, size);
      watching.forward();
      loss += this.loss(watchedTarget, watching.output, null, size, 0);
      if (targetWidth === 9) errors += sideErrors(watchedTarget, watching.output, size);
    }
    return { validation: loss / watched, sideError: targetWidth === 9 ? errors / (3 * watched) : null };
  }

  /** What to go on from, exactly, between two records. @returns {TrainerState} */
  state() {
    const rule = Object.fromEntries(Object.entries(this.rule.state).map(([name, values]) => [name, values.slice()]));
    const between = this.step % this.perEpoch === 0 ? this.random.state() : this.begunWith;
    return {
      weights: this.weights.values.slice(), rule, count: this.rule.count, generator: between,
      step: this.step, seconds: this.seconds, rate: this.rate, rounds: this.rounds, revived: this.revived,
    };
  }

  /** @param {TrainerState} state of a run of this configuration */
  restore(state) {
    this.weights.values.set(state.weights);
    for (const [name, values] of Object.entries(this.rule.state)) values.set(state.rule[name]);
    this.rule.count = state.count;
    Object.assign(this, {
      step: state.step, seconds: state.seconds, rate: state.rate, rounds: state.rounds, revived: [...state.revived],
    });
    this.random.restore(state.generator);
    this.begunWith = this.random.state();
    if (this.step % this.perEpoch) this.order = this.random.permutation(this.split.train.count);
  }
}

/** @param {import("./workspace.js").Matrix} matrix @param {Float32Array} targets sample by sample
 * @param {ArrayLike<number> | null} rows @param {number} from @param {number} count */
export function takeTargets(matrix, targets, rows, from, count) {
  const { rows: width, stride, values } = matrix;
  for (let sample = 0; sample < count; sample += 1) {
    const start = width * (rows ? rows[from + sample] : from + sample);
    for (let k = 0; k < width; k += 1) values[k * stride + sample] = targets[start + k];
  }
}

/** As Python writes a number with :g. @param {number} value @param {number} digits */
export function general(value, digits) {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))));
  if (exponent >= -4 && exponent < digits) return String(Number(value.toPrecision(digits)));
  const [digitsOf, power] = value.toExponential(digits - 1).split("e");
  const sign = power[0];
  return `${Number(digitsOf)}e${sign}${power.slice(1).padStart(2, "0")}`;
}
