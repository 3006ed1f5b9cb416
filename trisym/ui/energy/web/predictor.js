/**
 * An energy predictor of table 4 in the browser: molecule -> features -> scaled to 0..1 -> layers ->
 * energy in the units of `moleculeEnergy`.
 *
 * @typedef {{low: number[], widths: number[]}} Scaling one scaled unit is a width, from low on
 * @typedef {{kind: string, slope: number, layers: import("../../kit/web/encoder.js").LayerPayload[],
 *   inputs: Scaling, energy: Scaling}} PredictorPayload
 */
import { Linear } from "../../kit/web/encoder.js";
import { sideLengths } from "../../kit/web/geometry.js";

export class EnergyPredictor {
  /** @param {PredictorPayload} payload
   * @param {import("../../kit/web/encoder.js").Network} encoder for latents */
  constructor(payload, encoder) {
    this.kind = payload.kind;
    this.slope = payload.slope;
    this.layers = payload.layers.map((layer) => new Linear(layer));
    this.inputs = payload.inputs;
    this.scale = payload.energy;
    this.encoder = encoder;
    this.signal = new Float64Array(this.layers[0].columns);
  }

  /** @param {number[]} v nine coordinates @returns {ArrayLike<number>} what the network sees */
  features(v) {
    if (this.kind === "sides") return sideLengths(v);
    return this.kind === "latent" ? this.encoder.encode(v) : v;
  }

  /** @param {number[]} v nine coordinates, in the unit of sigma @returns {number} */
  energy(v) {
    const { signal, inputs, layers, scale } = this;
    const seen = this.features(v);
    for (let i = 0; i < signal.length; i += 1) {
      signal[i] = (seen[i] - inputs.low[i]) / inputs.widths[i];
    }
    let out = signal;
    layers.forEach((layer, i) => {
      out = layer.apply(out, i === layers.length - 1 ? 1 : this.slope);
    });
    return scale.low[0] + scale.widths[0] * out[0];
  }
}
