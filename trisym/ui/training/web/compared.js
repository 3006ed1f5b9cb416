/** Runs of this browser that are drawn as thin lines over whatever film is shown.
 *
 * @typedef {import("../../kit/web/local_store.js").LocalCourse} LocalCourse
 */
import { curveOf } from "./frames.js";
import { framesOf, runningHere } from "./local_run.js";
import { keptCourse } from "../../kit/web/local_store.js";

const CHANGED = "trisym-compared";

/** Epochs, seconds and side errors by the runs' ids. @returns {Map<string, number[][]>} */
export function compared() {
  const place = /** @type {{trisymCompared?: Map<string, number[][]>}} */ (globalThis);
  return (place.trisymCompared ??= new Map());
}

/** Draw a run's curve, or no longer. @param {string} id @param {boolean} on */
export async function compare(id, on) {
  const frames = on ? (runningHere(id)?.frames ?? framesOf(await keptCourse(id))) : [];
  if (on) compared().set(id, curveOf(frames));
  else compared().delete(id);
  globalThis.dispatchEvent(new Event(CHANGED));
}

/** @param {() => void} tell when other runs are compared @param {AbortSignal} signal */
export function whenCompared(tell, signal) {
  globalThis.addEventListener(CHANGED, tell, { signal });
}
