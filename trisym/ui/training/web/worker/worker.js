/**
 * The worker's side of a training: messages in, steps, messages out. Between two slices of steps it looks
 * for messages, so that what is asked for holds within a few hundredths of a second.
 *
 * @typedef {{kind: "start", task: import("./run.js").Task, control: Partial<import("./run.js").Control>}
 *   | {kind: "steer", control: Partial<import("./run.js").Control>}
 *   | {kind: "save"}} Asked
 */
import { Run } from "./run.js";

/** @param {{postMessage(message: unknown, parts: ArrayBuffer[]): void, onmessage: unknown}} scope */
export default function serveTrainings(scope) {
  /** @type {Run | null} */
  let run = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const turn = new MessageChannel(); // sooner than a timeout, which waits 4 ms
  const tell = (/** @type {import("./run.js").Told} */ told) => {
    const parts = told.kind === "frame" ? [told.frame.buffer] : told.kind === "ended" && told.model ? [told.model.buffer] : [];
    scope.postMessage(told, parts);
  };
  const work = () => {
    clearTimeout(timer);
    if (!run) return;
    const wait = run.work();
    if (wait === 0) turn.port2.postMessage(null);
    else if (wait < Infinity) timer = setTimeout(work, wait);
  };
  turn.port1.onmessage = work;
  scope.onmessage = (/** @type {MessageEvent<Asked>} */ { data }) => {
    if (data.kind === "start") run = new Run(data.task, tell, () => performance.now());
    if (data.kind !== "save") run?.steer(data.control);
    if (data.kind === "save" && run && !run.over) run.save();
    work();
  };
}
