/**
 * The hidden units of a training run, moment by moment (trisym.encoder_film): float16 in one text.
 *
 * @typedef {{id: string, count: number, slope: number, inputActivation: boolean, numbers: string,
 *   revived: [number, number][], moments: string}} ReelPayload numbers: epoch, step and side error of
 *   each moment; revived: the idle units that were put to work, each behind the first moment that shows it
 * @typedef {{epoch: number, step: number, sideError: number}} MomentNumbers
 */
import { bytesFromBase64, float32FromBase64 } from "../../kit/web/base64.js";
import { SideReading } from "./side_reading.js";

const A_UNIT = 13; // nine weights, a bias, three gains
const CONSTANTS = 3;
const LIT_FOR = 3; // moments: half a second where they are played

/** @param {number} half the bits of a float16 @returns {number} */
export function fromHalf(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

export class EncoderReel {
  /** @param {ReelPayload} payload */
  constructor({ count, slope, inputActivation, numbers, revived, moments }) {
    const bytes = bytesFromBase64(moments);
    this.halves = new Uint16Array(bytes.buffer);
    this.count = count;
    this.rowLength = this.halves.length / count;
    this.shape = { units: (this.rowLength - CONSTANTS) / A_UNIT, slope, inputActivation };
    this.numbers = float32FromBase64(numbers);
    this.revived = revived;
    /** @type {Map<number, SideReading>} */
    this.readings = new Map();
  }

  /** @param {number} at @param {import("./side_reading.js").Rule} rule @returns {SideReading} */
  reading(at, rule) {
    let known = this.readings.get(at);
    if (!known) {
      const row = this.halves.subarray(at * this.rowLength, (at + 1) * this.rowLength);
      known = new SideReading(this.shape, Float32Array.from(row, fromHalf), rule);
      this.readings.set(at, known);
    }
    return known;
  }

  /** The units that have just been put to work, and how fresh that is, from 1 to 0.
   * @param {number} at @returns {Map<number, number>} */
  freshAt(at) {
    const recent = this.revived.filter(([first]) => first <= at && at < first + LIT_FOR);
    return new Map(recent.map(([first, unit]) => [unit, 1 - (at - first) / LIT_FOR]));
  }

  /** @param {number} at @returns {MomentNumbers} */
  numbersAt(at) {
    const [epoch, step, sideError] = this.numbers.subarray(3 * at, 3 * at + 3);
    return { epoch, step, sideError };
  }
}

/** @param {ReelPayload} payload */
export function reelFrom(payload) {
  return new EncoderReel(payload);
}
