/** Triangles in the three spaces of a network: their sides, their latent points, the sides that come back. */
import { sideLengths } from "../../kit/web/geometry.js";

/** @param {import("../../kit/web/encoder.js").Network} network with three nodes
 * @param {Float32Array} triangles nine numbers each @returns {Float32Array[]} three numbers of each */
export function spacesOf(network, triangles) {
  const spaces = [0, 1, 2].map(() => new Float32Array(triangles.length / 3));
  for (let i = 0; 9 * i < triangles.length; i += 1) {
    const triangle = Array.from(triangles.subarray(9 * i, 9 * i + 9));
    const latent = Array.from(network.encode(triangle));
    [sideLengths(triangle), latent, sideLengths(Array.from(network.decode(latent)))]
      .forEach((numbers, space) => spaces[space].set(numbers, 3 * i));
  }
  return spaces;
}
