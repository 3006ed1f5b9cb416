/** Random sets of n points, what they are coloured by, and the nodes of a latent space that show it. */
import { distancesOf } from "../../kit/web/geometry.js";
import { mostOf, stepOf } from "../../kit/web/cloud.js";
import { seededRandom } from "../../kit/web/random.js";
import { signedVolume } from "./points_scene.js";

const SETS = 2_000;
const SETS_SEED = 2021;

export class RandomSets {
  /** @param {number} count of points a set */
  constructor(count) {
    const random = seededRandom(SETS_SEED + count);
    this.sets = Float32Array.from({ length: 3 * count * SETS }, random);
    this.byVolume = count === 4;
    this.values = Float32Array.from({ length: SETS }, (_, i) =>
      this.valueOf(Array.from(this.sets.subarray(3 * count * i, 3 * count * (i + 1)))));
    this.range = mostOf(this.values);
    this.colours = Uint8Array.from(this.values, (value) => stepOf(value, this.range));
  }

  get name() {
    return this.byVolume ? "signed volume" : "mean distance";
  }

  /** What a set is coloured by. @param {number[]} v */
  valueOf(v) {
    if (this.byVolume) return signedVolume(v);
    const distances = distancesOf(v);
    return distances.reduce((sum, d) => sum + d, 0) / distances.length;
  }
}

/** The three nodes that follow a value best (their r²), the best first.
 * @param {import("../../kit/web/latent_track.js").LatentCloud} cloud @param {Float32Array} values
 * @returns {number[]} */
export function tellingNodes(cloud, values) {
  const { count, latents, mean, network: { h } } = cloud;
  const middle = values.reduce((sum, value) => sum + value, 0) / count;
  const told = Array.from({ length: h }, (_, node) => {
    let [with_, own] = [0, 0];
    for (let i = 0; i < count; i += 1) {
      const off = latents[i * h + node] - mean[node];
      with_ += off * (values[i] - middle);
      own += off * off;
    }
    return { node, r2: own > 0 ? with_ ** 2 / own : 0 };
  });
  return told.sort((a, b) => b.r2 - a.r2).slice(0, 3).map(({ node }) => node);
}
