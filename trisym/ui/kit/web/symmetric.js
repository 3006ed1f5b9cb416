/** Small symmetric matrices, row by row in float64: eigenvalues by Jacobi, Cholesky (Golub & Van Loan). */

const SWEEPS = 60;

/** @param {Float64Array} matrix n × n @param {number} n
 * @returns {{values: Float64Array, vectors: Float64Array}} the largest first; a vector a row */
export function eigen(matrix, n) {
  const a = matrix.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) v[i * n + i] = 1;
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    let off = 0;
    for (let p = 0; p < n; p += 1) for (let q = p + 1; q < n; q += 1) off += a[p * n + q] ** 2;
    if (off === 0) break;
    for (let p = 0; p < n; p += 1) for (let q = p + 1; q < n; q += 1) rotatePair(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j] - a[i * n + i]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, i) => vectors.set(v.subarray(from * n, from * n + n), i * n));
  return { values: Float64Array.from(order, (i) => a[i * n + i]), vectors };
}

/** Turn two axes so that their entry is 0. @param {Float64Array} a @param {Float64Array} v
 * @param {number} n @param {number} p @param {number} q */
function rotatePair(a, v, n, p, q) {
  const entry = a[p * n + q];
  if (Math.abs(entry) <= 1e-18 * Math.sqrt(Math.abs(a[p * n + p] * a[q * n + q]))) {
    a[p * n + q] = 0;
    a[q * n + p] = 0;
    return;
  }
  const half = (a[q * n + q] - a[p * n + p]) / (2 * entry);
  const t = Math.sign(half || 1) / (Math.abs(half) + Math.hypot(half, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k += 1) {
    const [x, y] = [a[k * n + p], a[k * n + q]];
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  for (let k = 0; k < n; k += 1) {
    const [x, y] = [a[p * n + k], a[q * n + k]];
    a[p * n + k] = c * x - s * y;
    a[q * n + k] = s * x + c * y;
    const [w, z] = [v[p * n + k], v[q * n + k]];
    v[p * n + k] = c * w - s * z;
    v[q * n + k] = s * w + c * z;
  }
}

/** The lower triangle L of a positive definite matrix L Lᵀ. @param {Float64Array} matrix
 * @param {number} n @returns {Float64Array} NaN where it is none */
export function cholesky(matrix, n) {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k += 1) sum -= lower[i * n + k] * lower[j * n + k];
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j];
    }
  }
  return lower;
}

/** L⁻¹ B for a lower triangle, row by row. @param {Float64Array} lower @param {Float64Array} b n × m
 * @param {number} n @param {number} m @returns {Float64Array} */
export function solveLower(lower, b, n, m) {
  const x = b.slice();
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < m; j += 1) {
      let sum = x[i * m + j];
      for (let k = 0; k < i; k += 1) sum -= lower[i * n + k] * x[k * m + j];
      x[i * m + j] = sum / lower[i * n + i];
    }
  }
  return x;
}

/** L⁻ᵀ b for a lower triangle L. @param {Float64Array} lower @param {Float64Array} b n numbers
 * @param {number} n @returns {Float64Array} */
export function solveUpper(lower, b, n) {
  const x = b.slice();
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = x[i];
    for (let k = i + 1; k < n; k += 1) sum -= lower[k * n + i] * x[k];
    x[i] = sum / lower[i * n + i];
  }
  return x;
}

/** @param {Float64Array} matrix n × m @param {number} n @param {number} m @returns {Float64Array} m × n */
export function transposed(matrix, n, m) {
  return Float64Array.from({ length: n * m }, (_, k) => matrix[(k % n) * m + Math.floor(k / n)]);
}
