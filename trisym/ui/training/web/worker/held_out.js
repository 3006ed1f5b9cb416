/**
 * The film's frames: the same held-out triangles, encoded again and again, as trisym/training/frames.py
 * makes them and trisym/film.py packs them.
 */
import { Twister } from "./twister.js";
import { SETS, drawnSet } from "./sets.js";
import { encodeAll } from "./answers.js";
import { posesInside, spreadOfOrbits } from "./orbits.js";
import { spectrumNumbers } from "../../../kit/web/spectrum.js";

const MOTIONS_SEED = 2021;
const FRESH = 2021; // the seed of held-out triangles, unless the training set has it
const ORBITS_SHOWN = 20;
const POSES_SHOWN = 25;
const ASKED = 400; // triangles behind a spectrum
const MOST_NODES = 3; // that a picture shows
const TOP_CODE = 65535;

/** @param {import("./sets.js").DataConfig} data @returns {number} */
export function freshSeed({ seed }) {
  return seed === FRESH ? FRESH + 1 : FRESH;
}

/** 20 held-out triangles, each in 25 poses inside the cube, and 400 others to ask a network about. */
export class HeldOut {
  /** @param {import("./sets.js").Split} split @param {import("./sets.js").DataConfig} data */
  constructor(split, data) {
    const { inputs, count } = split.test;
    const shapes = new Float32Array(9 * ORBITS_SHOWN);
    for (let i = 0; i < ORBITS_SHOWN; i += 1) {
      const from = 9 * (i % count);
      shapes.set(inputs.subarray(from, from + 9), 9 * i);
    }
    this.edge = data.edge;
    this.poses = posesInside(shapes, POSES_SHOWN, new Twister(MOTIONS_SEED), data.edge);
    const name = SETS[data.name].pairs ? "random" : data.name;
    this.asked = drawnSet({ ...data, name, n: ASKED, seed: freshSeed(data) }).inputs;
  }

  /** @param {import("./trainer.js").Trainer} trainer
   * @param {import("./trainer.js").TrainingRecord | null} record none for the network as it was drawn
   * @returns {Uint8Array<ArrayBuffer>} a packed frame */
  frame(trainer, record) {
    const pass = trainer.watching;
    const latents = encodeAll(pass, this.poses);
    const nodes = latents.length / (ORBITS_SHOWN * POSES_SHOWN);
    const spread = spreadOfOrbits(latents, nodes, POSES_SHOWN);
    const known = record
      ? [record.epoch, record.step, record.seconds, record.train_loss, record.validation_loss, record.side_error ?? NaN]
      : [0, 0, 0, NaN, NaN, NaN];
    const rate = record ? record.lr : trainer.rate;
    const answers = spectrumNumbers(encoderOf(trainer), this.asked, this.edge);
    return packedFrame([...known, spread, rate, ...answers], latents, nodes);
  }
}

/** @param {import("./trainer.js").Trainer} trainer @returns {import("../../../kit/web/spectrum.js").Encoder} */
function encoderOf({ watching, weights }) {
  const layers = Array.from({ length: watching.depth }, (_, i) => {
    const [weight, bias] = [weights.parts[2 * i], weights.parts[2 * i + 1]];
    const { rows, columns } = weight;
    return { weight: Float64Array.from(weight.unpadded()), bias: Float64Array.from(bias.unpadded()), rows, columns };
  });
  return { layers, slope: watching.slope, inputSlope: watching.inputSlope };
}

/** @param {number[]} numbers @param {Float64Array} latents @param {number} nodes
 * @returns {Uint8Array<ArrayBuffer>} */
export function packedFrame(numbers, latents, nodes) {
  const count = latents.length / nodes;
  const shown = Math.min(nodes, MOST_NODES);
  const head = new Float64Array(numbers.length + 2 * MOST_NODES);
  const codes = new Uint16Array(count * shown);
  head.set(numbers);
  for (let node = 0; node < shown; node += 1) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < count; i += 1) {
      low = Math.min(low, latents[i * nodes + node]);
      high = Math.max(high, latents[i * nodes + node]);
    }
    head[numbers.length + node] = low;
    head[numbers.length + MOST_NODES + node] = high;
    const scale = high > low ? high - low : 1;
    for (let i = 0; i < count; i += 1) codes[i * shown + node] = Math.round(((latents[i * nodes + node] - low) / scale) * TOP_CODE);
  }
  const packed = new Uint8Array(head.byteLength + codes.byteLength);
  packed.set(new Uint8Array(head.buffer));
  packed.set(new Uint8Array(codes.buffer), head.byteLength);
  return packed;
}
