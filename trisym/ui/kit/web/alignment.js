/**
 * The best rigid fit of one triangle, or set of points, onto another (Kabsch's problem, solved by quaternions: Horn 1987).
 *
 * @typedef {import("./geometry.js").Vertices} Vertices
 * @typedef {import("./geometry.js").Quaternion} Quaternion
 */
import { centroid, place, unit } from "./geometry.js";

/** The rotation that best carries `from` onto `onto` about their centroids, least squares
 * (the eigenvector of the largest eigenvalue of a symmetric 4x4 matrix). It is a proper
 * rotation always; three points lie in a plane, so a mirror image would never fit those better.
 * @param {Vertices} from @param {Vertices} onto @returns {Quaternion} */
export function bestTurn(from, onto) {
  const [a, b] = [centroid(from), centroid(onto)];
  const s = new Array(9).fill(0);
  for (let i = 0; i < from.length; i += 3) {
    for (let r = 0; r < 3; r += 1) {
      for (let c = 0; c < 3; c += 1) s[3 * r + c] += (from[i + r] - a[r]) * (onto[i + c] - b[c]);
    }
  }
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = s;
  return leadingEigenvector([
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, yy - xx - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, zz - xx - yy],
  ]);
}

/** Cyclic Jacobi rotations on a symmetric 4x4 matrix, changed in place.
 * @param {number[][]} m @returns {Quaternion} the eigenvector of the largest eigenvalue */
function leadingEigenvector(m) {
  const vectors = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
  for (let sweep = 0; sweep < 12; sweep += 1) {
    let off = 0;
    for (let p = 0; p < 3; p += 1) {
      for (let q = p + 1; q < 4; q += 1) {
        off += Math.abs(m[p][q]);
        jacobiRotate(m, vectors, p, q);
      }
    }
    if (off < 1e-14) break;
  }
  const values = [m[0][0], m[1][1], m[2][2], m[3][3]];
  const column = values.indexOf(Math.max(...values));
  return unit([vectors[0][column], vectors[1][column], vectors[2][column], vectors[3][column]]);
}

/** @param {number[][]} m @param {number[][]} vectors @param {number} p @param {number} q */
function jacobiRotate(m, vectors, p, q) {
  if (Math.abs(m[p][q]) < 1e-300) return;
  const theta = (m[q][q] - m[p][p]) / (2 * m[p][q]);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < 4; k += 1) {
    [m[k][p], m[k][q]] = [c * m[k][p] - s * m[k][q], s * m[k][p] + c * m[k][q]];
  }
  for (let k = 0; k < 4; k += 1) {
    [m[p][k], m[q][k]] = [c * m[p][k] - s * m[q][k], s * m[p][k] + c * m[q][k]];
    [vectors[k][p], vectors[k][q]] = [
      c * vectors[k][p] - s * vectors[k][q],
      s * vectors[k][p] + c * vectors[k][q],
    ];
  }
}

/** `from` carried rigidly onto `onto` (Kabsch). @param {Vertices} from @param {Vertices} onto
 * @returns {Vertices} */
export function align(from, onto) {
  return place(from, bestTurn(from, onto), centroid(onto));
}
