/** One whole run as a worker does it, for Python to look at: `node a_training.js CONFIG BOUNDS VALUES`,
 * JSON each, prints its model, film and history, and what the page's form says of values. */
import { Run } from "../../trisym/ui/training/web/worker/run.js";
import { base64FromBytes } from "../../trisym/ui/kit/web/base64.js";
import { faultOf } from "../../trisym/ui/training/web/checks.js";

const [config, bounds, values] = process.argv.slice(2).map((text) => JSON.parse(text));
/** @type {any[]} */
const told = [];
const task = { id: "here-0123abcd", name: "Größe 三", config, agent: "node", version: "0.0", saved: null };
const run = new Run(task, (message) => told.push(message), () => performance.now());
while (run.work() < Infinity);
const of = (/** @type {string} */ kind) => told.filter((message) => message.kind === kind);
const [ended] = of("ended");
const kept = of("frame").filter(({ keep }) => keep);
const answer = {
  ...ended, model: base64FromBytes([ended.model]), count: kept.length,
  frames: base64FromBytes(kept.map(({ frame }) => frame)), records: of("record").map(({ record }) => record),
  standings: of("standing").map(({ status }) => status),
  faults: values.map((/** @type {[string, number]} */ [name, value]) => faultOf(name, value, bounds)),
};
console.log(JSON.stringify(answer));
