/**
 * The frames of a run as they come from Python: in parcels that never change once they are full, and
 * the newest one by itself.
 *
 * A frame is 29 float64 (eight numbers, the mean answers to three kinds of motion, the symmetry
 * spectrum's twelve values, the lowest and highest value of three nodes) and the codes of its latent
 * points, uint16: value = low + code / 65535 (high - low). What was not measured is NaN.
 *
 * @typedef {{epoch: number, step: number, seconds: number, training: number, validation: number,
 *   sideError: number, spread: number, rate: number,
 *   answers: Record<import("../../kit/web/kinds.js").Kind, number>, spectrum: Float64Array,
 *   low: Float64Array, high: Float64Array, codes: Uint16Array}} Frame
 */

import { arrival, arrive } from "../../kit/web/store.js";
import { base64FromBytes, bytesFromBase64 } from "../../kit/web/base64.js";

const ANSWERS = 8; // numbers before the answers
const SPECTRUM = ANSWERS + 3;
const NUMBERS = SPECTRUM + 12;
const HEAD = NUMBERS + 6; // float64
const TOP = 65535;
const PARCELS_KEPT = 120; // of 30 kB
const MOST_SAVED = 48; // frames: the file stays below half a MB. trisym/ui/training/film.py has it, too

/** @param {string} text base64 of frames of one size @param {number} count of them
 * @returns {Frame[]} */
export function framesFromBase64(text, count) {
  const bytes = bytesFromBase64(text);
  const size = bytes.length / count;
  return Array.from({ length: count }, (_, i) => frameFrom(bytes.slice(i * size, (i + 1) * size)));
}

/** @param {Uint8Array} bytes @returns {Frame} */
export function frameFrom(bytes) {
  const head = new Float64Array(bytes.buffer, 0, HEAD);
  const [epoch, step, seconds, training, validation, sideError, spread, rate] = head;
  const [translation, rotation, strain] = head.subarray(ANSWERS, SPECTRUM);
  const answers = { translation, rotation, strain };
  const spectrum = head.subarray(SPECTRUM, NUMBERS);
  const low = head.subarray(NUMBERS, NUMBERS + 3);
  const high = head.subarray(NUMBERS + 3);
  const codes = new Uint16Array(bytes.buffer, 8 * HEAD);
  const numbers = { epoch, step, seconds, training, validation, sideError, spread, rate };
  return { ...numbers, answers, spectrum, low, high, codes };
}

/** Which frames a saved film keeps: the first, the last, and with equal steps between them; one that is
 * shown takes the place of its neighbour.
 * @param {number} count of all frames @param {number} at the one that is shown
 * @returns {number[]} ascending */
export function savedPlaces(count, at) {
  const kept = Math.min(count, MOST_SAVED);
  const step = (count - 1) / Math.max(kept - 1, 1);
  const places = Array.from({ length: kept }, (_, i) => Math.floor(i * step + 0.5));
  if (!places.includes(at)) places[Math.max(1, Math.min(Math.round(at / step), kept - 2))] = at;
  return places;
}

/** The bytes that frames came from. @param {Frame[]} frames @returns {string} base64 */
export function base64FromFrames(frames) {
  return base64FromBytes(frames.map(({ codes }) => new Uint8Array(codes.buffer)));
}

/** A parcel's place in its run: a fuller one takes it over.
 * @param {string} id run:first frame:frames @returns {string} */
function placeOf(id) {
  return id.slice(0, id.lastIndexOf(":"));
}

/** How many frames parcels hold by their names. @param {string[]} ids run:first frame:frames
 * @returns {number} */
export function framesIn(ids) {
  return ids.reduce((sum, id) => sum + Number(id.slice(id.lastIndexOf(":") + 1)), 0);
}

/** What has come of a parcel. @param {string} id @returns {Frame[]} */
export function parcel(id) {
  return /** @type {Frame[]} */ (arrival("frames", placeOf(id)) ?? []);
}

/** @param {string} id @param {Frame[]} frames */
export function keepParcel(id, frames) {
  arrive("frames", placeOf(id), frames, PARCELS_KEPT);
}

/** Epochs, seconds and side errors, for a thin line among another run's. @param {Frame[]} frames
 * @returns {number[][]} */
export function curveOf(frames) {
  const shown = frames.filter(({ sideError }) => sideError > 0);
  return [shown.map(({ epoch }) => epoch), shown.map(({ seconds }) => seconds), shown.map(({ sideError }) => sideError)];
}

/** The frame's latent points, in spreads from their mean, x y z each: every frame fills the view the
 * same, so that what forms is the shape of the cloud, not its size.
 * @param {Frame} frame @param {number} nodes up to three @returns {Float32Array} */
export function pointsOf(frame, nodes) {
  const count = frame.codes.length / nodes;
  const points = new Float32Array(3 * count);
  let squares = 0;
  for (let node = 0; node < nodes; node += 1) {
    const scale = (frame.high[node] - frame.low[node]) / TOP;
    let mean = 0;
    for (let i = 0; i < count; i += 1) mean += (frame.codes[i * nodes + node] * scale) / count;
    for (let i = 0; i < count; i += 1) {
      const value = frame.codes[i * nodes + node] * scale - mean;
      points[3 * i + node] = value;
      squares += value * value;
    }
  }
  const spread = Math.sqrt(squares / count) || 1;
  for (let k = 0; k < points.length; k += 1) points[k] /= spread;
  return points;
}
