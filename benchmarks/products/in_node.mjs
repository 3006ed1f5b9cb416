/** Prints what a step takes in each way that node has, in milliseconds, as one line of JSON. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { medianStep, numbers, tfjsStep } from "./steps.js";
import { Descent, Weights } from "../../trisym/ui/training/web/worker/network.js";
import { Workspace } from "../../trisym/ui/training/web/worker/workspace.js";

const { folder, batch, seconds } = JSON.parse(process.argv[2]);
const NETWORK = {
  kind: "autoencoder", hidden: [256], latent: 3, vertices: 3, activation: "leaky-relu", slope: 0.3, input_activation: true,
};

/** @param {boolean} vectors */
function ourStep(vectors) {
  const workspace = new Workspace(vectors);
  const [weights, gradients] = [new Weights(workspace, NETWORK), new Weights(workspace, NETWORK)];
  const descent = new Descent(workspace, NETWORK, weights, gradients, batch);
  workspace.commit();
  weights.fillFrom(weights.shapes.map(({ rows, columns }) => numbers(rows * columns)));
  const [inputs, slope] = [numbers(9 * batch), numbers(9 * batch)];
  return medianStep(() => {
    descent.take(inputs, null, 0, batch);
    descent.forward();
    descent.outputSlope.fillFrom(slope);
    descent.backward();
  }, seconds);
}

const tfjs = createRequire(join(folder, "package.json"));
const tf = tfjs("@tensorflow/tfjs"); // with its gradients, and its backend `cpu`
tfjs("@tensorflow/tfjs-backend-wasm");

const found = {
  "ours: WebAssembly's vectors": await ourStep(true),
  "ours: plain loops": await ourStep(false),
  "tfjs cpu": await tfjsStep(tf, { backend: "cpu", batch, seconds }),
  "tfjs wasm": await tfjsStep(tf, { backend: "wasm", batch, seconds }),
};
console.log(JSON.stringify(found));
