/**
 * How far a visitor is in each lesson, in the browser's own storage: it survives a reload and needs no
 * account. Where storage is shut (a frame of another site), it lasts as long as the page.
 *
 * @typedef {string | number | [number, number]} Answer
 * @typedef {{given?: Answer, done?: boolean}} StepProgress
 * @typedef {{at: number, steps: Record<string, StepProgress>}} LessonProgress
 */

const PLACE = "trisym:lessons";
const MOST_LESSONS = 40; // those of links too; the oldest go first

/** @type {string | null} what is kept where nothing can be stored */
let unstored = null;

/** @returns {Record<string, LessonProgress>} */
function everyLesson() {
  try {
    const found = JSON.parse(localStorage.getItem(PLACE) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return JSON.parse(unstored ?? "{}");
  }
}

/** @param {Record<string, LessonProgress>} known */
function storeLessons(known) {
  const names = Object.keys(known);
  for (const name of names.slice(0, Math.max(0, names.length - MOST_LESSONS))) delete known[name];
  unstored = JSON.stringify(known);
  try {
    localStorage.setItem(PLACE, unstored);
  } catch {
    // Storage is shut or full: kept until the page is left.
  }
}

/** @param {string} lesson @returns {LessonProgress} */
export function progressOf(lesson) {
  const found = everyLesson()[lesson];
  const sound = found && Number.isInteger(found.at) && found.steps && typeof found.steps === "object";
  return sound ? found : { at: 1, steps: {} };
}

/** @param {string} lesson @param {LessonProgress} progress */
export function keepProgress(lesson, progress) {
  const known = everyLesson();
  delete known[lesson]; // the newest last
  storeLessons({ ...known, [lesson]: progress });
}
