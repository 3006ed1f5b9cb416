/**
 * The energy that a head reads off a network's first latent nodes (Fig. 15), and its forces: the
 * gradient goes back through head and encoder, each unit by the slope that it has there.
 *
 * @typedef {import("../../kit/web/encoder.js").Network} Network
 * @typedef {import("../../kit/web/encoder.js").LayerPayload} LayerPayload
 */
import { Linear } from "../../kit/web/encoder.js";

export class EnergyHead {
  /** @param {Network} network @param {LayerPayload[]} layers @param {number} width energy of one
   * scaled unit */
  constructor(network, layers, width) {
    this.network = network;
    this.layers = layers.map((layer) => new Linear(layer));
    this.width = width;
  }

  /** −∂E/∂x, nine numbers, of the unit of energy for each unit of x.
   * @param {ArrayLike<number>} x nine coordinates @returns {Float64Array} */
  forces(x) {
    const { layers, network, width } = this;
    const { encoder, input, inputSlope, slope } = network;
    /** @type {Float64Array} */
    let signal = network.encode(x).slice(0, layers[0].columns);
    layers.forEach((layer, i) => {
      signal = layer.apply(signal, i === layers.length - 1 ? 1 : slope);
    });
    /** @type {Float64Array} */
    let gradient = Float64Array.of(-width);
    layers.forEach((_, back) => {
      const at = layers.length - 1 - back;
      gradient = through(layers[at], gradient, at === layers.length - 1 ? 1 : slope);
    });
    const padded = new Float64Array(network.h);
    padded.set(gradient);
    gradient = padded;
    for (const layer of [...encoder].reverse()) gradient = through(layer, gradient, slope);
    return gradient.map((g, i) => (input[i] < 0 ? inputSlope * g : g));
  }
}

/** Wᵀ (σ′ ∘ g) of a layer that has just been applied. @param {Linear} layer
 * @param {Float64Array} gradient @param {number} slope @returns {Float64Array} */
function through({ columns, output, rows, values }, gradient, slope) {
  const before = new Float64Array(columns);
  for (let row = 0; row < rows; row += 1) {
    const g = gradient[row] * (output[row] < 0 ? slope : 1);
    if (g === 0) continue;
    for (let column = 0; column < columns; column += 1) before[column] += g * values[row * columns + column];
  }
  return before;
}
