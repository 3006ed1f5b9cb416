/**
 * Three to six points in the hand. The scene keeps six: those that are not shown wait where they were.
 *
 * @typedef {import("../../kit/web/geometry.js").Vertices} Vertices
 */
import {
  CLOSEST_VERTICES, carryInside, distancesOf, mirror, pairsOf,
} from "../../kit/web/geometry.js";
import { TriangleScene } from "../../kit/web/triangle_scene.js";
import { cameraFrom, numbersOf } from "../../kit/web/camera.js";

export const MOST_SHOWN = 6;
export const FEWEST_SHOWN = 3;
const LATENT_CAMERA = [0.75, 0.42, 1];
const APART = 0.1; // of points drawn at random: nearer ones are hard to tell and to take hold of

export class PointsScene extends TriangleScene {
  /** @param {import("../../kit/web/link_codec.js").SceneValues} start */
  constructor({ pose, points, camera, latentCamera = LATENT_CAMERA, tool, reference = pose }) {
    const coordinates = 3 * Number(points);
    super({ pose: pose.slice(0, coordinates), camera, tool });
    this.reference = reference.slice(0, coordinates);
    /** The points that are not shown. @type {Vertices} */
    this.waiting = pose.slice(coordinates);
    this.latentCamera = cameraFrom(latentCamera);
    /** Nothing that a decoder rebuilds is drawn here. @type {Set<string>} */
    this.ghosts = new Set();
  }

  get count() {
    return this.vertices.length / 3;
  }

  get sides() {
    return distancesOf(this.vertices);
  }

  /** @param {Vertices} v @returns {string | null} */
  faultOf(v) {
    return faultOfPoints(v);
  }

  /** Show so many of the six; one that would lie on another is drawn anew.
   * @param {number} count @param {import("../../kit/web/geometry.js").Random} random */
  show(count, random) {
    const six = [...this.vertices, ...this.waiting];
    this.waiting = six.slice(3 * count);
    let shown = six.slice(0, 3 * count);
    while (faultOfPoints(shown)) shown = [...shown.slice(0, -3), random(), random(), random()];
    this.chosenVertex = null;
    this.setTriangle(carryInside(shown), "count");
  }

  /** Like the sets that networks learn from. @param {import("../../kit/web/geometry.js").Random} random */
  drawPoints(random) {
    this.setTriangle(randomPoints(this.count, random), "new");
  }

  /** Carried inside the cube, so that nothing but the mirror is asked of the networks.
   * @param {import("../../kit/web/geometry.js").Point} normal */
  mirror(normal) {
    Object.assign(this, { vertices: carryInside(mirror(this.vertices, normal)) });
  }

  reset() {
    super.reset();
    Object.assign(this.latentCamera, cameraFrom(LATENT_CAMERA));
  }

  /** Who opens the link sees the same drift: the pose that it is measured from goes along. */
  values() {
    const { count, latentCamera, reference, vertices, waiting } = this;
    const moved = vertices.some((c, i) => c !== reference[i]);
    return {
      ...super.values(),
      pose: [...vertices, ...waiting],
      points: String(count),
      latentCamera: numbersOf(latentCamera),
      ...(moved ? { reference: [...reference, ...waiting] } : {}),
    };
  }
}

/** Uniform in the cube, none near another.
 * @param {number} count @param {import("../../kit/web/geometry.js").Random} random @returns {Vertices} */
export function randomPoints(count, random) {
  let v = Array.from({ length: 3 * count }, random);
  while (Math.min(...distancesOf(v)) < APART) v = Array.from({ length: 3 * count }, random);
  return v;
}

/** What is wrong with these points, as a sentence, or null. @param {Vertices} v
 * @returns {string | null} */
export function faultOfPoints(v) {
  const count = v.length / 3;
  if (!Number.isInteger(count) || count < FEWEST_SHOWN || count > MOST_SHOWN) {
    return `There may be ${FEWEST_SHOWN} to ${MOST_SHOWN} points, three coordinates each.`;
  }
  if (!v.every(Number.isFinite)) return "Points need finite coordinates.";
  const pair = pairsOf(count)[distancesOf(v).findIndex((d) => d < CLOSEST_VERTICES)];
  if (!pair) return null;
  return `Points ${pair[0] + 1} and ${pair[1] + 1} must stay at least ${CLOSEST_VERTICES} apart.`;
}

/** Of a tetrahedron: rigid motions keep it, a mirror turns its sign. @param {ArrayLike<number>} v
 * @returns {number} */
export function signedVolume(v) {
  const [a, b, c] = [3, 6, 9].map((i) => [v[i] - v[0], v[i + 1] - v[1], v[i + 2] - v[2]]);
  return (a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2])
    + a[2] * (b[0] * c[1] - b[1] * c[0])) / 6;
}
