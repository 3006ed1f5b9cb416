/** Answers and goals of lessons are judged as the library judges them; progress survives a reload. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { EXPECTED } from "./helpers.js";
import { isReached, judge, typedNumber } from "../../trisym/ui/lessons/web/judged.js";
import { keepProgress, progressOf } from "../../trisym/ui/lessons/web/progress.js";

test("answers are right or wrong as in Python", () => {
  const judged = EXPECTED.lessons.answers.map(({ accepted, given, plane }) => judge(accepted, given, plane));
  assert.deepEqual(judged, EXPECTED.lessons.answers.map(({ right }) => right));
  assert.deepEqual([...new Set(judged)].sort(), [false, null, true]);
});

test("goals are reached as in Python", () => {
  const reached = EXPECTED.lessons.goals.map(({ goal, amounts }) => isReached(goal, amounts));
  assert.deepEqual(reached, EXPECTED.lessons.goals.map(({ reached: each }) => each));
  assert.deepEqual([...new Set(reached)].sort(), [false, true]);
});

test("a number is read as people type it", () => {
  assert.deepEqual(["0,5", " 0.5 ", "−2", "+3", ".5", "5."].map(typedNumber), [0.5, 0.5, -2, 3, 0.5, 5]);
  for (const text of ["", "x", "1e5", "1.2.3", "0x10", "Infinity"]) assert.ok(Number.isNaN(typedNumber(text)), text);
});

test("progress is kept a lesson, the newest forty; damaged storage is an empty one", () => {
  /** @type {Map<string, string>} */
  const kept = new Map();
  Object.assign(globalThis, {
    localStorage: {
      getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
      setItem: (/** @type {string} */ name, /** @type {string} */ text) => kept.set(name, text),
    },
  });
  keepProgress("drift", { at: 3, steps: { guess: { given: "sides" } } });
  assert.deepEqual(progressOf("drift"), { at: 3, steps: { guess: { given: "sides" } } });
  assert.deepEqual(progressOf("other"), { at: 1, steps: {} });
  for (let i = 0; i < 50; i += 1) keepProgress(`own-${i}`, { at: 2, steps: {} });
  assert.equal(Object.keys(JSON.parse(kept.get("trisym:lessons") ?? "")).length, 40);
  assert.equal(progressOf("drift").at, 1);
  for (const text of ["{", "3", "null", '{"drift": {"at": "x"}}']) {
    kept.set("trisym:lessons", text);
    assert.deepEqual(progressOf("drift"), { at: 1, steps: {} }, text);
  }
});

test("where nothing can be stored, progress lasts as long as the page", () => {
  Object.assign(globalThis, {
    localStorage: {
      getItem() { throw new Error("shut"); },
      setItem() { throw new Error("shut"); },
    },
  });
  keepProgress("drift", { at: 4, steps: {} });
  assert.equal(progressOf("drift").at, 4);
});
