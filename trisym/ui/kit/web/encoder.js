/**
 * The trained networks in the browser: z = a(W2 a(W1 a(x) + b1) + b2) with the leaky ReLU a, and the
 * decoder back to nine coordinates, a after every layer but the last (table 3 of the thesis).
 *
 * @typedef {{rows: number, columns: number, weights: string}} LayerPayload
 *   weights: base64 of float32, the matrix row by row, then the bias
 * @typedef {{id: string, name: string, title: string, slope: number, inputActivation: boolean,
 *   encoder: LayerPayload[], decoder: LayerPayload[], counted?: number,
 *   head?: {layers: LayerPayload[], width: number}}} ModelPayload head: what reads an energy, of
 *   so much for one unit of it
 *   counted: how many nodes, the first ones, drift is taken of; all where it is missing
 */

import { float32FromBase64 } from "./base64.js";

/** One linear layer with room for its output, so that a frame allocates nothing. */
export class Linear {
  /** @param {LayerPayload} payload */
  constructor(payload) {
    this.rows = payload.rows;
    this.columns = payload.columns;
    this.values = float32FromBase64(payload.weights);
    this.output = new Float64Array(payload.rows);
  }

  /** @param {Float64Array} x @param {number} slope of the leaky ReLU; 1 is none */
  apply(x, slope) {
    const { rows, columns, values, output } = this;
    const bias = rows * columns;
    for (let row = 0, w = 0; row < rows; row += 1) {
      let sum = values[bias + row];
      for (let column = 0; column < columns; column += 1, w += 1) sum += values[w] * x[column];
      output[row] = sum < 0 ? slope * sum : sum;
    }
    return output;
  }
}

export class Network {
  /** @param {ModelPayload} payload */
  constructor(payload) {
    this.id = payload.id;
    this.name = payload.name;
    this.title = payload.title;
    this.slope = payload.slope;
    this.inputSlope = payload.inputActivation ? payload.slope : 1;
    this.encoder = payload.encoder.map((layer) => new Linear(layer));
    this.decoder = payload.decoder.map((layer) => new Linear(layer));
    this.input = new Float64Array(this.encoder[0].columns);
    /** The number of latent nodes. */
    this.h = this.encoder[this.encoder.length - 1].rows;
    this.counted = payload.counted ?? this.h;
  }

  /** The latent of one triangle. The answer is reused by the next call: copy it to keep it.
   * @param {ArrayLike<number>} x nine coordinates, from `offset` on @param {number} [offset]
   * @returns {Float64Array} h numbers */
  encode(x, offset = 0) {
    const { input, inputSlope, slope } = this;
    for (let i = 0; i < input.length; i += 1) {
      const value = x[offset + i];
      input[i] = value < 0 ? inputSlope * value : value;
    }
    let signal = input;
    for (const layer of this.encoder) signal = layer.apply(signal, slope);
    return signal;
  }

  /** The nine coordinates of a latent point; reused by the next call.
   * @param {ArrayLike<number>} z @returns {Float64Array} */
  decode(z) {
    let signal = Float64Array.from(z);
    this.decoder.forEach((layer, i) => {
      signal = layer.apply(signal, i === this.decoder.length - 1 ? 1 : this.slope);
    });
    return signal;
  }
}
