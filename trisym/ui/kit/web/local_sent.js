/** A run of this browser as the server takes it in (trisym/ui/kit/local/sent_run.py). */
import { base64FromBytes } from "./base64.js";

/** The model, its film and its history. @param {import("./local_store.js").LocalFacts} facts
 * @param {Uint8Array<ArrayBuffer>} file @param {{frames: Uint8Array<ArrayBuffer>, count: number,
 *   records: import("./local_store.js").TrainingRecord[]}} course */
export function sentRun({ id, status, changes }, file, { frames, count, records }) {
  const [model, film] = [base64FromBytes([file]), base64FromBytes([frames])];
  return { id, status, changes, records, count, model, frames: film };
}
