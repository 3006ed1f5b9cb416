/**
 * Lines of molecules: one number t decides the shape, two of the atoms stay where they are.
 * `HingeLine`: t is one side, the other two keep their lengths. `PrintedLine` is Fig. 18 of the thesis:
 * v1 = (0, 1, 0), v2 = (0, 0.46, 0), v3 = (0, 0, x), t = x, wherever that molecule is carried to.
 * Vertices are in box units (the edge of the training box is 1), t in the unit of sigma.
 *
 * @typedef {import("../../kit/web/geometry.js").Vertices} Vertices
 * @typedef {import("../../kit/web/geometry.js").Point} Point
 */
import { clamp } from "../../kit/web/camera.js";
import { cross, vertexDistance } from "../../kit/web/geometry.js";

const LEAST = 0.3; // the energy is far off the plot there: 1750 for one pair
const MOST = 1.2; // about the longest side that fits into the training box
const FLAT = 1e-4; // how far from a straight line a molecule must stay
const PRINTED_FOOT = 0.46; // from v2 on, along v1 -> v2
const PRINTED_MOST = 1.3;
export const PRINTED_POSE = [0, 1, 0, 0, 0.46, 0, 0, 0, 0.62];

/** @param {Vertices} v @param {number} i @returns {Point} */
const atom = (v, i) => [v[3 * i], v[3 * i + 1], v[3 * i + 2]];
/** @param {Point} a @param {Point} b @returns {Point} */
const minus = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
/** @param {Point} a @param {Point} b */
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
/** a + s b. @param {Point} a @param {number} s @param {Point} b @returns {Point} */
const along = (a, s, b) => [a[0] + s * b[0], a[1] + s * b[1], a[2] + s * b[2]];

/** @param {Point} p @returns {Point | null} null where it has no direction */
function direction(p) {
  const norm = Math.hypot(...p);
  return norm < 1e-9 ? null : [p[0] / norm, p[1] / norm, p[2] / norm];
}

/** Orthonormal axes: the first along `first`, the second on the side of `towards`.
 * @param {Point} first @param {Point} towards @returns {[Point, Point]} */
function planeOf(first, towards) {
  const e1 = direction(first) ?? [1, 0, 0];
  const e2 = direction(along(towards, -dot(towards, e1), e1));
  // All three on one line span no plane: any will do.
  const aside = /** @type {Point} */ (Math.abs(e1[2]) < 0.9 ? [0, 0, 1] : [0, 1, 0]);
  return [e1, e2 ?? direction(cross(e1, aside)) ?? [0, 1, 0]];
}

/** @param {Vertices} v @param {number} i @param {Point} p @returns {Vertices} */
function withAtom(v, i, p) {
  const moved = v.slice();
  moved.splice(3 * i, 3, ...p);
  return moved;
}

export class HingeLine {
  /** @param {number} side 0, 1, 2: between vertices side and side + 1
   * @param {number} edge of the training box, in the unit of sigma */
  constructor(side, edge) {
    this.name = `l${side + 1}`;
    this.label = `l${"₁₂₃"[side]}`;
    this.far = side;
    this.moving = (side + 1) % 3;
    this.hinge = (side + 2) % 3;
    this.edge = edge;
    /** Vertices that a hand may pull along the line. */
    this.pullable = [this.far, this.moving];
  }

  /** The lengths of the two sides at the hinge. @param {Vertices} v */
  arms(v) {
    const { far, moving, hinge, edge } = this;
    return [edge * vertexDistance(v, hinge, far), edge * vertexDistance(v, hinge, moving)];
  }

  /** Lowest and highest t. @param {Vertices} v @returns {[number, number]} */
  range(v) {
    const [a, b] = this.arms(v);
    const low = Math.max(LEAST, Math.abs(a - b) + FLAT);
    return [low, Math.max(low, Math.min(MOST, a + b - FLAT))];
  }

  /** @param {Vertices} v */
  parameter(v) {
    return this.edge * vertexDistance(v, this.far, this.moving);
  }

  /** What decides the shapes of the line, and nothing else. @param {Vertices} v */
  shape(v) {
    return `${this.name} ${this.arms(v).map((arm) => arm.toFixed(6)).join(" ")}`;
  }

  /** @param {Vertices} v @param {number} t @param {number} [moving] @returns {Vertices} */
  at(v, t, moving = this.moving) {
    const h = atom(v, this.hinge);
    const fixed = moving === this.moving ? this.far : this.moving;
    const [toFixed, toMoving] = [minus(atom(v, fixed), h), minus(atom(v, moving), h)];
    const [e1, e2] = planeOf(toFixed, toMoving);
    const [a, b] = [Math.hypot(...toFixed), Math.hypot(...toMoving)];
    const side = t / this.edge;
    const cosine = clamp((a * a + b * b - side * side) / (2 * a * b), -1, 1);
    const sine = Math.sqrt(1 - cosine * cosine);
    return withAtom(v, moving, along(along(h, b * cosine, e1), b * sine, e2));
  }

  /** The molecule of the line nearest to a hand that carries one vertex.
   * @param {Vertices} v as it is @param {Vertices} wanted as the hand has it @param {number} moving */
  nearest(v, wanted, moving) {
    const h = atom(v, this.hinge);
    const fixed = moving === this.moving ? this.far : this.moving;
    const [e1, e2] = planeOf(minus(atom(v, fixed), h), minus(atom(v, moving), h));
    const p = minus(atom(wanted, moving), h);
    const angle = Math.atan2(Math.max(dot(p, e2), 0), dot(p, e1));
    const [a, b] = this.arms(v);
    const t = Math.sqrt(Math.max(0, a * a + b * b - 2 * a * b * Math.cos(angle)));
    return this.at(v, clamp(t, ...this.range(v)), moving);
  }
}

export class PrintedLine {
  /** @param {number} edge of the training box */
  constructor(edge) {
    this.name = "fig18";
    this.label = "x";
    this.edge = edge;
    this.moving = 2;
    this.pullable = [2];
  }

  /** @returns {[number, number]} */
  range() {
    return [0, PRINTED_MOST];
  }

  /** Where x = 0, and the directions of -y and of x. @param {Vertices} v */
  axes(v) {
    const e1 = direction(minus(atom(v, 1), atom(v, 0))) ?? [0, -1, 0];
    const foot = along(atom(v, 1), PRINTED_FOOT / this.edge, e1);
    return { foot, e2: planeOf(e1, minus(atom(v, 2), foot))[1] };
  }

  /** @param {Vertices} v */
  parameter(v) {
    const { foot, e2 } = this.axes(v);
    return this.edge * dot(minus(atom(v, 2), foot), e2);
  }

  shape() {
    return this.name;
  }

  /** @param {Vertices} v @param {number} t @returns {Vertices} */
  at(v, t) {
    const { foot, e2 } = this.axes(v);
    return withAtom(v, 2, along(foot, t / this.edge, e2));
  }

  /** @param {Vertices} v @param {Vertices} wanted */
  nearest(v, wanted) {
    const { foot, e2 } = this.axes(v);
    return this.at(v, clamp(this.edge * dot(minus(atom(wanted, 2), foot), e2), ...this.range()));
  }
}

/** @param {string} name @param {number} edge */
export function lineByName(name, edge) {
  return name === "fig18" ? new PrintedLine(edge) : new HingeLine(Number(name[1]) - 1, edge);
}
