// Who leads a room: a tab that asks to lead follows nobody until it is answered; no key is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RoomView } from "../../trisym/ui/room/web/room.js";

/** A view whose tab keeps that secret, and what it sends. @param {string | null} secret */
function asking(secret) {
  const view = Object.create(RoomView.prototype);
  /** @type {unknown[]} */
  const sent = [];
  view.claimed = "";
  view.send = (/** @type {unknown} */ what) => sent.push(what);
  globalThis.sessionStorage = /** @type {any} */ ({ getItem: () => secret });
  const claim = (/** @type {boolean} */ refused) => {
    view.component = { data: { code: "BCDF", refused } };
    view.claim();
    return view.claiming;
  };
  return { claim, sent };
}

test("it asks once, and waits however often the page runs meanwhile", () => {
  const { claim, sent } = asking("secret");
  assert.deepEqual([claim(false), claim(false)], [true, true]);
  assert.deepEqual(sent, [{ act: "lead", secret: "secret" }]);
});

test("refused, it follows, and does not ask again", () => {
  const { claim, sent } = asking("secret");
  assert.deepEqual([claim(false), claim(true), claim(true)], [true, false, false]);
  assert.equal(sent.length, 1);
});

test("who has no secret follows at once", () => {
  const { claim, sent } = asking(null);
  assert.equal(claim(false), false);
  assert.deepEqual(sent, []);
});

test("the answers are shown once there is news of the question, where they were asked for before", () => {
  const view = Object.create(RoomView.prototype);
  /** @type {unknown[]} */
  const sent = [];
  for (const other of ["apply", "sendGuess", "write"]) view[other] = () => {};
  Object.assign(view, { component: { data: { leads: true } }, news: null, send: (/** @type {unknown} */ what) => sent.push(what) });
  view.act("reveal");
  assert.deepEqual(sent, []);
  for (let news = 0; news < 2; news += 1) view.told({ question: "drift:guess" });
  assert.deepEqual(sent, [{ act: "reveal", question: "drift:guess" }]);
});
