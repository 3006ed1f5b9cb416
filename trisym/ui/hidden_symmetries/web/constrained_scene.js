/**
 * A hand that obeys a set of triangles: every vertex stays in the cube, every side above the minimum,
 * and where the set has a constant side, that side keeps its length however one drags.
 *
 * @typedef {import("../../kit/web/geometry.js").Vertices} Vertices
 * @typedef {{name: string, minSide: number, constantSide: number | null, movable: boolean}} SetRule
 *   movable: the constant side may lie between any two vertices (set ii), not only 1 and 2 (set iii)
 */
import { carryInside, rotate, sideLengths, translate } from "../../kit/web/geometry.js";
import { TriangleScene } from "../../kit/web/triangle_scene.js";
import { cameraFrom, numbersOf } from "../../kit/web/camera.js";

const ROUNDS = 24; // of projections, one rule after the other; a few are enough away from corners
const ROUNDING = 1e-6; // sides differ by rounding only
const RETREATS = 6; // halvings of a step that can't be taken whole
const ENDS = [[0, 1], [1, 2], [2, 0]]; // of sides l1, l2, l3

/** Whether a triangle is one of the set. @param {SetRule} rule @param {Vertices} v
 * @param {number} [tolerance] of the constant side */
export function isMember(rule, v, tolerance = 1e-4) {
  const sides = sideLengths(v);
  if (Math.min(...sides) < rule.minSide - ROUNDING || !isInCube(v)) return false;
  if (rule.constantSide === null) return true;
  return constantSideOf(rule, v, tolerance) >= 0;
}

/** Which side has the constant length: 0, 1 or 2; -1 where none has.
 * @param {SetRule} rule @param {Vertices} v @param {number} [tolerance] */
export function constantSideOf(rule, v, tolerance = 1e-4) {
  if (rule.constantSide === null) return -1;
  const off = sideLengths(v).map((l) => Math.abs(l - /** @type {number} */ (rule.constantSide)));
  const allowed = rule.movable ? off : off.slice(0, 1);
  const best = allowed.indexOf(Math.min(...allowed));
  return allowed[best] <= tolerance ? best : -1;
}

/** A triangle of the set, its vertices uniform in the cube given the sides.
 * @param {SetRule} rule @param {() => number} random @param {number} constant which side is
 * @returns {Vertices} */
export function drawMember(rule, random, constant) {
  for (;;) {
    const v = Array.from({ length: 9 }, random);
    if (rule.constantSide !== null) {
      const [a, b] = ENDS[constant].map((end) => 3 * end);
      const height = 2 * random() - 1;
      const [angle, across] = [2 * Math.PI * random(), Math.sqrt(1 - height * height)];
      const along = [across * Math.cos(angle), across * Math.sin(angle), height];
      for (let axis = 0; axis < 3; axis += 1) v[b + axis] = v[a + axis] + rule.constantSide * along[axis];
    }
    if (isMember(rule, v)) return v;
  }
}

/** A triangle of a set, the camera of the side lengths, and what colours the points. */
export class ConstrainedScene extends TriangleScene {
  /** @param {import("../../kit/web/link_codec.js").SceneValues} start @param {SetRule} rule
   * @param {() => number} random for a triangle, where that of the start is none of the set */
  constructor(start, rule, random) {
    super({ pose: start.pose, camera: start.camera });
    this.sideCamera = cameraFrom(start.sideCamera);
    this.colouring = /** @type {"perimeter" | "constant"} */ (start.choice[1]);
    this.rule = rule;
    this.constant = 0; // the side that is
    this.follow(rule, random);
  }

  /** Obey another rule; a triangle that is none of its set gives way to a new one.
   * @param {SetRule} rule @param {() => number} random */
  follow(rule, random) {
    this.rule = rule;
    if (isMember(rule, this.vertices)) this.constant = Math.max(constantSideOf(rule, this.vertices), 0);
    else this.setTriangle(drawMember(rule, random, (this.constant = 0)), "new");
  }

  /** @param {Vertices} asked @param {number} vertex @returns {Vertices} */
  constrain(asked, vertex) {
    return this.obey(asked, vertex);
  }

  /** @param {import("../../kit/web/geometry.js").Quaternion} q */
  rotate(q) {
    this.carry(rotate(this.vertices, q));
  }

  /** @param {import("../../kit/web/geometry.js").Point} shift */
  move(shift) {
    this.carry(translate(this.vertices, shift));
  }

  /** The sets lie in the cube: a triangle too long to turn there stays as it is.
   * @param {Vertices} vertices */
  carry(vertices) {
    const inside = carryInside(vertices);
    if (isInCube(inside)) this.vertices = inside;
  }

  /** @returns {boolean} */
  get inside() {
    return true;
  }

  /** The same triangle, its vertices renumbered 1 → 2 → 3 → 1: the constant side changes its name. */
  renumber() {
    const v = this.vertices;
    this.vertices = [...v.slice(6, 9), ...v.slice(0, 6)];
    this.constant = (this.constant + 1) % 3;
    this.newReference("renumber");
  }

  /** The nearest allowed vertices to those that the hand asks for; as they were if there are none.
   * @param {Vertices} asked @param {number} vertex the one in the hand @returns {Vertices} */
  obey(asked, vertex) {
    const from = this.vertices.slice(3 * vertex, 3 * vertex + 3);
    let to = asked.slice(3 * vertex, 3 * vertex + 3);
    for (let retreat = 0; retreat < RETREATS; retreat += 1) {
      const placed = this.vertices.slice();
      placed.splice(3 * vertex, 3, ...this.settle(to, vertex));
      if (this.allows(placed)) return placed;
      to = to.map((c, axis) => (c + from[axis]) / 2);
    }
    return this.vertices.slice();
  }

  /** One rule after the other: in the cube, away from the others, as far from its partner as the constant side.
   * @param {number[]} to @param {number} vertex @returns {number[]} */
  settle(to, vertex) {
    const partner = this.partnerOf(vertex);
    let p = to;
    for (let round = 0; round < ROUNDS; round += 1) {
      p = p.map((c) => Math.min(Math.max(c, 0), 1));
      for (let other = 0; other < 3; other += 1) {
        if (other === vertex || other === partner) continue;
        p = this.atLeast(p, other, this.rule.minSide * (1 + ROUNDING));
      }
      if (partner >= 0) p = this.at(p, partner, /** @type {number} */ (this.rule.constantSide));
    }
    return p;
  }

  /** The vertex at the other end of the constant side; -1 where there is none. @param {number} vertex */
  partnerOf(vertex) {
    const [a, b] = ENDS[this.constant];
    if (this.rule.constantSide === null || (vertex !== a && vertex !== b)) return -1;
    return vertex === a ? b : a;
  }

  /** @param {number[]} p @param {number} other @param {number} distance @returns {number[]} */
  at(p, other, distance) {
    const o = this.vertices.slice(3 * other, 3 * other + 3);
    const away = p.map((c, axis) => c - o[axis]);
    const length = Math.hypot(...away) || 1;
    return o.map((c, axis) => c + (away[axis] * distance) / length);
  }

  /** @param {number[]} p @param {number} other @param {number} distance @returns {number[]} */
  atLeast(p, other, distance) {
    const o = this.vertices.slice(3 * other, 3 * other + 3);
    const length = Math.hypot(...p.map((c, axis) => c - o[axis]));
    return length < distance ? this.at(p, other, distance) : p;
  }

  /** @param {Vertices} v */
  allows(v) {
    if (!isInCube(v)) return false;
    const sides = sideLengths(v);
    if (Math.min(...sides) < this.rule.minSide) return false;
    const { constantSide } = this.rule;
    return constantSide === null || Math.abs(sides[this.constant] - constantSide) < ROUNDING;
  }

  values() {
    const choice = [this.rule.name, this.colouring];
    return { ...super.values(), sideCamera: numbersOf(this.sideCamera), choice };
  }
}

/** Up to rounding. @param {Vertices} v */
function isInCube(v) {
  return v.every((c) => c >= -ROUNDING && c <= 1 + ROUNDING);
}
