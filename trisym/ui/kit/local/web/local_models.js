/** Tells the page which models were trained in this browser: names, not weights. */
import { keptRuns } from "../../web/local_store.js";

const AGAIN_MS = 1000; // what is told while a page is about to run again may be lost
const MOST_TRIES = 20;

/** @typedef {{known: string[], asked: boolean, told: boolean}} Heard what the server has of this browser */
let calls = 0;

/** @returns {Promise<{name: string, title: string, loss: string, data: string, latent: number}[]>} */
async function modelsHere() {
  try {
    const runs = (await keptRuns()).filter(({ model }) => model);
    return runs.map(({ id, name, config }) => ({
      name: id, title: name, loss: config.loss, data: config.data.name,
      latent: config.network.kind === "autoencoder" ? config.network.latent : 1,
    }));
  } catch (error) {
    console.warn(error); // a browser that keeps nothing has no models to tell of
    return [];
  }
}

/** @param {{data: Heard, setStateValue: (name: string, value: unknown) => void}} component */
export default async function tellModels({ data, setStateValue }) {
  calls += 1;
  const call = calls;
  const models = await modelsHere();
  const ids = models.map(({ name }) => name).sort();
  if (ids.join() === data.known.join() && (data.told || !data.asked)) return;
  // Until the server has heard it, and calls again with what it knows then.
  for (let tries = 1; tries <= MOST_TRIES && call === calls; tries += 1) {
    setStateValue("models", { models, tries });
    await new Promise((done) => setTimeout(done, AGAIN_MS * tries));
  }
}
