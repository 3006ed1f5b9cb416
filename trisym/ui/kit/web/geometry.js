/**
 * Triangles and rigid motions: nine numbers (x1 y1 z1 x2 y2 z2 x3 y3 z3), sides in cyclic order
 * l1 = |v1 - v2|, l2 = |v2 - v3|, l3 = |v3 - v1|, rotations as unit quaternions [w, x, y, z]. What
 * moves a triangle moves a set of any number of points; its distances are all pairs i < j in row order.
 *
 * @typedef {number[]} Vertices three numbers a vertex, one vertex after the other
 * @typedef {[number, number, number]} Point
 * @typedef {[number, number, number, number]} Quaternion
 * @typedef {() => number} Random uniform in [0, 1)
 */

/** Two vertices closer than this count as one point: the sides would say nothing. */
export const CLOSEST_VERTICES = 0.01;
/** The longest side that may be typed, in edges of the training cube. */
export const LONGEST_SIDE = 3;
/** How far from the cube's centre a hand may carry the triangle, in edges of the cube. */
export const FARTHEST_CENTROID = 2.5;

/** @param {Vertices} v @param {number} i @param {number} j @returns {number} */
export function vertexDistance(v, i, j) {
  return Math.hypot(v[3 * i] - v[3 * j], v[3 * i + 1] - v[3 * j + 1], v[3 * i + 2] - v[3 * j + 2]);
}

/** @param {Vertices} v @returns {Point} l1, l2, l3 */
export function sideLengths(v) {
  return [vertexDistance(v, 0, 1), vertexDistance(v, 1, 2), vertexDistance(v, 2, 0)];
}

/** Every pair of so many points: in cyclic order for a triangle, else i < j in row order.
 * @param {number} count @returns {[number, number][]} */
export function pairsOf(count) {
  if (count === 3) return [[0, 1], [1, 2], [2, 0]];
  return Array.from({ length: count }, (_, i) => i).flatMap((i) =>
    Array.from({ length: count - 1 - i }, (_, k) => /** @type {[number, number]} */ ([i, i + 1 + k])));
}

/** @param {Vertices} v @returns {number[]} one a pair: a triangle's sides, and all of more points */
export function distancesOf(v) {
  return pairsOf(v.length / 3).map(([i, j]) => vertexDistance(v, i, j));
}

/** @param {Vertices} v @returns {Point} */
export function centroid(v) {
  const sum = /** @type {Point} */ ([0, 0, 0]);
  for (let i = 0; i < v.length; i += 1) sum[i % 3] += v[i];
  const count = v.length / 3;
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** @param {Vertices} v @param {Point} shift @returns {Vertices} */
export function translate(v, shift) {
  return v.map((value, i) => value + shift[i % 3]);
}

/** @param {Point} a @param {Point} b @returns {Point} */
export function cross(a, b) {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** @param {Point} axis a unit vector @param {number} angle in radians @returns {Quaternion} */
export function turnAbout(axis, angle) {
  const s = Math.sin(angle / 2);
  return [Math.cos(angle / 2), axis[0] * s, axis[1] * s, axis[2] * s];
}

/** @param {Quaternion} a @param {Quaternion} b @returns {Quaternion} first b, then a */
export function compose(a, b) {
  return unit([
    a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
    a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
    a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
    a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
  ]);
}

/** @param {Quaternion} q @returns {Quaternion} */
export function unit(q) {
  const norm = Math.hypot(...q) || 1;
  return [q[0] / norm, q[1] / norm, q[2] / norm, q[3] / norm];
}

/** @param {Quaternion} q @param {Point} p @returns {Point} */
export function turn(q, p) {
  const [w, x, y, z] = q;
  const t = cross([x, y, z], p).map((c) => 2 * c);
  const s = cross([x, y, z], /** @type {Point} */ (t));
  return [p[0] + w * t[0] + s[0], p[1] + w * t[1] + s[1], p[2] + w * t[2] + s[2]];
}

/** Rotate about the centroid. @param {Vertices} v @param {Quaternion} q @returns {Vertices} */
export function rotate(v, q) {
  return place(v, q, centroid(v));
}

/** Rotate about the centroid, then carry the centroid to `target`.
 * @param {Vertices} v @param {Quaternion} q @param {Point} target @returns {Vertices} */
export function place(v, q, target) {
  const c = centroid(v);
  const placed = [];
  for (let i = 0; i < v.length; i += 3) {
    const p = turn(q, [v[i] - c[0], v[i + 1] - c[1], v[i + 2] - c[2]]);
    placed.push(p[0] + target[0], p[1] + target[1], p[2] + target[2]);
  }
  return placed;
}

/** The rotation angle in radians, 0 to pi. @param {Quaternion} q @returns {number} */
export function turnAngle(q) {
  return 2 * Math.atan2(Math.hypot(q[1], q[2], q[3]), Math.abs(q[0]));
}

/** A part of a rotation, along the shorter arc.
 * @param {Quaternion} q @param {number} part 0 to 1 @returns {Quaternion} */
export function partOfTurn(q, part) {
  const sign = q[0] < 0 ? -1 : 1;
  const sine = Math.hypot(q[1], q[2], q[3]);
  if (sine < 1e-12) return [1, 0, 0, 0];
  const axis = /** @type {Point} */ ([q[1], q[2], q[3]].map((c) => (sign * c) / sine));
  return turnAbout(axis, part * turnAngle(q));
}

/** Uniform over all rotations (Shoemake 1992). @param {Random} random @returns {Quaternion} */
export function randomTurn(random) {
  const u = random();
  const [a, b] = [2 * Math.PI * random(), 2 * Math.PI * random()];
  const [r, s] = [Math.sqrt(1 - u), Math.sqrt(u)];
  return [s * Math.cos(b), r * Math.sin(a), r * Math.cos(a), s * Math.sin(b)];
}

/** The translations that keep the triangle in the unit cube: lowest and highest per axis.
 * @param {Vertices} v @returns {{low: Point, high: Point}} */
export function roomInCube(v) {
  const low = /** @type {Point} */ ([0, 0, 0]);
  const high = /** @type {Point} */ ([0, 0, 0]);
  for (let axis = 0; axis < 3; axis += 1) {
    let [least, most] = [v[axis], v[axis]];
    for (let i = axis + 3; i < v.length; i += 3) {
      if (v[i] < least) least = v[i];
      else if (v[i] > most) most = v[i];
    }
    low[axis] = -least;
    high[axis] = 1 - most;
  }
  return { low, high };
}

/** @param {Vertices} v @returns {boolean} */
export function isInsideCube(v) {
  return v.every((value) => value >= 0 && value <= 1);
}

/** The nearest translation into the cube; a triangle too long for it is centred.
 * @param {Vertices} v @returns {Vertices} */
export function carryInside(v) {
  const { low, high } = roomInCube(v);
  const shift = low.map((lowest, axis) =>
    lowest > high[axis] ? (lowest + high[axis]) / 2 : Math.min(Math.max(0, lowest), high[axis]),
  );
  return translate(v, /** @type {Point} */ (shift));
}

/** A uniformly random rotation with a random place in the cube; of a hundred rotations the first
 * that fits. `fits` is false where none did: then the triangle is centred and sticks out.
 * @param {Vertices} v @param {Random} random
 * @returns {{q: Quaternion, target: Point, fits: boolean}} */
export function randomMotion(v, random) {
  let q = randomTurn(random);
  let room = roomInCube(rotate(v, q));
  let fits = room.low.every((lowest, axis) => lowest <= room.high[axis]);
  for (let attempt = 1; attempt < 100 && !fits; attempt += 1) {
    q = randomTurn(random);
    room = roomInCube(rotate(v, q));
    fits = room.low.every((lowest, axis) => lowest <= room.high[axis]);
  }
  const c = centroid(v);
  const target = c.map((value, axis) => {
    const [low, high] = [room.low[axis], room.high[axis]];
    return value + (low > high ? (low + high) / 2 : low + (high - low) * random());
  });
  return { q, target: /** @type {Point} */ (target), fits };
}

/** Three uniform points of the cube, like the training set; drawn again where a side is too short.
 * @param {Random} random @param {number} [shortest] @returns {Vertices} */
export function randomTriangle(random, shortest = 0.1) {
  let v = Array.from({ length: 9 }, random);
  while (Math.min(...sideLengths(v)) < shortest) v = Array.from({ length: 9 }, random);
  return v;
}

/** Reflection in the plane through the centroid with unit normal `normal`; keeps every side.
 * @param {Vertices} v @param {Point} normal @returns {Vertices} */
export function mirror(v, normal) {
  const c = centroid(v);
  const mirrored = [];
  for (let i = 0; i < v.length; i += 3) {
    const along = normal.reduce((sum, n, axis) => sum + n * (v[i + axis] - c[axis]), 0);
    for (let axis = 0; axis < 3; axis += 1) mirrored.push(v[i + axis] - 2 * along * normal[axis]);
  }
  return mirrored;
}

/** @param {Vertices} v @param {number} i @param {number} j @returns {Vertices} */
export function swapVertices(v, i, j) {
  const swapped = v.slice();
  for (let axis = 0; axis < 3; axis += 1) {
    swapped[3 * i + axis] = v[3 * j + axis];
    swapped[3 * j + axis] = v[3 * i + axis];
  }
  return swapped;
}

/** What is wrong with these vertices, as a sentence, or null.
 * @param {Vertices} v @returns {string | null} */
export function faultOfVertices(v) {
  if (v.length !== 9 || !v.every(Number.isFinite)) {
    return "A triangle needs nine finite coordinates.";
  }
  const sides = sideLengths(v);
  const shortest = sides.indexOf(Math.min(...sides));
  if (sides[shortest] < CLOSEST_VERTICES) {
    const pair = [[1, 2], [2, 3], [3, 1]][shortest];
    return `Vertices ${pair[0]} and ${pair[1]} must stay at least ${CLOSEST_VERTICES} apart.`;
  }
  return null;
}

/** What is wrong with these sides, as a sentence, or null.
 * @param {number[]} sides @returns {string | null} */
export function faultOfSides(sides) {
  const wrong = sides.findIndex((l) => !Number.isFinite(l) || l < CLOSEST_VERTICES);
  if (wrong >= 0) {
    return `Side l${wrong + 1} must be a number from ${CLOSEST_VERTICES} to ${LONGEST_SIDE}.`;
  }
  const long = sides.findIndex((l) => l > LONGEST_SIDE);
  if (long >= 0) return `Side l${long + 1} must be at most ${LONGEST_SIDE} cube edges.`;
  const total = sides[0] + sides[1] + sides[2];
  const broken = sides.findIndex((l) => l >= total - l);
  if (broken < 0) return null;
  const rest = (total - sides[broken]).toFixed(3);
  return `No such triangle: l${broken + 1} must be shorter than the other two together (${rest}).`;
}

/** The triangle with these sides that lies in the plane of `like`, at its centroid, with the
 * direction of its first side. @param {number[]} sides allowed ones (`faultOfSides`)
 * @param {Vertices} like @returns {Vertices} */
export function triangleFromSides(sides, like) {
  const [l1, l2, l3] = sides;
  // Law of cosines in the plane: v1 at the origin, v2 on the first axis.
  const x = (l1 * l1 + l3 * l3 - l2 * l2) / (2 * l1);
  const y = Math.sqrt(Math.max(0, l3 * l3 - x * x));
  const [e1, e2] = planeAxes(like);
  const v = [];
  for (const [a, b] of [[0, 0], [l1, 0], [x, y]]) {
    for (let axis = 0; axis < 3; axis += 1) v.push(a * e1[axis] + b * e2[axis]);
  }
  const [from, to] = [centroid(v), centroid(like)];
  return translate(v, [to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
}

/** Orthonormal axes of the triangle's plane, the first along v2 - v1.
 * @param {Vertices} v @returns {[Point, Point]} */
function planeAxes(v) {
  const e1 = /** @type {Point} */ ([v[3] - v[0], v[4] - v[1], v[5] - v[2]]);
  scaleToUnit(e1, [1, 0, 0]);
  const normal = cross(e1, [v[6] - v[0], v[7] - v[1], v[8] - v[2]]);
  // Vertices on one line span no plane: take the upright one through them.
  scaleToUnit(normal, Math.abs(e1[2]) < 0.9 ? cross(e1, [0, 0, 1]) : cross(e1, [0, 1, 0]));
  scaleToUnit(normal, [0, 0, 1]);
  return [e1, cross(normal, e1)];
}

/** @param {Point} p changed in place @param {Point} otherwise taken where p has no direction */
function scaleToUnit(p, otherwise) {
  if (Math.hypot(...p) < 1e-9) p.splice(0, 3, ...otherwise);
  const norm = Math.hypot(...p);
  for (let axis = 0; axis < 3; axis += 1) p[axis] /= norm;
}
