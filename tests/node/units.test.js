/** Hidden units in the browser against torch: what each watches, what they add up to, and a film. */
import assert from "node:assert/strict";
import test from "node:test";
import { SideReading } from "../../trisym/ui/inside/web/side_reading.js";
import { lookedInto } from "../../trisym/ui/inside/web/looked_into.js";
import { float32FromBase64 } from "../../trisym/ui/kit/web/base64.js";
import { fromHalf, reelFrom } from "../../trisym/ui/inside/web/encoder_reel.js";
import { EXPECTED, near } from "./helpers.js";

const { units } = EXPECTED;

/** @param {SideReading} reading @param {any} row @param {number} tolerance */
function same(reading, row, tolerance) {
  assert.deepEqual([...reading.side], row.side);
  assert.deepEqual([...reading.watches], row.watches);
  assert.deepEqual([...reading.strong], row.strong);
  near(reading.places, row.places.flat(), tolerance);
  near(reading.share, row.share, tolerance);
  near(reading.load, row.load, tolerance);
  const found = units.inputs.map((/** @type {number[]} */ x) => reading.measure(x));
  near(found.map((/** @type {any} */ each) => each.sums), row.sums, tolerance);
  near(found.map((/** @type {any} */ each) => each.sides), row.sides, tolerance);
  const straight = units.inputs.map((/** @type {number[]} */ x) => reading.measure(x, false).sides);
  near(straight, row.straight, tolerance);
}

for (const row of units.rows) {
  test(`${row.name}: units, sums and sides are torch's, below 0 too`, () => {
    const { payload } = row;
    same(new SideReading(payload, float32FromBase64(payload.values), units.rule), row, 2e-5);
  });
}

for (const row of units.looked) {
  test(`${row.name}, looked into here: its sides and its sentence are the library's`, () => {
    const { id, title, triangles, model } = row;
    const found = lookedInto({ id, title, short: title, triangles, model }, units.rule);
    assert.equal(found.told, row.told);
    const reading = new SideReading(found, float32FromBase64(found.values), units.rule);
    assert.deepEqual([...reading.watches], row.watches);
    near(units.inputs.map((/** @type {number[]} */ x) => reading.measure(x).sides), row.sides, 1e-3);
  });
}

test("an encoder of another shape is refused by its title", () => {
  const [{ id, title, triangles, model }] = units.looked;
  const deep = { ...model, encoder: [...model.encoder, model.encoder[1]] };
  assert.throws(() => lookedInto({ id, title, short: title, triangles, model: deep }, units.rule), /one hidden layer/);
});

test("each moment of a film is what Python reads from the same bytes", () => {
  const reel = reelFrom(units.film.payload);
  assert.equal(reel.count, units.film.rows.length);
  units.film.rows.forEach((/** @type {any} */ row, /** @type {number} */ at) => {
    same(reel.reading(at, units.rule), row, 1e-6);
    const { epoch, step, sideError } = reel.numbersAt(at);
    near([epoch, step, sideError], units.film.numbers[at], 1e-6);
  });
  assert.deepEqual([...reel.freshAt(0)], []);
  assert.deepEqual([...reel.freshAt(1).keys()], [7]);
  assert.deepEqual([...reel.freshAt(2).keys()], [7, 8]);
  assert.ok(Number(reel.freshAt(2).get(7)) < Number(reel.freshAt(2).get(8)));
  assert.equal(reel.reading(1, units.rule), reel.reading(1, units.rule), "decoded once");
});

test("what units add adds up: pieces of a side are its sum", () => {
  const [{ payload }] = units.rows;
  const reading = new SideReading(payload, float32FromBase64(payload.values), units.rule);
  const { sums } = reading.measure(units.inputs[0]);
  const added = [0, 0, 0];
  for (let unit = 0; unit < reading.units; unit += 1) {
    if (reading.watches[unit]) added[reading.side[unit]] += reading.added(unit);
  }
  near(added, sums, 1e-12);
});

test("every kind of half", () => {
  const halves = [0x0000, 0x8000, 0x3c00, 0xc000, 0x3555, 0x0001, 0x03ff, 0x7bff, 0x7c00];
  const wanted = [0, -0, 1, -2, 0.333251953125, 2 ** -24, 1023 * 2 ** -24, 65504, Infinity];
  assert.deepEqual(halves.map(fromHalf), wanted);
  assert.ok(Number.isNaN(fromHalf(0x7e00)));
});
