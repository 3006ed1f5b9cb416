/** Perimeters of the reference set as steps of the palette. */
import { mostOf, stepOf } from "./cloud.js";
import { sideLengths } from "./geometry.js";

/** @param {Float32Array} triangles nine numbers each
 * @returns {{colours: Uint8Array, range: [number, number]}} the range leaves out one in 200 at
 *   either end, so that a few odd triangles do not take the colours of all others */
export function perimetersOf(triangles) {
  const perimeters = Float32Array.from({ length: triangles.length / 9 }, (_, i) => {
    const [a, b, c] = sideLengths(Array.from(triangles.subarray(9 * i, 9 * i + 9)));
    return a + b + c;
  });
  const range = mostOf(perimeters);
  return { colours: Uint8Array.from(perimeters, (perimeter) => stepOf(perimeter, range)), range };
}
