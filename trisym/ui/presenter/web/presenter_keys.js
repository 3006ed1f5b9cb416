/**
 * What a key means in the presenter's view. Its keys are none of the live views', but for PageUp and
 * PageDown, which the remotes of lecturers send, and the digits, which a view gets with Shift.
 *
 * @typedef {"next" | "back" | "reveal" | "reset" | "class" | "black" | "leave" | "fullscreen"} Act
 * @typedef {{act: Act} | {step: number} | {passed: string}} Meaning an act, the number of a step, or
 *   a key that the live view gets
 */
import { namesOf } from "../../kit/web/keyboard.js";

export const ENTER = "l";
/** @type {Record<string, Act>} */
const ACTS = {
  PageDown: "next", k: "next",
  PageUp: "back", j: "back",
  u: "reveal",
  Backspace: "reset",
  Home: "class",
  ".": "black",
  l: "leave", Escape: "leave",
  f: "fullscreen",
};

/** @typedef {{key?: string, code?: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean,
 *   altKey: boolean, isComposing?: boolean}} Key */

/** Whether a key opens the presenter's view. @param {Key} event @returns {boolean} */
export function opens(event) {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey
    && namesOf(event).includes(ENTER);
}

/** @param {Key} event @returns {Meaning | null} none: the key is not the presenter's */
export function meaningOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const [, digit] = /^Digit([1-9])$/.exec(event.code ?? "") ?? [];
  if (event.shiftKey) return digit ? { passed: digit } : null;
  const names = namesOf(event);
  const number = digit ?? names.find((name) => /^[1-9]$/.test(name));
  if (number) return { step: Number(number) };
  const known = names.find((name) => Object.hasOwn(ACTS, name));
  return known ? { act: ACTS[known] } : null;
}

/** Whether keys write, or choose, where the focus is. @param {EventTarget | undefined} target
 * @param {Key} event @returns {boolean} */
export function belongsTo(target, event) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("select, textarea")) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  if (target.type !== "range") return !["radio", "checkbox", "button"].includes(target.type);
  return event.key === "Home"; // the least of a slider
}
