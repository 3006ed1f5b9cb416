/**
 * Whether an answer is right, and whether a goal is reached, as trisym/lessons/lesson.py says it.
 *
 * @typedef {import("./progress.js").Answer} Answer
 * @typedef {{equals?: string | null, from?: number, to?: number, near?: number}} Accepted
 * @typedef {{event: string, atLeast: number | null, atMost: number | null, total: boolean}} Goal
 */

/** @param {Accepted} accepted @param {Answer} given
 * @param {{after: [number, number], spread: number} | null} plane
 * @returns {boolean | null} null where nothing is right or wrong */
export function judge(accepted, given, plane) {
  if (Array.isArray(given)) {
    if (!plane || accepted.near === undefined) return null;
    const away = Math.hypot(given[0] - plane.after[0], given[1] - plane.after[1]);
    return away <= accepted.near * plane.spread;
  }
  if (typeof given === "number") return given >= (accepted.from ?? -Infinity) && given <= (accepted.to ?? Infinity);
  return accepted.equals ? given === accepted.equals : null;
}

/** @param {Goal} goal @param {number[]} amounts told since the step began */
export function isReached(goal, amounts) {
  const values = goal.total && amounts.length ? [amounts.reduce((sum, each) => sum + each, 0)] : amounts;
  return values.some((value) => (goal.atLeast === null || value >= goal.atLeast)
    && (goal.atMost === null || value <= goal.atMost));
}

/** A number as people type it: 0,5 and 0.5. @param {string} text @returns {number} NaN for none */
export function typedNumber(text) {
  const plain = text.trim().replace(",", ".").replace("−", "-");
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
}
