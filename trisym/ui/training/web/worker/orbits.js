/**
 * Triangles in random poses, and how far apart their latent points lie: trisym/geometry.py and
 * trisym/metrics.py, with the same random numbers.
 *
 * @typedef {import("./twister.js").Twister} Twister
 */

const NINE_NUMBERS = 9;
const ROUND = 2 ** 18; // candidates that are drawn at once
const ROUND_OF_ONE = 2 ** 16;
const TRIES = 200_000;
const TRIES_A_MOTION = 5_000;

/** @param {Twister} random @param {number} count @returns {Float32Array} */
function singles(random, count) {
  return new Float32Array(count).map(() => random.single());
}

/** Rotations by the Haar measure (Shoemake 1992), as they are asked for. @param {Twister} random
 * @param {number} count @returns {(i: number) => number[]} nine entries, row by row */
function rotations(random, count) {
  const [first, second, third] = [0, 1, 2].map(() => singles(random, count));
  return (i) => {
    const [one, other] = [Math.sqrt(1 - first[i]), Math.sqrt(first[i])];
    const [angle, turn] = [2 * Math.PI * second[i], 2 * Math.PI * third[i]];
    const [x, y, z, w] = [
      one * Math.sin(angle), one * Math.cos(angle), other * Math.sin(turn), other * Math.cos(turn),
    ];
    return [
      x * x - y * y - z * z + w * w, 2 * (x * y - z * w), 2 * (x * z + y * w),
      2 * (x * y + z * w), -x * x + y * y - z * z + w * w, 2 * (y * z - x * w),
      2 * (x * z - y * w), 2 * (y * z + x * w), -x * x - y * y + z * z + w * w,
    ];
  };
}

/** A triangle about its centroid. @param {Float32Array} triangles @param {number} at */
function centred(triangles, at) {
  const v = triangles.subarray(NINE_NUMBERS * at, NINE_NUMBERS * (at + 1));
  const mean = [0, 1, 2].map((axis) => (v[axis] + v[3 + axis] + v[6 + axis]) / 3);
  return { mean, points: Array.from(v, (value, k) => value - mean[k % 3]) };
}

/** @param {number[]} points three of them @param {number[]} r a rotation */
function turnedBy(points, r) {
  return points.map((_, k) => {
    const [vertex, axis] = [3 * Math.floor(k / 3), 3 * (k % 3)];
    return r[axis] * points[vertex] + r[axis + 1] * points[vertex + 1] + r[axis + 2] * points[vertex + 2];
  });
}

/** The most room that a rotation leaves a triangle of this longest side in the unit cube, and a little
 * more: `_largest_room` in trisym/geometry.py says why. @param {number} d @returns {number} */
function largestRoom(d) {
  const split = (Math.sqrt(Math.max(2 * d * d - 1, 0)) + 1) / 2;
  const root = Math.sqrt(Math.max(3 * d * d - 2, 0));
  const [above, below] = [(1 + root) / 3, (1 - root) / 3];
  const [pair, triple] = [d / Math.SQRT2, d / Math.sqrt(3)];
  const candidates = [
    [d, 0, 0], [pair, pair, 0], [triple, triple, triple], [split, 1 - split, 0],
    [above, above, 1 - above], [below, below, 1 - below],
  ];
  const rooms = candidates
    .filter((x) => Math.abs(x[0] ** 2 + x[1] ** 2 + x[2] ** 2 - d * d) < 1e-5)
    .filter((x) => x.every((value) => value >= 0 && value <= 1))
    .map(([x, y, z]) => (1 - x) * (1 - y) * (1 - z));
  return Math.max(...rooms) * (1 + 1e-4) + 1e-7;
}

/** Each triangle in random poses inside the cube [0, edge]³. @param {Float32Array} triangles
 * @param {number} poses of each @param {Twister} random @param {number} edge
 * @returns {Float32Array} triangle by triangle @throws {Error} where one is too large */
export function posesInside(triangles, poses, random, edge) {
  const count = triangles.length / NINE_NUMBERS;
  const shapes = Array.from({ length: count }, (_, i) => centred(triangles, i).points);
  const bounds = shapes.map((v) => {
    const longest = Math.max(...[0, 3, 6].map((i) => Math.hypot(...[0, 1, 2].map((k) => v[i + k] - v[((i + 3) % 9) + k]))));
    if (!(longest < edge * Math.sqrt(3))) throw new Error(`A triangle does not fit into a cube of edge ${edge}.`);
    return edge ** 3 * largestRoom(longest / edge);
  });
  const found = new Uint32Array(count);
  const tried = new Uint32Array(count);
  const moved = new Float32Array(NINE_NUMBERS * count * poses);
  while (found.some((each) => each < poses)) {
    const owners = nextCandidates(found, tried, poses);
    for (const owner of owners) tried[owner] += 1;
    const rotation = rotations(random, owners.length);
    const chances = singles(random, owners.length);
    /** @type {{slot: number, turned: number[], low: number[], room: number[]}[]} */
    const accepted = [];
    owners.forEach((owner, i) => {
      const turned = turnedBy(shapes[owner], rotation(i));
      const low = [0, 1, 2].map((axis) => Math.min(turned[axis], turned[3 + axis], turned[6 + axis]));
      const high = [0, 1, 2].map((axis) => Math.max(turned[axis], turned[3 + axis], turned[6 + axis]));
      const room = low.map((end, axis) => Math.max(edge - (high[axis] - end), 0));
      if (found[owner] === poses || !(chances[i] * bounds[owner] < room[0] * room[1] * room[2])) return;
      accepted.push({ slot: owner * poses + found[owner], turned, low, room });
      found[owner] += 1;
    });
    const places = singles(random, 3 * accepted.length);
    accepted.forEach(({ slot, turned, low, room }, i) => {
      turned.forEach((value, k) => {
        const axis = k % 3;
        moved[NINE_NUMBERS * slot + k] = value + room[axis] * places[3 * i + axis] - low[axis];
      });
    });
    if (tried.some((each, i) => found[i] < poses && each > TRIES + TRIES_A_MOTION * poses)) {
      throw new Error(`A triangle is too large to find ${poses} motions inside the cube. Take a smaller triangle.`);
    }
  }
  return moved;
}

/** The triangles to try next, each as often as its acceptance so far suggests. @param {Uint32Array} found
 * @param {Uint32Array} tried @param {number} poses @returns {number[]} */
function nextCandidates(found, tried, poses) {
  let planned = 0;
  return Array.from(found).flatMap((has, i) => {
    if (has >= poses) return [];
    const share = (has + 1) / (tried[i] + 2);
    const plan = Math.floor(Math.min((1.1 * (poses - has)) / share + 4, ROUND_OF_ONE));
    planned += plan;
    return planned <= ROUND ? new Array(plan).fill(i) : [];
  });
}

/** Each triangle in random poses, its lowest coordinates anywhere in a range. @param {Float32Array} triangles
 * @param {number} poses @param {Twister} random @param {[number, number]} lowest
 * @returns {Float32Array} */
export function posesIn(triangles, poses, random, [start, end]) {
  const total = (triangles.length / NINE_NUMBERS) * poses;
  const rotation = rotations(random, total);
  const places = singles(random, 3 * total);
  const moved = new Float32Array(NINE_NUMBERS * total);
  for (let i = 0; i < total; i += 1) {
    const turned = turnedBy(centred(triangles, Math.floor(i / poses)).points, rotation(i));
    for (let axis = 0; axis < 3; axis += 1) {
      const low = Math.min(turned[axis], turned[3 + axis], turned[6 + axis]);
      const shift = start + (end - start) * places[3 * i + axis] - low;
      for (const k of [axis, 3 + axis, 6 + axis]) moved[NINE_NUMBERS * i + k] = turned[k] + shift;
    }
  }
  return moved;
}

/** sqrt(variance within orbits / total variance), 0 to 1. @param {Float64Array} latents point by point,
 * the poses of a triangle one after the other @param {number} nodes @param {number} poses
 * @returns {number} */
export function spreadOfOrbits(latents, nodes, poses) {
  const triangles = latents.length / (nodes * poses);
  let [within, between] = [0, 0];
  const centres = new Float64Array(triangles * nodes);
  for (let k = 0; k < latents.length; k += 1) {
    const triangle = Math.floor(k / (nodes * poses));
    centres[triangle * nodes + (k % nodes)] += (latents[k] - latents[k % nodes]) / poses;
  }
  const means = new Float64Array(nodes);
  centres.forEach((value, k) => (means[k % nodes] += value / triangles));
  for (let k = 0; k < latents.length; k += 1) {
    const triangle = Math.floor(k / (nodes * poses));
    within += (latents[k] - latents[k % nodes] - centres[triangle * nodes + (k % nodes)]) ** 2;
  }
  centres.forEach((value, k) => (between += poses * (value - means[k % nodes]) ** 2));
  within /= triangles * (poses - 1);
  between /= triangles - 1;
  if (within + between === 0) return 1;
  return Math.sqrt(Math.min((poses * within) / (between + (poses - 1) * within), 1));
}
