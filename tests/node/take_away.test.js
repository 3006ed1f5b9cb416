/** What a browser writes into the files that are taken away: texts stay texts. */
import assert from "node:assert/strict";
import test from "node:test";

import { base64FromBytes, bytesFromBase64 } from "../../trisym/ui/kit/web/base64.js";
import { filledPage, frameOf } from "../../trisym/ui/kit/web/take_away.js";
import { savedPlaces } from "../../trisym/ui/training/web/frames.js";
import { withScene } from "../../trisym/ui/kit/web/notebook.js";

const HOSTILE = "</script><!-- $& $` \u2028 \" '";

test("a page's data can't end the element that they stand in, and are read back as they were", () => {
  const page = filledPage("<a>@hole@</a>", "@hole@", { name: HOSTILE });
  const [, json] = /^<a>(.*)<\/a>$/su.exec(page) ?? [];
  assert.ok(!json.includes("<"));
  assert.deepEqual(JSON.parse(json), { name: HOSTILE });
});

test("only the template's hole is filled, whatever the data say", () => {
  assert.equal(filledPage("@hole@|", "@hole@", "@hole@"), '"@hole@"|');
});

test("a frame's address and title are attributes", () => {
  const frame = frameOf('x?a=1&b="><b>', '"><i>', 700);
  assert.equal(frame.match(/"/g)?.length, 12); // six attributes, two quotes each
  assert.ok(frame.includes('src="x?a=1&amp;b=&quot;><b>"'));
  assert.ok(frame.includes('height="700"'));
});

test("a scene takes its cell, and no other", () => {
  const waiting = { nbformat: 4, cells: [{ id: "scene", source: "" }, { id: "cell-1", source: "1" }] };
  const { cells, nbformat } = withScene(waiting, { models: [HOSTILE] });
  const [, literal] = /^scene = json\.loads\((.*)\)$/su.exec(cells[0].source) ?? [];
  assert.deepEqual(JSON.parse(JSON.parse(literal)), { models: [HOSTILE] });
  assert.equal(cells[1].source, "1");
  assert.equal(nbformat, 4);
  assert.equal(waiting.cells[0].source, "");
});

test("bytes in several parts are one text", () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 256);
  const text = base64FromBytes([bytes.subarray(0, 1), bytes.subarray(1, 500), bytes.subarray(500)]);
  assert.deepEqual(bytesFromBase64(text), bytes);
});

test("a saved film keeps its ends, equal steps, and the frame that is shown", () => {
  assert.deepEqual(savedPlaces(3, 1), [0, 1, 2]);
  assert.deepEqual(savedPlaces(1, 0), [0]);
  for (const at of [0, 1, 57, 100, 194, 195]) {
    const places = savedPlaces(196, at);
    assert.equal(places.length, 48);
    assert.deepEqual([places[0], places.at(-1)], [0, 195]);
    assert.ok(places.includes(at));
    const steps = places.slice(1).map((place, i) => place - places[i]);
    assert.ok(steps.every((step) => step >= 1 && step <= 9), String(steps));
  }
});
