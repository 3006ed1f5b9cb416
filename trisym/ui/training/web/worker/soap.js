/**
 * SOAP (Vyas et al. 2024, arXiv:2409.11321) as trisym/training/soap.py has it: Adam in the eigenbasis of
 * Shampoo's preconditioner, the basis brought up to date by a QR power iteration every 50 steps.
 *
 * Bases lie transposed, an eigenvector a row. Biases get plain Adam.
 *
 * @typedef {import("./workspace.js").Matrix} Matrix
 * @typedef {import("./workspace.js").Workspace} Workspace
 */
import { Weights } from "./network.js";
import { orthogonalise } from "./householder.js";

const REFRESH_EVERY = 50;
const DAMPING = 1e-6;
const TINY = 1.1754943508222875e-38; // the least normal float32

/** One side of a weight matrix: the mean of G Gᵀ or Gᵀ G, and its eigenbasis. */
class Side {
  /** @param {Workspace} workspace @param {number} size @param {string} name */
  constructor(workspace, size, name) {
    this.name = name;
    this.size = size;
    this.mean = workspace.matrix(size, size);
    this.basis = workspace.matrix(size, size);
  }
}

/** @typedef {import("./optimizers.js").Rule} Rule */

/** @implements {Rule} */
export class Soap {
  /** @param {import("./optimizers.js").Place} place */
  constructor({ workspace, network, weights, gradients, betas }) {
    this.refreshEvery = REFRESH_EVERY;
    this.count = 0;
    this.workspace = workspace;
    this.weights = weights;
    this.gradients = gradients;
    this.betas = betas;
    this.mean = new Weights(workspace, network); // in the eigenbasis, as are the next two
    this.square = new Weights(workspace, network);
    this.change = new Weights(workspace, network);
    const shapes = weights.shapes.map((shape, index) => ({ ...shape, index }));
    this.matrices = shapes.filter(({ name }) => name.endsWith(".weight")).map(({ name, rows, columns, index }) => ({
      index,
      left: new Side(workspace, rows, `${name}.left`),
      right: new Side(workspace, columns, `${name}.right`),
    }));
    const widest = Math.max(...this.matrices.flatMap(({ left, right }) => [left.size, right.size]));
    this.scratch = workspace.matrix(widest, widest);
    this.other = workspace.matrix(widest, widest);
    this.reflectors = workspace.matrix(widest, widest);
  }

  get sides() {
    return this.matrices.flatMap(({ left, right }) => [left, right]);
  }

  get state() {
    /** @type {Record<string, Float32Array>} */
    const state = { mean: this.mean.values, square: this.square.values };
    for (const { name, mean, basis } of this.sides) {
      state[name] = mean.values;
      state[`${name}_basis`] = basis.values;
    }
    return state;
  }

  begin() {
    for (const { basis } of this.sides) basis.setIdentity();
  }

  /** @param {number} rate */
  step(rate) {
    this.count += 1;
    const [first, second] = this.betas;
    const { change, gradients, mean, square } = this;
    const { kernels } = this.workspace;
    change.values.set(gradients.values);
    for (const { index, left, right } of this.matrices) {
      const gradient = gradients.parts[index];
      this.turn(change.parts[index], gradient, left, right);
      const across = this.scratch.as(gradient.columns, gradient.rows);
      across.values.fill(0);
      across.setTransposed(gradient, 1 - second);
      left.mean.setProduct(gradient, across, second);
      right.mean.setProduct(across, gradient, second);
    }
    const towards = rate / (1 - first ** this.count);
    kernels.adapt(change.address, mean.address, square.address, change.length, 1 - first, second, towards,
      1 / (1 - second ** this.count));
    for (const { index, left, right } of this.matrices) {
      this.turnBack(change.parts[index], change.parts[index], left, right);
    }
    kernels.subtract(this.weights.address, change.address, change.length);
  }

  /** to ← Q_Lᵀ from Q_R. @param {Matrix} to @param {Matrix} from @param {Side} left @param {Side} right */
  turn(to, from, left, right) {
    const half = this.other.as(from.rows, from.columns);
    half.setProduct(left.basis, from);
    to.setRowProducts(half, right.basis);
  }

  /** to ← Q_L from Q_Rᵀ. @param {Matrix} to @param {Matrix} from @param {Side} left @param {Side} right */
  turnBack(to, from, left, right) {
    const half = this.other.as(from.rows, from.columns);
    half.setTransposedProduct(left.basis, from);
    to.setProduct(half, right.basis);
  }

  /** Bring the eigenbases up to date by one step of the QR power iteration. */
  refresh() {
    for (const { index, left, right } of this.matrices) {
      const mean = this.mean.parts[index];
      const square = this.square.parts[index];
      this.turnBack(mean, mean, left, right);
      const rows = this.refreshSide(left);
      const columns = this.refreshSide(right);
      const before = square.values.slice();
      for (let i = 0; i < square.rows; i += 1) {
        for (let j = 0; j < square.columns; j += 1) {
          square.values[i * square.stride + j] = before[rows[i] * square.stride + columns[j]];
        }
      }
      this.turn(mean, mean, left, right);
    }
  }

  /** @param {Side} side @returns {number[]} where each vector of the new basis was in the old one */
  refreshSide({ size, mean, basis }) {
    const { kernels } = this.workspace;
    const product = this.scratch.as(size, size);
    product.setProduct(basis, mean); // the mean is symmetric: these are the rows of (mean Q)ᵀ
    let trace = 0;
    for (let i = 0; i < size; i += 1) trace += mean.values[i * mean.stride + i];
    const strength = Float32Array.from({ length: size }, (_, i) =>
      kernels.dot(product.address + i * product.bytes, basis.address + i * basis.bytes, basis.blocks));
    const order = [...strength.keys()].sort((a, b) => strength[b] - strength[a]);
    const damped = this.other.as(size, size);
    damped.values.fill(0);
    const floor = DAMPING * trace + TINY;
    order.forEach((row, i) => {
      for (let k = 0; k < size; k += 1) {
        damped.values[i * damped.stride + k] = product.values[row * product.stride + k]
          + floor * basis.values[row * basis.stride + k];
      }
    });
    orthogonalise(damped, basis, this.reflectors.as(size, size));
    return order;
  }
}
