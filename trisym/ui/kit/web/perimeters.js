/** Perimeters of the reference set as steps of the colour map. */
import { sideLengths } from "./geometry.js";

const COLOURS = 64;

/** @param {Float32Array} triangles nine numbers each
 * @returns {{colours: Uint8Array, range: [number, number]}} the range leaves out one in 200 at
 *   either end, so that a few odd triangles do not take the colours of all others */
export function perimetersOf(triangles) {
  const count = triangles.length / 9;
  const perimeters = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    const [a, b, c] = sideLengths(Array.from(triangles.subarray(9 * i, 9 * i + 9)));
    perimeters[i] = a + b + c;
  }
  const sorted = perimeters.slice().sort();
  const low = sorted[Math.floor(0.005 * (count - 1))];
  const high = sorted[Math.floor(0.995 * (count - 1))];
  const colours = Uint8Array.from(perimeters, (perimeter) => {
    const part = high > low ? (perimeter - low) / (high - low) : 0.5;
    return Math.min(COLOURS - 1, Math.max(0, Math.floor(part * COLOURS)));
  });
  return { colours, range: [low, high] };
}
