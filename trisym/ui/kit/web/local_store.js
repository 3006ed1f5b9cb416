/**
 * Runs that were trained in this browser, in its IndexedDB: what is known of each, and its course, from
 * which one that was cut off goes on.
 *
 * @typedef {import("../../training/web/worker/trainer.js").TrainerState} TrainerState
 * @typedef {import("../../training/web/worker/trainer.js").TrainingRecord} TrainingRecord
 * @typedef {import("../../training/web/worker/schedule.js").FitConfig & Record<string, unknown>} RunConfig
 * @typedef {{id: string, name: string, config: RunConfig, created: string,
 *   status: import("../../training/web/worker/run.js").RunStanding, message: string, metrics: Record<string, number>,
 *   epochs: number, steps: number, seconds: number, pace: number, paused: boolean, changes: [number, number][],
 *   file: Uint8Array<ArrayBuffer> | null, model: import("./encoder.js").ModelPayload | null,
 *   sent: string}} LocalFacts
 *   pace: steps a second; paused: by the visitor; file: the .safetensors; model: as live views take it; sent: where to
 * @typedef {{id: string, state: TrainerState | null, frames: Uint8Array<ArrayBuffer>, count: number,
 *   records: TrainingRecord[]}} LocalCourse
 */

const DATABASE = "trisym";
const VERSION_OF_DATABASE = 1;
const FACTS = "runs";
const COURSES = "courses";

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((done, failed) => {
    const request = indexedDB.open(DATABASE, VERSION_OF_DATABASE);
    request.onupgradeneeded = () => {
      for (const name of [FACTS, COURSES]) request.result.createObjectStore(name, { keyPath: "id" });
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
    request.onblocked = () => failed(new Error("Another tab holds an older version."));
  });
}

/** @template T @param {IDBTransactionMode} mode @param {(store: (name: string) => IDBObjectStore) => IDBRequest<T>} ask
 * @returns {Promise<T>} once it is written */
async function inDatabase(mode, ask) {
  const database = await opened();
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction([FACTS, COURSES], mode);
      const request = ask((name) => transaction.objectStore(name));
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = () => failed(transaction.error);
      transaction.onerror = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** What is known of every run, the newest first. @returns {Promise<LocalFacts[]>} */
export async function keptRuns() {
  /** @type {LocalFacts[]} */
  const runs = await inDatabase("readonly", (store) => store(FACTS).getAll());
  return runs.sort((a, b) => (a.created < b.created ? 1 : -1));
}

/** @param {string} id @returns {Promise<LocalFacts | undefined>} */
export function keptRun(id) {
  return inDatabase("readonly", (store) => store(FACTS).get(id));
}

/** @param {string} id @returns {Promise<LocalCourse | undefined>} */
export function keptCourse(id) {
  return inDatabase("readonly", (store) => store(COURSES).get(id));
}

/** Both or neither. @param {LocalFacts} facts @param {LocalCourse | null} course none: as it was */
export async function keepRun(facts, course) {
  await inDatabase("readwrite", (store) => {
    if (course) store(COURSES).put(course);
    return store(FACTS).put(facts);
  });
}

/** @param {string} id */
export async function dropRun(id) {
  await inDatabase("readwrite", (store) => {
    store(COURSES).delete(id);
    return store(FACTS).delete(id);
  });
}
