/**
 * Keys by what they write and then by where they are: "r" is R on every layout that has one, and the
 * key in R's place where letters are Cyrillic, Greek or Arabic; digits work on AZERTY without Shift.
 *
 * @typedef {[number, number, number]} Direction right, up, away
 * @typedef {{name: string, direction: Direction | null, shift: boolean, target: HTMLElement}} Press
 */

/** Where the keys push. @type {Record<string, Direction>} */
const DIRECTIONS = {
  ArrowLeft: [-1, 0, 0],
  ArrowRight: [1, 0, 0],
  ArrowUp: [0, 1, 0],
  ArrowDown: [0, -1, 0],
  PageUp: [0, 0, 1],
  PageDown: [0, 0, -1],
};
/** Signs that mean the same. @type {Record<string, string>} */
const SAME = { "=": "+", "−": "-", "؟": "?" };

/** The names a key may have, the likeliest first; none for a key event without a key (autofill) or
 * one that composes a letter. @param {{key?: string, code?: string, shiftKey: boolean,
 *   isComposing?: boolean}} event @returns {string[]} */
export function namesOf({ key, code = "", shiftKey, isComposing }) {
  if (!key || isComposing || key === "Dead" || key === "Process") return [];
  const written = key.length === 1 ? SAME[key] ?? key.toLowerCase() : key;
  const names = [written];
  const [, letter, digit] = /^(?:Key([A-Z])|(?:Digit|Numpad)(\d))$/.exec(code) ?? [];
  if (letter && key > "\u007f") names.push(letter.toLowerCase());
  if (digit && !shiftKey) names.push(digit);
  return names.filter((name, i) => names.indexOf(name) === i);
}

/** What a key may mean to a view, the likeliest first. @param {KeyboardEvent} event
 * @param {HTMLElement} target @returns {Press[]} */
export function pressesOf(event, target) {
  return namesOf(event).map((name) => (
    { name, direction: DIRECTIONS[name] ?? null, shift: event.shiftKey, target }));
}

/** Call for each key; what it answers with true goes no further: Streamlit has shortcuts of its own.
 * @param {HTMLElement} element @param {(press: Press) => boolean} react
 * @param {AbortSignal} signal */
export function listenToKeys(element, react, signal) {
  element.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return;
    if (target.matches("input, select, textarea")) return;
    if (!pressesOf(event, target).some(react)) return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal });
}
