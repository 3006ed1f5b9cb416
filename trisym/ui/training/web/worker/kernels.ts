/**
 * The inner loops of a training in the browser, four float32 at a time.
 *
 * AssemblyScript: every argument is the address of a matrix in the shared memory, or a length; rows lie
 * one behind the other, padded with zeros to whole blocks of eight numbers.
 */

/** C ← keep C + A B: C (rows, columns), A (rows, inner), B (inner, columns); `keep` 0 reads no C.
 *
 * A's entry (i, k) lies at a + i·down + k·right (in bytes), so A may be read transposed. Four rows by
 * eight columns of C are kept in registers; a last block that is not full computes its last row again.
 */
export function multiply(c: usize, a: usize, b: usize, rows: i32, inner: i32, columns: i32,
  strideC: usize, down: usize, right: usize, strideB: usize, keep: f32): void {
  for (let j: usize = 0; j < <usize>columns << 2; j += 32) {
    for (let i = 0; i < rows; i += 4) {
      const last = rows - 1;
      const i1 = <usize>min(i + 1, last), i2 = <usize>min(i + 2, last), i3 = <usize>min(i + 3, last);
      const c0 = c + <usize>i * strideC + j, c1 = c + i1 * strideC + j;
      const c2 = c + i2 * strideC + j, c3 = c + i3 * strideC + j;
      let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00;
      let s20 = s00, s21 = s00, s30 = s00, s31 = s00;
      if (keep != 0) {
        const f = f32x4.splat(keep);
        s00 = f32x4.mul(f, v128.load(c0)); s01 = f32x4.mul(f, v128.load(c0, 16));
        s10 = f32x4.mul(f, v128.load(c1)); s11 = f32x4.mul(f, v128.load(c1, 16));
        s20 = f32x4.mul(f, v128.load(c2)); s21 = f32x4.mul(f, v128.load(c2, 16));
        s30 = f32x4.mul(f, v128.load(c3)); s31 = f32x4.mul(f, v128.load(c3, 16));
      }
      let a0 = a + <usize>i * down, a1 = a + i1 * down, a2 = a + i2 * down, a3 = a + i3 * down;
      let bk = b + j;
      for (let k = 0; k < inner; k++) {
        const b0 = v128.load(bk), b1 = v128.load(bk, 16);
        let x = v128.load32_splat(a0);
        s00 = f32x4.add(s00, f32x4.mul(x, b0));
        s01 = f32x4.add(s01, f32x4.mul(x, b1));
        x = v128.load32_splat(a1);
        s10 = f32x4.add(s10, f32x4.mul(x, b0));
        s11 = f32x4.add(s11, f32x4.mul(x, b1));
        x = v128.load32_splat(a2);
        s20 = f32x4.add(s20, f32x4.mul(x, b0));
        s21 = f32x4.add(s21, f32x4.mul(x, b1));
        x = v128.load32_splat(a3);
        s30 = f32x4.add(s30, f32x4.mul(x, b0));
        s31 = f32x4.add(s31, f32x4.mul(x, b1));
        bk += strideB; a0 += right; a1 += right; a2 += right; a3 += right;
      }
      v128.store(c0, s00); v128.store(c0, s01, 16);
      v128.store(c1, s10); v128.store(c1, s11, 16);
      v128.store(c2, s20); v128.store(c2, s21, 16);
      v128.store(c3, s30); v128.store(c3, s31, 16);
    }
  }
}

/** The sum of four lanes. */
// @ts-ignore: decorator
@inline
function total(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1))
    + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** C (rows, columns) = A Bᵀ: the products of A's rows with B's, `inner` numbers long each. */
export function products(c: usize, a: usize, b: usize, rows: i32, inner: i32, columns: i32,
  strideC: usize, strideA: usize, strideB: usize): void {
  const length = <usize>inner << 2;
  for (let i = 0; i < rows; i += 4) {
    const last = rows - 1;
    const i1 = <usize>min(i + 1, last), i2 = <usize>min(i + 2, last), i3 = <usize>min(i + 3, last);
    const a0 = a + <usize>i * strideA, a1 = a + i1 * strideA, a2 = a + i2 * strideA, a3 = a + i3 * strideA;
    for (let j = 0; j < columns; j += 2) {
      const j1 = <usize>min(j + 1, columns - 1);
      const b0 = b + <usize>j * strideB, b1 = b + j1 * strideB;
      let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00;
      let s20 = s00, s21 = s00, s30 = s00, s31 = s00;
      for (let k: usize = 0; k < length; k += 16) {
        const y0 = v128.load(b0 + k), y1 = v128.load(b1 + k);
        let x = v128.load(a0 + k);
        s00 = f32x4.add(s00, f32x4.mul(x, y0));
        s01 = f32x4.add(s01, f32x4.mul(x, y1));
        x = v128.load(a1 + k);
        s10 = f32x4.add(s10, f32x4.mul(x, y0));
        s11 = f32x4.add(s11, f32x4.mul(x, y1));
        x = v128.load(a2 + k);
        s20 = f32x4.add(s20, f32x4.mul(x, y0));
        s21 = f32x4.add(s21, f32x4.mul(x, y1));
        x = v128.load(a3 + k);
        s30 = f32x4.add(s30, f32x4.mul(x, y0));
        s31 = f32x4.add(s31, f32x4.mul(x, y1));
      }
      const at = c + (<usize>j << 2), to = c + (j1 << 2);
      f32.store(at + <usize>i * strideC, total(s00)); f32.store(to + <usize>i * strideC, total(s01));
      f32.store(at + i1 * strideC, total(s10)); f32.store(to + i1 * strideC, total(s11));
      f32.store(at + i2 * strideC, total(s20)); f32.store(to + i2 * strideC, total(s21));
      f32.store(at + i3 * strideC, total(s30)); f32.store(to + i3 * strideC, total(s31));
    }
  }
}

/** x · y, `length` numbers. */
export function dot(x: usize, y: usize, length: i32): f32 {
  let s = f32x4.splat(0);
  for (let k: usize = 0; k < <usize>length << 2; k += 16) {
    s = f32x4.add(s, f32x4.mul(v128.load(x + k), v128.load(y + k)));
  }
  return total(s);
}

/** The leaky ReLU of numbers plus one bias a row: x ← max(x + b, slope (x + b)). */
export function activate(x: usize, bias: usize, rows: i32, columns: i32, stride: usize, slope: f32): void {
  const s = f32x4.splat(slope);
  for (let i = 0; i < rows; i++) {
    const b = v128.load32_splat(bias + (<usize>i << 2));
    for (let k = x; k < x + (<usize>columns << 2); k += 16) {
      const y = f32x4.add(v128.load(k), b);
      v128.store(k, f32x4.max(y, f32x4.mul(s, y)));
    }
    x += stride;
  }
}

/** Back through the leaky ReLU: d ← slope d where its answer y is not above 0. */
export function bend(d: usize, y: usize, rows: i32, columns: i32, stride: usize, slope: f32): void {
  const s = f32x4.splat(slope), zero = f32x4.splat(0);
  for (let i = 0; i < rows; i++) {
    for (let k: usize = 0; k < <usize>columns << 2; k += 16) {
      const g = v128.load(d + k);
      v128.store(d + k, v128.bitselect(g, f32x4.mul(s, g), f32x4.gt(v128.load(y + k), zero)));
    }
    d += stride;
    y += stride;
  }
}

/** Householder: x ← x − τ (v · x) v for rows of a matrix, from one column on. */
export function reflect(x: usize, v: usize, rows: i32, length: i32, stride: usize, tau: f32): void {
  const bytes = <usize>length << 2;
  for (let i = 0; i < rows; i++) {
    let s = f32x4.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) s = f32x4.add(s, f32x4.mul(v128.load(x + k), v128.load(v + k)));
    const f = f32x4.splat(tau * total(s));
    for (let k: usize = 0; k < bytes; k += 16) {
      v128.store(x + k, f32x4.sub(v128.load(x + k), f32x4.mul(f, v128.load(v + k))));
    }
    x += stride;
  }
}

/** Adam: means of slopes d (`first`: how far they go there) and of their squares; d ← rate mean / (√(square · correction) + 1e-8). */
export function adapt(d: usize, mean: usize, square: usize, length: i32, first: f32, second: f32,
  rate: f32, correction: f32): void {
  const a = f32x4.splat(first), b = f32x4.splat(second), c = f32x4.splat(1 - second);
  const r = f32x4.splat(rate), k = f32x4.splat(correction), epsilon = f32x4.splat(1e-8);
  for (let i: usize = 0; i < <usize>length << 2; i += 16) {
    const g = v128.load(d + i);
    const before = v128.load(mean + i);
    const m = f32x4.add(before, f32x4.mul(a, f32x4.sub(g, before)));
    const s = f32x4.add(f32x4.mul(b, v128.load(square + i)), f32x4.mul(c, f32x4.mul(g, g)));
    v128.store(mean + i, m);
    v128.store(square + i, s);
    const scale = f32x4.add(f32x4.sqrt(f32x4.mul(s, k)), epsilon);
    v128.store(d + i, f32x4.mul(r, f32x4.div(m, scale)));
  }
}

/** x ← x − y. */
export function subtract(x: usize, y: usize, length: i32): void {
  for (let i: usize = 0; i < <usize>length << 2; i += 16) {
    v128.store(x + i, f32x4.sub(v128.load(x + i), v128.load(y + i)));
  }
}
