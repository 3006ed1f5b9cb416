/** What a network says of many triangles: latents and outputs, a pass at a time. */

/** @param {import("./network.js").Pass} pass @param {Float32Array} points one after the other
 * @returns {Float64Array} latent points, node by node each */
export function encodeAll(pass, points) {
  const width = pass.input.rows;
  const count = points.length / width;
  const nodes = pass.signals[pass.depth].rows;
  const latents = new Float64Array(count * nodes);
  for (let from = 0; from < count; from += pass.batch) {
    const size = Math.min(pass.batch, count - from);
    pass.take(points, null, from, size);
    const { stride, values } = pass.encode();
    for (let i = 0; i < size; i += 1) {
      for (let node = 0; node < nodes; node += 1) latents[(from + i) * nodes + node] = values[node * stride + i];
    }
  }
  return latents;
}

/** @param {import("./network.js").Pass} pass @param {Float32Array} points @returns {Float32Array} outputs,
 * one after the other */
export function rebuildAll(pass, points) {
  const width = pass.input.rows;
  const count = points.length / width;
  const { rows } = pass.output;
  const rebuilt = new Float32Array(count * rows);
  for (let from = 0; from < count; from += pass.batch) {
    const size = Math.min(pass.batch, count - from);
    pass.take(points, null, from, size);
    pass.forward();
    const { stride, values } = pass.output;
    for (let i = 0; i < size; i += 1) {
      for (let k = 0; k < rows; k += 1) rebuilt[(from + i) * rows + k] = values[k * stride + i];
    }
  }
  return rebuilt;
}

/** Nine coordinates' three sides. @param {Float32Array} v @param {number} at of the first coordinate */
export function sidesOf(v, at) {
  return [0, 3, 6].map((from) => {
    const to = (from + 3) % 9;
    return Math.hypot(v[at + from] - v[at + to], v[at + from + 1] - v[at + to + 1], v[at + from + 2] - v[at + to + 2]);
  });
}
