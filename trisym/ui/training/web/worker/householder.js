/** QR by Householder's reflections (Golub & Van Loan, 5.2): vectors lie in rows, and come back so. */

const FOUR = 4; // numbers of a vector register: rows are worked on from a whole one on

/**
 * Replace rows by an orthonormal basis: the first k of it span what the first k of them span.
 *
 * @param {import("./workspace.js").Matrix} rows square; lost @param {import("./workspace.js").Matrix} basis
 * the answer @param {import("./workspace.js").Matrix} reflectors room for as many
 */
export function orthogonalise(rows, basis, reflectors) {
  const { kernels } = rows.workspace;
  const { blocks, bytes, stride, values } = rows;
  const n = rows.rows;
  const v = reflectors.values;
  const taus = new Float64Array(n);
  v.fill(0);
  for (let k = 0; k < n; k += 1) {
    const start = k - (k % FOUR);
    const own = k * stride;
    v.set(values.subarray(own + k, own + n), own + k);
    const head = v[own + k];
    v[own + k] = 0;
    const at = reflectors.address + k * bytes + FOUR * start;
    const rest = kernels.dot(at, at, blocks - start);
    if (rest > 0) {
      const end = head > 0 ? -Math.sqrt(head * head + rest) : Math.sqrt(head * head + rest);
      taus[k] = (end - head) / end;
      const scale = 1 / (head - end);
      for (let j = own + k + 1; j < own + n; j += 1) v[j] *= scale;
    }
    v[own + k] = 1;
    const below = rows.address + (k + 1) * bytes + FOUR * start;
    if (taus[k]) kernels.reflect(below, at, n - k - 1, blocks - start, bytes, taus[k]);
  }
  basis.setIdentity();
  for (let k = n - 1; k >= 0; k -= 1) {
    if (!taus[k]) continue;
    const start = k - (k % FOUR);
    const at = reflectors.address + k * bytes + FOUR * start;
    kernels.reflect(basis.address + k * bytes + FOUR * start, at, n - k, blocks - start, bytes, taus[k]);
  }
}
