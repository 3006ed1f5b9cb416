/**
 * What the stage shows, without any drawing: the triangle, the pose that drift is measured from, the
 * cameras, the tool. Views read it; every hand (pointer, keys, buttons) changes it through here.
 *
 * Drift measures rigid motion only. Whenever the ordered sides change (reshape, typed sides, a new
 * triangle, swapped vertices) the new pose becomes the reference: `newReference`.
 *
 * @typedef {import("./geometry.js").Vertices} Vertices
 * @typedef {"rotate" | "move" | "reshape" | "camera"} Tool
 * @typedef {{pose: number[], camera: number[], latentCamera: number[], tool: Tool}} ScenePayload
 */
import {
  FARTHEST_CENTROID, carryInside, centroid, faultOfSides, faultOfVertices, isInsideCube, mirror,
  rotate, sideLengths, swapVertices, translate, triangleFromSides,
} from "./geometry.js";

export const TOOLS = /** @type {Tool[]} */ (["rotate", "move", "reshape", "camera"]);
export const HOME_CAMERA = { yaw: 0.62, pitch: 0.36, zoom: 1 };
export const HOME_LATENT_CAMERA = { yaw: 0.75, pitch: 0.42, zoom: 1 };

export class Scene {
  /** @param {ScenePayload} start a valid pose */
  constructor(start) {
    /** @type {Vertices} */
    this.vertices = start.pose.slice();
    /** @type {Vertices} the pose that drift is measured from */
    this.reference = start.pose.slice();
    /** Why the reference is where it is, and how often it was set. */
    this.referenceReason = "start";
    this.references = 0;
    this.camera = cameraFrom(start.camera, HOME_CAMERA);
    this.latentCamera = cameraFrom(start.latentCamera, HOME_LATENT_CAMERA);
    /** @type {Tool} */
    this.tool = start.tool;
    /** @type {number | null} the vertex the keyboard moves */
    this.chosenVertex = null;
    /** True while the sides are changing under a hand: no drift is shown meanwhile. */
    this.reshaping = false;
    /** Which reconstructions are drawn. @type {Set<string>} */
    this.ghosts = new Set();
    this.speed = 1;
    /** The latent nodes shown, up to three, by model id. @type {Map<string, number[]>} */
    this.nodes = new Map();
    /** A hand may be bound to a set of triangles: returns the nearest allowed vertices.
     * @type {(vertices: Vertices, moved: number) => Vertices} */
    this.constrain = (vertices) => vertices;
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
    const fault = faultOfVertices(allowed);
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
    this.camera = { ...HOME_CAMERA };
    this.latentCamera = { ...HOME_LATENT_CAMERA };
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

  get sides() {
    return sideLengths(this.vertices);
  }

  /** @returns {ScenePayload} what a link needs to open the same picture */
  payload() {
    return {
      pose: this.vertices.slice(),
      camera: [this.camera.yaw, this.camera.pitch, this.camera.zoom],
      latentCamera: [this.latentCamera.yaw, this.latentCamera.pitch, this.latentCamera.zoom],
      tool: this.tool,
    };
  }
}

/** @param {number[] | null} numbers yaw, pitch, zoom @param {import("./camera.js").CameraSettings} home */
function cameraFrom(numbers, home) {
  if (!numbers) return { ...home };
  return { yaw: numbers[0], pitch: numbers[1], zoom: numbers[2] };
}
