/**
 * The kernels of kernels.ts as plain loops, for a browser whose WebAssembly has no vectors: the same
 * arguments, addresses in bytes, and the same answers up to rounding.
 *
 * @typedef {{
 *   multiply(c: number, a: number, b: number, rows: number, inner: number, columns: number,
 *     strideC: number, down: number, right: number, strideB: number, keep: number): void,
 *   products(c: number, a: number, b: number, rows: number, inner: number, columns: number,
 *     strideC: number, strideA: number, strideB: number): void,
 *   dot(x: number, y: number, length: number): number,
 *   activate(x: number, bias: number, rows: number, columns: number, stride: number, slope: number): void,
 *   bend(d: number, y: number, rows: number, columns: number, stride: number, slope: number): void,
 *   reflect(x: number, v: number, rows: number, length: number, stride: number, tau: number): void,
 *   adapt(d: number, mean: number, square: number, length: number, first: number, second: number,
 *     rate: number, correction: number): void,
 *   subtract(x: number, y: number, length: number): void,
 * }} Kernels
 */

const FLOAT = 4; // bytes of a float32
const EPSILON = 1e-8; // Adam's

/** @param {Float32Array} memory @returns {Kernels} */
export function plainKernels(memory) {
  return {
    multiply(c, a, b, rows, inner, columns, strideC, down, right, strideB, keep) {
      for (let i = 0; i < rows; i += 1) {
        const to = (c + i * strideC) / FLOAT;
        for (let j = 0; j < columns; j += 1) memory[to + j] = keep === 0 ? 0 : keep * memory[to + j];
        for (let k = 0; k < inner; k += 1) {
          const factor = memory[(a + i * down + k * right) / FLOAT];
          const from = (b + k * strideB) / FLOAT;
          for (let j = 0; j < columns; j += 1) memory[to + j] += factor * memory[from + j];
        }
      }
    },
    products(c, a, b, rows, inner, columns, strideC, strideA, strideB) {
      for (let i = 0; i < rows; i += 1) {
        const left = (a + i * strideA) / FLOAT;
        for (let j = 0; j < columns; j += 1) {
          const right = (b + j * strideB) / FLOAT;
          let sum = 0;
          for (let k = 0; k < inner; k += 1) sum += memory[left + k] * memory[right + k];
          memory[(c + i * strideC) / FLOAT + j] = sum;
        }
      }
    },
    dot(x, y, length) {
      let sum = 0;
      for (let k = 0; k < length; k += 1) sum += memory[x / FLOAT + k] * memory[y / FLOAT + k];
      return sum;
    },
    activate(x, bias, rows, columns, stride, slope) {
      for (let i = 0; i < rows; i += 1) {
        const shift = memory[bias / FLOAT + i];
        const start = (x + i * stride) / FLOAT;
        for (let k = start; k < start + columns; k += 1) {
          const value = memory[k] + shift;
          memory[k] = value < 0 ? slope * value : value;
        }
      }
    },
    bend(d, y, rows, columns, stride, slope) {
      for (let i = 0; i < rows; i += 1) {
        for (let k = 0; k < columns; k += 1) {
          const at = (i * stride) / FLOAT + k;
          if (!(memory[y / FLOAT + at] > 0)) memory[d / FLOAT + at] *= slope;
        }
      }
    },
    reflect(x, v, rows, length, stride, tau) {
      for (let i = 0; i < rows; i += 1) {
        const start = (x + i * stride) / FLOAT;
        let sum = 0;
        for (let k = 0; k < length; k += 1) sum += memory[start + k] * memory[v / FLOAT + k];
        sum *= tau;
        for (let k = 0; k < length; k += 1) memory[start + k] -= sum * memory[v / FLOAT + k];
      }
    },
    adapt(d, mean, square, length, first, second, rate, correction) {
      const [m, s] = [(mean - d) / FLOAT, (square - d) / FLOAT];
      for (let i = d / FLOAT; i < d / FLOAT + length; i += 1) {
        const slope = memory[i];
        memory[m + i] += first * (slope - memory[m + i]);
        memory[s + i] = second * memory[s + i] + (1 - second) * slope * slope;
        memory[i] = (rate * memory[m + i]) / (Math.sqrt(memory[s + i] * correction) + EPSILON);
      }
    },
    subtract(x, y, length) {
      for (let i = 0; i < length; i += 1) memory[x / FLOAT + i] -= memory[y / FLOAT + i];
    },
  };
}
