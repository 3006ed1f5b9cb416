// Keys of the presenter's view: what each means, and that none is a live view's own.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { belongsTo, meaningOf, opens } from "../../trisym/ui/presenter/web/presenter_keys.js";

const ui = new URL("../../trisym/ui/", import.meta.url);

/** @param {string} key @param {Record<string, unknown>} more */
const press = (key, more = {}) =>
  /** @type {any} */ ({ key, code: "", shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("a lecturer's remote and the keyboard lead through the steps", () => {
  for (const key of ["PageDown", "k", "K"]) assert.deepEqual(meaningOf(press(key)), { act: "next" });
  for (const key of ["PageUp", "j"]) assert.deepEqual(meaningOf(press(key)), { act: "back" });
  assert.deepEqual(meaningOf(press("u")), { act: "reveal" });
  assert.deepEqual(meaningOf(press("Backspace")), { act: "reset" });
  assert.deepEqual(meaningOf(press("Home")), { act: "class" });
  assert.deepEqual(meaningOf(press(".")), { act: "black" });
  for (const key of ["l", "Escape"]) assert.deepEqual(meaningOf(press(key)), { act: "leave" });
});

test("digits are steps, on every layout; with Shift they are the view's", () => {
  assert.deepEqual(meaningOf(press("3", { code: "Digit3" })), { step: 3 });
  assert.deepEqual(meaningOf(press("7", { code: "Numpad7" })), { step: 7 });
  assert.deepEqual(meaningOf(press("é", { code: "Digit2" })), { step: 2 }); // AZERTY
  assert.deepEqual(meaningOf(press("2", { code: "Digit2", shiftKey: true })), { passed: "2" }); // AZERTY
  assert.deepEqual(meaningOf(press("@", { code: "Digit2", shiftKey: true })), { passed: "2" });
  assert.equal(meaningOf(press("0", { code: "Digit0" })), null);
});

test("letters in Cyrillic are those in their place; browsers keep their own shortcuts", () => {
  assert.deepEqual(meaningOf(press("г", { code: "KeyU" })), { act: "reveal" });
  for (const held of ["ctrlKey", "metaKey", "altKey"]) {
    for (const key of ["l", "PageDown", "1", "Home"]) assert.equal(meaningOf(press(key, { [held]: true })), null);
    assert.equal(opens(press("l", { [held]: true })), false);
  }
  assert.equal(opens(press("l")), true);
  assert.equal(opens(press("L", { shiftKey: true })), false);
  assert.equal(meaningOf(press("")), null);
});

test("no key of the presenter's but the digits and the pages is a live view's", () => {
  const folders = readdirSync(ui).filter((name) => !["kit", "presenter"].includes(name));
  const scripts = folders.flatMap((name) => {
    const folder = new URL(`${name}/web/`, ui);
    try {
      return readdirSync(folder).filter((file) => file.endsWith(".js"))
        .map((file) => readFileSync(new URL(file, folder), "utf8"));
    } catch {
      return []; // a page without a live view
    }
  });
  const tables = scripts.flatMap((text) => [...text.matchAll(/this\.acts\(\{[\s\S]*?\n {4}\}, \{(.*?)\}\);/g)]);
  const keys = tables.flatMap(([, table]) => [...table.matchAll(/"?([^\s",{}]+)"?: "/g)].map(([, key]) => key));
  assert.ok(keys.includes("t") && keys.includes("w") && keys.includes("0"), "the tables were found");
  for (const key of [...keys, "r", "m", "s", "v", "+", "-", " ", "?", "ArrowLeft"]) {
    assert.equal(meaningOf(press(key)), null, key);
  }
});

test("outside a browser there is no field, and none is taken for one", () => {
  globalThis.HTMLElement = /** @type {any} */ (class {});
  globalThis.HTMLInputElement = /** @type {any} */ (class extends globalThis.HTMLElement {});
  const input = (/** @type {string} */ type) =>
    Object.assign(new globalThis.HTMLInputElement(), { type, matches: () => false });
  for (const type of ["text", "number", "search", "password"]) {
    assert.equal(belongsTo(input(type), press("1")), true, type);
  }
  for (const type of ["range", "radio", "checkbox"]) assert.equal(belongsTo(input(type), press("1")), false, type);
  assert.equal(belongsTo(input("range"), press("Home")), true);
  const area = Object.assign(new globalThis.HTMLElement(), { matches: () => true });
  assert.equal(belongsTo(area, press("1")), true);
});
