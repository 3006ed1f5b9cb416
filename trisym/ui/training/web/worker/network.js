/**
 * The networks of tables 1, 3 and 4 in a workspace: layouts, initial weights, forwards and backwards.
 *
 * Signals lie feature by feature, a row for each, with the samples of a batch along it: then a layer is
 * W x with the weights as they are, row by row, and the vectors run along the samples.
 *
 * @typedef {{kind: "autoencoder", hidden: number[], latent: number, vertices: number, activation: string,
 *   slope: number, input_activation: boolean}} AutoencoderConfig
 * @typedef {{kind: "predictor", inputs: number, hidden: number[], activation: string, slope: number}
 *   } PredictorConfig
 * @typedef {AutoencoderConfig | PredictorConfig} NetworkConfig
 * @typedef {{name: string, rows: number, columns: number}} Shape of a weight: a bias has one row
 */
import { Matrix, strideFor } from "./workspace.js";

/** @param {NetworkConfig} config @returns {number[]} widths from input to output */
export function sizesOf(config) {
  if (config.kind === "predictor") return [config.inputs, ...config.hidden, 1];
  const inwards = [3 * config.vertices, ...config.hidden, config.latent];
  return [...inwards, ...inwards.slice(0, -1).reverse()];
}

/** @param {NetworkConfig} config @returns {number} layers up to the latent; all of a predictor's */
export function encoderDepth(config) {
  return config.hidden.length + 1;
}

/** The weights in the order of a checkpoint, matrix and bias by turns. @param {NetworkConfig} config
 * @returns {Shape[]} */
export function shapesOf(config) {
  const sizes = sizesOf(config);
  const depth = encoderDepth(config);
  return sizes.slice(1).flatMap((rows, i) => {
    const part = config.kind === "predictor" ? "layers" : i < depth ? "encoder" : "decoder";
    const name = `${part}.${part === "decoder" ? i - depth : i}`;
    return [
      { name: `${name}.weight`, rows, columns: sizes[i] },
      { name: `${name}.bias`, rows: 1, columns: rows },
    ];
  });
}

/** Glorot-uniform weights and zero biases, drawn in float64. @param {NetworkConfig} config
 * @param {import("./twister.js").Twister} random @returns {Float32Array[]} in the shapes' order */
export function initialWeights(config, random) {
  return shapesOf(config).map(({ name, rows, columns }) => {
    const drawn = new Float32Array(rows * columns);
    if (name.endsWith(".bias")) return drawn;
    const bound = Math.sqrt(6 / (rows + columns));
    return drawn.map(() => random.double() * (2 * bound) - bound);
  });
}

/** One number for each weight of a network, in one piece: weights, gradients, an optimiser's means. */
export class Weights {
  /** @param {import("./workspace.js").Workspace} workspace @param {NetworkConfig} config */
  constructor(workspace, config) {
    this.shapes = shapesOf(config);
    this.workspace = workspace;
    this.start = workspace.size;
    this.parts = this.shapes.map(({ rows, columns }) => workspace.matrix(rows, columns));
    this.length = workspace.size - this.start;
    this.address = 4 * this.start; // in bytes
    /** @type {Float32Array | null} */
    this.view = null;
  }

  /** All of them and their padding. @returns {Float32Array} */
  get values() {
    this.view ??= this.workspace.numbers(this.start, this.length);
    return this.view;
  }

  /** @param {Float32Array[]} parts in the shapes' order */
  fillFrom(parts) {
    this.parts.forEach((matrix, i) => matrix.fillFrom(parts[i]));
  }

  /** @returns {Float32Array[]} */
  unpadded() {
    return this.parts.map((matrix) => matrix.unpadded());
  }
}

/** A network's answers to batches of at most so many samples. */
export class Pass {
  /** @param {import("./workspace.js").Workspace} workspace @param {NetworkConfig} config
   * @param {Weights} weights @param {number} batch */
  constructor(workspace, config, weights, batch) {
    this.workspace = workspace;
    this.weights = weights;
    this.batch = batch;
    this.sizes = sizesOf(config);
    this.depth = encoderDepth(config);
    this.slope = config.activation === "linear" ? 1 : config.slope;
    this.inputSlope = config.kind === "autoencoder" && config.input_activation ? this.slope : 1;
    this.signals = this.sizes.map((rows) => workspace.matrix(rows, batch));
  }

  get input() {
    return this.signals[0];
  }

  get output() {
    return this.signals[this.signals.length - 1];
  }

  /** Take samples in, through the activation of the input where there is one.
   * @param {Float32Array} set sample by sample @param {ArrayLike<number> | null} rows of it, or its
   * first ones @param {number} from the first of the rows @param {number} count */
  take(set, rows, from, count) {
    const { input, inputSlope } = this;
    const { values, stride } = input;
    const width = input.rows;
    for (let sample = 0; sample < count; sample += 1) {
      const start = width * (rows ? rows[from + sample] : from + sample);
      for (let k = 0; k < width; k += 1) {
        const value = set[start + k];
        values[k * stride + sample] = value < 0 ? inputSlope * value : value;
      }
    }
  }

  /** @param {number} [layers] how many; as many as there are */
  forward(layers = this.signals.length - 1) {
    const { signals, slope, weights, workspace } = this;
    for (let layer = 0; layer < layers; layer += 1) {
      const signal = signals[layer + 1];
      signal.setProduct(weights.parts[2 * layer], signals[layer]);
      const bent = layer < signals.length - 2 ? slope : 1;
      workspace.kernels.activate(signal.address, weights.parts[2 * layer + 1].address, signal.rows,
        signal.blocks, signal.bytes, bent);
    }
  }

  /** The latent points, or a predictor's outputs, of the batch. */
  encode() {
    this.forward(this.depth);
    return this.signals[this.depth];
  }
}

/** A pass that goes back, too. */
export class Descent extends Pass {
  /** @param {import("./workspace.js").Workspace} workspace @param {NetworkConfig} config
   * @param {Weights} weights @param {Weights} gradients @param {number} batch */
  constructor(workspace, config, weights, gradients, batch) {
    super(workspace, config, weights, batch);
    this.gradients = gradients;
    const widest = Math.max(...this.sizes);
    this.places = [0, 1].map(() => workspace.reserve(widest * strideFor(batch)));
    this.slopes = this.sizes.map((rows, i) => new Matrix(workspace, rows, batch, this.places[i % 2]));
    this.ones = workspace.matrix(1, batch);
  }

  /** The loss's slope by the output, for `backward`: a row for each output, zero in the padding. */
  get outputSlope() {
    return this.slopes[this.slopes.length - 1];
  }

  /** From the loss's slope by the output to its slope by each weight. */
  backward() {
    const { gradients, ones, signals, slope, slopes, weights, workspace } = this;
    ones.values.fill(1, 0, this.batch);
    for (let layer = signals.length - 2; layer >= 0; layer -= 1) {
      const above = slopes[layer + 1];
      gradients.parts[2 * layer].setRowProducts(above, signals[layer]);
      // The bias's is the sum along the row: a column of products, which lies as the bias's row does.
      const bias = gradients.parts[2 * layer + 1];
      workspace.kernels.products(bias.address, above.address, ones.address, above.rows, above.blocks, 1,
        4, above.bytes, ones.bytes);
      if (layer === 0) return;
      const below = slopes[layer];
      below.setTransposedProduct(weights.parts[2 * layer], above);
      workspace.kernels.bend(below.address, signals[layer].address, below.rows, below.blocks, below.bytes, slope);
    }
  }
}
