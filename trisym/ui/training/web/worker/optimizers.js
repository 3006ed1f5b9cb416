/**
 * Optimisers: trisym/training/optimizers.py, for one network. A step takes the gradients and a learning
 * rate; what an optimiser remembers is in `state`, by name, to be saved and restored.
 *
 * @typedef {{refreshEvery: number, count: number, state: Record<string, Float32Array>,
 *   step(rate: number): void, refresh(): void, begin(): void}} Rule
 *   begin: once the memory is there
 */
import { Soap } from "./soap.js";
import { Weights } from "./network.js";

const ADAM_EPSILON = 1e-8;
const DECAY = 1e-2; // AdamW's
const ADAGRAD = { epsilon: 1e-7, initial: 0.1 }; // where Keras starts the sum of squares

/** @typedef {{workspace: import("./workspace.js").Workspace, network: import("./network.js").NetworkConfig,
 *   weights: Weights, gradients: Weights, betas: number[]}} Place */

/** Adam (Kingma & Ba 2015); with AMSGrad's running maximum, or with AdamW's decoupled decay.
 * @implements {Rule} */
class Adam {
  /** @param {Place} place @param {{maximum?: boolean, decay?: number}} [kind] */
  constructor({ workspace, network, weights, gradients, betas }, { maximum = false, decay = 0 } = {}) {
    this.refreshEvery = 0;
    this.count = 0;
    this.weights = weights;
    this.gradients = gradients;
    this.betas = betas;
    this.decay = decay;
    this.kept = Object.fromEntries(
      ["mean", "square", ...(maximum ? ["square_max"] : [])].map((name) => [name, new Weights(workspace, network)]),
    );
  }

  get state() {
    return Object.fromEntries(Object.entries(this.kept).map(([name, { values }]) => [name, values]));
  }

  begin() {}

  refresh() {}

  /** @param {number} rate */
  step(rate) {
    this.count += 1;
    const [first, second] = this.betas;
    const { mean, square, square_max: most } = this.state;
    const w = this.weights.values;
    const g = this.gradients.values;
    const keep = 1 - rate * this.decay;
    const towards = rate / (1 - first ** this.count);
    const correction = 1 / (1 - second ** this.count);
    for (let i = 0; i < w.length; i += 1) {
      const slope = g[i];
      mean[i] += (1 - first) * (slope - mean[i]);
      square[i] = second * square[i] + (1 - second) * slope * slope;
      let size = square[i];
      if (most) {
        if (size > most[i]) most[i] = size;
        size = most[i];
      }
      w[i] = keep * w[i] - (towards * mean[i]) / (Math.sqrt(size * correction) + ADAM_EPSILON);
    }
  }
}

/** Adagrad (Duchi et al. 2011). @implements {Rule} */
class Adagrad {
  /** @param {Place} place */
  constructor({ workspace, network, weights, gradients }) {
    this.refreshEvery = 0;
    this.count = 0;
    this.weights = weights;
    this.gradients = gradients;
    this.square = new Weights(workspace, network);
  }

  get state() {
    return { square: this.square.values };
  }

  begin() {
    this.square.values.fill(ADAGRAD.initial);
  }

  refresh() {}

  /** @param {number} rate */
  step(rate) {
    this.count += 1;
    const [w, g, square] = [this.weights.values, this.gradients.values, this.square.values];
    for (let i = 0; i < w.length; i += 1) {
      square[i] += g[i] * g[i];
      w[i] -= (rate * g[i]) / (Math.sqrt(square[i]) + ADAGRAD.epsilon);
    }
  }
}

/** By their names in a configuration. @type {Record<string, (place: Place) => Rule>} */
export const RULES = {
  soap: (place) => new Soap(place),
  adam: (place) => new Adam(place),
  "adam-amsgrad": (place) => new Adam(place, { maximum: true }),
  adamw: (place) => new Adam(place, { decay: DECAY }),
  adagrad: (place) => new Adagrad(place),
};
