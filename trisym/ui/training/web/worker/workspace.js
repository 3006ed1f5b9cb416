/**
 * Matrices of float32 in one memory, and what is computed with them: WebAssembly's vectors, or plain
 * loops where a browser has none.
 *
 * A matrix lies row by row, each row padded with zeros to whole blocks of eight numbers; a padding that
 * every operation keeps. Reserve first, `commit` once, and use what was reserved.
 *
 * @typedef {import("./plain_kernels.js").Kernels} Kernels
 */
import { KERNELS } from "./kernels_wasm.js";
import { bytesFromBase64 } from "../../../kit/web/base64.js";
import { plainKernels } from "./plain_kernels.js";

const WORD = 4; // bytes of a float32
const BLOCK = 8; // numbers that a kernel takes at once
const PAGE = 65536; // of WebAssembly's memory

/** Numbers from row to row. Rows at a power of two apart would share few of a cache's sets: of 256
 * columns that made a product take 1.5 to 5 times as long. @param {number} columns */
export function strideFor(columns) {
  const blocks = Math.ceil(columns / BLOCK);
  return BLOCK * (blocks % BLOCK === 0 ? blocks + 1 : blocks);
}

/** Whether this browser's WebAssembly has vectors of four numbers. @returns {boolean} */
export function hasVectors() {
  return typeof WebAssembly === "object" && WebAssembly.validate(bytesFromBase64(KERNELS));
}

export class Workspace {
  /** @param {boolean} [vectors] */
  constructor(vectors = hasVectors()) {
    this.vectors = vectors;
    this.size = 0; // numbers reserved
    /** @type {ArrayBuffer | null} */
    this.buffer = null;
    /** @type {Kernels | null} */
    this.ready = null;
  }

  get kernels() {
    return /** @type {Kernels} */ (this.ready);
  }

  /** @param {number} count of numbers @returns {number} where they begin */
  reserve(count) {
    const start = this.size;
    this.size += BLOCK * Math.ceil(count / BLOCK);
    return start;
  }

  /** @param {number} rows @param {number} columns @returns {Matrix} */
  matrix(rows, columns) {
    return new Matrix(this, rows, columns, this.reserve(rows * strideFor(columns)));
  }

  /** Take the memory for what was reserved; all of it is zero. */
  commit() {
    const pages = Math.ceil((this.size * WORD) / PAGE);
    if (this.vectors) {
      const memory = new WebAssembly.Memory({ initial: pages });
      const module = new WebAssembly.Module(bytesFromBase64(KERNELS));
      const instance = new WebAssembly.Instance(module, { env: { memory } });
      this.buffer = memory.buffer;
      this.ready = /** @type {Kernels} */ (/** @type {unknown} */ (instance.exports));
    } else {
      this.buffer = new ArrayBuffer(pages * PAGE);
      this.ready = plainKernels(new Float32Array(this.buffer));
    }
  }

  /** @param {number} start @param {number} count @returns {Float32Array} */
  numbers(start, count) {
    return new Float32Array(/** @type {ArrayBuffer} */ (this.buffer), start * WORD, count);
  }
}

export class Matrix {
  /** @param {Workspace} workspace @param {number} rows @param {number} columns
   * @param {number} start in numbers @param {number} [stride] */
  constructor(workspace, rows, columns, start, stride = strideFor(columns)) {
    this.workspace = workspace;
    this.rows = rows;
    this.columns = columns;
    this.stride = stride;
    this.start = start;
    this.address = start * WORD;
    this.bytes = stride * WORD; // from row to row
    this.blocks = BLOCK * Math.ceil(columns / BLOCK); // columns in whole blocks
    /** @type {Float32Array | null} */
    this.view = null;
  }

  /** All of it, the padding included. @returns {Float32Array} */
  get values() {
    this.view ??= this.workspace.numbers(this.start, this.rows * this.stride);
    return this.view;
  }

  /** The same memory as the first rows or columns of a smaller matrix. @param {number} rows
   * @param {number} columns @returns {Matrix} */
  as(rows, columns) {
    return new Matrix(this.workspace, rows, columns, this.start, strideFor(columns));
  }

  /** This ← keep · this + a b. @param {Matrix} a @param {Matrix} b @param {number} [keep] */
  setProduct(a, b, keep = 0) {
    this.workspace.kernels.multiply(this.address, a.address, b.address, this.rows, a.columns, b.blocks,
      this.bytes, a.bytes, WORD, b.bytes, keep);
  }

  /** This ← aᵀ b. @param {Matrix} a @param {Matrix} b */
  setTransposedProduct(a, b) {
    this.workspace.kernels.multiply(this.address, a.address, b.address, this.rows, a.rows, b.blocks,
      this.bytes, WORD, a.bytes, b.bytes, 0);
  }

  /** This ← a bᵀ: the products of a's rows with b's. @param {Matrix} a @param {Matrix} b */
  setRowProducts(a, b) {
    this.workspace.kernels.products(this.address, a.address, b.address, a.rows, a.blocks, b.rows,
      this.bytes, a.bytes, b.bytes);
  }

  /** This ← factor · aᵀ. @param {Matrix} a @param {number} [factor] */
  setTransposed(a, factor = 1) {
    const { values, stride } = this;
    const from = a.values;
    for (let i = 0; i < a.rows; i += 1) {
      const row = i * a.stride;
      for (let j = 0; j < a.columns; j += 1) values[j * stride + i] = factor * from[row + j];
    }
  }

  /** @param {Matrix} a of the same shape */
  set(a) {
    this.values.set(a.values);
  }

  setIdentity() {
    this.values.fill(0);
    for (let i = 0; i < this.rows; i += 1) this.values[i * this.stride + i] = 1;
  }

  /** Without the padding, row by row. @returns {Float32Array} */
  unpadded() {
    const found = new Float32Array(this.rows * this.columns);
    for (let i = 0; i < this.rows; i += 1) {
      found.set(this.values.subarray(i * this.stride, i * this.stride + this.columns), i * this.columns);
    }
    return found;
  }

  /** @param {ArrayLike<number>} values row by row */
  fillFrom(values) {
    for (let i = 0; i < this.rows; i += 1) {
      for (let j = 0; j < this.columns; j += 1) this.values[i * this.stride + j] = values[i * this.columns + j];
    }
  }
}
