/** Tells the page which models were trained in this browser: names, not weights. */
import { keptRuns } from "../../web/local_store.js";

/** @param {{data: {known: string[], asked: boolean}, setStateValue: (name: string, value: unknown) => void}} component */
export default async function tellModels({ data, setStateValue }) {
  try {
    const runs = (await keptRuns()).filter(({ model }) => model);
    const ids = runs.map(({ id }) => id).sort();
    if (ids.join() === data.known.join() && !data.asked) return;
    setStateValue("models", runs.map(({ id, name, config }) => ({
      name: id, title: name, loss: config.loss, data: config.data.name,
      latent: config.network.kind === "autoencoder" ? config.network.latent : 1,
    })));
  } catch (error) {
    console.warn(error); // a browser that keeps nothing has no models to tell of
    if (data.asked) setStateValue("models", []);
  }
}
