/**
 * A triangle in the hand, without any drawing: its vertices, the pose that drift is measured from, the
 * camera, the tool. Views read it; every hand (pointer, keys, buttons) changes it through here.
 *
 * Drift measures rigid motion only. Whenever the ordered sides change (reshape, typed sides, a new
 * triangle, swapped vertices) the new pose becomes the reference: `newReference`.
 *
 * @typedef {import("./geometry.js").Vertices} Vertices
 * @typedef {"rotate" | "move" | "reshape" | "camera"} Tool
 */
import {
  FARTHEST_CENTROID, carryInside, centroid, faultOfSides, faultOfVertices, isInsideCube, mirror,
  rotate, sideLengths, swapVertices, translate, triangleFromSides,
} from "./geometry.js";
import { cameraFrom, numbersOf } from "./camera.js";

export const HOME_CAMERA = [0.62, 0.36, 1];

export class TriangleScene {
  /** @param {{pose: Vertices, camera?: number[], tool?: Tool}} start a valid pose */
  constructor({ pose, camera = HOME_CAMERA, tool = "rotate" }) {
    this.vertices = pose.slice();
    /** The pose that drift is measured from, why, and how often it was set. */
    this.reference = pose.slice();
    this.referenceReason = "start";
    this.references = 0;
    this.camera = cameraFrom(camera);
    this.tool = tool;
    /** @type {number | null} the vertex the keyboard moves */
    this.chosenVertex = null;
    /** True while the sides are changing under a hand: no drift is shown meanwhile. */
    this.reshaping = false;
    this.speed = 1; // of a tumble
  }

  /** What is wrong with vertices, as a sentence, or null. @param {Vertices} v @returns {string | null} */
  faultOf(v) {
    return faultOfVertices(v);
  }

  /** A hand may be bound to a set of triangles: the nearest allowed vertices to those it asks for.
   * @param {Vertices} asked @param {number} _vertex the one in the hand @returns {Vertices} */
  constrain(asked, _vertex) {
    return asked;
  }

  /** @param {import("./geometry.js").Quaternion} q */
  rotate(q) {
    this.vertices = rotate(this.vertices, q);
  }

  /** @param {import("./geometry.js").Point} shift */
  move(shift) {
    const moved = translate(this.vertices, shift);
    const away = centroid(moved).map((c) => c - 0.5);
    if (Math.hypot(...away) <= FARTHEST_CENTROID) this.vertices = moved;
  }

  /** Carry one vertex. @param {number} vertex @param {import("./geometry.js").Point} shift
   * @returns {string | null} what is wrong with it, as a sentence; then nothing changed */
  reshape(vertex, shift) {
    const moved = this.vertices.slice();
    for (let axis = 0; axis < 3; axis += 1) {
      moved[3 * vertex + axis] = Math.min(Math.max(moved[3 * vertex + axis] + shift[axis], -1), 2);
    }
    const allowed = this.constrain(moved, vertex);
    const fault = this.faultOf(allowed);
    if (fault) return fault;
    this.vertices = allowed;
    this.reshaping = true;
    return null;
  }

  /** The sides stop changing: drift is measured from here. */
  endReshape() {
    if (!this.reshaping) return;
    this.reshaping = false;
    this.newReference("reshape");
  }

  /** @param {number[]} sides @returns {string | null} a fault, as a sentence */
  setSides(sides) {
    const fault = faultOfSides(sides);
    if (fault) return fault;
    this.vertices = carryInside(triangleFromSides(sides, this.vertices));
    this.newReference("sides");
    return null;
  }

  /** @param {Vertices} vertices @param {string} reason */
  setTriangle(vertices, reason) {
    this.vertices = vertices.slice();
    this.newReference(reason);
  }

  /** @param {number} i @param {number} j */
  swap(i, j) {
    this.vertices = swapVertices(this.vertices, i, j);
    this.newReference("swap");
  }

  /** A mirror image keeps every side, so the reference stays. @param {import("./geometry.js").Point} normal */
  mirror(normal) {
    this.vertices = mirror(this.vertices, normal);
  }

  /** Back to the pose that drift is measured from, carried inside the cube if it was not. */
  reset() {
    this.vertices = carryInside(this.reference);
    Object.assign(this.camera, cameraFrom(HOME_CAMERA));
    this.newReference("reset");
  }

  /** Drift is measured from the present pose on. @param {string} reason */
  newReference(reason) {
    this.reference = this.vertices.slice();
    this.referenceReason = reason;
    this.references += 1;
    this.reshaping = false;
  }

  get inside() {
    return isInsideCube(this.vertices);
  }

  /** True where a coordinate is below 0: a leaky ReLU on the input has its kink there. */
  get belowZero() {
    return this.vertices.some((c) => c < 0);
  }

  /** @returns {number[]} */
  get sides() {
    return sideLengths(this.vertices);
  }

  /** By the names of a scene's layout. */
  values() {
    return { pose: this.vertices, camera: numbersOf(this.camera), tool: this.tool };
  }
}
