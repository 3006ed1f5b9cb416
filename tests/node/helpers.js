/** What the tests share: what Python expects, and closeness. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** Written by tests/node/expected.py. @type {any} */
export const EXPECTED = JSON.parse(readFileSync(process.env.TRISYM_EXPECTED ?? "", "utf-8"));

/** @param {any} found @param {any} wanted numbers, nested as deep as you like
 * @param {number} tolerance absolute @param {number} [relative] */
export function near(found, wanted, tolerance, relative = 0) {
  const [a, b] = [flat(found), flat(wanted)];
  assert.equal(a.length, b.length);
  a.forEach((value, i) => {
    const allowed = tolerance + relative * Math.abs(b[i]);
    assert.ok(Math.abs(value - b[i]) <= allowed, `${value} is not ${b[i]} within ${allowed} (at ${i})`);
  });
}

/** @param {any} numbers @returns {number[]} */
function flat(numbers) {
  return typeof numbers === "number" ? [numbers] : Array.from(numbers).flatMap((each) => flat(each));
}

/** Between the lowest and highest of sorted values (NumPy's linear quantile).
 * @param {number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

/** @param {number[]} values */
export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {() => number} random @param {number} n triangles in the unit cube */
export function triangles(random, n) {
  return Array.from({ length: n }, () => Array.from({ length: 9 }, random));
}
