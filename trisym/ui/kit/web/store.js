/**
 * What outlives a rerun, a theme switch and a visit to another page: one object on globalThis, since
 * Streamlit takes a component's elements away and puts them back.
 *
 * @typedef {{root: HTMLElement, arrived: () => void, restart: () => void, refit: () => void,
 *   onKey: (press: import("./keyboard.js").Press) => boolean, lead: (what: string) => boolean,
 *   guessed: () => Guessed | null, showScene: (text: string) => void}} View a live view, as others see it
 * @typedef {{question: string, value: string | number | number[]}} Guessed a visitor's answer
 * @typedef {{question: string, guesses: unknown[] | null, revealed: boolean, count: number,
 *   people: number, code: string, leads: boolean, alone: boolean}} Room what a room tells of a lesson's
 *   question; alone: this visitor follows nobody now
 * @typedef {{changed: () => void}} Presenter who is told when views come and go
 * @typedef {{hide: readonly string[], highlight: readonly string[]}} Staged places (data-place) of the
 *   views that a lesson puts away and points at
 */

const VERSION = 4;
/** @type {Staged} */
const NO_LESSON = { hide: [], highlight: [] };

/** @returns {{version: number, kept: Map<string, {revision: string, value: unknown}>,
 *   arrivals: Map<string, Map<string, unknown>>, views: Set<View>, address: string,
 *   presenter: Presenter | null, staged: Staged, room: Room | null}} */
export function store() {
  const place = /** @type {{trisym?: ReturnType<typeof store>}} */ (globalThis);
  if (place.trisym?.version !== VERSION) {
    place.trisym = {
      version: VERSION, kept: new Map(), arrivals: new Map(), views: new Set(), address: "", presenter: null,
      staged: NO_LESSON, room: null,
    };
  }
  return place.trisym;
}

/**
 * What a view kept at this place of the page; another revision is another start.
 * @template T
 * @param {string} uid @param {string} revision @param {() => T} start
 * @returns {T}
 */
export function keep(uid, revision, start) {
  const { kept } = store();
  const known = kept.get(uid);
  if (known?.revision === revision) return /** @type {T} */ (known.value);
  const value = start();
  kept.set(uid, { revision, value });
  return value;
}

/** Forget what was kept at a place. @param {string} uid */
export function forget(uid) {
  const { kept } = store();
  for (const key of kept.keys()) if (key.startsWith(`${uid} `)) kept.delete(key);
}

/** What came in a message of its own, if it did. @param {string} kind @param {string} id
 * @returns {unknown} */
export function arrival(kind, id) {
  return store().arrivals.get(kind)?.get(id);
}

/** Keep the newest of a kind, and tell the views. @param {string} kind @param {string} id
 * @param {unknown} value @param {number} most */
export function arrive(kind, id, value, most) {
  const { arrivals, views } = store();
  const known = arrivals.get(kind) ?? new Map();
  arrivals.set(kind, known);
  known.delete(id);
  known.set(id, value);
  for (const oldest of known.keys()) {
    if (known.size <= most) break;
    known.delete(oldest);
  }
  for (const view of views) view.arrived();
}

/** Let every view put away and point at what a lesson names; without one, all is there.
 * @param {Staged} [staged] */
export function stage(staged = NO_LESSON) {
  const place = store();
  place.staged = staged;
  for (const view of place.views) view.refit();
}

/** Let every view know how the class stands; null without one. @param {Room | null} room */
export function tellOfRoom(room) {
  const place = store();
  place.room = room;
  for (const view of place.views) view.refit();
  place.presenter?.changed();
}
