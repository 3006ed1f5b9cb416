/** Links, frames, keys, numbers and words: what needs no page. */
import assert from "node:assert/strict";
import test from "node:test";
import { LiveRegion } from "../../trisym/ui/kit/web/live_region.js";
import { Narrator } from "../../trisym/ui/symmetry/web/narrator.js";
import { verdict } from "../../trisym/ui/kit/web/verdict.js";
import { SymmetryScene } from "../../trisym/ui/symmetry/web/symmetry_scene.js";
import { decodeScene, encodeScene } from "../../trisym/ui/kit/web/link_codec.js";
import { fixed, numberFrom, signed, significant } from "../../trisym/ui/kit/web/numbers.js";
import { framesFromBase64, pointsOf } from "../../trisym/ui/training/web/frames.js";
import { namesApart } from "../../trisym/ui/training/web/film_curves.js";
import { namesOf } from "../../trisym/ui/kit/web/keyboard.js";
import { turnAbout } from "../../trisym/ui/kit/web/geometry.js";
import { EXPECTED, near } from "./helpers.js";

EXPECTED.links.forEach((/** @type {any} */ { layout, text, values }, /** @type {number} */ i) => {
  test(`link ${i}: the browser writes and reads what Python does`, () => {
    assert.equal(encodeScene(layout, values), text);
    const found = decodeScene(layout, text);
    for (const name of Object.keys(values)) assert.deepEqual(found[name], values[name]);
  });
});

for (const { nodes, packed, numbers, placed } of EXPECTED.frames) {
  test(`frames of ${nodes} nodes are those that Python packed`, () => {
    const [frame, again] = framesFromBase64(packed, 2);
    assert.deepEqual(frame, again);
    const { epoch, step, seconds, training, validation, sideError, spread, rate } = frame;
    const { answers: { translation, rotation, strain }, spectrum } = frame;
    assert.deepEqual([epoch, step, seconds, training, validation, sideError, spread, rate,
      translation, rotation, strain, ...spectrum], numbers);
    const points = pointsOf(frame, nodes);
    const wanted = placed.flatMap((/** @type {number[]} */ p) => [p[0], p[1] ?? 0, p[2] ?? 0]);
    near(points, wanted, 2e-4); // one part in 65,535 of the range, in spreads
  });
}

/** @param {string} key @param {string} code @param {boolean} [shiftKey] */
const names = (key, code, shiftKey = false) => namesOf({ key, code, shiftKey });

const KEYS = /** @type {[string, string[], string][]} */ ([
  ["a letter", names("r", "KeyR"), "r"],
  ["with caps lock", names("R", "KeyR"), "r"],
  ["Cyrillic к", names("к", "KeyR"), "r"],
  ["Greek ρ", names("ρ", "KeyR"), "r"],
  ["Arabic ق", names("ق", "KeyR"), "r"],
  ["AZERTY's & in the place of 1", names("&", "Digit1"), "1"],
  ["AZERTY's é in the place of 2", names("é", "Digit2"), "2"],
  ["an Arabic digit", names("٣", "Digit3"), "3"],
  ["the number pad", names("1", "Numpad1"), "1"],
  ["a true minus", names("−", "Minus"), "−".replace("−", "-")],
  ["= is + without Shift", names("=", "Equal"), "+"],
  ["an Arabic question mark", names("؟", "Slash", true), "?"],
]);
for (const [about, found, wanted] of KEYS) {
  test(`keys: ${about}`, () => assert.ok(found.includes(wanted), found.join()));
}

test("keys: what AZERTY writes comes before where it is written", () => {
  assert.deepEqual(names("a", "KeyQ"), ["a"]);
  assert.deepEqual(names("-", "Digit6")[0], "-");
  assert.ok(!names("!", "Digit1", true).includes("1"), "with Shift it is another sign");
});

test("keys: an event without a key, or one that composes a letter, means nothing", () => {
  assert.deepEqual(names("", ""), []);
  assert.deepEqual(namesOf({ shiftKey: false }), []);
  assert.deepEqual(names("Dead", "KeyR"), []);
  assert.deepEqual(namesOf({ key: "r", code: "KeyR", shiftKey: false, isComposing: true }), []);
});

test("numbers have a true minus and no negative zero", () => {
  assert.deepEqual([-0.5, -0.0001, 1.23456].map((value) => fixed(value)), ["−0.500", "0.000", "1.235"]);
  assert.deepEqual([-0.5, -0.0001, 2].map((value) => signed(value)), ["−0.500", "+0.000", "+2.000"]);
  assert.deepEqual([0, 0.01234, 1234.5].map(significant), ["0", "0.012", "1235"]);
  assert.deepEqual(["0,5", " .25 ", "", "x"].map(numberFrom), [0.5, 0.25, NaN, NaN]);
});

const VERDICTS = /** @type {[number | null, number, string][]} */ ([
  [null, 0.3, "new shape"], [0, 0, "not moved yet"], [0.003, 0.02, "stayed put"],
  [0.049, 0.1, "stayed put"], [0.003, 0.9, "came back"], [0.1, 0.1, "drifted"], [0.8, 0.8, "moved"],
]);
for (const [drift, largest, word] of VERDICTS) {
  test(`a drift of ${drift}, the largest ${largest}: ${word}`, () => {
    assert.equal(verdict(drift, largest).word, word);
  });
}

test("the narrator tells the turn, once", () => {
  const scene = new SymmetryScene({ pose: [0.3, 0.3, 0.3, 0.8, 0.4, 0.3, 0.4, 0.7, 0.5] });
  const narrator = new Narrator(scene);
  for (let i = 0; i < 24; i += 1) scene.rotate(turnAbout([0, 0, 1], (5 * Math.PI) / 180));
  const track = /** @type {any} */ ({ network: { title: "sides" }, drift: 0.003, largest: 0.01 });
  assert.deepEqual([narrator.end(scene, [track]), narrator.end(scene, [track])],
    ["Rotated 120°. Latent point: sides stayed put (0.003).", ""]);
});

/** As much of an element as the live region touches. */
class Paragraph {
  textContent = "";
  className = "";
  setAttribute() {}
  remove() {}
  /** @param {Paragraph} next */
  after(next) {
    this.next = next;
  }
}

test("a live region speaks at most once in 5 s, and in the end says how things ended", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1e6 });
  Object.assign(globalThis, { document: { createElement: () => new Paragraph() } });
  const seen = new Paragraph();
  const region = new LiveRegion(/** @type {any} */ (seen));
  const spoken = () => seen.next?.textContent;
  region.say("first");
  context.mock.timers.tick(0);
  assert.equal(spoken(), "first");
  for (const sentence of ["second", "third", "last"]) {
    context.mock.timers.tick(1000);
    region.say(sentence);
    assert.deepEqual([seen.textContent, spoken()], [sentence, "first"], "seen at once, not yet spoken");
  }
  context.mock.timers.tick(2000);
  assert.equal(spoken(), "last");
});

test("names of lines stand on them, and above one another where they would meet", () => {
  assert.deepEqual(namesApart([40, 200], 18), [40, 200]);
  assert.deepEqual(namesApart([195, 200], 18), [182, 200]);
  assert.deepEqual(namesApart([200, 195, 190], 18), [200, 182, 164]);
  assert.deepEqual(namesApart([], 18), []);
});
